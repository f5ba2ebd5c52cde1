//! The values every crate speaks in: ids, moments, clock and randomness, and the kinds of error.
//!
//! Nothing here does input or output; time and randomness are handed in.

mod clock;
mod error;
mod ids;

pub use clock::{Clock, Entropy, FixedClock, Micros, SeededEntropy, SystemClock, SystemEntropy};
pub use error::{Error, Kind, Result};
pub use ids::{ClientId, DepartmentId, EntryId, ImportId, ItemId, UserId, new_uuid};

/// The zone that dates, as-of views and expiries are decided in unless the firm says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";
