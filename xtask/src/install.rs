//! What the tests need from the machine: found, installed on Debian as root, or asked for.

use crate::shell::{self, Outcome};
use std::path::{Path, PathBuf};

/// One thing that must be on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Node.js 20 or later with npm.
    Node,
    /// Chromium, for the browser journeys.
    Chromium,
    /// A font with Chinese characters, or screenshots show boxes.
    ChineseFont,
    /// PostgreSQL's server programs.
    Postgres,
}

impl Need {
    fn present(self) -> bool {
        match self {
            Need::Node => node_is_recent(),
            Need::Chromium => chromium().is_some(),
            Need::ChineseFont => {
                cfg!(target_os = "macos")
                    || shell::output(&mut shell::command("fc-list", &[":lang=zh", "family"]))
                        .is_some_and(|fonts| !fonts.is_empty())
            }
            Need::Postgres => postgres_programs().is_some(),
        }
    }

    /// Debian packages that bring it.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Need::Node => &["nodejs", "npm"],
            Need::Chromium => &["chromium"],
            Need::ChineseFont => &["fonts-noto-cjk", "fontconfig"],
            Need::Postgres => &["postgresql"],
        }
    }

    /// What to tell a person whose machine we do not install on.
    fn advice(self) -> &'static str {
        match self {
            Need::Node => "Node.js 20 or later with npm, on PATH",
            Need::Chromium => "Chromium or Chrome on PATH, or its path in HENG_CHROMIUM",
            Need::ChineseFont => "a Chinese font that fontconfig knows (Noto Sans CJK)",
            Need::Postgres => {
                "PostgreSQL 14 or later with initdb, or its bin folder in HENG_PG_BIN"
            }
        }
    }
}

/// Makes sure that all of these are there, installing what can be installed.
pub fn ensure(needs: &[Need]) -> Outcome {
    let missing: Vec<Need> = needs.iter().copied().filter(|need| !need.present()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if shell::find("apt-get").is_none() || !is_root() {
        return Err(wanted(&missing));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    apt(&["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)?;
    let still: Vec<Need> = missing.into_iter().filter(|need| !need.present()).collect();
    if still.is_empty() { Ok(()) } else { Err(wanted(&still)) }
}

fn apt(words: &[&str]) -> Outcome {
    shell::run(shell::command("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn wanted(missing: &[Need]) -> String {
    let mut text = String::from("this machine lacks:");
    for need in missing {
        text.push_str(&format!("\n  - {}", need.advice()));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages()).copied().collect();
    text.push_str(&format!("\nDebian and Ubuntu: apt-get install {}", packages.join(" ")));
    text
}

/// Whether we are root, who may install but may not run PostgreSQL.
pub fn is_root() -> bool {
    shell::output(&mut shell::command("id", &["-u"])).is_some_and(|id| id == "0")
}

fn node_is_recent() -> bool {
    shell::find("npm").is_some()
        && shell::output(&mut shell::command("node", &["--version"]))
            .and_then(|text| major(&text))
            .is_some_and(|major| major >= 20)
}

fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

/// The browser for the journeys.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("HENG_CHROMIUM") {
        return Some(PathBuf::from(path));
    }
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| shell::find(name))
}

/// The folder with `initdb` and `postgres`: the newest, where there are several.
pub fn postgres_programs() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("HENG_PG_BIN") {
        return Some(PathBuf::from(path));
    }
    // A link on PATH leads to the folder where the server's other programs lie.
    let linked = shell::find("initdb").and_then(|file| std::fs::canonicalize(file).ok());
    if let Some(folder) = linked.as_deref().and_then(Path::parent)
        && folder.join("pg_isready").is_file()
    {
        return Some(folder.to_path_buf());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        })
        .max()
        .map(|(_, folder)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("22.1"), Some(22));
        assert_eq!(major("next"), None);
    }

    #[test]
    fn what_is_missing_is_said_with_the_packages() {
        let text = wanted(&[Need::Chromium, Need::Postgres]);
        assert!(text.contains("HENG_CHROMIUM"));
        assert!(text.ends_with("apt-get install chromium postgresql"));
    }
}
