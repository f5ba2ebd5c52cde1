//! Rules within the VAT returns, from one return to the next, and on thresholds.

use jiff::civil::date;
use values::{Fen, Part, Period};

use super::Applies::{Both, VatGeneral, VatSmall};
use super::facts::Fact;
use super::outcome::{Label, Missing, Relation};
use super::run::{Filed, Run};
use super::tolerance::Tolerance::{Addends, Amount, Exact, None as Nothing, Share};
use super::tolerance::share;
use super::{Rule, rule};
use crate::Severity::{Error, Hint, Warning};
use crate::returns::{Form, LineNo, ReturnColumn};
use ReturnColumn::{Main, MainToDate, Second, SecondToDate};

const FIVE_FEN: super::Tolerance = Amount(Fen(5));

pub(super) const RULES: &[Rule] = &[
    rule(
        "V-01",
        VatGeneral,
        ("应抵扣税额合计", "creditable total"),
        "17 = 12 + 13 − 14 − 15 + 16",
        Exact,
        Error,
        "–",
        |run| formula(run, 17, &[(1, 12), (1, 13), (-1, 14), (-1, 15), (1, 16)]),
    ),
    rule(
        "V-02",
        VatGeneral,
        ("实际抵扣税额", "credited"),
        "18 = 17 与 11 中较小者（17 < 0 时为 0）",
        Exact,
        Error,
        "即征即退分列",
        |run| {
            worked(run, 18, &[17, 11], |of| match of {
                // The form takes the smaller one; only a negative total of line 17 becomes zero.
                [total, _] if total.is_negative() => Fen::ZERO,
                [total, output] => (*total).min(*output),
                _ => Fen::ZERO,
            });
        },
    ),
    rule(
        "V-03",
        VatGeneral,
        ("应纳税额、期末留抵", "tax payable and credit"),
        "19 = 11 − 18；20 = 17 − 18",
        Exact,
        Error,
        "–",
        |run| {
            formula(run, 19, &[(1, 11), (-1, 18)]);
            formula(run, 20, &[(1, 17), (-1, 18)]);
        },
    ),
    rule(
        "V-04",
        VatGeneral,
        ("应纳税额合计", "total tax payable"),
        "24 = 19 + 21 − 23；23 ≤ 19 + 21",
        Exact,
        Error,
        "减征超出部分结转下期",
        |run| {
            formula(run, 24, &[(1, 19), (1, 21), (-1, 23)]);
            compared(run, &[23], &[19, 21], Relation::AtMost);
        },
    ),
    rule(
        "V-05",
        VatGeneral,
        ("本期已缴税额", "paid this period"),
        "27 = 28 + 29 + 30 + 31",
        Exact,
        Error,
        "–",
        |run| formula(run, 27, &[(1, 28), (1, 29), (1, 30), (1, 31)]),
    ),
    rule(
        "V-06",
        VatGeneral,
        ("期末未缴、欠缴、应补", "unpaid, arrears, due"),
        "32 = 24 + 25 + 26 − 27；33 = 25 + 26 − 27（≥ 0）；34 = 24 − 28 − 29",
        Exact,
        Error,
        "–",
        |run| {
            formula(run, 32, &[(1, 24), (1, 25), (1, 26), (-1, 27)]);
            worked(run, 33, &[25, 26, 27], |of| match of {
                [before, special, paid] => (*before + *special - *paid).max(Fen::ZERO),
                _ => Fen::ZERO,
            });
            formula(run, 34, &[(1, 24), (-1, 28), (-1, 29)]);
        },
    ),
    rule(
        "V-07",
        VatGeneral,
        ("期末未缴查补税额", "inspection tax unpaid"),
        "38 = 16 + 22 + 36 − 37",
        Exact,
        Error,
        "–",
        |run| formula(run, 38, &[(1, 16), (1, 22), (1, 36), (-1, 37)]),
    ),
    rule(
        "V-08",
        VatGeneral,
        ("跨期衔接", "from one return to the next"),
        "13 = 上期 20；25 = 上期 32；36 = 上期 38",
        Exact,
        Error,
        "税务机关更正、留抵退税（经第14栏转出）",
        carried_over,
    ),
    rule(
        "V-09",
        VatGeneral,
        ("本年累计栏", "year-to-date columns"),
        "累计 = 上期累计 + 本月（1–12、14–16、19、21–24、27–31、34 栏）",
        Exact,
        Error,
        "更正申报",
        to_date,
    ),
    rule(
        "V-10",
        VatGeneral,
        ("销售额其中", "parts of sales"),
        "2026年2月前申报：1 ≥ 2 + 3 + 4；之后：1 = 2 + 3 + 4",
        Addends,
        Warning,
        "税务总局公告2026年第6号调整第3、10栏口径；第4栏为检查调整",
        |run| parts_by_filing(run, 1, &[2, 3, 4]),
    ),
    rule(
        "V-11",
        VatGeneral,
        ("免税销售额其中", "parts of exempt sales"),
        "2026年2月前申报：8 ≥ 9 + 10；之后：8 = 9 + 10",
        Addends,
        Hint,
        "税务总局公告2026年第6号",
        |run| parts_by_filing(run, 8, &[9, 10]),
    ),
    rule(
        "V-12",
        VatGeneral,
        ("税率合理", "plausible rate"),
        "0 ≤ 11 ≤ 1 × 13%；11 ≥ 1 × 5%（差额征税除外）",
        Share(50, Fen::from_yuan(10)),
        Warning,
        "差额征税、负数栏次",
        rate,
    ),
    rule(
        "V-13",
        VatGeneral,
        ("进项 ↔ 勾选", "input tax and platform"),
        "12 = 勾选平台确认的进项税额",
        Exact,
        Error,
        "农产品计算抵扣、海关缴款书、旅客运输、通行费",
        |run| {
            let filed = run.filed(run.period, Form::VatGeneral, Main);
            if run.starts(Form::VatGeneral) {
                run.filed_lines(true, filed, 1, &[12]);
                run.fact(false, 1, Fact::ConfirmedInputVat);
                run.equal(("进项税额", "input tax"), ("平台确认", "confirmed on the platform"));
            }
        },
    ),
    rule(
        "V-14",
        VatGeneral,
        ("销项 ↔ 开票", "sales and invoices"),
        "附列资料一开票栏 = 本期开票合计",
        Addends,
        Error,
        "–",
        |run| {
            if run.starts(Form::VatGeneral) {
                run.fact(true, 1, Fact::DeclaredInvoicedSales);
                run.fact(false, 1, Fact::InvoicedSales);
                run.equal(
                    ("申报开票销售额", "invoiced sales declared"),
                    ("平台开票", "the platform"),
                );
            }
        },
    ),
    rule(
        "V-15",
        Both,
        ("城市维护建设税", "urban maintenance tax"),
        "城建税 = (应补税额 + 免抵税额) × 7%、5% 或 1% × (1 − 减征比例)",
        FIVE_FEN,
        Warning,
        "免抵税额、预缴、六税两费减半",
        super::surcharges::urban,
    ),
    rule(
        "V-16",
        Both,
        ("教育费附加、地方教育附加", "education surcharges"),
        "教育费附加 = 基数 × 3%，地方教育附加 = 基数 × 2%，同样减征",
        FIVE_FEN,
        Warning,
        "月销售额不超过10万元（季30万元）免征",
        super::surcharges::education,
    ),
    rule(
        "V-17",
        VatSmall,
        ("小规模表内勾稽", "within the small-scale return"),
        "1 ≥ 2+3；4 ≥ 5+6；7 ≥ 8；9 = 10+11+12；13 ≥ 14；20 = 15−16；22 = 20−21；18、19 含于 17",
        Exact,
        Error,
        "–",
        small_lines,
    ),
    rule(
        "V-18",
        VatSmall,
        ("小规模应纳税额", "small-scale tax"),
        "15 = (1 + 7) × 3% + 4 × 5%",
        FIVE_FEN,
        Error,
        "差额征税；3% 减按 1%：减征额在第16栏",
        small_tax,
    ),
    rule(
        "V-19",
        VatSmall,
        ("1%减征", "reduced to 1%"),
        "16 ≥ 1 × 2%（至2027-12-31）",
        FIVE_FEN,
        Warning,
        "选择开具3%专用发票；不动产、土地使用权除外",
        small_reduction,
    )
    .until(Some(date(2023, 1, 1)), Some(date(2027, 12, 31))),
    rule(
        "V-20",
        VatSmall,
        ("起征点", "threshold"),
        "季销售额 ≤ 30万（月 ≤ 10万）且未开专用发票：1、4、7 栏为 0，第9栏填列",
        Exact,
        Warning,
        "销售不动产不计入；放弃免税",
        threshold,
    ),
    rule(
        "V-21",
        VatSmall,
        ("500万标准", "five million"),
        "连续12个月应税销售额 > 500万元 → 应登记为一般纳税人",
        Exact,
        Error,
        "自然人；偶发的无形资产、不动产销售不计",
        five_million,
    ),
    rule(
        "V-22",
        Both,
        ("申报连续", "no return missing"),
        "自登记起每期均有增值税申报（含零申报）",
        Nothing,
        Error,
        "停业登记",
        no_return_missing,
    ),
];

