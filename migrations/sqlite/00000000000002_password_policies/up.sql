-- What passwords of an account must look like and how long they last. custom_strength holds the five minimums of the
-- strength "custom": length, uppercase, lowercase, digits, specials. The two moments are those of the rule of expiry that
-- is in force. priority decides where several policies reach a user by permissions; the smaller number goes first.
CREATE TABLE password_policies (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    strength TEXT NOT NULL CHECK (strength IN ('basic', 'medium', 'advanced', 'modern', 'custom')),
    custom_strength TEXT CHECK ((custom_strength IS NOT NULL) = (strength = 'custom')),
    expires_after_days INTEGER CHECK (expires_after_days BETWEEN 1 AND 3650),
    existing_passwords TEXT NOT NULL CHECK (existing_passwords IN ('from_switch_on', 'from_last_change')),
    spread_expiry_over_days INTEGER NOT NULL CHECK (spread_expiry_over_days BETWEEN 0 AND 365),
    expiry_counted_from INTEGER,
    expiry_shortened_at INTEGER,
    remember_last INTEGER NOT NULL CHECK (remember_last BETWEEN 0 AND 24),
    apply_to_existing TEXT NOT NULL CHECK (apply_to_existing IN ('at_next_change', 'at_next_login')),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 1000),
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE UNIQUE INDEX password_policies_name ON password_policies (account_id, name);
CREATE UNIQUE INDEX password_policies_default ON password_policies (account_id) WHERE is_default;

-- Words that a policy does not allow in passwords, in the order in which they were given.
CREATE TABLE password_policy_words (
    account_id BLOB NOT NULL,
    policy_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (account_id, policy_id, place),
    FOREIGN KEY (account_id, policy_id) REFERENCES password_policies (account_id, id) ON DELETE CASCADE
) STRICT;

-- To whom policies are assigned: to users here, to whoever holds a permission below.
CREATE TABLE password_policy_users (
    account_id BLOB NOT NULL,
    policy_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (account_id, policy_id, user_id),
    FOREIGN KEY (account_id, policy_id) REFERENCES password_policies (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX password_policy_users_user ON password_policy_users (account_id, user_id);

CREATE TABLE password_policy_permissions (
    account_id BLOB NOT NULL,
    policy_id BLOB NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (account_id, policy_id, permission),
    FOREIGN KEY (account_id, policy_id) REFERENCES password_policies (account_id, id) ON DELETE CASCADE
) STRICT;

-- Earlier passwords of a user, as many as the policy remembers; the present one stands in users. A greater number is newer.
CREATE TABLE password_history (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    set_at INTEGER,
    PRIMARY KEY (account_id, user_id, number),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;

-- What is to be sent, written in the same transaction as its cause. The key makes sure that a thing is queued once.
CREATE TABLE outbox (
    account_id BLOB NOT NULL,
    id BLOB NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB NOT NULL,
    once_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX outbox_once ON outbox (account_id, user_id, kind, once_key);

-- The rules that the password broke with which this login began.
ALTER TABLE challenges ADD COLUMN password_failures TEXT;

-- Accounts that are there already get the policy that they had without one. Its id is the account's: a UUIDv7 as well,
-- and unique.
INSERT INTO password_policies (account_id, id, name, is_default, strength, existing_passwords, spread_expiry_over_days,
    remember_last, apply_to_existing, priority, version, updated_at)
SELECT id, id, 'Basic', 1, 'basic', 'from_switch_on', 0, 0, 'at_next_change', 100, 1, created_at FROM accounts;
