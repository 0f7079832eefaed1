-- Replies with secrets that are shown once, sealed, for a client that has lost its reply and asks again with the same
-- Idempotency-Key. The token is what the request was authenticated with: a challenge's, a refresh token, an activation code. The
-- digest of the request covers the token too, so that nobody who reads it can guess a password in the request.
CREATE TABLE one_time_replies (
    token_digest bytea NOT NULL,
    key_digest bytea NOT NULL,
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    request_digest bytea NOT NULL,
    sealed_reply bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (token_digest, key_digest),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX one_time_replies_user ON one_time_replies (account_id, user_id);
CREATE INDEX one_time_replies_expiry ON one_time_replies (expires_at);

-- The refresh token that was used last, and what it was exchanged for, sealed: for a second tab that sends the same one at the
-- same time. The next refresh overwrites both, the end of the session deletes the latter.
ALTER TABLE sessions ADD COLUMN predecessor_digest bytea;
ALTER TABLE sessions ADD COLUMN sealed_successor bytea;

-- Whether the user has said that they have kept the codes. Those of before were shown without asking.
ALTER TABLE recovery_codes ADD COLUMN acknowledged boolean NOT NULL DEFAULT TRUE;
