CREATE TABLE former_imported_users (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    record_digest BLOB NOT NULL,
    importer_account_id BLOB,
    importer_user_id BLOB,
    check_milliseconds INTEGER,
    importer_key_account BLOB,
    importer_key BLOB,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (importer_account_id, importer_user_id) REFERENCES users (account_id, id) ON DELETE SET NULL
) STRICT;
UPDATE imported_users
    SET importer_account = account_id, importer = user_id, importer_key_account = NULL, importer_key = NULL
    WHERE importer IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM users
        WHERE users.account_id = imported_users.importer_account AND users.id = imported_users.importer
    );
INSERT INTO former_imported_users
    SELECT account_id, user_id, record_digest, importer_account, importer, check_milliseconds, importer_key_account,
        importer_key
    FROM imported_users;
DROP TABLE imported_users;
ALTER TABLE former_imported_users RENAME TO imported_users;
CREATE INDEX imported_users_importer ON imported_users (importer_account_id, importer_user_id);
CREATE INDEX imported_users_check ON imported_users (check_milliseconds) WHERE check_milliseconds IS NOT NULL;
