//! Statements read out of sheets as firms have them. All figures are invented.

use fiscal::reading::{Asked, By, Cell, Choice, Found, Merged, Reading, Row, Sheet, read};
use fiscal::returns::{Form, LineNo, ReturnColumn};
use fiscal::statements::{Column, Layout, Standard, StatementKind, Unit};
use proptest::prelude::*;
use values::{Fen, Period};

/// A sheet from rows of texts; what parses as a plain number is a number.
#[cfg(test)]
fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let cell = |text: &&str| match *text {
        "" => Cell::Blank,
        number if number.parse::<f64>().is_ok() && !number.starts_with('+') => {
            Cell::Number(number.to_owned())
        }
        text => Cell::Text(text.to_owned()),
    };
    let rows = (1..)
        .zip(rows)
        .map(|(number, cells)| Row { number, cells: cells.iter().map(cell).collect() });
    Sheet { file: "甲.xlsx".into(), name: name.into(), rows: rows.collect(), merged: Vec::new() }
}

#[cfg(test)]
fn asked() -> Asked {
    Asked::only(Period::month(2026, 1).unwrap())
}

#[cfg(test)]
fn only(reading: &Reading) -> &Found {
    assert_eq!(reading.statements.len(), 1, "{:#?}", reading.statements);
    &reading.statements[0]
}

#[cfg(test)]
fn yuan(found: &Found, column: Column, line: u16) -> Option<Fen> {
    found.statement.figure(column, line)
}

#[cfg(test)]
fn two_sided() -> Sheet {
    sheet(
        "资产负债表",
        &[
            &["资产负债表", "", "", "", "", "", "", ""],
            &["", "", "", "", "", "", "", "会小企01表"],
            &["编制单位：甲公司", "", "", "", "2026年3月31日", "", "", "单位：元"],
            &[
                "资　产",
                "行次",
                "期末余额",
                "年初余额",
                "负债和所有者权益",
                "行次",
                "期末余额",
                "年初余额",
            ],
            &["流动资产：", "", "", "", "流动负债：", "", "", ""],
            &["　货币资金", "1", "705208.50", "500000", "　短期借款", "31", "400000", "300000"],
            &[
                "　应收帐款",
                "4",
                "254500",
                "200000",
                "　应付账款",
                "33",
                "１１９，４００．５０",
                "",
            ],
            &["　存货", "9", "(1,000.00)", "--", "　应交税费", "36", "－17,914.00", "0"],
            &["　　其中：原材料", "10", "", "", "流动负债合计", "41", "501486.5", "300000"],
            &["流动资产合计", "15", "958708.50", "700000", "负债合计", "47", "501486.50", "300000"],
            &[
                "资产总计",
                "30",
                "958708.50",
                "700000",
                "实收资本（或股本）",
                "48",
                "400000",
                "400000",
            ],
            &["", "", "", "", "所有者权益合计", "52", "457222", "400000"],
            &["", "", "", "", "负债和所有者权益总计", "53", "958708.5", "700000"],
            &["单位负责人：", "", "", "", "制表人：乙", "", "", ""],
        ],
    )
}

#[test]
fn a_two_sided_balance_sheet_is_read_on_both_sides() {
    let reading = read(&[two_sided()], &asked());
    let found = only(&reading);
    let statement = &found.statement;
    assert_eq!(statement.kind, StatementKind::BalanceSheet);
    assert_eq!(statement.standard, Standard::Small);
    assert_eq!(statement.layout, Layout::Prescribed);
    assert_eq!(statement.period.to_string(), "2026-03");
    assert_eq!(statement.unit, Unit::Yuan);
    assert!(statement.carries_fen && found.period_named);
    assert_eq!(yuan(found, Column::Closing, 1), Some(Fen(70_520_850)));
    assert_eq!(yuan(found, Column::Opening, 1), Some(Fen(50_000_000)));
    assert_eq!(yuan(found, Column::Closing, 33), Some(Fen(11_940_050)));
    assert_eq!(yuan(found, Column::Closing, 9), Some(Fen(-100_000)));
    assert_eq!(yuan(found, Column::Opening, 9), None);
    assert_eq!(yuan(found, Column::Closing, 36), Some(Fen(-1_791_400)));
    assert_eq!(yuan(found, Column::Opening, 36), Some(Fen(0)));
    assert_eq!(yuan(found, Column::Closing, 10), None);
    assert!(statement.printed.contains(&10));
    assert!(statement.unlisted.is_empty(), "{:?}", statement.unlisted);
    assert!(found.unreadable.is_empty(), "{:?}", found.unreadable);
    let place = &statement.places[&(Column::Closing, 53)];
    assert_eq!((place.row, place.column), (13, 7));
    assert!(found.doubts.is_empty(), "{:?}", found.doubts);
}

