//! `cargo xtask codegen`: the API's description and the web types made from it.

use crate::builds;
use crate::shell::{self, Outcome};

/// Asks the server for its OpenAPI text and writes it where the web reads it.
pub fn run() -> Outcome {
    let binary = builds::debug()?;
    let program = binary.display().to_string();
    let text = shell::output(&mut shell::command(&program, &["openapi"]))
        .ok_or("`heng openapi` failed; run it by hand to see why")?;
    let path = shell::root().join("web").join("openapi.json");
    shell::write(&path, &format!("{text}\n"))?;
    println!("wrote {}", path.display());
    builds::packages("web")?;
    shell::run(&mut shell::npm("web", &["run", "--if-present", "codegen"]))
}
