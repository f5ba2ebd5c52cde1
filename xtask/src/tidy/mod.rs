//! `cargo xtask tidy`: the house rules that no compiler checks. Each finding says where and why.

mod directions;
mod sizes;
mod source;
mod web;
mod words;

use crate::shell::{self, Outcome};
use source::Source;
use std::path::{Path, PathBuf};

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the workspace's folder.
    pub path: String,
    /// The line, from 1; 0 stands for the whole file.
    pub line: usize,
    /// What is wrong and what to do instead.
    pub message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, message: message.into() }
    }
}

/// Checks everything; with `--shrink` lowers the ratchet first.
pub fn run(words: &[String]) -> Outcome {
    let shrink = match words {
        [] => false,
        [flag] if flag == "--shrink" => true,
        _ => return Err("usage: cargo xtask tidy [--shrink]".to_owned()),
    };
    let root = shell::root();
    let mut sources = Vec::new();
    for path in files(&root, &["crates", "xtask"], "rs")? {
        sources.push(Source::new(&name(&root, &path), &shell::read(&path)?));
    }
    let mut findings = Vec::new();
    for source in &sources {
        findings.extend(words::check(source));
        findings.extend(directions::check(source));
    }
    findings.extend(directions::dead_files(&sources));
    findings.extend(directions::contexts(&sources, &shell::read(&root.join("ARCHITECTURE.md"))?));
    for path in files(&root, &["crates", "xtask"], "toml")? {
        if path.ends_with("Cargo.toml") {
            findings.extend(directions::manifest(&name(&root, &path), &shell::read(&path)?));
        }
    }
    for kind in ["ts", "tsx"] {
        for path in files(&root, &["web/src"], kind)? {
            findings.extend(web::check(&name(&root, &path), &shell::read(&path)?));
        }
    }
    findings.extend(sizes::check(&root, &sources, shrink)?);
    report(findings, sources.len())
}

fn report(mut findings: Vec<Finding>, files: usize) -> Outcome {
    findings.sort();
    for finding in &findings {
        println!("{}:{}: {}", finding.path, finding.line, finding.message);
    }
    match findings.len() {
        0 => {
            println!("tidy: {files} Rust files hold to the house rules");
            Ok(())
        }
        1 => Err("tidy found 1 breach".to_owned()),
        count => Err(format!("tidy found {count} breaches")),
    }
}

/// A path as findings and the ratchet spell it.
fn name(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// The files with an ending below some folders, in order; what is built or installed is passed by.
fn files(root: &Path, folders: &[&str], ending: &str) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
            let skipped =
                ["target", "node_modules", "dist"].iter().any(|part| path.ends_with(part));
            if path.is_dir() && !skipped {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
