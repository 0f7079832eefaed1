-- Who is suspended keeps suspended_at while waiting for delete_at, so that an undone deletion leads back there. From
-- purge_started_at on nothing is undone. name_key is the name as it is searched; an empty one is still to be derived, and
-- the program does so when it starts.
ALTER TABLE accounts DROP CONSTRAINT accounts_status_check;
ALTER TABLE accounts ADD CONSTRAINT accounts_status_check CHECK (status IN ('active', 'suspended', 'deleting'));
ALTER TABLE accounts ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN suspended_at timestamptz;
ALTER TABLE accounts ADD COLUMN delete_at timestamptz;
ALTER TABLE accounts ADD COLUMN purge_started_at timestamptz;
ALTER TABLE accounts ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE accounts ALTER COLUMN name_key DROP DEFAULT;
ALTER TABLE accounts ALTER COLUMN version DROP DEFAULT;
-- Sorted byte by byte, as on SQLite; this is also what makes the unique index answer for a range.
ALTER TABLE accounts ALTER COLUMN slug TYPE TEXT COLLATE "C";
CREATE INDEX accounts_status ON accounts (status, id);
CREATE INDEX accounts_name ON accounts (name_key, id);
CREATE INDEX accounts_due ON accounts (delete_at);

-- How many users an account has, and how many its plan allows (null: as many as it likes). Beside the account, so that who
-- adds users waits for others who do, and for nobody else.
CREATE TABLE user_quotas (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    max_users bigint CHECK (max_users >= 0),
    user_count bigint NOT NULL CHECK (user_count >= 0)
);
INSERT INTO user_quotas (account_id, user_count)
SELECT id, (SELECT count(*) FROM users WHERE users.account_id = accounts.id) FROM accounts;
