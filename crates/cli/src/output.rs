//! What is printed, for people in their language or for programs, and the exit code.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};
use values::{Error, Kind, Result};

use crate::args::Form;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well: exit code 0.
    Good,
    /// Something wrong was found: exit code 1.
    Wrong,
}

impl Verdict {
    /// Good when true.
    pub const fn of(good: bool) -> Self {
        if good { Self::Good } else { Self::Wrong }
    }
}

/// Where and how answers are printed.
pub struct Output {
    json: bool,
    english: bool,
}

impl Output {
    /// English where the terminal's language is English, Chinese everywhere else.
    pub fn new(form: Form) -> Self {
        let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .unwrap_or_default();
        Self { json: form == Form::Json, english: language.starts_with("en") }
    }

    /// Whether programs read the answer.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether the person reads English.
    pub const fn is_english(&self) -> bool {
        self.english
    }

    /// The sentence in the language of the person.
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.english { en } else { zh }
    }

    /// Prints text as it is.
    pub fn lines(&self, text: &str) -> Result<Verdict> {
        write_out(text.as_bytes())?;
        if !text.ends_with('\n') {
            write_out(b"\n")?;
        }
        Ok(Verdict::Good)
    }

    /// Prints bytes as they are.
    pub fn bytes(&self, bytes: &[u8]) -> Result<Verdict> {
        write_out(bytes)?;
        Ok(Verdict::Good)
    }

    /// Prints the answer in the form that was asked for.
    pub fn answer(&self, json: &Value, text: impl FnOnce() -> String) -> Result<Verdict> {
        let text = if self.json { json.to_string() } else { text() };
        self.lines(&text)
    }

    /// Prints what failed, and says with which code to exit.
    pub fn failed(&self, error: &Error) -> ExitCode {
        if self.json {
            let said = json!({
                "code": error.code(),
                "message": error.zh(),
                "message_en": error.en(),
                "field": error.field(),
            });
            let _ = writeln!(std::io::stderr(), "{said}");
        } else {
            let sentence = self.say(error.zh(), error.en());
            let _ = writeln!(std::io::stderr(), "heng: {sentence} [{}]", error.code());
        }
        if let Some(source) = error.private_source() {
            tracing::error!(code = error.code(), ?source, "failed");
        }
        ExitCode::from(if error.kind() == Kind::Invalid { 2 } else { 1 })
    }
}

/// A reader that has gone away is no failure of ours.
fn write_out(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Error::internal),
    }
}

/// Writes a file that an option named.
pub fn write_file(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|source| {
        Error::invalid(
            "output",
            "file.unwritable",
            format!("无法写入 {}：{source}", path.display()),
            format!("Cannot write {}: {source}", path.display()),
        )
    })
}
