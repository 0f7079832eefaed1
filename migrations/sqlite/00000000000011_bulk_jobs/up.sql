-- Something that is to be done to many users of an account. The creator, as JSON, is no foreign key: whose job it was is to
-- be read when the creator is gone. total is unknown until the users that a filter finds have been collected.
CREATE TABLE bulk_jobs (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    creator TEXT NOT NULL,
    action TEXT NOT NULL,
    parameters TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'finished', 'cancelled', 'failed')),
    failure TEXT,
    total INTEGER,
    succeeded INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE INDEX bulk_jobs_status ON bulk_jobs (account_id, status, id);
CREATE INDEX bulk_jobs_finished ON bulk_jobs (finished_at);

-- To whom a job does it, and what became of each. No foreign key to users: the outcome stays when the user is gone. An
-- activation code waits sealed until the creator takes it.
CREATE TABLE bulk_job_users (
    account_id BLOB NOT NULL,
    job_id BLOB NOT NULL,
    member BLOB NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'succeeded', 'unchanged', 'failed')),
    username TEXT,
    code TEXT,
    message TEXT,
    sealed_activation BLOB,
    PRIMARY KEY (account_id, job_id, member),
    FOREIGN KEY (account_id, job_id) REFERENCES bulk_jobs (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX bulk_job_users_outcome ON bulk_job_users (account_id, job_id, outcome, member);
CREATE INDEX bulk_job_users_activations ON bulk_job_users (account_id, job_id, member) WHERE sealed_activation IS NOT NULL;

-- Whether jobs of an account wait, and whose turn it is: the account with the lowest number. The node that works on them holds
-- a lease: a random value, and the moment from which another may take over. An account's jobs are done one after the other.
CREATE TABLE bulk_queues (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    waiting INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    lease_holder BLOB,
    lease_until INTEGER
) STRICT;
CREATE INDEX bulk_queues_waiting ON bulk_queues (turn, account_id) WHERE waiting;
