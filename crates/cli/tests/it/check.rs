//! `heng check` on workbooks as firms have them. The client is invented and its books balance.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fiscal::statements::chart::lines;
use fiscal::statements::{Standard, StatementKind};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::Value;

use crate::binary::Folder;

type Figures = BTreeMap<u16, f64>;

fn figures(pairs: &[(u16, f64)]) -> Figures {
    pairs.iter().copied().collect()
}

/// By line: January closing balances.
const CLOSING: &[(u16, f64)] = &[
    (1, 560_750.0),
    (4, 272_000.0),
    (9, 170_000.0),
    (12, 170_000.0),
    (15, 1_002_750.0),
    (18, 300_000.0),
    (19, 62_500.0),
    (20, 237_500.0),
    (29, 237_500.0),
    (30, 1_240_250.0),
    (31, 300_000.0),
    (33, 163_800.5),
    (36, 19_292.0),
    (41, 483_092.5),
    (47, 483_092.5),
    (48, 500_000.0),
    (50, 20_000.0),
    (51, 237_157.5),
    (52, 757_157.5),
    (53, 1_240_250.0),
];

/// By line: balances at the beginning of the year.
const OPENING: &[(u16, f64)] = &[
    (1, 500_000.0),
    (4, 200_000.0),
    (9, 150_000.0),
    (12, 150_000.0),
    (15, 850_000.0),
    (18, 300_000.0),
    (19, 60_000.0),
    (20, 240_000.0),
    (29, 240_000.0),
    (30, 1_090_000.0),
    (31, 300_000.0),
    (33, 120_000.0),
    (36, 13_000.0),
    (41, 433_000.0),
    (47, 433_000.0),
    (48, 500_000.0),
    (50, 20_000.0),
    (51, 137_000.0),
    (52, 657_000.0),
    (53, 1_090_000.0),
];

/// By line: the income statement of January.
const MONTH: &[(u16, f64)] = &[
    (1, 400_000.0),
    (2, 240_000.5),
    (3, 1_092.0),
    (6, 637.0),
    (10, 455.0),
    (11, 10_000.0),
    (14, 47_500.0),
    (18, 1_250.0),
    (19, 1_250.0),
    (21, 100_157.5),
    (30, 100_157.5),
    (32, 100_157.5),
];

/// By line: the cash flows of January.
const FLOWS: &[(u16, f64)] = &[
    (1, 380_000.0),
    (3, 250_000.0),
    (4, 45_000.0),
    (5, 13_000.0),
    (6, 10_000.0),
    (7, 62_000.0),
    (17, 1_250.0),
    (19, -1_250.0),
    (20, 60_750.0),
    (21, 500_000.0),
    (22, 560_750.0),
];

/// January of an invented trader, in yuan.
struct Books {
    closing: Figures,
    opening: Figures,
    month: Figures,
    flows: Figures,
}

impl Books {
    fn balanced() -> Self {
        Self {
            closing: figures(CLOSING),
            opening: figures(OPENING),
            month: figures(MONTH),
            flows: figures(FLOWS),
        }
    }

    /// Three sheets: a two-sided balance sheet, an income statement, a cash flow statement.
    fn workbook(&self, path: &Path) {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet().set_name("资产负债表").unwrap();
        sheet.merge_range(0, 0, 0, 7, "资产负债表", &bold).unwrap();
        let about = ["编制单位：示例贸易（虚构）", "", "", "2026年1月31日", "", "", "", "单位：元"];
        write(sheet, 1, &about);
        let head = ["资  产", "行次", "期末余额", "年初余额", "负债和所有者权益", "行次"];
        write(sheet, 2, &head);
        write_from(sheet, 2, 6, &["期末余额", "年初余额"]);
        for line in lines(Standard::Small, StatementKind::BalanceSheet) {
            let (row, column) =
                if line.number <= 30 { (line.number, 0) } else { (line.number - 30, 4) };
            let row = u32::from(row) + 2;
            sheet.write(row, column, format!("　{}", line.zh)).unwrap();
            sheet.write(row, column + 1, line.number).unwrap();
            number(sheet, row, column + 2, &self.closing, line.number);
            number(sheet, row, column + 3, &self.opening, line.number);
        }
        write(sheet, 40, &["单位负责人：", "", "", "会计主管：", "", "制表人："]);
        for (name, kind, figures) in [
            ("利润表", StatementKind::Income, &self.month),
            ("现金流量表", StatementKind::CashFlow, &self.flows),
        ] {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            write(sheet, 0, &[name]);
            write(sheet, 1, &["2026年1月", "", "", "单位：元"]);
            write(sheet, 2, &["项  目", "行次", "本年累计金额", "本月金额"]);
            for line in lines(Standard::Small, kind) {
                let row = u32::from(line.number) + 2;
                sheet.write(row, 0, line.zh).unwrap();
                sheet.write(row, 1, line.number).unwrap();
                number(sheet, row, 2, figures, line.number);
                number(sheet, row, 3, figures, line.number);
            }
        }
        book.save(path).unwrap();
    }

