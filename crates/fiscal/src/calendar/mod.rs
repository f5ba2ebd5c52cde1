//! The tax calendar (征期): when a return is due, and how that day comes about.
//!
//! A published deadline always wins. Where none is published the day is computed as the tax
//! administration counts: breaks of three rest days or more inside the period put the deadline off
//! by as many *working* days (实施细则 art 109; the reading that fits every month published from
//! 2021 to 2026). A year whose State Council notice is not known is never taken for ordinary
//! weekdays in silence: the result says so.

mod due;
mod holidays;
mod published;
mod taxes;
mod words;

pub use due::{Basis, Due, Step, TaxCalendar};
pub use holidays::{DayKind, HolidayRow, Holidays, RestDay};
pub use published::{Published, PublishedDeadlines, Region};
pub use taxes::{Extension, Rule, Tax};
