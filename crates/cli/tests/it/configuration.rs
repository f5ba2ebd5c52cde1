//! Defaults, file, environment and flags, in that order.

use crate::binary::{Folder, heng_with};

#[test]
fn the_last_of_file_environment_and_flag_wins_and_says_so() {
    let folder = Folder::new();
    let file = "[server]\nlisten = \"127.0.0.1:1\"\n[store]\ndata_dir = \"from-file\"\n";
    std::fs::write(folder.file("heng.toml"), file).unwrap();
    let shown = folder.heng(&["config", "show", "--format", "json"]).good().json();
    assert_eq!(shown["store.data_dir"]["value"], "from-file");
    assert!(shown["store.data_dir"]["source"].as_str().unwrap().ends_with("heng.toml"));
    assert_eq!(shown["firm.zone"]["source"], "default");
    let variables = [("HENG_DATA_DIR", "from-env"), ("HENG_LOG", "warn")];
    let words = ["config", "show", "--format", "json"];
    let shown = heng_with(folder.path(), &words, &variables).good().json();
    assert_eq!(shown["store.data_dir"]["value"], "from-env");
    assert_eq!(shown["store.data_dir"]["source"], "environment");
    let words = ["config", "show", "--format", "json", "--data-dir", "from-flag"];
    let shown = heng_with(folder.path(), &words, &variables).good().json();
    assert_eq!(shown["store.data_dir"]["value"], "from-flag");
    assert_eq!(shown["store.data_dir"]["source"], "flag");
}

#[test]
fn a_written_configuration_works_and_is_never_overwritten() {
    let folder = Folder::new();
    folder.heng(&["config", "init"]).good();
    folder.heng(&["config", "show"]).good();
    assert_eq!(folder.heng(&["config", "init"]).code, 2);
}

#[test]
fn a_misspelt_setting_is_refused_by_name() {
    let folder = Folder::new();
    std::fs::write(folder.file("heng.toml"), "[server]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let refused = folder.heng(&["config", "show"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("lisen"), "{}", refused.err);
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let folder = Folder::new();
    let variables = [("HENG_STORE_DATABASE", "postgres://heng:s3cret@db/heng")];
    let shown = heng_with(folder.path(), &["config", "show"], &variables).good();
    assert!(!shown.out.contains("s3cret"));
}
