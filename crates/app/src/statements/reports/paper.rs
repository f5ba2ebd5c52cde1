//! The report as an A4 paper.

use documents::paper::{Block, Chart, ChartKind, Paper, Row, Series, Table, TableColumn, Tone};
use fiscal::Severity;
use fiscal::analysis::Missing;
use fiscal::analysis::ratios::{Measure, Standing};
use fiscal::analysis::readiness::State as Ready;
use fiscal::analysis::rolling_sales::Nearness;
use fiscal::analysis::working_capital::Need;
use fiscal::statements::{Standard, StatementKind};

use super::{
    Checkup, KINDS, amount, column_zh, guidepost_text, is_total, ratio_text, ready_zh, severity_zh,
    shown, standing_zh, state_zh, written,
};
use crate::statements::analysis::{self, Basis};

fn heading(text: &str) -> Block {
    Block::Heading { text: text.to_owned() }
}

fn text(text: impl Into<String>) -> Block {
    Block::Text { text: text.into() }
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Hint => Tone::Notice,
    }
}

/// The whole paper.
pub fn paper(checkup: &Checkup) -> Paper {
    let mut blocks = vec![summary(checkup)];
    blocks.push(heading("一、财务报表"));
    for kind in KINDS {
        statement(checkup, kind, &mut blocks);
    }
    rules(checkup, &mut blocks);
    ratios(checkup, &mut blocks);
    charts(checkup, &mut blocks);
    movements(checkup, &mut blocks);
    sales_and_need(checkup, &mut blocks);
    readiness(checkup, &mut blocks);
    next(checkup, &mut blocks);
    let client = &checkup.material.client;
    Paper {
        title: "财务体检报告".to_owned(),
        subtitle: client.name.clone(),
        facts: facts(checkup),
        foot: format!("{} 含关键财务数据，仅限所述用途", checkup.mark()),
        blocks,
    }
}

