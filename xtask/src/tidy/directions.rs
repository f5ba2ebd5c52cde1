//! Who may know whom: crates, libraries, contexts. ARCHITECTURE.md says why.

use super::Finding;
use super::source::{Source, is_word};

/// What each crate may depend on, of ours. Nothing points back.
const CRATES: [(&str, &[&str]); 10] = [
    ("values", &[]),
    ("fiscal", &["values"]),
    ("trust", &["values"]),
    ("documents", &["values"]),
    ("press", &["values", "documents"]),
    ("app", &["values", "fiscal", "trust", "documents"]),
    ("cli", &["values", "fiscal", "trust", "documents", "press", "app"]),
    ("testkit", &["values", "fiscal", "trust", "documents", "app"]),
    ("bench", &["values", "fiscal", "trust", "documents", "app"]),
    ("xtask", &[]),
];

const DRIVERS: [&str; 4] = ["rusqlite", "tokio_postgres", "deadpool_postgres", "refinery"];
const WEB: [&str; 3] = ["axum", "utoipa", "utoipa_axum"];

/// Derives that describe a shape may stand where the shape is: they do nothing.
const SHAPES: [&str; 3] =
    ["use utoipa::ToSchema;", "use utoipa::IntoParams;", "use utoipa::{IntoParams, ToSchema};"];

/// Checks which libraries a file names, and what a layer may do.
pub fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = source.path.as_str();
    if source.is_test() || path.starts_with("xtask/") {
        return findings;
    }
    for (line, text) in source.product_lines() {
        for (libraries, allowed, rule) in [
            (&DRIVERS[..], drivers_allowed(path), "the SQL driver is trust's alone"),
            (&WEB[..], web_allowed(path), "HTTP belongs in app/http, router.rs and routes.rs"),
            (&["clap"][..], clap_allowed(path), "the command line belongs in cli and commands.rs"),
        ] {
            if allowed {
                continue;
            }
            for library in libraries {
                let shape = SHAPES.contains(&text.trim()) || text.trim().starts_with("#[derive(");
                if names_crate(text, library) && !shape {
                    findings.push(Finding::new(path, line, format!("{library}: {rule}")));
                }
            }
        }
        if source.file_name() == "rules.rs" || path.contains("/rules/") {
            findings.extend(impure(path, line, text));
        }
        if text.trim_start().starts_with("pub") && text.contains("mod rows") {
            findings.push(Finding::new(path, line, "rows are private to their context"));
        }
    }
    findings
}

/// The bench measures against the bare driver, on stores of its own; nothing of it ships.
const BENCH: &str = "crates/bench/";

fn drivers_allowed(path: &str) -> bool {
    path.starts_with("crates/trust/") || path.starts_with(BENCH)
}

fn web_allowed(path: &str) -> bool {
    path.starts_with("crates/app/src/http")
        || path == "crates/app/src/router.rs"
        || path.ends_with("/routes.rs")
        || path.contains("/routes/")
        || path.starts_with("crates/cli/src/serve")
        || path.starts_with(BENCH)
}

fn clap_allowed(path: &str) -> bool {
    path.starts_with("crates/cli/") || path.ends_with("/commands.rs")
}

/// Whether a line uses a crate by its name: `use axum`, `axum::`.
fn names_crate(text: &str, library: &str) -> bool {
    let mut rest = text;
    let mut before = '\0';
    while let Some(at) = rest.find(library) {
        let (head, tail) = rest.split_at(at);
        let left = head.chars().next_back().unwrap_or(before);
        let after = tail.get(library.len()..).unwrap_or("");
        let ends = after.starts_with("::")
            || (text.trim_start().starts_with("use ") && !after.starts_with(is_word));
        if ends && !is_word(left) && left != ':' && left != '.' {
            return true;
        }
        before = library.chars().next_back().unwrap_or('\0');
        rest = after;
    }
    false
}

fn impure(path: &str, line: usize, text: &str) -> Option<Finding> {
    let words = ["async fn", ".await", "trust::database", "dyn Clock", "&Clock", "SystemClock"];
    let word = words.iter().find(|word| text.contains(*word))?;
    let message = format!("{word}: rules are pure, values in and values out");
    Some(Finding::new(path, line, message))
}

