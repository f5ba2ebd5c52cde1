//! Verification of the record, beside SHA-256 over the same bytes.

use std::time::Instant;

use app::records;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Outcome;
use crate::report::{Figure, Report};
use crate::store::{self, Served};

const PASSES: usize = 3;

/// Verifies all entries and hashes all bodies, each at its fastest of a few passes.
pub async fn measure(served: &Served, report: &mut Report) -> Outcome {
    let record = &served.app.trust.record;
    record.flush().await;
    record.seal().await?;
    let bodies = bodies(served)?;
    let bytes: usize = bodies.iter().map(String::len).sum();
    let (mut verified, mut hashed) = (f64::INFINITY, f64::INFINITY);
    let mut entries = 0;
    for _ in 0..PASSES {
        let began = Instant::now();
        let found = records::verify(&served.app, &store::operator()).await?;
        verified = verified.min(began.elapsed().as_secs_f64());
        if let Some(wrong) = found.first_wrong {
            return Err(format!("the record is wrong at {}: {}", wrong.number, wrong.en).into());
        }
        entries = found.entries;
        let began = Instant::now();
        for body in &bodies {
            std::hint::black_box(Sha256::new().chain_update([0]).chain_update(body).finalize());
        }
        hashed = hashed.min(began.elapsed().as_secs_f64());
    }
    let per_second = f64::from(u32::try_from(entries)?) / verified;
    let mib = f64::from(u32::try_from(bytes / 1024)?) / 1024.0;
    report.add(Figure {
        work: "verify the record",
        figure: format!("{per_second:.0} entries/s, {:.0} MiB/s", mib / verified),
        baseline: format!("SHA-256 {:.0} MiB/s", mib / hashed),
        ratio: Some(verified / hashed),
        bar: "≥ 1,000,000/s, or ≤ 2×",
        met: Some(per_second >= 1_000_000.0 || verified <= 2.0 * hashed),
        note: format!("{entries} entries of {mib:.1} MiB, read from the store while verifying"),
        numbers: json!({
            "entries": entries, "mib": mib, "seconds": verified, "bare_seconds": hashed,
        }),
    });
    Ok(())
}

fn bodies(served: &Served) -> Outcome<Vec<String>> {
    let bare = served.bare()?;
    let sql = "SELECT body FROM record_entry WHERE number IS NOT NULL ORDER BY number";
    let mut statement = bare.prepare(sql)?;
    let bodies = statement.query_map([], |row| row.get(0))?;
    Ok(bodies.collect::<Result<Vec<String>, _>>()?)
}
