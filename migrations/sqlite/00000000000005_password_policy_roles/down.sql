DROP TABLE password_history_trims;
DROP TABLE password_policy_roles;
