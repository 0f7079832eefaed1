ALTER TABLE challenges DROP COLUMN password_failures;
DROP TABLE outbox;
DROP TABLE password_history;
DROP TABLE password_policy_permissions;
DROP TABLE password_policy_users;
DROP TABLE password_policy_words;
DROP TABLE password_policies;
