//! Rules of the web folder: features never import each other, and no file only passes names on.

use super::Finding;

const FEATURES: &str = "web/src/features/";

/// Checks one TypeScript file.
pub fn check(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let barrel = path.ends_with("/index.ts") || path.ends_with("/index.tsx");
    if barrel && text.contains("export * from") {
        findings.push(Finding::new(path, 1, "no barrel files: import from where it is written"));
    }
    let Some(own) = feature(path) else { return findings };
    for (index, line) in text.lines().enumerate() {
        let Some(target) = imported(line) else { continue };
        if let Some(other) = feature(&resolved(path, target))
            && other != own
        {
            let message = format!("feature {own} imports feature {other}: use its URL, or ui/");
            findings.push(Finding::new(path, index + 1, message));
        }
    }
    findings
}

/// The feature that a path lies in.
fn feature(path: &str) -> Option<&str> {
    path.strip_prefix(FEATURES)?.split('/').next()
}

/// What a line imports.
fn imported(line: &str) -> Option<&str> {
    let code = line.trim_start();
    let found = ["from '", "from \"", "import '", "import \"", "import('", "import(\""]
        .iter()
        .find_map(|start| Some((code.split_once(start)?.1, start.chars().last()?)))?;
    found.0.split(found.1).next()
}

/// The path that an import means, seen from the file.
fn resolved(path: &str, target: &str) -> String {
    if let Some(inside) = target.strip_prefix("@/").or_else(|| target.strip_prefix("~/")) {
        return format!("web/src/{inside}");
    }
    if !target.starts_with('.') {
        return target.to_owned();
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "web/src/features/clients/ClientPage.tsx";

    #[test]
    fn a_feature_does_not_import_another() {
        assert_eq!(check(PAGE, "import { a } from '../identity/queries';").len(), 1);
        assert_eq!(check(PAGE, "import { a } from \"@/features/identity/queries\";").len(), 1);
        assert_eq!(check(PAGE, "const a = lazy(() => import('../identity/Page'));").len(), 1);
    }

    #[test]
    fn its_own_files_and_the_shared_folders_are_fine() {
        assert!(check(PAGE, "import { a } from './queries';").is_empty());
        assert!(check(PAGE, "import { a } from '../clients/queries';").is_empty());
        assert!(check(PAGE, "import { a } from '../../ui/DataTable';").is_empty());
        assert!(check(PAGE, "import { Table } from 'antd';").is_empty());
        assert!(check("web/src/app/routes.tsx", "import '../features/clients/a';").is_empty());
    }

    #[test]
    fn a_file_that_only_passes_names_on_is_refused() {
        assert_eq!(check("web/src/ui/index.ts", "export * from './DataTable';").len(), 1);
    }
}
