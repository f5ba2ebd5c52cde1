//! The project's chores: `cargo xtask CHORE`. Plain standard library, so that it starts at once.

mod bench;
mod builds;
mod codegen;
mod context;
mod demo;
mod install;
mod licences;
mod postgres;
mod shell;
mod suite;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask CHORE

  build                 web interface and server -> target/release/heng, one file
  demo [--port N]       build, fill ./heng-demo with an invented firm, serve it
  test [--only STEP]    everything that must hold; --list names the steps
  bench [--small | --large] [--only WORK]
                        each work beside the bare metal; writes target/bench.json
  tidy [--shrink]       the house rules no compiler checks
  codegen               web/openapi.json and the types made from it
  new-context NAME      the folder of a new bounded context in crates/app";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (chore, rest) = match words.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome = match chore {
        "build" => builds::release().map(|path| println!("made {}", path.display())),
        "demo" => demo::run(rest),
        "test" => suite::run(rest),
        "bench" => bench::run(rest),
        "tidy" => tidy::run(rest),
        "codegen" => codegen::run(),
        "new-context" => context::run(rest),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("there is no chore called {other}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
