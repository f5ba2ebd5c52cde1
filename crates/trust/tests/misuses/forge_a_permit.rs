//! A permit is made by policy only.
mod firm;
use firm::*;

pub fn misuse(actor: &Actor) -> Permit<'_, UpdateClient> {
    Permit::<UpdateClient> { actor, target: (), action: std::marker::PhantomData }
}
