//! The unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters of 31 symbols.

use super::{Assessment, organisation};
use crate::text::{is_digits, part, weighted};
use crate::{Finding, divisions};

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A registering department: its sign, its name, the bodies it registers.
type Department = (char, &'static str, &'static [(char, &'static str)]);

/// Registering departments (position 1) and the kinds of body each one registers (position 2).
const DEPARTMENTS: [Department; 12] = [
    (
        '1',
        "机构编制",
        &[
            ('1', "机关"),
            ('2', "事业单位"),
            ('3', "中央编办直接管理机构编制的群众团体"),
            ('9', "其他"),
        ],
    ),
    ('2', "外交", &[('1', "外国常驻新闻机构"), ('9', "其他")]),
    (
        '3',
        "司法行政",
        &[
            ('1', "律师执业机构"),
            ('2', "公证处"),
            ('3', "基层法律服务所"),
            ('4', "司法鉴定机构"),
            ('5', "仲裁委员会"),
            ('9', "其他"),
        ],
    ),
    ('4', "文化", &[('1', "外国在华文化中心"), ('9', "其他")]),
    ('5', "民政", &[('1', "社会团体"), ('2', "民办非企业单位"), ('3', "基金会"), ('9', "其他")]),
    (
        '6',
        "旅游",
        &[
            ('1', "外国旅游部门常驻代表机构"),
            ('2', "港澳台地区旅游部门常驻内地（大陆）代表机构"),
            ('9', "其他"),
        ],
    ),
    ('7', "宗教", &[('1', "宗教活动场所"), ('2', "宗教院校"), ('9', "其他")]),
    ('8', "工会", &[('1', "基层工会"), ('9', "其他")]),
    ('9', "市场监管", &[('1', "企业"), ('2', "个体工商户"), ('3', "农民专业合作社")]),
    ('A', "中央军委改革和编制办公室", &[('1', "军队事业单位"), ('9', "其他")]),
    (
        'N',
        "农业",
        &[
            ('1', "组级集体经济组织"),
            ('2', "村级集体经济组织"),
            ('3', "乡镇级集体经济组织"),
            ('9', "其他"),
        ],
    ),
    ('Y', "其他", &[('1', "其他")]),
];

fn value(c: char) -> Option<u32> {
    ALPHABET.find(c).and_then(|at| u32::try_from(at).ok())
}

/// The check character of the first seventeen; `None` when they are not seventeen symbols.
#[must_use]
pub fn check_character(first17: &str) -> Option<char> {
    let sum = weighted(first17, &WEIGHTS, value)?;
    ALPHABET.chars().nth(usize::try_from((31 - sum % 31) % 31).ok()?)
}

/// The whole code of the first seventeen characters.
#[must_use]
pub fn complete(first17: &str) -> Option<String> {
    Some(format!("{first17}{}", check_character(first17)?))
}

/// Checks a normalised text as a unified social credit code.
#[must_use]
pub fn assess(code: &str) -> Assessment {
    let length = code.chars().count();
    if length == 15 && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Assessment::refused(Finding::error(
            "uscc.old_15",
            "这是 15 位的旧注册号，不是统一社会信用代码，请向客户索取 18 位代码",
            "This is an old 15-digit registration number; ask for the 18-character code",
        ));
    }
    if length != 18 {
        return Assessment::refused(Finding::error(
            "uscc.length",
            format!("统一社会信用代码应为 18 位，现为 {length} 位"),
            format!("A unified social credit code has 18 characters, not {length}"),
        ));
    }
    if let Some((at, c)) = code.chars().enumerate().find(|(_, c)| value(*c).is_none()) {
        return Assessment::refused(Finding::error(
            "uscc.characters",
            format!("第 {} 位“{c}”不是代码用字（不使用 I、O、S、V、Z）", at + 1),
            format!("Character {} ({c}) is not used in codes (no I, O, S, V, Z)", at + 1),
        ));
    }
    let mut assessment = Assessment::default();
    prefix(code, &mut assessment);
    region(part(code, 2, 8), &mut assessment);
    inner(part(code, 8, 17), &mut assessment);
    let check = part(code, 17, 18);
    assessment.parts.push(("check", "校验码", check.to_owned()));
    if check_character(part(code, 0, 17)) != check.chars().next() {
        assessment.findings.push(Finding::error(
            "uscc.check",
            "校验码不符，代码中可能有录入错误",
            "The check character does not match; a character may be mistyped",
        ));
    }
    assessment
}

fn prefix(code: &str, assessment: &mut Assessment) {
    let (Some(first), Some(second)) = (code.chars().next(), code.chars().nth(1)) else { return };
    let Some((_, department, kinds)) = DEPARTMENTS.iter().find(|(c, ..)| *c == first) else {
        assessment.findings.push(Finding::error(
            "uscc.department",
            format!("第 1 位“{first}”不是已分配的登记管理部门代码"),
            format!("Character 1 ({first}) is not an assigned registering department"),
        ));
        return;
    };
    assessment.parts.push(("reg_dept", "登记管理部门", (*department).to_owned()));
    if let Some((_, kind)) = kinds.iter().find(|(c, _)| *c == second) {
        assessment.parts.push(("org_kind", "机构类别", (*kind).to_owned()));
        return;
    }
    let zh = format!("第 2 位“{second}”不是{department}部门登记的机构类别");
    let en = format!("Character 2 ({second}) is not a kind of body this department registers");
    // Real registers carry a few digits that the published table does not list, such as 99.
    assessment.findings.push(if matches!(second, '1'..='9') {
        Finding::warning("uscc.kind", zh, en)
    } else {
        Finding::error("uscc.kind", zh, en)
    });
}

fn region(code: &str, assessment: &mut Assessment) {
    assessment.parts.push(("region_code", "登记机关行政区划", code.to_owned()));
    if !is_digits(code) {
        assessment.findings.push(Finding::error(
            "uscc.region_digits",
            "第 3 至 8 位应为六位数字的行政区划码",
            "Characters 3 to 8 must be a six-digit division code",
        ));
        return;
    }
    if code == "100000" {
        assessment.parts.push(("region_name", "登记机关所在地", "国家登记机关".to_owned()));
        return;
    }
    let name = divisions::place(code).text();
    if !name.is_empty() {
        assessment.parts.push(("region_name", "登记机关所在地", name));
    }
    if divisions::name_of(code).is_none() {
        assessment.findings.push(Finding::hint(
            "uscc.region",
            format!("行政区划码 {code} 不在现行区划表中，可能已撤销"),
            format!("Division {code} is not in the present table; it may have been withdrawn"),
        ));
    }
}

fn inner(code: &str, assessment: &mut Assessment) {
    let written = format!("{}-{}", part(code, 0, 8), part(code, 8, 9));
    assessment.parts.push(("org_code", "组织机构代码", written));
    if !organisation::assess(code).valid() {
        assessment.findings.push(Finding::warning(
            "uscc.organisation",
            "第 9 至 17 位的组织机构代码校验位不符，请与营业执照核对",
            "The inner organisation code fails its own check digit; compare with the licence",
        ));
    }
}

/// What to say when a client is entered as an enterprise under another prefix than 91.
#[must_use]
pub fn expects_enterprise(code: &str) -> Option<Finding> {
    let code = super::normalise(code);
    let (zh, en) = match code.get(..2) {
        Some("91") => return None,
        Some("92") => ("个体工商户", "a sole proprietor"),
        Some("93") => ("农民专业合作社", "a farmers' co-operative"),
        _ => ("非企业单位", "a body that is not an enterprise"),
    };
    Some(Finding::warning(
        "uscc.not_enterprise",
        format!("企业的代码以 91 开头，这个代码属于{zh}"),
        format!("Codes of enterprises start with 91; this one belongs to {en}"),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PUBLIC: [&str; 10] = [
        "91110000600037341L",
        "914403001922038216",
        "9144030071526726XG",
        "91330100799655058B",
        "91110108551385082Q",
        "91110000802100433B",
        "91440300708461136T",
        "91310000132260250X",
        "9144030010001686XA",
        "91440606722473344C",
    ];
    const SYNTHETIC: [&str; 9] = [
        "91110105MA00ABC16K",
        "91310115MA1K23452A",
        "91440305MA5EXYW80D",
        "92330106MA2B7Q3X97",
        "93510107MA6DP1R944",
        "52420000MJB123456M",
        "12370000MB1X23458R",
        "31350000MD0P778842",
        "9132059478901234XU",
    ];

    fn codes(text: &str) -> Vec<&'static str> {
        assess(text).findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn weights_are_the_powers_of_three() {
        let mut power = 1;
        for weight in WEIGHTS {
            assert_eq!(weight, power);
            power = power * 3 % 31;
        }
    }

    #[test]
    fn known_codes_pass_both_checks() {
        for code in PUBLIC.iter().chain(&SYNTHETIC) {
            let assessment = assess(code);
            assert!(assessment.valid(), "{code}");
            let inner = assessment.findings.iter().any(|f| f.code == "uscc.organisation");
            assert!(!inner, "{code}");
            assert_eq!(complete(&code[..17]).as_deref(), Some(*code));
        }
    }

    #[test]
    fn the_worked_example_gives_l() {
        assert_eq!(weighted("91110000600037341", &WEIGHTS, value), Some(538));
        assert_eq!(check_character("91110000600037341"), Some('L'));
        assert_eq!(check_character("9111000060003734"), None);
    }

    #[test]
    fn each_mistake_has_its_own_reason() {
        for (code, reason) in [
            ("91110000600037341K", "uscc.check"),
            ("9111000060003734OL", "uscc.characters"),
            ("9111000060003734L", "uscc.length"),
            ("91110000600037341L1", "uscc.length"),
            ("01110000600037341L", "uscc.department"),
            ("9011000060003734L1", "uscc.kind"),
            ("911100A0600037341L", "uscc.region_digits"),
            ("110105000000017", "uscc.old_15"),
            ("", "uscc.length"),
            ("统一社会信用代码统一社会信用代码代码", "uscc.characters"),
        ] {
            assert!(!assess(code).valid(), "{code}");
            assert!(codes(code).contains(&reason), "{code}: {:?}", codes(code));
        }
    }

    #[test]
    fn an_inner_miss_is_a_warning_and_an_unknown_region_a_hint() {
        let code = complete("91440300192203820").unwrap();
        assert!(assess(&code).valid());
        assert_eq!(codes(&code), vec!["uscc.organisation"]);
        let moved = complete("91440399192203821").unwrap();
        assert!(assess(&moved).valid());
        assert_eq!(codes(&moved), vec!["uscc.region"]);
        assert_eq!(codes(&complete("99440300192203821").unwrap()), vec!["uscc.kind"]);
        assert!(codes(&complete("91100000192203821").unwrap()).is_empty());
    }

    #[test]
    fn the_parts_say_who_registered_what_and_where() {
        let parts = assess("914403001922038216").parts;
        let of = |key| parts.iter().find(|(k, ..)| *k == key).map(|(.., v)| v.as_str());
        assert_eq!(of("reg_dept"), Some("市场监管"));
        assert_eq!(of("org_kind"), Some("企业"));
        assert_eq!(of("region_name"), Some("广东省深圳市"));
        assert_eq!(of("org_code"), Some("19220382-1"));
        assert_eq!(of("check"), Some("6"));
    }

    #[test]
    fn an_enterprise_is_expected_under_91() {
        assert_eq!(expects_enterprise("91110000600037341L"), None);
        for code in ["92330106MA2B7Q3X97", "93510107MA6DP1R944", "31350000MD0P778842", ""] {
            let finding = expects_enterprise(code).unwrap();
            assert_eq!(finding.code, "uscc.not_enterprise");
            assert!(!finding.is_error());
        }
    }

    proptest! {
        #[test]
        fn any_single_mistyped_character_is_noticed(
            head in "91[1-6][0-9]{5}[0-9A-HJ-NP-RTUWXY]{9}", at in 0_usize..17, with in 0_usize..31
        ) {
            let code = complete(&head).unwrap();
            let symbol = ALPHABET.chars().nth(with).unwrap();
            let mut wrong: Vec<char> = code.chars().collect();
            prop_assume!(wrong[at] != symbol);
            wrong[at] = symbol;
            prop_assert!(!assess(&wrong.into_iter().collect::<String>()).valid());
        }
    }
}
