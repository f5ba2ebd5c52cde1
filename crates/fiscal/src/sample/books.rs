//! Statements and returns of invented clients: printed from one ledger, so they agree, and some of
//! them spoilt afterwards in the ways that real ones are.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use values::{Fen, Part, Period};

use super::ledger::{Amounts, Month, Trading, months, surcharges};
use super::make::Dice;
use super::{SampleClient, slips};
use crate::returns::{Form, Header, LineNo, Lines, Return, ReturnColumn};
use crate::rules::Fact;
use crate::statements::chart::{LineKind, chart};
use crate::statements::{Column, Figures, Layout, Standard, Statement, StatementKind, Unit};

/// What is wrong with the books of some clients, as with real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slip {
    /// An expense is printed with a minus that it does not have.
    Sign,
    /// One figure is in another unit than the rest.
    Unit,
    /// Less cash on the balance sheet than in the cash-flow statement.
    CashBelowFlow,
    /// The opening figures are changed in the middle of the year.
    Opening,
    /// A subtotal is not the sum of its lines.
    Subtotal,
    /// There is no cash-flow statement.
    NoCashFlow,
    /// The income tax return declares other revenue than the income statement.
    Declared,
    /// The newest period is not there yet.
    Late,
}

impl Slip {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Sign,
        Self::Unit,
        Self::CashBelowFlow,
        Self::Opening,
        Self::Subtotal,
        Self::NoCashFlow,
        Self::Declared,
        Self::Late,
    ];
}

/// What there is of one period: three statements, or one return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleSet {
    /// The period.
    pub period: Period,
    /// The statements; none of a return.
    pub statements: Vec<Statement>,
    /// The return.
    pub filed: Option<Return>,
    /// What is known besides.
    pub facts: BTreeMap<Fact, i64>,
}

/// The books of a client: two calendar years, the second until the month before today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Books {
    /// The sets in the order in which they come about.
    pub sets: Vec<SampleSet>,
    /// What is wrong with them on purpose.
    pub slip: Option<Slip>,
}

/// The books of the client of this number.
#[must_use]
pub fn books(seed: u64, index: u64, client: &SampleClient, today: Date) -> Books {
    let slip = (index % 3 == 2).then(|| {
        let at = usize::try_from(index / 3 + index / 12).unwrap_or_default() % Slip::ALL.len();
        Slip::ALL.get(at).copied().unwrap_or(Slip::Subtotal)
    });
    let mut books = Books { sets: sound_books(seed, index, client, today), slip };
    if let Some(slip) = slip {
        slips::spoil(&mut books.sets, slip);
    }
    books
}

/// The books without anything wrong, as they are once they are put right.
#[must_use]
pub fn sound_books(seed: u64, index: u64, client: &SampleClient, today: Date) -> Vec<SampleSet> {
    let mut dice = Dice::new(seed ^ 0x5EED_B00C, index);
    let trading = Trading::of(&mut dice, &client.fields);
    let last = today.first_of_month().yesterday().unwrap_or(today);
    let from = last.year() - 1;
    let ledger = Ledger {
        months: months(&trading, from, 12 + i64::from(last.month())),
        monthly: trading.general && index.is_multiple_of(4),
        trading,
    };
    let mut sets = Vec::new();
    for at in 1..ledger.months.len() {
        let Some((Some(period), _)) = ledger.months.get(at) else { continue };
        let (year, month) = (period.in_year(), period.last_month());
        let quarter = (month % 3 == 0).then(|| Period::quarter(year, month / 3)).flatten();
        let statements = if ledger.monthly { Some(*period) } else { quarter };
        sets.extend(statements.map(|period| ledger.statements(at, period)));
        if ledger.trading.general {
            sets.push(filed(ledger.vat_general(at, *period)));
        }
        let Some(quarter) = quarter else { continue };
        if !ledger.trading.general {
            sets.push(filed(ledger.vat_small(at, quarter)));
        }
        sets.push(filed(ledger.prepayment(at, quarter)));
        if month == 12 && today >= date(year + 1, 4, 1) {
            sets.extend(Period::year(year).map(|year| filed(ledger.annual(at, year))));
        }
    }
    sets
}

fn filed(filed: Return) -> SampleSet {
    let (period, facts) = (filed.period, BTreeMap::new());
    SampleSet { period, statements: Vec::new(), filed: Some(filed), facts }
}

struct Ledger {
    trading: Trading,
    months: Vec<(Option<Period>, Month)>,
    monthly: bool,
}

const fn months_in(part: Part) -> usize {
    match part {
        Part::Month(_) => 1,
        Part::Quarter(_) => 3,
        Part::Year => 12,
    }
}

fn sum<'m>(months: impl Iterator<Item = &'m Amounts>) -> Amounts {
    let mut total = Amounts::new();
    for amounts in months {
        for (code, amount) in amounts {
            *total.entry(code).or_default() += amount;
        }
    }
    total
}

impl Ledger {
    fn month(&self, at: usize) -> Month {
        self.months.get(at).map(|(_, month)| month.clone()).unwrap_or_default()
    }

