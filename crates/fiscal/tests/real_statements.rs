//! Real statements of listed companies; see the data's own notes for what is true of them.
//! Without the data this passes and says so, unless `HENG_REQUIRE_REAL_DATA` is 1.

#[cfg(test)]
mod vendor_files {
    use std::path::PathBuf;

    use fiscal::reading::{Asked, Cell, Found, Row, Sheet, read};
    use fiscal::statements::{Column, Layout, Standard, StatementKind, Unit};
    use values::{Fen, Part, Period};

    const UNIT: i64 = 1_000_000;

    fn files() -> Vec<PathBuf> {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        let root = std::env::var_os("HENG_REAL_DATA").map_or_else(beside, PathBuf::from);
        let folder = root.join("statements");
        let Ok(listed) = std::fs::read_dir(&folder) else {
            let required = std::env::var("HENG_REQUIRE_REAL_DATA").is_ok_and(|value| value == "1");
            assert!(!required, "real data is required but {} is absent", folder.display());
            println!("real data absent ({}), nothing checked", folder.display());
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    fn sheet(path: &PathBuf) -> Sheet {
        let bytes = std::fs::read(path).unwrap();
        let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut table =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body);
        let rows = (1..).zip(table.records()).map(|(number, record)| Row {
            number,
            cells: record.unwrap().iter().map(|text| Cell::Text(text.to_owned())).collect(),
        });
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Sheet { file: name, name: "CSV".into(), rows: rows.collect(), merged: Vec::new() }
    }

    fn all() -> Vec<Vec<Found>> {
        let asked = Asked::only(Period::month(2026, 1).unwrap());
        files().iter().map(|path| read(&[sheet(path)], &asked).statements).collect()
    }

    #[test]
    fn every_file_is_one_statement_for_each_date() {
        for path in files() {
            let sheet = sheet(&path);
            let dates = sheet.rows[0].cells.iter().skip(1);
            let dates = dates.filter(|cell| !matches!(cell, Cell::Text(t) if t.is_empty())).count();
            let name = sheet.file.clone();
            let kind = match name.as_bytes()[0] {
                b'z' => StatementKind::BalanceSheet,
                b'l' => StatementKind::Income,
                _ => StatementKind::CashFlow,
            };
            let reading = read(&[sheet], &Asked::only(Period::month(2026, 1).unwrap()));
            assert_eq!(reading.statements.len(), dates, "{name}");
            for found in &reading.statements {
                let statement = &found.statement;
                assert_eq!((statement.kind, statement.unit), (kind, Unit::TenThousand), "{name}");
                assert_eq!(statement.standard, Standard::General, "{name}");
                assert_eq!(statement.layout, Layout::Foreign, "{name}");
                assert_eq!(statement.period.part(), Part::Year, "{name}");
                assert!(found.unreadable.is_empty(), "{name}: {:?}", found.unreadable);
                let codes: Vec<&str> =
                    found.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
                let usual = ["line.alias", "line.out_of_place", "line.repeated", "amount.rounded"];
                let unusual = codes.iter().find(|code| !usual.contains(code));
                assert_eq!(unusual, None, "{name}");
            }
        }
    }

    #[test]
    fn assets_equal_liabilities_and_equity_within_one_unit_in_every_column() {
        let (mut exact, mut rounded) = (0, 0);
        for found in all().into_iter().flatten() {
            if found.statement.kind != StatementKind::BalanceSheet {
                continue;
            }
            // One company's first year lacks a total.
            let side = |line| found.statement.figure(Column::Closing, line);
            let (Some(assets), Some(_)) = (side(34), side(72)) else { continue };
            let other = side(60).unwrap_or_default() + side(71).unwrap_or_default();
            let apart = (assets - other).abs();
            assert!(apart <= Fen(UNIT), "{} {apart}", found.statement.period);
            if apart == Fen::ZERO { exact += 1 } else { rounded += 1 }
        }
        println!("{exact} exact, {rounded} within one unit");
        assert!(exact >= rounded * 2 && (exact > 0 || files().is_empty()));
    }

    #[test]
    fn profit_less_tax_is_net_profit_within_one_unit_in_every_column() {
        for found in all().into_iter().flatten() {
            if found.statement.kind != StatementKind::Income {
                continue;
            }
            let line = |line| found.statement.figure(Column::YearToDate, line).unwrap_or_default();
            if found.statement.figure(Column::YearToDate, 24).is_none() {
                continue;
            }
            let apart = (line(22) - line(23) - line(24)).abs();
            assert!(apart <= Fen(UNIT), "{} {apart}", found.statement.period);
        }
    }

    #[test]
    fn the_cash_flow_of_the_year_leads_from_opening_to_closing_cash() {
        let (mut within, mut all_columns) = (0, 0);
        for found in all().into_iter().flatten() {
            if found.statement.kind != StatementKind::CashFlow {
                continue;
            }
            let line = |line| found.statement.figure(Column::YearToDate, line).unwrap_or_default();
            let flows = (line(10) + line(22) + line(31) + line(32) - line(33)).abs();
            let balances = (line(33) + line(34) - line(35)).abs();
            all_columns += 1;
            within += usize::from(flows <= Fen(2 * UNIT) && balances <= Fen(2 * UNIT));
        }
        println!("{within} of {all_columns}");
        assert!(within + 2 >= all_columns);
    }
}