    /// The balance sheet as text, one below the other.
    fn text(&self) -> String {
        let mut text = String::from("资产负债表,2026年1月31日,单位：元\n项目,期末余额,年初余额\n");
        for line in lines(Standard::Small, StatementKind::BalanceSheet) {
            let cell = |figures: &Figures| {
                figures.get(&line.number).map(|value| format!("{value:.2}")).unwrap_or_default()
            };
            let (closing, opening) = (cell(&self.closing), cell(&self.opening));
            text.push_str(&format!("{},{closing},{opening}\n", line.zh));
        }
        text
    }
}

fn write(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    write_from(sheet, row, 0, texts);
}

fn write_from(sheet: &mut Worksheet, row: u32, first: u16, texts: &[&str]) {
    for (column, text) in (first..).zip(texts) {
        if !text.is_empty() {
            sheet.write(row, column, *text).unwrap();
        }
    }
}

fn number(sheet: &mut Worksheet, row: u32, column: u16, figures: &Figures, line: u16) {
    if let Some(value) = figures.get(&line) {
        sheet.write(row, column, *value).unwrap();
    }
}

fn check(folder: &Folder, files: &[&str]) -> (i32, Value) {
    let mut words = vec!["check", "--format", "json"];
    words.extend(files);
    let ran = folder.heng(&words);
    (ran.code, ran.json())
}

fn broken(answer: &Value, rule: &str) -> Vec<Value> {
    let results = answer["results"].as_array().unwrap();
    let broken =
        results.iter().filter(|result| result["rule"] == rule && result["outcome"] == "broken");
    broken.cloned().collect()
}

#[test]
fn books_that_balance_are_good() {
    let folder = Folder::new();
    Books::balanced().workbook(&folder.path().join("set.xlsx"));
    let (code, answer) = check(&folder, &["set.xlsx"]);
    assert_eq!(code, 0, "{answer:#}");
    let statements = answer["statements"].as_array().unwrap();
    let kinds: Vec<_> = statements.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["balance_sheet", "income", "cash_flow"]);
    for statement in statements {
        assert_eq!(statement["standard"], "small");
        assert_eq!(statement["period"], "2026-01");
        assert_eq!(statement["unit"], "yuan");
        assert_eq!(statement["layout"], "prescribed");
        assert!(statement["unmatched"].as_array().unwrap().is_empty(), "{statement:#}");
        assert!(statement["unreadable"].as_array().unwrap().is_empty(), "{statement:#}");
    }
    assert_eq!(answer["statements"][0]["lines"], 53);
    assert_eq!(answer["summary"]["errors"], 0);
    assert_eq!(answer["files"], serde_json::json!(["set.xlsx"]));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is made");
}

#[test]
fn one_wrong_total_is_found_with_its_difference_and_its_cells() {
    let folder = Folder::new();
    let mut books = Books::balanced();
    books.closing.insert(15, 1_002_850.0);
    books.workbook(&folder.path().join("set.xlsx"));
    let (code, answer) = check(&folder, &["set.xlsx"]);
    assert_eq!(code, 1);
    let found = broken(&answer, "BS-03");
    assert_eq!(found.len(), 1, "{answer:#}");
    assert_eq!(found[0]["severity"], "error");
    assert_eq!(found[0]["difference_fen"].as_i64().map(i64::abs), Some(10_000));
    assert!(!found[0]["message"].as_str().unwrap().is_empty());
    let cells: Vec<_> = found[0]["lines"].as_array().unwrap().iter().collect();
    assert!(cells.iter().any(|line| line["place"]["cell"] == "C18"), "{cells:#?}");
    assert!(answer["summary"]["errors"].as_u64().unwrap() >= 1);
    let text = folder.heng(&["check", "set.xlsx"]);
    assert_eq!(text.code, 1);
    assert!(text.out.contains("[错误] BS-03") && text.out.contains("C18"), "{}", text.out);
}

