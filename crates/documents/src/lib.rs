//! Workbooks in and out, and papers to print, from plain tables. This crate knows no client and no
//! database: it turns bytes into rows of cells, and rows of values into files that people open in
//! Excel or WPS.
//!
//! Three rules hold throughout. What comes in is hostile until proven otherwise: sizes, unpacked
//! sizes and the kind of file are judged by content before anything is parsed. One bad row never
//! costs the whole file: it is handed on with its fault named. What goes out is never a formula.

mod calculation;
mod cell;
mod csv_in;
mod csv_out;
mod error;
mod excel;
mod grid;
mod header;
mod html;
mod layout;
mod limits;
mod name;
mod package;
pub mod paper;
mod source;
mod template;
mod text;
mod workbook;
mod xlsx_out;

pub use calculation::{Addends, Calculated, CalculatedSheet, CellAt, Sign, write_calculation};
pub use cell::{Cell, Date, Row, Time};
pub use csv_out::{CsvWriter, write_csv};
pub use error::{ReadError, Reason, WriteError};
pub use grid::{Grid, Merged, grids, grids_path};
pub use layout::{Column, Kind, Layout, Value};
pub use limits::Limits;
pub use name::{safe_file_name, safe_sheet_name};
pub use template::write_template;
pub use workbook::{Format, Rows, Sheet, Table, Workbook, open, open_path};
pub use xlsx_out::{XlsxWriter, write_xlsx};
