//! Its constructor is trust's own.
mod firm;
use firm::*;

pub fn misuse(actor: &Actor) -> Permit<'_, UpdateClient> {
    Permit::<UpdateClient>::new(actor, ())
}
