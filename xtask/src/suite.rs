//! `cargo xtask test`: every check of the project, in steps that can be run alone.

use crate::builds;
use crate::install::{self, Need};
use crate::licences;
use crate::postgres::Postgres;
use crate::shell::{self, Outcome};
use crate::tidy;
use std::path::PathBuf;
use std::time::Instant;

struct Step {
    name: &'static str,
    title: &'static str,
    needs: &'static [Need],
    work: fn() -> Outcome,
}

const ALL: &[Need] = &[Need::Node, Need::Chromium, Need::ChineseFont, Need::Postgres];

const STEPS: &[Step] = &[
    Step { name: "needs", title: "what the tests need", needs: ALL, work: || Ok(()) },
    Step { name: "format", title: "format", needs: &[], work: format },
    Step { name: "tidy", title: "house rules", needs: &[], work: || tidy::run(&[]) },
    Step { name: "licences", title: "licences", needs: &[], work: licences::check },
    Step { name: "web-build", title: "web: build", needs: &[Need::Node], work: builds::web },
    Step { name: "web-lint", title: "web: lint", needs: &[Need::Node], work: || web("lint") },
    Step {
        name: "web-types",
        title: "web: types",
        needs: &[Need::Node],
        work: || web("typecheck"),
    },
    Step { name: "web-test", title: "web: unit tests", needs: &[Need::Node], work: || web("test") },
    Step { name: "lint", title: "Rust lints", needs: &[], work: lint },
    Step { name: "rust", title: "Rust tests on SQLite", needs: &[], work: on_sqlite },
    Step {
        name: "postgres",
        title: "Rust tests on PostgreSQL",
        needs: &[Need::Postgres],
        work: on_postgres,
    },
    Step {
        name: "journeys",
        title: "browser journeys",
        needs: &[Need::Node, Need::Chromium, Need::ChineseFont],
        work: journeys,
    },
];

const USAGE: &str = "usage: cargo xtask test [--list] [--only STEP[,STEP…]] [--keep-going]";

/// Runs all steps, or the chosen ones, and stops at the first failure unless told not to.
pub fn run(words: &[String]) -> Outcome {
    let Some(choice) = choose(words)? else {
        for step in STEPS {
            println!("{:<10} {}", step.name, step.title);
        }
        return Ok(());
    };
    let began = Instant::now();
    let (mut passed, mut failed) = (0, Vec::new());
    for step in &choice.steps {
        let outcome = shell::titled(step.title, || {
            install::ensure(step.needs)?;
            (step.work)()
        });
        match outcome {
            Ok(()) => passed += 1,
            Err(message) => {
                println!("step {}: {message}", step.name);
                println!("again: cargo xtask test --only {}", step.name);
                failed.push(step.name);
                if !choice.keep_going {
                    break;
                }
            }
        }
    }
    println!("\n{} steps in {:.0} s", choice.steps.len(), began.elapsed().as_secs_f64());
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

struct Choice {
    steps: Vec<&'static Step>,
    keep_going: bool,
}

/// The steps to run; nothing when they are only to be listed.
fn choose(words: &[String]) -> Outcome<Option<Choice>> {
    let mut choice = Choice { steps: STEPS.iter().collect(), keep_going: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--list" => return Ok(None),
            "--keep-going" => choice.keep_going = true,
            "--only" => {
                let names = words.next().ok_or(USAGE)?;
                choice.steps = names.split(',').map(named).collect::<Outcome<Vec<_>>>()?;
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(Some(choice))
}

fn named(name: &str) -> Outcome<&'static Step> {
    STEPS
        .iter()
        .find(|step| step.name == name)
        .ok_or_else(|| format!("there is no step called {name}; --list names them"))
}

fn format() -> Outcome {
    shell::run(&mut shell::cargo(&["fmt", "--all", "--check"]))
}

fn lint() -> Outcome {
    builds::prepare_dist()?;
    let words = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    shell::run(&mut shell::cargo(&words))
}

fn on_sqlite() -> Outcome {
    builds::prepare_dist()?;
    shell::run(&mut tests(&[]))
}

fn on_postgres() -> Outcome {
    builds::prepare_dist()?;
    let postgres = Postgres::start()?;
    println!("PostgreSQL answers at {}", postgres.url());
    let outcome = shell::run(
        tests(&["trust", "app"])
            .env("TEST_DATABASE", "postgres")
            .env("TEST_DATABASE_URL", postgres.url()),
    );
    drop(postgres);
    outcome
}

/// nextest where it is installed, else cargo's own runner. nextest builds the whole workspace even
/// for two packages: the same features mean that nothing is built twice.
fn tests(packages: &[&str]) -> std::process::Command {
    let nextest = shell::find("cargo-nextest").is_some();
    let mut words: Vec<String> = match nextest {
        true => vec!["nextest", "run", "--workspace", "--no-tests=pass", "--cargo-quiet"],
        false => vec!["test", "--quiet"],
    }
    .into_iter()
    .map(str::to_owned)
    .collect();
    match (nextest, packages) {
        (true, []) => {}
        (true, _) => {
            let chosen: Vec<String> =
                packages.iter().map(|name| format!("package({name})")).collect();
            words.extend(["-E".to_owned(), chosen.join(" + ")]);
        }
        (false, []) => words.push("--workspace".to_owned()),
        (false, _) => words.extend(packages.iter().map(|name| format!("--package={name}"))),
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    shell::cargo(&words)
}

/// A script of the web's package.json.
fn web(script: &str) -> Outcome {
    builds::packages("web")?;
    shell::run(&mut shell::npm("web", &["run", script]))
}

fn journeys() -> Outcome {
    let files = journey_files()?;
    if files.is_empty() {
        println!("e2e/journeys holds no journey yet");
        return Ok(());
    }
    builds::packages("e2e")?;
    if !shell::root().join("web/dist/index.html").is_file() {
        builds::web()?;
    }
    let binary = builds::debug()?;
    let mut node = shell::command("node", &["--test", "--test-concurrency=1"]);
    node.args(files).env("HENG_BINARY", binary);
    if let Some(path) = install::chromium() {
        node.env("HENG_CHROMIUM", path);
    }
    shell::run(&mut node)
}

fn journey_files() -> Outcome<Vec<PathBuf>> {
    let folder = shell::root().join("e2e").join("journeys");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.display().to_string().ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn names(choice: &Choice) -> Vec<&str> {
        choice.steps.iter().map(|step| step.name).collect()
    }

    #[test]
    fn all_steps_run_unless_some_are_named() {
        let all = choose(&[]).unwrap().unwrap();
        assert_eq!(all.steps.len(), STEPS.len());
        let two = choose(&words("--only lint,rust --keep-going")).unwrap().unwrap();
        assert_eq!(names(&two), ["lint", "rust"]);
        assert!(two.keep_going);
    }

    #[test]
    fn an_unknown_step_or_flag_is_refused() {
        assert!(choose(&words("--only nothing")).is_err());
        assert!(choose(&words("--fast")).is_err());
    }

    #[test]
    fn step_names_are_told_apart() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
