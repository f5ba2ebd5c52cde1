//! Rules that compare periods, and what was given to others.

use values::{Fen, Part, Period};

use super::Applies::Both;
use super::case::to_date_column;
use super::facts::Fact;
use super::outcome::{Label, Missing, Relation};
use super::run::{Run, Sheet, Source, sheet_of};
use super::tolerance::Tolerance::{Exact, None as Nothing, Ratio};
use super::tolerance::share;
use super::{Rule, rule, sets};
use crate::Severity::{Error, Hint, Warning};
use crate::statements::StatementKind::{BalanceSheet, CashFlow, Income};
use crate::statements::chart::LineKind;
use crate::statements::{Column, Standard, Statement, StatementKind};

pub(super) const RULES: &[Rule] = &[
    rule(
        "P-01",
        Both,
        ("年初=上年末", "opening = last year's closing"),
        "各项目年初余额 = 上年12月末余额",
        Exact,
        Error,
        "小企业会计准则用未来适用法，无追溯；企业会计准则：政策变更、差错更正、新准则；审计调整",
        opening_is_last_closing,
    ),
    rule(
        "P-02",
        Both,
        ("年初数全年一致", "one opening all year"),
        "同一年度各期的年初余额相同",
        Exact,
        Error,
        "已更正申报：按版本留存",
        one_opening,
    ),
    rule(
        "P-03",
        Both,
        ("累计=上期累计+本期", "to date = before + period"),
        "本年累计 = 上期累计 + 本期",
        Exact,
        Error,
        "–",
        accumulates,
    ),
    rule(
        "P-04",
        Both,
        ("一月累计=本月", "January to date = January"),
        "一月（第一季度）本年累计 = 本期",
        Exact,
        Error,
        "年中接手：以接手时的累计数代替",
        first_is_all,
    ),
    rule(
        "P-05",
        Both,
        ("季度=三个月之和", "a quarter is its months"),
        "本季金额 = 季末累计 − 上季末累计",
        Exact,
        Error,
        "–",
        quarter_is_difference,
    ),
    rule(
        "P-06",
        Both,
        ("现金流累计", "cash flow adds up over periods"),
        "流量累计 = 上期累计 + 本期；累计期初不变；本期期初 = 上期期末",
        Exact,
        Error,
        "–",
        cash_accumulates,
    ),
    rule(
        "P-07",
        Both,
        ("累计单调", "to date never falls"),
        "收入、成本、税金、费用、现金流项目的累计不低于上期",
        Exact,
        Warning,
        "红字更正：须说明原因",
        never_falls,
    ),
    rule(
        "P-08",
        Both,
        ("上年数=上年实际", "comparative = last year's"),
        "年报上年金额 = 上年年报",
        Exact,
        Warning,
        "重述、重分类",
        comparative,
    ),
    rule(
        "P-09",
        Both,
        ("12月月报=年报", "December to date = annual"),
        "12月累计 = 年报",
        Exact,
        Error,
        "审计调整：保留两个版本并说明原因",
        december_is_annual,
    ),
    rule(
        "P-10",
        Both,
        ("累计折旧不降", "depreciation never falls"),
        "累计折旧不低于上期",
        Exact,
        Warning,
        "处置资产",
        depreciation_grows,
    ),
    rule(
        "P-11",
        Both,
        ("实收资本变动", "change of capital"),
        "实收资本变动 → 增资、减资登记已归档",
        Exact,
        Warning,
        "认缴范围内实缴：有缴款凭证即可",
        capital_on_file,
    ),
    rule(
        "P-12",
        Both,
        ("异常波动", "unusual movement"),
        "较上期或上年同期变动超过30%且超过重要性水平 → 说明",
        Ratio(None),
        Hint,
        "季节性",
        unusual,
    ),
    rule(
        "P-13",
        Both,
        ("一套报表", "one set of statements"),
        "同一主体、期间、准则，报送银行、税务机关、股东的报表逐行一致",
        Exact,
        Error,
        "会计法第二十条：编制依据一致；只有以后的更正版本可以不同，并列明全部接收方",
        sets::one_set,
    ),
    rule(
        "P-14",
        Both,
        ("期间连续", "no gap between periods"),
        "首期至末期之间无缺月；无重复的已批准版本",
        Nothing,
        Error,
        "开业、停业月份",
        sets::no_gap,
    ),
    rule(
        "P-15",
        Both,
        ("准则切换", "change of standard"),
        "小企业会计准则转企业会计准则：只在年初，且期初已对照",
        Nothing,
        Warning,
        "执行企业会计准则后，一般不得转回小企业会计准则",
        sets::standard_changes,
    ),
];

