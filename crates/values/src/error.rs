//! One error with few kinds, a stable code, a message safe to show in both languages, and a
//! private source that is never displayed.

use std::error::Error as StdError;
use std::fmt;

/// What happened, in the terms a caller can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not there, or outside what the caller may know of.
    NotFound,
    /// Known to the caller, but a right is missing.
    Denied,
    /// Nobody is signed in, or the sign-in no longer holds.
    Unauthenticated,
    /// The input is wrong.
    Invalid,
    /// Someone else was faster, or the name is taken.
    Conflict,
    /// Too much, too often, too large.
    Limited,
    /// A part that is needed is away; trying again may help.
    Unavailable,
    /// A fault of Heng's own.
    Internal,
}

/// The error of every crate. `Display` shows the Chinese message only; the source goes to the log.
pub struct Error {
    kind: Kind,
    code: &'static str,
    zh: String,
    en: String,
    field: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    // Boxed, so that what is rare does not make every result larger.
    others: Option<Box<Others>>,
}

/// What else is wrong.
#[derive(Debug)]
struct Others(Vec<Error>);

/// Shorthand.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with its stable code and its message in Chinese and English.
    pub fn new(
        kind: Kind,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { kind, code, zh: zh.into(), en: en.into(), field: None, source: None, others: None }
    }

    /// Not found, in the same words whatever was asked for.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "not_found", "没有找到，或您无权知道它是否存在", "Not found")
    }

    /// Wrong input in a named field.
    pub fn invalid(
        field: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { field: Some(field.into()), ..Self::new(Kind::Invalid, code, zh, en) }
    }

    /// A fault of Heng's own; the source is for the log.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(
            Kind::Internal,
            "internal",
            "系统内部错误，已记录",
            "Internal error; it was logged",
        )
        .with_source(source)
    }

    /// A part that is needed is away.
    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(
            Kind::Unavailable,
            "unavailable",
            "服务暂时不可用，请稍后再试",
            "Unavailable; try again",
        )
        .with_source(source)
    }

    /// Nothing when there are none; else the first, which carries the others.
    ///
    /// # Errors
    /// The first of them.
    pub fn all(errors: Vec<Self>) -> Result<()> {
        let mut flat = Vec::with_capacity(errors.len());
        for mut error in errors {
            let others = error.others.take();
            flat.push(error);
            flat.extend(others.into_iter().flat_map(|others| others.0));
        }
        let mut flat = flat.into_iter();
        let Some(mut first) = flat.next() else { return Ok(()) };
        let others: Vec<Self> = flat.collect();
        first.others = (!others.is_empty()).then(|| Box::new(Others(others)));
        Err(first)
    }

    /// What else is wrong, when several fields are.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        self.others.as_ref().map_or(&[], |others| &others.0)
    }

    /// Adds the private source.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code, such as `client.name_taken`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The Chinese message.
    #[must_use]
    pub fn zh(&self) -> &str {
        &self.zh
    }

    /// The English message.
    #[must_use]
    pub fn en(&self) -> &str {
        &self.en
    }

    /// The field that is wrong, if one is.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The private source, for the log at the edge only.
    #[must_use]
    pub fn private_source(&self) -> Option<&(dyn StdError + Send + Sync)> {
        self.source.as_deref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("field", &self.field)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zh)
    }
}

impl StdError for Error {}
