-- A file with users, and how far it has been imported. It is received in batches, and a batch that has been imported is
-- gone. The node that works on it holds a lease: a random value, and the moment from which another may take over.
CREATE TABLE user_imports (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    importer_account_id BLOB,
    importer_id BLOB,
    format TEXT NOT NULL CHECK (format IN ('ndjson', 'csv')),
    header TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('receiving', 'queued', 'running', 'done', 'failed')),
    failure TEXT,
    total_lines INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed_lines INTEGER NOT NULL,
    lease_holder BLOB,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (importer_account_id, importer_id) REFERENCES users (account_id, id) ON DELETE SET NULL
) STRICT;
CREATE INDEX user_imports_status ON user_imports (status, created_at);
CREATE INDEX user_imports_importer ON user_imports (importer_account_id, importer_id);

-- The records that wait, sealed: they hold password hashes and secrets of authenticator apps.
CREATE TABLE user_import_batches (
    account_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    sealed_records BLOB NOT NULL,
    PRIMARY KEY (account_id, import_id, number),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
) STRICT;

-- Lines that could not be imported, and why.
CREATE TABLE user_import_errors (
    account_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (account_id, import_id, line),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
) STRICT;

-- What an imported user's record said, as a digest: the same record, imported again, changes nothing.
CREATE TABLE imported_users (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    record_digest BLOB NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
