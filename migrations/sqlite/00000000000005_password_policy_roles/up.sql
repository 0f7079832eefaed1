-- To which roles policies are assigned.
CREATE TABLE password_policy_roles (
    account_id BLOB NOT NULL,
    policy_id BLOB NOT NULL,
    role_id BLOB NOT NULL,
    PRIMARY KEY (account_id, policy_id, role_id),
    FOREIGN KEY (account_id, policy_id) REFERENCES password_policies (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, role_id) REFERENCES roles (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX password_policy_roles_role ON password_policy_roles (account_id, role_id);

-- Accounts in which earlier passwords may be kept longer than the policies remember them. Maintenance goes through the
-- users in the order of ids and notes how far it is; a new reason (a greater number) makes it begin again.
CREATE TABLE password_history_trims (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    done_up_to BLOB
) STRICT;
