-- When everything that opens without a password ended for a person: what was made before is void.
ALTER TABLE account ADD COLUMN tokens_ended_at BIGINT NOT NULL DEFAULT 0;
