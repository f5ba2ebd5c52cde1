//! Finding the row of column names by what it holds: titles, notices and units stand above it.

use crate::cell::{Cell, Row, trim};

/// How far down a header is looked for.
pub(crate) const SAMPLE_ROWS: usize = 50;
/// A column name is not longer than this; a notice is.
const MAX_NAME_CHARS: usize = 60;

/// The index, within the sample, of the first row that looks like column names.
pub(crate) fn find(sample: &[Row]) -> Option<usize> {
    let mut counts: Vec<usize> =
        sample.iter().map(Row::filled).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    // Four rows of five are no wider than this: a single overlong line does not count.
    let width = *counts.get((counts.len() * 4 / 5).min(counts.len().checked_sub(1)?))?;
    let needed = if width <= 2 { width } else { width.div_ceil(2) };
    sample.iter().position(|row| {
        let filled = row.filled();
        let data = row.cells.iter().filter(|cell| is_data(cell)).count();
        filled >= needed && data * 3 <= filled && !repeats(row)
    })
}

/// The names in a row; blanks at its end are left out.
pub(crate) fn names(row: &Row) -> Vec<String> {
    let mut names: Vec<String> = row
        .cells
        .iter()
        .map(|cell| cell.text().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// Names repeat now and then, but not most of them.
fn repeats(row: &Row) -> bool {
    let mut texts: Vec<_> =
        row.cells.iter().filter(|cell| !cell.is_blank()).map(Cell::text).collect();
    let all = texts.len();
    texts.sort_unstable();
    texts.dedup();
    texts.len() * 2 < all
}

fn is_data(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) => is_data_text(trim(text)),
        _ => true,
    }
}

/// Numbers, amounts, days, codes, prose and labelled values are data; short words are names.
fn is_data_text(text: &str) -> bool {
    let chars = text.chars().count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let figures =
        text.chars().filter(|c| matches!(c, ',' | '.' | '-' | '+' | '/' | ':' | '%' | '¥' | ' '));
    let plain_figures = digits > 0 && digits + figures.count() == chars;
    let chinese_day = digits >= 5 && text.contains('年') && text.contains('月');
    let code = digits >= 6 && digits * 2 > chars;
    let labelled = text
        .split_once(['：', ':'])
        .is_some_and(|(label, value)| !label.contains(['（', '(']) && !value.trim().is_empty());
    plain_figures || chinese_day || code || labelled || chars > MAX_NAME_CHARS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Row {
        let cells = texts.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        Row { cells, ..Row::default() }
    }

    #[test]
    fn titles_and_units_above_the_header_are_skipped() {
        let sample = [
            row(&["客户登记表", "", "", ""]),
            row(&["单位：示例事务所", "", "", "2024年3月"]),
            row(&["名称", "代码", "成立日期", "注册资本"]),
            row(&["甲公司", "91310000MA1K35X21A", "2020-01-01", "100"]),
            row(&["乙公司", "91310000MA1K35X22B", "2020-01-01", "100"]),
        ];
        assert_eq!(find(&sample), Some(2));
    }

    #[test]
    fn rows_of_data_alone_have_no_header() {
        let sample = [
            row(&["甲公司", "91310000MA1K35X21A", "2020-01-01"]),
            row(&["乙公司", "91310000MA1K35X22B", "2020-01-02"]),
        ];
        assert_eq!(find(&sample), None);
        assert_eq!(find(&[]), None);
    }

    #[test]
    fn a_header_alone_is_found_and_names_lose_their_line_breaks() {
        let header = row(&["名称", "注册资金\n(万元)", "", ""]);
        assert_eq!(find(std::slice::from_ref(&header)), Some(0));
        assert_eq!(names(&header), ["名称", "注册资金 (万元)"]);
    }
}
