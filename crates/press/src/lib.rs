//! The typesetter: a paper in, a PDF out.
//!
//! Text is handed to typst as text, never as markup, so nothing in a name can run. A font with the
//! characters of GBK is inside the binary; what neither it nor a font of the machine can show is
//! printed as 〓 and listed at the end, instead of vanishing.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use documents::paper::{Axis, Block, Paper, Press};
use serde::Serialize;
use typst::foundations::{Bytes, Dict, IntoValue};
use typst::text::Font;
use typst_as_lib::{TypstEngine, TypstTemplateMainFile};
use typst_layout::PagedDocument;
use values::{Error, Result};

const TEMPLATE: &str = include_str!("paper.typ");
const FONT: &[u8] = include_bytes!("../fonts/NotoSansSC-GBK.ttf");

/// Where Debian, Fedora and Arch put the Noto font with all Chinese characters.
const INSTALLED: [&str; 3] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
];

/// What stands for a character that no font has, as Chinese printers have it.
const GETA: char = '〓';

/// Sets papers. Fonts are read when the first paper is set, so a command without one pays nothing.
#[derive(Default)]
pub struct Typst {
    composer: OnceLock<Composer>,
}

impl Press for Typst {
    fn pdf(&self, paper: &Paper) -> Result<Vec<u8>> {
        self.composer.get_or_init(Composer::new).set(paper)
    }
}

struct Composer {
    engine: TypstEngine<TypstTemplateMainFile>,
    fonts: Vec<Font>,
}

#[derive(Serialize)]
struct Sheet<'a> {
    #[serde(flatten)]
    paper: &'a Paper,
    axes: Vec<Axis>,
    absent: String,
}

impl Composer {
    /// With the font inside the binary and, for rare characters, the one of the machine.
    fn new() -> Self {
        let mut fonts: Vec<Font> = Font::iter(Bytes::new(FONT)).collect();
        let installed = INSTALLED.iter().map(Path::new).find_map(|path| std::fs::read(path).ok());
        let of_china = |font: &Font| font.info().family.ends_with("SC");
        fonts.extend(
            installed.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).find(of_china),
        );
        Self::with(fonts)
    }

    fn with(fonts: Vec<Font>) -> Self {
        let engine = TypstEngine::builder().main_file(TEMPLATE).fonts(fonts.clone()).build();
        Self { engine, fonts }
    }

    fn set(&self, paper: &Paper) -> Result<Vec<u8>> {
        let mut absent = BTreeSet::new();
        let sheet = Sheet { paper, axes: axes(paper), absent: String::new() };
        let mut said = serde_json::to_value(&sheet).map_err(Error::internal)?;
        self.replace_absent(&mut said, &mut absent);
        if let Some(fields) = said.as_object_mut() {
            let list: Vec<String> =
                absent.iter().map(|sign| format!("U+{:04X}", u32::from(*sign))).collect();
            fields.insert("absent".into(), list.join(" ").into());
        }
        let mut inputs = Dict::new();
        inputs.insert("paper".into(), said.to_string().into_value());
        let document: PagedDocument =
            self.engine.compile_with_input(inputs).output.map_err(Error::internal)?;
        let options = typst_pdf::PdfOptions::default();
        typst_pdf::pdf(&document, &options)
            .map_err(|faults| Error::internal(format!("the PDF was not made: {faults:?}")))
    }

    /// Puts 〓 for each character that no font has, so that it does not vanish.
    fn replace_absent(&self, value: &mut serde_json::Value, absent: &mut BTreeSet<char>) {
        match value {
            serde_json::Value::String(text) => {
                let lacking: Vec<char> = text.chars().filter(|sign| !self.has(*sign)).collect();
                if !lacking.is_empty() {
                    *text =
                        text.chars().map(|sign| if self.has(sign) { sign } else { GETA }).collect();
                    absent.extend(lacking);
                }
            }
            serde_json::Value::Array(values) => {
                values.iter_mut().for_each(|value| self.replace_absent(value, absent));
            }
            serde_json::Value::Object(fields) => {
                fields.values_mut().for_each(|value| self.replace_absent(value, absent));
            }
            _ => {}
        }
    }

    fn has(&self, sign: char) -> bool {
        sign.is_whitespace()
            || self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(sign)))
    }
}

fn axes(paper: &Paper) -> Vec<Axis> {
    let charts = paper.blocks.iter().filter_map(|block| match block {
        Block::Chart(chart) => Some(chart.axis()),
        _ => None,
    });
    charts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use documents::paper::{Chart, ChartKind, Row, Series, Table, TableColumn, Tone};

    fn paper(text: &str) -> Paper {
        let table = Table {
            columns: vec![TableColumn::words("项目", 3), TableColumn::figures("期末余额", 2)],
            rows: vec![
                Row::of(["货币资金", "1,234,567.80"]),
                Row { total: true, ..Row::of(["资产总计", "2,000,000.00"]) },
                Row { tone: Some(Tone::Error), ..Row::of(["只有一格"]) },
            ],
        };
        let chart = |kind| Chart {
            title: "营业收入（万元）".into(),
            kind,
            labels: vec!["2026-01".into(), "2026-02".into(), "2026-03".into()],
            series: vec![Series {
                name: "收入".into(), values: vec![Some(1.0), None, Some(-3.0)]
            }],
        };
        Paper {
            title: "财务体检报告".into(),
            subtitle: text.into(),
            facts: vec![("期间".into(), "2026-03".into())],
            foot: "张三 2026-04-15 打印".into(),
            blocks: vec![
                Block::Heading { text: "一、报表".into() },
                Block::Text { text: text.into() },
                Block::Notice { tone: Tone::Warning, text: text.into() },
                Block::Table(table),
                Block::Chart(chart(ChartKind::Bars)),
                Block::PageBreak,
                Block::Chart(chart(ChartKind::Lines)),
            ],
        }
    }

    #[test]
    fn a_paper_becomes_a_pdf() {
        let pdf = Typst::default().pdf(&paper("示例企业")).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(pdf.len() < 400_000, "the font is cut down to what is used: {}", pdf.len());
    }

    #[test]
    fn markup_in_a_name_is_only_text() {
        let hostile = "#panic(\"x\") $ * _ @x <y> `z` \\ // [ ] { } = - + /* ";
        assert!(Typst::default().pdf(&paper(hostile)).is_ok());
    }

    #[test]
    fn a_character_that_no_font_has_is_shown_as_missing() {
        let press = Composer::with(Font::iter(Bytes::new(FONT)).collect());
        let mut absent = BTreeSet::new();
        let mut said = serde_json::json!({ "name": "𠮷田\u{e000}公司" });
        press.replace_absent(&mut said, &mut absent);
        assert_eq!(said["name"], "〓田〓公司");
        assert_eq!(absent.len(), 2);
    }
}
