//! The report as a workbook: totals and quotients are live formulas wherever they come to what the
//! screen shows; where a printed total differs from its lines, it stands as printed, with a note.

use std::collections::BTreeMap;

use documents::{
    Addends, Calculated, CalculatedSheet, CellAt, Column as Head, Kind, Layout, Sign, Value,
};
use fiscal::analysis::Used;
use fiscal::analysis::ratios::{Measure, Ratio, Value as Worth};
use fiscal::statements::{Column, Statement, StatementKind};

use super::{
    Checkup, KINDS, column_zh, guidepost_text, ratio_text, ready_zh, severity_zh, shown,
    standing_zh, written,
};

/// Where figures stand: statement, column and line.
type Places = BTreeMap<(StatementKind, Column, u16), CellAt>;

fn value(value: impl Into<Value>) -> Calculated {
    Calculated::Value(value.into())
}

fn fen(amount: Option<values::Fen>) -> Calculated {
    Calculated::Value(amount.map_or(Value::Empty, |fen| Value::Fen(fen.0)))
}

/// All sheets.
pub fn sheets(checkup: &Checkup) -> Vec<CalculatedSheet> {
    let mut places = Places::new();
    let mut sheets = Vec::new();
    for kind in KINDS {
        if let Some(statement) = checkup.statement(kind) {
            let number = sheets.len();
            sheets.push(statement_sheet(checkup, statement, number, &mut places));
        }
    }
    sheets.push(ratio_sheet(checkup, &places));
    sheets.push(rule_sheet(checkup));
    sheets.push(movement_sheet(checkup));
    sheets.push(trend_sheet(checkup));
    sheets.push(readiness_sheet(checkup));
    sheets
}

fn layout(checkup: &Checkup, name: &str, columns: Vec<Head>) -> Layout {
    let client = &checkup.material.client;
    let (mark, period) = (checkup.mark(), checkup.findings.period);
    let notice = format!("{}（{}）{period}，单位：元。{mark}", client.name, client.code);
    Layout::new(name, columns).notice(notice).watermark(mark)
}

fn text(name: &str, width: f64) -> Head {
    Head::new(name, Kind::Text).width(width)
}

fn statement_sheet(
    checkup: &Checkup,
    statement: &Statement,
    sheet: usize,
    places: &mut Places,
) -> CalculatedSheet {
    let (name, _) = statement.kind.names();
    let (chart, lines) = shown(statement);
    let mut columns = vec![text("项目", 40.0), Head::new("行次", Kind::Integer)];
    let figures = statement.columns.keys();
    columns.extend(figures.map(|column| Head::new(column_zh(*column), Kind::Money)));
    columns.push(text("备注", 40.0));
    for (row, line) in (0_u32..).zip(&lines) {
        for (place, column) in (2_u16..).zip(statement.columns.keys()) {
            let at = CellAt { sheet, row, column: place };
            places.insert((statement.kind, *column, line.number), at);
        }
    }
    let mut rows = Vec::new();
    for line in &lines {
        let mut cells = vec![value(line.zh), value(i64::from(line.number))];
        let mut notes = Vec::new();
        for column in statement.columns.keys() {
            let printed = statement.figure(*column, line.number);
            let parts = chart.addends(line.number);
            let (Some(total), false) = (printed, parts.is_empty()) else {
                cells.push(fen(printed));
                continue;
            };
            let of = |(sign, part): &(i8, u16)| {
                statement.figure(*column, *part).map_or(0, |fen| i64::from(*sign) * fen.0)
            };
            let sum: i64 = parts.iter().map(of).fold(0, i64::saturating_add);
            if sum == total.0 {
                let kind = statement.kind;
                let addends = parts.iter().filter_map(|(sign, part)| {
                    let sign = if *sign < 0 { Sign::Minus } else { Sign::Plus };
                    Some((sign, *places.get(&(kind, *column, *part))?))
                });
                cells.push(Calculated::Sum { addends: addends.collect(), fen: total.0 });
            } else {
                let gap = values::Fen(total.0.saturating_sub(sum));
                notes.push(format!("{}：原表合计与明细相差 {gap}", column_zh(*column)));
                cells.push(fen(printed));
            }
        }
        cells.push(value(notes.join("；")));
        rows.push(cells);
    }
    CalculatedSheet { layout: layout(checkup, name, columns), rows }
}

