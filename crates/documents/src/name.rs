//! Names that are safe to give to a file or a sheet.

/// Names Windows keeps for devices.
const DEVICES: [&str; 8] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT", "CONIN$", "CONOUT$"];
const MAX_BYTES: usize = 180;

/// A file name made of what someone gave as one: the last part of any path, without characters
/// that a file system or a reader's eye could be misled by.
#[must_use]
pub fn safe_file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
    if clean.is_empty() {
        return "未命名".to_owned();
    }
    let stem = clean.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let device = DEVICES.contains(&stem.as_str()) || ["COM", "LPT"].contains(&bare);
    let name = if device { format!("_{clean}") } else { clean.to_owned() };
    shorten(&name)
}

/// Marks that turn the direction of writing, and characters without width.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

/// Cuts a long name before its extension.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 8 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() + extension.len() > MAX_BYTES {
            break;
        }
        kept.push(c);
    }
    kept + &extension
}

/// A sheet name Excel takes: at most 31 characters, none of `[]:*?/\`, no apostrophe at its ends.
#[must_use]
pub fn safe_sheet_name(given: &str) -> String {
    let clean: String = given
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| if "[]:*?/\\".contains(c) { '_' } else { c })
        .collect();
    let trimmed = clean.trim_matches(|c: char| c.is_whitespace() || c == '\'');
    let mut units = 0;
    let name: String = trimmed
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= 31
        })
        .collect();
    let name = name.trim_end_matches(|c: char| c.is_whitespace() || c == '\'');
    if name.is_empty() { "Sheet1".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_tricks_are_taken_out_of_file_names() {
        assert_eq!(safe_file_name("../../etc/passwd"), "passwd");
        assert_eq!(safe_file_name("C:\\客户\\名单.xlsx"), "名单.xlsx");
        assert_eq!(safe_file_name("..\\..\\"), "未命名");
        assert_eq!(safe_file_name(".."), "未命名");
        assert_eq!(safe_file_name("a\0b\u{202E}xslx.exe\r\n"), "abxslx.exe");
        assert_eq!(safe_file_name("名单:2024?.csv"), "名单_2024_.csv");
        assert_eq!(safe_file_name("com1.txt"), "_com1.txt");
        assert_eq!(safe_file_name("company.txt"), "company.txt");
    }

    #[test]
    fn long_file_names_keep_their_extension() {
        let name = safe_file_name(&format!("{}.xlsx", "甲".repeat(200)));
        assert!(name.len() <= MAX_BYTES && name.ends_with("甲.xlsx"));
    }

    #[test]
    fn sheet_names_fit_excel() {
        assert_eq!(safe_sheet_name("'客户/名单'"), "客户_名单");
        assert_eq!(safe_sheet_name(""), "Sheet1");
        assert_eq!(safe_sheet_name(&"甲".repeat(40)).chars().count(), 31);
    }
}
