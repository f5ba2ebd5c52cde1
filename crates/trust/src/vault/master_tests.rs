//! The master key's file, sheet and passphrase.

use proptest::prelude::*;
use values::SeededEntropy;

use super::*;

fn key() -> Key {
    Key::generate(&SeededEntropy::new(11))
}

fn no_passphrase() -> Result<Zeroizing<String>> {
    Err(Error::internal("nobody should be asked"))
}

fn chars(block: &str) -> Vec<char> {
    block.chars().collect()
}

#[test]
fn a_sheet_has_nine_blocks_of_seven_characters_and_reads_back() {
    let sheet = blocks(&key());
    assert_eq!(sheet.len(), BLOCKS);
    assert!(sheet.iter().all(|b| b.len() == CARRIED + 1));
    assert_eq!(from_blocks(&sheet).unwrap(), key());
    let sloppy: Vec<String> = sheet
        .iter()
        .map(|b| b.to_lowercase().replace('0', "o").replace('1', "Ｌ"))
        .map(|b| format!(" {} ", b.chars().map(String::from).collect::<Vec<_>>().join("-")))
        .collect();
    assert_eq!(from_blocks(&sloppy).unwrap(), key());
}

#[test]
fn one_wrong_character_anywhere_is_noticed_and_its_block_named() {
    let sheet = blocks(&key());
    for at in 0..BLOCKS {
        for position in 0..=CARRIED {
            for letter in ALPHABET.iter().map(|b| char::from(*b)) {
                let mut changed = chars(&sheet[at]);
                if changed[position] == letter {
                    continue;
                }
                changed[position] = letter;
                let mut typed = sheet.clone();
                typed[at] = changed.into_iter().collect();
                let wrong = from_blocks(&typed).unwrap_err();
                assert_eq!(wrong.code(), "vault.block_wrong");
                assert_eq!(wrong.field(), Some((at + 1).to_string().as_str()));
            }
        }
    }
}

#[test]
fn any_two_characters_of_a_block_exchanged_are_noticed() {
    let sheet = blocks(&key());
    for at in 0..BLOCKS {
        for (a, b) in (0..=CARRIED).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let mut changed = chars(&sheet[at]);
            if changed[a] == changed[b] {
                continue;
            }
            changed.swap(a, b);
            let mut typed = sheet.clone();
            typed[at] = changed.into_iter().collect();
            assert_eq!(from_blocks(&typed).unwrap_err().code(), "vault.block_wrong");
        }
    }
}

#[test]
fn two_blocks_exchanged_missing_or_too_many_are_noticed() {
    let sheet = blocks(&key());
    for (a, b) in (0..BLOCKS).flat_map(|a| (0..a).map(move |b| (a, b))) {
        let mut typed = sheet.clone();
        typed.swap(a, b);
        let wrong = from_blocks(&typed).unwrap_err();
        assert_eq!(wrong.field(), Some((b + 1).to_string().as_str()));
    }
    assert_eq!(from_blocks(&sheet[1..]).unwrap_err().code(), "vault.blocks_count");
    assert_eq!(from_blocks(&[""; BLOCKS]).unwrap_err().field(), Some("1"));
    assert_eq!(from_blocks(&["0000000000"; BLOCKS]).unwrap_err().field(), Some("1"));
}

#[test]
fn blocks_of_two_sheets_do_not_make_a_key() {
    let (mut one, other) = (blocks(&key()), blocks(&Key::from_bytes([9; 32])));
    one[3].clone_from(&other[3]);
    assert_eq!(from_blocks(&one).unwrap_err().code(), "vault.blocks_wrong");
}

#[test]
fn the_last_block_typed_back_is_recognised() {
    let sheet = blocks(&key());
    assert!(block_matches(&key(), 9, &sheet[8].to_lowercase()));
    assert!(!block_matches(&key(), 9, &sheet[7]));
    assert!(!block_matches(&key(), 0, &sheet[8]));
    assert!(!block_matches(&key(), 9, ""));
}

