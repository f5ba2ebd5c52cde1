//! Attempts on locked names that are counted against an address without being on record each: the
//! record takes one entry per name and minute, so that nobody fills it from outside.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use values::Micros;

use super::rules::{Failures, failures_since};

/// Addresses that are counted at most; the store counts those that fail otherwise.
const MOST: usize = 10_000;

/// What this process has counted by address and not written.
#[derive(Debug, Default)]
pub struct Unwritten(Mutex<HashMap<Vec<u8>, Failures>>);

impl Unwritten {
    /// Counts one attempt more.
    pub(super) fn count(&self, mark: &[u8], now: Micros) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST {
            held.retain(|_, failures| failures.last_at > failures_since(now));
        }
        if held.len() >= MOST && !held.contains_key(mark) {
            return;
        }
        let one = Failures { count: 1, last_at: now };
        let before = held.get(mark).copied().unwrap_or_default();
        held.insert(mark.to_vec(), one.and(before, now));
    }

    /// What was counted against an address.
    pub(super) fn of(&self, mark: &[u8]) -> Failures {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(mark).copied().unwrap_or_default()
    }
}
