//! Small low-profit enterprises (小型微利企业) for the enterprise income tax, 2023 to 2027.
//!
//! Income up to 3 million, on average up to 300 persons and 50 million of assets, and an industry
//! that is not restricted or prohibited: then a quarter of the income is taxed at 20%.

use jiff::civil::{Date, date};
use serde::Serialize;

/// The first day of the policy in this form.
pub const VALID_FROM: Date = date(2023, 1, 1);
/// The last day of the policy.
pub const VALID_TO: Date = date(2027, 12, 31);

const YUAN: i64 = 100;
const INCOME_LIMIT_FEN: i64 = 3_000_000 * YUAN;
const STAFF_LIMIT: i64 = 300;
const ASSETS_LIMIT_FEN: i64 = 50_000_000 * YUAN;

/// The figure at the beginning and at the end of a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarter {
    /// At its beginning.
    pub opening: i64,
    /// At its end.
    pub closing: i64,
}

impl Quarter {
    /// A quarter in which the figure did not move; for when only one figure is known.
    #[must_use]
    pub const fn steady(value: i64) -> Self {
        Self { opening: value, closing: value }
    }
}

/// What is known of an enterprise; money in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures<'a> {
    /// Taxable income of the year.
    pub taxable_income_fen: Option<i64>,
    /// Employees and dispatched workers, the quarters of the actual period of business.
    pub staff: &'a [Quarter],
    /// Total assets, the same quarters.
    pub assets_fen: &'a [Quarter],
    /// Whether its industry is restricted or prohibited by the state.
    pub restricted: Option<bool>,
}

/// Whether the enterprise qualifies, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `None` when a figure is missing.
    pub qualifies: Option<bool>,
    /// Why, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: String,
}

/// Whether the average of the quarters' averages is within a limit, without rounding.
fn average_within(quarters: &[Quarter], limit: i64) -> Option<bool> {
    let count = i128::try_from(quarters.len()).ok().filter(|count| *count > 0)?;
    let sum: i128 = quarters.iter().map(|q| i128::from(q.opening) + i128::from(q.closing)).sum();
    Some(sum <= i128::from(limit) * 2 * count)
}

/// Judges the figures of a year that ends on `period_end`.
#[must_use]
pub fn judge(figures: &Figures<'_>, period_end: Date) -> Verdict {
    if !(VALID_FROM..=VALID_TO).contains(&period_end) {
        return verdict(
            None,
            format!("{period_end} 不在政策执行期（{VALID_FROM} 至 {VALID_TO}）内"),
            format!("{period_end} is outside the policy's time ({VALID_FROM} to {VALID_TO})"),
        );
    }
    let conditions = [
        (
            figures.restricted.map(|restricted| !restricted),
            ("行业非国家限制或禁止", "industry neither restricted nor prohibited"),
        ),
        (
            figures.taxable_income_fen.map(|income| income <= INCOME_LIMIT_FEN),
            ("年应纳税所得额不超过 300 万元", "taxable income up to 3 million yuan"),
        ),
        (
            average_within(figures.staff, STAFF_LIMIT),
            ("从业人数平均不超过 300 人", "on average up to 300 persons"),
        ),
        (
            average_within(figures.assets_fen, ASSETS_LIMIT_FEN),
            ("资产总额平均不超过 5000 万元", "on average up to 50 million yuan of assets"),
        ),
    ];
    let names = |wanted: Option<bool>| {
        let of: Vec<_> = conditions.iter().filter(|(holds, _)| *holds == wanted).collect();
        let zh: Vec<_> = of.iter().map(|(_, (zh, _))| *zh).collect();
        let en: Vec<_> = of.iter().map(|(_, (_, en))| *en).collect();
        (zh.join("；"), en.join("; "))
    };
    let ((failed, failed_en), (missing, missing_en)) = (names(Some(false)), names(None));
    if !failed.is_empty() {
        return verdict(Some(false), format!("不符合：{failed}"), format!("Not met: {failed_en}"));
    }
    if !missing.is_empty() {
        let en = format!("Missing figures for: {missing_en}");
        return verdict(None, format!("缺少数据，无法判断：{missing}"), en);
    }
    let all = names(Some(true));
    verdict(Some(true), format!("全部符合：{}", all.0), format!("All met: {}", all.1))
}

