//! What a check has to say: how grave it is, a stable code, and a sentence in both languages.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The value is wrong.
    Error,
    /// The value may stand, but somebody should look.
    Warning,
    /// Worth knowing.
    Hint,
}

/// One thing a check found. It serialises as severity, code and the Chinese message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// The stable code, such as `uscc.check`.
    pub code: &'static str,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

impl Finding {
    /// A finding that makes the value wrong.
    pub fn error(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, zh: zh.into(), en: en.into() }
    }

    /// A finding that somebody should look at.
    pub fn warning(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, code, zh: zh.into(), en: en.into() }
    }

    /// A finding worth knowing.
    pub fn hint(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { severity: Severity::Hint, code, zh: zh.into(), en: en.into() }
    }

    /// Whether it makes the value wrong.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Finding", 3)?;
        out.serialize_field("severity", &self.severity)?;
        out.serialize_field("code", self.code)?;
        out.serialize_field("message", &self.zh)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_written_with_its_chinese_message() {
        let finding = Finding::warning("uscc.organisation", "请核对", "Please check");
        let json = serde_json::to_value(&finding).unwrap();
        let expected = serde_json::json!({
            "severity": "warning", "code": "uscc.organisation", "message": "请核对"
        });
        assert_eq!(json, expected);
        assert!(!finding.is_error());
        assert!(Finding::error("x", "", "").is_error());
    }
}