const FORMULA: Label = ("公式结果", "the formula");

impl<'a> Run<'a> {
    /// Begins a rule about a return of this very period; false when there is none.
    pub(super) fn starts(&mut self, form: Form) -> bool {
        self.on_return(form);
        self.case.filed(self.period, form).is_some()
    }

    /// The form of VAT return that the client files in this period: the one that is there, else
    /// the only one it ever filed.
    pub(super) fn vat_form(&self) -> Form {
        let files = |form: Form| self.case.returns.keys().any(|(_, filed)| *filed == form);
        let here = |form: &Form| self.case.filed_ending(self.period, *form).is_some();
        let only_small = files(Form::VatSmall) && !files(Form::VatGeneral);
        let usual = if only_small { Form::VatSmall } else { Form::VatGeneral };
        [Form::VatGeneral, Form::VatSmall].into_iter().find(here).unwrap_or(usual)
    }

    /// The columns of the period itself: 一般项目 and 即征即退, or the two of the small form.
    pub(super) fn both_columns(&self, form: Form) -> [Filed<'a>; 2] {
        [Main, Second].map(|column| self.filed(self.period, form, column))
    }

    /// Adds lines of both columns; the second may be absent.
    pub(super) fn both(&mut self, left: bool, form: Form, sign: i8, lines: &[u16]) {
        let [main, second] = self.both_columns(form);
        self.filed_lines(left, main, sign, lines);
        if second.is_ok() {
            self.filed_lines(left, second, sign, lines);
        }
    }
}

