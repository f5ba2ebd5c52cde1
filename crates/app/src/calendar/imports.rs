//! Taking a notice in: read, see what it moves, then the same file again to confirm.

use fiscal::calendar::{HolidayRow, Published, Region, TaxCalendar};
use sha2::{Digest, Sha256};
use trust::access::Actor;
use trust::database::Reader;
use trust::record::Change;
use values::{Error, Kind, Result, new_uuid};

use super::actions::ImportNotice;
use super::reading::{self, Fault};
use super::rows::{self, Notice};
use super::rules::{self, Group, MonthMove, Moves};
use crate::{App, clients};

/// What a notice is about, where it comes from, and the file itself.
pub struct Offered {
    pub holidays: bool,
    pub year: i16,
    pub source: String,
    pub notice: String,
    pub file: Vec<u8>,
}

/// What taking it in would do.
pub struct Preview {
    pub entries: usize,
    pub faults: Vec<Fault>,
    pub months: Vec<MonthMove>,
    pub moves: Moves,
    /// What was shown, to be handed back with the confirmation.
    pub seen: String,
}

enum Rows {
    Holidays(Vec<HolidayRow>),
    Deadlines(Vec<Published>),
}

/// The most characters of a source or a notice's number.
const TEXT_MOST: usize = 200;

impl Offered {
    fn read(&self) -> Result<(Rows, Vec<Fault>)> {
        if !(2021..=2100).contains(&self.year) {
            let zh = "年份应在 2021 至 2100 之间";
            let en = "The year must be between 2021 and 2100";
            return Err(Error::invalid("year", "calendar.year", zh, en));
        }
        for (field, text) in [("source", &self.source), ("notice", &self.notice)] {
            if text.chars().count() > TEXT_MOST {
                let zh = "来源和文号不超过 200 字";
                return Err(Error::invalid(field, "calendar.text", zh, "At most 200 characters"));
            }
        }
        if self.source.trim().is_empty() {
            let zh = "请填写来源，如国务院办公厅通知或税务局网页";
            return Err(Error::invalid("source", "calendar.source", zh, "Say where it comes from"));
        }
        let table = tokio::task::block_in_place(|| reading::table(self.file.clone()))?;
        if self.holidays {
            let (rows, faults) = reading::holidays(&table, self.year)?;
            return Ok((Rows::Holidays(rows), faults));
        }
        let (rows, faults) = reading::deadlines(&table, self.year, self.notice.trim())?;
        Ok((Rows::Deadlines(rows), faults))
    }
}

impl Rows {
    fn count(&self) -> usize {
        match self {
            Self::Holidays(rows) => rows.len(),
            Self::Deadlines(rows) => rows.len(),
        }
    }

    fn applied(&self, before: &TaxCalendar, year: i16) -> (TaxCalendar, Vec<Region>) {
        let (mut after, mut regions) = (before.clone(), vec![Region::national()]);
        match self {
            Self::Holidays(rows) => after.holidays.announce(year, rows.iter().cloned()),
            Self::Deadlines(rows) => {
                for row in rows {
                    after.published.publish(row.clone());
                    regions.push(row.region.clone());
                }
            }
        }
        regions.sort_unstable();
        regions.dedup();
        (after, regions)
    }
}

/// What a file that was read would move.
async fn preview_of(
    reader: &mut Reader,
    offered: &Offered,
    (read, faults): (&Rows, Vec<Fault>),
) -> Result<Preview> {
    let mut preview = Preview {
        entries: read.count(),
        faults,
        months: Vec::new(),
        moves: Moves::default(),
        seen: String::new(),
    };
    if !preview.faults.is_empty() {
        return Ok(preview);
    }
    let before = rows::calendar(reader).await?;
    let (after, regions) = read.applied(&before, offered.year);
    let groups: Vec<Group> = clients::tax_profiles(reader)
        .await?
        .into_iter()
        .map(|(profile, count)| {
            let filings = rules::filings(profile.kind.as_deref(), profile.taxes.as_deref());
            Ok((filings, profile.region.parse()?, count))
        })
        .collect::<Result<_>>()?;
    preview.months = rules::month_moves(&before, &after, &[offered.year], &regions)?;
    preview.moves = rules::moves(&before, &after, &[offered.year], &groups);
    let shown = format!("{}{:?}{:?}", offered.holidays, preview.months, preview.moves);
    let mut digest = Sha256::new();
    digest.update(&offered.file);
    digest.update(shown);
    preview.seen = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(preview)
}

/// What a notice would move; nothing is kept.
///
/// # Errors
/// Denied without the right; Invalid when the file is no table of the kind that was said.
pub async fn preview(app: &App, actor: &Actor, offered: &Offered) -> Result<Preview> {
    let permit = app.access.authorize::<ImportNotice>(actor, ()).await?;
    let (read, faults) = offered.read()?;
    let mut tx = app.db.read(&permit).await?;
    preview_of(&mut tx, offered, (&read, faults)).await
}

/// Takes a notice in, if what it moves is still what was shown.
///
/// # Errors
/// Denied without the right; Invalid when a row is wrong; Conflict when something else would move.
pub async fn import(app: &App, actor: &Actor, offered: &Offered, seen: &str) -> Result<Preview> {
    let permit = app.access.authorize::<ImportNotice>(actor, ()).await?;
    // Parsed before the writer is taken, so that nobody waits for a large file.
    let (read, faults) = offered.read()?;
    let mut tx = app.db.write(&permit).await?;
    let preview = preview_of(&mut tx, offered, (&read, faults)).await?;
    if let Some(fault) = preview.faults.first() {
        let (zh, en) = (&fault.zh, &fault.en);
        let (zh, en) = (format!("第 {} 行：{zh}", fault.row), format!("Row {}: {en}", fault.row));
        return Err(Error::invalid(fault.column.clone(), "calendar.row", zh, en));
    }
    if preview.seen != seen {
        return Err(Error::new(
            Kind::Conflict,
            "calendar.preview_changed",
            "预览之后情况有变，请重新预览再确认",
            "Something changed since the preview; look at it again",
        ));
    }
    let id = new_uuid(&*app.clock, &*app.entropy);
    let notice = Notice {
        kind: if offered.holidays { "holidays" } else { "deadlines" }.to_owned(),
        year: i64::from(offered.year),
        source: offered.source.trim().to_owned(),
        notice: offered.notice.trim().to_owned(),
        entries: i64::try_from(read.count()).unwrap_or(i64::MAX),
        at: app.clock.now(),
        by: actor.user(),
        by_name: actor.name().to_owned(),
    };
    rows::add_notice(&mut tx, id.as_bytes(), &notice).await?;
    match &read {
        Rows::Holidays(days) => rows::set_holidays(&mut tx, offered.year, days).await?,
        Rows::Deadlines(deadlines) => {
            for row in deadlines {
                rows::set_deadline(&mut tx, row, id.as_bytes()).await?;
            }
        }
    }
    let moved: i64 = preview.moves.moved.iter().map(|of| of.duties).sum();
    let change = Change::none()
        .fields([notice.kind.as_str()])
        .count("entries", notice.entries)
        .count("duties_moved", moved);
    tx.commit(permit.entry(change)).await?;
    Ok(preview)
}
