//! Every crate that comes in must be under a licence that `deny.toml` allows.

use crate::shell::{self, Outcome};

/// Compares the licences of all crates with the list.
pub fn check() -> Outcome {
    let allowed = allowed(&shell::read(&shell::root().join("deny.toml"))?);
    let words = ["metadata", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu"];
    let metadata = shell::output(&mut shell::cargo(&words)).ok_or("cargo metadata failed")?;
    let crates = crates(&metadata);
    let refused: Vec<String> = crates
        .iter()
        .filter(|(_, licence)| !fits(licence, &allowed))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    if !refused.is_empty() {
        return Err(format!("licences that deny.toml does not allow: {}", refused.join(", ")));
    }
    println!("{} crates, all under allowed licences", crates.len());
    Ok(())
}

/// The quoted words of `allow = [ … ]`.
fn allowed(deny: &str) -> Vec<String> {
    let list = deny.split_once("allow = [").map_or("", |(_, rest)| rest);
    let list = list.split(']').next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Name and licence of each package; cargo writes a package's name before its licence.
fn crates(metadata: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = metadata;
    while let Some((before, after)) = rest.split_once("\"license\":") {
        let name = before.rsplit("\"name\":\"").next().and_then(|text| text.split('"').next());
        let licence = match after.strip_prefix('"') {
            Some(text) => text.split('"').next().unwrap_or_default(),
            None => "none stated",
        };
        found.push((name.unwrap_or_default().to_owned(), licence.to_owned()));
        rest = after;
    }
    found
}

/// Whether a licence expression can be satisfied: one side of OR, both sides of AND.
fn fits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    any(&mut words, allowed)
}

fn any(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut fits = all(words, allowed);
    while words.pop_if(|word| *word == "OR").is_some() {
        fits |= all(words, allowed);
    }
    fits
}

fn all(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut fits = one(words, allowed);
    while words.pop_if(|word| *word == "AND").is_some() {
        fits &= one(words, allowed);
    }
    fits
}

fn one(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let Some(word) = words.pop() else { return false };
    if word == "(" {
        let fits = any(words, allowed);
        words.pop();
        return fits;
    }
    let mut licence = word.to_owned();
    if words.pop_if(|word| *word == "WITH").is_some() {
        licence.push_str(" WITH ");
        licence.push_str(words.pop().unwrap_or_default());
    }
    allowed.contains(&licence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_weighed() {
        let list =
            allowed("allow = [\n \"MIT\",\n \"Apache-2.0 WITH LLVM-exception\",\n \"ISC\",\n]");
        assert_eq!(list.len(), 3);
        for good in ["MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "(X OR MIT) AND ISC"] {
            assert!(fits(good, &list), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(X OR Y) AND MIT", "none stated", ""] {
            assert!(!fits(bad, &list), "{bad}");
        }
        assert!(fits("Apache-2.0 WITH LLVM-exception", &list));
        assert!(!fits("Apache-2.0", &list));
    }

    #[test]
    fn packages_are_read_from_cargos_words() {
        let text = r#"{"name":"a","id":"x","license":"MIT","deps":[{"name":"z"}]},{"name":"b",
            "id":"y","license":null}"#;
        let found = crates(text);
        assert_eq!(found, [("a".into(), "MIT".into()), ("b".into(), "none stated".into())]);
    }
}
