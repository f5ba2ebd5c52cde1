//! Why a file could not be read or written: a stable code, a message in both languages, and the
//! place where it is known.

use std::error::Error as StdError;
use std::fmt;

use thiserror::Error;

type Cause = Box<dyn StdError + Send + Sync>;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Neither a workbook nor a text table.
    NotAWorkbook,
    /// A web page saved under a workbook's name.
    WebPage,
    /// A workbook of a kind that is not read: `.xlsb`, `.ods`, XML spreadsheet.
    Unsupported,
    /// Protected by a password.
    Encrypted,
    /// Nothing in it.
    Empty,
    /// Larger than allowed.
    TooLarge,
    /// Unpacks to far more than an honest file would.
    Bomb,
    /// More rows than allowed.
    TooManyRows,
    /// More columns than allowed.
    TooManyColumns,
    /// More cells than allowed.
    TooManyCells,
    /// More merged ranges than allowed.
    TooManyMerged,
    /// A line of text longer than any table has.
    LineTooLong,
    /// No row looks like column names.
    NoHeader,
    /// The sheet that was asked for is not there.
    NoSuchSheet,
    /// Begins like a workbook but cannot be read to its end.
    Damaged,
    /// The file could not be read from where it lies.
    Unreadable,
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "workbook.not_a_workbook",
            Self::WebPage => "workbook.web_page",
            Self::Unsupported => "workbook.unsupported",
            Self::Encrypted => "workbook.encrypted",
            Self::Empty => "workbook.empty",
            Self::TooLarge => "workbook.too_large",
            Self::Bomb => "workbook.bomb",
            Self::TooManyRows => "workbook.too_many_rows",
            Self::TooManyColumns => "workbook.too_many_columns",
            Self::TooManyCells => "workbook.too_many_cells",
            Self::TooManyMerged => "workbook.too_many_merged",
            Self::LineTooLong => "workbook.line_too_long",
            Self::NoHeader => "workbook.no_header",
            Self::NoSuchSheet => "workbook.no_such_sheet",
            Self::Damaged => "workbook.damaged",
            Self::Unreadable => "workbook.unreadable",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "这不是 Excel 工作簿，也不是 CSV 文本",
            Self::WebPage => "这是网页另存成的表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传",
            Self::Unsupported => "暂不支持这种表格格式，请另存为 .xlsx 再上传",
            Self::Encrypted => "工作簿设有打开密码，请去掉密码后再上传",
            Self::Empty => "文件里没有内容",
            Self::TooLarge => "文件超过大小上限",
            Self::Bomb => "文件解压后异常庞大，已拒绝读取",
            Self::TooManyRows => "数据行数超过上限",
            Self::TooManyColumns => "列数超过上限",
            Self::TooManyCells => "单元格数量超过上限",
            Self::TooManyMerged => "合并单元格数量超过上限",
            Self::LineTooLong => "有一行文本过长，不像表格",
            Self::NoHeader => "没有找到表头行",
            Self::NoSuchSheet => "没有这张工作表",
            Self::Damaged => "文件已损坏，无法完整读取",
            Self::Unreadable => "无法读取文件",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::NotAWorkbook => "This is neither an Excel workbook nor CSV text",
            Self::WebPage => "This is a web page saved as a table; save it as .xlsx first",
            Self::Unsupported => "This kind of table is not read yet; save it as .xlsx first",
            Self::Encrypted => "The workbook is protected by a password; remove it first",
            Self::Empty => "There is nothing in the file",
            Self::TooLarge => "The file is larger than allowed",
            Self::Bomb => "The file unpacks to an abnormal size and was refused",
            Self::TooManyRows => "There are more rows than allowed",
            Self::TooManyColumns => "There are more columns than allowed",
            Self::TooManyCells => "There are more cells than allowed",
            Self::TooManyMerged => "There are more merged cells than allowed",
            Self::LineTooLong => "A line of text is too long for a table",
            Self::NoHeader => "No row of column names was found",
            Self::NoSuchSheet => "There is no such sheet",
            Self::Damaged => "The file is damaged and cannot be read to its end",
            Self::Unreadable => "The file cannot be read",
        }
    }
}

/// Why a file could not be read. `Display` shows the Chinese message; the source is for the log.
#[derive(Debug, Error)]
#[error("{}", self.zh())]
pub struct ReadError {
    reason: Reason,
    limit: Option<u64>,
    sheet: Option<String>,
    row: Option<usize>,
    column: Option<usize>,
    #[source]
    source: Option<Cause>,
}

impl ReadError {
    pub(crate) const fn new(reason: Reason) -> Self {
        Self { reason, limit: None, sheet: None, row: None, column: None, source: None }
    }

