DROP INDEX imported_users_check;
ALTER TABLE imported_users DROP COLUMN check_milliseconds;
ALTER TABLE user_imports ADD COLUMN lease_holder bytea;
ALTER TABLE user_imports ADD COLUMN lease_until timestamptz;
DROP TABLE user_import_queue;
ALTER TABLE user_imports DROP COLUMN errors_not_kept;
DELETE FROM user_imports WHERE status = 'cancelled';
ALTER TABLE user_imports DROP CONSTRAINT user_imports_status_check;
ALTER TABLE user_imports ADD CONSTRAINT user_imports_status_check
    CHECK (status IN ('receiving', 'queued', 'running', 'done', 'failed'));
