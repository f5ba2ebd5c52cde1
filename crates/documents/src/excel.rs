//! Rows out of `.xlsx`, as a stream, and out of `.xls`.

use calamine::{Data, DataRef, ExcelDateTime, ExcelDateTimeType, Range, XlsxCellReader};

use crate::cell::{Cell, Date, Row, Time};
use crate::error::{ReadError, Reason, guarded};
use crate::source::Source;

const DAY: f64 = 86_400.0;

/// The rows of one `.xlsx` sheet, read as the file unpacks; rows without content are passed over.
pub(crate) struct XlsxFeed<'w> {
    cells: XlsxCellReader<'w, Source>,
    ahead: Option<(usize, usize, Cell)>,
    max_columns: usize,
    ended: bool,
}

impl<'w> XlsxFeed<'w> {
    pub(crate) const fn new(cells: XlsxCellReader<'w, Source>, max_columns: usize) -> Self {
        Self { cells, ahead: None, max_columns, ended: false }
    }

    pub(crate) fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        guarded(|| self.gather())
    }

    fn gather(&mut self) -> Result<Option<Row>, ReadError> {
        let first = match self.ahead.take() {
            Some(cell) => Some(cell),
            None => self.next_filled()?,
        };
        let Some((row, column, cell)) = first else { return Ok(None) };
        let mut cells = Vec::new();
        place(&mut cells, column, cell);
        while let Some((next_row, column, cell)) = self.next_filled()? {
            if next_row != row {
                self.ahead = Some((next_row, column, cell));
                break;
            }
            place(&mut cells, column, cell);
        }
        Ok(Some(Row { number: row + 1, cells, ..Row::default() }))
    }

    fn next_filled(&mut self) -> Result<Option<(usize, usize, Cell)>, ReadError> {
        while !self.ended {
            let next = self
                .cells
                .next_cell()
                .map_err(|error| ReadError::new(Reason::Damaged).because(error))?;
            let Some(found) = next else { break };
            let cell = from_ref(found.get_value());
            if cell.is_blank() {
                continue;
            }
            let (row, column) = found.get_position();
            let (row, column) = (row as usize, column as usize);
            if column >= self.max_columns {
                return Err(ReadError::new(Reason::TooManyColumns)
                    .limit(self.max_columns as u64)
                    .at(row + 1, Some(column)));
            }
            return Ok(Some((row, column, cell)));
        }
        // Asked again after its end, the parser takes the file for cut short.
        self.ended = true;
        Ok(None)
    }
}

/// The rows of one `.xls` sheet; the format allows 65,536 of them, so it is read at once.
pub(crate) struct XlsFeed {
    range: Range<Data>,
    next: usize,
}

impl XlsFeed {
    pub(crate) const fn new(range: Range<Data>) -> Self {
        Self { range, next: 0 }
    }

    pub(crate) fn next_row(&mut self) -> Option<Row> {
        let (top, left) = self.range.start()?;
        while self.next < self.range.height() {
            let offset = self.next;
            self.next += 1;
            let mut cells = Vec::new();
            for column in 0..self.range.width() {
                let cell = self.range.get((offset, column)).map_or(Cell::Empty, from_data);
                if !cell.is_blank() {
                    place(&mut cells, left as usize + column, cell);
                }
            }
            if !cells.is_empty() {
                return Some(Row { number: top as usize + offset + 1, cells, ..Row::default() });
            }
        }
        None
    }
}

fn place(cells: &mut Vec<Cell>, column: usize, cell: Cell) {
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    if let Some(slot) = cells.get_mut(column) {
        *slot = cell;
    }
}

fn from_ref(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(number) => whole(*number),
        DataRef::Float(number) => Cell::number(*number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(moment) => from_serial(moment),
        DataRef::DateTimeIso(text) => from_iso(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn from_data(value: &Data) -> Cell {
    match value {
        Data::Int(number) => whole(*number),
        Data::Float(number) => Cell::number(*number),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(moment) => from_serial(moment),
        Data::DateTimeIso(text) => from_iso(text),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::Empty => Cell::Empty,
    }
}

fn whole(number: i64) -> Cell {
    Cell::Number { text: number.to_string(), rounded: false }
}

/// Workbooks count days and their fractions; half a second of slack undoes binary rounding.
fn from_serial(moment: &ExcelDateTime) -> Cell {
    let serial = moment.as_f64();
    if moment.is_duration() || !(0.0..2_958_466.0).contains(&serial) {
        return Cell::number(serial);
    }
    let seconds = (serial * DAY).round();
    let (days, second) = ((seconds / DAY).floor(), seconds % DAY);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 86399")]
    let time = Time { second_of_day: second as u32 };
    if days < 1.0 {
        return Cell::Text(time.to_string());
    }
    // Which of the two calendars a workbook counts in is not told, only compared.
    let is_1904 = *moment == ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, true);
    let (year, month, day, ..) =
        ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    match Date::new(year, month, day) {
        Some(date) if time.second_of_day == 0 => Cell::Date(date),
        Some(date) => Cell::Moment(date, time),
        None => Cell::number(serial),
    }
}

fn from_iso(text: &str) -> Cell {
    let (day, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let Some(date) = Date::parse(day) else { return Cell::Text(text.to_owned()) };
    let mut second_of_day = 0;
    for (part, unit) in time.trim_start_matches(['T', ' ']).split(':').zip([3600, 60, 1]) {
        let digits = part.split(['.', 'Z', '+']).next().unwrap_or_default();
        second_of_day += digits.parse::<u32>().unwrap_or(0).min(59) * unit;
    }
    if second_of_day == 0 { Cell::Date(date) } else { Cell::Moment(date, Time { second_of_day }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(value: f64, is_1904: bool) -> Cell {
        from_serial(&ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904))
    }

    #[test]
    fn day_numbers_become_days_in_either_calendar() {
        assert_eq!(serial(45_292.0, false).text(), "2024-01-01");
        assert_eq!(serial(45_292.0 - 1462.0, true).text(), "2024-01-01");
        assert_eq!(serial(45_291.999_999_9, false).text(), "2024-01-01");
        assert_eq!(serial(45_292.5, false).text(), "2024-01-01 12:00:00");
        assert_eq!(serial(0.25, false).text(), "06:00:00");
        assert_eq!(serial(9e9, false).text(), "9000000000");
    }

    #[test]
    fn days_spelt_in_full_are_read_too() {
        assert_eq!(from_iso("2024-03-01T00:00:00").text(), "2024-03-01");
        assert_eq!(from_iso("2024-03-01T08:30:00Z").text(), "2024-03-01 08:30:00");
        assert_eq!(from_iso("春节").text(), "春节");
    }
}
