//! The tax calendar: the duties of all clients over a year, and a month's grid of 500 clients,
//! beside the same rows selected bare.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;

use crate::Outcome;
use crate::http::Connected;
use crate::report::{Figure, Report, Times};
use crate::store::{PRINCIPAL, Served};

const ROUNDS: usize = 40;

/// The invented clients come in as prospects, for whom nothing is filed; from here on they are
/// served, a third of them as small-scale taxpayers.
fn serve_all(served: &Served) -> Outcome {
    let connection = Connection::open(&served.database)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(
        "UPDATE client SET stage = 'active', \
         taxpayer_kind = CASE number % 3 WHEN 0 THEN 'small' ELSE 'general' END",
    )?;
    Ok(())
}

/// The same rows, read to the end and nothing made of them.
fn bare(connection: &Connection, most: i64) -> Outcome<Duration> {
    let began = Instant::now();
    let sql = "SELECT id, code, name, short_name, taxpayer_kind, uscc, fields FROM client \
               WHERE stage = 'active' ORDER BY code LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([most])?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(6)?.as_str()?.len();
    }
    std::hint::black_box(bytes);
    Ok(began.elapsed())
}

async fn timed(connected: &mut Connected, path: &str) -> Outcome<Duration> {
    let began = Instant::now();
    connected.get(path).await?;
    Ok(began.elapsed())
}

/// Both works.
pub async fn measure(served: &Served, report: &mut Report) -> Outcome {
    serve_all(served)?;
    let connection = served.bare()?;
    let mut connected = Connected::open(served.address, &served.sign_in(PRINCIPAL).await?).await?;
    let (mut year, mut year_bare) = (Times::default(), Times::default());
    for _ in 0..5 {
        year.add(timed(&mut connected, "/api/calendar/counts?year=2026").await?);
        year_bare.add(bare(&connection, -1)?);
    }
    let (p50, p50_bare) = (year.percentile(50), year_bare.percentile(50));
    report.add(Figure {
        work: "year of duties",
        figure: format!("p50 {p50:.0} ms"),
        baseline: format!("select p50 {p50_bare:.1} ms"),
        ratio: Some(p50 / p50_bare),
        bar: "≤ 2,000 ms at 10,000",
        met: (report.clients() <= 10_000).then_some(p50 <= 2_000.0),
        numbers: json!({ "p50_ms": p50 }),
        ..Figure::default()
    });
    let (mut grid, mut grid_bare) = (Times::default(), Times::default());
    let path = "/api/calendar/duties?year=2026&month=10&limit=500";
    timed(&mut connected, path).await?;
    for _ in 0..ROUNDS {
        grid.add(timed(&mut connected, path).await?);
        grid_bare.add(bare(&connection, 500)?);
    }
    let (p50, p50_bare) = (grid.percentile(50), grid_bare.percentile(50));
    report.add(Figure {
        work: "month grid of 500",
        figure: format!("p50 {p50:.1} ms, p99 {:.1} ms", grid.percentile(99)),
        baseline: format!("select p50 {p50_bare:.1} ms"),
        ratio: Some(p50 / p50_bare),
        bar: "p50 ≤ 30 ms",
        met: Some(p50 <= 30.0),
        numbers: json!({ "p50_ms": p50, "p99_ms": grid.percentile(99) }),
        ..Figure::default()
    });
    Ok(())
}
