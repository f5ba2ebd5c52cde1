//! The industrial classification GB/T 4754-2017: its sections (门类) and divisions (大类).
//!
//! The 2011 edition numbers divisions from 79 on differently, so a code is stored with its edition.

use serde::Serialize;

use crate::Finding;
use crate::text::{half_width, is_blank, is_digits, part};

/// The edition of the tables in this file.
pub const EDITION: &str = "GB/T 4754-2017";

/// Sections: letter, Chinese name, English name.
pub const SECTIONS: [(char, &str, &str); 20] = [
    ('A', "农、林、牧、渔业", "Agriculture, forestry, animal husbandry and fishery"),
    ('B', "采矿业", "Mining"),
    ('C', "制造业", "Manufacturing"),
    ('D', "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"),
    ('E', "建筑业", "Construction"),
    ('F', "批发和零售业", "Wholesale and retail"),
    ('G', "交通运输、仓储和邮政业", "Transport, storage and post"),
    ('H', "住宿和餐饮业", "Accommodation and catering"),
    ('I', "信息传输、软件和信息技术服务业", "Information transmission, software and IT services"),
    ('J', "金融业", "Finance"),
    ('K', "房地产业", "Real estate"),
    ('L', "租赁和商务服务业", "Leasing and business services"),
    ('M', "科学研究和技术服务业", "Scientific research and technical services"),
    ('N', "水利、环境和公共设施管理业", "Water, environment and public facilities"),
    ('O', "居民服务、修理和其他服务业", "Resident, repair and other services"),
    ('P', "教育", "Education"),
    ('Q', "卫生和社会工作", "Health and social work"),
    ('R', "文化、体育和娱乐业", "Culture, sports and entertainment"),
    (
        'S',
        "公共管理、社会保障和社会组织",
        "Public administration, social security and organisations",
    ),
    ('T', "国际组织", "International organisations"),
];

