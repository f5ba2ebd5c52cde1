//! All SQL of the tables of statements. No amount passes through here.

use trust::database::{Reader, Row, Value, Writer};
use trust::vault::CoreAddress;
use values::{ClientId, DepartmentId, Micros, Period, Result, UserId};

use super::rules::{SetKind, State};

/// Somebody and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub id: UserId,
    /// Their name then.
    pub name: String,
    /// When.
    pub at: Micros,
}

/// How many rules end how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Broken, of level error.
    pub errors: i64,
    /// Broken, of level warning.
    pub warnings: i64,
    /// Broken, of level hint.
    pub hints: i64,
    /// Not checkable.
    pub uncheckable: i64,
}

/// The first submission, as the accuracy figure counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The revision that was submitted.
    pub address: CoreAddress,
    /// By whom and when.
    pub signed: Signed,
    /// The month, in the firm's zone.
    pub month: String,
    /// The client's department then.
    pub department: Option<DepartmentId>,
    /// Error-level outcomes that it had.
    pub errors: i64,
}

/// A set: the statements of a period, or one return.
#[derive(Debug, Clone)]
pub struct Set {
    /// The client.
    pub client: ClientId,
    /// Which kind.
    pub kind: SetKind,
    /// Of which period.
    pub period: Period,
    /// Where it stands.
    pub state: State,
    /// Grows with each change.
    pub version: i64,
    /// The newest revision's number.
    pub number: i64,
    /// Where the newest revision lies.
    pub head: CoreAddress,
    /// Who made it.
    pub prepared: Signed,
    /// Who submitted it last.
    pub submitted: Option<Signed>,
    /// Who reviewed it.
    pub reviewed: Option<Signed>,
    /// Who approved it.
    pub approved: Option<Signed>,
    /// The first submission.
    pub first: Option<First>,
    /// How its rules end.
    pub counts: Counts,
    /// The revision that was approved last; 0 when none was.
    pub settled: i64,
}

const SET: &str = "SELECT client_id, kind, period, state, version, number, head, prepared_by, \
    prepared_by_name, prepared_at, submitted_by, submitted_by_name, submitted_at, reviewed_by, \
    reviewed_by_name, reviewed_at, approved_by, approved_by_name, approved_at, first, first_by, \
    first_by_name, first_at, first_month, first_department, first_errors, errors, warnings, \
    hints, uncheckable, settled FROM statement_set WHERE client_id = $1 \
    ORDER BY ends_on DESC, kind, period";

fn signed(row: &Row, from: usize) -> Result<Option<Signed>> {
    let Some(id) = row.opt_id(from)? else { return Ok(None) };
    Ok(Some(Signed { id, name: row.text(from + 1)?, at: row.micros(from + 2)? }))
}

fn set_of(row: &Row) -> Result<Set> {
    let first = match (row.opt_bytes(19)?, signed(row, 20)?) {
        (Some(address), Some(signed)) => Some(First {
            address: CoreAddress::from_bytes(&address)?,
            signed,
            month: row.text(23)?,
            department: row.opt_id(24)?,
            errors: row.int(25)?,
        }),
        _ => None,
    };
    Ok(Set {
        client: row.id(0)?,
        kind: SetKind::read(&row.text(1)?)?,
        period: row.text(2)?.parse()?,
        state: State::of_word(&row.text(3)?)?,
        version: row.int(4)?,
        number: row.int(5)?,
        head: CoreAddress::from_bytes(&row.bytes(6)?)?,
        prepared: Signed { id: row.id(7)?, name: row.text(8)?, at: row.micros(9)? },
        submitted: signed(row, 10)?,
        reviewed: signed(row, 13)?,
        approved: signed(row, 16)?,
        first,
        counts: Counts {
            errors: row.int(26)?,
            warnings: row.int(27)?,
            hints: row.int(28)?,
            uncheckable: row.int(29)?,
        },
        settled: row.int(30)?,
    })
}

/// All sets of a client, the newest period first.
pub async fn sets(reader: &mut Reader, client: ClientId) -> Result<Vec<Set>> {
    reader.rows(SET, &[client.into()]).await?.iter().map(set_of).collect()
}

