//! `heng import clients`, `heng client`: exact forms, on a store of their own.

use crate::binary::Folder;

const TABLE: &str = "企业名称,统一社会信用代码,法人代表,联系电话\n\
    示例甲演示有限公司,91350100M000100Y43,示例张三,15400001234\n\
    示例乙演示有限公司,91350100M000100Y44,示例李四,15400001235\n\
    ,91350100M000100Y43,示例王五,15400001236\n\
    示例丙演示有限公司,91350100M000100Y43,示例赵六,15400001237\n";

fn table() -> Folder {
    let folder = Folder::new();
    std::fs::write(folder.file("clients.csv"), TABLE).unwrap();
    folder
}

#[test]
fn every_row_is_counted_once_and_refusals_are_no_failure() {
    let folder = table();
    let words = ["import", "clients", "clients.csv", "--data-dir", "s", "--format", "json"];
    let sum = folder.heng(&words).good().json();
    assert_eq!((&sum["rows"], &sum["created"]), (&4.into(), &1.into()), "{sum}");
    assert_eq!((&sum["rejected"], &sum["duplicates"]), (&2.into(), &1.into()), "{sum}");
    let list = folder.heng(&["client", "list", "--data-dir", "s", "--format", "json"]).good();
    let list = list.json();
    assert_eq!(list["total"], 1);
    assert_eq!(list["items"][0]["uscc"], "91350100M000100Y43");
    let words = ["client", "show", "91350100M000100Y43", "--data-dir", "s", "--format", "json"];
    let shown = folder.heng(&words).good();
    assert!(!shown.out.contains("15400001234"), "a phone number is masked: {}", shown.out);
    let again = ["import", "clients", "clients.csv", "--data-dir", "s", "--format", "json"];
    let sum = folder.heng(&again).good().json();
    assert_eq!((&sum["created"], &sum["duplicates"]), (&0.into(), &2.into()), "{sum}");
}

#[test]
fn a_dry_run_writes_no_client_and_refused_rows_come_back() {
    let folder = table();
    let words = [
        "import",
        "clients",
        "clients.csv",
        "--dry-run",
        "--errors",
        "refused.xlsx",
        "--data-dir",
        "s",
        "--format",
        "json",
    ];
    let sum = folder.heng(&words).good().json();
    assert_eq!(sum["created"], 1);
    assert!(folder.file("refused.xlsx").is_file());
    let list = folder.heng(&["client", "list", "--data-dir", "s", "--format", "json"]).good();
    assert_eq!(list.json()["total"], 0);
}

#[test]
fn a_file_that_is_none_is_misuse_and_makes_no_store() {
    let folder = Folder::new();
    let ran = folder.heng(&["import", "clients", "none.csv", "--data-dir", "s"]);
    assert_eq!(ran.code, 2);
    assert!(!folder.file("s").exists());
}

const INCOME: &str = "利润表,,,\n编制单位：示例,,2026年4月,单位：元\n\
    项目,行次,本年累计金额,本月金额\n一、营业收入,1,98765431.00,100.00\n\
    减：营业成本,2,200.00,50.00\n税金及附加,3,8.00,2.00\n销售费用,11,20.00,5.00\n\
    管理费用,14,40.00,10.00\n财务费用,18,4.00,1.00\n二、营业利润,21,128.00,32.00\n\
    三、利润总额,30,128.00,32.00\n减：所得税费用,31,8.00,2.00\n四、净利润,32,120.00,30.00\n";

#[test]
fn statements_come_in_for_a_named_client_and_no_figure_is_printed() {
    let folder = table();
    folder.heng(&["import", "clients", "clients.csv", "--data-dir", "s"]).good();
    std::fs::write(folder.file("income.csv"), INCOME).unwrap();
    let words = ["import", "statements", "income.csv", "--client", "91350100M000100Y43"];
    let words = [&words[..], &["--data-dir", "s", "--format", "json"]].concat();
    let done = folder.heng(&words).good();
    let sets = done.json();
    assert_eq!(
        (&sets["sets"][0]["kind"], &sets["sets"][0]["period"]),
        (&"FS".into(), &"2026-04".into())
    );
    assert!(!done.out.contains("98765431"), "{}", done.out);
    let words = ["import", "statements", "income.csv", "--client", "nobody", "--data-dir", "s"];
    assert!(
        folder.heng(&words).err.contains("没有找到")
            || folder.heng(&words).err.contains("Not found")
    );
}
