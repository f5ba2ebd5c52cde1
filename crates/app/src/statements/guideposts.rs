//! What is usual for a ratio (经验值): as it ships, as the firm sees it, or as an industry has it.

use fiscal::analysis::Book;
use fiscal::analysis::ratios::{self, Better, Facts, Guidepost, Measure, Ratio};
use trust::access::Actor;
use trust::record::Change;
use values::{Error, Period, Result};

use super::actions::{ChangeGuideposts, ReadChart};
use super::operations::signed;
use super::rows_analysis::{self, GuidepostRow};
use crate::App;

/// Whose experience a guidepost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// As it ships.
    Usual,
    /// The firm's.
    Firm,
    /// The firm's for the client's industry.
    Industry,
}

/// The firm's guidepost for a ratio of a client in an industry, such as `C13`: the division's
/// before the section's before the firm's; none where the usual one holds.
#[must_use]
pub fn own(rows: &[GuidepostRow], industry: &str, ratio: &str) -> Option<(Guidepost, Source)> {
    let letter = industry.get(0..1).unwrap_or_default();
    let division = industry.get(1..3).unwrap_or_default();
    let last = |of: &str| {
        let mut all = rows.iter().rev();
        all.find(|row| row.ratio == ratio && row.industry == of).and_then(|row| row.guidepost)
    };
    let narrow = [division, letter].into_iter().filter(|of| !of.is_empty()).find_map(last);
    narrow
        .map(|guidepost| (guidepost, Source::Industry))
        .or_else(|| last("").map(|guidepost| (guidepost, Source::Firm)))
}

/// A ratio as people write it: `40.67%`, `2.01`, `20.9 天`.
#[must_use]
pub fn written(measure: Measure, value: i64) -> String {
    let (drop, digits, unit) = match measure {
        Measure::Percent => (1, 2, "%"),
        Measure::Times => (100, 2, ""),
        Measure::Days => (1_000, 1, " 天"),
    };
    let sign = if value < 0 { "-" } else { "" };
    // Half away from zero, as everywhere.
    let rounded = (value.unsigned_abs() + drop / 2) / drop;
    let base = 10_u64.pow(digits);
    let width = usize::try_from(digits).unwrap_or(0);
    format!("{sign}{}.{:0width$}{unit}", rounded / base, rounded % base)
}

/// The ratios as they ship, without any figure.
#[must_use]
pub fn shipped(period: Period) -> Vec<Ratio> {
    ratios::ratios(Book::new(&[]), period, &Facts::default(), |_| None)
}

/// All changes of guideposts, the oldest first.
///
/// # Errors
/// Denied without the right.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<GuidepostRow>> {
    let permit = app.access.authorize::<ReadChart>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    rows_analysis::guideposts(&mut tx).await
}

/// A section's letter or a division's digits as they are kept; empty for the whole firm.
fn industry(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let found = fiscal::industries::lookup(text).map_err(|finding| {
        Error::invalid("industry", "guidepost.industry", finding.zh, finding.en)
    })?;
    Ok(found.division.map_or_else(|| found.section.to_string(), str::to_owned))
}

fn checked(guidepost: Option<Guidepost>) -> Result<()> {
    let Some(Guidepost { better, good, alarm }) = guidepost else { return Ok(()) };
    let ordered = match better {
        Better::Lower => good <= alarm,
        Better::Higher => good >= alarm,
    };
    if ordered {
        return Ok(());
    }
    Err(Error::invalid(
        "alarm",
        "guidepost.order",
        "警戒值须在良好值的另一侧：越低越好时不小于良好值，越高越好时不大于良好值",
        "The alarm lies beyond the good value: above it where lower is better, else below it",
    ))
}

/// Changes what is held for usual in a ratio, for the firm or one industry; each change is a
/// version. Without a guidepost the wider one holds again.
///
/// # Errors
/// Invalid for an unknown ratio or industry, or values in the wrong order; Denied without the
/// right.
pub async fn change(
    app: &App,
    actor: &Actor,
    (ratio, of): (&str, &str),
    guidepost: Option<Guidepost>,
) -> Result<i64> {
    let permit = app.access.authorize::<ChangeGuideposts>(actor, ()).await?;
    let today = Period::month_of(app.today()).ok_or_else(|| Error::internal("no month today"))?;
    if !shipped(today).iter().any(|known| known.id == ratio) {
        let (zh, en) = ("没有这个指标", "There is no such ratio");
        return Err(Error::invalid("ratio", "guidepost.ratio", zh, en));
    }
    let industry = industry(of)?;
    checked(guidepost)?;
    let mut tx = app.db.write(&permit).await?;
    let number = rows_analysis::guideposts(&mut tx).await?.last().map_or(0, |last| last.number) + 1;
    let row = GuidepostRow {
        number,
        ratio: ratio.to_owned(),
        industry: industry.clone(),
        guidepost,
        signed: signed(app, actor),
    };
    rows_analysis::add_guidepost(&mut tx, &row).await?;
    let place = if industry.is_empty() { ratio.to_owned() } else { format!("{ratio}.{industry}") };
    let change = Change::none().fields([place]).versions(Some(number - 1), number);
    tx.commit(permit.entry(change)).await?;
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::rows::Signed;

    fn row(number: i64, industry: &str, good: Option<i64>) -> GuidepostRow {
        let signed = Signed {
            id: values::UserId::from_bytes(&[0; 16]).unwrap(),
            name: String::new(),
            at: values::Micros(0),
        };
        let guidepost = good.map(|good| Guidepost { better: Better::Lower, good, alarm: 9_999 });
        GuidepostRow { number, ratio: "R01".into(), industry: industry.into(), guidepost, signed }
    }

    #[test]
    fn the_narrowest_guidepost_holds_until_it_is_taken_back() {
        let mut rows = vec![row(1, "", Some(1)), row(2, "C", Some(2)), row(3, "13", Some(3))];
        let good = |rows: &[GuidepostRow], industry| {
            own(rows, industry, "R01").map(|(guidepost, source)| (guidepost.good, source))
        };
        assert_eq!(good(&rows, "C1311"), Some((3, Source::Industry)));
        assert_eq!(good(&rows, "C14"), Some((2, Source::Industry)));
        assert_eq!(good(&rows, "F51"), Some((1, Source::Firm)));
        assert_eq!(own(&rows, "C13", "R02"), None);
        rows.push(row(4, "13", None));
        assert_eq!(good(&rows, "C13"), Some((2, Source::Industry)));
        rows.push(row(5, "", None));
        assert_eq!(good(&rows, ""), None);
    }

    #[test]
    fn ratios_are_written_as_people_read_them() {
        assert_eq!(written(Measure::Percent, 4_067), "40.67%");
        assert_eq!(written(Measure::Times, 20_149), "2.01");
        assert_eq!(written(Measure::Times, -50), "-0.01");
        assert_eq!(written(Measure::Days, 209_400), "20.9 天");
    }

    #[test]
    fn an_industry_is_a_section_or_a_division() {
        assert_eq!(industry("c").unwrap(), "C");
        assert_eq!(industry("C1311").unwrap(), "13");
        assert_eq!(industry(" ").unwrap(), "");
        assert!(industry("Z").is_err());
    }
}
