//! Opening a client over HTTP on sixteen connections, beside a bare indexed select through the
//! same HTTP stack.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use rusqlite::Connection;
use serde_json::json;
use tokio::task::JoinSet;
use values::ClientId;

use crate::Outcome;
use crate::http::{self, Connected};
use crate::report::{Figure, Report};
use crate::store::{PRINCIPAL, Served};

const CONNECTIONS: usize = 16;
const LASTING: Duration = Duration::from_secs(5);

type Pool = Arc<Mutex<Vec<Connection>>>;

/// The least that could answer: one row by its key, as it is stored.
async fn select(State(pool): State<Pool>, Path(id): Path<ClientId>) -> (StatusCode, String) {
    let found = tokio::task::block_in_place(|| {
        let idle = pool.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        let text = idle
            .prepare_cached("SELECT fields FROM client WHERE id = ?1")
            .and_then(|mut one| one.query_row([id.as_bytes()], |row| row.get::<_, String>(0)));
        pool.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        text.ok()
    });
    match found {
        Some(text) => (StatusCode::OK, text),
        None => (StatusCode::NOT_FOUND, String::new()),
    }
}

/// Asks for clients on all connections until the time is over; answers a second come back.
async fn rate(address: SocketAddr, cookie: &str, path: &str, ids: &[ClientId]) -> Outcome<f64> {
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for number in 0..CONNECTIONS {
        let (ids, path, cookie) = (ids.to_vec(), path.to_owned(), cookie.to_owned());
        tasks.spawn(async move {
            let mut connected = Connected::open(address, &cookie).await?;
            let mut count = 0_u64;
            let skipped = number * ids.len() / CONNECTIONS;
            for id in ids.iter().cycle().skip(skipped) {
                if began.elapsed() >= LASTING {
                    break;
                }
                connected.get(&format!("{path}{id}")).await?;
                count += 1;
            }
            Outcome::Ok(count)
        });
    }
    let mut count = 0_u32;
    while let Some(done) = tasks.join_next().await {
        count += u32::try_from(done??)?;
    }
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}

/// Measures both sides, the bare one first and last.
pub async fn measure(served: &Served, report: &mut Report) -> Outcome {
    let ids = served.ids(5_000)?;
    let cookie = served.sign_in(PRINCIPAL).await?;
    let connections =
        (0..CONNECTIONS).map(|_| served.bare()).collect::<Outcome<Vec<Connection>>>()?;
    let pool: Pool = Arc::new(Mutex::new(connections));
    let router = Router::new().route("/bare/{id}", get(select)).with_state(pool);
    let (bare_address, server) = http::serve(router).await?;
    let before = rate(bare_address, "", "/bare/", &ids).await?;
    let heng = rate(served.address, &cookie, "/api/clients/", &ids).await?;
    let after = rate(bare_address, "", "/bare/", &ids).await?;
    server.abort();
    let bare = f64::midpoint(before, after);
    let ratio = bare / heng;
    report.add(Figure {
        work: "open a client",
        figure: format!("{heng:.0}/s on {CONNECTIONS} connections"),
        baseline: format!("indexed select {bare:.0}/s"),
        ratio: Some(ratio),
        bar: "≥ 3,000/s; ≤ 6×",
        met: Some(heng >= 3_000.0 && ratio <= 6.0),
        note: String::new(),
        numbers: json!({ "per_second": heng, "bare_per_second": [before, after] }),
    });
    Ok(())
}
