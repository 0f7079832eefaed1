-- Messages are sent. send_at is when the next attempt is due, and null when there is none any more; over_at says since when.
-- Who begins with an attempt moves send_at on first, so that nobody else begins with it and one that is broken off is made up
-- for. After send_before it is too late. Lower turns come first: an account's messages have turns one after the other, and so
-- stand between those of other accounts. What is secret in a message is sealed, and taken away when it is over.
ALTER TABLE outbox ADD COLUMN sealed BLOB;
ALTER TABLE outbox ADD COLUMN send_at INTEGER;
ALTER TABLE outbox ADD COLUMN send_before INTEGER;
ALTER TABLE outbox ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN over_at INTEGER;
-- Those that are there already: each is looked at before it is sent, and most have become pointless.
UPDATE outbox SET send_at = created_at;
CREATE INDEX outbox_turn ON outbox (turn, send_at, account_id, id) WHERE send_at IS NOT NULL;
CREATE INDEX outbox_last_turn ON outbox (account_id, turn) WHERE send_at IS NOT NULL;
CREATE INDEX outbox_send_before ON outbox (kind, send_before);
