//! What becomes of a row: a draft of a client, or why not. Pure: the store is not asked here.

use std::collections::{BTreeMap, HashMap};

use documents::{Cell, Row};
use fiscal::identifiers::{self, Kind as IdentifierKind};
use fiscal::{Severity, capital, placeholders};
use jiff::civil::Date;
use values::{Error, Result};

use super::matching::{self, Mapping, Target};
use crate::clients::fields::{self, Spec};
use crate::clients::rules;

/// What an import does with rows whose code is known, and with rows whose code is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// New clients only.
    #[default]
    Create,
    /// Known clients only, found by their credit code.
    Update,
    /// Both.
    Both,
}

/// What the last row of a list is called when it sums the others up.
const TOTALS: [&str; 5] = ["合计", "总计", "小计", "共计", "累计"];

impl Mode {
    /// The word of the API, the command line and the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Both => "both",
        }
    }

    /// The mode of a word.
    ///
    /// # Errors
    /// Invalid for another word.
    pub fn read(word: &str) -> Result<Self> {
        match word {
            "create" => Ok(Self::Create),
            "update" => Ok(Self::Update),
            "both" => Ok(Self::Both),
            _ => Err(Error::invalid(
                "mode",
                "import.mode",
                "导入方式应为 create、update 或 both",
                "The mode must be create, update or both",
            )),
        }
    }
}

/// What a row says of a client: checked texts, not sealed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The client's own fields.
    pub fields: BTreeMap<&'static str, String>,
    /// One row for each list that the file has columns of.
    pub lists: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
    /// Where the client is to stand: its stage, 负责人 and department as the row names them.
    pub place: BTreeMap<&'static str, String>,
    /// What was left out or should be looked at.
    pub notes: Vec<Note>,
}

/// What a person should look at of a row that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The column by its place in the file; nothing for the whole row.
    pub position: Option<usize>,
    /// Stable, such as `date.unreadable`.
    pub code: &'static str,
    /// Why, and what came of it.
    pub zh: String,
    /// What stood there; not kept of confidential fields.
    pub value: Option<String>,
}

/// Characters of a value that a note keeps.
const NOTED_MOST: usize = 200;

impl Note {
    /// A note on a whole row.
    pub fn row(code: &'static str, zh: impl Into<String>) -> Self {
        Self { position: None, code, zh: zh.into(), value: None }
    }

    /// A note on a cell. What is confidential stays in the sealed file.
    pub fn cell(
        (position, spec): (usize, &Spec),
        code: &'static str,
        zh: impl Into<String>,
        text: &str,
    ) -> Self {
        let (zh, text) = (zh.into(), text.trim());
        let open = spec.level < 3;
        let zh = if open || !zh.contains(text) { zh } else { "内容无法识别".to_owned() };
        let value = open.then(|| text.chars().take(NOTED_MOST).collect());
        Self { position: Some(position), code, zh, value }
    }
}

impl Draft {
    /// The credit code.
    #[must_use]
    pub fn uscc(&self) -> Option<&str> {
        self.fields.get("uscc").map(String::as_str)
    }
}

/// Why a row does not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, such as `uscc.old_15`.
    pub code: &'static str,
    /// For the column 原因.
    pub zh: String,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(code: &'static str, zh: impl Into<String>) -> Self {
        Self { code, zh: zh.into() }
    }
}

/// What becomes of a row before the store is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// It may come in.
    Draft(Draft),
    /// It is wrong.
    Rejected(Refusal),
    /// Its code stood in the file before.
    Duplicate(Refusal),
}

impl Planned {
    /// The credit code of a row that may come in.
    #[must_use]
    pub fn uscc(&self) -> Option<&str> {
        match self {
            Self::Draft(draft) => draft.uscc(),
            Self::Rejected(_) | Self::Duplicate(_) => None,
        }
    }
}

/// Plans the rows of one file in their order; remembers the codes that were met.
#[derive(Debug)]
pub struct Planner<'m> {
    mapping: &'m Mapping,
    width: usize,
    today: Date,
    mode: Mode,
    met: HashMap<[u8; 18], u32>,
}

impl<'m> Planner<'m> {
    /// A planner for a table of so many columns.
    #[must_use]
    pub fn new(mapping: &'m Mapping, width: usize, today: Date, mode: Mode) -> Self {
        Self { mapping, width, today, mode, met: HashMap::new() }
    }

    /// What becomes of a row: validity first, then whether its code was met before.
    pub fn plan(&mut self, row: &Row) -> Planned {
        let draft = match self.draft(row) {
            Ok(draft) => draft,
            Err(refusal) => return Planned::Rejected(refusal),
        };
        let code: Option<[u8; 18]> = draft.uscc().and_then(|code| code.as_bytes().try_into().ok());
        if let Some(code) = code {
            let number = u32::try_from(row.number).unwrap_or(u32::MAX);
            let first = *self.met.entry(code).or_insert(number);
            if first != number {
                return Planned::Duplicate(Refusal::new(
                    "uscc.repeated",
                    format!("信用代码与第 {first} 行重复，已以第 {first} 行为准"),
                ));
            }
        }
        Planned::Draft(draft)
    }

