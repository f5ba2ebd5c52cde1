//! SQL of what analyses need besides statements: where entered facts lie, and guideposts.

use fiscal::analysis::ratios::{Better, Guidepost};
use trust::database::{Reader, Row, Writer};
use trust::vault::CoreAddress;
use values::{ClientId, Error, Period, Result};

use super::rows::Signed;

/// Where what was entered for a period lies.
#[derive(Debug, Clone)]
pub struct EnteredRow {
    /// The period.
    pub period: Period,
    /// Grows with each change.
    pub version: i64,
    /// Where it lies.
    pub address: CoreAddress,
    /// By whom and when.
    pub signed: Signed,
}

/// What was entered for a client, the newest version of each period last.
pub async fn entered(reader: &mut Reader, client: ClientId) -> Result<Vec<EnteredRow>> {
    let rows = reader
        .rows(
            "SELECT period, version, address, at, by_id, by_name FROM statement_entered \
             WHERE client_id = $1 ORDER BY period, version",
            &[client.into()],
        )
        .await?;
    let row = |row: &Row| {
        Ok(EnteredRow {
            period: row.text(0)?.parse()?,
            version: row.int(1)?,
            address: CoreAddress::from_bytes(&row.bytes(2)?)?,
            signed: Signed { id: row.id(4)?, name: row.text(5)?, at: row.micros(3)? },
        })
    };
    rows.iter().map(row).collect()
}

/// Adds a version of what was entered.
///
/// # Errors
/// Conflict when somebody was faster.
pub async fn add_entered(writer: &mut Writer, client: ClientId, row: &EnteredRow) -> Result<()> {
    writer
        .execute(
            "INSERT INTO statement_entered (client_id, period, version, address, at, by_id, \
             by_name) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                client.into(),
                row.period.to_string().into(),
                row.version.into(),
                row.address.as_bytes().to_vec().into(),
                row.signed.at.into(),
                row.signed.id.into(),
                (&row.signed.name).into(),
            ],
        )
        .await
        .map(drop)
}

/// A change of what is held for usual.
#[derive(Debug, Clone)]
pub struct GuidepostRow {
    /// Grows with each change of any.
    pub number: i64,
    /// The ratio.
    pub ratio: String,
    /// A section's letter or a division's two digits; empty for all of the firm's clients.
    pub industry: String,
    /// What is usual; none when the wider one holds again.
    pub guidepost: Option<Guidepost>,
    /// By whom and when.
    pub signed: Signed,
}

/// All changes, the oldest first: the last of a ratio and industry holds.
pub async fn guideposts(reader: &mut Reader) -> Result<Vec<GuidepostRow>> {
    let rows = reader
        .rows(
            "SELECT number, ratio, industry, better, good, alarm, at, by_id, by_name \
             FROM statement_guidepost ORDER BY number",
            &[],
        )
        .await?;
    let row = |row: &Row| {
        let better = match row.opt_text(3)?.as_deref() {
            Some("lower") => Some(Better::Lower),
            Some("higher") => Some(Better::Higher),
            Some(_) => return Err(Error::internal("a guidepost with another side")),
            None => None,
        };
        let (good, alarm) = (row.opt_int(4)?, row.opt_int(5)?);
        let guidepost = match (better, good, alarm) {
            (Some(better), Some(good), Some(alarm)) => Some(Guidepost { better, good, alarm }),
            _ => None,
        };
        Ok(GuidepostRow {
            number: row.int(0)?,
            ratio: row.text(1)?,
            industry: row.text(2)?,
            guidepost,
            signed: Signed { id: row.id(7)?, name: row.text(8)?, at: row.micros(6)? },
        })
    };
    rows.iter().map(row).collect()
}

/// Adds a change.
///
/// # Errors
/// Conflict when somebody was faster.
pub async fn add_guidepost(writer: &mut Writer, row: &GuidepostRow) -> Result<()> {
    let better = row.guidepost.map(|guidepost| match guidepost.better {
        Better::Lower => "lower",
        Better::Higher => "higher",
    });
    writer
        .execute(
            "INSERT INTO statement_guidepost (number, ratio, industry, better, good, alarm, at, \
             by_id, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                row.number.into(),
                (&row.ratio).into(),
                (&row.industry).into(),
                better.map(str::to_owned).into(),
                row.guidepost.map(|guidepost| guidepost.good).into(),
                row.guidepost.map(|guidepost| guidepost.alarm).into(),
                row.signed.at.into(),
                row.signed.id.into(),
                (&row.signed.name).into(),
            ],
        )
        .await
        .map(drop)
}

/// The broken rules of a client: rule, period, severity.
pub async fn broken(
    reader: &mut Reader,
    client: ClientId,
) -> Result<Vec<(String, Period, String)>> {
    let rows = reader
        .rows(
            "SELECT rule, period, severity FROM statement_outcome \
             WHERE client_id = $1 AND state = 'broken' ORDER BY rank, period DESC, rule",
            &[client.into()],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?.parse()?, row.text(2)?))).collect()
}
