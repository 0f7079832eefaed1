-- A file with users, and how far it has been imported. It is received in batches, and a batch that has been imported is
-- gone. The node that works on it holds a lease: a random value, and the moment from which another may take over.
CREATE TABLE user_imports (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    importer_account_id uuid,
    importer_id uuid,
    format TEXT NOT NULL CHECK (format IN ('ndjson', 'csv')),
    header TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('receiving', 'queued', 'running', 'done', 'failed')),
    failure TEXT,
    total_lines bigint NOT NULL,
    imported bigint NOT NULL,
    unchanged bigint NOT NULL,
    failed_lines bigint NOT NULL,
    lease_holder bytea,
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (importer_account_id, importer_id) REFERENCES users (account_id, id) ON DELETE SET NULL
);
CREATE INDEX user_imports_status ON user_imports (status, created_at);
CREATE INDEX user_imports_importer ON user_imports (importer_account_id, importer_id);

-- The records that wait, sealed: they hold password hashes and secrets of authenticator apps.
CREATE TABLE user_import_batches (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    number bigint NOT NULL,
    sealed_records bytea NOT NULL,
    PRIMARY KEY (account_id, import_id, number),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
);

-- Lines that could not be imported, and why.
CREATE TABLE user_import_errors (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line bigint NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (account_id, import_id, line),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
);

-- What an imported user's record said, as a digest: the same record, imported again, changes nothing.
CREATE TABLE imported_users (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    record_digest bytea NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
