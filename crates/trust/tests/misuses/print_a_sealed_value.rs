//! A sealed value has no text.
mod firm;
use firm::*;

pub fn misuse(sealed: &Sealed<IdNumber>) -> String {
    format!("{sealed}")
}
