//! The tables of a web page, as tax systems save them under a workbook's name.
//!
//! Only tokens are read, never a tree: tables that lie in each other or are never closed cost no
//! more than flat ones. The whole page is one grid: text between the tables is a row of one cell,
//! so that a title stays above its table.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::{Encoding, GB18030};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use crate::cell::{Cell, Row, trim};
use crate::error::{ReadError, Reason};
use crate::grid::{Grid, Merged};
use crate::limits::Limits;

/// No page that holds statements is larger.
const MAX_PAGE: usize = 32 << 20;
/// What a page without a title is called.
const PAGE: &str = "HTML";

/// The text of a page: by its mark, else by what it declares, else UTF-8 if it is, else GB18030.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(body).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let declared = declared(bytes).filter(|encoding| encoding.is_ascii_compatible());
    // What declares UTF-8 and is not was declared by a template, not by who wrote the file.
    let encoding = declared.filter(|found| *found != encoding_rs::UTF_8).unwrap_or(GB18030);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..4096).unwrap_or(bytes).to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")?;
    let rest = head.get(at + 8..)?;
    let label: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|byte| b"\"' ".contains(byte))
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
        .collect();
    Encoding::for_label(&label)
}

/// A cell being read.
#[derive(Default)]
struct OpenCell {
    row: usize,
    column: usize,
    text: String,
    /// The exact number that Excel writes beside what it shows.
    number: Option<String>,
}

/// A table being read.
#[derive(Default)]
struct OpenTable {
    row: Option<usize>,
    column: usize,
    /// Columns of this row that cells of rows above reach into.
    taken: BTreeSet<usize>,
    /// How many more rows a cell above reaches into, by column.
    reach: BTreeMap<usize, usize>,
    cell: Option<OpenCell>,
}

/// A page being read.
struct Page<'l> {
    limits: &'l Limits,
    rows: Vec<Row>,
    merged: Vec<Merged>,
    tables: Vec<OpenTable>,
    loose: String,
    title: String,
    /// The element whose text is nobody's to read, or is the title.
    within: Option<&'static str>,
    cells: usize,
}

/// Reads the tables of a page.
pub(crate) fn page(text: &str, limits: &Limits) -> Result<Grid, ReadError> {
    if text.len() > MAX_PAGE {
        return Err(ReadError::new(Reason::TooLarge).limit(MAX_PAGE as u64));
    }
    let mut page = Page {
        limits,
        rows: Vec::new(),
        merged: Vec::new(),
        tables: Vec::new(),
        loose: String::new(),
        title: String::new(),
        within: None,
        cells: 0,
    };
    let mut emitter = DefaultEmitter::<()>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag)?,
            Token::EndTag(tag) => page.close(&tag.name)?,
            Token::String(text) => page.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    while !page.tables.is_empty() {
        page.close(b"table")?;
    }
    page.flush()?;
    let title = squeeze(&page.title);
    let sheet = if title.is_empty() { PAGE.to_owned() } else { title };
    let mut rows = page.rows;
    rows.retain(|row| !row.is_blank());
    Ok(Grid { sheet, hidden: false, rows, merged: page.merged })
}

