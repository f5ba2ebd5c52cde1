//! Texts that stand for nothing, and texts whose characters were broken on the way.

use crate::text::{half_width, is_blank};

/// Whether a cell says "nothing here": empty, N/A, dashes, 无, 暂无, null and the like.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let narrow = half_width(text);
    let bare = narrow.trim_matches(is_blank).to_lowercase();
    if bare.chars().all(|c| is_blank(c) || "-_—–―/\\.*?·~'\"".contains(c)) {
        return true;
    }
    let bare = bare.trim_matches(|c| "()[]<>【】《》".contains(c));
    matches!(
        bare,
        "n/a"
            | "na"
            | "#n/a"
            | "#ref!"
            | "#value!"
            | "#name?"
            | "null"
            | "nil"
            | "none"
            | "nan"
            | "undefined"
            | "unknown"
            | "tbd"
            | "无"
            | "暂无"
            | "没有"
            | "空"
            | "未知"
            | "不详"
            | "未填"
            | "未填写"
            | "待填"
            | "待补"
            | "待补充"
            | "待定"
            | "不适用"
            | "未提供"
            | "未公示"
            | "企业选择不公示"
            | "略"
    )
}

/// Whether a text was read in the wrong encoding or lost characters on the way.
#[must_use]
pub fn looks_garbled(text: &str) -> bool {
    let mut latin_run = 0;
    let mut question_run = 0;
    for c in text.chars() {
        let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        if control || matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}') {
            return true;
        }
        latin_run = if matches!(c, '\u{A0}'..='\u{FF}') { latin_run + 1 } else { 0 };
        question_run = if c == '?' { question_run + 1 } else { 0 };
        // Chinese read as Latin-1 gives long runs of accented letters; real words have one or two.
        if latin_run >= 4 || question_run >= 4 {
            return true;
        }
    }
    // UTF-8 read as GBK turns a few very common characters into these.
    ["锟斤拷", "烫烫", "屯屯屯", "鏈夐檺", "鍏徃", "銆€", "â€", "Ã¤", "Ã¥", "Ã¦"]
        .iter()
        .any(|trace| text.contains(trace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_in_many_ways() {
        for text in [
            "",
            " ",
            "　",
            "N/A",
            "n/a",
            "ＮＡ",
            "-",
            "--",
            "——",
            "/",
            "无",
            "暂无",
            " 无 ",
            "null",
            "NULL",
            "（无）",
            "#N/A",
            "?",
            "\u{FEFF}",
            "待补充",
            "企业选择不公示",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
        for text in ["0", "无锡", "张三", "A", "暂无锡", "-1", "国", "0000"] {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }

    #[test]
    fn broken_characters_are_noticed() {
        for text in [
            "\u{FFFD}\u{FFFD}有限公司",
            "abc\u{85}def",
            "ÓÐÏÞ¹«Ë¾",
            "锟斤拷锟斤拷",
            "鏈夐檺鍏徃",
            "å¤©æ´¥å¸‚",
            "很好吃????",
            "a\u{0}b",
        ] {
            assert!(looks_garbled(text), "{text:?}");
        }
        for text in [
            "",
            "示例商贸有限公司",
            "Café Señor",
            "真的吗??",
            "第一行\n第二行\t完",
            "𠮷田",
            "100㎡",
        ] {
            assert!(!looks_garbled(text), "{text:?}");
        }
    }
}
