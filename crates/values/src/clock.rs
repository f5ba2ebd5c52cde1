//! Time and randomness as parameters.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A moment in microseconds since 1970-01-01T00:00:00Z, as the stores hold it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// This moment moved by whole seconds, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// RFC 3339 in UTC, with microseconds; the form entries of the record are written in.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let stamp = Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        format!("{stamp:.6}")
    }

    /// The calendar date of this moment in a zone.
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        let stamp = Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        zone.to_datetime(stamp).date()
    }

    /// The first moment of a date in a zone; `None` when the date has none.
    #[must_use]
    pub fn start_of(date: Date, zone: &TimeZone) -> Option<Self> {
        let zoned = date.to_zoned(zone.clone()).ok()?;
        Some(Self(zoned.timestamp().as_microsecond()))
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Micros;
}

/// Where randomness comes from.
pub trait Entropy: Send + Sync + 'static {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine clock")]
    fn now(&self) -> Micros {
        Micros(Timestamp::now().as_microsecond())
    }
}

/// The operating system's random source.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no key, token or id is safe, so the process stops rather than goes on.
        if getrandom::fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

/// A clock that stands still until it is moved; for tests and for repeatable samples.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows `at`.
    #[must_use]
    pub const fn new(at: Micros) -> Self {
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock by whole seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Micros {
        Micros(self.0.load(Ordering::SeqCst))
    }
}

/// A repeatable source (SplitMix64) for tests and samples; never for keys that guard anything.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// A source that always gives the same bytes for the same seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            for (to, from) in chunk.iter_mut().zip(z.to_le_bytes()) {
                *to = from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_rfc_3339_and_falls_on_the_firms_date() {
        let at = Micros(1_767_196_800_000_000); // 2025-12-31T16:00:00Z
        assert_eq!(at.rfc3339(), "2025-12-31T16:00:00.000000Z");
        let zone = TimeZone::get(crate::DEFAULT_ZONE).unwrap();
        assert_eq!(at.date_in(&zone).to_string(), "2026-01-01");
        assert_eq!(Micros::start_of(at.date_in(&zone), &zone), Some(at));
    }

    #[test]
    fn a_seeded_source_repeats_itself() {
        let (mut a, mut b) = ([0; 20], [0; 20]);
        SeededEntropy::new(7).fill(&mut a);
        SeededEntropy::new(7).fill(&mut b);
        assert_eq!(a, b);
        assert_ne!(a, [0; 20]);
    }
}