fn columns<'a>(run: &Run<'a>) -> Vec<Filed<'a>> {
    if run.case.filed(run.period, Form::VatGeneral).is_none() {
        return Vec::new();
    }
    run.both_columns(Form::VatGeneral).into_iter().filter(Result::is_ok).collect()
}

/// One line is a signed sum of others, in each group of columns.
fn formula(run: &mut Run<'_>, total: u16, terms: &[(i8, u16)]) {
    for filed in columns(run) {
        run.on_return(Form::VatGeneral);
        run.filed_lines(true, filed, 1, &[total]);
        for (sign, line) in terms {
            run.filed_lines(false, filed, *sign, &[*line]);
        }
        run.equal(("申报数", "declared"), FORMULA);
    }
}

/// One line follows from others otherwise than by adding.
fn worked(run: &mut Run<'_>, total: u16, of: &[u16], work: fn(&[Fen]) -> Fen) {
    for filed in columns(run) {
        run.on_return(Form::VatGeneral);
        run.filed_lines(true, filed, 1, &[total]);
        let from: Vec<Fen> =
            of.iter().map(|line| run.filed_line(false, filed, 0, LineNo::new(*line))).collect();
        run.amount(false, work(&from));
        run.equal(("申报数", "declared"), FORMULA);
    }
}

fn compared(run: &mut Run<'_>, left: &[u16], right: &[u16], relation: Relation) {
    for filed in columns(run) {
        run.on_return(Form::VatGeneral);
        run.filed_lines(true, filed, 1, left);
        run.filed_lines(false, filed, 1, right);
        run.close(relation, ("申报数", "declared"), ("限额", "its limit"));
    }
}

fn carried_over(run: &mut Run<'_>) {
    let Some(before) = run.period.previous() else { return };
    for (now, then) in [(13, 20), (25, 32), (36, 38)] {
        for filed in columns(run) {
            let Ok((_, column, _)) = filed else { continue };
            let earlier = run.filed(before, Form::VatGeneral, column);
            run.on_return(Form::VatGeneral);
            run.filed_lines(true, filed, 1, &[now]);
            run.filed_lines(false, earlier, 1, &[then]);
            run.equal(("本期", "this period"), ("上期", "the period before"));
        }
    }
}