/// Makes whoever else changes the client's statements wait until this transaction ends.
pub async fn lock(writer: &mut Writer, client: ClientId) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_book (client_id, version) VALUES ($1, 1) \
             ON CONFLICT (client_id) DO UPDATE SET version = statement_book.version + 1",
            &[client.into()],
        )
        .await
        .map(drop)
}

fn address(address: CoreAddress) -> Value {
    address.as_bytes().to_vec().into()
}

fn signature(signed: Option<&Signed>) -> [Value; 3] {
    match signed {
        Some(Signed { id, name, at }) => [(*id).into(), name.into(), (*at).into()],
        None => [Value::Null, Value::Null, Value::Null],
    }
}

/// Writes a set as it is now; `seen` is the version that it had, none for a new one.
///
/// # Errors
/// Conflict when somebody was faster.
pub async fn save_set(writer: &mut Writer, set: &Set, seen: Option<i64>) -> Result<()> {
    if seen.is_none() {
        writer
            .execute(
                "INSERT INTO statement_set (client_id, kind, period, ends_on, state, version, \
                 number, head, prepared_by, prepared_by_name, prepared_at, errors, warnings, \
                 hints, uncheckable, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, 0, 0, 0, 0, $10)",
                &[
                    set.client.into(),
                    set.kind.key().into(),
                    set.period.to_string().into(),
                    set.period.last_day().to_string().into(),
                    set.state.word().into(),
                    set.number.into(),
                    address(set.head),
                    set.prepared.id.into(),
                    (&set.prepared.name).into(),
                    set.prepared.at.into(),
                ],
            )
            .await?;
    }
    let mut params: Vec<Value> = vec![
        set.client.into(),
        set.kind.key().into(),
        set.period.to_string().into(),
        seen.unwrap_or(0).into(),
        set.version.into(),
        set.state.word().into(),
        set.number.into(),
        address(set.head),
    ];
    params.extend(signature(Some(&set.prepared)));
    params.extend(signature(set.submitted.as_ref()));
    params.extend(signature(set.reviewed.as_ref()));
    params.extend(signature(set.approved.as_ref()));
    let first = set.first.as_ref();
    params.push(first.map(|first| first.address.as_bytes().to_vec()).into());
    params.extend(signature(first.map(|first| &first.signed)));
    params.push(first.map(|first| first.month.clone()).into());
    params.push(first.and_then(|first| first.department).into());
    params.push(first.map(|first| first.errors).into());
    params.push(set.settled.into());
    writer
        .change(
            "UPDATE statement_set SET version = $5, state = $6, number = $7, head = $8, \
             prepared_by = $9, prepared_by_name = $10, prepared_at = $11, submitted_by = $12, \
             submitted_by_name = $13, submitted_at = $14, reviewed_by = $15, \
             reviewed_by_name = $16, reviewed_at = $17, approved_by = $18, \
             approved_by_name = $19, approved_at = $20, first = $21, first_by = $22, \
             first_by_name = $23, first_at = $24, first_month = $25, first_department = $26, \
             first_errors = $27, settled = $28 \
             WHERE client_id = $1 AND kind = $2 AND period = $3 AND version = $4",
            &params,
            1,
        )
        .await
}

/// A revision as history lists it.
#[derive(Debug, Clone)]
pub struct RevisionRow {
    /// Its number, counted from 1.
    pub number: i64,
    /// Where it lies.
    pub address: CoreAddress,
    /// By whom and when.
    pub signed: Signed,
    /// `upload`, `typed` or `command`.
    pub source: String,
    /// The cause of a correction.
    pub cause: Option<String>,
}

/// Adds a revision to a set's history.
pub async fn add_revision(writer: &mut Writer, set: &Set, revision: &RevisionRow) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_revision (client_id, kind, period, number, address, at, \
             by_id, by_name, source, cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                set.client.into(),
                set.kind.key().into(),
                set.period.to_string().into(),
                revision.number.into(),
                address(revision.address),
                revision.signed.at.into(),
                revision.signed.id.into(),
                (&revision.signed.name).into(),
                (&revision.source).into(),
                revision.cause.clone().into(),
            ],
        )
        .await
        .map(drop)
}

