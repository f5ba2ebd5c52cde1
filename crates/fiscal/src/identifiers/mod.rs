//! Numbers that identify companies and persons: which kind a text is, whether it is right, what
//! its parts say.

use std::fmt;

use jiff::civil::Date;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::Finding;
use crate::text::{half_width, is_blank};

pub mod organisation;
pub mod resident;
pub mod taxpayer;
pub mod uscc;

/// The kinds of identifier this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Unified social credit code (统一社会信用代码), GB 32100-2015.
    Uscc,
    /// Organisation code (组织机构代码), GB 11714-1997.
    OrganisationCode,
    /// Resident identity number (居民身份证号), GB 11643-1999.
    ResidentId,
    /// Taxpayer number (纳税人识别号), with its older forms.
    TaxpayerNumber,
}

impl Kind {
    /// The Chinese name.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Uscc => "统一社会信用代码",
            Self::OrganisationCode => "组织机构代码",
            Self::ResidentId => "身份证号",
            Self::TaxpayerNumber => "纳税人识别号",
        }
    }

    /// The English name.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Uscc => "unified social credit code",
            Self::OrganisationCode => "organisation code",
            Self::ResidentId => "resident identity number",
            Self::TaxpayerNumber => "taxpayer number",
        }
    }
}

/// One part of an identifier: its key, its Chinese name and what it says.
pub type Part = (&'static str, &'static str, String);

/// What one kind's rules say of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// The parts that could be read.
    pub parts: Vec<Part>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Assessment {
    /// Whether nothing found makes the text wrong.
    #[must_use]
    pub fn valid(&self) -> bool {
        !self.findings.iter().any(Finding::is_error)
    }

    /// An assessment that consists of one refusal.
    fn refused(finding: Finding) -> Self {
        Self { parts: Vec::new(), findings: vec![finding] }
    }
}

/// The answer of [`check`]. `Debug` leaves the number out, because it may be a person's.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The kind that was asked for, else the kind that fits best.
    pub kind: Kind,
    /// Every kind that fits.
    pub kinds: Vec<Kind>,
    /// The text as it should be stored.
    pub normalised: String,
    /// What the parts of the number say.
    #[serde(serialize_with = "parts_as_map")]
    pub parts: Vec<Part>,
    /// Whether the number is right: as the kind asked for, else as any kind.
    pub valid: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<_> = self.findings.iter().map(|finding| finding.code).collect();
        f.debug_struct("Report")
            .field("kind", &self.kind)
            .field("kinds", &self.kinds)
            .field("valid", &self.valid)
            .field("findings", &codes)
            .finish_non_exhaustive()
    }
}

fn parts_as_map<S: Serializer>(parts: &[Part], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(parts.len()))?;
    for (key, _, value) in parts {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// The text as identifiers are stored: no blanks or hyphens, half-width, upper-case.
#[must_use]
pub fn normalise(text: &str) -> String {
    let narrow = half_width(text);
    // A leading apostrophe is how workbooks force text.
    let bare = narrow.trim_matches(is_blank);
    let bare = bare.strip_prefix('\'').unwrap_or(bare);
    let is_hyphen = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{00AD}');
    bare.chars().filter(|&c| !is_blank(c) && !is_hyphen(c)).flat_map(char::to_uppercase).collect()
}

/// Checks a text as the kind asked for, or finds the kind itself.
#[must_use]
pub fn check(text: &str, kind: Option<Kind>, today: Date) -> Report {
    let normalised = normalise(text);
    let fits: Vec<(Kind, Assessment)> = candidates(&normalised)
        .iter()
        .map(|&kind| (kind, assess(kind, &normalised, today)))
        .filter(|(_, assessment)| assessment.valid())
        .collect();
    let mut kinds: Vec<Kind> = fits.iter().map(|(kind, _)| *kind).collect();
    let asked = kind.is_some();
    let chosen = kind.or_else(|| kinds.first().copied()).unwrap_or_else(|| guess(&normalised));
    let Assessment { parts, mut findings } = assess(chosen, &normalised, today);
    let valid = !findings.iter().any(Finding::is_error);
    if valid && !kinds.contains(&chosen) {
        kinds.insert(0, chosen);
    }
    if !asked && kinds.len() > 1 {
        findings.push(ambiguous(&kinds));
    } else if let (false, Some(&other)) = (valid, kinds.first()) {
        findings.push(Finding::hint(
            "id.other_kind",
            format!("这个号码符合{}的规则，请确认是否填错了栏目", other.zh()),
            format!("This number fits the rules of a {}; is it in the right field?", other.en()),
        ));
    }
    Report { kind: chosen, kinds, normalised, parts, valid, findings }
}

fn ambiguous(kinds: &[Kind]) -> Finding {
    let zh: Vec<_> = kinds.iter().map(|kind| kind.zh()).collect();
    let en: Vec<_> = kinds.iter().map(|kind| kind.en()).collect();
    Finding::hint(
        "id.ambiguous",
        format!("这个号码同时符合{}的规则，请人工确认", zh.join("和")),
        format!("This number fits more than one kind: {}", en.join(", ")),
    )
}

/// The kinds worth trying. An 18-character taxpayer number is one of the first two anyway.
fn candidates(normalised: &str) -> &'static [Kind] {
    match normalised.len() {
        18 => &[Kind::Uscc, Kind::ResidentId],
        9 => &[Kind::OrganisationCode],
        15 => &[Kind::ResidentId, Kind::TaxpayerNumber],
        _ => &[Kind::TaxpayerNumber],
    }
}