fn to_date(run: &mut Run<'_>) {
    let lines = (1..=12).chain(14..=16).chain([19]).chain(21..=24).chain(27..=31).chain([34]);
    let Some(before) = run.period.previous() else { return };
    let first = before.in_year() != run.period.in_year();
    for (column, all) in [(Main, MainToDate), (Second, SecondToDate)] {
        if run.case.filed(run.period, Form::VatGeneral).is_none() {
            return;
        }
        let now = run.filed(run.period, Form::VatGeneral, column);
        let sum = run.filed(run.period, Form::VatGeneral, all);
        if column == Second && (now.is_err() || sum.is_err()) {
            continue;
        }
        let earlier = run.filed(before, Form::VatGeneral, all);
        let mut holds = true;
        for line in lines.clone() {
            run.on_return(Form::VatGeneral);
            run.quietly();
            run.filed_lines(true, sum, 1, &[line]);
            run.filed_lines(false, now, 1, &[line]);
            if !first {
                run.filed_lines(false, earlier, 1, &[line]);
            }
            match run.equal(("本年累计", "the year to date"), ("各月之和", "the months' sum"))
            {
                Some(kept) => holds &= kept,
                None => return,
            }
        }
        if holds {
            run.on_return(Form::VatGeneral);
            run.holds();
        }
    }
}

/// Since February 2026 services, intangibles and property are inside the parts.
fn parts_by_filing(run: &mut Run<'_>, whole: u16, parts: &[u16]) {
    let period = run.period;
    for filed in columns(run) {
        let Ok((of, ..)) = filed else { continue };
        let since = match of.filed_on {
            Some(day) => day >= date(2026, 2, 1),
            None => period.first_day() >= date(2026, 1, 1),
        };
        run.on_return(Form::VatGeneral);
        run.filed_lines(true, filed, 1, parts);
        run.filed_lines(false, filed, 1, &[whole]);
        let relation = if since { Relation::Equal } else { Relation::AtMost };
        run.close(relation, ("其中项之和", "sum of the parts"), ("合计栏", "the whole"));
    }
}

fn rate(run: &mut Run<'_>) {
    for filed in columns(run) {
        let mut holds = true;
        for (percent, relation, zh, en) in [
            (0, Relation::AtLeast, "零", "zero"),
            (1300, Relation::AtMost, "销售额的13%", "13% of sales"),
            (500, Relation::AtLeast, "销售额的5%", "5% of sales"),
        ] {
            if percent == 500 && run.truth(Fact::MarginTaxed) == Some(true) {
                continue;
            }
            run.on_return(Form::VatGeneral);
            run.quietly();
            run.filed_lines(true, filed, 1, &[11]);
            let sales = run.filed_line(false, filed, 0, LineNo::new(1));
            run.amount(false, share(sales, percent));
            holds &= run.close(relation, ("销项税额", "output tax"), (zh, en)) != Some(false);
        }
        if holds {
            run.on_return(Form::VatGeneral);
            run.holds();
        }
    }
}

fn small_lines(run: &mut Run<'_>) {
    use Relation::{AtLeast, Equal};
    type Terms = &'static [(i8, u16)];
    const LINES: [(u16, Relation, Terms); 8] = [
        (1, AtLeast, &[(1, 2), (1, 3)]),
        (4, AtLeast, &[(1, 5), (1, 6)]),
        (7, AtLeast, &[(1, 8)]),
        (9, Equal, &[(1, 10), (1, 11), (1, 12)]),
        (13, AtLeast, &[(1, 14)]),
        (17, AtLeast, &[(1, 18), (1, 19)]),
        (20, Equal, &[(1, 15), (-1, 16)]),
        (22, Equal, &[(1, 20), (-1, 21)]),
    ];
    let mut holds = true;
    for (total, relation, terms) in LINES {
        if !run.starts(Form::VatSmall) {
            return;
        }
        run.quietly();
        run.both(true, Form::VatSmall, 1, &[total]);
        for (sign, line) in terms {
            run.both(false, Form::VatSmall, *sign, &[*line]);
        }
        match run.close(relation, ("申报数", "declared"), FORMULA) {
            Some(kept) => holds &= kept,
            None => return,
        }
    }
    if holds {
        run.on_return(Form::VatSmall);
        run.holds();
    }
}

