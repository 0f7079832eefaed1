DROP TABLE imported_users;
DROP TABLE user_import_errors;
DROP TABLE user_import_batches;
DROP TABLE user_imports;
