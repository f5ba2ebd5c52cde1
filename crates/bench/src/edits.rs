//! Edits of clients one at a time, beside a bare durable commit of one row on the same disk.

use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use serde_json::json;

use crate::Outcome;
use crate::http::Connected;
use crate::report::{Figure, Report, Times};
use crate::store::{PRINCIPAL, Served};

const ROUNDS: i64 = 8;
const EDITS: i64 = 25;

fn bare_store(path: &Path) -> Outcome<Connection> {
    let bare = Connection::open(path)?;
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
         CREATE TABLE one (id INTEGER PRIMARY KEY, fields TEXT NOT NULL); \
         INSERT INTO one VALUES (1, '');",
    )?;
    Ok(bare)
}

/// Edits and bare commits take turns, so that both meet the same disk.
pub async fn measure(served: &Served, home: &Path, report: &mut Report) -> Outcome {
    let bare = bare_store(&home.join("bare-commit.db"))?;
    let mut connected = Connected::open(served.address, &served.sign_in(PRINCIPAL).await?).await?;
    let ids = served.ids(ROUNDS * EDITS)?;
    let (mut edits, mut commits) = (Times::default(), Times::default());
    for (round, ids) in ids.chunks(usize::try_from(EDITS)?).enumerate() {
        for id in ids {
            let path = format!("/api/clients/{id}");
            let seen = connected.get(&path).await?;
            let version = seen.header("etag").ok_or("no version was said")?.to_owned();
            let address = format!("示例路{round}号");
            let body = json!({ "fields": { "office_address": address }, "why": "地址变更" });
            let began = Instant::now();
            let headers = [("If-Match", version.as_str())];
            connected.send("PATCH", &path, &headers, &body.to_string()).await?.good()?;
            edits.add(began.elapsed());
        }
        for number in 0..ids.len() {
            // Another text each time: a row that stays as it was is not written at all.
            let text = format!("{}{round}-{number}", "字".repeat(300));
            let began = Instant::now();
            bare.prepare_cached("UPDATE one SET fields = ?1 WHERE id = 1")?.execute([&text])?;
            commits.add(began.elapsed());
        }
    }
    let (edit, commit) = (edits.percentile(50), commits.percentile(50));
    report.add(Figure {
        work: "edit a client",
        figure: format!("p50 {edit:.2} ms, p99 {:.2} ms", edits.percentile(99)),
        baseline: format!("durable commit p50 {commit:.2} ms"),
        ratio: Some(edit / commit),
        bar: "≤ 2×",
        met: Some(edit <= 2.0 * commit),
        note: "over HTTP, one at a time, the new page of the client in the answer".to_owned(),
        numbers: json!({ "p50_ms": edit, "bare_p50_ms": commit }),
    });
    Ok(())
}
