ALTER TABLE bulk_queues DROP COLUMN attempts;