fn facts(checkup: &Checkup) -> Vec<(String, String)> {
    let client = &checkup.material.client;
    let standard = KINDS.iter().find_map(|kind| checkup.statement(*kind)).map(|one| one.standard);
    let standard = match standard {
        Some(Standard::Small) => "《小企业会计准则》",
        Some(Standard::General) => "《企业会计准则》",
        None => "—",
    };
    let state = checkup.set.as_ref().map_or_else(
        || "—".to_owned(),
        |set| format!("{}（第 {} 版）", state_zh(set.state), set.number),
    );
    [
        ("客户", format!("{}（{}）", client.name, client.code)),
        ("会计准则", standard.to_owned()),
        ("期间", checkup.findings.period.to_string()),
        ("金额单位", "元".to_owned()),
        ("报表状态", state),
        ("出具人", checkup.by.clone()),
        ("出具时间", checkup.at.clone()),
        ("用途", checkup.purpose.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn summary(checkup: &Checkup) -> Block {
    let of = |severity| checkup.broken().iter().filter(|one| one.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let (holds, blind) = checkup.counts();
    let hints = of(Severity::Hint);
    let tone = match (errors, warnings) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Warning,
        _ => Tone::Error,
    };
    let text = format!(
        "勾稽检查：成立 {holds} 项，错误 {errors} 项，警告 {warnings} 项，提示 {hints} 项，\
         无法检查 {blind} 项"
    );
    Block::Notice { tone, text }
}

fn statement(checkup: &Checkup, kind: StatementKind, blocks: &mut Vec<Block>) {
    let (name, _) = kind.names();
    let Some(statement) = checkup.statement(kind) else {
        blocks.push(text(format!("{name}：本期没有")));
        return;
    };
    let marked = checkup.marked();
    let mut columns = vec![TableColumn::words(name, 6), TableColumn::words("行次", 1)];
    let figures = statement.columns.keys();
    columns.extend(figures.map(|column| TableColumn::figures(column_zh(*column), 3)));
    let row = |line: &&fiscal::statements::chart::Line| {
        let mut cells = vec![line.zh.to_owned(), line.number.to_string()];
        let columns = statement.columns.keys();
        cells.extend(columns.map(|column| amount(statement.figure(*column, line.number))));
        let tone = marked.get(&(kind, line.number)).map(|severity| tone(*severity));
        Row { cells, total: is_total(line), tone }
    };
    let rows = shown(statement).1.iter().map(row).collect();
    blocks.push(Block::Table(Table { columns, rows }));
    for unlisted in &statement.unlisted {
        let figures = unlisted.figures.iter();
        let figures: Vec<String> =
            figures.map(|(column, fen)| format!("{} {fen}", column_zh(*column))).collect();
        blocks.push(text(format!("表外行“{}”：{}", unlisted.name, figures.join("，"))));
    }
}

fn rules(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("二、勾稽检查"));
    let broken = checkup.broken();
    if broken.is_empty() {
        blocks.push(text("没有不符的勾稽关系。"));
        return;
    }
    let columns = vec![
        TableColumn::words("规则", 2),
        TableColumn::words("等级", 1),
        TableColumn::figures("差额", 3),
        TableColumn::words("说明", 6),
        TableColumn::words("怎样处理", 6),
    ];
    let row = |result: &&fiscal::rules::RuleResult| Row {
        cells: vec![
            format!("{} {}", result.rule, result.name.0),
            severity_zh(result.severity).to_owned(),
            amount(result.breach().map(|breach| breach.difference)),
            result.zh(),
            checkup.remedy(result),
        ],
        total: false,
        tone: Some(tone(result.severity)),
    };
    let rows = broken.iter().map(row).collect();
    blocks.push(Block::Table(Table { columns, rows }));
}

fn ratios(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("三、财务指标"));
    let columns = vec![
        TableColumn::words("指标", 4),
        TableColumn::words("公式", 6),
        TableColumn::figures("数值", 3),
        TableColumn::words("经验值", 4),
        TableColumn::words("评价", 2),
    ];
    let row = |ratio: &fiscal::analysis::ratios::Ratio| {
        let scaled = if ratio.annualised { "（已年化）" } else { "" };
        let tone = ratio.standing.and_then(|standing| match standing {
            Standing::Good => None,
            Standing::Watch => Some(Tone::Notice),
            Standing::Alarm => Some(Tone::Warning),
        });
        let standing = ratio.standing.map(standing_zh).unwrap_or_default();
        let cells = vec![
            format!("{}{scaled}", ratio.zh),
            ratio.formula.to_owned(),
            ratio_text(ratio),
            guidepost_text(ratio),
            standing.to_owned(),
        ];
        Row { cells, total: false, tone }
    };
    let rows = checkup.findings.ratios.iter().map(row).collect();
    blocks.push(Block::Table(Table { columns, rows }));
    blocks.push(text("经验值取自银行授信的通常做法或本机构经验，不是法规标准；各银行口径不同。"));
}

fn charts(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("四、趋势"));
    let points = &checkup.findings.points;
    if points.len() < 2 {
        blocks.push(text("同长度的期间不足两期，暂无趋势图。"));
        return;
    }
    let labels: Vec<String> = points.iter().map(ToString::to_string).collect();
    let drawn = |series: &analysis::Series| {
        // Amounts in 万元 and shares in percent: an axis needs no more digits than that.
        let (unit, scale) = if series.share { ("%", 100.0) } else { ("万元", 1_000_000.0) };
        let value = |value: &Option<i64>| value.map(|value| value as f64 / scale);
        let balance = series.share || series.key == "cash";
        Block::Chart(Chart {
            title: format!("{}（{unit}）", series.zh),
            kind: if balance { ChartKind::Lines } else { ChartKind::Bars },
            labels: labels.clone(),
            series: vec![Series {
                name: series.zh.to_owned(),
                values: series.values.iter().map(value).collect(),
            }],
        })
    };
    blocks.extend(checkup.findings.series.iter().map(drawn));
}

