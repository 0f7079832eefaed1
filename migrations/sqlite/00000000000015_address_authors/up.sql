-- Who set the mail address of each user: a code that is mailed there is worth no more than they could grant. A row without an
-- author: the operator. No row: the user has no address, or one from before, of which that is not known. No foreign keys to
-- the author: somebody who is gone is not the same as the operator.
CREATE TABLE address_authors (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    author_account BLOB,
    author BLOB,
    author_key_account BLOB,
    author_key BLOB,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES users (account_id, id) ON DELETE CASCADE
) STRICT;

-- How the address was set that the code was mailed to ('unknown', 'operator' or 'author'), and by which author; null: it was
-- not mailed.
ALTER TABLE activations ADD COLUMN mailed_to TEXT CHECK (mailed_to IN ('unknown', 'operator', 'author'));
ALTER TABLE activations ADD COLUMN address_author_account BLOB;
ALTER TABLE activations ADD COLUMN address_author BLOB;
ALTER TABLE activations ADD COLUMN address_author_key_account BLOB;
ALTER TABLE activations ADD COLUMN address_author_key BLOB;
UPDATE activations SET mailed_to = 'unknown'
    WHERE (account_id, user_id) IN (SELECT account_id, user_id FROM outbox WHERE kind = 'activation');
