-- By what the password of a login was judged when it was typed: no later step has it, and another policy may count by then.
ALTER TABLE challenges ADD COLUMN password_judged_by BYTEA;
