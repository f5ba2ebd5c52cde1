//! Showing deadlines and duties, and the subscription of a person.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fiscal::calendar::{Due, Region, Tax, TaxCalendar};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use trust::access::{Actor, Origin};
use trust::record::Change;
use values::{Error, Micros, Period, Result};

use super::actions::{FindFeed, OwnFeed, ShowCalendar};
use super::feed::{self, Event};
use super::rows::{self, Notice};
use super::rules::{self, Duty, Planner};
use crate::clients::{self, ListQuery, Standing, Taxed};
use crate::{App, identity};

/// The firm's calendar and its notices.
///
/// # Errors
/// Denied without the right.
pub async fn calendar(app: &App, actor: &Actor) -> Result<(TaxCalendar, Vec<Notice>)> {
    let permit = app.access.authorize::<ShowCalendar>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    Ok((rows::calendar(&mut tx).await?, rows::notices(&mut tx).await?))
}

/// When one tax is due.
///
/// # Errors
/// Denied without the right; Invalid for a period that the tax does not have.
pub async fn due(
    app: &App,
    actor: &Actor,
    tax: Tax,
    period: Period,
    region: &Region,
) -> Result<Due> {
    calendar(app, actor).await?.0.due(tax, period, region)
}

/// A client with its duties of a month.
pub struct GridRow {
    pub client: Taxed,
    pub people: Standing,
    pub duties: Vec<Duty>,
}

/// The most rows of a grid at once.
pub const GRID_MOST: u64 = 500;

/// The duties of the clients in the caller's scope in a month, by code; and where the next page
/// begins.
///
/// # Errors
/// Denied when the caller may see no client; Invalid when the query is wrong.
pub async fn grid(
    app: &App,
    actor: &Actor,
    (year, month): (i16, i8),
    query: &ListQuery,
    tax: Option<Tax>,
) -> Result<(Vec<GridRow>, Option<String>)> {
    Period::month(year, month).ok_or_else(no_such_month)?;
    let (calendar, _) = calendar(app, actor).await?;
    let most = query.limit.unwrap_or(GRID_MOST).clamp(1, GRID_MOST);
    let after = query.cursor.as_deref();
    let (mut found, mut people) =
        clients::taxed(app, actor, query, (after, Some(most + 1))).await?;
    let more = found.len() > usize::try_from(most).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = if more { found.last().map(|client| client.code.clone()) } else { None };
    let mut planner = Planner::new(&calendar);
    let rows = found.into_iter().map(|client| {
        let mut duties = month_of(&mut planner, &client, year, month);
        duties.retain(|duty| tax.is_none_or(|wanted| duty.tax == wanted));
        GridRow { people: people.remove(&client.id).unwrap_or_default(), duties, client }
    });
    Ok((rows.collect(), next))
}

fn month_of(planner: &mut Planner<'_>, client: &Taxed, year: i16, month: i8) -> Vec<Duty> {
    let profile = &client.profile;
    let filings = rules::filings(profile.kind.as_deref(), profile.taxes.as_deref());
    let region = profile.region.parse().unwrap_or_else(|_| Region::national());
    planner.month(&filings, &region, year, month)
}

/// How many duties a month has, by tax.
pub type Counts = BTreeMap<Tax, i64>;

/// The duties of a year in the caller's scope, counted by month and tax.
///
/// # Errors
/// Denied when the caller may see no client; Invalid when the query is wrong.
pub async fn year(
    app: &App,
    actor: &Actor,
    year: i16,
    query: &ListQuery,
) -> Result<(usize, Vec<Counts>)> {
    Period::year(year).ok_or_else(no_such_month)?;
    let (calendar, _) = calendar(app, actor).await?;
    let (found, _) = clients::taxed(app, actor, query, (None, None)).await?;
    let mut planner = Planner::new(&calendar);
    let mut months = vec![Counts::new(); 12];
    for client in &found {
        for (month, counts) in (1_i8..).zip(months.iter_mut()) {
            for duty in month_of(&mut planner, client, year, month) {
                *counts.entry(duty.tax).or_default() += 1;
            }
        }
    }
    Ok((found.len(), months))
}

fn no_such_month() -> Error {
    Error::invalid("month", "calendar.month", "没有这个月份", "There is no such month")
}

/// When the caller's subscription was made, and fetched last; none when it has ended.
///
/// # Errors
/// Denied without the right.
pub async fn own_feed(app: &App, actor: &Actor) -> Result<Option<(Micros, Option<i64>)>> {
    let permit = app.access.authorize::<OwnFeed>(actor, actor.user()).await?;
    let mut tx = app.db.read(&permit).await?;
    let ended_at = identity::tokens_ended_at(&mut tx, actor.user()).await?;
    let feed = rows::feed(&mut tx, actor.user()).await?;
    Ok(feed.filter(|(made_at, _)| feed::lives(*made_at, ended_at, app.clock.now())))
}

fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Makes the caller's subscription anew and gives its secret, this once, and when it was made; the
/// one before ends. It outlives the session, so it takes a fresh proof.
///
/// # Errors
/// Denied without the right, or (`denied.proof`) when the proof is old.
pub async fn make_feed(app: &App, actor: &Actor) -> Result<(String, Micros)> {
    let permit = app.access.authorize::<OwnFeed>(actor, actor.user()).await?;
    if !actor.is_fresh() {
        return Err(identity::proof_needed());
    }
    let mut bytes = [0; 32];
    app.entropy.fill(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let mut tx = app.db.write(&permit).await?;
    let made_at = app.clock.now();
    rows::set_feed(&mut tx, actor.user(), &digest(&secret), made_at).await?;
    tx.commit(permit.entry(Change::none().fields(["feed.made"]))).await?;
    Ok((secret, made_at))
}

/// Ends the caller's subscription.
///
/// # Errors
/// Denied without the right; NotFound when there is none.
pub async fn revoke_feed(app: &App, actor: &Actor) -> Result<()> {
    let permit = app.access.authorize::<OwnFeed>(actor, actor.user()).await?;
    let mut tx = app.db.write(&permit).await?;
    if rows::remove_feed(&mut tx, actor.user()).await? == 0 {
        return Err(Error::not_found());
    }
    tx.commit(permit.entry(Change::none().fields(["feed.revoked"]))).await?;
    Ok(())
}

/// What a subscription shows: the duties of the clients that its owner leads, from last month to
/// half a year ahead. The owner's rights are those of today, and each fetch is on record.
///
/// # Errors
/// NotFound for an address that is nobody's or has ended; Unauthenticated when the owner may no
/// longer sign in; Denied when their rights have gone.
pub async fn fetch(app: &App, secret: &str, english: bool, origin: Origin) -> Result<String> {
    let owner = {
        let gate = Actor::part_of_heng("gate", origin.clone());
        let permit = app.access.authorize::<FindFeed>(&gate, ()).await?;
        let mut tx = app.db.read(&permit).await?;
        let found = rows::feed_owner(&mut tx, &digest(secret)).await?;
        let (owner, made_at) = found.ok_or_else(Error::not_found)?;
        let ended_at = identity::tokens_ended_at(&mut tx, owner).await?;
        if !feed::lives(made_at, ended_at, app.clock.now()) {
            return Err(Error::not_found());
        }
        owner
    };
    let actor = identity::actor_of(app, owner, origin).await?;
    let permit = app.access.authorize::<OwnFeed>(&actor, owner).await?;
    let mut tx = app.db.write(&permit).await?;
    rows::note_fetch(&mut tx, owner, app.clock.now()).await?;
    let calendar = rows::calendar(&mut tx).await?;
    tx.commit(permit.entry(Change::none().fields(["feed.fetched"]))).await?;
    let own = ListQuery { view: Some("mine".to_owned()), ..ListQuery::default() };
    let (found, _) = clients::taxed(app, &actor, &own, (None, None)).await?;
    let mut due: BTreeMap<(Date, Tax, Period, bool), Vec<String>> = BTreeMap::new();
    let mut planner = Planner::new(&calendar);
    for (year, month) in months_around(app.today()) {
        for client in &found {
            for duty in month_of(&mut planner, client, year, month) {
                let Some(day) = duty.due else { continue };
                let short = client.short_name.clone().unwrap_or_else(|| client.code.clone());
                let key = (day, duty.tax, duty.period, duty.published);
                due.entry(key).or_default().push(short);
            }
        }
    }
    let events: Vec<Event> =
        due.into_iter().map(|(key, names)| event(key, names, english)).collect();
    let name = if english { "Tax calendar" } else { "税务日历" };
    Ok(feed::text(name, &events, app.clock.now()))
}

fn months_around(today: Date) -> Vec<(i16, i8)> {
    let first = Period::month_of(today).and_then(Period::previous);
    let months = std::iter::successors(first, |period| period.next()).take(8);
    months.map(|period| (period.in_year(), period.first_month())).collect()
}

fn event(
    (day, tax, period, published): (Date, Tax, Period, bool),
    names: Vec<String>,
    english: bool,
) -> Event {
    let count = names.len();
    let summary = if english {
        format!("Due: {} {period} ({count})", tax.en())
    } else {
        format!("申报截止：{} {period}（{count} 户）", tax.zh())
    };
    let (told, between) = match (published, english) {
        (true, false) => ("期限已公布", "、"),
        (false, false) => ("期限为推算，尚未公布", "、"),
        (true, true) => ("Published deadline", ", "),
        (false, true) => ("Computed deadline, not yet published", ", "),
    };
    // Two regions may have two days for one return, so the day is part of what an event is.
    let told_by = if published { "p" } else { "c" };
    let uid = format!("{}-{period}-{day}-{told_by}@heng", tax.key());
    Event { day, uid, summary, description: format!("{told}\n{}", names.join(between)) }
}
