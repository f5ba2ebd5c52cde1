//! The values every crate speaks in: ids, moments, money, periods, clock and randomness, errors.
//!
//! Nothing here does input or output; time and randomness are handed in.

mod clock;
mod error;
mod ids;
mod money;
mod period;

pub use clock::{Clock, Entropy, FixedClock, Micros, SeededEntropy, SystemClock, SystemEntropy};
pub use error::{Error, Kind, Result};
pub use ids::{ClientId, DepartmentId, EntryId, ImportId, ItemId, UserId, new_uuid};
pub use money::Fen;
pub use period::{Part, Period};

/// The zone that dates, as-of views and expiries are decided in unless the firm says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";
