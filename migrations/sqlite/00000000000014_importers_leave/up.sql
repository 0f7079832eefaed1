-- Whoever imported a user is named also when they are gone: they may know the password, and grant nothing any more. With a
-- foreign key one deletion would write to all whom they imported.
CREATE TABLE changed_imported_users (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    record_digest BLOB NOT NULL,
    importer_account BLOB,
    importer BLOB,
    check_milliseconds INTEGER,
    importer_key_account BLOB,
    importer_key BLOB,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO changed_imported_users
    SELECT account_id, user_id, record_digest, importer_account_id, importer_user_id, check_milliseconds, importer_key_account,
        importer_key
    FROM imported_users;
DROP TABLE imported_users;
ALTER TABLE changed_imported_users RENAME TO imported_users;
CREATE INDEX imported_users_check ON imported_users (check_milliseconds) WHERE check_milliseconds IS NOT NULL;
