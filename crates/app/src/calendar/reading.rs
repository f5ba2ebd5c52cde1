//! Notices as tables: a year's holidays, or deadlines. Every row that cannot be read is named
//! with its number, its column and what to do.

use fiscal::calendar::{HolidayRow, Holidays, Published, RestDay};
use fiscal::dates;
use jiff::civil::{Date, Weekday};
use values::{Error, Result};

/// What a table says: its column names and its rows with their numbers.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<(usize, Vec<String>)>,
}

/// What is wrong in one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub row: usize,
    pub column: String,
    pub zh: String,
    pub en: String,
}

impl Fault {
    fn new(row: usize, column: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { row, column: column.to_owned(), zh: zh.into(), en: en.into() }
    }
}

/// The file as a table of texts.
pub fn table(bytes: Vec<u8>) -> Result<Table> {
    let unreadable = |error: documents::ReadError| {
        Error::invalid("file", "calendar.file", error.zh(), error.en())
    };
    let mut book = documents::open(bytes, &documents::Limits::default()).map_err(unreadable)?;
    let table = book.table().map_err(unreadable)?;
    let mut rows = Vec::new();
    for row in book.rows(&table).map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        if row.is_blank() {
            continue;
        }
        if rows.len() >= 2_000 {
            let zh = "行数过多：日历不应超过 2,000 行";
            return Err(Error::invalid("file", "calendar.rows", zh, "More than 2,000 rows"));
        }
        let cells = (0..table.header.len()).map(|at| row.text(at).trim().to_owned());
        rows.push((row.number, cells.collect()));
    }
    Ok(Table { header: table.header, rows })
}

impl Table {
    fn column(&self, names: &[&str]) -> Option<usize> {
        let same = |head: &String| names.iter().any(|name| head.trim().eq_ignore_ascii_case(name));
        self.header.iter().position(same)
    }

    fn needed(&self, zh: &str, names: &[&str]) -> Result<usize> {
        self.column(names).ok_or_else(|| {
            let wanted = names.join(" / ");
            Error::invalid(
                "file",
                "calendar.column",
                format!("缺少“{zh}”列，列名可用 {wanted}"),
                format!("There is no column named {wanted}"),
            )
        })
    }
}

fn cell(cells: &[String], at: Option<usize>) -> &str {
    at.and_then(|at| cells.get(at)).map_or("", String::as_str)
}

fn day(row: usize, column: &str, text: &str) -> Result<Date, Fault> {
    let read = dates::read(text).ok().and_then(dates::DateText::day);
    read.ok_or_else(|| {
        let zh = format!("“{text}”不是日期，请写成 2027-01-01");
        Fault::new(row, column, zh, format!("“{text}” is no day; write 2027-01-01"))
    })
}

/// A year's holidays and make-up working days.
pub fn holidays(table: &Table, year: i16) -> Result<(Vec<HolidayRow>, Vec<Fault>)> {
    let at_day = table.needed("日期", &["date", "日期"])?;
    let at_kind = table.needed("类型", &["kind", "类型", "休班"])?;
    let at_name = table.column(&["name", "名称", "节日"]);
    let (mut found, mut faults): (Vec<HolidayRow>, Vec<Fault>) = (Vec::new(), Vec::new());
    for (row, cells) in &table.rows {
        let kind = RestDay::read(cell(cells, Some(at_kind))).ok_or_else(|| {
            let zh = "类型只能是 holiday（放假）或 workday（调休上班）";
            Fault::new(*row, "kind", zh, "The kind is holiday or workday")
        });
        let read = day(*row, "date", cell(cells, Some(at_day)))
            .and_then(|day| placed(*row, day, year))
            .and_then(|day| worked_on_weekend(*row, day, kind?))
            .and_then(|(day, kind)| {
                if found.iter().any(|other| other.day == day) {
                    let zh = format!("{day} 出现了两次");
                    return Err(Fault::new(*row, "date", zh, format!("{day} stands twice")));
                }
                Ok(HolidayRow { day, name: cell(cells, at_name).to_owned(), kind })
            });
        match read {
            Ok(row) => found.push(row),
            Err(fault) => faults.push(fault),
        }
    }
    let missing = Holidays::missing_of(year, &found);
    if !missing.is_empty() {
        let days = missing.iter().map(Date::to_string).collect::<Vec<_>>().join("、");
        faults.push(Fault::new(
            0,
            "date",
            format!("不是完整的 {year} 年放假安排，缺少法定节假日 {days}"),
            format!("Not the whole notice of {year}: statutory holidays {days} are missing"),
        ));
    }
    Ok((found, faults))
}

/// A notice speaks of its own year, and of the last days of the one before.
fn placed(row: usize, day: Date, year: i16) -> Result<Date, Fault> {
    let eve = day.year() == year - 1 && day.month() == 12;
    if day.year() == year || eve {
        return Ok(day);
    }
    let zh = format!("{day} 不在 {year} 年");
    Err(Fault::new(row, "date", zh, format!("{day} is not in {year}")))
}

fn worked_on_weekend(row: usize, day: Date, kind: RestDay) -> Result<(Date, RestDay), Fault> {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    if kind == RestDay::MakeUp && !weekend {
        let zh = format!("{day} 不是周末，不能是调休上班日");
        let en = format!("{day} is no weekend day and cannot be a make-up day");
        return Err(Fault::new(row, "kind", zh, en));
    }
    Ok((day, kind))
}

