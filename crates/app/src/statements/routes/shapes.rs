//! The shapes of statements over HTTP. Amounts are in fen.

use std::collections::BTreeMap;

use fiscal::returns::Return;
use fiscal::rules::{Cell, Fact, Outcome, RuleResult, Subject};
use fiscal::statements::{Column, Layout, Standard, Statement, StatementKind, Unit, Unlisted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Error, Fen, Period, Result};

use crate::statements::checking::severity_word;
use crate::statements::operations::Content;
use crate::statements::rows::{Counts, RevisionRow, Set, Signed};
use crate::statements::viewing::{Exception, May, Page};

/// Reads one of fiscal's words, such as `balance_sheet`.
pub fn word<T: serde::de::DeserializeOwned>(field: &'static str, text: &str) -> Result<T> {
    serde_json::from_value(text.into()).map_err(|_| {
        let (zh, en) = (format!("没有“{text}”这个取值"), format!("There is no \"{text}\" here"));
        Error::invalid(field, "statement.word", zh, en)
    })
}

/// One of fiscal's words as text.
pub fn text_of<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

/// Figures of one statement: by column, then by the number of the line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementShape {
    /// `balance_sheet`, `income` or `cash_flow`.
    pub kind: String,
    /// `small` or `general`.
    pub standard: String,
    /// `prescribed` unless told, `before2019` or `foreign`.
    #[serde(default = "prescribed")]
    pub layout: String,
    /// `yuan` unless told, `thousand` or `ten_thousand`: the unit it was printed in.
    #[serde(default = "yuan")]
    pub unit: String,
    /// Whether the source carries fen.
    #[serde(default = "yes")]
    pub carries_fen: bool,
    /// In fen: `closing`, `opening`, `current`, `year_to_date` or `prior`, then the line's number.
    pub columns: BTreeMap<String, BTreeMap<String, i64>>,
    /// Lines that the source prints, blank ones too; those with figures when left out.
    #[serde(default)]
    pub printed: Vec<u16>,
    /// Rows with figures that no line of the chart matches.
    #[serde(default)]
    pub unlisted: Vec<UnlistedShape>,
}

/// A row that no line of the chart matches.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlistedShape {
    /// As it is printed.
    pub name: String,
    /// In fen, by column.
    pub figures: BTreeMap<String, i64>,
}

fn prescribed() -> String {
    "prescribed".to_owned()
}

fn yuan() -> String {
    "yuan".to_owned()
}

const fn yes() -> bool {
    true
}

impl StatementShape {
    /// The statement of a period.
    pub fn read(self, period: Period) -> Result<Statement> {
        let kind: StatementKind = word("kind", &self.kind)?;
        let standard: Standard = word("standard", &self.standard)?;
        let layout: Layout = word("layout", &self.layout)?;
        let unit: Unit = word("unit", &self.unit)?;
        let chart = fiscal::statements::chart::chart(standard, layout, kind);
        let mut columns = BTreeMap::new();
        let mut printed: std::collections::BTreeSet<u16> = self.printed.into_iter().collect();
        for (column, lines) in self.columns {
            let column: Column = word("columns", &column)?;
            let mut figures = BTreeMap::new();
            for (line, fen) in lines {
                let number = line.parse::<u16>().ok().filter(|line| chart.line(*line).is_some());
                let number = number.ok_or_else(|| {
                    Error::invalid(
                        line.clone(),
                        "statement.line",
                        format!("该报表没有第 {line} 行"),
                        format!("This statement has no line {line}"),
                    )
                })?;
                figures.insert(number, Fen(fen));
                printed.insert(number);
            }
            columns.insert(column, figures);
        }
        let mut unlisted = Vec::with_capacity(self.unlisted.len());
        for row in self.unlisted {
            let mut figures = BTreeMap::new();
            for (column, fen) in row.figures {
                figures.insert(word("unlisted", &column)?, Fen(fen));
            }
            let place = fiscal::statements::Place {
                file: String::new(),
                sheet: String::new(),
                row: 0,
                column: 0,
            };
            unlisted.push(Unlisted { name: row.name, figures, place });
        }
        Ok(Statement {
            standard,
            layout,
            kind,
            period,
            unit,
            carries_fen: self.carries_fen,
            columns,
            printed,
            unlisted,
            places: BTreeMap::new(),
        })
    }

