//! The API's description: checked in, so that a change of the API is seen in review.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sample::checked_in;

/// Every operation: its id, method and path.
pub(crate) fn operations() -> Vec<(String, String, String)> {
    let document = serde_json::to_value(app::openapi()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                all.push((id.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    all.sort();
    all
}

#[test]
fn the_description_of_the_api_is_the_reviewed_one() {
    let document = serde_json::to_value(app::openapi()).unwrap();
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    checked_in("../../web/openapi.json", &text);
}

#[test]
fn operations_have_names_of_their_own_that_begin_with_a_verb() {
    const VERBS: [&str; 42] = [
        "add", "advance", "approve", "assign", "bulk", "cancel", "change", "check", "confirm",
        "create", "decide", "define", "delete", "disable", "download", "enable", "end", "enroll",
        "explain", "export", "find", "get", "import", "list", "merge", "preview", "prove",
        "recycle", "remove", "renew", "request", "reset", "restore", "reveal", "revoke", "rotate",
        "run", "save", "search", "show", "take", "undo",
    ];
    const MORE: [&str; 8] =
        ["hold", "refuse", "release", "update", "upload", "verify", "view", "withdraw"];
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (id, method, path) in operations() {
        let place = format!("{method} {path}");
        assert!(path.starts_with("/api/"), "{place}");
        let (verb, noun) = id.split_once('_').unwrap_or((&id, ""));
        let known = VERBS.contains(&verb) || MORE.contains(&verb);
        assert!(known && !noun.is_empty(), "{place}: {id} is no verb_noun");
        if let Some(other) = seen.insert(id.clone(), place.clone()) {
            panic!("{id} names both {other} and {place}");
        }
    }
}
