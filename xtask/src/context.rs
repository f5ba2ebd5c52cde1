//! `cargo xtask new-context NAME`: the folder that every bounded context has.

use crate::shell::{self, Outcome};

/// Writes the files and says which registry lines are left to write by hand.
pub fn run(words: &[String]) -> Outcome {
    let [name] = words else {
        return Err("usage: cargo xtask new-context NAME".to_owned());
    };
    check(name)?;
    let source = shell::root().join("crates").join("app").join("src");
    let folder = source.join(name);
    if folder.exists() {
        return Err(format!("{} exists already", folder.display()));
    }
    for (file, text) in files(name) {
        shell::write(&folder.join(file), &text)?;
    }
    let registry = source.join("lib.rs");
    shell::write(&registry, &registered(&shell::read(&registry)?, name))?;
    println!("wrote {} and its line in lib.rs", folder.display());
    println!("by hand: the glossary and context lines in ARCHITECTURE.md,");
    println!("its routes in router.rs and its actions in permissions.rs once it has some.");
    println!("The way on is docs/adding-a-feature.md.");
    Ok(())
}

fn check(name: &str) -> Outcome {
    let plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    let starts = name.starts_with(|letter: char| letter.is_ascii_lowercase());
    const REFUSED: [&str; 7] = ["common", "utils", "core", "types", "models", "services", "http"];
    if plain && starts && !REFUSED.contains(&name) {
        return Ok(());
    }
    Err(format!("{name}: a context is named by a plural noun in lower case, such as complaints"))
}

fn files(name: &str) -> Vec<(&'static str, String)> {
    let module = format!(
        "//! The context `{name}`: what one is, what always holds, and what others may call.\n\n\
         mod actions;\nmod operations;\nmod routes;\nmod rows;\nmod rules;\n\
         #[cfg(test)]\nmod tests;\n"
    );
    vec![
        ("mod.rs", module),
        ("actions.rs", format!("//! The actions of `{name}`: names, levels, field classes.\n")),
        ("rules.rs", format!("//! The rules of `{name}`: values in, values out.\n")),
        (
            "operations.rs",
            format!("//! The operations of `{name}`: authorize, write, rows, commit.\n"),
        ),
        ("rows.rs", format!("//! All SQL of the tables of `{name}`.\n")),
        ("routes.rs", format!("//! The HTTP shapes and handlers of `{name}`.\n")),
        ("tests.rs", format!("//! `{name}` through HTTP, as each role.\n")),
    ]
}

/// The registry with the module's line in its place among the others.
fn registered(text: &str, name: &str) -> String {
    let line = format!("pub mod {name};");
    let mut lines: Vec<&str> = text.lines().collect();
    let is_module = |line: &&str| line.starts_with("pub mod ") || line.starts_with("mod ");
    let bare = |line: &str| line.trim_start_matches("pub ").to_owned();
    let place = lines
        .iter()
        .position(|other| is_module(other) && bare(other) > bare(&line))
        .or_else(|| lines.iter().rposition(is_module).map(|last| last + 1))
        .unwrap_or(lines.len());
    lines.insert(place, &line);
    format!("{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_a_lower_case_noun() {
        assert!(check("complaints").is_ok());
        assert!(check("Complaints").is_err());
        assert!(check("utils").is_err());
        assert!(check("../x").is_err());
    }

    #[test]
    fn the_registry_line_finds_its_place() {
        let text = "//! The product.\n\npub mod clients;\npub mod identity;\n\nuse x;\n";
        let with = registered(text, "complaints");
        assert!(with.contains("pub mod clients;\npub mod complaints;\npub mod identity;\n"));
        let last = registered(text, "surveys");
        assert!(last.contains("pub mod identity;\npub mod surveys;\n\nuse x;"));
    }

    #[test]
    fn every_file_begins_with_its_purpose() {
        for (_, text) in files("complaints") {
            assert!(text.starts_with("//! "));
        }
    }
}
