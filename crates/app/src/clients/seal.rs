//! Between a field's text and what is stored or shown of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use trust::access::Permit;
use trust::record::Receipt;
use trust::vault::{Field, Keyring, Opens, Place, Reveals, Sealed};
use values::{ClientId, Error, ItemId, Result};
use zeroize::Zeroizing;

use super::actions::{
    ContactPoint, CorporateAccount, IdentityMask, IdentityNumber, MergeClient, RevealIdentity,
};
use super::fields::{Keeping, Kind, Spec};
use super::rules::{self, Stored};

/// Whose field it is: the client's own, or that of a row of one of its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The client.
    Client(ClientId),
    /// A row of a list.
    Item(ItemId),
}

impl Home {
    fn place<'a>(&'a self, column: &'a str) -> Place<'a> {
        match self {
            Self::Client(id) => Place { table: "client", column, row: id.as_bytes() },
            Self::Item(id) => Place { table: "client_item", column, row: id.as_bytes() },
        }
    }
}

/// The column name under which masks are sealed.
const MASK: &str = "mask";

fn coded<F: Field>(sealed: &Sealed<F>) -> String {
    BASE64.encode(sealed.to_store())
}

fn decoded<F: Field>(text: &str) -> Result<Sealed<F>> {
    BASE64.decode(text).map(Sealed::stored).map_err(Error::internal)
}

/// A checked value as it is stored.
///
/// # Errors
/// Internal, should a key be missing.
pub fn stored(keyring: &Keyring, spec: &Spec, home: Home, value: &str) -> Result<Stored> {
    let place = home.place(spec.key);
    Ok(match spec.keeping {
        Keeping::Clear | Keeping::Person => Stored::Clear(value.to_owned()),
        Keeping::Contact => {
            Stored::Sealed { s: coded(&keyring.seal::<ContactPoint>(place, value)?), m: None }
        }
        Keeping::Account => {
            Stored::Sealed { s: coded(&keyring.seal::<CorporateAccount>(place, value)?), m: None }
        }
        Keeping::Identity => {
            let mask = rules::mask(spec, value);
            let mask = keyring.seal::<IdentityMask>(home.place(MASK), &mask)?;
            Stored::Sealed {
                s: coded(&keyring.seal::<IdentityNumber>(place, value)?),
                m: Some(coded(&mask)),
            }
        }
    })
}

/// What is shown of a value in passing: in clear, masked, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Glimpse {
    /// The value.
    Clear(String),
    /// Its mask.
    Masked(String),
    /// That there is one.
    Locked,
}

/// What the caller may see of a stored value.
///
/// # Errors
/// Internal when a sealed value was changed or belongs elsewhere.
pub fn glimpse<A>(
    keyring: &Keyring,
    permit: Option<&Permit<'_, A>>,
    spec: &Spec,
    home: Home,
    value: &Stored,
) -> Result<Glimpse>
where
    A: Opens<ContactPoint> + Opens<CorporateAccount> + Opens<IdentityMask>,
{
    let (sealed, mask) = match value {
        Stored::Clear(_) if spec.level >= 3 && permit.is_none() => return Ok(Glimpse::Locked),
        Stored::Clear(text) => return Ok(Glimpse::Clear(text.clone())),
        Stored::Sealed { s, m } => (s, m),
    };
    let Some(permit) = permit else { return Ok(Glimpse::Locked) };
    let place = home.place(spec.key);
    let text = match spec.keeping {
        Keeping::Account => {
            keyring.open::<CorporateAccount, _>(permit, place, &decoded(sealed)?)?
        }
        Keeping::Identity => {
            let Some(mask) = mask else { return Ok(Glimpse::Locked) };
            let place = home.place(MASK);
            let mask = keyring.open::<IdentityMask, _>(permit, place, &decoded(mask)?)?;
            return Ok(Glimpse::Masked(mask.to_string()));
        }
        _ => keyring.open::<ContactPoint, _>(permit, place, &decoded(sealed)?)?,
    };
    // A contact's name is needed to speak to the contact; numbers and addresses stay masked.
    let name = spec.list.is_some() && spec.kind == Kind::Text && spec.item == "contact";
    if spec.keeping == Keeping::Contact && name {
        return Ok(Glimpse::Clear(text.to_string()));
    }
    Ok(Glimpse::Masked(rules::mask(spec, &text)))
}

fn inner(value: &Stored) -> Result<&str> {
    match value {
        Stored::Sealed { s, .. } => Ok(s),
        Stored::Clear(_) => Err(Error::internal("a value in clear has nothing to reveal")),
    }
}

