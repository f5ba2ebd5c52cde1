//! One permit, one use.
mod firm;
use firm::*;

pub fn misuse<'a>(permit: &Permit<'a, UpdateClient>) -> Permit<'a, UpdateClient> {
    permit.clone()
}