    fn draft(&self, row: &Row) -> Result<Draft, Refusal> {
        let ragged = row.width_mismatch || row.broken_quotes;
        let name = self.name(row);
        let uscc = self.uscc(row);
        if let Err(refusal) = name.as_ref().and(uscc.as_ref()) {
            // Where the code is not in its place either, that is what should be put right.
            let wrong_code = uscc.is_err() && refusal.code != "name.missing";
            return Err(match (ragged && wrong_code, refusal.code) {
                (true, code) if !matches!(code, "row.garbled" | "uscc.old_15") => self.shifted(row),
                _ => refusal.clone(),
            });
        }
        let mut draft = Draft::default();
        let code_there = matches!(uscc, Ok(Some(_)));
        draft.fields.extend(name.ok().flatten().map(|name| ("name", name)));
        draft.fields.extend(uscc.ok().flatten().map(|code| ("uscc", code)));
        if !ragged {
            self.rest(row, &mut draft, |_| true);
            return Ok(draft);
        }
        if row.cells.len() < self.width && !row.broken_quotes {
            // A line whose empty end was left out reads well in every column that is there.
            let mut whole = draft.clone();
            self.rest(row, &mut whole, |_| true);
            if whole.notes.is_empty() {
                return Ok(whole);
            }
        }
        if !code_there {
            return Err(self.shifted(row));
        }
        // Name and code are right, so the columns up to them are in their place, and no others.
        let last = self.mapping.column("uscc").max(self.mapping.column("name")).unwrap_or(0);
        draft.notes.push(Note::row(
            "row.width",
            "这一行的列数与表头不符，只采用了名称和信用代码及其之前的列",
        ));
        self.rest(row, &mut draft, |index| index <= last);
        Ok(draft)
    }

    fn shifted(&self, row: &Row) -> Refusal {
        let (found, wanted) = (row.cells.len(), self.width);
        if found == wanted {
            return Refusal::new("row.quotes", "引号不成对，无法分清各列，请检查这一行");
        }
        Refusal::new("row.width", format!("这一行有 {found} 列，表头有 {wanted} 列，各列已错位"))
    }

    /// The name. In update mode a file may go without that column, not a row without its cell.
    fn name(&self, row: &Row) -> Result<Option<String>, Refusal> {
        let Some(index) = self.mapping.column("name") else { return Ok(None) };
        let text = row.text(index);
        if placeholders::looks_garbled(&text) {
            return Err(garbled());
        }
        if placeholders::is_placeholder(&text) {
            return Err(Refusal::new("name.missing", "缺少企业名称"));
        }
        if TOTALS.contains(&text.trim()) {
            return Err(Refusal::new("row.total", "这是合计行，不是客户"));
        }
        let spec = fields::field("name");
        match spec.map(|spec| rules::check(spec, &text, self.today)) {
            Some(Ok(Some(checked))) => Ok(Some(checked.value)),
            Some(Err(finding)) => Err(Refusal::new(finding.code, finding.zh)),
            _ => Err(Refusal::new("name.missing", "缺少企业名称")),
        }
    }

    /// The code: a valid one, or an empty cell where a client may do without.
    fn uscc(&self, row: &Row) -> Result<Option<String>, Refusal> {
        let Some(index) = self.mapping.column("uscc") else { return Ok(None) };
        let cell = row.cell(index);
        if cell.is_blank() {
            return match self.mode {
                Mode::Update => {
                    Err(Refusal::new("uscc.missing", "缺少信用代码，无法确定要更新的客户"))
                }
                _ => Ok(None),
            };
        }
        if matches!(cell, Cell::Number { rounded: true, .. }) {
            return Err(Refusal::new(
                "uscc.rounded",
                "信用代码按数字存放，末几位已被 Excel 改为 0；请把该列设为文本后重新填写",
            ));
        }
        let text = cell.text();
        if placeholders::looks_garbled(&text) {
            return Err(garbled());
        }
        if placeholders::is_placeholder(&text) {
            return Err(Refusal::new(
                "uscc.placeholder",
                format!("“{text}”不是信用代码；暂无代码的客户请将此格留空"),
            ));
        }
        let report = identifiers::check(&text, Some(IdentifierKind::Uscc), self.today);
        match report.findings.into_iter().find(fiscal::Finding::is_error) {
            Some(finding) => Err(Refusal::new(finding.code, finding.zh)),
            None => Ok(Some(report.normalised)),
        }
    }

    /// All other columns: what cannot be read is left out and counted, the row stays.
    fn rest(&self, row: &Row, draft: &mut Draft, wanted: impl Fn(usize) -> bool) {
        for (index, target) in self.mapping.filled() {
            let own = target.spec.list.is_none();
            let known = own && matches!(target.spec.key, "name" | "uscc");
            if !known && wanted(index) {
                self.value(index, row.cell(index), target, draft);
            }
        }
        if row.too_long.is_some() {
            draft.notes.push(Note::row("text.too_long", "内容过长的单元格已截断"));
        }
    }

