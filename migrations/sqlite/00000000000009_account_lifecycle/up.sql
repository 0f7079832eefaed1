-- Who is suspended keeps suspended_at while waiting for delete_at, so that an undone deletion leads back there. From
-- purge_started_at on nothing is undone. name_key is the name as it is searched; an empty one is still to be derived, and
-- the program does so when it starts.
CREATE TABLE new_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'deleting')),
    created_at INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    suspended_at INTEGER,
    delete_at INTEGER,
    purge_started_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
INSERT INTO new_accounts (id, slug, name, status, created_at, name_key, version)
SELECT id, slug, name, status, created_at, '', 1 FROM accounts;
DROP TABLE accounts;
ALTER TABLE new_accounts RENAME TO accounts;
CREATE INDEX accounts_status ON accounts (status, id);
CREATE INDEX accounts_name ON accounts (name_key, id);
CREATE INDEX accounts_due ON accounts (delete_at);

-- How many users an account has, and how many its plan allows (null: as many as it likes). Beside the account, so that who
-- adds users waits for others who do, and for nobody else.
CREATE TABLE user_quotas (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    max_users INTEGER CHECK (max_users >= 0),
    user_count INTEGER NOT NULL CHECK (user_count >= 0)
) STRICT;
INSERT INTO user_quotas (account_id, user_count)
SELECT id, (SELECT count(*) FROM users WHERE users.account_id = accounts.id) FROM accounts;