    /// A statement as it is shown.
    pub fn of(statement: &Statement) -> Self {
        let lines = |figures: &BTreeMap<u16, Fen>| {
            figures.iter().map(|(line, fen)| (line.to_string(), fen.0)).collect()
        };
        let unlisted = |row: &Unlisted| UnlistedShape {
            name: row.name.clone(),
            figures: row.figures.iter().map(|(column, fen)| (text_of(column), fen.0)).collect(),
        };
        Self {
            kind: text_of(statement.kind),
            standard: text_of(statement.standard),
            layout: text_of(statement.layout),
            unit: text_of(statement.unit),
            carries_fen: statement.carries_fen,
            columns: statement
                .columns
                .iter()
                .map(|(column, figures)| (text_of(column), lines(figures)))
                .collect(),
            printed: statement.printed.iter().copied().collect(),
            unlisted: statement.unlisted.iter().map(unlisted).collect(),
        }
    }
}

/// Figures to be saved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementSave {
    /// The statements, of kind `FS`.
    #[serde(default)]
    pub statements: Vec<StatementShape>,
    /// The return, of any other kind: form, period, columns of lines in fen, rows and header.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub filed: Option<serde_json::Value>,
    /// What is known of the client at that period besides, such as `restricted_cash` in fen.
    #[serde(default)]
    pub facts: BTreeMap<String, i64>,
    /// The cause, of a correction of what was submitted once: `client`, `firm` or `policy`.
    #[serde(default)]
    pub cause: Option<crate::statements::rules::Cause>,
    /// Why.
    #[serde(default)]
    pub why: String,
}

impl StatementSave {
    /// What is to be saved for a period.
    pub fn content(&mut self, period: Period) -> Result<Content> {
        let mut content = Content::default();
        for shape in std::mem::take(&mut self.statements) {
            content.statements.push(shape.read(period)?);
        }
        if let Some(filed) = self.filed.take() {
            content.filed = Some(serde_json::from_value::<Return>(filed).map_err(|source| {
                Error::invalid(
                    "filed",
                    "statement.return",
                    "申报表内容的格式不正确",
                    format!("The return does not fit: {source}"),
                )
            })?);
        }
        for (name, value) in std::mem::take(&mut self.facts) {
            content.facts.insert(word::<Fact>("facts", &name)?, value);
        }
        Ok(content)
    }
}

/// Somebody and when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedView {
    /// The user.
    id: String,
    /// Their name then.
    name: String,
    /// When (RFC 3339).
    at: String,
}

impl From<&Signed> for SignedView {
    fn from(signed: &Signed) -> Self {
        Self { id: signed.id.to_string(), name: signed.name.clone(), at: signed.at.rfc3339() }
    }
}

/// How many rules end how.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CountsView {
    /// Broken, of level error.
    errors: i64,
    /// Broken, of level warning.
    warnings: i64,
    /// Broken, of level hint.
    hints: i64,
    /// Not checkable.
    uncheckable: i64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { errors, warnings, hints, uncheckable } = counts;
        Self { errors, warnings, hints, uncheckable }
    }
}

/// A set without its figures: the statements of a period, or one return.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementRow {
    /// `FS`, or the key of a return.
    kind: String,
    /// The period, such as `2026-09`.
    #[schema(value_type = String)]
    period: Period,
    /// Where it stands.
    state: crate::statements::rules::State,
    /// The version, for `If-Match`.
    version: i64,
    /// The newest revision.
    number: i64,
    /// Who made it.
    prepared: SignedView,
    /// Who submitted it.
    submitted: Option<SignedView>,
    /// Who reviewed it.
    reviewed: Option<SignedView>,
    /// Who approved it.
    approved: Option<SignedView>,
    /// The first submission.
    first_submitted: Option<SignedView>,
    /// Broken rules of level error in the first submission.
    first_errors: Option<i64>,
    /// How its rules end.
    counts: CountsView,
}

