ALTER TABLE challenges DROP COLUMN password_judged_by;