    /// The months of a stretch that ends with this one.
    fn stretch(&self, at: usize, count: usize) -> impl Iterator<Item = &Month> {
        let (skipped, taken) = ((at + 1).saturating_sub(count), count.min(at));
        self.months.iter().skip(skipped).take(taken).map(|(_, month)| month)
    }

    /// How many months of the year are over at the end of this one.
    fn months_of_year(at: usize) -> usize {
        (at - 1) % 12 + 1
    }

    /// The income of the year to the end of this month.
    fn income_to_date(&self, at: usize) -> Amounts {
        sum(self.stretch(at, Self::months_of_year(at)).map(|month| &month.income))
    }

    fn vat_of(&self, at: usize, count: usize) -> (i64, i64) {
        let (mut output, mut input) = (0, 0);
        for month in self.stretch(at, count) {
            (output, input) = (output + month.output, input + month.input);
        }
        (output, input)
    }

    fn statements(&self, at: usize, period: Period) -> SampleSet {
        let (own, year) = (months_in(period.part()), Self::months_of_year(at));
        let (now, opening) = (self.month(at), self.month(at - year));
        let income = |count| sum(self.stretch(at, count).map(|month| &month.income));
        let flows = |count: usize| {
            let mut flows = sum(self.stretch(at, count).map(|month| &month.flows));
            let cash = self.month(at - count).closing.get("cash").copied();
            flows.insert("cf_begin", cash.unwrap_or_default());
            flows
        };
        let of = |kind, pairs: [(Column, Amounts); 2]| {
            statement(self.trading.standard, kind, period, pairs)
        };
        let facts = BTreeMap::from([
            (Fact::NoDistributionConfirmed, 1),
            (Fact::PayrollAccrued, flows(year).get("cf_payroll").copied().unwrap_or_default()),
        ]);
        SampleSet {
            period,
            statements: vec![
                of(
                    StatementKind::BalanceSheet,
                    [(Column::Closing, now.closing), (Column::Opening, opening.closing)],
                ),
                of(
                    StatementKind::Income,
                    [(Column::Current, income(own)), (Column::YearToDate, income(year))],
                ),
                of(
                    StatementKind::CashFlow,
                    [(Column::Current, flows(own)), (Column::YearToDate, flows(year))],
                ),
            ],
            filed: None,
            facts,
        }
    }

    /// 增值税及附加税费申报表（一般纳税人适用） of a month.
    fn vat_general(&self, at: usize, period: Period) -> Return {
        let (month, before) = (self.month(at), self.month(at - 1));
        let sales = month.income.get("revenue").copied().unwrap_or_default();
        // What is owed at the start is VAT alone.
        let (vat, paid) = (month.vat(), before.vat());
        let (urban, education, local) = surcharges(vat);
        let lines = [
            (1, sales),
            (2, sales),
            (11, month.output),
            (12, month.input),
            (17, month.input),
            (18, month.input),
            (19, vat),
            (24, vat),
            (25, paid),
            (27, paid),
            (30, paid),
            (32, vat),
            (34, vat),
            (39, urban),
            (40, education),
            (41, local),
        ];
        form(Form::VatGeneral, period, &lines)
    }

    /// 增值税及附加税费申报表（小规模纳税人适用） of a quarter: 3%, reduced to 1%.
    fn vat_small(&self, at: usize, period: Period) -> Return {
        let income = sum(self.stretch(at, 3).map(|month| &month.income));
        let sales = income.get("revenue").copied().unwrap_or_default();
        let (vat, _) = self.vat_of(at, 3);
        let (mut urban, mut education, mut local) = (0, 0, 0);
        for month in self.stretch(at, 3) {
            let (u, e, l) = surcharges(month.vat());
            (urban, education, local) = (urban + u, education + e, local + l);
        }
        let lines = [
            (1, sales),
            (3, sales),
            (15, sales * 3 / 100),
            (16, sales * 2 / 100),
            (20, vat),
            (22, vat),
            (23, urban),
            (24, education),
            (25, local),
        ];
        form(Form::VatSmall, period, &lines)
    }

    /// What income tax comes to: at 25%, the relief, prepaid before this quarter, due.
    fn income_tax(&self, at: usize) -> (i64, i64, i64, i64) {
        let profit = profit(&self.income_to_date(at)).max(0);
        let (tax, relief) = ((profit * 25 + 50) / 100, (profit * 20 + 50) / 100);
        let due = self.month(at).income_tax;
        let all: i64 = self.stretch(at, Self::months_of_year(at)).map(|m| m.income_tax).sum();
        (tax, relief, all - due, due)
    }