/// Deadlines of a year's filing months.
pub fn deadlines(table: &Table, year: i16, notice: &str) -> Result<(Vec<Published>, Vec<Fault>)> {
    let at_month = table.needed("月份", &["month", "月份", "月", "征期"])?;
    let at_day = table.needed("申报期限", &["deadline", "申报期限", "截止日期", "截止日"])?;
    let columns = Columns {
        month: at_month,
        deadline: at_day,
        region: table.column(&["region", "地区", "行政区划"]),
        tax: table.column(&["tax", "税种"]),
        notice: table.column(&["notice", "文号"]),
    };
    let (mut found, mut faults): (Vec<Published>, Vec<Fault>) = (Vec::new(), Vec::new());
    for (row, cells) in &table.rows {
        match deadline(*row, cells, &columns, (year, notice)) {
            Ok(read) => {
                let same = |other: &&Published| {
                    (other.month, &other.region, other.tax) == (read.month, &read.region, read.tax)
                };
                if found.iter().any(|other| same(&other)) {
                    let zh = format!("{} 月的同一地区、税种出现了两次", read.month);
                    let en = format!("Month {} stands twice for one region and tax", read.month);
                    faults.push(Fault::new(*row, "month", zh, en));
                } else {
                    found.push(read);
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    if found.is_empty() && faults.is_empty() {
        faults.push(Fault::new(0, "month", "文件中没有数据行", "The file has no rows"));
    }
    Ok((found, faults))
}

struct Columns {
    month: usize,
    deadline: usize,
    region: Option<usize>,
    tax: Option<usize>,
    notice: Option<usize>,
}

fn deadline(
    row: usize,
    cells: &[String],
    at: &Columns,
    (year, notice): (i16, &str),
) -> Result<Published, Fault> {
    let said = cell(cells, Some(at.month)).trim_end_matches('月');
    let month: i8 = match said.split_once('-') {
        Some((of, month)) if of.parse() == Ok(year) => month.parse().unwrap_or(0),
        Some(_) => 0,
        None => said.parse().unwrap_or(0),
    };
    if !(1..=12).contains(&month) {
        let zh = format!("“{said}”不是 {year} 年的月份");
        let en = format!("“{said}” is no month of {year}");
        return Err(Fault::new(row, "month", zh, en));
    }
    let fault =
        |column: &'static str| move |error: Error| Fault::new(row, column, error.zh(), error.en());
    let region = cell(cells, at.region).parse().map_err(fault("region"))?;
    let tax = match cell(cells, at.tax) {
        "" => None,
        key => Some(key.parse().map_err(fault("tax"))?),
    };
    let deadline = day(row, "deadline", cell(cells, Some(at.deadline)))?;
    let months = (i32::from(deadline.year()) - i32::from(year)) * 12 + i32::from(deadline.month())
        - i32::from(month);
    if !(0..=3).contains(&months) {
        let zh = format!("{deadline} 与 {year} 年 {month} 月的征期不符");
        let en = format!("{deadline} does not belong to the filing month {year}-{month:02}");
        return Err(Fault::new(row, "deadline", zh, en));
    }
    let own = cell(cells, at.notice);
    let notice = if own.is_empty() { notice } else { own };
    let notice = notice.chars().take(100).collect();
    Ok(Published { year, month, region, tax, deadline, notice })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Table {
        table(text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn a_notice_is_read_by_its_column_names() {
        let text = "日期,节日,类型\n2027-01-01,元旦,放假\n2027/5/1,劳动节,holiday\n\
                    20271001,国庆节,holiday\n2027年10月2日,国庆节,休\n2027-10-03,国庆节,holiday\n\
                    2027-10-09,国庆节,调休上班\n";
        let (rows, faults) = holidays(&of(text), 2027).unwrap();
        assert_eq!((rows.len(), faults), (6, Vec::new()));
    }

    #[test]
    fn each_row_that_is_wrong_is_named() {
        let text = "date,name,kind\n2027-01-01,元旦,holiday\n2027-13-01,x,holiday\n\
                    2027-01-04,元旦,workday\n2026-06-01,x,holiday\n2027-01-01,元旦,holiday\n\
                    2027-02-01,x,maybe\n";
        let (_, faults) = holidays(&of(text), 2027).unwrap();
        let rows: Vec<_> = faults.iter().map(|fault| fault.row).collect();
        assert_eq!(rows, [3, 4, 5, 6, 7, 0]);
        assert!(faults[5].zh.contains("2027-05-01"), "half a notice: {}", faults[5].zh);
        assert!(holidays(&of("day,kind\n2027-01-01,holiday\n"), 2027).is_err());
    }

    #[test]
    fn deadlines_are_read_with_region_and_tax() {
        let text = "month,region,tax,deadline\n1,,,2027-01-20\n2027-02,440000,,2027-02-22\n\
                    2月,44,SOC,2027-02-25\n";
        let (rows, faults) = deadlines(&of(text), 2027, "文号一").unwrap();
        assert_eq!(faults, []);
        assert_eq!(
            (rows.len(), rows[1].region.code(), rows[0].notice.as_str()),
            (3, "440000", "文号一")
        );
        let wrong = "month,region,tax,deadline\n13,,,2027-01-20\n1,xx,,2027-01-20\n\
                     1,,VAT,2027-01-20\n1,,,2028-01-20\n1,,,soon\n2,,,2027-02-20\n2,,,2027-02-21\n";
        let (rows, faults) = deadlines(&of(wrong), 2027, "").unwrap();
        assert_eq!((rows.len(), faults.len()), (1, 6));
    }
}