/// How one line of a statement is made of others in a comparison: signed sources.
pub(super) type Terms<'s, 'a> = [(bool, i8, &'s Source<'a>)];

impl<'a> Run<'a> {
    /// Compares line by line; one result for each line that differs, else one for all.
    pub(super) fn each_line(
        &mut self,
        (kind, column): (StatementKind, Column),
        terms: &Terms<'_, 'a>,
        wanted: impl Fn(&crate::statements::chart::Line) -> bool,
        relation: Relation,
        (left, right): (Label, Label),
    ) {
        self.on(kind, column);
        let mut charted = None;
        for (_, _, source) in terms {
            match source {
                Err(missing) => self.lacks(*missing),
                Ok(sheet) => {
                    let standard = charted
                        .map_or(sheet.statement.standard, |of: Sheet<'_>| of.statement.standard);
                    if standard != sheet.statement.standard {
                        self.lacks(Missing::Standard(sheet.statement.period));
                    }
                    charted = Some(*sheet);
                }
            }
        }
        let (Some(charted), false) = (charted, self.is_missing()) else {
            self.uncheckable();
            return;
        };
        let mut holds = true;
        for line in charted.chart.lines().iter().filter(|line| wanted(line)) {
            let number = line.number;
            let filled = |(_, _, source): &(bool, i8, &Source<'a>)| {
                source.is_ok_and(|sheet| sheet.figures.contains_key(&number))
            };
            if !terms.iter().any(filled) {
                continue;
            }
            self.on(kind, column);
            self.quietly();
            for (is_left, sign, source) in terms {
                if let Ok(sheet) = source {
                    self.compared(*is_left, sheet, *sign, number);
                }
            }
            holds &= self.close(relation, (line.zh, left.1), right) != Some(false);
        }
        if holds {
            self.on(kind, column);
            self.holds();
        }
    }

    /// The same period's predecessor of the same length, in the same year.
    fn before_in_year(&self) -> Option<Period> {
        self.period.previous().filter(|before| before.in_year() == self.period.in_year())
    }
}

pub(super) fn everything(_: &crate::statements::chart::Line) -> bool {
    true
}

/// Lines that add up over time: all but balances and figures per share.
fn flowing(line: &crate::statements::chart::Line) -> bool {
    !matches!(line.code, "cf_begin" | "cf_end" | "eps_basic" | "eps_diluted")
}

fn december(year: i16) -> Option<Period> {
    Period::month(year, 12)
}

fn opening_is_last_closing(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let Some(last) = december(run.period.in_year() - 1) else { return };
    let opening = sheet_of(statement, Column::Opening);
    let closing = run.sheet(last, BalanceSheet, Column::Closing);
    if statement.standard == Standard::General {
        run.weigh(Warning);
    }
    run.each_line(
        (BalanceSheet, Column::Opening),
        &[(true, 1, &opening), (false, 1, &closing)],
        everything,
        Relation::Equal,
        (("年初余额", "the opening balance"), ("上年末余额", "last year's closing balance")),
    );
}

fn one_opening(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let Some(before) = run.before_in_year() else { return };
    // The nearest earlier statement of the year will do: all should say the same.
    let year = run.period.in_year();
    let earlier = run.case.statements.values().filter(|other| {
        other.kind == BalanceSheet
            && other.period.in_year() == year
            && other.period.last_day() < statement.period.last_day()
    });
    let nearest = earlier.max_by_key(|other| other.period.last_day());
    let opening = sheet_of(statement, Column::Opening);
    let other = match nearest {
        Some(other) => sheet_of(other, Column::Opening),
        None => Err(Missing::Statement(before, BalanceSheet)),
    };
    run.each_line(
        (BalanceSheet, Column::Opening),
        &[(true, 1, &opening), (false, 1, &other)],
        everything,
        Relation::Equal,
        (("年初余额", "the opening balance"), ("以前月份的年初余额", "that of earlier months")),
    );
}

const TO_DATE: Label = ("本年累计", "the year to date");
const BEFORE_AND_NOW: Label = ("上期累计加本期", "the previous one and the period");

fn accumulates(run: &mut Run<'_>) {
    let (Some(statement), Part::Month(_)) = (run.own(Income), run.period.part()) else { return };
    let Some(before) = run.before_in_year() else { return };
    let now = sheet_of(statement, Column::YearToDate);
    let period = sheet_of(statement, Column::Current);
    let earlier = run.to_date_of(before, Income);
    run.each_line(
        (Income, Column::YearToDate),
        &[(true, 1, &now), (false, 1, &earlier), (false, 1, &period)],
        flowing,
        Relation::Equal,
        (TO_DATE, BEFORE_AND_NOW),
    );
}

fn first_is_all(run: &mut Run<'_>) {
    if !matches!(run.period.part(), Part::Month(1) | Part::Quarter(1)) {
        return;
    }
    for kind in [Income, CashFlow] {
        let Some(statement) = run.own(kind) else { continue };
        let now = sheet_of(statement, Column::YearToDate);
        let period = sheet_of(statement, Column::Current);
        run.each_line(
            (kind, Column::YearToDate),
            &[(true, 1, &now), (false, 1, &period)],
            everything,
            Relation::Equal,
            (TO_DATE, ("本期", "the period")),
        );
    }
}

fn quarter_is_difference(run: &mut Run<'_>) {
    let Part::Quarter(quarter) = run.period.part() else { return };
    let Some(statement) = run.own(Income) else { return };
    let period = sheet_of(statement, Column::Current);
    let months = Period::month(run.period.in_year(), run.period.last_month());
    let now = sheet_of(statement, Column::YearToDate).or_else(|missing| match months {
        Some(month) if run.case.statement(month, Income).is_some() => run.to_date_of(month, Income),
        _ => Err(missing),
    });
    let label = (("本季金额", "the quarter"), ("累计之差", "the difference of years to date"));
    let of = (Income, Column::Current);
    if quarter == 1 {
        run.each_line(of, &[(true, 1, &period), (false, 1, &now)], flowing, Relation::Equal, label);
        return;
    }
    let Some(before) = run.before_in_year() else { return };
    let earlier = run.to_date_of(before, Income);
    let terms = [(true, 1, &period), (false, 1, &now), (false, -1, &earlier)];
    run.each_line(of, &terms, flowing, Relation::Equal, label);
}

fn cash_accumulates(run: &mut Run<'_>) {
    let Some(statement) = run.own(CashFlow) else { return };
    let Some(before) = run.before_in_year() else { return };
    let now = sheet_of(statement, Column::YearToDate);
    let period = sheet_of(statement, Column::Current);
    let earlier = run.to_date_of(before, CashFlow);
    let of = (CashFlow, Column::YearToDate);
    let terms = [(true, 1, &now), (false, 1, &earlier), (false, 1, &period)];
    run.each_line(of, &terms, flowing, Relation::Equal, (TO_DATE, BEFORE_AND_NOW));
    if now.is_err() || period.is_err() || earlier.is_err() {
        return;
    }
    run.each_line(
        of,
        &[(true, 1, &now), (false, 1, &earlier)],
        |line| line.code == "cf_begin",
        Relation::Equal,
        (("期初现金", "opening cash"), ("以前月份的累计期初", "that of earlier months")),
    );
    let last = run.sheet(before, CashFlow, Column::Current);
    run.on(CashFlow, Column::Current);
    run.left(period, 1, "cf_begin");
    run.right(last, 1, "cf_end");
    run.equal(
        ("本期期初现金", "opening cash of the period"),
        ("上期期末现金", "closing cash before"),
    );
}

fn never_falls(run: &mut Run<'_>) {
    const GROWING: [&str; 6] = [
        "revenue",
        "cost_of_sales",
        "taxes_surcharges",
        "selling_expenses",
        "admin_expenses",
        "rd_expenses",
    ];
    let Some(before) = run.before_in_year() else { return };
    for kind in [Income, CashFlow] {
        let Some(statement) = run.own(kind) else { continue };
        let now = sheet_of(statement, Column::YearToDate);
        let earlier = run.to_date_of(before, kind);
        // Finance expenses are net of interest income and may fall.
        run.each_line(
            (kind, Column::YearToDate),
            &[(true, 1, &now), (false, 1, &earlier)],
            |line| {
                GROWING.contains(&line.code)
                    || (matches!(line.kind, LineKind::In | LineKind::Out)
                        && line.code != "cf_disposal_net")
            },
            Relation::AtLeast,
            (TO_DATE, ("上期累计", "the previous one")),
        );
    }
}

fn comparative(run: &mut Run<'_>) {
    let (Part::Year, Some(last)) = (run.period.part(), run.period.previous()) else { return };
    for kind in [Income, CashFlow] {
        let Some(statement) = run.own(kind) else { continue };
        let prior = sheet_of(statement, Column::Prior);
        let actual = run.to_date_of(last, kind);
        run.each_line(
            (kind, Column::Prior),
            &[(true, 1, &prior), (false, 1, &actual)],
            everything,
            Relation::Equal,
            (("上年金额", "the comparative"), ("上年实际", "last year's figure")),
        );
    }
}

fn december_is_annual(run: &mut Run<'_>) {
    let Part::Year = run.period.part() else { return };
    let Some(month) = december(run.period.in_year()) else { return };
    let quarter = Period::quarter(run.period.in_year(), 4);
    for kind in [BalanceSheet, Income, CashFlow] {
        let Some(annual) = run.own(kind) else { continue };
        let shorter = run.case.statement(month, kind);
        let shorter = shorter.or_else(|| run.case.statement(quarter?, kind));
        let column = |statement: &Statement| match kind {
            BalanceSheet => Column::Closing,
            Income | CashFlow => to_date_column(statement),
        };
        let whole = sheet_of(annual, column(annual));
        let last = match shorter {
            Some(statement) => sheet_of(statement, column(statement)),
            None => Err(Missing::Statement(month, kind)),
        };
        run.each_line(
            (kind, column(annual)),
            &[(true, 1, &whole), (false, 1, &last)],
            everything,
            Relation::Equal,
            (("年报", "the annual figure"), ("12月累计", "December's year to date")),
        );
    }
}

/// The closing balance of the period before; in a year's first period, the opening balance.
fn balance_before<'a>(run: &Run<'a>) -> Source<'a> {
    let before = run.period.previous().unwrap_or(run.period);
    let earlier = run.sheet(before, BalanceSheet, Column::Closing);
    if earlier.is_err() && before.in_year() != run.period.in_year() {
        return run.opening();
    }
    earlier
}