/// Divisions: two digits, Chinese name, letter of the section.
pub const DIVISIONS: [(&str, &str, char); 97] = [
    ("01", "农业", 'A'),
    ("02", "林业", 'A'),
    ("03", "畜牧业", 'A'),
    ("04", "渔业", 'A'),
    ("05", "农、林、牧、渔专业及辅助性活动", 'A'),
    ("06", "煤炭开采和洗选业", 'B'),
    ("07", "石油和天然气开采业", 'B'),
    ("08", "黑色金属矿采选业", 'B'),
    ("09", "有色金属矿采选业", 'B'),
    ("10", "非金属矿采选业", 'B'),
    ("11", "开采专业及辅助性活动", 'B'),
    ("12", "其他采矿业", 'B'),
    ("13", "农副食品加工业", 'C'),
    ("14", "食品制造业", 'C'),
    ("15", "酒、饮料和精制茶制造业", 'C'),
    ("16", "烟草制品业", 'C'),
    ("17", "纺织业", 'C'),
    ("18", "纺织服装、服饰业", 'C'),
    ("19", "皮革、毛皮、羽毛及其制品和制鞋业", 'C'),
    ("20", "木材加工和木、竹、藤、棕、草制品业", 'C'),
    ("21", "家具制造业", 'C'),
    ("22", "造纸和纸制品业", 'C'),
    ("23", "印刷和记录媒介复制业", 'C'),
    ("24", "文教、工美、体育和娱乐用品制造业", 'C'),
    ("25", "石油、煤炭及其他燃料加工业", 'C'),
    ("26", "化学原料和化学制品制造业", 'C'),
    ("27", "医药制造业", 'C'),
    ("28", "化学纤维制造业", 'C'),
    ("29", "橡胶和塑料制品业", 'C'),
    ("30", "非金属矿物制品业", 'C'),
    ("31", "黑色金属冶炼和压延加工业", 'C'),
    ("32", "有色金属冶炼和压延加工业", 'C'),
    ("33", "金属制品业", 'C'),
    ("34", "通用设备制造业", 'C'),
    ("35", "专用设备制造业", 'C'),
    ("36", "汽车制造业", 'C'),
    ("37", "铁路、船舶、航空航天和其他运输设备制造业", 'C'),
    ("38", "电气机械和器材制造业", 'C'),
    ("39", "计算机、通信和其他电子设备制造业", 'C'),
    ("40", "仪器仪表制造业", 'C'),
    ("41", "其他制造业", 'C'),
    ("42", "废弃资源综合利用业", 'C'),
    ("43", "金属制品、机械和设备修理业", 'C'),
    ("44", "电力、热力生产和供应业", 'D'),
    ("45", "燃气生产和供应业", 'D'),
    ("46", "水的生产和供应业", 'D'),
    ("47", "房屋建筑业", 'E'),
    ("48", "土木工程建筑业", 'E'),
    ("49", "建筑安装业", 'E'),
    ("50", "建筑装饰、装修和其他建筑业", 'E'),
    ("51", "批发业", 'F'),
    ("52", "零售业", 'F'),
    ("53", "铁路运输业", 'G'),
    ("54", "道路运输业", 'G'),
    ("55", "水上运输业", 'G'),
    ("56", "航空运输业", 'G'),
    ("57", "管道运输业", 'G'),
    ("58", "多式联运和运输代理业", 'G'),
    ("59", "装卸搬运和仓储业", 'G'),
    ("60", "邮政业", 'G'),
    ("61", "住宿业", 'H'),
    ("62", "餐饮业", 'H'),
    ("63", "电信、广播电视和卫星传输服务", 'I'),
    ("64", "互联网和相关服务", 'I'),
    ("65", "软件和信息技术服务业", 'I'),
    ("66", "货币金融服务", 'J'),
    ("67", "资本市场服务", 'J'),
    ("68", "保险业", 'J'),
    ("69", "其他金融业", 'J'),
    ("70", "房地产业", 'K'),
    ("71", "租赁业", 'L'),
    ("72", "商务服务业", 'L'),
    ("73", "研究和试验发展", 'M'),
    ("74", "专业技术服务业", 'M'),
    ("75", "科技推广和应用服务业", 'M'),
    ("76", "水利管理业", 'N'),
    ("77", "生态保护和环境治理业", 'N'),
    ("78", "公共设施管理业", 'N'),
    ("79", "土地管理业", 'N'),
    ("80", "居民服务业", 'O'),
    ("81", "机动车、电子产品和日用产品修理业", 'O'),
    ("82", "其他服务业", 'O'),
    ("83", "教育", 'P'),
    ("84", "卫生", 'Q'),
    ("85", "社会工作", 'Q'),
    ("86", "新闻和出版业", 'R'),
    ("87", "广播、电视、电影和录音制作业", 'R'),
    ("88", "文化艺术业", 'R'),
    ("89", "体育", 'R'),
    ("90", "娱乐业", 'R'),
    ("91", "中国共产党机关", 'S'),
    ("92", "国家机构", 'S'),
    ("93", "人民政协、民主党派", 'S'),
    ("94", "社会保障", 'S'),
    ("95", "群众团体、社会团体和其他成员组织", 'S'),
    ("96", "基层群众自治组织及其他组织", 'S'),
    ("97", "国际组织", 'T'),
];

/// A code that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Industry {
    /// The edition it belongs to.
    pub edition: &'static str,
    /// The letter and all the digits given, such as `F5141`.
    pub code: String,
    /// Letter of the section.
    pub section: char,
    /// Name of the section.
    pub section_zh: &'static str,
    /// English name of the section.
    pub section_en: &'static str,
    /// Two digits of the division, when the code goes that far.
    pub division: Option<&'static str>,
    /// Name of the division.
    pub division_zh: Option<&'static str>,
}

