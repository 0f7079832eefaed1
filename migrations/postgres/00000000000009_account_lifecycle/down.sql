DROP TABLE user_quotas;
DROP INDEX accounts_due;
DROP INDEX accounts_name;
DROP INDEX accounts_status;
ALTER TABLE accounts ALTER COLUMN slug TYPE TEXT COLLATE "default";
ALTER TABLE accounts DROP COLUMN version;
ALTER TABLE accounts DROP COLUMN purge_started_at;
ALTER TABLE accounts DROP COLUMN delete_at;
ALTER TABLE accounts DROP COLUMN suspended_at;
ALTER TABLE accounts DROP COLUMN name_key;
-- An older program knows no other state.
UPDATE accounts SET status = 'active';
ALTER TABLE accounts DROP CONSTRAINT accounts_status_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_status_check CHECK (status IN ('active'));
