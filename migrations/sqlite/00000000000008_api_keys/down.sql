DROP TABLE user_import_keys;
ALTER TABLE imported_users DROP COLUMN importer_key;
ALTER TABLE imported_users DROP COLUMN importer_key_account;
ALTER TABLE activations DROP COLUMN issuer_key;
ALTER TABLE activations DROP COLUMN issuer_key_account;
DROP TABLE api_key_secrets;
DROP TABLE api_key_permissions;
DROP TABLE api_keys;