/// A line of the small form, both columns added, that enters through a calculation.
fn small(run: &mut Run<'_>, line: u16) -> Fen {
    let [main, second] = run.both_columns(Form::VatSmall);
    let main = run.filed_line(false, main, 0, LineNo::new(line));
    match second {
        Ok(_) => main + run.filed_line(false, second, 0, LineNo::new(line)),
        Err(_) => main,
    }
}

fn small_tax(run: &mut Run<'_>) {
    if run.starts(Form::VatSmall) {
        run.both(true, Form::VatSmall, 1, &[15]);
        let (sales, used, five) = (small(run, 1), small(run, 7), small(run, 4));
        run.amount(false, share(sales + used, 300) + share(five, 500));
        run.equal(("本期应纳税额", "tax payable"), ("按征收率计算", "by the levy rates"));
    }
}

fn small_reduction(run: &mut Run<'_>) {
    if run.starts(Form::VatSmall) {
        run.both(true, Form::VatSmall, 1, &[16]);
        let sales = small(run, 1);
        run.amount(false, share(sales, 200));
        run.at_least(("减征额", "reduction"), ("3%销售额的2%", "2% of the sales at 3%"));
    }
}

fn threshold(run: &mut Run<'_>) {
    if !run.starts(Form::VatSmall) {
        return;
    }
    let limit = match run.period.part() {
        Part::Month(_) => Fen::from_yuan(100_000),
        Part::Quarter(_) | Part::Year => Fen::from_yuan(300_000),
    };
    let sales: Fen = [1, 4, 7, 9, 13].into_iter().map(|line| small(run, line)).sum();
    let special: Fen = [2, 5].into_iter().map(|line| small(run, line)).sum();
    // Since the law of 2026 an amount that reaches the threshold is taxed.
    let below = if run.period.in_year() >= 2026 { sales < limit } else { sales <= limit };
    let invoiced = run.truth(Fact::SpecialInvoices).unwrap_or(special != Fen::ZERO);
    if !run.is_missing() && (!below || invoiced || sales == Fen::ZERO) {
        run.holds();
        return;
    }
    run.on_return(Form::VatSmall);
    run.both(true, Form::VatSmall, 1, &[1, 4, 7]);
    run.equal(("应征增值税销售额", "taxable sales"), ("起征点以下应为", "below the threshold"));
}

fn five_million(run: &mut Run<'_>) {
    if !run.starts(Form::VatSmall) {
        return;
    }
    let (mut months, mut at) = (0, Some(run.period));
    while let Some(period) = at.filter(|_| months < 12) {
        if run.case.filed(period, Form::VatSmall).is_none() {
            break;
        }
        for column in [Main, Second] {
            let filed = run.filed(period, Form::VatSmall, column);
            if filed.is_ok() {
                run.filed_lines(true, filed, 1, &[1, 4, 7, 9, 13]);
            }
        }
        months += period.last_month() - period.first_month() + 1;
        at = period.previous();
    }
    run.adjustment(true, -1, Fact::OccasionalSales);
    run.amount(false, Fen::from_yuan(5_000_000));
    // Too much is too much, but too little is known only of a full year.
    if run.sides().0 <= run.sides().1 && months < 12 {
        run.lacks(Missing::Earlier(run.period));
    }
    run.at_most(("12个月销售额", "sales of 12 months"), ("500万元", "five million yuan"));
}

fn no_return_missing(run: &mut Run<'_>) {
    for form in [Form::VatGeneral, Form::VatSmall] {
        if !run.starts(form) {
            continue;
        }
        let earlier = run.case.returns.keys().any(|(period, filed)| {
            matches!(filed, Form::VatGeneral | Form::VatSmall)
                && period.last_day() < run.period.first_day()
        });
        let Some(before) = run.period.previous() else { continue };
        let there = covered(run, before);
        let label = ("上一期间无增值税申报", "no VAT return for the period before");
        run.flag(earlier && !there, label, ("", ""));
    }
}

/// Whether returns of either kind and any length reach the end of a period.
fn covered(run: &Run<'_>, period: Period) -> bool {
    [Form::VatGeneral, Form::VatSmall]
        .into_iter()
        .any(|form| run.case.filed_ending(period, form).is_some())
}
