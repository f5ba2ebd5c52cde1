//! Chinese numerals as amounts are written on paper: 壹佰万元整, 一千二百三十四万.

/// The everyday numeral of one written against forgery.
const fn plain(c: char) -> char {
    match c {
        '壹' => '一',
        '贰' | '貳' | '弍' | '两' | '兩' => '二',
        '叁' | '參' | '叄' => '三',
        '肆' => '四',
        '伍' => '五',
        '陆' | '陸' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '〇' => '零',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        '萬' => '万',
        '億' => '亿',
        other => other,
    }
}

const fn digit(c: char) -> Option<i128> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

const fn unit(c: char) -> Option<i128> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        _ => return None,
    })
}

/// Whether a character belongs to a Chinese numeral.
pub fn is_numeral(c: char) -> bool {
    let c = plain(c);
    digit(c).is_some() || unit(c).is_some() || matches!(c, '零' | '万' | '亿')
}

/// A whole number in Chinese numerals; nothing where it is not written out without doubt.
///
/// `一百二` is said for 120 and might mean 102, so it is not read.
pub fn read(text: &str) -> Option<i128> {
    let text: String = text.chars().map(plain).collect();
    let (high, low) = text.split_once('亿').map_or((None, text.as_str()), |(h, l)| (Some(h), l));
    let low = match (high, low) {
        (Some(_), "") => 0,
        _ => ten_thousands(low)?,
    };
    let high = high.map_or(Some(0), ten_thousands)?;
    Some(high * 100_000_000 + low)
}

/// Below 亿.
fn ten_thousands(text: &str) -> Option<i128> {
    match text.split_once('万') {
        None => section(text),
        Some((high, "")) => Some(section(high)? * 10_000),
        Some((high, low)) => Some(section(high)? * 10_000 + section(low)?),
    }
}

/// Four places: thousands to ones.
fn section(text: &str) -> Option<i128> {
    let (mut sum, mut waiting, mut last, mut skipped) = (0, None, 10_000, false);
    if text == "零" {
        return Some(0);
    }
    for c in text.chars() {
        if let Some(value) = digit(c) {
            if waiting.replace(value).is_some() {
                return None;
            }
        } else if let Some(by) = unit(c) {
            // 十 at the beginning is 一十.
            let value = waiting.take().or_else(|| (by == 10 && sum == 0).then_some(1))?;
            if by >= last {
                return None;
            }
            sum += value * by;
            (last, skipped) = (by, false);
        } else if c == '零' && waiting.is_none() {
            skipped = true;
        } else {
            return None;
        }
    }
    match waiting {
        Some(value) if last == 10_000 || last == 10 || skipped => Some(sum + value),
        Some(_) => None,
        None => (sum > 0 && !skipped).then_some(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_written_out_are_read() {
        for (text, number) in [
            ("壹", 1),
            ("十", 10),
            ("拾伍", 15),
            ("一百零五", 105),
            ("一百二十", 120),
            ("壹佰万", 1_000_000),
            ("壹仟贰佰叁拾肆万伍仟陆佰柒拾捌", 12_345_678),
            ("一千零一万零一", 10_010_001),
            ("叁亿", 300_000_000),
            ("一亿零五百万", 105_000_000),
            ("两千万", 20_000_000),
            ("零", 0),
        ] {
            assert_eq!(read(text), Some(number), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_numbers_is_not_read() {
        for text in
            ["", "一百二", "二〇〇", "百万", "一百千", "万", "亿", "一二", "一十百", "一百零"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
