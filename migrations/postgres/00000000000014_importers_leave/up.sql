-- Whoever imported a user is named also when they are gone: they may know the password, and grant nothing any more. With a
-- foreign key one deletion would write to all whom they imported.
ALTER TABLE imported_users DROP CONSTRAINT imported_users_importer_account_id_importer_user_id_fkey;
DROP INDEX imported_users_importer;
ALTER TABLE imported_users RENAME COLUMN importer_account_id TO importer_account;
ALTER TABLE imported_users RENAME COLUMN importer_user_id TO importer;
