//! Text tables come in whole, whatever their encoding, delimiter and faults.

use documents::{Cell, Format, Limits, Reason, Row, Table, open};
use encoding_rs::GB18030;

#[cfg(test)]
fn read(bytes: impl Into<Vec<u8>>) -> (Table, Vec<Row>) {
    let mut book = open(bytes, &Limits::default()).unwrap();
    assert_eq!(book.format(), Format::Csv);
    let table = book.table().unwrap();
    let rows = book.rows(&table).unwrap().map(Result::unwrap).collect();
    (table, rows)
}

#[cfg(test)]
fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.text().into_owned()).collect()
}

const PLAIN: &str = "名称,代码,电话\r\n甲公司,910000000000000001,021-1\r\n乙公司,2,3\r\n";

#[test]
fn utf8_is_read_with_and_without_its_mark() {
    for bytes in [PLAIN.as_bytes().to_vec(), [b"\xEF\xBB\xBF", PLAIN.as_bytes()].concat()] {
        let (table, rows) = read(bytes);
        assert_eq!(table.header, ["名称", "代码", "电话"]);
        assert_eq!(table.header_row, 1);
        assert_eq!(texts(&rows[0]), ["甲公司", "910000000000000001", "021-1"]);
        assert_eq!((rows.len(), rows[1].number), (2, 3));
        assert_eq!(rows[0].raw.as_deref(), Some("甲公司,910000000000000001,021-1"));
    }
}

#[test]
fn gb18030_is_recognised_with_four_byte_characters() {
    let text = "名称,地址\n㐂记商行,𠮷祥路1号\n甲公司,上海\n";
    let (bytes, ..) = GB18030.encode(text);
    let mut book = open(bytes.into_owned(), &Limits::default()).unwrap();
    assert_eq!(book.encoding(), Some("GB18030"));
    let table = book.table().unwrap();
    let rows: Vec<Row> = book.rows(&table).unwrap().map(Result::unwrap).collect();
    assert_eq!(table.header, ["名称", "地址"]);
    assert_eq!(texts(&rows[0]), ["㐂记商行", "𠮷祥路1号"]);
    assert!(rows.iter().all(|row| !row.garbled));
}

#[test]
fn utf16_with_a_mark_is_read_in_both_orders() {
    let text = "名称\t代码\r\n甲公司\t1\r\n";
    let little: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for bytes in [little, big] {
        let (table, rows) = read(bytes);
        assert_eq!(table.header, ["名称", "代码"]);
        assert_eq!(texts(&rows[0]), ["甲公司", "1"]);
    }
}

#[test]
fn the_delimiter_is_found_or_named() {
    for text in [
        "名称;金额\n甲;1,5\n乙;2,5\n",
        "名称\t金额\n甲\t1,5\n乙\t2,5\n",
        "sep=;\n名称;金额\n甲;1,5\n",
    ] {
        let (table, rows) = read(text);
        assert_eq!(table.header, ["名称", "金额"]);
        assert_eq!(texts(&rows[0]), ["甲", "1,5"]);
    }
}

#[test]
fn old_mac_line_ends_and_a_missing_last_one_are_read() {
    assert_eq!(read("名称,代码\r甲,1\r乙,2").1.len(), 2);
    assert_eq!(read("名称,代码\n甲,1\n乙,2").1.len(), 2);
}

#[test]
fn ragged_lines_are_rows_with_their_line_and_a_flag() {
    let (_, rows) = read("名称,代码,地区\n甲,1\n乙,2,上海,多余\n丙,3,北京\n丁,4,天津,,\n");
    let flags: Vec<bool> = rows.iter().map(|row| row.width_mismatch).collect();
    assert_eq!(flags, [true, true, false, false]);
    assert_eq!(rows[1].raw.as_deref(), Some("乙,2,上海,多余"));
    assert_eq!(rows[1].cells.len(), 4);
    assert_eq!(rows[0].cell(2), &Cell::Empty);
}