fn verdict(qualifies: Option<bool>, reason: String, reason_en: String) -> Verdict {
    Verdict { qualifies, reason, reason_en }
}

/// The income tax of a year in fen: effectively 5% when the enterprise qualifies, else 25%.
#[must_use]
pub fn tax_fen(taxable_income_fen: i64, qualifies: bool) -> i64 {
    let percent: i128 = if qualifies { 5 } else { 25 };
    let income = i128::from(taxable_income_fen.max(0));
    // Half a fen is rounded up, as returns do.
    i64::try_from((income * percent + 50) / 100).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAN: i64 = 10_000 * YUAN;
    const END: Date = date(2025, 12, 31);

    fn judged(income: Option<i64>, staff: &[Quarter], assets_fen: &[Quarter]) -> Verdict {
        let figures =
            Figures { taxable_income_fen: income, staff, assets_fen, restricted: Some(false) };
        judge(&figures, END)
    }

    #[test]
    fn the_limits_themselves_qualify() {
        let (staff, assets) = ([Quarter::steady(300)], [Quarter::steady(5_000 * WAN)]);
        let verdict = judged(Some(300 * WAN), &staff, &assets);
        assert_eq!(verdict.qualifies, Some(true), "{}", verdict.reason);
        assert_eq!(tax_fen(300 * WAN, true), 15 * WAN);
    }

    #[test]
    fn a_little_more_income_is_taxed_in_full() {
        let (staff, assets) = ([Quarter::steady(10)], [Quarter::steady(WAN)]);
        let income = 300 * WAN + WAN / 100;
        let verdict = judged(Some(income), &staff, &assets);
        assert_eq!(verdict.qualifies, Some(false));
        assert!(verdict.reason.contains("应纳税所得额"));
        assert_eq!(tax_fen(income, false), 75 * WAN + WAN * 25 / 10_000);
    }

    #[test]
    fn averages_are_of_quarters_and_exact() {
        let grown = [
            Quarter { opening: 280, closing: 300 },
            Quarter { opening: 300, closing: 310 },
            Quarter { opening: 310, closing: 300 },
            Quarter { opening: 300, closing: 300 },
        ];
        assert_eq!(average_within(&grown, 300), Some(true));
        let more = [Quarter { opening: 300, closing: 301 }];
        assert_eq!(average_within(&more, 300), Some(false));
        assert_eq!(average_within(&[], 300), None);
    }

    #[test]
    fn missing_figures_are_named_and_a_known_miss_decides() {
        let verdict = judge(&Figures::default(), END);
        assert_eq!(verdict.qualifies, None);
        assert!(verdict.reason.contains("缺少数据"));
        let staff = [Quarter::steady(301)];
        assert_eq!(judged(None, &staff, &[]).qualifies, Some(false));
        let restricted = Figures { restricted: Some(true), ..Figures::default() };
        assert_eq!(judge(&restricted, END).qualifies, Some(false));
    }

    #[test]
    fn outside_its_time_the_policy_says_nothing() {
        assert_eq!(judge(&Figures::default(), date(2028, 12, 31)).qualifies, None);
        assert!(judge(&Figures::default(), date(2022, 12, 31)).reason.contains("执行期"));
    }

    #[test]
    fn a_loss_qualifies_and_pays_nothing() {
        let (staff, assets) = ([Quarter::steady(1)], [Quarter::steady(WAN)]);
        assert_eq!(judged(Some(-WAN), &staff, &assets).qualifies, Some(true));
        assert_eq!(tax_fen(-WAN, true), 0);
    }
}
