//! Ids: UUID version 7 (RFC 9562), a type for each kind of thing, sixteen bytes in the stores.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Clock, Entropy, Error};

/// A new time-ordered UUID from the clock and the random source handed in.
pub fn new_uuid(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0_u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(clock.now().0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id.
            pub fn new(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(new_uuid(clock, entropy))
            }

            /// The sixteen bytes that the stores hold.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            /// The id of sixteen stored bytes.
            ///
            /// # Errors
            /// Internal when the length is another.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
                Uuid::from_slice(bytes).map(Self).map_err(|e| Error::internal(e))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self, Error> {
                Uuid::parse_str(text).map(Self).map_err(|_| Error::not_found())
            }
        }
    )*};
}

id_type! {
    /// A client (客户).
    ClientId,
    /// A person who works with Heng (用户).
    UserId,
    /// A department of the firm (部门).
    DepartmentId,
    /// A row of one of a client's lists: a contact, a bank account, a financing need (明细).
    ItemId,
    /// An import run (导入批次).
    ImportId,
    /// An entry of the record (审计日志).
    EntryId,
}
