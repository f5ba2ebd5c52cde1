//! Files nobody made up. They lie outside the repository; without them these tests say so.

use std::path::{Path, PathBuf};

use documents::{Format, Limits, Row, open, open_path};

#[cfg(test)]
fn real(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("HENG_REAL_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("HENG_REQUIRE_REAL_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "real data is required and not there: {part}");
    println!("real data is not there, passed over: {part}");
    None
}

#[cfg(test)]
fn register(part: &str) -> Option<(usize, Vec<Row>)> {
    let path = real(part)?;
    let lines = std::fs::read(&path).unwrap().iter().filter(|byte| **byte == b'\n').count();
    let mut book = open_path(&path, &Limits::default()).unwrap();
    assert_eq!((book.format(), book.encoding()), (Format::Csv, Some("UTF-8")));
    let table = book.table().unwrap();
    assert_eq!((table.header_row, table.header.len()), (1, 10));
    let rows = book.rows(&table).unwrap().map(Result::unwrap).collect();
    Some((lines, rows))
}

#[test]
fn a_register_of_companies_is_read_line_by_line() {
    let Some((lines, rows)) = register("enterprises/register_20k.csv") else { return };
    assert_eq!(rows.len(), lines - 1);
    assert!(rows.iter().all(|row| !row.width_mismatch && !row.broken_quotes));
    assert_eq!(rows.last().map(|row| row.number), Some(lines));
}

#[test]
fn a_register_of_broken_lines_loses_none() {
    let Some((lines, rows)) = register("enterprises/register_broken_rows.csv") else { return };
    assert_eq!(rows.len(), lines - 1);
    let flagged = rows.iter().filter(|row| row.width_mismatch).count();
    let garbled = rows.iter().filter(|row| row.garbled).count();
    println!("{flagged} of another width, {garbled} garbled, of {}", rows.len());
    assert!(flagged > 0 && garbled > 0);
}

#[test]
fn a_register_saved_by_an_old_program_reads_the_same() {
    let Some(path) = real("enterprises/register_20k.csv") else { return };
    let whole = std::fs::read_to_string(path).unwrap();
    let utf8: String = whole.split_inclusive('\n').take(2000).collect();
    let (gb, _, lost) = encoding_rs::GB18030.encode(&utf8);
    assert!(!lost);
    let mut book = open(gb.into_owned(), &Limits::default()).unwrap();
    assert_eq!(book.encoding(), Some("GB18030"));
    let table = book.table().unwrap();
    let rows = book.rows(&table).unwrap().map(Result::unwrap);
    let same =
        rows.zip(utf8.lines().skip(1)).filter(|(row, line)| row.raw.as_deref() == Some(line));
    assert_eq!(same.count(), utf8.lines().count() - 1);
}

#[test]
fn old_binary_forms_are_read_with_merged_heads() {
    let Some(folder) = real("forms") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mut book = open_path(&path, &Limits::default()).unwrap();
        assert_eq!(book.format(), Format::Xls);
        let tables = book.tables().unwrap();
        assert!(!tables.is_empty(), "{}", path.display());
        for table in tables {
            let rows = book.rows(&table).unwrap().map(Result::unwrap).count();
            println!(
                "{}: row {}, {} columns, {rows} rows",
                path.display(),
                table.header_row,
                table.header.len()
            );
        }
    }
}

#[test]
fn workbooks_full_of_tabs_and_line_ends_are_read() {
    let Some(folder) = real("complaints") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let mut book = open_path(entry.unwrap().path(), &Limits::default()).unwrap();
        let table = book.table().unwrap();
        let rows: Vec<Row> = book.rows(&table).unwrap().map(Result::unwrap).collect();
        assert!(rows.len() > 10 && rows.iter().all(|row| !row.is_blank()));
    }
}