impl From<&Set> for StatementRow {
    fn from(set: &Set) -> Self {
        let signed = |signed: &Option<Signed>| signed.as_ref().map(Into::into);
        Self {
            kind: set.kind.key().to_owned(),
            period: set.period,
            state: set.state,
            version: set.version,
            number: set.number,
            prepared: (&set.prepared).into(),
            submitted: signed(&set.submitted),
            reviewed: signed(&set.reviewed),
            approved: signed(&set.approved),
            first_submitted: set.first.as_ref().map(|first| (&first.signed).into()),
            first_errors: set.first.as_ref().map(|first| first.errors),
            counts: set.counts.into(),
        }
    }
}

/// Whether the caller may do something now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MayView {
    /// Whether.
    allowed: bool,
    /// Why not, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Why not, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_en: Option<String>,
}

/// What the caller may do, by name.
pub fn may(may: Vec<May>) -> BTreeMap<&'static str, MayView> {
    let view = |may: May| {
        let (reason, reason_en) = may.refused.unzip();
        (may.what, MayView { allowed: reason.is_none(), reason, reason_en })
    };
    may.into_iter().map(view).collect()
}

/// The sets of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementList {
    /// The newest period first.
    pub items: Vec<StatementRow>,
    /// Whether the caller may `import` and `view` here.
    #[schema(value_type = BTreeMap<String, MayView>)]
    pub may: BTreeMap<&'static str, MayView>,
}

/// A cell that enters a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CellView {
    /// `left` or `right` of the rule; empty for a cell that is merely named.
    side: &'static str,
    /// 1 or -1 when it is added; 0 when it enters through a calculation.
    sign: i8,
    /// What it holds, in fen.
    fen: Option<i64>,
    /// The period.
    #[schema(value_type = String)]
    period: Period,
    /// `balance_sheet`, `income` or `cash_flow`; none of a return or fact.
    statement: Option<String>,
    /// The return's key.
    form: Option<String>,
    /// The column.
    column: Option<String>,
    /// The line's number.
    line: Option<String>,
    /// Its name in Chinese.
    zh: String,
    /// Its name in English.
    en: String,
}

impl CellView {
    fn of(cell: &Cell, side: &'static str, sign: i8, fen: Option<Fen>) -> Self {
        let (zh, en) = cell.names();
        let (period, statement, form, column, line) = match *cell {
            Cell::Statement(_, _, period, kind, column, line) => {
                (period, Some(text_of(kind)), None, Some(text_of(column)), Some(line.to_string()))
            }
            Cell::Return(period, form, column, line) => {
                let (form, column) = (form.key().to_owned(), text_of(column));
                (period, None, Some(form), Some(column), Some(line.to_string()))
            }
            Cell::Fact(period, _) => (period, None, None, None, None),
        };
        let fen = fen.map(|fen| fen.0);
        Self { side, sign, fen, period, statement, form, column, line, zh, en }
    }
}

/// What a rule says of a set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultView {
    /// The rule's id.
    rule: String,
    /// Its name in Chinese.
    name: String,
    /// Its name in English.
    name_en: String,
    /// `error`, `warning` or `hint`.
    severity: String,
    /// `holds`, `broken`, `uncheckable` or `excepted`.
    outcome: String,
    /// Of which statement.
    statement: Option<String>,
    /// Of which column.
    column: Option<String>,
    /// Both sides and what lies between them, in fen, when it is broken.
    left_fen: Option<i64>,
    /// The right side.
    right_fen: Option<i64>,
    /// Left less right.
    difference_fen: Option<i64>,
    /// What the sides may lie apart, in fen.
    tolerance_fen: i64,
    /// The sentence for the reader.
    zh: String,
    /// The same in English.
    en: String,
    /// The cells that enter a broken rule: the places to look at.
    cells: Vec<CellView>,
    /// Blank cells that counted as zero.
    blanks: Vec<CellView>,
}

