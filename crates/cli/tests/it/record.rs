//! `heng audit`: verification finds what was altered, and a proof stands by itself.

use crate::binary::Folder;

/// The store as an attacker who got at the file opens it.
fn store(folder: &Folder) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.file("s/heng.db")).unwrap()
}

fn filled() -> Folder {
    let folder = Folder::new();
    folder.heng(&["migrate", "--data-dir", "s"]).good();
    for _ in 0..3 {
        folder.heng(&["keys", "show", "--data-dir", "s"]).good();
    }
    folder
}

#[test]
fn an_untouched_record_is_sound() {
    let folder = filled();
    let found = folder.heng(&["audit", "verify", "--data-dir", "s", "--format", "json"]).good();
    let found = found.json();
    assert_eq!(found["ok"], true);
    assert!(found["entries"].as_i64().unwrap() >= 3);
    assert_eq!(found["first_wrong"], serde_json::Value::Null);
    assert!(found["checkpoint"].as_str().unwrap().starts_with("heng\n"));
}

#[test]
fn an_altered_entry_is_named() {
    let folder = filled();
    let changed = store(&folder)
        .execute(
            "UPDATE record_entry SET body = replace(body, 'key.list', 'key.lost') \
             WHERE number = (SELECT MIN(number) FROM record_entry WHERE action = 'key.list')",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    let found = folder.heng(&["audit", "verify", "--data-dir", "s", "--format", "json"]);
    assert_eq!(found.code, 1, "{}{}", found.out, found.err);
    let wrong = found.json();
    assert_eq!(wrong["ok"], false);
    assert!(wrong["first_wrong"]["number"].is_number());
    let said = folder.heng(&["audit", "verify", "--data-dir", "s"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("第一处有误"));
}

#[test]
fn a_proof_is_printed_for_one_entry() {
    let folder = filled();
    let words = ["audit", "export", "--as", "csv", "--data-dir", "s"];
    let exported = folder.heng(&words).good().out;
    let entry = exported.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let words = ["audit", "prove", &entry, "--data-dir", "s", "-o", "proof.txt"];
    folder.heng(&words).good();
    let proof = std::fs::read_to_string(folder.file("proof.txt")).unwrap();
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\nextra "));
    assert_eq!(folder.heng(&["audit", "prove", "x", "--data-dir", "s"]).code, 2);
    let none = "0190c0de-0000-7000-8000-000000000001";
    assert_eq!(folder.heng(&["audit", "prove", none, "--data-dir", "s"]).code, 1);
}

#[test]
fn an_export_in_lines_carries_the_bodies_as_they_were_hashed() {
    let folder = filled();
    let words = ["audit", "export", "--as", "jsonl", "--data-dir", "s"];
    let exported = folder.heng(&words).good().out;
    for line in exported.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(entry["body"]["action"].is_string());
    }
    assert!(exported.contains("key.list"));
    assert_eq!(folder.heng(&["audit", "export", "--as", "pdf", "--data-dir", "s"]).code, 2);
}

#[test]
fn removing_the_newest_entries_is_noticed_against_the_checkpoint_outside() {
    let folder = Folder::new();
    let file = "[store]\ndata_dir = \"s\"\n[record]\noutside = \"outside\"\n";
    std::fs::write(folder.file("heng.toml"), file).unwrap();
    folder.heng(&["migrate"]).good();
    folder.heng(&["keys", "show"]).good();
    let copy = folder.file("copy.db");
    store(&folder).execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    folder.heng(&["keys", "show"]).good();
    folder.heng(&["audit", "verify"]).good();
    // The attacker puts the older store back: all of it is consistent in itself.
    for name in ["s/heng.db-wal", "s/heng.db-shm"] {
        let _ = std::fs::remove_file(folder.file(name));
    }
    std::fs::copy(&copy, folder.file("s/heng.db")).unwrap();
    let found = folder.heng(&["audit", "verify"]);
    assert_eq!(found.code, 1, "{}{}", found.out, found.err);
}