    pub(crate) fn io(source: std::io::Error) -> Self {
        Self::new(Reason::Unreadable).because(source)
    }

    pub(crate) fn because(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) const fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    pub(crate) fn sheet_named(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned());
        self
    }

    pub(crate) const fn at(mut self, row: usize, column: Option<usize>) -> Self {
        self.row = Some(row);
        self.column = column;
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The stable code, such as `workbook.encrypted`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// The sheet, where known.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// The row as Excel counts, where known.
    #[must_use]
    pub const fn row(&self) -> Option<usize> {
        self.row
    }

    /// The cell as Excel names it, such as `C7`, where known.
    #[must_use]
    pub fn cell(&self) -> Option<String> {
        Some(format!("{}{}", column_letters(self.column?), self.row?))
    }

    /// The Chinese message, with the place.
    #[must_use]
    pub fn zh(&self) -> String {
        let mut text = self.reason.zh().to_owned();
        if let Some(limit) = self.limit {
            text.push_str(&format!("（上限 {limit}）"));
        }
        let mut place = Vec::new();
        place.extend(self.sheet.as_ref().map(|name| format!("工作表“{name}”")));
        place.extend(
            self.cell()
                .map(|cell| format!("单元格 {cell}"))
                .or_else(|| self.row.map(|row| format!("第 {row} 行"))),
        );
        if !place.is_empty() {
            text.push_str(&format!("：{}", place.join("，")));
        }
        text
    }

    /// The English message, with the place.
    #[must_use]
    pub fn en(&self) -> String {
        let mut text = self.reason.en().to_owned();
        if let Some(limit) = self.limit {
            text.push_str(&format!(" (at most {limit})"));
        }
        let mut place = Vec::new();
        place.extend(self.sheet.as_ref().map(|name| format!("sheet \"{name}\"")));
        place.extend(
            self.cell()
                .map(|cell| format!("cell {cell}"))
                .or_else(|| self.row.map(|row| format!("row {row}"))),
        );
        if !place.is_empty() {
            text.push_str(&format!(": {}", place.join(", ")));
        }
        text
    }
}

impl From<ReadError> for values::Error {
    fn from(error: ReadError) -> Self {
        let (code, zh, en) = (error.code(), error.zh(), error.en());
        match error.reason {
            Reason::Unreadable => Self::internal(error),
            Reason::TooLarge
            | Reason::Bomb
            | Reason::TooManyRows
            | Reason::TooManyColumns
            | Reason::TooManyCells
            | Reason::TooManyMerged => {
                Self::new(values::Kind::Limited, code, zh, en).with_source(error)
            }
            _ => Self::invalid("file", code, zh, en).with_source(error),
        }
    }
}

/// The letters Excel gives the column with this index, counted from 0.
pub(crate) fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// Why a file could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The workbook could not be built.
    #[error("生成工作簿失败")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The text table could not be built.
    #[error("生成 CSV 失败")]
    Text(#[from] csv::Error),
    /// The target could not be written.
    #[error("写入文件失败")]
    Io(#[from] std::io::Error),
    /// A row has another number of values than there are columns.
    #[error("一行有 {found} 个值，而列数是 {expected}")]
    Width {
        /// The number of columns.
        expected: usize,
        /// The number of values.
        found: usize,
    },
    /// More columns than a sheet holds, or none at all.
    #[error("列数不合适：{0}")]
    Columns(usize),
}

impl From<WriteError> for values::Error {
    fn from(error: WriteError) -> Self {
        Self::internal(error)
    }
}

/// Runs work of a foreign parser: should it panic on a crafted file, the file counts as damaged.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(ReadError::new(Reason::Damaged).because(Panicked)))
}

/// A parser gave up in the crudest way.
#[derive(Debug)]
struct Panicked;

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the parser panicked")
    }
}

impl StdError for Panicked {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        let names: Vec<_> = [0, 25, 26, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn messages_name_the_place_in_both_languages() {
        let error = ReadError::new(Reason::TooManyColumns).sheet_named("客户").at(7, Some(2));
        assert_eq!(error.zh(), "列数超过上限：工作表“客户”，单元格 C7");
        assert_eq!(error.en(), "There are more columns than allowed: sheet \"客户\", cell C7");
        assert_eq!(values::Error::from(error).code(), "workbook.too_many_columns");
    }

    #[test]
    fn a_panicking_parser_is_a_damaged_file() {
        let outcome = guarded::<()>(|| panic!("as a parser might"));
        assert_eq!(outcome.map_err(|error| error.reason()), Err(Reason::Damaged));
    }
}
