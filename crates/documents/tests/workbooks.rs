//! Workbooks that were written are read back as they were meant.

use std::io::{Cursor, Read};

use documents::{
    Cell, Column, Date, Format, Kind, Layout, Limits, Reason, Row, Table, Value, WriteError,
    XlsxWriter, open, open_path, write_csv, write_template, write_xlsx,
};
use rust_xlsxwriter::{Format as Look, Workbook as Foreign};

#[cfg(test)]
fn layout() -> Layout {
    Layout::new(
        "客户",
        vec![
            Column::new("名称", Kind::Text),
            Column::new("统一社会信用代码", Kind::Text),
            Column::new("人数", Kind::Integer),
            Column::new("注册资本（元）", Kind::Money),
            Column::new("成立日期", Kind::Date),
            Column::new("一般纳税人", Kind::Bool),
        ],
    )
}

#[cfg(test)]
fn row(name: &str) -> Vec<Value> {
    vec![
        name.into(),
        "910000000000000001".into(),
        Value::Integer(12),
        Value::Fen(-123_456_789),
        Date::new(2020, 2, 29).into(),
        true.into(),
    ]
}

#[cfg(test)]
fn read(bytes: Vec<u8>) -> (Table, Vec<Row>) {
    let mut book = open(bytes, &Limits::default()).unwrap();
    let table = book.table().unwrap();
    let rows = book.rows(&table).unwrap().map(Result::unwrap).collect();
    (table, rows)
}

#[cfg(test)]
fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.text().into_owned()).collect()
}

#[cfg(test)]
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_workbook_comes_back_as_it_went_out() {
    let bytes = write_xlsx(&layout(), [row("甲公司"), row("乙公司")]).unwrap();
    let (table, rows) = read(bytes);
    assert_eq!((table.sheet.as_str(), table.header_row, table.header.len()), ("客户", 1, 6));
    let expected = ["甲公司", "910000000000000001", "12", "-1234567.89", "2020-02-29", "是"];
    assert_eq!(texts(&rows[0]), expected);
    assert_eq!(rows[0].cell(4).date(), Date::new(2020, 2, 29));
    assert_eq!((rows.len(), rows[1].number), (2, 3));
}

#[test]
fn a_text_table_comes_back_as_it_went_out() {
    let bytes = write_csv(&layout(), [row("甲,\"公司\"\n二部")]).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let (_, rows) = read(bytes);
    let expected =
        ["甲,\"公司\"\n二部", "910000000000000001", "12", "-1234567.89", "2020-02-29", "是"];
    assert_eq!(texts(&rows[0]), expected);
    assert!(!rows[0].width_mismatch && !rows[0].broken_quotes);
}

#[test]
fn a_notice_above_the_header_is_skipped_when_read() {
    let layout =
        layout().notice("仅供内部使用，禁止外传").watermark("王某 & 李某 2024-01-01 10:00");
    let bytes = write_xlsx(&layout, [row("甲公司")]).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("王某 &amp;&amp; 李某 2024-01-01 10:00"));
    assert!(sheet.contains("<autoFilter ref=\"A2:F3\"") && sheet.contains("ySplit=\"2\""));
    let (table, rows) = read(bytes);
    assert_eq!((table.header_row, rows[0].number), (2, 3));
    let (table, rows) = read(write_csv(&layout, [row("甲公司")]).unwrap());
    assert_eq!((table.header_row, rows[0].number), (2, 3));
}

