//! On record first, then shown.
mod firm;
use firm::*;

pub fn misuse(keyring: &Keyring, permit: &Permit<'_, RevealNumber>, sealed: &Sealed<IdNumber>) {
    let _ = keyring.reveal(permit, PLACE, sealed);
}
