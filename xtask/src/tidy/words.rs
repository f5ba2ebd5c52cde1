//! Rules about words: module docs, names of types, silenced lints, spelling, line length.

use super::Finding;
use super::source::{Source, is_word};

const COLUMNS: usize = 100;

/// Names that say nothing about the thing: as the last word of a type.
const EMPTY_NAMES: [&str; 8] =
    ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Data", "Info"];

/// Words with a better one in the glossary, wherever a type or function is named.
const NAMES: [(&str, &str); 4] = [
    ("customer", "client"),
    ("tenant", "firm"),
    ("audit_log", "record"),
    ("blacklist", "denied list"),
];

/// Misspellings and words that the glossary replaces in what people read.
const CHINESE: [(&str, &str); 8] = [
    ("登陆", "登录"),
    ("阀值", "阈值"),
    ("撤消", "撤销"),
    ("顾客", "客户"),
    ("帐户", "账户"),
    ("口令", "密码"),
    ("岗位", "角色"),
    ("审计记录", "审计日志"),
];

/// Where a stray word stands by chance: two words that meet.
const CHANCE: [(&str, &str); 1] = [("接口令牌", "接口-令牌")];

/// Checks one file.
pub fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = source.path.as_str();
    if !source.text.trim_start().starts_with("//!") {
        findings.push(Finding::new(path, 1, "begin with `//!`: what the file is for"));
    }
    for (index, line) in source.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > COLUMNS && !line.contains("://") {
            let message = format!("{columns} columns, at most {COLUMNS}");
            findings.push(Finding::new(path, index + 1, message));
        }
        // Headers of workbooks from outside are recognised as people misspell them.
        if path.contains("/tidy/") || path.contains("import") {
            continue;
        }
        let line =
            CHANCE.iter().fold(line.to_owned(), |line, (meet, apart)| line.replace(meet, apart));
        for (wrong, right) in CHINESE {
            if line.contains(wrong) {
                findings.push(Finding::new(path, index + 1, format!("{wrong}: write {right}")));
            }
        }
    }
    for (line, text) in source.lines() {
        findings.extend(names(path, line, text));
        if text.contains("#[allow(") || text.contains("#![allow(") {
            let message = "no silenced lints: mend it, or #[expect(…, reason = \"…\")]";
            findings.push(Finding::new(path, line, message));
        }
        if text.contains("#[ignore") {
            findings.push(Finding::new(path, line, "no ignored tests: mend it or remove it"));
        }
    }
    findings
}

fn names(path: &str, line: usize, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for keyword in ["struct", "enum", "trait", "type", "union"] {
        if let Some(name) = defined(text, keyword)
            && EMPTY_NAMES.contains(&last_word(&name))
        {
            let message = format!("{name}: {} says nothing, name what it is", last_word(&name));
            findings.push(Finding::new(path, line, message));
        }
    }
    for keyword in ["struct", "enum", "trait", "type", "fn", "mod", "const"] {
        let Some(name) = defined(text, keyword) else { continue };
        let lower = name.to_lowercase();
        for (wrong, right) in NAMES {
            if lower.contains(wrong) {
                let message = format!("{name}: the glossary's word is {right}");
                findings.push(Finding::new(path, line, message));
            }
        }
    }
    findings
}

/// The name that a line defines with a keyword.
fn defined(text: &str, keyword: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    words.find(|word| *word == keyword)?;
    let name: String = words.next()?.chars().take_while(|letter| is_word(*letter)).collect();
    (!name.is_empty()).then_some(name)
}

/// The last word of a name in camel case.
fn last_word(name: &str) -> &str {
    let start = name.rfind(|letter: char| letter.is_uppercase()).unwrap_or(0);
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let source = Source::new("crates/app/src/x.rs", &format!("//! X.\n{text}"));
        check(&source).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        let source = Source::new("crates/app/src/x.rs", "fn a() {}\n");
        assert_eq!(check(&source).len(), 1);
        assert!(messages("fn a() {}\n").is_empty());
    }

    #[test]
    fn empty_names_are_refused_as_the_last_word_only() {
        assert_eq!(messages("pub struct ClientManager;").len(), 1);
        assert_eq!(messages("enum ClientInfo {}").len(), 1);
        assert!(messages("pub struct ServicePlan;").is_empty());
        assert!(messages("enum Role { ClientManager }").is_empty());
    }

    #[test]
    fn the_glossary_names_things() {
        assert_eq!(messages("fn rename_customer() {}").len(), 1);
        assert_eq!(messages("// 请先登陆").len(), 1);
    }

    #[test]
    fn lints_are_not_silenced_but_in_text() {
        assert_eq!(messages("#[allow(dead_code)]\nfn a() {}").len(), 1);
        assert_eq!(messages("#[ignore = \"slow\"]\nfn a() {}").len(), 1);
        assert!(messages("const A: &str = \"#[allow(\";").is_empty());
    }

    #[test]
    fn long_lines_are_refused_but_for_links() {
        assert_eq!(messages(&format!("// {}", "x".repeat(98))).len(), 1);
        assert!(messages(&format!("// https://{}", "x".repeat(98))).is_empty());
    }
}
