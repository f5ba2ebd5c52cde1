
-- Words, pairs of characters and pinyin of names; a hit is looked at again before it is shown.
CREATE VIRTUAL TABLE client_search USING fts5 (tokens, content = '', contentless_delete = 1, detail = none);
