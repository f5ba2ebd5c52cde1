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
    for (file, add) in REGISTRIES {
        let registry = source.join(file);
        shell::write(&registry, &add(&shell::read(&registry)?, name)?)?;
    }
    println!("wrote {} and its lines in lib.rs, router.rs, permissions.rs", folder.display());
    println!("by hand: its lines in ARCHITECTURE.md (contexts and glossary), and its migration.");
    println!("The way on is docs/adding-a-feature.md.");
    Ok(())
}

type Adds = fn(&str, &str) -> Outcome<String>;

/// The three one-page registries and how a context gets its line in each.
const REGISTRIES: [(&str, Adds); 3] = [
    ("lib.rs", |text, name| Ok(with_module(text, name))),
    ("router.rs", |text, name| {
        after_last(text, "::routes())", &format!(".merge(crate::{name}::routes())"))
    }),
    ("permissions.rs", |text, name| {
        after_last(text, "::permissions(),", &format!("crate::{name}::permissions(),"))
    }),
];

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
         #[cfg(test)]\nmod tests;\n\n\
         pub use routes::routes;\n\nuse crate::permissions::Listed;\n\n\
         /// The actions of this context.\n#[must_use]\n\
         pub fn permissions() -> Vec<Listed> {{\n    Vec::new()\n}}\n"
    );
    let routes = format!(
        "//! The HTTP shapes and handlers of `{name}`.\n\n\
         use utoipa_axum::router::OpenApiRouter;\n\nuse crate::App;\n\n\
         /// The routes of this context.\npub fn routes() -> OpenApiRouter<App> {{\n\
         \x20   OpenApiRouter::new()\n}}\n"
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
        ("routes.rs", routes),
        ("tests.rs", format!("//! `{name}` through HTTP, as each role.\n")),
    ]
}

/// The crate's root with the module's line in its place among the others.
fn with_module(text: &str, name: &str) -> String {
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

/// The text with a line after the last one that ends so, indented alike.
fn after_last(text: &str, ending: &str, line: &str) -> Outcome<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let last = lines
        .iter()
        .rposition(|line| line.trim_end().ends_with(ending))
        .ok_or_else(|| format!("no line ends with {ending}"))?;
    let indent: String = lines
        .get(last)
        .map(|line| line.chars().take_while(|letter| *letter == ' ').collect())
        .unwrap_or_default();
    lines.insert(last + 1, format!("{indent}{line}"));
    Ok(format!("{}\n", lines.join("\n")))
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
        let with = with_module(text, "complaints");
        assert!(with.contains("pub mod clients;\npub mod complaints;\npub mod identity;\n"));
        let last = with_module(text, "surveys");
        assert!(last.contains("pub mod identity;\npub mod surveys;\n\nuse x;"));
    }

    #[test]
    fn the_other_registries_get_a_line_after_the_last() {
        let text = "a()\n    .merge(b::routes())\n    .merge(c::routes())\n}\n";
        let with = after_last(text, "::routes())", ".merge(crate::d::routes())");
        let expected =
            text.replace("(c::routes())\n", "(c::routes())\n    .merge(crate::d::routes())\n");
        assert_eq!(with, Ok(expected));
        assert!(after_last("a", "::routes())", "b").is_err());
    }

    #[test]
    fn every_file_begins_with_its_purpose() {
        for (_, text) in files("complaints") {
            assert!(text.starts_with("//! "));
        }
    }
}
