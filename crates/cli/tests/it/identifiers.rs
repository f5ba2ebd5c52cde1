//! `heng id check` and `heng openapi`: no store, no configuration, nothing left behind.

use crate::binary::Folder;

const RIGHT: &str = "91350100M000100Y43";
const WRONG: &str = "91350100M000100Y44";

#[test]
fn a_right_code_is_good_and_a_wrong_one_is_found() {
    let folder = Folder::new();
    let good = folder.heng(&["id", "check", RIGHT, "--format", "json"]).good().json();
    assert_eq!((&good["kind"], &good["valid"]), (&"uscc".into(), &true.into()));
    let found = folder.heng(&["id", "check", WRONG, "--format", "json"]);
    assert_eq!(found.code, 1);
    let found = found.json();
    assert_eq!(found["valid"], false);
    assert_eq!(found["findings"][0]["severity"], "error");
    assert!(found["findings"][0]["code"].as_str().unwrap().starts_with("uscc."));
    assert!(!found["findings"][0]["message"].as_str().unwrap().is_empty());
}

#[test]
fn a_code_is_normalised_before_it_is_judged() {
    let folder = Folder::new();
    let loose = "９１３５０１００ m000-100y43";
    let good = folder.heng(&["id", "check", loose, "--format", "json"]).good().json();
    assert_eq!(good["normalised"], RIGHT);
}

#[test]
fn a_kind_can_be_said() {
    let folder = Folder::new();
    let wrong = folder.heng(&["id", "check", RIGHT, "--kind", "resident", "--format", "json"]);
    assert_eq!((wrong.code, &wrong.json()["kind"]), (1, &"resident_id".into()));
}

#[test]
fn nothing_is_needed_and_nothing_is_made() {
    let folder = Folder::new();
    folder.heng(&["id", "check", RIGHT]).good();
    let described = folder.heng(&["openapi"]).good().json();
    assert!(described["paths"]["/api/record"].is_object());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn misuse_has_an_exit_code_of_its_own() {
    let folder = Folder::new();
    for words in [&["id"][..], &["id", "check"], &["no-such-verb"], &["audit", "verify", "x"]] {
        assert_eq!(folder.heng(words).code, 2, "{words:?}");
    }
}
