DROP TABLE user_quotas;
CREATE TABLE new_accounts (
    id BLOB NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active')),
    created_at INTEGER NOT NULL
) STRICT;
-- An older program knows no other state.
INSERT INTO new_accounts (id, slug, name, status, created_at) SELECT id, slug, name, 'active', created_at FROM accounts;
DROP TABLE accounts;
ALTER TABLE new_accounts RENAME TO accounts;