    /// 企业所得税预缴申报表 of a quarter, with the lines of its time.
    fn prepayment(&self, at: usize, period: Period) -> Return {
        let income = self.income_to_date(at);
        let of = |code: &str| income.get(code).copied().unwrap_or_default();
        let (profit, (tax, relief, prepaid, due)) = (profit(&income), self.income_tax(at));
        let since = form(Form::CitPrepayment, period, &[]).since_october_2025();
        let mut filed = if since {
            let top = operating(&income);
            let rest = [(25, profit), (26, 25), (27, tax), (28, relief), (30, prepaid), (32, due)];
            form(Form::CitPrepayment, period, &[top.as_slice(), &rest].concat())
        } else {
            let lines = [
                (1, of("revenue")),
                (2, of("cost_of_sales")),
                (3, profit),
                (10, profit),
                (11, 25),
                (12, tax),
                (13, relief),
                (14, prepaid),
                (16, due),
            ];
            form(Form::CitPrepayment, period, &lines)
        };
        if let Some(lines) = filed.columns.get_mut(&ReturnColumn::Main) {
            lines.insert(LineNo::sub(if since { 28 } else { 13 }, 1), Fen(relief));
        }
        filed.header = Header {
            staff_opening: Some(self.trading.staff),
            staff_closing: Some(self.trading.staff),
            assets_opening: Some(self.assets(at - 3)),
            assets_closing: Some(self.assets(at)),
            restricted: Some(false),
            small_low_profit: Some(true),
            ..Header::default()
        };
        filed
    }

    /// Total assets as a header prints them: 万元 with two decimals.
    fn assets(&self, at: usize) -> Fen {
        let closing = self.month(at).closing;
        let of = |code: &str| closing.get(code).copied().unwrap_or_default();
        let assets =
            of("cash") + of("accounts_receivable") + of("inventories") + of("fixed_assets_cost")
                - of("accumulated_depreciation");
        Fen((assets + 5_000) / 10_000 * 10_000)
    }

    /// 企业所得税年度纳税申报主表.
    fn annual(&self, at: usize, period: Period) -> Return {
        let income = self.income_to_date(at);
        let (profit, (tax, relief, prepaid, due)) = (profit(&income), self.income_tax(at));
        let owed = prepaid + due;
        let rest = [
            (24, profit),
            (28, profit),
            (29, 25),
            (30, tax),
            (31, relief),
            (33, owed),
            (36, owed),
            (37, owed),
        ];
        form(Form::CitAnnual, period, &[operating(&income).as_slice(), &rest].concat())
    }
}

/// Profit before tax.
fn profit(income: &Amounts) -> i64 {
    operating(income).iter().find(|(line, _)| *line == 18).map_or(0, |(_, profit)| *profit)
}

/// Lines 1 to 18 of both income tax returns, as far as the ledger has them.
fn operating(income: &Amounts) -> [(u16, i64); 8] {
    let of = |code: &str| income.get(code).copied().unwrap_or_default();
    let profit = of("revenue")
        - of("cost_of_sales")
        - of("taxes_surcharges")
        - of("selling_expenses")
        - of("admin_expenses")
        - of("finance_expenses");
    [
        (1, of("revenue")),
        (2, of("cost_of_sales")),
        (3, of("taxes_surcharges")),
        (4, of("selling_expenses")),
        (5, of("admin_expenses")),
        (7, of("finance_expenses")),
        (15, profit),
        (18, profit),
    ]
}

fn form(form: Form, period: Period, lines: &[(u16, i64)]) -> Return {
    let main: Lines = lines.iter().map(|(line, fen)| (LineNo::new(*line), Fen(*fen))).collect();
    Return {
        form,
        period,
        filed_on: None,
        columns: BTreeMap::from([(ReturnColumn::Main, main)]),
        rows: Vec::new(),
        header: Header::default(),
    }
}

/// Prints amounts on the prescribed form; its totals follow from its own formulas.
fn statement(
    standard: Standard,
    kind: StatementKind,
    period: Period,
    columns: [(Column, Amounts); 2],
) -> Statement {
    let chart = chart(standard, Layout::Prescribed, kind);
    let print = |amounts: &Amounts| -> Figures {
        let known = chart.lines().iter().filter(|line| !matches!(line.kind, LineKind::Sum(_)));
        let mut figures: Figures = known
            .filter_map(|line| Some((line.number, Fen(*amounts.get(line.code)?))))
            .filter(|(_, amount)| *amount != Fen::ZERO)
            .collect();
        // Totals stand after what they add up, except where everything is blank.
        for line in chart.lines() {
            if let LineKind::Sum(addends) = &line.kind {
                let part = |(sign, number): &(i8, u16)| {
                    let amount = figures.get(number).copied().unwrap_or_default();
                    if *sign < 0 { -amount } else { amount }
                };
                let total: Fen = addends.iter().map(part).sum();
                figures.insert(line.number, total);
            }
        }
        figures
    };
    Statement {
        standard,
        layout: Layout::Prescribed,
        kind,
        period,
        unit: Unit::Yuan,
        carries_fen: true,
        columns: columns.iter().map(|(column, amounts)| (*column, print(amounts))).collect(),
        printed: chart.lines().iter().map(|line| line.number).collect(),
        unlisted: Vec::new(),
        places: BTreeMap::new(),
    }
}
