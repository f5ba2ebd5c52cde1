//! A press that writes a paper's words one below the other, so that a test can read what it says.

use documents::paper::{Block, Paper, Press};
use values::Result;

/// Sets nothing: every fact, cell and label as a line of text, cells apart by tabs.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainPress;

impl Press for PlainPress {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        let mut lines = vec![paper.title.clone(), paper.subtitle.clone()];
        lines.extend(paper.facts.iter().map(|(name, value)| format!("{name}\t{value}")));
        for block in &paper.blocks {
            match block {
                Block::Heading { text } => lines.push(format!("# {text}")),
                Block::Text { text } => lines.push(text.clone()),
                Block::Notice { tone, text } => lines.push(format!("{tone:?}: {text}")),
                Block::Table(table) => {
                    let heads: Vec<_> = table.columns.iter().map(|one| one.title.clone()).collect();
                    lines.push(heads.join("\t"));
                    lines.extend(table.rows.iter().map(|row| match row.tone {
                        Some(tone) => format!("{tone:?}: {}", row.cells.join("\t")),
                        None => row.cells.join("\t"),
                    }));
                }
                Block::Chart(chart) => {
                    lines.push(format!("{}\t{}", chart.title, chart.labels.join("\t")));
                    lines.extend(chart.series.iter().map(|series| {
                        let value =
                            |value: &Option<f64>| value.map_or(String::new(), |v| v.to_string());
                        let values: Vec<String> = series.values.iter().map(value).collect();
                        format!("{}\t{}", series.name, values.join("\t"))
                    }));
                }
                Block::PageBreak => {}
            }
        }
        lines.push(paper.foot.clone());
        Ok(lines.join("\n").into_bytes())
    }
}
