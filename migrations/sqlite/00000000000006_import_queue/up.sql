-- Files that are to be imported, until they are done. The account with the lowest turn is next, and goes to the end when one
-- of its files is worked on; place tells which of its files came first. attempts: how often somebody began with the records
-- that are first now. The node that works on a file holds its lease: a random value, and the moment from which another may
-- take over.
CREATE TABLE user_import_queue (
    account_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    turn INTEGER NOT NULL,
    place INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lease_holder BLOB,
    lease_until INTEGER,
    PRIMARY KEY (account_id, import_id),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX user_import_queue_turn ON user_import_queue (turn, place);
INSERT INTO user_import_queue
    SELECT account_id, id, 0, row_number() OVER (ORDER BY created_at, id), 0, lease_holder, lease_until
    FROM user_imports WHERE status IN ('queued', 'running');

-- An import can be cancelled, and tells how many of its errors were not kept. Who works on it stands in the queue now.
CREATE TABLE changed_user_imports (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    importer_account_id BLOB,
    importer_id BLOB,
    format TEXT NOT NULL CHECK (format IN ('ndjson', 'csv')),
    header TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('receiving', 'queued', 'running', 'done', 'failed', 'cancelled')),
    failure TEXT,
    total_lines INTEGER NOT NULL,
    imported INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed_lines INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    errors_not_kept INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (importer_account_id, importer_id) REFERENCES users (account_id, id) ON DELETE SET NULL
) STRICT;
INSERT INTO changed_user_imports
    SELECT account_id, id, importer_account_id, importer_id, format, header, status, failure, total_lines, imported, unchanged,
        failed_lines, created_at, finished_at, 0
    FROM user_imports;
DROP TABLE user_imports;
ALTER TABLE changed_user_imports RENAME TO user_imports;
CREATE INDEX user_imports_status ON user_imports (status, created_at);
CREATE INDEX user_imports_importer ON user_imports (importer_account_id, importer_id);

-- About how many milliseconds it takes to check a password against the hash that was imported, where that is long. Gone
-- with the hash.
ALTER TABLE imported_users ADD COLUMN check_milliseconds INTEGER;
CREATE INDEX imported_users_check ON imported_users (check_milliseconds) WHERE check_milliseconds IS NOT NULL;
