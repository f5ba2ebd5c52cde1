//! Files read as grids: every cell where it stands, whatever the file is.

use documents::{Cell, Limits, Reason, grids};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};

fn two_sheets() -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("资产负债表")?;
    sheet.merge_range(0, 0, 0, 3, "资产负债表", &Format::new())?;
    sheet.write(3, 1, 1234.5)?;
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 31)?;
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_datetime_with_format(4, 0, &date, &day)?;
    let hidden = book.add_worksheet().set_name("草稿")?;
    hidden.set_hidden(true);
    hidden.write(0, 0, "x")?;
    book.save_to_buffer()
}

#[test]
fn every_sheet_of_a_workbook_is_there_with_its_merged_ranges() {
    let grids = grids(two_sheets().unwrap(), &Limits::default()).unwrap();
    assert_eq!(grids.len(), 2);
    let first = &grids[0];
    assert_eq!((first.sheet.as_str(), first.hidden), ("资产负债表", false));
    let merged = first.merged[0];
    assert_eq!((merged.first_row, merged.last_row), (1, 1));
    assert_eq!((merged.first_column, merged.last_column), (0, 3));
    let numbers: Vec<_> = first.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 4, 5]);
    assert_eq!(first.rows[1].text(1), "1234.5");
    assert!(matches!(first.rows[2].cell(0), Cell::Date(day) if day.to_string() == "2026-03-31"));
    assert!(grids[1].hidden);
}

#[test]
fn a_text_table_is_one_grid_in_either_spelling() {
    let text = "资产负债表\n项目,期末余额\n货币资金,\"1,234.50\"\n";
    let (gb, ..) = encoding_rs::GB18030.encode(text);
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [gb.into_owned(), marked] {
        let grids = grids(bytes, &Limits::default()).unwrap();
        assert_eq!(grids[0].rows[0].text(0), "资产负债表");
        assert_eq!(grids[0].rows[2].text(1), "1,234.50");
    }
}

#[test]
fn a_web_page_saved_as_xls_is_one_grid() {
    let html = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\
        <title>利润表</title></head><body><table><tr><td colspan=2>利润表</td></tr>\
        <tr><td>营业收入</td><td>1,000.00</td></tr></table></body></html>";
    let (gb, ..) = encoding_rs::GB18030.encode(html);
    let grids = grids(gb.into_owned(), &Limits::default()).unwrap();
    assert_eq!(grids.len(), 1);
    assert_eq!(grids[0].sheet, "利润表");
    assert_eq!(grids[0].rows[1].text(1), "1,000.00");
}

#[test]
fn more_cells_than_allowed_are_refused_with_their_place() {
    let limits = Limits { max_grid_cells: 3, ..Limits::default() };
    let refused = grids("a,b\nc,d\n".as_bytes(), &limits).unwrap_err();
    assert_eq!((refused.reason(), refused.row()), (Reason::TooManyCells, Some(2)));
}

#[test]
fn more_merged_cells_than_any_form_has_are_refused() {
    let limits = Limits { max_merged: 2, ..Limits::default() };
    let cells = "<td colspan=2>甲</td>";
    let page = format!("<html><table><tr>{}</tr></table></html>", cells.repeat(3));
    assert_eq!(grids(page.as_bytes(), &limits).unwrap_err().reason(), Reason::TooManyMerged);
    let fits = format!("<html><table><tr>{}</tr></table></html>", cells.repeat(2));
    assert!(grids(fits.as_bytes(), &limits).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn mutated_workbooks_never_panic(at in any::<prop::sample::Index>(), byte: u8, cut in 0..3_u8) {
        let mut bytes = two_sheets().unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if cut == 0 {
            bytes.truncate(index);
        }
        let _ = grids(bytes, &Limits::default());
    }

    #[test]
    fn pages_of_any_tags_never_panic(parts in prop::collection::vec(
        prop::sample::select(vec![
            "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=9 colspan=3>",
            "<th colspan=70000>", "甲", "1,2", "<br>", "<script>", "</script>", "<title>", "&nbsp;",
            "<td x:num=1e400>", "<!--", "-->", "\u{0}",
        ]), 0..60))
    {
        let _ = grids(format!("<html>{}", parts.concat()), &Limits::default());
    }
}
