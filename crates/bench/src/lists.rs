//! Pages of the client list and hits of the search box, beside the same rows selected bare.

use std::time::Instant;

use rusqlite::Connection;
use serde_json::json;

use crate::Outcome;
use crate::http::{Connected, encoded};
use crate::report::{Figure, Report, Times};
use crate::store::{PRINCIPAL, SUPERVISOR, Served};

const ROUNDS: usize = 60;
const SHOWN: &str = "id, code, name, short_name, uscc, stage, taxpayer_kind, legal_rep_name, \
    industry_code, size_class, registered_capital_fen, registered_on, region, tags, \
    completeness, findings, updated_at, version";

/// A list as people ask for it: the query, and the same in bare SQL as condition and order.
const PAGES: [(&str, &str, &str); 6] = [
    ("sort=-updated_at", "1 = 1", "updated_at DESC, id DESC"),
    ("sort=name&stage=prospect", "stage = 'prospect'", "name, id"),
    ("sort=-completeness&completeness_max=60", "completeness <= 60", "completeness DESC, id DESC"),
    ("sort=-registered_on&stage=prospect", "stage = 'prospect'", "registered_on DESC, id DESC"),
    ("sort=-registered_capital_fen", "1 = 1", "registered_capital_fen DESC, id DESC"),
    ("sort=code&findings=true", "findings > 0", "code, id"),
];

/// Runs a bare query to its end and says how long it took.
fn bare(connection: &Connection, sql: &str, params: &[&str]) -> Outcome<std::time::Duration> {
    let began = Instant::now();
    let mut statement = connection.prepare_cached(sql)?;
    let width = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params))?;
    let mut cells = 0_usize;
    while let Some(row) = rows.next()? {
        for index in 0..width {
            cells += usize::from(row.get::<_, rusqlite::types::Value>(index).is_ok());
        }
    }
    std::hint::black_box(cells);
    Ok(began.elapsed())
}

async fn timed(connected: &mut Connected, path: &str) -> Outcome<std::time::Duration> {
    let began = Instant::now();
    connected.get(path).await?;
    Ok(began.elapsed())
}

fn bare_page(connection: &Connection, page: (&str, &str, &str)) -> Outcome<std::time::Duration> {
    let (_, condition, order) = page;
    let from =
        format!("FROM client WHERE recycled_at IS NULL AND merged_into IS NULL AND {condition}");
    let count = format!("SELECT COUNT(*) FROM (SELECT id {from} LIMIT 10001)");
    let rows = format!("SELECT {SHOWN} {from} ORDER BY {order} LIMIT 51");
    Ok(bare(connection, &count, &[])? + bare(connection, &rows, &[])?)
}

/// Pages of fifty rows with filter, sort and count.
pub async fn pages(served: &Served, report: &mut Report) -> Outcome {
    let connection = served.bare()?;
    for (who, work) in [(PRINCIPAL, "list page, all"), (SUPERVISOR, "list page, department")] {
        let mut connected = Connected::open(served.address, &served.sign_in(who).await?).await?;
        let (mut all, mut all_bare) = (Times::default(), Times::default());
        let mut notes = Vec::new();
        for page in PAGES {
            let path = format!("/api/clients?{}", page.0);
            let (mut times, mut bare_times) = (Times::default(), Times::default());
            // The first answers warm the caches of both.
            timed(&mut connected, &path).await?;
            bare_page(&connection, page)?;
            for _ in 0..ROUNDS {
                times.add(timed(&mut connected, &path).await?);
                bare_times.add(bare_page(&connection, page)?);
            }
            notes.push(format!(
                "{} {:.1} (bare {:.1})",
                page.0,
                times.percentile(50),
                bare_times.percentile(50)
            ));
            all.extend(&times);
            all_bare.extend(&bare_times);
        }
        let (p50, p99) = (all.percentile(50), all.percentile(99));
        let factor = if report.clients() > 100_000 { 2.0 } else { 1.0 };
        report.add(Figure {
            work,
            figure: format!("p50 {p50:.1} ms, p99 {p99:.1} ms"),
            baseline: format!(
                "select + count p50 {:.1} ms, p99 {:.1} ms",
                all_bare.percentile(50),
                all_bare.percentile(99)
            ),
            ratio: Some(p50 / all_bare.percentile(50)),
            bar: if factor > 1.0 { "≤ 16 ms, ≤ 60 ms" } else { "≤ 8 ms, ≤ 30 ms" },
            met: Some(p50 <= 8.0 * factor && p99 <= 30.0 * factor),
            note: format!("p50 in ms: {}", notes.join("; ")),
            numbers: json!({ "p50_ms": p50, "p99_ms": p99 }),
        });
    }
    Ok(())
}

/// What people type: initials of a name, and a part of one; with the words of the index.
fn typed(connection: &Connection) -> Outcome<Vec<(&'static str, String, String)>> {
    let sql = "SELECT name, pinyin FROM client WHERE number % 997 = 5 LIMIT 20";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut typed = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, pinyin): (String, String) = (row.get(0)?, row.get(1)?);
        let inner: Vec<char> = name.chars().skip_while(|letter| *letter != '示').collect();
        let initials: String =
            pinyin.split(' ').nth(1).unwrap_or_default().chars().skip(4).take(5).collect();
        for length in [2, 4] {
            let part: Vec<char> = inner.iter().skip(3).take(length).copied().collect();
            let words: Vec<String> =
                part.windows(2).map(|pair| format!("\"{}\"*", String::from_iter(pair))).collect();
            typed.push(("part", part.iter().collect(), words.join(" AND ")));
        }
        typed.push(("initials", initials.clone(), format!("\"{initials}\"*")));
    }
    Ok(typed)
}

/// What the search box does while somebody types.
pub async fn searches(served: &Served, report: &mut Report) -> Outcome {
    let connection = served.bare()?;
    let cookie = served.sign_in(PRINCIPAL).await?;
    let mut connected = Connected::open(served.address, &cookie).await?;
    let bare_sql = "SELECT id, code, name FROM client WHERE number IN \
        (SELECT rowid FROM client_search WHERE client_search MATCH ?1) LIMIT 10";
    let typed = typed(&connection)?;
    let (mut all, mut all_bare) = (Times::default(), Times::default());
    let (mut initials, mut parts) = (Times::default(), Times::default());
    for _ in 0..5 {
        for (kind, text, words) in &typed {
            let took = timed(&mut connected, &format!("/api/search?q={}", encoded(text))).await?;
            all.add(took);
            if *kind == "part" {
                parts.add(took)
            } else {
                initials.add(took)
            }
            all_bare.add(bare(&connection, bare_sql, &[words])?);
        }
    }
    let p50 = all.percentile(50);
    report.add(Figure {
        work: "search",
        figure: format!("p50 {p50:.1} ms, p99 {:.1} ms", all.percentile(99)),
        baseline: format!("index match p50 {:.2} ms", all_bare.percentile(50)),
        ratio: Some(p50 / all_bare.percentile(50)),
        bar: "p50 ≤ 15 ms",
        met: Some(p50 <= 15.0),
        note: format!(
            "initials p50 {:.1} ms, part of a name p50 {:.1} ms",
            initials.percentile(50),
            parts.percentile(50)
        ),
        numbers: json!({ "p50_ms": p50, "p99_ms": all.percentile(99) }),
    });
    Ok(())
}