/// Checks what a crate's manifest depends on.
pub fn manifest(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut section = "";
    let crate_name = path.rsplit('/').nth(1).unwrap_or_default();
    let Some((_, allowed)) = CRATES.iter().find(|(name, _)| *name == crate_name) else {
        let message = "a new crate: say in xtask/src/tidy/directions.rs what it may depend on";
        return vec![Finding::new(path, 1, message)];
    };
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        }
        if section != "[dependencies]" {
            continue;
        }
        let name: String =
            line.chars().take_while(|letter| is_word(*letter) || *letter == '-').collect();
        let ours = CRATES.iter().any(|(other, _)| *other == name);
        if ours && !allowed.contains(&name.as_str()) {
            let message = format!("{crate_name} must not depend on {name}");
            findings.push(Finding::new(path, index + 1, message));
        }
        let driver = DRIVERS.contains(&name.replace('-', "_").as_str());
        if driver && !matches!(crate_name, "trust" | "bench") {
            findings.push(Finding::new(path, index + 1, "the SQL driver is trust's alone"));
        }
    }
    findings
}

/// Finds files that no module declares: they are not even compiled.
pub fn dead_files(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let Some((folder, stem)) = module_of(&source.path) else { continue };
        let declared = sources.iter().any(|other| {
            let same_folder = other.path.starts_with(&format!("{folder}/"));
            let named = same_folder && other.text.contains(&format!("#[path = \"{stem}.rs\"]"));
            named || (holds_modules_of(&other.path, &folder) && declares(other, &stem))
        });
        if !declared {
            findings.push(Finding::new(&source.path, 0, "no module declares this file"));
        }
    }
    findings
}

fn declares(source: &Source, module: &str) -> bool {
    let end = format!("mod {module}");
    source.lines().any(|(_, line)| line.trim_end().trim_end_matches(';').ends_with(&end))
}

/// The folder and name of the module that a file under `src` is; roots and tests are none.
fn module_of(path: &str) -> Option<(String, String)> {
    let inside = path.contains("/src/") && !path.contains("/src/bin/");
    let (folder, file) = path.rsplit_once('/')?;
    let stem = file.strip_suffix(".rs")?;
    match stem {
        _ if !inside => None,
        "lib" | "main" if folder.ends_with("/src") => None,
        "mod" => folder.rsplit_once('/').map(|(up, name)| (up.to_owned(), name.to_owned())),
        _ => Some((folder.to_owned(), stem.to_owned())),
    }
}

/// Whether a file is the one that declares the modules lying in a folder.
fn holds_modules_of(path: &str, folder: &str) -> bool {
    ["lib.rs", "main.rs", "mod.rs"].iter().any(|name| path == format!("{folder}/{name}"))
        || path == format!("{folder}.rs")
}

/// Checks that contexts use only those that ARCHITECTURE.md lists for them.
pub fn contexts(sources: &[Source], architecture: &str) -> Vec<Finding> {
    let allowed = listed(architecture);
    let names: Vec<&str> = sources
        .iter()
        .filter(|source| source.file_name() == "actions.rs")
        .filter_map(|source| context_of(&source.path))
        .collect();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let Some(own) = context_of(&source.path).filter(|own| names.contains(own)) else {
            continue;
        };
        let mut importing = false;
        for (line, text) in source.product_lines() {
            importing |= text.trim_start().starts_with("use crate::{");
            for other in names.iter().filter(|other| **other != own) {
                let direct = ["::", ";", ","]
                    .iter()
                    .any(|end| text.contains(&format!("crate::{other}{end}")));
                if !(direct || importing) || !names_word(text, other) {
                    continue;
                }
                if text.contains(&format!("crate::{other}::rows")) {
                    let message = format!("the rows of {other} are private to it");
                    findings.push(Finding::new(&source.path, line, message));
                } else if !allowed.contains(&(own.to_owned(), (*other).to_owned())) {
                    let message = format!("{own} -> {other} is not in ARCHITECTURE.md");
                    findings.push(Finding::new(&source.path, line, message));
                }
            }
            importing &= !text.contains(';');
        }
    }
    if has_circle(&allowed) {
        findings.push(Finding::new("ARCHITECTURE.md", 0, "the contexts depend in a circle"));
    }
    findings
}

/// Whether a line holds a word by itself.
fn names_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !is_word(letter)).any(|found| found == word)
}

fn context_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/app/src/")?.split_once('/').map(|(context, _)| context)
}

