-- Every list is sorted by an index that holds what it is filtered by as well, so that a page and
-- its count are found without reading the clients themselves. Clients in the bin are not in them;
-- SQLite takes an index for complete only when it holds the columns of its own condition too.
DROP INDEX client_name;
DROP INDEX client_updated;
DROP INDEX client_stage;
DROP INDEX client_registered;
DROP INDEX client_capital;
DROP INDEX client_completeness;
CREATE INDEX client_by_updated
    ON client (updated_at, id, stage, taxpayer_kind, size_class, completeness, findings,
               merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_by_name
    ON client (name, id, stage, taxpayer_kind, size_class, completeness, findings,
               merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_by_code
    ON client (code, id, stage, taxpayer_kind, size_class, completeness, findings,
               merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_by_capital
    ON client (COALESCE(registered_capital_fen, -1), id, stage, taxpayer_kind, size_class,
               completeness, findings, registered_capital_fen, merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_by_registered
    ON client (COALESCE(registered_on, ''), id, stage, taxpayer_kind, size_class,
               completeness, findings, registered_on, merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_by_completeness
    ON client (completeness, id, stage, taxpayer_kind, size_class, findings, merged_into,
               recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
-- All that is left to sort by, and what counts are taken from.
CREATE INDEX client_facets
    ON client (id, stage, taxpayer_kind, size_class, completeness, findings, short_name, uscc,
               industry_code, region, merged_into, recycled_at)
    WHERE merged_into IS NULL AND recycled_at IS NULL;
CREATE INDEX client_recycled ON client (recycled_at, id) WHERE recycled_at IS NOT NULL;

-- Whether a client stands to somebody is answered from this alone.
CREATE INDEX relation_standing ON relation (client_id, holder, kind, until);
