DROP TABLE two_factor_days;
DROP TABLE two_factor_due;
ALTER TABLE two_factor_policies DROP COLUMN asked_since;
DROP INDEX authenticators_by_choice;
DROP INDEX users_password_never_changed;
DROP STATISTICS users_password_age_spread;
DROP INDEX users_password_age;