/// A signed line of a quotient: sign, whether the opening balance, the line's stable name.
type Term = (i8, bool, &'static str);

/// A quotient that a spreadsheet can work out: ratio, what is above, what is below, and what the
/// quotient is multiplied with for so many months, if that is a whole number.
struct Live {
    id: &'static str,
    above: &'static [Term],
    below: &'static [Term],
    factor: fn(i64) -> i64,
}

const fn plain(_: i64) -> i64 {
    1
}

const fn live(id: &'static str, above: &'static [Term], below: &'static [Term]) -> Live {
    Live { id, above, below, factor: plain }
}

/// Quotients of lines. A ratio that is not among them, or comes to something else here, stands as
/// the value that the screen shows.
const LIVE: &[Live] = &[
    live("R01", &[(1, false, "liabilities_total")], &[(1, false, "assets_total")]),
    live("R02", &[(1, false, "current_assets_total")], &[(1, false, "current_liabilities_total")]),
    live(
        "R03",
        &[
            (1, false, "current_assets_total"),
            (-1, false, "inventories"),
            (-1, false, "prepayments"),
        ],
        &[(1, false, "current_liabilities_total")],
    ),
    live(
        "R04",
        &[
            (1, false, "cash"),
            (1, false, "short_term_investments"),
            (1, false, "trading_fin_assets"),
        ],
        &[(1, false, "current_liabilities_total")],
    ),
    live("R05", &[(1, false, "liabilities_total")], &[(1, false, "equity_total")]),
    live(
        "R06",
        &[(1, false, "liabilities_total")],
        &[(1, false, "equity_total"), (-1, false, "intangible_assets"), (-1, false, "goodwill")],
    ),
    live("R10", &[(1, false, "cf_op_net")], &[(1, false, "current_liabilities_total")]),
    live("R11", &[(1, false, "cf_op_net")], &[(1, false, "net_profit")]),
    live("R12", &[(1, false, "revenue"), (-1, false, "cost_of_sales")], &[(1, false, "revenue")]),
    live("R13", &[(1, false, "net_profit")], &[(1, false, "revenue")]),
    Live {
        id: "R14",
        above: &[(1, false, "net_profit")],
        below: &[(1, true, "equity_total"), (1, false, "equity_total")],
        factor: |_| 2,
    },
    Live {
        id: "R16",
        above: &[(1, true, "accounts_receivable"), (1, false, "accounts_receivable")],
        below: &[(1, false, "revenue")],
        factor: |months| 15 * months,
    },
    Live {
        id: "R17",
        above: &[(1, true, "inventories"), (1, false, "inventories")],
        below: &[(1, false, "cost_of_sales")],
        factor: |months| 15 * months,
    },
    Live {
        id: "R18",
        above: &[(1, true, "accounts_payable"), (1, false, "accounts_payable")],
        below: &[(1, false, "cost_of_sales")],
        factor: |months| 15 * months,
    },
    Live {
        id: "R20",
        above: &[(1, false, "revenue")],
        below: &[(1, true, "assets_total"), (1, false, "assets_total")],
        factor: |months| 24 / months.max(1),
    },
    live(
        "R23",
        &[(1, false, "cash")],
        &[(1, false, "short_term_loans"), (1, false, "noncurrent_liab_due_1y")],
    ),
    live("R26", &[(1, false, "other_receivables")], &[(1, false, "assets_total")]),
];

/// The terms as cells and what they come to; none where a cell is not in the workbook.
fn terms(terms: &[Term], used: &[Used], places: &Places) -> Option<(Addends, i128)> {
    let (mut addends, mut sum) = (Addends::new(), 0_i128);
    for (sign, opening, code) in terms {
        let wanted = |one: &&Used| one.code == *code && (one.column == Column::Opening) == *opening;
        // A line that the standard does not have was no part of the ratio either.
        let Some(found) = used.iter().find(wanted) else { continue };
        // A blank line has its row and counts as zero in the formula too.
        let at = *places.get(&(found.statement, found.column, found.line))?;
        addends.push((if *sign < 0 { Sign::Minus } else { Sign::Plus }, at));
        sum += i128::from(*sign) * i128::from(found.fen.0);
    }
    (!addends.is_empty()).then_some((addends, sum))
}

/// The live quotient of a ratio, where it comes to the same value.
fn quotient(ratio: &Ratio, places: &Places) -> Option<Calculated> {
    let Worth::Known { value } = ratio.value else { return None };
    let live = LIVE.iter().find(|one| one.id == ratio.id)?;
    let months = i64::from(ratio.period.last_month());
    let factor = (live.factor)(months);
    let (above, upper) = terms(live.above, &ratio.used, places)?;
    let (below, lower) = terms(live.below, &ratio.used, places)?;
    let twice = upper.checked_mul(i128::from(factor))?.checked_mul(20_000)?;
    let half = if twice < 0 { -lower } else { lower };
    let same = lower > 0 && (twice + half) / (2 * lower) == i128::from(value);
    same.then_some(Calculated::Quotient { above, below, factor, ten_thousandths: value })
}

fn ratio_sheet(checkup: &Checkup, places: &Places) -> CalculatedSheet {
    let columns = vec![
        text("编号", 8.0),
        text("指标", 24.0),
        text("公式", 50.0),
        text("数值（可计算）", 16.0),
        text("写作", 24.0),
        text("经验值", 28.0),
        text("评价", 12.0),
    ];
    let row = |ratio: &Ratio| {
        let standing = ratio.standing.map(standing_zh).unwrap_or_default();
        vec![
            value(ratio.id),
            value(ratio.zh),
            value(ratio.formula),
            quotient(ratio, places).unwrap_or(Calculated::Value(Value::Empty)),
            value(ratio_text(ratio)),
            value(guidepost_text(ratio)),
            value(standing),
        ]
    };
    let rows = checkup.findings.ratios.iter().map(row).collect();
    CalculatedSheet { layout: layout(checkup, "财务指标", columns), rows }
}

fn rule_sheet(checkup: &Checkup) -> CalculatedSheet {
    let columns = vec![
        text("规则", 10.0),
        text("名称", 30.0),
        text("等级", 8.0),
        Head::new("左边", Kind::Money),
        Head::new("右边", Kind::Money),
        Head::new("差额", Kind::Money),
        text("说明", 60.0),
        text("怎样处理", 60.0),
    ];
    let row = |result: &&fiscal::rules::RuleResult| {
        let breach = result.breach();
        vec![
            value(result.rule),
            value(result.name.0),
            value(severity_zh(result.severity)),
            fen(breach.map(|breach| breach.left)),
            fen(breach.map(|breach| breach.right)),
            fen(breach.map(|breach| breach.difference)),
            value(result.zh()),
            value(checkup.remedy(result)),
        ]
    };
    let rows = checkup.broken().iter().map(row).collect();
    CalculatedSheet { layout: layout(checkup, "勾稽不符", columns), rows }
}

fn movement_sheet(checkup: &Checkup) -> CalculatedSheet {
    let columns = vec![
        text("项目", 24.0),
        text("比较期", 12.0),
        Head::new("比较期金额", Kind::Money),
        Head::new("本期金额", Kind::Money),
        text("变动", 12.0),
        text("请说明", 60.0),
    ];
    let row = |movement: &fiscal::analysis::movements::Movement| {
        let change = movement.change.map(|change| written(Measure::Percent, change));
        vec![
            value(movement.zh),
            value(movement.earlier.to_string()),
            fen(Some(movement.before)),
            fen(Some(movement.now)),
            value(change.unwrap_or_else(|| "新增".to_owned())),
            value(movement.question_zh),
        ]
    };
    let rows = checkup.findings.movements.iter().map(row).collect();
    CalculatedSheet { layout: layout(checkup, "异常变动", columns), rows }
}

fn trend_sheet(checkup: &Checkup) -> CalculatedSheet {
    let series = &checkup.findings.series;
    let mut columns = vec![text("期间", 12.0)];
    columns.extend(
        series
            .iter()
            .map(|one| Head::new(one.zh, if one.share { Kind::Text } else { Kind::Money })),
    );
    let mut rows = Vec::new();
    for (index, period) in checkup.findings.points.iter().enumerate() {
        let mut cells = vec![value(period.to_string())];
        for one in series {
            let found = one.values.get(index).copied().flatten();
            cells.push(match (one.share, found) {
                (_, None) => Calculated::Value(Value::Empty),
                (true, Some(share)) => value(written(Measure::Percent, share)),
                (false, Some(amount)) => fen(Some(values::Fen(amount))),
            });
        }
        rows.push(cells);
    }
    CalculatedSheet { layout: layout(checkup, "趋势", columns), rows }
}

fn readiness_sheet(checkup: &Checkup) -> CalculatedSheet {
    let columns = vec![text("状态", 12.0), text("事项", 80.0)];
    let points = checkup.points.iter();
    let mut rows: Vec<Vec<Calculated>> =
        points.map(|point| vec![value(ready_zh(point.state)), value(point.zh.clone())]).collect();
    let steps = checkup.next_steps();
    rows.extend(steps.into_iter().map(|step| vec![value("下一步"), value(step)]));
    CalculatedSheet { layout: layout(checkup, "融资准备度与下一步", columns), rows }
}
