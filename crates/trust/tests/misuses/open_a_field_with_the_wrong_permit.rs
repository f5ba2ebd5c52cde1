//! A field names the actions that may open it.
mod firm;
use firm::*;

pub fn misuse(keyring: &Keyring, permit: &Permit<'_, ViewClient>, sealed: &Sealed<IdNumber>) {
    let _ = keyring.open(permit, PLACE, sealed);
}
