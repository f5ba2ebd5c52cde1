//! `cargo xtask bench`: what Heng's works cost beside the bare metal, as `crates/bench` measures.

use crate::builds;
use crate::shell::{self, Outcome};

/// Builds the release server and the measuring program, and runs it; the words are its own.
pub fn run(words: &[String]) -> Outcome {
    shell::titled("web interface", builds::web)?;
    shell::titled("server and bench (the first time takes some minutes)", || {
        let packages = ["build", "--release", "--package", "bench", "--package", "cli"];
        shell::run(&mut shell::cargo(&packages))
    })?;
    if let Err(why) = builds::packages("e2e") {
        println!("the browser is not measured: {why}");
    }
    let program = shell::target().join("release").join("bench").display().to_string();
    shell::run(&mut shell::command(&program, words))
}