#[test]
fn columns_are_known_by_their_heads_and_not_by_their_order() {
    let swapped = sheet(
        "Sheet1",
        &[
            &["利润表"],
            &["会计期间：2026年02月", "", "单位：万元"],
            &["项目", "行次", "本年累计金额", "本月金额"],
            &["一、营业收入", "1", "20", "9.5"],
            &["减：营业成本", "2", "8", "4"],
            &["营业税金及附加", "3", "1", "0.5"],
            &["其中：消费税", "4", "", ""],
            &["营业利润（亏损以“-”号填列）", "21", "11", "5"],
            &["三、利润总额（亏损总额以“-”号填列）", "30", "11", "5"],
            &["减：所得税费用", "31", "1", ""],
            &["四、净利润（净亏损以“-”号填列）", "32", "10", "5"],
        ],
    );
    let reading = read(&[swapped], &asked());
    let found = only(&reading);
    assert_eq!(found.statement.unit, Unit::TenThousand);
    assert_eq!(found.statement.standard, Standard::Small);
    assert_eq!(yuan(found, Column::Current, 1), Some(Fen(9_500_000)));
    assert_eq!(yuan(found, Column::YearToDate, 1), Some(Fen(20_000_000)));
    assert_eq!(found.matched[2].by, By::Alias);
    assert!(found.doubts.iter().any(|doubt| doubt.code == "line.alias"));
    assert!(!found.statement.carries_fen);
}

#[test]
fn merged_heads_over_two_columns_are_understood() {
    let mut sheet = sheet(
        "利润表",
        &[
            &["2026年第一季度", "", ""],
            &["项目", "金额", ""],
            &["", "本期金额", "本年累计金额"],
            &["一、营业收入", "10", "10"],
            &["减：营业成本", "4", "4"],
            &["管理费用", "2", "2"],
            &["财务费用", "1", "1"],
            &["二、营业利润", "3", "3"],
        ],
    );
    sheet.merged.push(Merged { first_row: 2, last_row: 3, first_column: 0, last_column: 0 });
    sheet.merged.push(Merged { first_row: 2, last_row: 2, first_column: 1, last_column: 2 });
    let reading = read(&[sheet], &asked());
    let found = only(&reading);
    assert_eq!(found.statement.period.to_string(), "2026Q1");
    assert_eq!(found.statement.columns.len(), 2);
    assert!(found.doubts.iter().any(|doubt| doubt.code == "unit.assumed"));
    assert!(found.doubts.iter().any(|doubt| doubt.code == "standard.assumed"));
}

#[test]
fn several_statements_in_one_sheet_are_told_apart() {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut push = |cells: &[&str]| rows.push(cells.iter().map(|c| (*c).to_owned()).collect());
    push(&["资产负债表", "2026-03-31", "单位：元"]);
    push(&["资产", "期末余额", "年初余额"]);
    for name in ["货币资金", "短期投资", "应收账款", "流动资产合计", "资产总计"]
    {
        push(&[name, "1.5", "1"]);
    }
    push(&["利润表", "2026年1-3月", ""]);
    push(&["项目", "本期金额", "本年累计金额"]);
    for name in ["营业收入", "营业成本", "管理费用", "营业利润", "净利润"] {
        push(&[name, "2.5", "2"]);
    }
    push(&["现金流量表", "2026年1-3月", ""]);
    push(&["项目", "本期金额", "本年累计金额"]);
    let flows = ["销售产成品、商品、提供劳务收到的现金", "支付的职工薪酬", "期末现金余额"];
    for name in flows {
        push(&[name, "3.5", "3"]);
    }
    push(&["补充资料：净利润", "2.5", "2"]);
    let borrowed: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let slices: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
    let reading = read(&[sheet("报表", &slices)], &asked());
    let kinds: Vec<_> = reading.statements.iter().map(|found| found.statement.kind).collect();
    let expected = [StatementKind::BalanceSheet, StatementKind::Income, StatementKind::CashFlow];
    assert_eq!(kinds, expected);
    // The set is for the first quarter, and so is the balance sheet at its end.
    for found in &reading.statements {
        assert_eq!(found.statement.period.to_string(), "2026Q1");
        assert_eq!(found.statement.standard, Standard::Small);
    }
    assert_eq!(yuan(&reading.statements[1], Column::Current, 1), Some(Fen(250)));
    assert_eq!(reading.statements[2].supplement.len(), 1);
}

