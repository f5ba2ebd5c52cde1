//! What Heng's works cost beside the bare metal, in one run on one machine: `cargo xtask bench`.
//!
//! Every work is measured together with the least that could do it: the same cells inserted
//! without checks, the same rows selected without rights, the same bytes hashed without a tree.
//! The ratio is what the product adds. A table is printed and `target/bench.json` written.

mod calendar;
mod edits;
mod http;
mod imports;
mod lists;
mod opening;
mod processes;
mod record;
mod report;
mod store;
mod workbook;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::Report;

/// What a measurement gives, or why there is none.
pub type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "\
bench [--small | --large] [--only WORK]

  --small        1,000 clients only
  --large        1,000,000 clients besides 10,000 and 100,000
  --only WORK    import, list, search, open, edit, verify, calendar, start
                 or paint";

const WORKS: [&str; 9] =
    ["import", "list", "search", "open", "edit", "verify", "calendar", "start", "paint"];

/// What is to be measured.
struct Plan {
    sizes: Vec<u64>,
    only: Option<String>,
}

impl Plan {
    fn parse(words: &[String]) -> Outcome<Self> {
        let mut plan = Self { sizes: vec![10_000, 100_000], only: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--small" => plan.sizes = vec![1_000],
                "--large" => plan.sizes = vec![10_000, 100_000, 1_000_000],
                "--only" => {
                    let known = words.next().filter(|work| WORKS.contains(&work.as_str()));
                    plan.only = Some(known.ok_or(USAGE)?.clone());
                }
                _ => return Err(USAGE.into()),
            }
        }
        Ok(plan)
    }

    fn wants(&self, work: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == work)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["import-bare", file, store] => imports::bare(Path::new(file), Path::new(store)),
        ["import-heng", file, folder] => {
            on_runtime(imports::with_heng(Path::new(file), Path::new(folder)))
        }
        _ => Plan::parse(&words).and_then(|plan| on_runtime(run(plan))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn on_runtime(work: impl Future<Output = Outcome>) -> Outcome {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Where cargo puts what it builds: we lie in its `release` folder.
fn target() -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).ok_or("no target folder")?;
    Ok(folder.to_path_buf())
}

async fn run(plan: Plan) -> Outcome {
    let target = target()?;
    let folder = target.join("bench");
    let mut report = Report::default();
    for size in &plan.sizes {
        let home = folder.join(size.to_string());
        if home.exists() {
            std::fs::remove_dir_all(&home)?;
        }
        std::fs::create_dir_all(&home)?;
        measure(&plan, *size, &home, &mut report).await?;
        std::fs::remove_dir_all(&home)?;
        report.write(&target.join("bench.json"))?;
    }
    report.print();
    println!("written: {}", target.join("bench.json").display());
    Ok(())
}

/// Makes a store of one size and measures every work on it.
async fn measure(plan: &Plan, size: u64, home: &Path, report: &mut Report) -> Outcome {
    report.size(size);
    let data = home.join("data");
    let logins = store::found(&data).await?;
    let file = home.join("clients.xlsx");
    workbook::write(&file, size)?;
    imports::measure(&file, &data, home, plan.wants("import"), report)?;
    let served = store::Served::start(&data, logins).await?;
    if plan.wants("list") {
        lists::pages(&served, report).await?;
    }
    if plan.wants("search") {
        lists::searches(&served, report).await?;
    }
    if plan.wants("open") {
        opening::measure(&served, report).await?;
    }
    if plan.wants("edit") {
        edits::measure(&served, home, report).await?;
    }
    if plan.wants("verify") {
        record::measure(&served, report).await?;
    }
    if plan.wants("calendar") {
        calendar::measure(&served, report).await?;
    }
    let logins = served.stop().await?;
    if plan.wants("start") {
        processes::start(&data, report).await?;
    }
    if plan.wants("paint") {
        processes::paint(&data, &logins, report)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Outcome<Plan> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Plan::parse(&words)
    }

    #[test]
    fn ten_and_a_hundred_thousand_are_measured_unless_said() {
        assert_eq!(plan("").unwrap().sizes, [10_000, 100_000]);
        assert_eq!(plan("--small").unwrap().sizes, [1_000]);
        assert_eq!(plan("--large").unwrap().sizes.len(), 3);
    }

    #[test]
    fn one_work_can_be_chosen_and_an_unknown_one_is_refused() {
        let plan_of_one = plan("--only list").unwrap();
        assert!(plan_of_one.wants("list") && !plan_of_one.wants("open"));
        assert!(plan("--only nothing").is_err());
        assert!(plan("--fast").is_err());
    }
}
