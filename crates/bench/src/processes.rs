//! The real binary: its size, how soon it answers, what it holds when idle; and its first page in
//! a real browser.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::sample::Login;
use serde_json::{Value, json};

use crate::http::Connected;
use crate::report::{Figure, Report, Times};
use crate::{Outcome, imports, store, target};

const STARTS: usize = 5;
/// How long the server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(2);

fn binary() -> Outcome<PathBuf> {
    let path = target()?.join("release").join("heng");
    if path.is_file() { Ok(path) } else { Err("build the package cli in release first".into()) }
}

fn megabytes(path: &Path) -> Outcome<f64> {
    let kib = u32::try_from(std::fs::metadata(path)?.len() / 1024)?;
    Ok(f64::from(kib) / 1024.0)
}

struct Running(Child);

impl Running {
    fn stop(mut self) -> Outcome {
        let id = self.0.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, but for a measurement that failed half-way.
        let _ = self.0.kill();
    }
}

fn spawn(data: &Path) -> Outcome<(Running, SocketAddr)> {
    let mut child = Command::new(binary()?)
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .current_dir(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or("no output")?;
    let running = Running(child);
    for line in BufReader::new(out).lines() {
        if let Some(address) = line?.strip_prefix("listening on http://") {
            return Ok((running, address.trim().parse()?));
        }
    }
    Err("heng serve ended before it listened".into())
}

/// Start to the first answer, idle memory, size of the binary.
pub async fn start(data: &Path, report: &mut Report) -> Outcome {
    let mut times = Times::default();
    let mut resident = 0.0_f64;
    for number in 1..=STARTS {
        let began = Instant::now();
        let (running, address) = spawn(data)?;
        let mut connected = Connected::open(address, "").await?;
        // Nobody is signed in; that this is said is the first answer.
        connected.send("GET", "/api/me", &[], "").await?;
        times.add(began.elapsed());
        drop(connected);
        if number == STARTS {
            tokio::time::sleep(IDLE).await;
            resident = imports::memory(&running.0.id().to_string(), "VmRSS:")?;
        }
        running.stop()?;
    }
    let ready = times.percentile(50);
    report.add(Figure {
        work: "start to ready",
        figure: format!("{ready:.0} ms"),
        baseline: "-".to_owned(),
        bar: "≤ 500 ms",
        met: Some(ready <= 500.0),
        numbers: json!({ "p50_ms": ready }),
        ..Figure::default()
    });
    report.add(Figure {
        work: "idle memory",
        figure: format!("{resident:.0} MiB"),
        baseline: "-".to_owned(),
        bar: "≤ 80 MiB",
        met: Some(resident <= 80.0),
        numbers: json!({ "rss_mib": resident }),
        ..Figure::default()
    });
    let size = megabytes(&binary()?)?;
    report.add(Figure {
        work: "binary, stripped",
        figure: format!("{size:.1} MiB"),
        baseline: "-".to_owned(),
        bar: "≤ 60 MiB",
        met: Some(size <= 60.0),
        numbers: json!({ "mib": size }),
        ..Figure::default()
    });
    Ok(())
}

/// The first page after signing in, in Chromium; without a browser this is said and passed by.
pub fn paint(data: &Path, logins: &[Login], report: &mut Report) -> Outcome {
    let login = store::find(logins, store::CLERK)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/bench/first-paint.mjs");
    let output = Command::new("node")
        .arg(script)
        .env("HENG_BINARY", binary()?)
        .env("BENCH_FOLDER", data)
        .env("BENCH_NAME", &login.name)
        .env("BENCH_PASSWORD", login.password.as_str())
        .env("BENCH_TOTP", login.totp.as_str())
        .output();
    let said = match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            serde_json::from_str::<Value>(text.lines().last().unwrap_or_default())
                .map_err(|error| error.to_string())
        }
        Ok(output) => Err(why(&String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("node: {error}")),
    };
    let said = match said {
        Ok(said) => said,
        Err(why) => {
            report.add(Figure {
                work: "first paint",
                figure: "not measured".to_owned(),
                baseline: "-".to_owned(),
                bar: "≤ 1 s, ≤ 450 KiB script",
                note: why,
                ..Figure::default()
            });
            return Ok(());
        }
    };
    let number = |key: &str| said.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let (paint, script) = (number("first_paint_ms"), number("script_bytes") / 1024.0);
    report.add(Figure {
        work: "first paint",
        figure: format!("{paint:.0} ms, {script:.0} KiB script"),
        baseline: "-".to_owned(),
        bar: "≤ 1 s, ≤ 450 KiB script",
        met: Some(paint <= 1_000.0 && script <= 450.0),
        note: format!("{} scripts before it, compressed size", number("scripts")),
        numbers: said,
        ..Figure::default()
    });
    Ok(())
}

/// The line of a script's complaints that names the error.
fn why(complaints: &str) -> String {
    let named = complaints.lines().find(|line| line.contains("Error"));
    named.unwrap_or("the browser script failed without a word").trim().to_owned()
}
