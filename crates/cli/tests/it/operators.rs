//! What the operator at the machine does on the store itself.

use std::os::unix::fs::PermissionsExt;

use crate::binary::{Folder, Server};

fn mode(folder: &Folder, name: &str) -> u32 {
    std::fs::metadata(folder.file(name)).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_new_store_gets_a_master_key_that_only_its_owner_may_read() {
    let folder = Folder::new();
    folder.heng(&["migrate", "--data-dir", "s"]).good();
    assert_eq!(mode(&folder, "s"), 0o700);
    assert_eq!(mode(&folder, "s/keys/master.key"), 0o600);
}

#[test]
fn a_verb_that_needs_a_store_makes_none() {
    let folder = Folder::new();
    for words in [
        &["audit", "verify"][..],
        &["keys", "show"],
        &["user", "disable", "x"],
        &["client", "list"],
    ] {
        let ran = folder.heng(&[words, &["--data-dir", "s"]].concat());
        assert_eq!(ran.code, 2, "{words:?} {}", ran.err);
        assert!(ran.err.contains("store.missing"));
    }
    assert!(!folder.file("s").exists());
}

#[test]
fn an_account_is_added_reset_and_disabled_by_name() {
    let folder = Folder::new();
    folder.heng(&["migrate", "--data-dir", "s"]).good();
    let json = ["--data-dir", "s", "--format", "json"];
    let run = |words: &[&str]| folder.heng(&[words, &json[..]].concat());
    let added = run(&["user", "add", "zhang.wei", "--display-name", "张伟"]).good().json();
    assert_eq!(added["display_name"], "张伟");
    assert!(added["link"].as_str().unwrap().starts_with("http://127.0.0.1:8420/"));
    assert_ne!(run(&["user", "add", "Zhang.Wei"]).code, 0);
    let reset = run(&["user", "reset", "zhang.wei"]).good().json();
    assert_ne!(reset["link"], added["link"]);
    assert_eq!(run(&["user", "disable", "zhang.wei"]).good().json()["disabled"], true);
    assert_eq!(run(&["user", "disable", "nobody"]).code, 1);
    let exported = folder.heng(&["audit", "export", "--data-dir", "s"]).good().out;
    assert!(exported.contains("user.create") && exported.contains("user.disable"));
}

#[test]
fn rotated_keys_seal_from_then_on_and_the_doctor_looks_at_where_the_master_key_lies() {
    let folder = Folder::new();
    folder.heng(&["migrate", "--data-dir", "s"]).good();
    let json = ["--data-dir", "s", "--format", "json"];
    let run = |words: &[&str]| folder.heng(&[words, &json[..]].concat()).good().json();
    let before = run(&["keys", "show"]);
    assert_eq!(run(&["keys", "rotate"])["running"], false);
    let after = run(&["keys", "show"]);
    assert_ne!(before["levels"][0]["key_id"], after["levels"][0]["key_id"]);
    let looked = run(&["doctor"]);
    let state = |code: &str| {
        let checks = looked["checks"].as_array().unwrap();
        checks.iter().find(|check| check["code"] == code).unwrap()["state"].clone()
    };
    assert_eq!((state("store"), state("record")), ("good".into(), "good".into()));
    for code in ["master_key", "recovery_sheet"] {
        assert_eq!(state(code), "doubtful", "{code}");
    }
}

#[test]
fn rotation_goes_through_the_server_while_it_runs() {
    let folder = Folder::new();
    let server = Server::start(folder.path(), "s");
    let rotated = folder.heng(&["keys", "rotate", "--data-dir", "s", "--format", "json"]).good();
    assert!(rotated.json()["total"].is_number());
    assert_eq!(server.stop(), 0);
    let shown = folder.heng(&["keys", "show", "--data-dir", "s", "--format", "json"]).good().json();
    assert_eq!(shown["levels"][0]["key_id"], "5");
}

#[test]
fn another_master_key_opens_nothing() {
    let folder = Folder::new();
    folder.heng(&["migrate", "--data-dir", "s"]).good();
    folder.heng(&["migrate", "--data-dir", "other"]).good();
    std::fs::copy(folder.file("other/keys/master.key"), folder.file("s/keys/master.key")).unwrap();
    let refused = folder.heng(&["keys", "show", "--data-dir", "s"]);
    assert_ne!(refused.code, 0);
    assert!(refused.err.contains("vault.master_wrong"), "{}", refused.err);
}
