-- The few that a filter of the users page looks for among the many.
CREATE INDEX users_disabled ON users (account_id, id) WHERE status = 'disabled';
CREATE INDEX users_without_password ON users (account_id, id) WHERE password_hash IS NULL;
CREATE INDEX users_to_change_password ON users (account_id, id) WHERE password_change_required;
CREATE INDEX user_permissions_holders ON user_permissions (permission, account_id, user_id);

-- Permissions of an account under a name. name_key is the name as it is compared.
CREATE TABLE roles (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE UNIQUE INDEX roles_name ON roles (account_id, name_key);

CREATE TABLE role_permissions (
    account_id BLOB NOT NULL,
    role_id BLOB NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (account_id, role_id, permission),
    FOREIGN KEY (account_id, role_id) REFERENCES roles (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX role_permissions_holders ON role_permissions (permission, account_id, role_id);

CREATE TABLE user_roles (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    role_id BLOB NOT NULL,
    assigned_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, user_id, role_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, role_id) REFERENCES roles (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX user_roles_holders ON user_roles (account_id, role_id, user_id);

-- The catalogue of permissions that applications bring along. Ours are in the program.
CREATE TABLE application_permissions (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- What is derived from the names of a user: skeleton tells who looks like whom; text, and the keys in
-- user_names_index, are searched. An empty text is still to be derived; the program does so when it starts.
CREATE TABLE user_names (
    number INTEGER NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    skeleton TEXT,
    text TEXT NOT NULL,
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX user_names_user ON user_names (account_id, user_id);
CREATE UNIQUE INDEX user_names_skeleton ON user_names (account_id, skeleton);
CREATE INDEX user_names_to_derive ON user_names (account_id, user_id) WHERE text = '';
INSERT INTO user_names (account_id, user_id, text) SELECT account_id, id, '' FROM users;

-- The index over the keys, as words; its rowid is the number. It keeps no copy of what it indexes.
CREATE VIRTUAL TABLE user_names_index USING fts5 (keys, content = '', contentless_delete = 1, detail = none, tokenize = ascii);
CREATE TRIGGER user_names_deleted AFTER DELETE ON user_names BEGIN
    DELETE FROM user_names_index WHERE rowid = old.number;
END;

-- Whose counter it is, where it is somebody's: the users page shows who has to wait. No foreign key: it would lock the user.
ALTER TABLE throttles ADD COLUMN of_account BLOB;
ALTER TABLE throttles ADD COLUMN of_user BLOB;
CREATE INDEX throttles_waiting ON throttles (of_account, blocked_until, of_user);
CREATE INDEX throttles_owner ON throttles (of_account, of_user);
