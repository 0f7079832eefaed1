ALTER TABLE imported_users RENAME COLUMN importer_account TO importer_account_id;
ALTER TABLE imported_users RENAME COLUMN importer TO importer_user_id;
UPDATE imported_users AS record
    SET importer_account_id = record.account_id, importer_user_id = record.user_id, importer_key_account = NULL, importer_key = NULL
    WHERE record.importer_user_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM users WHERE users.account_id = record.importer_account_id AND users.id = record.importer_user_id
    );
CREATE INDEX imported_users_importer ON imported_users (importer_account_id, importer_user_id);
ALTER TABLE imported_users ADD CONSTRAINT imported_users_importer_account_id_importer_user_id_fkey
    FOREIGN KEY (importer_account_id, importer_user_id) REFERENCES users (account_id, id) ON DELETE SET NULL;
