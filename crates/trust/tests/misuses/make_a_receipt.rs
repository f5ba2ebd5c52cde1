//! Only a commit makes a receipt.
mod firm;
use firm::*;

pub fn misuse<'a>(
    permit: Permit<'a, RevealNumber>,
    other: &Receipt<'a, ViewClient>,
) -> Receipt<'a, RevealNumber> {
    Receipt::new(permit, other.entry(), other.at())
}
