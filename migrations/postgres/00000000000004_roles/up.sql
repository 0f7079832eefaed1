-- Sorted byte by byte, as on SQLite; this is also what makes the unique index answer for an order and for a range.
ALTER TABLE users ALTER COLUMN username_key TYPE TEXT COLLATE "C";

-- The few that a filter of the users page looks for among the many.
CREATE INDEX users_disabled ON users (account_id, id) WHERE status = 'disabled';
CREATE INDEX users_without_password ON users (account_id, id) WHERE password_hash IS NULL;
CREATE INDEX users_to_change_password ON users (account_id, id) WHERE password_change_required;
CREATE INDEX user_permissions_holders ON user_permissions (permission, account_id, user_id);

-- Permissions of an account under a name. name_key is the name as it is compared.
CREATE TABLE roles (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX roles_name ON roles (account_id, name_key);

CREATE TABLE role_permissions (
    account_id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (account_id, role_id, permission),
    FOREIGN KEY (account_id, role_id) REFERENCES roles (account_id, id) ON DELETE CASCADE
);
CREATE INDEX role_permissions_holders ON role_permissions (permission, account_id, role_id);

CREATE TABLE user_roles (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    assigned_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id, role_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, role_id) REFERENCES roles (account_id, id) ON DELETE CASCADE
);
CREATE INDEX user_roles_holders ON user_roles (account_id, role_id, user_id);

-- The catalogue of permissions that applications bring along. Ours are in the program.
CREATE TABLE application_permissions (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    created_at timestamptz NOT NULL
);

-- What is derived from the names of a user: skeleton tells who looks like whom, text and keys are searched. An empty text
-- is still to be derived; the program does so when it starts.
CREATE TABLE user_names (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    skeleton TEXT,
    text TEXT NOT NULL,
    keys bigint[] NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_names_skeleton ON user_names (account_id, skeleton);
CREATE INDEX user_names_to_derive ON user_names (account_id, user_id) WHERE text = '';
CREATE INDEX user_names_keys ON user_names USING gin (keys);
INSERT INTO user_names (account_id, user_id, text, keys) SELECT account_id, id, '', '{}' FROM users;

-- Whose counter it is, where it is somebody's: the users page shows who has to wait. No foreign key: it would lock the user.
ALTER TABLE throttles ADD COLUMN of_account uuid;
ALTER TABLE throttles ADD COLUMN of_user uuid;
CREATE INDEX throttles_waiting ON throttles (of_account, blocked_until, of_user);
CREATE INDEX throttles_owner ON throttles (of_account, of_user);