#[test]
fn an_open_quotation_does_not_swallow_the_lines_after_it() {
    let (_, rows) = read("名称,代码,地区\n甲,\"1,上海\n乙,2,北京\n丙,\"3\"x,天津\n丁,4,重庆\n");
    assert_eq!(rows.len(), 4);
    assert!(rows[0].broken_quotes && rows[0].width_mismatch);
    assert_eq!(rows[0].raw.as_deref(), Some("甲,\"1,上海"));
    assert_eq!(texts(&rows[1]), ["乙", "2", "北京"]);
    assert!(rows[2].broken_quotes && !rows[2].width_mismatch);
    assert!(!rows[3].broken_quotes);
}

#[test]
fn a_field_over_several_lines_is_one_row_if_the_whole_fits_the_table() {
    let (table, rows) = read("名称,\"注册资金\n(万元)\",地区\n甲,\"1\n2\n3\",上海\n乙,2,北京\n");
    assert_eq!(table.header, ["名称", "注册资金 (万元)", "地区"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].text(1), "1\n2\n3");
    assert_eq!((rows[0].number, rows[1].number), (2, 3));
}

#[test]
fn lines_in_another_encoding_are_flagged_and_do_not_spoil_the_others() {
    let (gb, ..) = GB18030.encode("乙公司,2");
    let bytes = ["名称,代码\n甲公司,1\n".as_bytes(), &gb, "\n丙公司,3\n".as_bytes()].concat();
    let (_, rows) = read(bytes);
    assert_eq!(rows.iter().map(|row| row.garbled).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(rows[1].text(1), "2");
    assert_eq!(rows[2].text(0), "丙公司");
}

#[test]
fn utf8_lines_in_a_gb18030_file_are_still_read() {
    let (gb, ..) = GB18030.encode("名称,地区\n甲公司,上海\n乙公司,北京\n");
    let bytes = [&gb[..], "丙公司,天津\n".as_bytes()].concat();
    let (_, rows) = read(bytes);
    assert_eq!(texts(&rows[2]), ["丙公司", "天津"]);
}

#[test]
fn lost_characters_pass_through() {
    let (_, rows) = read("名称,代码\n甲\u{FFFD}公司,1\n");
    assert_eq!(rows[0].text(0), "甲\u{FFFD}公司");
    assert!(rows[0].garbled);
}

#[test]
fn blank_lines_are_blank_rows() {
    let (_, rows) = read("名称,代码\n甲,1\n\n乙,2\n,\n");
    assert_eq!(rows.iter().map(Row::is_blank).collect::<Vec<_>>(), [false, true, false, true]);
    assert!(rows.iter().all(|row| !row.width_mismatch));
    assert_eq!(rows[2].number, 4);
}

#[test]
fn titles_above_the_header_are_skipped() {
    let (table, rows) = read("客户名单,,\n导出时间：2024-01-01,,\n名称,代码,地区\n甲,1,上海\n");
    assert_eq!((table.header_row, rows.len(), rows[0].number), (3, 1, 4));
}

#[test]
fn a_header_can_be_pointed_at() {
    let mut book = open("甲,91310000000000001X\n乙,2\n", &Limits::default()).unwrap();
    let table = book.table_at("CSV", 2).unwrap();
    assert_eq!(table.header, ["乙", "2"]);
    assert_eq!(book.table_at("CSV", 9).unwrap_err().reason(), Reason::NoHeader);
}

#[test]
fn rows_of_data_without_names_are_refused_as_having_no_header() {
    let mut book = open("1,2024-01-01\n2,2024-01-02\n", &Limits::default()).unwrap();
    let error = book.table().unwrap_err();
    assert_eq!(error.code(), "workbook.no_header");
    assert_eq!(error.sheet(), Some("CSV"));
}

#[test]
fn a_long_cell_is_cut_and_its_row_says_so() {
    let limits = Limits { max_cell_chars: 5, max_rows: 2, ..Limits::default() };
    let mut book = open("名称,经营范围\n甲,一二三四五六七\n乙,短\n丙,短\n", &limits).unwrap();
    let table = book.table().unwrap();
    let rows: Vec<_> = book.rows(&table).unwrap().collect();
    assert_eq!(rows[0].as_ref().unwrap().too_long, Some(1));
    assert_eq!(rows[0].as_ref().unwrap().text(1), "一二三四五");
    let error = rows[2].as_ref().unwrap_err();
    assert_eq!((error.reason(), error.row(), rows.len()), (Reason::TooManyRows, Some(4), 3));
}
