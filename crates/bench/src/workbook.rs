//! A workbook as firms have it: the columns of a register, invented rows, fresh codes.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use documents::{Column, Kind, Layout, Value, XlsxWriter};
use fiscal::sample::{self, SampleClient};

use crate::Outcome;

/// The seed of the invented rows.
const SEED: u64 = 97;
/// How many columns there are.
pub const COLUMNS: usize = 13;

/// What the columns are called, as registers call them.
const HEADERS: [&str; COLUMNS] = [
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
    "法人身份证号",
    "联系人",
    "联系电话",
];

/// Characters that make names differ, as those of real firms do.
const LETTERS: [&str; 40] = [
    "鑫", "瑞", "达", "华", "盛", "隆", "泰", "和", "安", "康", "嘉", "禾", "远", "航", "博", "雅",
    "晨", "光", "星", "海", "云", "山", "松", "柏", "竹", "兰", "金", "玉", "宝", "润", "泽", "川",
    "宏", "图", "锦", "程", "天", "成", "启", "明",
];

fn name(client: &SampleClient, index: u64) -> String {
    let letter = |shift: u32| {
        let mixed = index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift;
        let at = usize::try_from(mixed % 40).unwrap_or(0);
        LETTERS.get(at).copied().unwrap_or("示")
    };
    let whole = client.fields.get("name").map(String::as_str).unwrap_or_default();
    let tail = whole.split(['（', ' ']).next().unwrap_or(whole).trim_start_matches("示例");
    let place = client.fields.get("city").map_or("", String::as_str).trim_end_matches('市');
    format!("{place}示例{}{}{}{tail}", letter(20), letter(33), letter(47))
}

fn row(client: &SampleClient, index: u64) -> Vec<Value> {
    let own = |key: &str| client.fields.get(key).cloned().unwrap_or_default();
    let contact = client.lists.get("contacts").and_then(|rows| rows.first());
    let of_contact = |key: &str| contact.and_then(|row| row.get(key)).cloned().unwrap_or_default();
    let fen: i64 = own("registered_capital_fen").parse().unwrap_or(0);
    [
        name(client, index),
        own("uscc"),
        own("registered_on"),
        own("enterprise_kind"),
        own("legal_rep_name"),
        format!("{}万元", fen / 1_000_000),
        own("scope"),
        own("province"),
        own("city"),
        own("address"),
        own("legal_rep_id_no"),
        of_contact("name"),
        of_contact("mobile"),
    ]
    .into_iter()
    .map(|text| if text.is_empty() { Value::Empty } else { Value::Text(text) })
    .collect()
}

/// Writes a workbook of so many rows.
pub fn write(path: &Path, rows: u64) -> Outcome {
    let columns = HEADERS.iter().map(|header| Column::new(*header, Kind::Text)).collect();
    let mut writer = XlsxWriter::new(&Layout::new("企业名录", columns))?;
    let count = usize::try_from(rows)?;
    for (index, client) in (0..).zip(sample::clients(SEED).take(count)) {
        writer.row(&row(&client, index))?;
    }
    writer.finish_into(BufWriter::new(File::create(path)?))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn rows_have_all_columns_and_codes_of_their_own() {
        let rows: Vec<_> =
            (0..).zip(sample::clients(SEED).take(500)).map(|(at, one)| row(&one, at)).collect();
        assert!(rows.iter().all(|row| row.len() == COLUMNS));
        let codes: Vec<_> = rows.iter().filter(|row| row[1] != Value::Empty).collect();
        let different: HashSet<String> = codes.iter().map(|row| format!("{:?}", row[1])).collect();
        assert_eq!(different.len(), codes.len());
        let names: HashSet<String> = rows.iter().map(|row| format!("{:?}", row[0])).collect();
        assert!(names.len() > 480);
    }
}
