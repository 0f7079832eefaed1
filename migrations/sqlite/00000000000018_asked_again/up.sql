-- Replies with secrets that are shown once, sealed, for a client that has lost its reply and asks again with the same
-- Idempotency-Key. The token is what the request was authenticated with: a challenge's, a refresh token, an activation code. The
-- digest of the request covers the token too, so that nobody who reads it can guess a password in the request.
CREATE TABLE one_time_replies (
    token_digest BLOB NOT NULL,
    key_digest BLOB NOT NULL,
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    request_digest BLOB NOT NULL,
    sealed_reply BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (token_digest, key_digest),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX one_time_replies_user ON one_time_replies (account_id, user_id);
CREATE INDEX one_time_replies_expiry ON one_time_replies (expires_at);

-- The refresh token that was used last, and what it was exchanged for, sealed: for a second tab that sends the same one at the
-- same time. The next refresh overwrites both, the end of the session deletes the latter.
ALTER TABLE sessions ADD COLUMN predecessor_digest BLOB;
ALTER TABLE sessions ADD COLUMN sealed_successor BLOB;

-- Whether the user has said that they have kept the codes. Those of before were shown without asking.
ALTER TABLE recovery_codes ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 1;