#[test]
fn a_date_over_each_column_makes_a_statement_of_each() {
    let rows: &[&[&str]] = &[
        &["报告日期", "2025-12-31", "2025-03-31", ""],
        &["营业收入(万元)", "100", "20", ""],
        &["营业成本(万元)", "60", "--", ""],
        &["研发费用(万元)", "--", "--", ""],
        &["其他业务利润(万元)", "7", "--", ""],
        &["净利润(万元)", "40", "20", ""],
        &["基本每股收益", "0.29", "0.1", ""],
    ];
    let reading = read(&[sheet("CSV", rows)], &asked());
    assert_eq!(reading.statements.len(), 2);
    let (year, quarter) = (&reading.statements[0], &reading.statements[1]);
    assert_eq!(year.statement.period.to_string(), "2025");
    assert_eq!(quarter.statement.period.to_string(), "2025Q1");
    assert_eq!(year.statement.standard, Standard::General);
    assert_eq!(year.statement.layout, Layout::Foreign);
    assert_eq!(year.statement.unlisted[0].name, "其他业务利润(万元)");
    assert_eq!(yuan(year, Column::Current, 1), Some(Fen(100_000_000)));
    assert_eq!(yuan(year, Column::YearToDate, 1), Some(Fen(100_000_000)));
    assert_eq!(yuan(quarter, Column::Current, 1), None);
    assert_eq!(yuan(quarter, Column::YearToDate, 2), None);
    assert_eq!(yuan(year, Column::Current, 41), Some(Fen(29)));
    assert_eq!(year.layout_key, quarter.layout_key);
}

#[test]
fn what_cannot_be_read_names_its_cell() {
    let mut broken = two_sided();
    broken.rows[5].cells[2] = Cell::Fault("#REF!".into());
    broken.rows[6].cells[2] = Cell::Text("25,45,00".into());
    let reading = read(&[broken], &asked());
    let found = only(&reading);
    let cells: Vec<_> =
        found.unreadable.iter().map(|cell| (cell.place.row, cell.place.column)).collect();
    assert_eq!(cells, [(6, 3), (7, 3)]);
    assert_eq!(yuan(found, Column::Closing, 1), None);
}

#[test]
fn a_period_in_no_cell_is_taken_from_names_and_said() {
    let mut nameless = two_sided();
    nameless.rows[2].cells[4] = Cell::Blank;
    nameless.file = "甲公司2026年5月报表.xlsx".into();
    let reading = read(std::slice::from_ref(&nameless), &asked());
    assert_eq!(only(&reading).statement.period.to_string(), "2026-05");
    assert_eq!(only(&reading).doubts[0].code, "period.from_name");
    nameless.file = "甲公司.xlsx".into();
    let reading = read(&[nameless], &asked());
    assert_eq!(only(&reading).statement.period.to_string(), "2026-01");
    assert_eq!(only(&reading).doubts[0].code, "period.assumed");
}

#[test]
fn the_ends_of_a_period_may_stand_in_two_cells() {
    let mut apart = two_sided();
    apart.rows[2].cells[4] = Cell::Text("税款所属期起：2026-01-01".into());
    apart.rows[2].cells[5] = Cell::Text("税款所属期止：2026-03-31".into());
    let reading = read(&[apart], &asked());
    assert_eq!(only(&reading).statement.period.to_string(), "2026Q1");
}

