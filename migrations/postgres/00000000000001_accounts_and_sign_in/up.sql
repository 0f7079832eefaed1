-- An account decides how its people sign in. The one with the slug "platform" is the platform's own.
CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active')),
    created_at timestamptz NOT NULL
);

-- username_key is the user name as it is compared: normalised and in lower case.
CREATE TABLE users (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    display_name TEXT,
    email TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
    password_hash TEXT,
    password_changed_at timestamptz,
    password_change_required boolean NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX users_username ON users (account_id, username_key);

CREATE TABLE user_permissions (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    permission TEXT NOT NULL,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id, permission),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);

CREATE TABLE two_factor_policies (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    mode TEXT NOT NULL CHECK (mode IN ('disabled', 'all_users', 'selected_users', 'all_users_except')),
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL
);

-- The list that two of the modes have.
CREATE TABLE two_factor_policy_users (
    account_id uuid NOT NULL REFERENCES two_factor_policies (account_id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);

-- The confirmed device of a user. last_step is the TOTP step that was accepted last: no code counts twice.
CREATE TABLE authenticators (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    by_choice boolean NOT NULL,
    last_step bigint NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    digest bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (account_id, user_id, digest),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);

-- Tokens are kept as SHA-256 digests. sealed_secret is the device that this login is about to enrol;
-- source_digest is of the network from which it came.
CREATE TABLE challenges (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_digest bytea NOT NULL UNIQUE,
    proof TEXT CHECK (proof IN ('totp', 'recovery_code')),
    wrong_codes integer NOT NULL,
    sealed_secret bytea,
    source_digest bytea NOT NULL,
    ended TEXT CHECK (ended IN ('completed', 'abandoned', 'too_many_wrong_codes', 'revoked')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX challenges_user ON challenges (account_id, user_id);
CREATE INDEX challenges_expiry ON challenges (expires_at);

CREATE TABLE sessions (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    amr TEXT NOT NULL CHECK (amr IN ('password', 'totp', 'recovery_code')),
    auth_time timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    idle_expires_at timestamptz NOT NULL,
    ended TEXT CHECK (ended IN ('logout', 'refresh_token_reused', 'revoked')),
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON sessions (account_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Used tokens stay as long as their session: one that comes a second time gives a thief away.
CREATE TABLE refresh_tokens (
    token_digest bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (account_id, session_id) REFERENCES sessions (account_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (account_id, session_id);

-- Whoever knows a code can become its user. The issuer (none for the operator) must hold, when the code is used, all that
-- the user holds then.
CREATE TABLE activations (
    token_digest bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    issuer_account_id uuid,
    issuer_user_id uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (issuer_account_id, issuer_user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX activations_user ON activations (account_id, user_id);
CREATE INDEX activations_issuer ON activations (issuer_account_id, issuer_user_id);
CREATE INDEX activations_expiry ON activations (expires_at);

-- Counters of guesses. The key is a digest: a name that was guessed at need not exist, and may be a mistyped password.
CREATE TABLE throttles (
    kind TEXT NOT NULL,
    key_digest bytea NOT NULL,
    failures integer NOT NULL,
    last_failure_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    PRIMARY KEY (kind, key_digest)
);
CREATE INDEX throttles_age ON throttles (last_failure_at);

-- Networks from which a user has signed in: there strangers' wrong guesses elsewhere do not count.
CREATE TABLE known_sources (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    source_digest bytea NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id, source_digest),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX known_sources_age ON known_sources (last_used_at);

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    sealed_key bytea NOT NULL,
    created_at timestamptz NOT NULL
);

-- First replies of requests that carried an Idempotency-Key, sealed: they may hold an activation code.
CREATE TABLE idempotency_keys (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    key_digest bytea NOT NULL,
    request_digest bytea NOT NULL,
    sealed_reply bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, user_id, key_digest),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