impl ResultView {
    fn of(result: &RuleResult) -> Self {
        let breach = result.breach();
        let (statement, column) = match result.subject {
            Subject::Statement(kind, column) => (Some(text_of(kind)), Some(text_of(column))),
            Subject::Return(_) | Subject::Client => (None, None),
        };
        let cells = breach.map(|breach| {
            let entries = breach.entries.iter();
            let side = |left: bool| if left { "left" } else { "right" };
            entries
                .map(|one| CellView::of(&one.cell, side(one.left), one.sign, Some(one.amount)))
                .collect()
        });
        let blanks = result.blanks.iter().map(|cell| CellView::of(cell, "", 0, None)).collect();
        Self {
            rule: result.rule.to_owned(),
            name: result.name.0.to_owned(),
            name_en: result.name.1.to_owned(),
            severity: severity_word(result.severity).to_owned(),
            outcome: result.outcome.key().to_owned(),
            statement,
            column,
            left_fen: breach.map(|breach| breach.left.0),
            right_fen: breach.map(|breach| breach.right.0),
            difference_fen: breach.map(|breach| breach.difference.0),
            tolerance_fen: result.tolerance.0,
            zh: result.zh(),
            en: result.en(),
            cells: cells.unwrap_or_default(),
            blanks,
        }
    }
}

/// An accepted exception.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExceptionView {
    rule: String,
    number: i64,
    by: SignedView,
    why: String,
}

impl From<&Exception> for ExceptionView {
    fn from(one: &Exception) -> Self {
        let (rule, why) = (one.rule.clone(), one.why.clone());
        Self { rule, number: one.number, by: (&one.signed).into(), why }
    }
}

/// A set with its figures and what rules say of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementView {
    #[serde(flatten)]
    row: StatementRow,
    /// The revision that is shown.
    shown: i64,
    /// Why that revision was made.
    why: String,
    /// The statements.
    statements: Vec<StatementShape>,
    /// The return.
    #[schema(value_type = Option<Object>)]
    filed: Option<Return>,
    /// What is known of the client at that period besides.
    facts: BTreeMap<String, i64>,
    /// What rules say: broken ones first, the gravest first; of the newest revision only.
    results: Vec<ResultView>,
    /// Accepted exceptions of the newest revision.
    exceptions: Vec<ExceptionView>,
    /// `import`, `correct`, `submit`, `send_back`, `review`, `accept`, `approve`, `reopen`.
    #[schema(value_type = BTreeMap<String, MayView>)]
    may: BTreeMap<&'static str, MayView>,
}

impl StatementView {
    /// The view of a page.
    pub fn of(page: Page) -> Self {
        let weight = |result: &RuleResult| match result.outcome {
            Outcome::Broken(_) => 0,
            Outcome::Excepted(..) => 1,
            Outcome::Uncheckable(_) => 2,
            Outcome::Holds => 3,
        };
        let mut results: Vec<&RuleResult> = page.results.iter().collect();
        results.sort_by_key(|result| (weight(result), result.severity));
        let facts = page.revision.facts.iter();
        Self {
            row: (&page.set).into(),
            shown: page.revision.number,
            why: page.revision.why.clone(),
            statements: page.revision.statements.iter().map(StatementShape::of).collect(),
            facts: facts.map(|(fact, value)| (text_of(fact), *value)).collect(),
            results: results.into_iter().map(ResultView::of).collect(),
            exceptions: page.exceptions.iter().map(Into::into).collect(),
            filed: page.revision.filed,
            may: may(page.may),
        }
    }
}

/// A revision as history lists it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionView {
    number: i64,
    by: SignedView,
    /// `upload`, `typed` or `command`.
    source: String,
    /// `client`, `firm` or `policy`, of a correction.
    cause: Option<String>,
    /// Its address in the core store: a keyed hash of what it says.
    address: String,
}

impl From<&RevisionRow> for RevisionView {
    fn from(row: &RevisionRow) -> Self {
        Self {
            number: row.number,
            by: (&row.signed).into(),
            source: row.source.clone(),
            cause: row.cause.clone(),
            address: row.address.to_string(),
        }
    }
}