/// Reads a code: a letter, or two to four digits with or without the letter.
///
/// # Errors
/// A finding that says why it is no code of this edition.
pub fn lookup(text: &str) -> Result<Industry, Finding> {
    let code: String = half_width(text).to_uppercase().chars().filter(|&c| !is_blank(c)).collect();
    let letter = code.chars().next().filter(char::is_ascii_uppercase);
    let digits = part(&code, usize::from(letter.is_some()), code.len());
    let known = letter.is_none_or(|c| SECTIONS.iter().any(|(section, ..)| *section == c));
    let shape = digits.is_empty() && letter.is_some()
        || (2..=4).contains(&digits.len()) && is_digits(digits);
    if !known || !shape {
        return Err(unknown(&code));
    }
    let division = DIVISIONS.iter().find(|(known, ..)| *known == part(digits, 0, 2));
    if division.is_none() && !digits.is_empty() {
        return Err(unknown(&code));
    }
    let of_division = division.map(|(.., section)| *section);
    let section = of_division.or(letter).ok_or_else(|| unknown(&code))?;
    if let Some(letter) = letter.filter(|letter| *letter != section) {
        return Err(misplaced(&code, letter, section, digits));
    }
    let (_, section_zh, section_en) =
        SECTIONS.iter().find(|(known, ..)| *known == section).ok_or_else(|| unknown(&code))?;
    Ok(Industry {
        edition: EDITION,
        code: format!("{section}{digits}"),
        section,
        section_zh,
        section_en,
        division: division.map(|(code, ..)| *code),
        division_zh: division.map(|(_, name, _)| *name),
    })
}

fn unknown(code: &str) -> Finding {
    Finding::error(
        "industry.unknown",
        format!("“{code}”不是国民经济行业分类（2017）的代码"),
        format!("{code} is not a code of {EDITION}"),
    )
}

fn misplaced(code: &str, letter: char, section: char, digits: &str) -> Finding {
    // In the 2011 edition the divisions from 79 on sat one section further.
    let older = section_in_2011(digits) == Some(letter);
    let (zh, en) = if older {
        ("，可能是 2011 版代码，请换成 2017 版", "; it may be of the 2011 edition")
    } else {
        ("", "")
    };
    Finding::error(
        "industry.section",
        format!("“{code}”的门类应为 {section}，不是 {letter}{zh}"),
        format!("{code} belongs to section {section}, not {letter}{en}"),
    )
}

/// The section a division from 79 on had in the 2011 edition.
fn section_in_2011(digits: &str) -> Option<char> {
    match part(digits, 0, 2).parse().unwrap_or(0) {
        79..=81 => Some('O'),
        82 => Some('P'),
        83..=84 => Some('Q'),
        85..=89 => Some('R'),
        90..=95 => Some('S'),
        96 => Some('T'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_divisions_run_from_01_to_97_within_their_sections() {
        for (at, (code, name, section)) in DIVISIONS.iter().enumerate() {
            assert_eq!(*code, format!("{:02}", at + 1));
            assert!(!name.is_empty());
            assert!(SECTIONS.iter().any(|(known, ..)| known == section));
        }
        assert!(DIVISIONS.is_sorted_by_key(|(.., section)| *section));
    }

    #[test]
    fn codes_are_completed_with_their_letter() {
        for (text, code, section, division) in [
            ("F5141", "F5141", 'F', Some("批发业")),
            ("5141", "F5141", 'F', Some("批发业")),
            ("7241", "L7241", 'L', Some("商务服务业")),
            ("l72", "L72", 'L', Some("商务服务业")),
            (" ６５ ", "I65", 'I', Some("软件和信息技术服务业")),
            ("011", "A011", 'A', Some("农业")),
            ("C", "C", 'C', None),
            ("T97", "T97", 'T', Some("国际组织")),
            ("7920", "N7920", 'N', Some("土地管理业")),
        ] {
            let industry = lookup(text).unwrap();
            assert_eq!(industry.code, code, "{text}");
            assert_eq!((industry.section, industry.division_zh), (section, division), "{text}");
            assert_eq!(industry.edition, "GB/T 4754-2017");
        }
    }

    #[test]
    fn refusals_say_why() {
        for (text, code) in [
            ("", "industry.unknown"),
            ("5", "industry.unknown"),
            ("U01", "industry.unknown"),
            ("00", "industry.unknown"),
            ("98", "industry.unknown"),
            ("51411", "industry.unknown"),
            ("批发", "industry.unknown"),
            ("G51", "industry.section"),
            ("O79", "industry.section"),
        ] {
            assert_eq!(lookup(text).unwrap_err().code, code, "{text}");
        }
        assert!(lookup("O79").unwrap_err().zh.contains("2011"));
        assert!(!lookup("G51").unwrap_err().zh.contains("2011"));
    }
}
