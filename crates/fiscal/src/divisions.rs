//! Administrative divisions (GB/T 2260) by their six-digit code.
//!
//! Codes are withdrawn and assigned anew over the years, so a code that is not in the table is
//! worth a hint at most and never blocks anything.

use std::sync::OnceLock;

static TABLE: &str = include_str!("divisions.csv");

/// What a six-digit code names, as far as the table knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Province, autonomous region or municipality.
    pub province: Option<&'static str>,
    /// City, prefecture or league; `None` also for the filler levels such as 市辖区.
    pub city: Option<&'static str>,
    /// County, district or banner.
    pub county: Option<&'static str>,
}

impl Place {
    /// The known names one after the other: 广东省深圳市南山区.
    #[must_use]
    pub fn text(&self) -> String {
        [self.province, self.city, self.county].into_iter().flatten().collect()
    }
}

fn rows() -> &'static [(&'static str, &'static str)] {
    static ROWS: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    ROWS.get_or_init(|| TABLE.lines().filter_map(|line| line.split_once(',')).collect())
}

fn exact(code: &str) -> Option<&'static str> {
    let rows = rows();
    let at = rows.binary_search_by(|(known, _)| (*known).cmp(code)).ok()?;
    rows.get(at).map(|(_, name)| *name)
}

/// Levels of the table that only fill a gap in the numbering.
fn is_filler(name: &str) -> bool {
    matches!(name, "市辖区" | "县") || name.contains("直辖县级")
}

/// The name of a province (2 or 6 digits), city (4 or 6) or county (6).
#[must_use]
pub fn name_of(code: &str) -> Option<&'static str> {
    match code.len() {
        2 | 4 | 6 => exact(&format!("{code:0<6}")),
        _ => None,
    }
}

/// What the code names at each level; a withdrawn county still gives its city and province.
#[must_use]
pub fn place(code: &str) -> Place {
    let level = |digits: usize| {
        let name = name_of(code.get(..digits)?)?;
        (!is_filler(name)).then_some(name)
    };
    let ends_in = |from: usize| code.get(from..).is_some_and(|t| !t.bytes().all(|b| b == b'0'));
    Place {
        province: level(2),
        city: ends_in(2).then(|| level(4)).flatten(),
        county: ends_in(4).then(|| level(6)).flatten(),
    }
}

/// All provinces as (six-digit code, name).
pub fn provinces() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows().iter().copied().filter(|(code, _)| code.ends_with("0000"))
}

/// The cities of a province (its code may have 2 or 6 digits) as (six-digit code, name).
pub fn cities(province: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let prefix = province.get(..2).unwrap_or("??").to_owned();
    rows().iter().copied().filter(move |(code, name)| {
        code.starts_with(&prefix)
            && code.ends_with("00")
            && !code.ends_with("0000")
            && !is_filler(name)
    })
}

/// How a place name is shortened in addresses: 河北省 → 河北, 内蒙古自治区 → 内蒙古.
fn short(name: &'static str) -> &'static str {
    const TAILS: [&str; 9] = [
        "维吾尔自治区",
        "壮族自治区",
        "回族自治区",
        "特别行政区",
        "自治区",
        "地区",
        "省",
        "市",
        "盟",
    ];
    TAILS.into_iter().find_map(|tail| name.strip_suffix(tail)).unwrap_or(name)
}

/// How many bytes at the start of an address name the province, city and county.
#[must_use]
pub fn prefix_of_address(address: &str) -> usize {
    let mut at = 0;
    for level in 0..3 {
        let rest = address.get(at..).unwrap_or("");
        at += longest_name(rest, level);
    }
    at
}

/// The length of the longest name of a level (0 province, 1 city, 2 county) the text starts with.
fn longest_name(text: &str, level: u8) -> usize {
    let of_level = |code: &str| match level {
        0 => code.ends_with("0000"),
        1 => code.ends_with("00") && !code.ends_with("0000"),
        _ => !code.ends_with("00"),
    };
    let starts = |name: &'static str| {
        if text.starts_with(name) {
            return name.len();
        }
        let short = short(name);
        // County names lose nothing in addresses, and short ones would match street names.
        if level < 2 && short.chars().count() >= 2 && text.starts_with(short) {
            return short.len();
        }
        0
    };
    let names = rows().iter().filter(|(code, name)| of_level(code) && !is_filler(name));
    names.map(|(_, name)| starts(name)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert!(rows().is_sorted());
        assert!(rows().len() > 3_300, "{}", rows().len());
        assert!(rows().iter().all(|(code, name)| code.len() == 6 && !name.is_empty()));
        assert_eq!(provinces().count(), 34);
    }

    #[test]
    fn a_code_names_province_city_and_county() {
        assert_eq!(place("440305").text(), "广东省深圳市南山区");
        assert_eq!(place("110105").text(), "北京市朝阳区");
        assert_eq!(place("440300").text(), "广东省深圳市");
        assert_eq!(place("810000").text(), "香港特别行政区");
        assert_eq!(name_of("44"), Some("广东省"));
        assert_eq!(name_of("4403"), Some("深圳市"));
    }

    #[test]
    fn a_withdrawn_county_keeps_its_city() {
        assert_eq!(place("440399").county, None);
        assert_eq!(place("440399").text(), "广东省深圳市");
        assert_eq!(place("990000"), Place::default());
        assert_eq!(name_of(""), None);
        assert_eq!(place("四"), Place::default());
    }

    #[test]
    fn cities_belong_to_their_province() {
        assert_eq!(cities("44").count(), 21);
        assert!(cities("440000").any(|(code, name)| code == "440300" && name == "深圳市"));
        assert_eq!(cities("").count(), 0);
    }

    #[test]
    fn an_address_begins_with_known_places_only() {
        let kept = |text: &'static str| text.get(..prefix_of_address(text)).unwrap();
        assert_eq!(kept("广东省深圳市南山区科苑路8号"), "广东省深圳市南山区");
        assert_eq!(kept("深圳市南山区科苑路8号"), "深圳市南山区");
        assert_eq!(kept("上海市宝山区沪太路1号"), "上海市宝山区");
        assert_eq!(kept("沧州市阳光小区5号"), "沧州市");
        assert_eq!(kept("幸福路5号"), "");
        assert_eq!(kept(""), "");
    }
}
