//! Workbooks that calculate: several sheets whose totals and quotients are live formulas.
//!
//! A formula is built from cell references only, so no text of a person can ever become one.

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use crate::error::WriteError;
use crate::layout::{Layout, Value};
use crate::name::safe_sheet_name;
use crate::xlsx_out::{Looks, head, put};

/// A cell of the workbook: sheet, row under the column names, and column, all counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellAt {
    /// Which sheet.
    pub sheet: usize,
    /// Which row under the column names.
    pub row: u32,
    /// Which column.
    pub column: u16,
}

/// Cells that are added, or taken off where the sign says so.
pub type Addends = Vec<(Sign, CellAt)>;

/// Whether a cell is added or taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Added.
    Plus,
    /// Taken off.
    Minus,
}

/// A cell of a calculating sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Calculated {
    /// A value.
    Value(Value),
    /// A sum of cells; the result, in fen, is what stands there before anything recalculates.
    Sum {
        /// What is added.
        addends: Addends,
        /// The result in fen.
        fen: i64,
    },
    /// One sum over another, shown to four places.
    Quotient {
        /// Above the line.
        above: Addends,
        /// Below it.
        below: Addends,
        /// A factor in front, such as 360.
        factor: i64,
        /// The result in ten-thousandths.
        ten_thousandths: i64,
    },
}

/// One sheet: its layout and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct CalculatedSheet {
    /// Columns, name, notice and watermark.
    pub layout: Layout,
    /// The rows.
    pub rows: Vec<Vec<Calculated>>,
}

/// The whole workbook.
///
/// # Errors
/// If a row has another width than its sheet, or a formula points at a sheet that is not there.
pub fn write_calculation(sheets: &[CalculatedSheet]) -> Result<Vec<u8>, WriteError> {
    let looks = Looks::new();
    let quotient = Format::new().set_num_format("0.0000");
    let names: Vec<String> =
        sheets.iter().map(|sheet| safe_sheet_name(&sheet.layout.sheet)).collect();
    let tops: Vec<u32> =
        sheets.iter().map(|sheet| 1 + u32::from(sheet.layout.notice.is_some())).collect();
    let places = Places { names: &names, tops: &tops };
    let mut book = Workbook::new();
    for (sheet, name) in sheets.iter().zip(&names) {
        let page = book.add_worksheet();
        page.set_name(name)?;
        let top = head(page, &sheet.layout, &looks)?;
        for (row, cells) in (top..).zip(&sheet.rows) {
            let expected = sheet.layout.columns.len();
            if cells.len() != expected {
                return Err(WriteError::Width { expected, found: cells.len() });
            }
            for (column, cell) in (0_u16..).zip(cells) {
                write_cell(page, (row, column), cell, &places, (&looks, &quotient))?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn write_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Calculated,
    places: &Places<'_>,
    (looks, quotient): (&Looks, &Format),
) -> Result<(), WriteError> {
    match cell {
        Calculated::Value(value) => put(page, row, column, value, looks)?,
        Calculated::Sum { addends, fen } => {
            let result = format!(
                "{}{}.{:02}",
                sign(*fen),
                fen.unsigned_abs() / 100,
                fen.unsigned_abs() % 100
            );
            let formula = Formula::new(format!("={}", places.sum(addends)?)).set_result(result);
            page.write_formula_with_format(row, column, formula, &looks.money)?;
        }
        Calculated::Quotient { above, below, factor, ten_thousandths } => {
            let (above, below) = (places.sum(above)?, places.sum(below)?);
            let text = format!("=IF(({below})>0,{factor}*({above})/({below}),\"\")");
            let value = ten_thousandths.unsigned_abs();
            let result =
                format!("{}{}.{:04}", sign(*ten_thousandths), value / 10_000, value % 10_000);
            page.write_formula_with_format(
                row,
                column,
                Formula::new(text).set_result(result),
                quotient,
            )?;
        }
    }
    Ok(())
}

const fn sign(number: i64) -> &'static str {
    if number < 0 { "-" } else { "" }
}

struct Places<'a> {
    names: &'a [String],
    tops: &'a [u32],
}

impl Places<'_> {
    fn sum(&self, addends: &Addends) -> Result<String, WriteError> {
        let mut text = String::new();
        for (number, (sign, at)) in addends.iter().enumerate() {
            match sign {
                Sign::Minus => text.push('-'),
                Sign::Plus if number > 0 => text.push('+'),
                Sign::Plus => {}
            }
            let (Some(name), Some(top)) = (self.names.get(at.sheet), self.tops.get(at.sheet))
            else {
                return Err(WriteError::Columns(at.sheet));
            };
            let column = rust_xlsxwriter::utility::column_number_to_name(at.column);
            let row = at.row + top + 1;
            text.push_str(&format!("'{}'!{column}{row}", name.replace('\'', "''")));
        }
        if text.is_empty() {
            text.push('0');
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::layout::{Column, Kind};

    fn sheet(name: &str, rows: Vec<Vec<Calculated>>) -> CalculatedSheet {
        let columns = vec![Column::new("项目", Kind::Text), Column::new("金额", Kind::Money)];
        CalculatedSheet { layout: Layout::new(name, columns).notice("说明"), rows }
    }

    fn line(name: &str, value: Calculated) -> Vec<Calculated> {
        vec![Calculated::Value(Value::Text(name.into())), value]
    }

    fn at(sheet: usize, row: u32) -> CellAt {
        CellAt { sheet, row, column: 1 }
    }

    #[test]
    fn totals_are_live_formulas_with_their_results() {
        let money = |fen| Calculated::Value(Value::Fen(fen));
        let sum = Calculated::Sum {
            addends: vec![(Sign::Plus, at(0, 0)), (Sign::Minus, at(0, 1))],
            fen: -150,
        };
        let quotient = Calculated::Quotient {
            above: vec![(Sign::Plus, at(0, 0))],
            below: vec![(Sign::Plus, at(0, 1))],
            factor: 1,
            ten_thousandths: 4_000,
        };
        let sheets = [
            sheet(
                "资产'表",
                vec![line("甲", money(100)), line("乙", money(250)), line("合计", sum)],
            ),
            sheet("比率", vec![line("=1+1", quotient)]),
        ];
        let bytes = write_calculation(&sheets).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let formulas = book.worksheet_formula(&names[0]).unwrap();
        let written: Vec<_> = formulas.used_cells().map(|(_, _, text)| text.clone()).collect();
        assert_eq!(written, [format!("'{0}'!B3-'{0}'!B4", names[0].replace('\'', "''"))]);
        let values = book.worksheet_range(&names[0]).unwrap();
        assert_eq!(values.get_value((4, 1)), Some(&Data::Float(-1.5)));
        let ratios = book.worksheet_range(&names[1]).unwrap();
        assert_eq!(ratios.get_value((2, 1)), Some(&Data::Float(0.4)));
        assert_eq!(ratios.get_value((2, 0)), Some(&Data::String("=1+1".into())), "only text");
    }

    #[test]
    fn a_formula_that_points_nowhere_is_refused() {
        let astray = Calculated::Sum { addends: vec![(Sign::Plus, at(7, 0))], fen: 0 };
        assert!(write_calculation(&[sheet("表", vec![line("甲", astray)])]).is_err());
    }
}