/// Who signed a revision of a set since its last approval: their work waits for a review.
pub async fn authors(reader: &mut Reader, set: &Set) -> Result<Vec<UserId>> {
    let rows = reader
        .rows(
            "SELECT DISTINCT by_id FROM statement_revision \
             WHERE client_id = $1 AND kind = $2 AND period = $3 AND number > $4",
            &[
                set.client.into(),
                set.kind.key().into(),
                set.period.to_string().into(),
                set.settled.into(),
            ],
        )
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// A set's history, the newest first.
pub async fn revisions(
    reader: &mut Reader,
    client: ClientId,
    kind: SetKind,
    period: Period,
) -> Result<Vec<RevisionRow>> {
    let rows = reader
        .rows(
            "SELECT number, address, at, by_id, by_name, source, cause FROM statement_revision \
             WHERE client_id = $1 AND kind = $2 AND period = $3 ORDER BY number DESC",
            &[client.into(), kind.key().into(), period.to_string().into()],
        )
        .await?;
    let revision = |row: &Row| {
        Ok(RevisionRow {
            number: row.int(0)?,
            address: CoreAddress::from_bytes(&row.bytes(1)?)?,
            signed: Signed { id: row.id(3)?, name: row.text(4)?, at: row.micros(2)? },
            source: row.text(5)?,
            cause: row.opt_text(6)?,
        })
    };
    rows.iter().map(revision).collect()
}

/// How a rule ended for a set, without any figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeRow {
    /// The rule.
    pub rule: String,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// `broken`, `excepted` or `uncheckable`.
    pub state: String,
    /// 0 for an error, 1 for a warning, 2 for a hint.
    pub rank: i64,
}

/// Replaces a set's outcomes; what was open before keeps the moment since when it is.
pub async fn replace_outcomes(
    writer: &mut Writer,
    set: &Set,
    outcomes: &[OutcomeRow],
    now: Micros,
) -> Result<()> {
    let key = || -> [Value; 3] {
        [set.client.into(), set.kind.key().into(), set.period.to_string().into()]
    };
    let before = writer
        .rows(
            "SELECT rule, state, since, severity FROM statement_outcome \
             WHERE client_id = $1 AND kind = $2 AND period = $3",
            &key(),
        )
        .await?;
    let mut since = std::collections::BTreeMap::new();
    let mut same = before.len() == outcomes.len();
    for row in &before {
        let (rule, state, severity) = (row.text(0)?, row.text(1)?, row.text(3)?);
        same &= outcomes
            .iter()
            .any(|now| now.rule == rule && now.state == state && now.severity == severity);
        since.insert((rule, state), row.int(2)?);
    }
    if same {
        return Ok(());
    }
    if !before.is_empty() {
        writer
            .execute(
                "DELETE FROM statement_outcome \
                 WHERE client_id = $1 AND kind = $2 AND period = $3",
                &key(),
            )
            .await?;
    }
    let row = |outcome: &OutcomeRow| {
        let known = since.get(&(outcome.rule.clone(), outcome.state.clone())).copied();
        let mut row: Vec<Value> = key().into();
        row.extend([
            (&outcome.rule).into(),
            (&outcome.severity).into(),
            (&outcome.state).into(),
            outcome.rank.into(),
            known.unwrap_or(now.0).into(),
        ]);
        row
    };
    let rows: Vec<Vec<Value>> = outcomes.iter().map(row).collect();
    let columns: &[&str] =
        &["client_id", "kind", "period", "rule", "severity", "state", "rank", "since"];
    writer.insert_many("statement_outcome", columns, &rows).await?;
    count(writer, set, outcomes, now).await
}

