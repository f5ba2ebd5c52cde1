//! Names of companies and persons: when two spellings are the same, and when a name is masked.

use crate::text::{half_width_char, is_blank};

/// A key that is equal for spellings of the same name: brackets, width, blanks and case folded.
#[must_use]
pub fn compare_key(name: &str) -> String {
    name.chars()
        .map(half_width_char)
        .filter(|&c| !is_blank(c) && !c.is_control())
        .map(fold)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Signs that people use for one another.
fn fold(c: char) -> char {
    match c {
        '【' | '〔' | '［' | '〈' | '《' | '[' | '{' | '﹙' => '(',
        '】' | '〕' | '］' | '〉' | '》' | ']' | '}' | '﹚' => ')',
        '•' | '・' | '‧' | '∙' | '⋅' | '●' | '．' => '·',
        '“' | '”' | '„' | '‘' | '’' | '\'' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    }
}

/// Whether a person's name is given in masked form only: 滕某, 张某某, 李**, 王先生, 陈XX.
#[must_use]
pub fn is_masked_person(name: &str) -> bool {
    let name: String =
        name.chars().map(half_width_char).filter(|&c| !is_blank(c)).collect::<String>();
    let chars: Vec<char> = name.chars().collect();
    if chars.len() < 2 || !chars.iter().any(|c| is_han(*c)) {
        return false;
    }
    if ["先生", "女士", "小姐"].iter().any(|title| name.ends_with(title)) && chars.len() <= 4
    {
        return true;
    }
    if chars.iter().any(|c| matches!(c, '*' | '×' | '＊' | '○' | '〇' | '□' | '＿' | '_')) {
        return true;
    }
    let rest = chars.get(1..).unwrap_or_default();
    let later = chars.get(2..).unwrap_or_default();
    let hides =
        |part: &[char]| !part.is_empty() && part.iter().all(|c| matches!(c, '某' | 'X' | 'x'));
    hides(rest) || (chars.len() >= 3 && hides(later))
}

/// Whether a character is Han, including the rare ones outside the basic plane.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let key = compare_key("示例科技（深圳）有限公司");
        for same in [
            "示例科技(深圳)有限公司",
            " 示例科技（深圳） 有限公司",
            "示例科技【深圳】有限公司",
            "示例科技〔深圳〕有限公司\u{200B}",
        ] {
            assert_eq!(compare_key(same), key, "{same}");
        }
        assert_eq!(compare_key("ＡＢＣ Trade"), compare_key("abctrade"));
        assert_eq!(compare_key("阿•例"), compare_key("阿·例"));
        assert_ne!(compare_key("示例科技（广州）有限公司"), key);
        assert_eq!(compare_key(""), "");
    }

    #[test]
    fn masked_names_are_known_as_such() {
        for name in
            ["滕某", "张某某", "李*", "王**", "张*伟", "陈XX", "欧阳某", "王先生", "刘女士", "𠮷某"]
        {
            assert!(is_masked_person(name), "{name}");
        }
        for name in ["", "滕", "某", "张三", "某小花", "欧阳娜", "John XX", "王先", "N/A"]
        {
            assert!(!is_masked_person(name), "{name}");
        }
    }
}