impl Page<'_> {
    fn open(&mut self, tag: &StartTag<()>) -> Result<(), ReadError> {
        match tag.name.as_slice() {
            b"table" => {
                self.end_cell()?;
                self.flush()?;
                self.tables.push(OpenTable::default());
            }
            b"tr" => {
                self.end_cell()?;
                self.start_row()?;
            }
            b"td" | b"th" => {
                self.end_cell()?;
                self.start_cell(tag)?;
            }
            b"br" | b"p" | b"div" | b"h1" | b"h2" | b"h3" | b"h4" | b"li" => self.line_end()?,
            b"script" => self.within = Some("script"),
            b"style" => self.within = Some("style"),
            b"title" => self.within = Some("title"),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), ReadError> {
        match name {
            b"td" | b"th" | b"tr" => self.end_cell()?,
            b"table" => {
                self.end_cell()?;
                self.tables.pop();
            }
            b"p" | b"div" | b"h1" | b"h2" | b"h3" | b"h4" | b"li" => self.line_end()?,
            b"script" | b"style" | b"title" => self.within = None,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match self.within {
            Some("title") => self.title.push_str(text),
            Some(_) => {}
            None => match self.tables.last_mut() {
                Some(OpenTable { cell: Some(cell), .. }) => cell.text.push_str(text),
                // Text between rows is a page's fault and a reader's guess; it is left out.
                Some(_) => {}
                None => self.loose.push_str(text),
            },
        }
    }

    /// A line ends: within a cell it is a blank, outside of tables a row of its own.
    fn line_end(&mut self) -> Result<(), ReadError> {
        match self.tables.last_mut() {
            Some(OpenTable { cell: Some(cell), .. }) => {
                cell.text.push(' ');
                Ok(())
            }
            Some(_) => Ok(()),
            None => self.flush(),
        }
    }

    fn flush(&mut self) -> Result<(), ReadError> {
        let text = squeeze(&std::mem::take(&mut self.loose));
        if text.is_empty() {
            return Ok(());
        }
        let row = self.new_row()?;
        self.put(row, 0, Cell::Text(text))
    }

    fn new_row(&mut self) -> Result<usize, ReadError> {
        let row = self.rows.len();
        if row >= self.limits.max_rows {
            let limit = self.limits.max_rows as u64;
            return Err(ReadError::new(Reason::TooManyRows).limit(limit).at(row + 1, None));
        }
        self.rows.push(Row { number: row + 1, ..Row::default() });
        Ok(row)
    }

    fn start_row(&mut self) -> Result<(), ReadError> {
        if self.tables.is_empty() {
            self.flush()?;
            self.tables.push(OpenTable::default());
        }
        let row = self.new_row()?;
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        table.row = Some(row);
        table.column = 0;
        table.taken = table.reach.keys().copied().collect();
        table.reach.retain(|_, rows| {
            *rows = rows.saturating_sub(1);
            *rows > 0
        });
        Ok(())
    }

    fn start_cell(&mut self, tag: &StartTag<()>) -> Result<(), ReadError> {
        if self.tables.last().is_none_or(|table| table.row.is_none()) {
            self.start_row()?;
        }
        let max_columns = self.limits.max_columns;
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let Some(row) = table.row else { return Ok(()) };
        while table.taken.contains(&table.column) {
            table.column += 1;
        }
        let column = table.column;
        let (wide, high) = (span(tag, b"colspan", max_columns), span(tag, b"rowspan", 65_536));
        if column + wide > max_columns {
            return Err(ReadError::new(Reason::TooManyColumns)
                .limit(max_columns as u64)
                .at(row + 1, Some(column)));
        }
        table.column = column + wide;
        if high > 1 {
            table.reach.extend((column..column + wide).map(|column| (column, high - 1)));
        }
        let number = tag.attributes.get(b"x:num".as_slice());
        let number = number.map(|value| String::from_utf8_lossy(value).into_owned());
        table.cell = Some(OpenCell { row, column, text: String::new(), number });
        if wide > 1 || high > 1 {
            let limit = self.limits.max_merged;
            if self.merged.len() >= limit {
                return Err(ReadError::new(Reason::TooManyMerged)
                    .limit(limit as u64)
                    .at(row + 1, Some(column)));
            }
            self.merged.push(Merged {
                first_row: row + 1,
                last_row: row + high,
                first_column: column,
                last_column: column + wide - 1,
            });
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), ReadError> {
        let Some(open) = self.tables.last_mut().and_then(|table| table.cell.take()) else {
            return Ok(());
        };
        let number = open.number.and_then(|text| text.trim().parse::<f64>().ok());
        let cell = match number {
            Some(value) => Cell::number(value),
            None => Cell::Text(squeeze(&open.text)),
        };
        self.put(open.row, open.column, cell)
    }

    fn put(&mut self, row: usize, column: usize, mut cell: Cell) -> Result<(), ReadError> {
        if cell.is_blank() {
            return Ok(());
        }
        cell.cut(self.limits.max_cell_chars);
        let Some(into) = self.rows.get_mut(row) else { return Ok(()) };
        self.cells += (column + 1).saturating_sub(into.cells.len());
        if self.cells > self.limits.max_grid_cells {
            let limit = self.limits.max_grid_cells as u64;
            return Err(ReadError::new(Reason::TooManyCells).limit(limit).at(row + 1, None));
        }
        if into.cells.len() <= column {
            into.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = into.cells.get_mut(column) {
            *slot = cell;
        }
        Ok(())
    }
}

/// How many columns or rows a cell takes; a page that says nothing, or nonsense, means one.
fn span(tag: &StartTag<()>, name: &[u8], most: usize) -> usize {
    let value = tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let parsed = value.and_then(|text| text.trim().parse::<usize>().ok()).unwrap_or(1);
    parsed.clamp(1, most)
}

/// Runs of blanks as one, as a browser shows them; those that may not break stay.
fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty()) {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    trim(&squeezed).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> Vec<Vec<String>> {
        let grid = page(html, &Limits::default()).unwrap();
        grid.rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| cell.text().into_owned()).collect())
            .collect()
    }

    #[test]
    fn spans_keep_later_cells_in_their_columns() {
        let rows = texts(
            "<h3>利润表</h3><table><tr><th rowspan=2>项目<th colspan=2>金额</tr>\
             <tr><td>本月<td>本年</tr><tr><td>营业&nbsp;收入<td>1<td>2</table>",
        );
        let expected: [&[&str]; 4] =
            [&["利润表"], &["项目", "金额"], &["", "本月", "本年"], &["营业\u{A0}收入", "1", "2"]];
        assert_eq!(rows, expected);
    }

    #[test]
    fn tables_within_tables_follow_in_order_and_scripts_are_not_read() {
        let rows = texts(
            "<script>var t = '<td>9</td>';</script><table><tr><td>外<table><tr><td>内</td>\
             </tr></table></td><td>右</td></tr></table>",
        );
        assert_eq!(rows, [vec!["外", "右"], vec!["内"]]);
    }

    #[test]
    fn the_exact_number_of_a_cell_wins_over_what_is_shown() {
        assert_eq!(texts("<table><tr><td x:num=\"12.345\">12</table>"), [["12.345"]]);
        assert_eq!(texts("<table><tr><td x:num>1,200.50</table>"), [["1,200.50"]]);
    }

    #[test]
    fn a_page_is_decoded_as_it_declares_or_as_it_is() {
        let (gb, ..) = GB18030.encode("<table><tr><td>资产总计");
        assert!(decode(&gb).contains("资产总计"));
        let mut declared = b"<meta charset=gb2312>".to_vec();
        declared.extend_from_slice(&gb);
        assert!(decode(&declared).contains("资产总计"));
        assert!(decode("<td>资产".as_bytes()).contains("资产"));
    }

    #[test]
    fn a_page_that_asks_for_too_much_is_refused() {
        let wide = "<td colspan=600>".repeat(3);
        let refused = page(&format!("<table><tr>{wide}"), &Limits::default());
        assert_eq!(refused.unwrap_err().reason(), Reason::TooManyColumns);
        let rows = "<tr><td>甲".repeat(50);
        let limits = Limits { max_rows: 10, ..Limits::default() };
        assert_eq!(page(&rows, &limits).unwrap_err().reason(), Reason::TooManyRows);
    }
}