#[test]
fn nothing_that_goes_out_is_a_formula() {
    let evil = ["=1+1", "+86 21", "-", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", "{=1}"];
    for name in evil {
        let bytes = write_xlsx(&layout(), [row(name)]).unwrap();
        assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
        assert_eq!(read(bytes).1[0].text(0), name.trim());
        let bytes = write_csv(&layout(), [row(name)]).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let field = text.lines().nth(1).unwrap().trim_start_matches('"');
        assert!(field.starts_with('\'') || name == "{=1}", "{field}");
        assert_eq!(read(bytes).1[0].text(0), name.trim());
    }
}

#[test]
fn numbers_too_long_for_a_workbook_go_out_as_text() {
    let columns = vec![Column::new("编号", Kind::Integer), Column::new("金额", Kind::Money)];
    let values = vec![Value::Integer(913_201_250_000_009_948), Value::Fen(i64::MIN)];
    let bytes = write_xlsx(&Layout::new("长数", columns), [values]).unwrap();
    assert_eq!(texts(&read(bytes).1[0]), ["913201250000009948", "-92233720368547758.08"]);
}

#[test]
fn a_row_of_another_width_is_refused() {
    let mut writer = XlsxWriter::new(&layout()).unwrap();
    let outcome = writer.row(&[Value::Empty]);
    assert!(matches!(outcome, Err(WriteError::Width { expected: 6, found: 1 })));
    assert!(matches!(XlsxWriter::new(&Layout::new("空", vec![])), Err(WriteError::Columns(0))));
}

#[test]
fn a_text_longer_than_a_cell_is_cut_with_a_mark() {
    let columns = vec![Column::new("名称", Kind::Text), Column::new("范围", Kind::Text)];
    let values = vec!["甲".into(), "字".repeat(40_000).into()];
    let rows = read(write_xlsx(&Layout::new("长文", columns), [values]).unwrap()).1;
    assert!(rows[0].text(1).ends_with("已截断）"));
    assert!(rows[0].text(1).chars().count() <= 32_767);
}

#[test]
fn workbooks_of_others_are_read_with_merged_titles_long_numbers_and_gaps() {
    let mut book = Foreign::new();
    book.add_worksheet().set_name("封面").unwrap();
    let sheet = book.add_worksheet().set_name("名单").unwrap();
    sheet.merge_range(0, 0, 0, 3, "客户登记表", &Look::new()).unwrap();
    sheet.write_string(1, 3, "单位：元").unwrap();
    for (column, name) in (0_u16..).zip([" 名称 ", "代码", "日期", "金额\n(元)"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    let day = Look::new().set_num_format("yyyy年m月d日");
    sheet.write_string(3, 0, "\u{3000}甲公司 ").unwrap();
    sheet.write_number(3, 1, 913_201_250_000_009_948.0_f64).unwrap();
    sheet.write_number_with_format(3, 2, 45_292.0, &day).unwrap();
    sheet.write_number(3, 3, 1200.5).unwrap();
    sheet.write_string(6, 0, "乙公司").unwrap();
    sheet.write_string(6, 1, "110101199003070000").unwrap();
    sheet.write_boolean(6, 3, true).unwrap();
    let mut book = open(book.save_to_buffer().unwrap(), &Limits::default()).unwrap();
    assert_eq!(book.format(), Format::Xlsx);
    assert_eq!(book.sheets().len(), 2);
    let table = book.table().unwrap();
    assert_eq!(table.header, ["名称", "代码", "日期", "金额 (元)"]);
    assert_eq!((table.sheet.as_str(), table.header_row), ("名单", 3));
    let rows: Vec<Row> = book.rows(&table).unwrap().map(Result::unwrap).collect();
    assert!(rows[0].text(1).starts_with("9132012500000") && rows[0].text(1).len() == 18);
    assert!(matches!(rows[0].cell(1), Cell::Number { rounded: true, .. }));
    assert_eq!(
        [rows[0].text(0), rows[0].text(2), rows[0].text(3)],
        ["甲公司", "2024-01-01", "1200.5"]
    );
    assert_eq!((rows.len(), rows[1].number, rows[1].cells.len()), (2, 7, 4));
    assert_eq!(rows[1].text(1), "110101199003070000");
    assert_eq!(rows[1].cell(3), &Cell::Bool(true));
}

#[test]
fn more_rows_or_columns_than_allowed_are_refused_with_their_place() {
    let bytes = write_xlsx(&layout(), [row("甲"), row("乙"), row("丙")]).unwrap();
    let mut book = open(bytes.clone(), &Limits { max_rows: 2, ..Limits::default() }).unwrap();
    let table = book.table().unwrap();
    let last = book.rows(&table).unwrap().last().unwrap().unwrap_err();
    assert_eq!(
        (last.reason(), last.row(), last.sheet()),
        (Reason::TooManyRows, Some(4), Some("客户"))
    );
    let mut book = open(bytes, &Limits { max_columns: 5, ..Limits::default() }).unwrap();
    let error = book.table().unwrap_err();
    assert_eq!((error.reason(), error.cell().as_deref()), (Reason::TooManyColumns, Some("F1")));
}

#[test]
fn a_file_on_disk_is_read_and_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("名单.csv");
    let layout = layout().scratch(directory.path());
    std::fs::write(&path, write_xlsx(&layout, [row("甲公司")]).unwrap()).unwrap();
    let mut book = open_path(&path, &Limits::default()).unwrap();
    assert_eq!(book.format(), Format::Xlsx, "content decides, not the name");
    let table = book.table().unwrap();
    assert_eq!(book.rows(&table).unwrap().count(), 1);
    assert_eq!(book.rows(&table).unwrap().count(), 1);
    let missing = open_path(directory.path().join("没有"), &Limits::default()).map(|_| ());
    assert_eq!(missing.unwrap_err().reason(), Reason::Unreadable);
}

#[test]
fn a_template_offers_notes_choices_and_instructions() {
    let columns = vec![
        Column::new("名称", Kind::Text).required().note("营业执照上的全称"),
        Column::new("纳税人类型", Kind::Text).choices(["一般纳税人", "小规模纳税人", "其他,未定"]),
        Column::new("成立日期", Kind::Date),
    ];
    let instructions = vec!["一行一个客户。".to_owned(), "不要改动列名。".to_owned()];
    let bytes = write_template(&Layout::new("客户", columns), &instructions).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<formula1>'选项'!$A$1:$A$3</formula1>"));
    assert!(part(&bytes, "xl/comments1.xml").contains("营业执照上的全称"));
    let mut book = open(bytes, &Limits::default()).unwrap();
    let names: Vec<_> = book.sheets().iter().map(|s| (s.name.clone(), s.hidden)).collect();
    let expected = [("客户", false), ("填写说明", false), ("选项", true)];
    assert_eq!(names, expected.map(|(name, hidden)| (name.to_owned(), hidden)));
    let tables = book.tables().unwrap();
    assert_eq!(tables[0].header, ["名称", "纳税人类型", "成立日期"]);
    assert_eq!(tables[1].header, ["列名", "必填", "格式", "说明", "可选值"]);
    assert_eq!(book.rows(&tables[0]).unwrap().count(), 0);
}
