-- Passwords by their age: who has to choose a new one by the calendar. The others stand in indexes of their own.
CREATE INDEX users_password_age ON users (account_id, (COALESCE(password_changed_at, created_at)), id)
    WHERE password_hash IS NOT NULL AND NOT password_change_required;
-- How the ages are spread, for who plans a statement.
CREATE STATISTICS users_password_age_spread ON (COALESCE(password_changed_at, created_at)) FROM users;
-- Passwords that came with an imported user and were not changed since.
CREATE INDEX users_password_never_changed ON users (account_id, id)
    WHERE password_hash IS NOT NULL AND COALESCE(password_changed_at, created_at) <= created_at;

-- Devices and by whose choice they are, for counting and for looking up users. Users come first: with the choice before them
-- SQLite would read all devices of an account for a page of users.
CREATE INDEX authenticators_by_choice ON authenticators (account_id, user_id, by_choice);

-- Since when the users are asked for whom two_factor_due says nothing else; nobody before they were created.
ALTER TABLE two_factor_policies ADD COLUMN asked_since timestamptz;
UPDATE two_factor_policies SET asked_since = updated_at;

-- Since when a user is asked to enrol, where that is not the moment of the policy: who was put on a list or taken from
-- one, who was asked before a change that asks others too, whose device was reset.
CREATE TABLE two_factor_due (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX two_factor_due_since ON two_factor_due (account_id, since);

-- How an account stood when a day began (UTC; days since 1970), as it was first seen on that day.
CREATE TABLE two_factor_days (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    day integer NOT NULL,
    users bigint NOT NULL,
    asked bigint NOT NULL,
    enrolled bigint NOT NULL,
    not_enrolled bigint NOT NULL,
    asleep bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, day)
);
CREATE INDEX two_factor_days_age ON two_factor_days (day);
