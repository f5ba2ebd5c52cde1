//! The tables of the contexts, in the order in which they came.

use trust::database::Migration;

/// All migrations of the contexts; trust's own come before them.
pub const MIGRATIONS: &[Migration] = &[
    Migration::same("V0002__identity", include_str!("V0002__identity.sql")),
    Migration {
        name: "V0003__clients",
        sqlite: concat!(include_str!("V0003__clients.sql"), include_str!("V0003__sqlite.sql")),
        postgres: concat!(include_str!("V0003__clients.sql"), include_str!("V0003__postgres.sql")),
    },
    Migration::same("V0004__settings", include_str!("V0004__settings.sql")),
    Migration::same("V0005__exports", include_str!("V0005__exports.sql")),
    Migration::same("V0007__list_indexes", include_str!("V0007__list_indexes.sql")),
    Migration::same("V0010__core_references", trust::vault::CORE_REFERENCES),
    Migration::same("V0011__export_clients", include_str!("V0011__export_clients.sql")),
    Migration::same("V0012__import_notes", include_str!("V0012__import_notes.sql")),
    Migration::same("V0016__calendar", include_str!("V0016__calendar.sql")),
    Migration::same("V0018__statements", include_str!("V0018__statements.sql")),
    Migration::same("V0020__care", include_str!("V0020__care.sql")),
    Migration::same("V0021__holds", include_str!("V0021__holds.sql")),
    Migration::same("V0023__analysis", include_str!("V0023__analysis.sql")),
    Migration::same("V0024__statement_review", include_str!("V0024__statement_review.sql")),
    Migration::same("V0025__credentials_end", include_str!("V0025__credentials_end.sql")),
];
