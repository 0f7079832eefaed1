-- How often somebody began a turn of the account and did not come back from it, since a part of its jobs was last done.
ALTER TABLE bulk_queues ADD COLUMN attempts bigint NOT NULL DEFAULT 0;
