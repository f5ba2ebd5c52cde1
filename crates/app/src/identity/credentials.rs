//! Secrets and their digests: passwords (Argon2id), session and token secrets, one-time codes
//! (RFC 6238), recovery codes.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use totp_rs::{Builder, Secret, Totp};
use values::{Entropy, Error, Micros, Result};
use zeroize::Zeroizing;

/// How much work a password costs; the work is written into the stored form.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Work {
    /// What OWASP recommends for Argon2id with one lane.
    pub const FULL: Self = Self { memory_kib: 19 * 1024, passes: 2 };
}

/// What is compared where there is no account, so that an unknown name takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How many passwords are worked on at once: each takes 19 MiB and a core.
static WORKING: Semaphore = Semaphore::const_new(4);

/// The stored form of a password.
///
/// # Errors
/// Internal, should the work be refused.
pub fn hash_now(password: &str, work: Work, entropy: &dyn Entropy) -> Result<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let fault = |e: &dyn std::fmt::Display| Error::internal(e.to_string());
    let params = Params::new(work.memory_kib, work.passes, 1, Some(32)).map_err(|e| fault(&e))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon.hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| fault(&e))?;
    Ok(hash.to_string())
}

/// The stored form of a password, worked out aside.
pub(super) async fn hash(password: &str, entropy: &dyn Entropy) -> Result<String> {
    let mut seed = Seeded([0; 16]);
    entropy.fill(&mut seed.0);
    let password = Zeroizing::new(password.to_owned());
    aside(move || hash_now(&password, Work::FULL, &seed)).await?
}

/// Salt that was drawn before the work went aside.
struct Seeded([u8; 16]);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for (to, from) in buffer.iter_mut().zip(self.0) {
            *to = from;
        }
    }
}

/// Whether a password fits a stored form; the same work when there is none.
pub(super) async fn fits(password: &str, stored: Option<&str>) -> Result<bool> {
    let password = Zeroizing::new(password.to_owned());
    let known = stored.is_some();
    let stored = stored.unwrap_or(NOBODY).to_owned();
    let right = aside(move || {
        Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok()
    });
    Ok(right.await? && known)
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _seat = WORKING.acquire().await.map_err(Error::unavailable)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// A new secret of 32 bytes as text.
pub(super) fn secret(entropy: &dyn Entropy) -> String {
    let mut bytes = Zeroizing::new([0; 32]);
    entropy.fill(bytes.as_mut_slice());
    URL_SAFE_NO_PAD.encode(bytes.as_slice())
}

/// What is kept of a secret.
pub(super) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A new seed of one-time codes, in base32.
pub(super) fn new_seed(entropy: &dyn Entropy) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 20]);
    entropy.fill(bytes.as_mut_slice());
    seed_text(*bytes)
}

/// A seed of twenty bytes in base32.
#[must_use]
pub fn seed_text(bytes: [u8; 20]) -> Zeroizing<String> {
    Zeroizing::new(Secret::new_stack(bytes).to_base32())
}

fn totp(seed: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(seed).map_err(|e| Error::internal(e.to_string()))?;
    Builder::new()
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        .build()
        .map_err(|e| Error::internal(e.to_string()))
}

fn seconds(now: Micros) -> u64 {
    u64::try_from(now.0 / 1_000_000).unwrap_or(0)
}

/// The step of a code that fits now, the one before or the one after.
pub(super) fn step_of(seed: &str, code: &str, now: Micros) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let step = totp(seed)?.check(&code, seconds(now));
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The code of a seed at a moment, as an authenticator shows it; for samples and tests.
///
/// # Errors
/// Internal when the seed is not base32.
pub fn code_at(seed: &str, at: Micros) -> Result<String> {
    Ok(totp(seed)?.generate(seconds(at)).to_string())
}

/// The address that authenticators read.
pub(super) fn totp_uri(seed: &str, account: &str, firm: &str) -> String {
    let issuer = escaped(if firm.is_empty() { "Heng" } else { firm });
    let account = escaped(account);
    format!(
        "otpauth://totp/{issuer}:{account}?secret={seed}&issuer={issuer}\
         &algorithm=SHA1&digits=6&period=30"
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A picture of a text for cameras.
pub(super) fn qr_svg(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(|e| Error::internal(e.to_string()))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).build())
}

/// How many recovery codes a person gets.
const RECOVERY_CODES: usize = 10;

/// New recovery codes: ten of fifty bits.
pub(super) fn recovery_codes(entropy: &dyn Entropy) -> Vec<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let code = |_| {
        let mut bytes = [0; 10];
        entropy.fill(&mut bytes);
        let letters: Vec<char> = bytes
            .iter()
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        let (left, right) = letters.split_at(letters.len() / 2);
        format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())
    };
    (0..RECOVERY_CODES).map(code).collect()
}

/// The form under which a typed recovery code is compared.
pub(super) fn plain_code(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use values::SeededEntropy;

    use super::*;

    #[test]
    fn one_time_codes_are_those_of_rfc_6238() {
        let seed = seed_text(*b"12345678901234567890");
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let at = Micros(at * 1_000_000);
            assert_eq!(code_at(&seed, at).unwrap(), code);
            assert!(step_of(&seed, code, at).unwrap().is_some());
            assert!(step_of(&seed, code, at.plus_seconds(90)).unwrap().is_none());
        }
        assert!(step_of(&seed, "28708", Micros(59_000_000)).unwrap().is_none());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_password_fits_its_own_form_only() {
        let work = Work { memory_kib: 8, passes: 1 };
        let stored = hash_now("correct horse", work, &SeededEntropy::new(1)).unwrap();
        assert!(fits("correct horse", Some(&stored)).await.unwrap());
        assert!(!fits("correct house", Some(&stored)).await.unwrap());
        assert!(!fits("", None).await.unwrap());
    }

    #[test]
    fn the_form_of_nobody_is_as_much_work_as_a_real_one() {
        let stored = hash_now("x", Work::FULL, &SeededEntropy::new(1)).unwrap();
        let head = |text: &str| text.split('$').nth(3).map(str::to_owned);
        assert_eq!(head(NOBODY), head(&stored));
        assert_eq!(NOBODY.len(), stored.len());
    }

    #[test]
    fn recovery_codes_differ_and_are_compared_without_their_hyphen() {
        let codes = recovery_codes(&SeededEntropy::new(3));
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(plain_code(" ABCDE-fgh23 "), "abcdefgh23");
        assert_ne!(codes.first(), codes.last());
    }

    #[test]
    fn an_address_for_authenticators_escapes_chinese() {
        let uri = totp_uri("ABC", "张", "衡 事务所");
        assert!(uri.is_ascii() && uri.starts_with("otpauth://totp/%E8%A1%A1%20"));
        assert!(qr_svg(&uri).unwrap().contains("<svg"));
    }
}