/// The kind a wrong text was most likely meant to be.
fn guess(normalised: &str) -> Kind {
    match normalised.chars().count() {
        8..=10 => Kind::OrganisationCode,
        19..=21 if taxpayer::looks_like_twenty(normalised) => Kind::TaxpayerNumber,
        _ if resident::looks_like(normalised) => Kind::ResidentId,
        _ => Kind::Uscc,
    }
}

fn assess(kind: Kind, normalised: &str, today: Date) -> Assessment {
    match kind {
        Kind::Uscc => uscc::assess(normalised),
        Kind::OrganisationCode => organisation::assess(normalised),
        Kind::ResidentId => resident::assess(normalised, today),
        Kind::TaxpayerNumber => taxpayer::assess(normalised, today),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn today() -> Date {
        date(2026, 1, 15)
    }

    #[test]
    fn blanks_hyphens_width_and_case_do_not_matter() {
        assert_eq!(normalise(" 9 1110000-600037341l "), "91110000600037341L");
        assert_eq!(normalise("９１１１００００６０００３７３４１ｌ"), "91110000600037341L");
        assert_eq!(normalise("'60003734-1\u{200B}"), "600037341");
        assert!(check(" 9 1110000-600037341l ", None, today()).valid);
    }

    #[test]
    fn the_kind_is_found_from_the_number() {
        for (text, kind) in [
            ("91110000600037341L", Kind::Uscc),
            ("11010519491231002X", Kind::ResidentId),
            ("60003734-1", Kind::OrganisationCode),
            ("11010519491231002X01", Kind::TaxpayerNumber),
        ] {
            let report = check(text, None, today());
            assert!(report.valid, "{text}: {report:?}");
            assert_eq!(report.kinds, vec![kind], "{text}");
            assert_eq!(report.kind, kind);
        }
    }

    #[test]
    fn what_fits_nothing_gets_the_best_guess_with_its_errors() {
        for (text, kind, code) in [
            ("91110000600037341K", Kind::Uscc, "uscc.check"),
            ("9111000060003734OL", Kind::Uscc, "uscc.characters"),
            ("9111000060003734L", Kind::Uscc, "uscc.length"),
            ("91110000600037341L1", Kind::Uscc, "uscc.length"),
            ("01110000600037341L", Kind::Uscc, "uscc.department"),
            ("110105194912310021", Kind::ResidentId, "resident.check"),
            ("310104190002290018", Kind::ResidentId, "resident.date"),
            ("600037342", Kind::OrganisationCode, "organisation.check"),
            ("", Kind::Uscc, "uscc.length"),
        ] {
            let report = check(text, None, today());
            assert!(!report.valid, "{text}");
            assert_eq!(report.kind, kind, "{text}");
            assert!(report.kinds.is_empty(), "{text}");
            assert!(report.findings.iter().any(|f| f.code == code), "{text}: {report:?}");
        }
    }

    #[test]
    fn a_number_that_fits_two_kinds_lists_both_with_a_hint() {
        let both = (0..999)
            .filter_map(|n| resident::complete(&format!("11010518990101{n:03}")))
            .find(|id| uscc::assess(id).valid())
            .expect("one in about thirty fits both");
        let report = check(&both, None, today());
        assert!(report.valid);
        assert_eq!(report.kinds, vec![Kind::Uscc, Kind::ResidentId]);
        assert!(report.findings.iter().any(|f| f.code == "id.ambiguous"));
        let asked = check(&both, Some(Kind::ResidentId), today());
        assert_eq!(asked.kind, Kind::ResidentId);
        assert!(asked.valid && asked.findings.iter().all(|f| f.code != "id.ambiguous"));
    }

    #[test]
    fn a_number_in_the_wrong_field_says_which_kind_it_is() {
        let report = check("11010519491231002X", Some(Kind::Uscc), today());
        assert!(!report.valid);
        assert_eq!(report.kinds, vec![Kind::ResidentId]);
        assert!(report.findings.iter().any(|f| f.code == "id.other_kind"));
    }

    #[test]
    fn a_report_is_written_as_the_interface_promises_and_hides_the_number_from_logs() {
        let report = check("91110000600037341L", None, today());
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["kind"], "uscc");
        assert_eq!(json["kinds"], serde_json::json!(["uscc"]));
        assert_eq!(json["normalised"], "91110000600037341L");
        assert_eq!(json["valid"], true);
        assert_eq!(json["parts"]["org_code"], "60003734-1");
        assert_eq!(json["findings"], serde_json::json!([]));
        assert!(!format!("{report:?}").contains("60003734"));
    }

    proptest! {
        #[test]
        fn no_text_whatever_upsets_the_checks(text in ".{0,30}") {
            let once = normalise(&text);
            let _ = check(&text, None, today());
            for kind in
                [Kind::Uscc, Kind::OrganisationCode, Kind::ResidentId, Kind::TaxpayerNumber]
            {
                let _ = check(&text, Some(kind), today());
            }
            prop_assert!(!once.contains(' ') && !once.contains('-'));
        }
    }
}
