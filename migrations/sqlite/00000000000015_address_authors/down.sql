ALTER TABLE activations DROP COLUMN address_author_key;
ALTER TABLE activations DROP COLUMN address_author_key_account;
ALTER TABLE activations DROP COLUMN address_author;
ALTER TABLE activations DROP COLUMN address_author_account;
ALTER TABLE activations DROP COLUMN mailed_to;
DROP TABLE address_authors;
