-- What a preview was made of, and which revision was approved last: so that nothing is overwritten
-- that somebody else changed meanwhile, and nobody reviews what they had a hand in.
ALTER TABLE statement_upload ADD COLUMN seen TEXT NOT NULL DEFAULT '';
ALTER TABLE statement_set ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
