DROP TABLE bulk_queues;
DROP TABLE bulk_job_users;
DROP TABLE bulk_jobs;