    fn value(&self, index: usize, cell: &Cell, target: Target, draft: &mut Draft) {
        if cell.is_blank() || matches!(cell, Cell::Error(_)) {
            return;
        }
        let spec = target.spec;
        let (at, text) = ((index, spec), cell.text());
        if matches!(cell, Cell::Number { rounded: true, .. }) && !Mapping::is_money(target) {
            let zh = "数字过长，末几位已被表格软件改动，未采用";
            draft.notes.push(Note::cell(at, "number.rounded", zh, &text));
            return;
        }
        let bare = Mapping::is_money(target) && is_bare(&text);
        let amount = (bare && target.unit == Some(capital::Unit::TenThousand))
            .then(|| format!("{}万元", text.trim()));
        match rules::check(spec, amount.as_deref().unwrap_or(&text), self.today) {
            Ok(None) => {}
            Ok(Some(checked)) => {
                let looked = checked.findings.iter().filter(|f| f.severity == Severity::Warning);
                draft.notes.extend(looked.map(|f| Note::cell(at, f.code, f.zh.clone(), &text)));
                if bare && target.unit.is_none() {
                    let zh = "金额和列名都没有写单位，按“元”读取，请核对";
                    draft.notes.push(Note::cell(at, "capital.unit_assumed", zh, &text));
                }
                if let (Some(currency), "registered_capital_fen") = (checked.currency, spec.key) {
                    draft.fields.insert("capital_currency", currency.to_owned());
                }
                if matching::places(spec) {
                    draft.place.insert(spec.key, checked.value);
                    return;
                }
                match spec.list {
                    None => draft.fields.insert(spec.key, checked.value),
                    Some(list) => {
                        draft.lists.entry(list).or_default().insert(spec.key, checked.value)
                    }
                };
            }
            Err(finding) => {
                let zh = format!("{}，未采用", finding.zh);
                draft.notes.push(Note::cell(at, finding.code, zh, &text));
            }
        }
    }
}

fn garbled() -> Refusal {
    Refusal::new("row.garbled", "这一行是乱码，请用正确的编码重新导出")
}

/// Whether a text is an amount that names no unit.
fn is_bare(text: &str) -> bool {
    capital::parse(text).is_err_and(|finding| finding.code == "capital.unit_missing")
}

/// How many rows came to what; together they are all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New clients.
    pub created: u64,
    /// Known clients that changed.
    pub updated: u64,
    /// Known clients that were so already.
    pub unchanged: u64,
    /// Wrong rows.
    pub rejected: u64,
    /// Rows whose code is taken.
    pub duplicates: u64,
}

impl Counts {
    /// All rows.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.rejected + self.duplicates
    }
}

/// How often each reason occurred: of refused rows, and of values that were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reasons {
    /// By code, of rows that were refused.
    pub refused: BTreeMap<String, u64>,
    /// By code, of values that were left out or should be looked at.
    pub warned: BTreeMap<String, u64>,
    /// Why the import could not go on, if it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Reasons {
    /// Counts a refused row.
    pub fn refuse(&mut self, code: &str) {
        *self.refused.entry(code.to_owned()).or_default() += 1;
    }

    /// Counts what was left out of a row that came in.
    pub fn warn(&mut self, notes: &[Note]) {
        for note in notes {
            *self.warned.entry(note.code.to_owned()).or_default() += 1;
        }
    }
}

/// The states of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The file is here.
    Uploaded,
    /// All rows are being looked at; nothing is written.
    Checking,
    /// What would happen is known.
    Checked,
    /// Rows are coming in.
    Running,
    /// All rows were dealt with.
    Done,
    /// Somebody stopped it; what had come in stays.
    Cancelled,
    /// It could not go on; what had come in stays.
    Failed,
    /// It was taken back.
    Undone,
}

const STATES: [(State, &str); 8] = [
    (State::Uploaded, "uploaded"),
    (State::Checking, "checking"),
    (State::Checked, "checked"),
    (State::Running, "running"),
    (State::Done, "done"),
    (State::Cancelled, "cancelled"),
    (State::Failed, "failed"),
    (State::Undone, "undone"),
];

impl State {
    /// The word of the store and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        STATES.iter().find(|(state, _)| *state == self).map_or("failed", |(_, word)| word)
    }

    /// The state of a stored word.
    #[must_use]
    pub fn read(word: &str) -> Self {
        STATES.iter().find(|(_, w)| *w == word).map_or(Self::Failed, |(state, _)| *state)
    }

    /// Whether a worker is at it.
    #[must_use]
    pub const fn active(self) -> bool {
        matches!(self, Self::Checking | Self::Running)
    }

    /// Whether it has ended with something that could be taken back.
    #[must_use]
    pub const fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}
