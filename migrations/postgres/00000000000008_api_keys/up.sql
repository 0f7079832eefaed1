-- What a program calls us with. name_key is the name as it is compared. networks: from where it may call, as CIDR prefixes
-- with a space between them; none: from anywhere.
CREATE TABLE api_keys (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    networks TEXT NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_used_from TEXT,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (account_id, name_key);

CREATE TABLE api_key_permissions (
    account_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (account_id, api_key_id, permission),
    FOREIGN KEY (account_id, api_key_id) REFERENCES api_keys (account_id, id) ON DELETE CASCADE
);
CREATE INDEX api_key_permissions_holders ON api_key_permissions (permission, account_id, api_key_id);

-- The secrets of each key: the newest, and older ones until they end. Whoever was shown a secret may know it, so it is worth
-- no more than they are: a user answers for it, and where it was shown to a program, that program's key (recipient) too. With
-- either of them the secret is gone.
CREATE TABLE api_key_secrets (
    token_digest bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    answerable_account_id uuid NOT NULL,
    answerable_id uuid NOT NULL,
    recipient_account_id uuid,
    recipient_id uuid,
    created_at timestamptz NOT NULL,
    ends_at timestamptz,
    FOREIGN KEY (account_id, api_key_id) REFERENCES api_keys (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (answerable_account_id, answerable_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (recipient_account_id, recipient_id) REFERENCES api_keys (account_id, id) ON DELETE CASCADE
);
CREATE INDEX api_key_secrets_key ON api_key_secrets (account_id, api_key_id);
CREATE INDEX api_key_secrets_answerable ON api_key_secrets (answerable_account_id, answerable_id);
CREATE INDEX api_key_secrets_recipient ON api_key_secrets (recipient_account_id, recipient_id);
CREATE INDEX api_key_secrets_end ON api_key_secrets (ends_at);

-- Through which key somebody did what is looked at again later. No foreign keys: a key that is gone is not the same as none.
ALTER TABLE activations ADD COLUMN issuer_key_account uuid;
ALTER TABLE activations ADD COLUMN issuer_key uuid;
ALTER TABLE imported_users ADD COLUMN importer_key_account uuid;
ALTER TABLE imported_users ADD COLUMN importer_key uuid;
CREATE TABLE user_import_keys (
    account_id uuid NOT NULL,
    import_id uuid NOT NULL,
    importer_key_account uuid NOT NULL,
    importer_key uuid NOT NULL,
    PRIMARY KEY (account_id, import_id),
    FOREIGN KEY (account_id, import_id) REFERENCES user_imports (account_id, id) ON DELETE CASCADE
);