fn movements(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("五、异常变动"));
    if checkup.findings.movements.is_empty() {
        blocks.push(text("没有变动超过 30% 且金额重要的项目，或没有可比较的期间。"));
        return;
    }
    let columns = vec![
        TableColumn::words("项目", 4),
        TableColumn::words("比较期", 2),
        TableColumn::figures("比较期金额", 3),
        TableColumn::figures("本期金额", 3),
        TableColumn::figures("变动", 2),
        TableColumn::words("请说明", 6),
    ];
    let row = |movement: &fiscal::analysis::movements::Movement| {
        let change = movement.change.map(|change| written(Measure::Percent, change));
        Row::of([
            movement.zh.to_owned(),
            movement.earlier.to_string(),
            movement.before.to_string(),
            movement.now.to_string(),
            change.unwrap_or_else(|| "新增".to_owned()),
            movement.question_zh.to_owned(),
        ])
    };
    let rows = checkup.findings.movements.iter().map(row).collect();
    blocks.push(Block::Table(Table { columns, rows }));
}

fn lacks(missing: &[Missing]) -> String {
    let all: Vec<_> = missing.iter().map(|one| one.zh.as_str()).collect();
    all.join("；")
}

fn sales_and_need(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("六、滚动销售额与营运资金"));
    let findings = &checkup.findings;
    if let Some(last) = findings.rolling.last() {
        let basis = match findings.basis {
            Basis::Returns => "按增值税申报表",
            Basis::Revenue => "无增值税申报表，按利润表营业收入",
        };
        let standing = match last.nearness {
            Nearness::Below => "低于",
            Nearness::Near => "接近",
            Nearness::Over => "超过",
        };
        let gaps = if last.missing.is_empty() {
            String::new()
        } else {
            format!("（其中 {} 个月没有数据，实际只会更高）", last.missing.len())
        };
        blocks.push(text(format!(
            "截至 {} 的连续十二个月销售额 {} 元{gaps}，{standing}一般纳税人登记标准 500 万元（{basis}）。",
            last.month, last.sales
        )));
    }
    let year = findings.year;
    blocks.push(text(match &findings.need {
        Need::Known { working_capital, own_funds, existing_loans, new_loan, turnover, .. } => {
            format!(
                "流动资金贷款需求量（按 {year} 年报表，销售增长率按零测算）：营运资金量 \
                 {working_capital} 元，周转期 {}；减自有资金 {own_funds} 元、现有流动资金贷款 \
                 {existing_loans} 元，新增额度 {new_loan} 元。",
                written(Measure::Days, turnover.cycle())
            )
        }
        Need::NoNeedByFormula { turnover } => format!(
            "流动资金贷款需求量（按 {year} 年报表）：周转期为 {}，按公式没有需求。",
            written(Measure::Days, turnover.cycle())
        ),
        Need::Withheld { missing } => {
            format!("流动资金贷款需求量（按 {year} 年报表）暂缺：{}。", lacks(missing))
        }
    }));
}

fn readiness(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("七、融资准备度"));
    let columns = vec![TableColumn::words("状态", 1), TableColumn::words("事项", 6)];
    let row = |point: &fiscal::analysis::readiness::Point| Row {
        cells: vec![ready_zh(point.state).to_owned(), point.zh.clone()],
        total: false,
        tone: match point.state {
            Ready::NotReady => Some(Tone::Error),
            Ready::Ask => Some(Tone::Warning),
            Ready::Ready => None,
        },
    };
    let rows = checkup.points.iter().map(row).collect();
    blocks.push(Block::Table(Table { columns, rows }));
}

fn next(checkup: &Checkup, blocks: &mut Vec<Block>) {
    blocks.push(heading("八、下一步"));
    let steps = checkup.next_steps();
    if steps.is_empty() {
        blocks.push(text("没有需要处理的事项。"));
    }
    blocks.extend((1..).zip(steps).map(|(number, step)| text(format!("{number}. {step}"))));
}
