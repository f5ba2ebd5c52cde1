//! Files that mean harm, or are something else, are refused with a reason and never crash.

use std::io::{Cursor, Write};

use documents::{Column, Kind, Layout, Limits, Reason, open, safe_file_name, write_xlsx};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

#[cfg(test)]
fn refused(bytes: impl Into<Vec<u8>>, limits: &Limits) -> Reason {
    open(bytes, limits).map(|_| ()).unwrap_err().reason()
}

#[cfg(test)]
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[cfg(test)]
fn workbook() -> Vec<u8> {
    let columns = vec![Column::new("名称", Kind::Text), Column::new("代码", Kind::Text)];
    let rows = (0..20).map(|n| vec![format!("甲{n}").into(), format!("{n}").into()]);
    write_xlsx(&Layout::new("客户", columns), rows).unwrap()
}

#[cfg(test)]
fn drain(bytes: Vec<u8>) {
    let limits = Limits { max_unpacked_bytes: 32 << 20, ..Limits::default() };
    let Ok(mut book) = open(bytes, &limits) else { return };
    for table in book.tables().unwrap_or_default() {
        if let Ok(rows) = book.rows(&table) {
            rows.for_each(|row| drop(row.map(|row| row.text(0).into_owned())));
        }
    }
}

#[test]
fn a_package_that_unpacks_to_far_more_is_refused() {
    let zeros = vec![b' '; 20 << 20];
    let bomb =
        package(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refused(bomb.clone(), &Limits::default()), Reason::Bomb);
    let lenient = Limits { max_ratio: u64::MAX, max_unpacked_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(refused(bomb, &lenient), Reason::Bomb);
    let shared = package(&[("xl/sharedStrings.xml", &zeros)]);
    let lenient = Limits { max_ratio: u64::MAX, max_part_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(refused(shared, &lenient), Reason::Bomb);
}

#[test]
fn a_package_that_lies_about_its_size_is_refused_all_the_same() {
    let zeros = vec![b' '; 20 << 20];
    let mut bomb = package(&[("xl/workbook.xml", b"<w/>"), ("xl/worksheets/s.xml", &zeros)]);
    let honest = (20_u32 << 20).to_le_bytes();
    while let Some(at) = bomb.windows(4).position(|window| window == honest) {
        bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let reason = refused(bomb, &Limits::default());
    assert!(matches!(reason, Reason::Bomb | Reason::Damaged), "{reason:?}");
}

#[test]
fn what_counts_is_what_really_unpacks() {
    let bytes = workbook();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let total: u64 = (0..archive.len()).map(|index| archive.by_index(index).unwrap().size()).sum();
    let limits = |max_unpacked_bytes| Limits { max_unpacked_bytes, ..Limits::default() };
    assert_eq!(refused(bytes.clone(), &limits(total - 1)), Reason::Bomb);
    assert!(open(bytes, &limits(total)).is_ok());
}

#[test]
fn a_file_over_the_size_limit_is_refused_before_it_is_looked_at() {
    let limits = Limits { max_bytes: 10, ..Limits::default() };
    let error = open(vec![0; 11], &limits).map(|_| ()).unwrap_err();
    assert_eq!(error.zh(), "文件超过大小上限（上限 10）");
}

#[test]
fn encrypted_workbooks_are_named_as_such() {
    let mut ole = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    ole.resize(1024, 0);
    assert_eq!(refused(ole.clone(), &Limits::default()), Reason::NotAWorkbook);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(ole, &Limits::default()), Reason::Encrypted);
}

#[test]
fn other_kinds_of_file_are_refused_with_their_reason() {
    let limits = Limits::default();
    let word = package(&[("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"")]);
    let ods = package(&[("mimetype", b"x"), ("content.xml", b"<c/>")]);
    let xlsb = package(&[("xl/workbook.bin", b"x")]);
    let cases: [(Vec<u8>, Reason); 12] = [
        (word, Reason::NotAWorkbook),
        (ods, Reason::Unsupported),
        (xlsb, Reason::Unsupported),
        (package(&[("xl/workbook.xml", b"<broken")]), Reason::Damaged),
        (b"PK\x03\x04 and nothing more".to_vec(), Reason::Damaged),
        (b"  <html><table><tr><td>1</td></tr></table>".to_vec(), Reason::WebPage),
        (b"<?xml version=\"1.0\"?><Workbook/>".to_vec(), Reason::Unsupported),
        (b"%PDF-1.7 ...".to_vec(), Reason::NotAWorkbook),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Reason::NotAWorkbook),
        (vec![0xFF; 300], Reason::NotAWorkbook),
        (Vec::new(), Reason::Empty),
        (b"\xEF\xBB\xBF \r\n\r\n".to_vec(), Reason::Empty),
    ];
    for (bytes, reason) in cases {
        let shown = String::from_utf8_lossy(&bytes).chars().take(20).collect::<String>();
        assert_eq!(refused(bytes, &limits), reason, "{shown}");
    }
}

#[test]
fn a_file_cut_short_is_an_error_and_not_a_short_table() {
    let bytes = workbook();
    assert_eq!(refused(&bytes[..bytes.len() / 2], &Limits::default()), Reason::Damaged);
}

#[test]
fn a_line_without_end_is_refused() {
    let bytes = vec![b'a'; 9 << 20];
    assert_eq!(refused(bytes, &Limits::default()), Reason::LineTooLong);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        drain(bytes);
    }

    #[test]
    fn random_text_never_panics(text in "[\"',;=\t\r\n a1甲\u{FFFD}]{0,300}") {
        drain(text.into_bytes());
    }

    #[test]
    fn random_lines_are_never_lost(lines in prop::collection::vec("[\",a甲 ]{0,12}", 0..60)) {
        let lines: String = lines.iter().map(|line| format!("x{line}\n")).collect();
        let text = format!("名称,代码\n甲,乙\n{lines}");
        let mut book = open(text.clone(), &Limits::default()).unwrap();
        if let Ok(table) = book.table_at("CSV", 1) {
            let rows = book.rows(&table).unwrap().map(Result::unwrap);
            let raw: Vec<String> = rows.map(|row| row.raw.unwrap()).collect();
            let body = text.split_once('\n').unwrap().1.trim_end_matches('\n');
            prop_assert_eq!(raw.join("\n"), body);
        }
    }

    #[test]
    fn damaged_workbooks_never_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = workbook();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        drain(bytes);
    }

    #[test]
    fn random_ole_never_panics(tail in prop::collection::vec(any::<u8>(), 0..3000)) {
        let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        bytes.extend("Workbook".encode_utf16().flat_map(u16::to_le_bytes));
        bytes.extend(tail);
        drain(bytes);
    }

    #[test]
    fn file_names_never_lead_elsewhere(name in "[./\\\\a甲\u{0}\u{202E}: ]{0,40}") {
        let safe = safe_file_name(&name);
        prop_assert!(!safe.is_empty() && !safe.starts_with('.'));
        prop_assert!(!safe.contains(['/', '\\', '\0']));
    }
}
