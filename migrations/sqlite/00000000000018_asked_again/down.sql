ALTER TABLE recovery_codes DROP COLUMN acknowledged;
ALTER TABLE sessions DROP COLUMN sealed_successor;
ALTER TABLE sessions DROP COLUMN predecessor_digest;
DROP TABLE one_time_replies;
