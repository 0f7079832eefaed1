-- What happened in an account, and to it: numbered from 1 without a gap. Who and what is named by id and by the name of that
-- moment; both stay when the user is gone, so there is no foreign key to anything but the account. hash covers the whole
-- row and the one before.
CREATE TABLE audit_events (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    sequence bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_account uuid,
    actor uuid,
    actor_name TEXT,
    action TEXT NOT NULL,
    target_kind TEXT,
    target uuid,
    target_name TEXT,
    outcome TEXT NOT NULL,
    source TEXT,
    details TEXT NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (account_id, sequence)
);
CREATE INDEX audit_events_action ON audit_events (account_id, action, sequence);
CREATE INDEX audit_events_actor ON audit_events (account_id, actor, sequence);
CREATE INDEX audit_events_target ON audit_events (account_id, target, sequence);
CREATE INDEX audit_events_time ON audit_events (account_id, occurred_at);

-- The end of each account's chain. Whoever adds to it locks this row, last of all and until the commit.
CREATE TABLE audit_heads (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    sequence bigint NOT NULL,
    hash bytea NOT NULL
);