#[test]
fn a_confirmed_match_is_remembered_for_the_layout() {
    let mut odd = two_sided();
    odd.rows[6].cells[0] = Cell::Text("应收客户款".into());
    let before = read(std::slice::from_ref(&odd), &asked());
    assert_eq!(only(&before).statement.unlisted[0].name, "应收客户款");
    assert_eq!(only(&before).statement.layout, Layout::Foreign);
    let mut asked = asked();
    let known = asked.choices.entry(StatementKind::BalanceSheet).or_default();
    known.insert(fiscal::reading::row_key("应收客户款"), Choice::Line(4));
    known.insert(fiscal::reading::row_key("存货"), Choice::Ignore);
    let after = read(&[odd], &asked);
    assert_eq!(yuan(only(&after), Column::Closing, 4), Some(Fen(25_450_000)));
    assert_eq!(yuan(only(&after), Column::Closing, 9), None);
    assert_eq!(only(&before).layout_key, only(&after).layout_key);
}

#[test]
fn parts_of_the_form_keep_lines_of_one_name_apart() {
    let rows: &[&[&str]] = &[
        &["资产负债表", "2025年12月31日"],
        &["负债和所有者权益", "期末余额"],
        &["递延收益", "7"],
        &["流动负债合计", "7"],
        &["应付债券", "1"],
        &["其中：优先股", "2"],
        &["永续债", "3"],
        &["递延收益", "9"],
        &["非流动负债合计", "10"],
        &["其他权益工具", "4"],
        &["其中：优先股", "5"],
        &["永续债", "6"],
        &["专项储备", "8"],
    ];
    let reading = read(&[sheet("Sheet1", rows)], &asked());
    let found = only(&reading);
    let line = |line| yuan(found, Column::Closing, line).map(|fen| fen.0 / 100);
    assert_eq!([line(51), line(52), line(63), line(64)], [Some(2), Some(3), Some(5), Some(6)]);
    assert_eq!(found.statement.unlisted.len(), 1);
    assert!(found.doubts.iter().any(|doubt| doubt.code == "line.out_of_place"));
}

#[test]
fn a_vat_return_is_read_by_its_line_numbers() {
    let mut sheet = sheet(
        "主表",
        &[
            &["增值税及附加税费申报表（一般纳税人适用）"],
            &["税款所属时间：自2026年03月01日至2026年03月31日", "", "", "填表日期：2026年04月10日"],
            &["项目", "", "栏次", "一般项目", "", "即征即退项目", ""],
            &["", "", "", "本月数", "本年累计", "本月数", "本年累计"],
            &["销售额", "（一）按适用税率计税销售额", "1", "400000.00", "900000", "", ""],
            &["", "其中：应税货物销售额", "2", "400000", "900000", "5", "6"],
            &["", "应税劳务销售额", "3", "", "", "", ""],
            &["税款计算", "销项税额", "11", "52000", "1", "", ""],
            &["", "进项税额", "12", "33800", "1", "", ""],
            &["", "应抵扣税额合计", "17=12+13-14-15+16", "33800", "--", "", ""],
            &["", "应纳税额", "19=11-18", "18200", "", "", ""],
        ],
    );
    sheet.merged.push(Merged { first_row: 3, last_row: 3, first_column: 3, last_column: 4 });
    sheet.merged.push(Merged { first_row: 3, last_row: 3, first_column: 5, last_column: 6 });
    let reading = read(&[sheet], &asked());
    assert!(reading.statements.is_empty());
    let filed = &reading.returns[0].filed;
    assert_eq!((filed.form, filed.period.to_string().as_str()), (Form::VatGeneral, "2026-03"));
    assert_eq!(filed.main(LineNo::new(17)), Some(Fen(3_380_000)));
    let to_date = filed.figure(ReturnColumn::MainToDate, LineNo::new(1));
    assert_eq!(to_date, Some(Fen(90_000_000)));
    assert_eq!(filed.figure(ReturnColumn::Second, LineNo::new(2)), Some(Fen(500)));
}

#[test]
fn a_prepayment_return_is_read_with_its_rate_and_sub_lines() {
    let rows: &[&[&str]] = &[
        &["A200000 中华人民共和国企业所得税月（季）度预缴纳税申报表（A类）"],
        &["税款所属期间：2026年1月1日至2026年3月31日"],
        &["行次", "项目", "本年累计金额"],
        &["1", "营业收入", "400000"],
        &["1.1", "其中：自营出口收入", ""],
        &["2", "减：营业成本", "240000"],
        &["18", "利润总额", "100158"],
        &["25", "实际利润额", "100158"],
        &["26", "税率(25%)", "25%"],
        &["27", "应纳所得税额", "25039.5"],
        &["28", "减：减免所得税额（28.1+28.2+…）", "20031.60"],
        &["28.1", "符合条件的小型微利企业减免企业所得税", "20031.60"],
    ];
    let reading = read(&[sheet("A200000", rows)], &asked());
    let filed = &reading.returns[0].filed;
    assert_eq!((filed.form, filed.period.to_string().as_str()), (Form::CitPrepayment, "2026Q1"));
    assert_eq!(filed.main(LineNo::new(26)), Some(Fen(25)));
    assert_eq!(filed.main(LineNo::sub(28, 1)), Some(Fen(2_003_160)));
}