/// The lines `a -> b, c` of the block marked `contexts`.
fn listed(architecture: &str) -> Vec<(String, String)> {
    let mut edges = Vec::new();
    let block = architecture.split("```contexts").nth(1).and_then(|rest| rest.split("```").next());
    for line in block.unwrap_or_default().lines() {
        let Some((from, to)) = line.split_once("->") else { continue };
        for other in to.split(',') {
            edges.push((from.trim().to_owned(), other.trim().to_owned()));
        }
    }
    edges
}

fn has_circle(edges: &[(String, String)]) -> bool {
    let mut left: Vec<&(String, String)> = edges.iter().collect();
    loop {
        let before = left.len();
        let heads: Vec<String> = left.iter().map(|(from, _)| from.clone()).collect();
        left.retain(|(_, to)| heads.contains(to));
        if left.len() == before {
            return !left.is_empty();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn the_driver_stays_in_trust() {
        assert_eq!(found("crates/app/src/clients/rows.rs", "use rusqlite::Connection;"), 1);
        assert_eq!(found("crates/trust/src/database/sqlite.rs", "use rusqlite::Connection;"), 0);
        assert_eq!(found("crates/bench/src/lists.rs", "use rusqlite::Connection;"), 0);
        assert_eq!(found("crates/app/src/x.rs", "// use rusqlite::Connection;"), 0);
    }

    #[test]
    fn http_stays_in_routes() {
        assert_eq!(found("crates/app/src/clients/operations.rs", "use axum::Json;"), 1);
        assert_eq!(found("crates/app/src/clients/routes.rs", "use axum::Json;"), 0);
        assert_eq!(found("crates/app/src/clients/view.rs", "use utoipa::ToSchema;"), 0);
        assert_eq!(found("crates/app/src/clients/view.rs", "use utoipa::path;"), 1);
        assert_eq!(found("crates/app/src/clients/mod.rs", "let my_axum::x;"), 0);
        assert_eq!(found("crates/app/src/clients/tests.rs", "use axum::Json;"), 0);
    }

    #[test]
    fn rules_are_pure() {
        assert_eq!(found("crates/app/src/clients/rules.rs", "pub async fn a() {}"), 1);
        assert_eq!(found("crates/app/src/clients/rules.rs", "pub fn a() {}"), 0);
    }

    #[test]
    fn crates_do_not_point_back() {
        let text = "[dependencies]\napp.workspace = true\n[dev-dependencies]\ntestkit = {}\n";
        assert_eq!(manifest("crates/trust/Cargo.toml", text).len(), 1);
        assert!(manifest("crates/cli/Cargo.toml", text).is_empty());
        assert_eq!(manifest("crates/common/Cargo.toml", text).len(), 1);
        let driver = "[dependencies]\ntokio-postgres.workspace = true\n";
        assert_eq!(manifest("crates/app/Cargo.toml", driver).len(), 1);
    }

    #[test]
    fn a_file_that_nobody_declares_is_dead() {
        let sources = [
            Source::new("crates/a/src/lib.rs", "pub mod b;\nmod c;"),
            Source::new("crates/a/src/b/mod.rs", "mod d;"),
            Source::new("crates/a/src/b/d.rs", ""),
            Source::new("crates/a/src/c.rs", ""),
            Source::new("crates/a/src/e.rs", ""),
            Source::new("crates/a/tests/it.rs", ""),
        ];
        let dead = dead_files(&sources);
        assert_eq!(dead.len(), 1);
        assert_eq!(dead[0].path, "crates/a/src/e.rs");
    }

    #[test]
    fn contexts_use_what_is_listed() {
        let sources = [
            Source::new("crates/app/src/clients/actions.rs", "use crate::identity::users;"),
            Source::new("crates/app/src/identity/actions.rs", "use crate::clients::find;"),
            Source::new("crates/app/src/clients/rows.rs", "use crate::identity::rows;"),
            Source::new("crates/app/src/clients/b.rs", "use crate::{\n    App, identity,\n};"),
            Source::new("crates/app/src/identity/b.rs", "use crate::{App, clients::find};"),
            Source::new("crates/app/src/identity/c.rs", "let clients = crate::clients_of();"),
        ];
        let found = contexts(&sources, "```contexts\nclients -> identity\n```");
        assert_eq!(found.len(), 3, "{found:?}");
        let circle =
            contexts(&sources, "```contexts\nclients -> identity\nidentity -> clients\n```");
        assert!(circle.iter().any(|finding| finding.message.contains("circle")));
    }
}
