-- An import can be cancelled, and tells how many of its errors were not kept.
ALTER TABLE user_imports DROP CONSTRAINT user_imports_status_check;
ALTER TABLE user_imports ADD CONSTRAINT user_imports_status_check
    CHECK (status IN ('receiving', 'queued', 'running', 'done', 'failed', 'cancelled'));
ALTER TABLE user_imports ADD COLUMN errors_not_kept bigint NOT NULL DEFAULT 0;

-- Files that are to be imported, until they are done. The account with the lowest turn is next, and goes to the end when one
-- of its files is worked on; place tells which of its files came first. attempts: how often somebody began with the records
-- that are first now. The node that works on a file holds its lease: a random value, and the moment from which another may
-- take over.
CREATE TABLE user_import_queue (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    turn bigint NOT NULL,
    place bigint NOT NULL,
    attempts bigint NOT NULL,
    lease_holder bytea,
    lease_until timestamptz,
    PRIMARY KEY (account_id, import_id),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
);
CREATE INDEX user_import_queue_turn ON user_import_queue (turn, place);
INSERT INTO user_import_queue
    SELECT account_id, id, 0, row_number() OVER (ORDER BY created_at, id), 0, lease_holder, lease_until
    FROM user_imports WHERE status IN ('queued', 'running');
ALTER TABLE user_imports DROP COLUMN lease_holder;
ALTER TABLE user_imports DROP COLUMN lease_until;

-- About how many milliseconds it takes to check a password against the hash that was imported, where that is long. Gone
-- with the hash.
ALTER TABLE imported_users ADD COLUMN check_milliseconds bigint;
CREATE INDEX imported_users_check ON imported_users (check_milliseconds) WHERE check_milliseconds IS NOT NULL;