#[test]
fn a_trial_balance_gives_statements() {
    use fiscal::reading::trial_balance::{Mapping, derive};
    let rows: &[&[&str]] = &[
        &["科目余额表", "", "2026年01月"],
        &["科目编码", "科目名称", "期初余额", "", "本期发生额", "", "期末余额", ""],
        &["", "", "借方", "贷方", "借方", "贷方", "借方", "贷方"],
        &["1002", "银行存款", "500", "", "600", "300", "800", ""],
        &["1122", "应收账款", "100", "", "", "150", "", "50"],
        &["112201", "应收账款-甲", "100", "", "", "150", "", "50"],
        &["2202", "应付账款", "", "200", "", "", "", "200"],
        &["3001", "实收资本", "", "400", "", "", "", "400"],
        &["3103", "本年利润", "", "", "250", "400", "", "150"],
        &["5001", "主营业务收入", "", "", "400", "400", "", ""],
        &["5401", "主营业务成本", "", "", "250", "250", "", ""],
        &["9999", "暂记", "3", "", "", "", "3", ""],
    ];
    let reading = read(&[sheet("科目余额表", rows)], &asked());
    let balance = &reading.balances[0];
    assert_eq!((balance.period.to_string().as_str(), balance.accounts.len()), ("2026-01", 9));
    let derived = derive(balance, Standard::Small, &Mapping::new());
    let (sheet, income) = (&derived.statements[0], &derived.statements[1]);
    let closing = |line| sheet.figure(Column::Closing, line).map(|fen| fen.0 / 100);
    assert_eq!([closing(1), closing(34), closing(30), closing(53)], [800, 50, 800, 800].map(Some));
    assert_eq!(income.figure(Column::Current, 32), Some(Fen(15_000)));
    assert_eq!(derived.unmapped[0].code, "9999");
    let mapping = Mapping::from([("99".to_owned(), "other_current_assets".to_owned())]);
    let mapped = derive(balance, Standard::Small, &mapping);
    assert!(mapped.unmapped.is_empty());
    assert_eq!(mapped.statements[0].figure(Column::Closing, 14), Some(Fen(300)));
}

#[test]
fn balances_with_their_side_in_a_column_of_its_own_are_signed_by_it() {
    let rows: &[&[&str]] = &[
        &["科目余额表", "", "2026年03期"],
        &["科目代码", "科目名称", "方向", "年初余额", "本年累计借方", "方向", "期末余额"],
        &["1002", "银行存款", "借", "100", "80", "借", "180"],
        &["2202", "应付账款", "贷", "30", "0", "贷", "110"],
        &["3103", "本年利润", "平", "0", "0", "平", "0"],
    ];
    let reading = read(&[sheet("余额表", rows)], &asked());
    let balance = &reading.balances[0];
    assert_eq!(balance.period.to_string(), "2026-03");
    let closing: Vec<i64> = balance.accounts.iter().map(|one| one.closing.0 / 100).collect();
    assert_eq!(closing, [180, -110, 0]);
    assert_eq!(balance.accounts[1].opening, Fen(-3000));
}

#[test]
fn a_return_whose_title_takes_two_rows_is_known() {
    let mut rows: Vec<Vec<&str>> = vec![
        vec!["增值税及附加税费申报表"],
        vec!["（小规模纳税人适用）"],
        vec!["税款所属期：2026年01月01日至2026年03月31日", "", "金额单位：元"],
        vec!["项目", "栏次", "本期数", "", "本年累计", ""],
        vec!["", "", "货物及劳务", "服务、不动产和无形资产", "货物及劳务", "服务、不动产"],
    ];
    for number in ["1", "2", "4≥5+6", "9=10+11+12", "15", "20=15-16", "22=20-21"] {
        rows.push(vec!["x", number, "1", "2", "3", "4"]);
    }
    let slices: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let reading = read(&[sheet("主表", &slices)], &asked());
    let filed = &reading.returns[0].filed;
    assert_eq!((filed.form, filed.period.to_string().as_str()), (Form::VatSmall, "2026Q1"));
    let line = |column| filed.figure(column, LineNo::new(20)).map(|fen| fen.0 / 100);
    use ReturnColumn::{Main, MainToDate, Second, SecondToDate};
    assert_eq!([Main, Second, MainToDate, SecondToDate].map(line), [1, 2, 3, 4].map(Some));
}

