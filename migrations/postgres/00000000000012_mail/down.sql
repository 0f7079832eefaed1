DROP INDEX outbox_send_before;
DROP INDEX outbox_last_turn;
DROP INDEX outbox_turn;
ALTER TABLE outbox DROP COLUMN over_at;
ALTER TABLE outbox DROP COLUMN attempts;
ALTER TABLE outbox DROP COLUMN turn;
ALTER TABLE outbox DROP COLUMN send_before;
ALTER TABLE outbox DROP COLUMN send_at;
ALTER TABLE outbox DROP COLUMN sealed;
