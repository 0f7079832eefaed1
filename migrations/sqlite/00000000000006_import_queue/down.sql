DROP INDEX imported_users_check;
ALTER TABLE imported_users DROP COLUMN check_milliseconds;
DROP TABLE user_import_queue;
CREATE TABLE former_user_imports (
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
INSERT INTO former_user_imports
    SELECT account_id, id, importer_account_id, importer_id, format, header, status, failure, total_lines, imported, unchanged,
        failed_lines, NULL, NULL, created_at, finished_at
    FROM user_imports WHERE status <> 'cancelled';
DELETE FROM user_import_errors WHERE (account_id, import_id) NOT IN (SELECT account_id, id FROM former_user_imports);
DROP TABLE user_imports;
ALTER TABLE former_user_imports RENAME TO user_imports;
CREATE INDEX user_imports_status ON user_imports (status, created_at);
CREATE INDEX user_imports_importer ON user_imports (importer_account_id, importer_id);