#[cfg(test)]
fn any_cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "资产",
        "项目",
        "行次",
        "期末余额",
        "年初余额",
        "本期金额",
        "本年累计金额",
        "金额",
        "借方",
        "货币资金",
        "应收账款",
        "资产总计",
        "营业收入",
        "净利润",
        "其中：优先股",
        "永续债",
        "应付债券",
        "销售商品、提供劳务收到的现金",
        "期末现金余额",
        "补充资料",
        "单位：万元",
        "2026年3月",
        "报告日期",
        "2025-12-31",
        "科目编码",
        "科目名称",
        "期初余额",
        "1002",
        "增值税及附加税费申报表（一般纳税人适用）",
        "栏次",
        "本月数",
        "17=12+13",
        "--",
        "(1,2)",
        "1,234.50",
        "－3",
        "12.5%",
        "流动资产：",
        "资产负债表",
        "利润表",
    ]);
    prop_oneof![
        3 => Just(Cell::Blank),
        8 => words.prop_map(|text| Cell::Text(text.to_owned())),
        2 => any::<i64>().prop_map(|n| Cell::Number(n.to_string())),
        1 => ".{0,12}".prop_map(Cell::Text),
        1 => ".{0,12}".prop_map(Cell::Number),
        1 => Just(Cell::Fault("#N/A".into())),
        1 => Just(Cell::Day(jiff::civil::date(2025, 12, 31))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_sheet_makes_reading_panic(
        rows in prop::collection::vec(prop::collection::vec(any_cell(), 0..9), 0..30),
        merged in prop::collection::vec((0..40_u32, 0..40_u32, 0..12_usize, 0..12_usize), 0..4),
        file in ".{0,10}",
    ) {
        let rows = (1..).zip(rows).map(|(number, cells)| Row { number, cells }).collect();
        let merged = merged.into_iter().map(|(first_row, last_row, first_column, last_column)| {
            Merged { first_row, last_row, first_column, last_column }
        });
        let sheet = Sheet { file, name: String::new(), rows, merged: merged.collect() };
        let reading = read(&[sheet], &asked());
        for balance in &reading.balances {
            let mapping = fiscal::reading::trial_balance::Mapping::new();
            let _ = fiscal::reading::trial_balance::derive(balance, Standard::General, &mapping);
        }
    }

    #[test]
    fn every_figure_of_a_form_lands_on_its_line(
        cells in prop::collection::vec(-10_000_i64..10_000, 53),
    ) {
        use fiscal::statements::chart;
        let lines: Vec<_> = chart::lines(Standard::Small, StatementKind::BalanceSheet).collect();
        let text = |text: &str| Cell::Text(text.to_owned());
        let head = ["项目", "行次", "期末余额"].map(text);
        let mut rows = vec![
            Row { number: 1, cells: vec![text("2026年3月31日 单位：元")] },
            Row { number: 2, cells: head.into() },
        ];
        for (line, fen) in lines.iter().zip(&cells) {
            let number = u32::from(line.number) + 2;
            rows.push(Row { number, cells: vec![
                Cell::Text(line.zh.to_owned()),
                Cell::Number(line.number.to_string()),
                Cell::Text(Fen(*fen).to_string()),
            ] });
        }
        let sheet = Sheet { rows, ..Sheet::default() };
        let reading = read(&[sheet], &asked());
        let found = only(&reading);
        prop_assert!(found.statement.unlisted.is_empty());
        prop_assert_eq!(found.statement.layout, Layout::Prescribed);
        for (line, fen) in lines.iter().zip(&cells) {
            prop_assert_eq!(found.statement.figure(Column::Closing, line.number), Some(Fen(*fen)));
        }
    }
}
