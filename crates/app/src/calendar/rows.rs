//! All SQL of the calendar's tables.

use fiscal::calendar::{HolidayRow, Holidays, Published, PublishedDeadlines, RestDay, TaxCalendar};
use trust::database::{Reader, Value, Writer};
use values::{Error, Micros, Result, UserId};

/// A notice that was taken in.
#[derive(Debug, Clone)]
pub struct Notice {
    pub kind: String,
    pub year: i64,
    pub source: String,
    pub notice: String,
    pub entries: i64,
    pub at: Micros,
    pub by: UserId,
    pub by_name: String,
}

/// The calendar with what the firm took in.
pub async fn calendar(reader: &mut Reader) -> Result<TaxCalendar> {
    let mut calendar = TaxCalendar {
        holidays: Holidays::statutory().clone(),
        published: PublishedDeadlines::national().clone(),
    };
    let mut year: Option<(i16, Vec<HolidayRow>)> = None;
    let sql = "SELECT year, day, name, kind FROM calendar_holiday ORDER BY year, day";
    for row in reader.rows(sql, &[]).await? {
        let of = number(row.int(0)?)?;
        let read = HolidayRow {
            day: row.text(1)?.parse().map_err(Error::internal)?,
            name: row.text(2)?,
            kind: RestDay::read(&row.text(3)?).ok_or_else(|| Error::internal("no kind of day"))?,
        };
        match &mut year {
            Some((known, rows)) if *known == of => rows.push(read),
            _ => {
                if let Some((known, rows)) = year.replace((of, vec![read])) {
                    calendar.holidays.announce(known, rows);
                }
            }
        }
    }
    if let Some((known, rows)) = year {
        calendar.holidays.announce(known, rows);
    }
    let sql = "SELECT year, month, region, tax, deadline, notice FROM calendar_deadline";
    for row in reader.rows(sql, &[]).await? {
        let tax = match row.text(3)?.as_str() {
            "" => None,
            key => Some(key.parse()?),
        };
        calendar.published.publish(Published {
            year: number(row.int(0)?)?,
            month: i8::try_from(row.int(1)?).map_err(Error::internal)?,
            region: row.text(2)?.parse()?,
            tax,
            deadline: row.text(4)?.parse().map_err(Error::internal)?,
            notice: row.text(5)?,
        });
    }
    Ok(calendar)
}

fn number(year: i64) -> Result<i16> {
    i16::try_from(year).map_err(Error::internal)
}

/// The notices, the newest first.
pub async fn notices(reader: &mut Reader) -> Result<Vec<Notice>> {
    let sql = "SELECT kind, year, source, notice, entries, at, by_id, by_name \
               FROM calendar_notice ORDER BY at DESC, id DESC LIMIT 100";
    let rows = reader.rows(sql, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Notice {
                kind: row.text(0)?,
                year: row.int(1)?,
                source: row.text(2)?,
                notice: row.text(3)?,
                entries: row.int(4)?,
                at: row.micros(5)?,
                by: row.id(6)?,
                by_name: row.text(7)?,
            })
        })
        .collect()
}

/// Notes a notice that is taken in.
pub async fn add_notice(writer: &mut Writer, id: &[u8], notice: &Notice) -> Result<()> {
    let params: [Value; 9] = [
        id.to_vec().into(),
        notice.kind.clone().into(),
        notice.year.into(),
        notice.source.clone().into(),
        notice.notice.clone().into(),
        notice.entries.into(),
        notice.at.into(),
        notice.by.into(),
        notice.by_name.clone().into(),
    ];
    let sql = "INSERT INTO calendar_notice \
               (id, kind, year, source, notice, entries, at, by_id, by_name) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    writer.change(sql, &params, 1).await
}

/// A year's days, in place of those that stood there.
pub async fn set_holidays(writer: &mut Writer, year: i16, rows: &[HolidayRow]) -> Result<()> {
    let year = i64::from(year);
    writer.execute("DELETE FROM calendar_holiday WHERE year = $1", &[year.into()]).await?;
    let rows: Vec<Vec<Value>> = rows
        .iter()
        .map(|row| {
            let (day, name) = (row.day.to_string(), row.name.clone());
            vec![year.into(), day.into(), name.into(), row.kind.key().to_owned().into()]
        })
        .collect();
    writer.insert_many("calendar_holiday", &["year", "day", "name", "kind"], &rows).await
}

/// A deadline, in place of the one for the same month, region and tax.
pub async fn set_deadline(writer: &mut Writer, row: &Published, notice: &[u8]) -> Result<()> {
    let tax = row.tax.map_or("", fiscal::calendar::Tax::key);
    let params: [Value; 7] = [
        i64::from(row.year).into(),
        i64::from(row.month).into(),
        row.region.code().to_owned().into(),
        tax.to_owned().into(),
        row.deadline.to_string().into(),
        row.notice.clone().into(),
        notice.to_vec().into(),
    ];
    let sql = "INSERT INTO calendar_deadline \
               (year, month, region, tax, deadline, notice, notice_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) \
               ON CONFLICT (year, month, region, tax) DO UPDATE SET \
               deadline = excluded.deadline, notice = excluded.notice, \
               notice_id = excluded.notice_id";
    writer.change(sql, &params, 1).await
}

/// When a person's subscription was made, and fetched last.
pub async fn feed(reader: &mut Reader, user: UserId) -> Result<Option<(Micros, Option<i64>)>> {
    let sql = "SELECT made_at, fetched_at FROM calendar_feed WHERE user_id = $1";
    let row = reader.row(sql, &[user.into()]).await?;
    row.map(|row| Ok((row.micros(0)?, row.opt_int(1)?))).transpose()
}

/// Whose subscription has this digest, and when it was made.
pub async fn feed_owner(reader: &mut Reader, digest: &[u8]) -> Result<Option<(UserId, Micros)>> {
    let sql = "SELECT user_id, made_at FROM calendar_feed WHERE digest = $1";
    let row = reader.row(sql, &[digest.to_vec().into()]).await?;
    row.map(|row| Ok((row.id(0)?, row.micros(1)?))).transpose()
}

/// A new subscription, in place of the one before.
pub async fn set_feed(writer: &mut Writer, user: UserId, digest: &[u8], now: Micros) -> Result<()> {
    let sql = "INSERT INTO calendar_feed (user_id, digest, made_at) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, \
               made_at = excluded.made_at, fetched_at = NULL";
    writer.change(sql, &[user.into(), digest.to_vec().into(), now.into()], 1).await
}

/// Notes that a subscription was fetched.
pub async fn note_fetch(writer: &mut Writer, user: UserId, now: Micros) -> Result<()> {
    let sql = "UPDATE calendar_feed SET fetched_at = $2 WHERE user_id = $1";
    writer.change(sql, &[user.into(), now.into()], 1).await
}

/// Takes a subscription away; how many there were.
pub async fn remove_feed(writer: &mut Writer, user: UserId) -> Result<u64> {
    writer.execute("DELETE FROM calendar_feed WHERE user_id = $1", &[user.into()]).await
}