/// Reveals a number or account of level 3, its use on record.
///
/// # Errors
/// As [`glimpse`].
pub fn reveal_confidential<A>(
    keyring: &Keyring,
    receipt: &Receipt<'_, A>,
    spec: &Spec,
    home: Home,
    value: &Stored,
) -> Result<Zeroizing<String>>
where
    A: Reveals<ContactPoint> + Reveals<CorporateAccount>,
{
    let (place, sealed) = (home.place(spec.key), inner(value)?);
    match spec.keeping {
        Keeping::Account => {
            keyring.reveal::<CorporateAccount, _>(receipt, place, &decoded(sealed)?)
        }
        Keeping::Contact => keyring.reveal::<ContactPoint, _>(receipt, place, &decoded(sealed)?),
        _ => Err(Error::internal("not a confidential field")),
    }
}

/// Reveals an identity number, its use on record.
///
/// # Errors
/// As [`glimpse`].
pub fn reveal_identity(
    keyring: &Keyring,
    receipt: &Receipt<'_, RevealIdentity>,
    spec: &Spec,
    home: Home,
    value: &Stored,
) -> Result<Zeroizing<String>> {
    let (place, sealed) = (home.place(spec.key), inner(value)?);
    keyring.reveal::<IdentityNumber, _>(receipt, place, &decoded(sealed)?)
}

/// The tokens by which a value can be found again: the whole, and a phone's last four digits.
///
/// # Errors
/// Internal, should the index key be missing.
pub fn tokens(keyring: &Keyring, spec: &Spec, value: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    if !spec.sealed() {
        return Ok(found);
    }
    let searched =
        matches!(spec.kind, Kind::Phone | Kind::Email | Kind::Account | Kind::IdentityNumber);
    if searched {
        found.push((spec.path(), keyring.token(kind_of(spec.kind), value)?));
    }
    if spec.kind == Kind::Phone {
        let digits: Vec<char> = value.chars().filter(char::is_ascii_digit).collect();
        let tail: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
        found.push((format!("{}.tail", spec.path()), keyring.token("tail", &tail)?));
    }
    Ok(found)
}

/// Equal kinds share their tokens, so that one question finds a phone in every list.
#[must_use]
pub const fn kind_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Phone => "phone",
        Kind::Email => "email",
        Kind::Account => "account",
        _ => "identity",
    }
}

/// A stored value for another row, moved without anybody seeing it.
///
/// # Errors
/// As [`glimpse`].
pub fn moved(
    keyring: &Keyring,
    permit: &Permit<'_, MergeClient>,
    spec: &Spec,
    (from, to): (Home, Home),
    value: &Stored,
) -> Result<Stored> {
    let Stored::Sealed { s, m } = value else { return Ok(value.clone()) };
    let places = (from.place(spec.key), to.place(spec.key));
    let sealed = match spec.keeping {
        Keeping::Account => coded(&keyring.moved::<CorporateAccount, _>(
            permit,
            places.0,
            places.1,
            &decoded(s)?,
        )?),
        Keeping::Identity => {
            coded(&keyring.moved::<IdentityNumber, _>(permit, places.0, places.1, &decoded(s)?)?)
        }
        _ => coded(&keyring.moved::<ContactPoint, _>(permit, places.0, places.1, &decoded(s)?)?),
    };
    let mask = m.as_deref().map(|mask| {
        let places = (from.place(MASK), to.place(MASK));
        let mask = decoded::<IdentityMask>(mask)?;
        keyring.moved(permit, places.0, places.1, &mask).map(|mask| coded(&mask))
    });
    Ok(Stored::Sealed { s: sealed, m: mask.transpose()? })
}

/// A stored value sealed with the current keys, or `None` when it is already.
///
/// # Errors
/// As [`glimpse`].
pub fn resealed(
    keyring: &Keyring,
    key: &str,
    home: Home,
    value: &Stored,
) -> Result<Option<Stored>> {
    let Stored::Sealed { s, m } = value else { return Ok(None) };
    let again = |column: &str, text: &str| -> Result<Option<String>> {
        let bytes = BASE64.decode(text).map_err(Error::internal)?;
        Ok(keyring.resealed(home.place(column), &bytes)?.map(|bytes| BASE64.encode(bytes)))
    };
    let sealed = again(key, s)?;
    let mask = m.as_deref().map(|m| again(MASK, m)).transpose()?.flatten();
    if sealed.is_none() && mask.is_none() {
        return Ok(None);
    }
    Ok(Some(Stored::Sealed {
        s: sealed.unwrap_or_else(|| s.clone()),
        m: mask.or_else(|| m.clone()),
    }))
}
