//! Building the web interface and the server.

use crate::shell::{self, Outcome};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The one file to install: the release server with the web interface inside.
pub fn release() -> Outcome<PathBuf> {
    shell::titled("web interface", web)?;
    shell::titled("server (the first time takes some minutes)", || {
        shell::run(&mut shell::cargo(&["build", "--release", "--package", "cli"]))
    })?;
    Ok(shell::target().join("release").join("heng"))
}

/// The server for tests: unoptimised, but the same code.
pub fn debug() -> Outcome<PathBuf> {
    prepare_dist()?;
    shell::run(&mut shell::cargo(&["build", "--package", "cli"]))?;
    Ok(shell::target().join("debug").join("heng"))
}

/// The web interface in `web/dist`.
pub fn web() -> Outcome {
    packages("web")?;
    shell::run(&mut shell::npm("web", &["run", "build"]))
}

/// Makes the folder that the server embeds, so that it compiles before the web is built.
pub fn prepare_dist() -> Outcome {
    let folder = shell::root().join("web").join("dist");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Installs a folder's locked npm packages unless they are there already.
pub fn packages(folder: &str) -> Outcome {
    let base = shell::root().join(folder);
    let lock = changed(&base.join("package-lock.json"));
    let installed = changed(&base.join("node_modules").join(".package-lock.json"));
    if lock.is_some() && installed >= lock {
        return Ok(());
    }
    shell::run(&mut shell::npm(
        folder,
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    ))
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|about| about.modified()).ok()
}
