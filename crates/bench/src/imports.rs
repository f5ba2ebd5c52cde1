//! Import of a workbook, beside reading it and inserting its cells bare.
//!
//! Each side runs in a process of its own, so that its peak of memory is its own.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use app::clients::{self, ImportMode, ImportOptions};
use documents::Limits;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Value, json};

use crate::report::{Figure, Report};
use crate::workbook::COLUMNS;
use crate::{Outcome, store};

const MIB: f64 = 1024.0;

/// The most memory that this process has had, in MiB.
fn peak() -> Outcome<f64> {
    memory("self", "VmHWM:")
}

/// A figure of a process's memory, in MiB.
pub fn memory(process: &str, which: &str) -> Outcome<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kib: f64 = line.and_then(|text| text.split_whitespace().next()).ok_or(which)?.parse()?;
    Ok(kib / MIB)
}

/// Reads the workbook and inserts its cells, prepared, in one transaction.
pub fn bare(file: &Path, into: &Path) -> Outcome {
    let began = Instant::now();
    let mut connection = Connection::open(into)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    let columns: Vec<String> = (0..COLUMNS).map(|at| format!("c{at} TEXT")).collect();
    let marks = vec!["?"; COLUMNS].join(", ");
    connection.execute_batch(&format!("CREATE TABLE cells ({})", columns.join(", ")))?;
    let transaction = connection.transaction()?;
    let mut rows = 0_u64;
    {
        let mut insert = transaction.prepare(&format!("INSERT INTO cells VALUES ({marks})"))?;
        let mut book = documents::open_path(file, &Limits::default())?;
        let table = book.table()?;
        for row in book.rows(&table)? {
            let row = row?;
            insert.execute(params_from_iter((0..COLUMNS).map(|at| row.text(at).into_owned())))?;
            rows += 1;
        }
    }
    transaction.commit()?;
    let seconds = began.elapsed().as_secs_f64();
    println!("{}", json!({ "seconds": seconds, "rows": rows, "peak_mib": peak()? }));
    Ok(())
}

/// Imports the workbook as a clerk of the firm does.
pub async fn with_heng(file: &Path, folder: &Path) -> Outcome {
    let app = store::open(folder).await?;
    let clerk = store::person(&app, store::CLERK).await?;
    let began = Instant::now();
    let options = ImportOptions { mode: ImportMode::Create, dry_run: false, errors: None };
    let done = clients::import_file(&app, &clerk, file, options).await?;
    let seconds = began.elapsed().as_secs_f64();
    app.trust.record.stop().await?;
    println!(
        "{}",
        json!({
            "seconds": seconds, "rows": done.rows, "created": done.created,
            "refused": done.rejected + done.duplicates, "peak_mib": peak()?,
        })
    );
    Ok(())
}

fn child(words: &[&str], paths: [&Path; 2]) -> Outcome<Value> {
    let output = Command::new(std::env::current_exe()?).args(words).args(paths).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(serde_json::from_str(text.lines().last().unwrap_or_default())?)
}

fn number(of: &Value, key: &str) -> f64 {
    of.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// Fills the store from the workbook; beside the bare way, when that is wanted.
pub fn measure(
    file: &Path,
    data: &Path,
    home: &Path,
    compared: bool,
    report: &mut Report,
) -> Outcome {
    let before = compared.then(|| child(&["import-bare"], [file, &home.join("bare1.db")]));
    let heng = child(&["import-heng"], [file, data])?;
    let after = compared.then(|| child(&["import-bare"], [file, &home.join("bare2.db")]));
    let (Some(before), Some(after)) = (before.transpose()?, after.transpose()?) else {
        return Ok(());
    };
    let bare = f64::midpoint(number(&before, "seconds"), number(&after, "seconds"));
    let (seconds, peak) = (number(&heng, "seconds"), number(&heng, "peak_mib"));
    let ratio = seconds / bare;
    report.add(Figure {
        work: "import .xlsx",
        figure: format!(
            "{seconds:.2} s, {:.0} rows/s, peak {peak:.0} MiB",
            number(&heng, "rows") / seconds
        ),
        baseline: format!("read + insert {bare:.2} s, peak {:.0} MiB", number(&before, "peak_mib")),
        ratio: Some(ratio),
        bar: "≤ 4×, peak ≤ 400 MiB",
        met: Some(ratio <= 4.0 && peak <= 400.0),
        note: format!("created {}", number(&heng, "created")),
        numbers: json!({ "heng": heng, "bare": [before, after] }),
    });
    Ok(())
}
