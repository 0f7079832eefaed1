-- Whose second factor somebody may know who is not its owner: whoever imported its secret, or imported the password with which
-- it was enrolled. A row without an importer: somebody of whom it is not known who that is. No row: nobody, or the operator.
-- The row goes with the device. No foreign keys to the importer: who is gone knows it all the same.
CREATE TABLE known_factors (
    account_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    importer_account BLOB,
    importer BLOB,
    importer_key_account BLOB,
    importer_key BLOB,
    PRIMARY KEY (account_id, user_id),
    FOREIGN KEY (account_id, user_id) REFERENCES authenticators (account_id, user_id) ON DELETE CASCADE
) STRICT;

-- As long as the password is the imported one it is known who imported it.
INSERT INTO known_factors
    SELECT d.account_id, d.user_id, r.importer_account, r.importer, r.importer_key_account, r.importer_key
    FROM authenticators d JOIN imported_users r ON r.account_id = d.account_id AND r.user_id = d.user_id
    WHERE r.importer IS NOT NULL;
-- After that it is not, unless nobody but the operator has imported anything into the account. What was enrolled "by choice" was
-- imported.
INSERT INTO known_factors (account_id, user_id)
    SELECT d.account_id, d.user_id
    FROM authenticators d
        JOIN imported_users r ON r.account_id = d.account_id AND r.user_id = d.user_id
        JOIN users u ON u.account_id = d.account_id AND u.id = d.user_id
    WHERE d.by_choice = 1 AND r.importer IS NULL AND u.password_changed_at > u.created_at
        AND d.account_id IN (SELECT account_id FROM audit_events WHERE action = 'user_import.started');