#[test]
fn text_in_either_spelling_and_saved_web_pages_are_read_alike() {
    let folder = Folder::new();
    let text = Books::balanced().text();
    let (gb, ..) = encoding_rs::GB18030.encode(&text);
    std::fs::write(folder.path().join("gb.csv"), gb).unwrap();
    let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
    std::fs::write(folder.path().join("utf8.csv"), marked).unwrap();
    let rows: String = text
        .lines()
        .map(|line| {
            let cells: String = line.split(',').map(|cell| format!("<td>{cell}</td>")).collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    let page = format!("<html><meta charset=gb2312><body><table>{rows}</table></body></html>");
    let (page, ..) = encoding_rs::GB18030.encode(&page);
    std::fs::write(folder.path().join("page.xls"), page).unwrap();
    for file in ["gb.csv", "utf8.csv", "page.xls"] {
        let (code, answer) = check(&folder, &[file]);
        assert_eq!(code, 0, "{file} {answer:#}");
        let statement = &answer["statements"][0];
        assert_eq!(statement["kind"], "balance_sheet", "{file}");
        assert_eq!((&statement["lines"], &statement["period"]), (&53.into(), &"2026-01".into()));
    }
}

#[test]
fn several_files_are_one_client() {
    let folder = Folder::new();
    let books = Books::balanced();
    std::fs::write(folder.path().join("balance.csv"), books.text()).unwrap();
    let mut other = Books::balanced();
    other.closing.clear();
    other.opening.clear();
    other.workbook(&folder.path().join("rest.xlsx"));
    let (code, answer) = check(&folder, &["balance.csv", "rest.xlsx"]);
    assert_eq!(code, 0, "{answer:#}");
    assert!(answer["summary"]["statements"].as_u64().unwrap() >= 3);
}

#[test]
fn what_is_no_file_of_statements_is_misuse_with_a_reason() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("note.csv"), "甲,乙\n1,2\n").unwrap();
    std::fs::write(folder.path().join("broken.xlsx"), b"PK\x03\x04nonsense").unwrap();
    for (file, said) in
        [("none.xlsx", "none.xlsx"), ("note.csv", "没有找到"), ("broken.xlsx", "已损坏")]
    {
        let ran = folder.heng(&["check", file]);
        assert_eq!(ran.code, 2, "{file}");
        assert!(ran.err.contains(said), "{file}: {}", ran.err);
    }
    assert_eq!(folder.heng(&["check"]).code, 2);
    assert_eq!(folder.heng(&["check", "note.csv", "--standard", "other"]).code, 2);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]

    #[test]
    fn mutated_workbooks_never_panic(
        at in proptest::prelude::any::<proptest::sample::Index>(),
        byte: u8,
        cut: bool,
    ) {
        let folder = Folder::new();
        let path = folder.path().join("set.xlsx");
        Books::balanced().workbook(&path);
        let mut bytes = std::fs::read(&path).unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if cut {
            bytes.truncate(index);
        }
        if let Ok(sheets) = app::sheets::read("set.xlsx", bytes) {
            let period = values::Period::month(2026, 1).unwrap();
            let _ = fiscal::reading::read(&sheets, &fiscal::reading::Asked::only(period));
        }
    }
}

fn real(part: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("HENG_REAL_DATA").map_or_else(beside, PathBuf::from).join(part);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("HENG_REQUIRE_REAL_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "real data is required and not there: {part}");
    println!("real data is not there, passed over: {part}");
    None
}

#[test]
fn real_statements_are_said_to_be_what_they_are() {
    let Some(root) = real("statements") else { return };
    let names = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name());
    let mut companies: Vec<String> = names
        .filter_map(|name| name.to_string_lossy().strip_prefix("zcfzb").map(str::to_owned))
        .collect();
    companies.sort();
    assert!(!companies.is_empty());
    let folder = Folder::new();
    for company in companies {
        let files: Vec<String> = ["zcfzb", "lrb", "xjllb"]
            .iter()
            .map(|kind| root.join(format!("{kind}{company}")).display().to_string())
            .collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let (_, answer) = check(&folder, &files);
        for statement in answer["statements"].as_array().unwrap() {
            assert_eq!(statement["standard"], "general");
            assert_eq!(statement["unit"], "ten_thousand");
            assert_eq!(statement["layout"], "foreign");
        }
        for result in answer["results"].as_array().unwrap() {
            let rule = result["rule"].as_str().unwrap();
            let is_broken = result["outcome"] == "broken";
            let never = ["BS-01", "BS-02", "IS-04"].contains(&rule);
            assert!(!(is_broken && never), "{company} {result:#}");
        }
    }
}

#[test]
fn real_forms_are_recognised() {
    let Some(root) = real("forms") else { return };
    let folder = Folder::new();
    for (file, kind, period, lines) in [
        ("balance_sheet.xls", "balance_sheet", "2015-03", 53),
        ("profit.xls", "income", "2015-02", 23),
    ] {
        let path = root.join(file).display().to_string();
        let (code, answer) = check(&folder, &[&path]);
        assert_eq!(code, 0, "{answer:#}");
        let statement = &answer["statements"][0];
        assert_eq!(statement["kind"], kind);
        assert_eq!((&statement["standard"], &statement["unit"]), (&"small".into(), &"yuan".into()));
        assert_eq!((&statement["period"], &statement["lines"]), (&period.into(), &lines.into()));
    }
    for file in ["201805_3.xls", "balance_sheet_tempalte.xls"] {
        let path = root.join(file).display().to_string();
        assert_eq!(folder.heng(&["check", &path]).code, 2, "{file}");
    }
}