fn depreciation_grows(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let now = sheet_of(statement, Column::Closing);
    if now.is_ok_and(|sheet| sheet.number("accumulated_depreciation").is_none()) {
        return;
    }
    let earlier = balance_before(run);
    run.on(BalanceSheet, Column::Closing);
    run.left(now, 1, "accumulated_depreciation");
    run.right(earlier, 1, "accumulated_depreciation");
    run.at_least(("累计折旧", "accumulated depreciation"), ("上期", "the period before"));
}

fn capital_on_file(run: &mut Run<'_>) {
    let Some(statement) = run.own(BalanceSheet) else { return };
    let now = sheet_of(statement, Column::Closing);
    let earlier = balance_before(run);
    run.on(BalanceSheet, Column::Closing);
    run.left(now, 1, "paid_in_capital");
    run.right(earlier, 1, "paid_in_capital");
    let (after, before) = run.sides();
    if !run.is_missing() && (after - before).abs() > run.allowed() {
        if run.truth(Fact::RegistrationChange) == Some(true) {
            run.holds();
            return;
        }
        run.lighter(Warning, super::outcome::Cause::Undeclared(Fact::RegistrationChange));
    }
    run.equal(("实收资本", "paid-in capital"), ("上期", "the period before"));
}

fn unusual(run: &mut Run<'_>) {
    const LINES: [(StatementKind, Column, &[&str]); 2] = [
        (
            Income,
            Column::Current,
            &["revenue", "cost_of_sales", "selling_expenses", "admin_expenses", "net_profit"],
        ),
        (
            BalanceSheet,
            Column::Closing,
            &["accounts_receivable", "inventories", "other_receivables", "other_payables"],
        ),
    ];
    let assets = run.closing().ok().and_then(|sheet| sheet.figure("assets_total"));
    let floor = run.case.fact(run.period, Fact::Materiality).map(Fen);
    let floor =
        floor.unwrap_or_else(|| share(assets.unwrap_or_default(), 100).max(Fen::from_yuan(10_000)));
    let limit = run.ratio(3000);
    for (kind, column, codes) in LINES {
        let Some(statement) = run.own(kind) else { continue };
        let now = sheet_of(statement, column);
        let (before, last_year) = (run.period.previous(), run.period.year_before());
        let case = run.case;
        let found: Vec<_> = [
            (before, ("上期", "the period before")),
            (last_year, ("上年同期", "the same period last year")),
        ]
        .into_iter()
        .filter_map(|(period, name)| {
            let other = case.statement(period?, kind)?;
            Some((sheet_of(other, column).ok()?, name))
        })
        .collect();
        if found.is_empty() {
            let missing = Missing::Statement(before.unwrap_or(run.period), kind);
            run.only_missing(kind, column, missing);
            continue;
        }
        let mut holds = true;
        for ((earlier, compared), code) in
            found.iter().flat_map(|of| codes.iter().map(move |code| (*of, code)))
        {
            run.on(kind, column);
            run.quietly();
            run.left(now, 1, code);
            run.right(Ok(earlier), 1, code);
            let (left, right) = run.sides();
            let moved = (left - right).abs();
            let strange = moved > share(right.abs(), limit) && moved > floor;
            let name = earlier.chart.by_code(code).map_or(("", ""), |line| (line.zh, line.en));
            holds &= run.flag(strange, name, compared) != Some(false);
        }
        if holds {
            run.on(kind, column);
            run.holds();
        }
    }
}
