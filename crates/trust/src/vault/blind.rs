//! Blind indexes: exact search on sealed fields.
//!
//! Beside a sealed value stands a token, an HMAC of the normalised value under a key of its own.
//! Whoever holds the key finds equal values; whoever holds the store alone can neither read the
//! values nor try numbers out. Tokens are bound to their column, so equal values in two columns do
//! not show as equal.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::keys::Key;

const DOMAIN: &[u8] = b"heng/blind/v1";

/// How many bytes a token has.
pub const TOKEN: usize = 16;

/// The token of a normalised value in a column. Normalising (spaces, case, country code) is the
/// caller's and must be the same for storing and for searching.
#[must_use]
pub fn token(index_key: &Key, column: &str, normalised: &str) -> [u8; TOKEN] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(index_key.expose()) else {
        // HMAC takes keys of any length, so this branch is never taken.
        return [0; TOKEN];
    };
    mac.update(DOMAIN);
    mac.update(&u64::try_from(column.len()).unwrap_or(u64::MAX).to_be_bytes());
    mac.update(column.as_bytes());
    mac.update(normalised.as_bytes());
    let full = mac.finalize().into_bytes();
    full.first_chunk::<TOKEN>().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_values_meet_in_one_column_and_nowhere_else() {
        let (key, other) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        let token_of = |key, column, value| token(key, column, value);
        let one = token_of(&key, "contact.phone", "13800001234");
        assert_eq!(one, token_of(&key, "contact.phone", "13800001234"));
        assert_ne!(one, token_of(&key, "contact.phone", "13800001235"));
        assert_ne!(one, token_of(&key, "client.phone", "13800001234"));
        assert_ne!(one, token_of(&key, "contact.phone1", "3800001234"));
        assert_ne!(one, token_of(&other, "contact.phone", "13800001234"));
    }

    #[test]
    fn the_mac_is_hmac_sha256() {
        // RFC 4231 test case 2, through the same function of the library.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let full = mac.finalize().into_bytes();
        assert_eq!(&full[..8], &[0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]);
    }

    proptest! {
        #[test]
        fn different_values_get_different_tokens(a in ".{0,30}", b in ".{0,30}") {
            let key = Key::from_bytes([3; 32]);
            prop_assert_eq!(token(&key, "c", &a) == token(&key, "c", &b), a == b);
        }
    }
}
