-- An unmasked export is approved for the clients that matched when it was asked for.
CREATE TABLE export_request_client (
    request_id BYTEA NOT NULL,
    client_id BYTEA NOT NULL,
    PRIMARY KEY (request_id, client_id)
);
-- Of older requests nobody knows any more which clients they were approved for.
UPDATE export_request SET state = 'expired' WHERE state IN ('pending', 'approved');
