//! Length of files and functions, with a ratchet: what is too long today may only shrink.

use super::Finding;
use super::source::Source;
use crate::shell::{self, Outcome};
use std::collections::BTreeMap;
use std::path::Path;

const FILE: usize = 600;
const FUNCTION: usize = 70;
const HEAD: &str = "\
# What is longer than the house allows, by lines. An entry may only shrink, and goes when it fits:
# `cargo xtask tidy --shrink` lowers the numbers. Files: 600 lines; functions: 70.
";

/// The lengths that are suffered, by path or `path::function`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ratchet {
    files: BTreeMap<String, usize>,
    functions: BTreeMap<String, usize>,
}

/// Compares all lengths with the limits and with the ratchet file.
pub fn check(root: &Path, sources: &[Source], shrink: bool) -> Outcome<Vec<Finding>> {
    let path = root.join("xtask").join("ratchet.toml");
    let mut ratchet = parse(&shell::read(&path)?)?;
    let actual = measure(sources);
    if shrink {
        lower(&mut ratchet.files, &actual.files);
        lower(&mut ratchet.functions, &actual.functions);
        shell::write(&path, &ratchet.text())?;
    }
    let mut findings = compare(&ratchet.files, &actual.files, FILE);
    findings.extend(compare(&ratchet.functions, &actual.functions, FUNCTION));
    let mut lower = slack(&ratchet.files, &actual.files);
    lower.extend(slack(&ratchet.functions, &actual.functions));
    for key in lower {
        println!("{key}: shorter than the ratchet says, well done: cargo xtask tidy --shrink");
    }
    Ok(findings)
}

/// Everything that is longer than its limit.
fn measure(sources: &[Source]) -> Ratchet {
    let mut actual = Ratchet::default();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > FILE {
            actual.files.insert(source.path.clone(), lines);
        }
        for function in source.functions() {
            if function.lines > FUNCTION {
                let key = format!("{}::{}", source.path, function.name);
                let longest = actual.functions.entry(key).or_default();
                *longest = function.lines.max(*longest);
            }
        }
    }
    actual
}

fn compare(
    ratchet: &BTreeMap<String, usize>,
    actual: &BTreeMap<String, usize>,
    limit: usize,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, lines) in actual {
        let allowed = ratchet.get(key).copied().unwrap_or(limit);
        if *lines > allowed {
            findings.push(Finding::new(key, 0, format!("{lines} lines, at most {allowed}")));
        }
    }
    findings
}

/// Entries that could be lowered; said, but no breach, so that shortening never costs a failure.
fn slack(ratchet: &BTreeMap<String, usize>, actual: &BTreeMap<String, usize>) -> Vec<String> {
    let lower = |(key, allowed): &(&String, &usize)| actual.get(*key).is_none_or(|n| n < *allowed);
    ratchet.iter().filter(lower).map(|(key, _)| key.clone()).collect()
}

fn lower(ratchet: &mut BTreeMap<String, usize>, actual: &BTreeMap<String, usize>) {
    ratchet.retain(|key, allowed| match actual.get(key) {
        Some(lines) => {
            *allowed = (*allowed).min(*lines);
            true
        }
        None => false,
    });
}

impl Ratchet {
    fn text(&self) -> String {
        let mut text = String::from(HEAD);
        for (title, entries) in [("files", &self.files), ("functions", &self.functions)] {
            text.push_str(&format!("\n[{title}]\n"));
            for (key, lines) in entries {
                text.push_str(&format!("\"{key}\" = {lines}\n"));
            }
        }
        text
    }
}

/// Reads the little TOML that the ratchet needs: two tables of quoted keys and numbers.
fn parse(text: &str) -> Outcome<Ratchet> {
    let mut ratchet = Ratchet::default();
    let mut in_files = true;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        match line {
            "[files]" => in_files = true,
            "[functions]" => in_files = false,
            _ if line.is_empty() || line.starts_with('#') => {}
            _ => {
                let (key, lines) = entry(line)
                    .ok_or_else(|| format!("ratchet.toml:{}: not \"path\" = lines", index + 1))?;
                let table = if in_files { &mut ratchet.files } else { &mut ratchet.functions };
                table.insert(key, lines);
            }
        }
    }
    Ok(ratchet)
}

fn entry(line: &str) -> Option<(String, usize)> {
    let (key, lines) = line.split_once('=')?;
    let key = key.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((key.to_owned(), lines.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(entries: &[(&str, usize)]) -> BTreeMap<String, usize> {
        entries.iter().map(|(key, lines)| ((*key).to_owned(), *lines)).collect()
    }

    #[test]
    fn the_file_reads_back_as_written() {
        let ratchet = Ratchet { files: table(&[("a.rs", 700)]), functions: table(&[("a::b", 71)]) };
        assert_eq!(parse(&ratchet.text()), Ok(ratchet));
        assert!(parse("[files]\nnonsense").is_err());
    }

    #[test]
    fn what_is_too_long_is_found_unless_suffered() {
        let actual = table(&[("a.rs", 650)]);
        assert_eq!(compare(&table(&[]), &actual, FILE).len(), 1);
        assert!(compare(&table(&[("a.rs", 650)]), &actual, FILE).is_empty());
        assert_eq!(compare(&table(&[("a.rs", 640)]), &actual, FILE).len(), 1);
        assert_eq!(slack(&table(&[("a.rs", 660), ("b.rs", 601)]), &actual), ["a.rs", "b.rs"]);
    }

    #[test]
    fn the_ratchet_only_goes_down() {
        let mut ratchet = table(&[("a.rs", 700), ("gone.rs", 800), ("b.rs", 610)]);
        let actual = table(&[("a.rs", 650), ("b.rs", 640), ("new.rs", 900)]);
        assert_eq!(compare(&ratchet, &actual, FILE).len(), 2);
        lower(&mut ratchet, &actual);
        assert_eq!(ratchet, table(&[("a.rs", 650), ("b.rs", 610)]));
    }

    #[test]
    fn long_functions_are_measured_by_name() {
        let text = format!("//! X.\nfn long() {{\n{}}}\n", "    go();\n".repeat(70));
        let actual = measure(&[Source::new("a.rs", &text)]);
        assert_eq!(actual.functions, table(&[("a.rs::long", 72)]));
    }
}