/// Notes how many rules of a set end how.
async fn count(writer: &mut Writer, set: &Set, outcomes: &[OutcomeRow], now: Micros) -> Result<()> {
    let open = |severity: &str| {
        let is = |o: &&OutcomeRow| o.state == "broken" && o.severity == severity;
        i64::try_from(outcomes.iter().filter(is).count()).unwrap_or(i64::MAX)
    };
    let blind = outcomes.iter().filter(|o| o.state == "uncheckable").count();
    let mut params: Vec<Value> =
        vec![set.client.into(), set.kind.key().into(), set.period.to_string().into()];
    params.extend([
        open("error").into(),
        open("warning").into(),
        open("hint").into(),
        i64::try_from(blind).unwrap_or(i64::MAX).into(),
        now.into(),
    ]);
    writer
        .change(
            "UPDATE statement_set SET errors = $4, warnings = $5, hints = $6, \
             uncheckable = $7, updated_at = $8 \
             WHERE client_id = $1 AND kind = $2 AND period = $3",
            &params,
            1,
        )
        .await
}

/// An accepted exception.
#[derive(Debug, Clone)]
pub struct ExceptionRow {
    /// The set.
    pub kind: SetKind,
    /// The set's period.
    pub period: Period,
    /// The revision that it was accepted for; a newer one asks anew.
    pub number: i64,
    /// The rule.
    pub rule: String,
    /// By whom and when.
    pub signed: Signed,
    /// Where the reason lies.
    pub reason: CoreAddress,
}

/// All accepted exceptions of a client.
pub async fn exceptions(reader: &mut Reader, client: ClientId) -> Result<Vec<ExceptionRow>> {
    let rows = reader
        .rows(
            "SELECT kind, period, number, rule, by_id, by_name, at, reason \
             FROM statement_exception WHERE client_id = $1",
            &[client.into()],
        )
        .await?;
    let exception = |row: &Row| {
        Ok(ExceptionRow {
            kind: SetKind::read(&row.text(0)?)?,
            period: row.text(1)?.parse()?,
            number: row.int(2)?,
            rule: row.text(3)?,
            signed: Signed { id: row.id(4)?, name: row.text(5)?, at: row.micros(6)? },
            reason: CoreAddress::from_bytes(&row.bytes(7)?)?,
        })
    };
    rows.iter().map(exception).collect()
}

/// Accepts an exception for the revision of now.
///
/// # Errors
/// Conflict when it was accepted already.
pub async fn add_exception(
    writer: &mut Writer,
    set: &Set,
    rule: &str,
    signed: &Signed,
    reason: CoreAddress,
) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_exception (client_id, kind, period, number, rule, at, by_id, \
             by_name, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                set.client.into(),
                set.kind.key().into(),
                set.period.to_string().into(),
                set.number.into(),
                rule.into(),
                signed.at.into(),
                signed.id.into(),
                (&signed.name).into(),
                address(reason),
            ],
        )
        .await
        .map(drop)
}

/// What the firm changed about a rule.
#[derive(Debug, Clone)]
pub struct RuleSettingRow {
    /// Grows with each change of any rule.
    pub number: i64,
    /// The rule.
    pub rule: String,
    /// Another severity.
    pub severity: Option<String>,
    /// Another tolerance.
    pub tolerance: Option<String>,
    /// By whom and when.
    pub signed: Signed,
}

/// All changes of rules, the oldest first: the last of a rule holds.
pub async fn rule_settings(reader: &mut Reader) -> Result<Vec<RuleSettingRow>> {
    let rows = reader
        .rows(
            "SELECT number, rule, severity, tolerance, at, by_id, by_name \
             FROM statement_rule_setting ORDER BY number",
            &[],
        )
        .await?;
    let setting = |row: &Row| {
        Ok(RuleSettingRow {
            number: row.int(0)?,
            rule: row.text(1)?,
            severity: row.opt_text(2)?,
            tolerance: row.opt_text(3)?,
            signed: Signed { id: row.id(5)?, name: row.text(6)?, at: row.micros(4)? },
        })
    };
    rows.iter().map(setting).collect()
}

/// Adds a change of a rule.
///
/// # Errors
/// Conflict when somebody was faster.
pub async fn add_rule_setting(writer: &mut Writer, setting: &RuleSettingRow) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_rule_setting (number, rule, severity, tolerance, at, \
             by_id, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                setting.number.into(),
                (&setting.rule).into(),
                setting.severity.clone().into(),
                setting.tolerance.clone().into(),
                setting.signed.at.into(),
                setting.signed.id.into(),
                (&setting.signed.name).into(),
            ],
        )
        .await
        .map(drop)
}