#[test]
fn a_key_file_is_written_once_for_its_owner_only_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("master.key");
    write_new_file(&path, &key()).unwrap();
    assert_eq!(write_new_file(&path, &key()).unwrap_err().code(), "vault.master_unwritable");
    let source: MasterSource = format!("file:{}", path.display()).parse().unwrap();
    let loaded = source.load(&[0; 16], no_passphrase).unwrap();
    assert_eq!(loaded.key, key());
    assert_eq!(loaded.warnings, []);
    assert!(source.is_beside_store(folder.path()));
    assert!(!source.is_beside_store(&folder.path().join("elsewhere")));
    let missing = read_file(&folder.path().join("none")).unwrap_err();
    assert_eq!(missing.code(), "vault.master_unreadable");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_works_but_warns() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    write_new_file(&path, &key()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let loaded = read_file(&path).unwrap();
    assert_eq!(loaded.warnings, [Warning::OpenToOthers(0o640)]);
    assert!(loaded.warnings[0].zh().contains("0640"));
    assert!(loaded.warnings[0].en().contains("0640"));
}

#[cfg(unix)]
#[test]
fn a_command_gives_the_key_or_fails_with_its_reason_kept_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    write_new_file(&path, &key()).unwrap();
    let source: MasterSource = format!("command:cat {}", path.display()).parse().unwrap();
    assert_eq!(source.load(&[0; 16], no_passphrase).unwrap().key, key());
    let failing = MasterSource::Command("echo secret-host >&2; exit 3".into());
    let refused = failing.load(&[0; 16], no_passphrase).unwrap_err();
    assert_eq!(refused.code(), "vault.master_command");
    assert!(!refused.to_string().contains("secret-host"));
}

#[test]
fn key_files_may_have_comments_and_line_breaks_but_need_the_header() {
    let sheet = blocks(&key());
    let text = format!(
        "\u{feff}# note\r\n{FILE_HEADER}\r\n {}\n# more\n{}\n",
        sheet[..4].join("\t"),
        sheet[4..].join("\n")
    );
    assert_eq!(parse_text(&text).unwrap(), key());
    assert_eq!(parse_text(&file_text(&key())).unwrap(), key());
    for wrong in ["", "hello", "heng-master-key-v2: A"] {
        assert_eq!(parse_text(wrong).unwrap_err().code(), "vault.master_file");
    }
}

#[test]
fn a_passphrase_gives_the_same_key_with_the_same_salt_only() {
    let source: MasterSource = "passphrase".parse().unwrap();
    let ask = || Ok(Zeroizing::new("correct horse 电池\n".to_owned()));
    let one = source.load(&[1; 16], ask).unwrap().key;
    assert_eq!(one, from_passphrase("correct horse 电池", &[1; 16]).unwrap());
    assert_ne!(one, from_passphrase("correct horse 电池", &[2; 16]).unwrap());
    let short = from_passphrase("tooshort", &[1; 16]).unwrap_err();
    assert_eq!(short.code(), "vault.passphrase_short");
}

#[test]
fn sources_are_written_as_they_are_read() {
    for text in ["file:/etc/heng/master.key", "command:kms get heng", "passphrase"] {
        assert_eq!(text.parse::<MasterSource>().unwrap().to_string(), text);
    }
    for text in ["", "file:", "command: ", "vault", "passphrase:x"] {
        assert!(text.parse::<MasterSource>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_key_survives_the_sheet(bytes: [u8; 32]) {
        let key = Key::from_bytes(bytes);
        prop_assert!(from_blocks(&blocks(&key)).unwrap() == key);
    }

    #[test]
    fn no_typed_text_makes_it_panic(text in ".{0,200}") {
        let _ = parse_text(&format!("{FILE_HEADER} {text}"));
        let _ = from_blocks(&[text.as_str(); BLOCKS]);
    }
}
