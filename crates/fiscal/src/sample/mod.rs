//! An invented accounting firm: its clients and its people, the same for the same seed.
//!
//! Nobody and nothing here can be taken for real: names say 示例 and 演示, organisation codes use a
//! prefix that is not issued, persons were born before 1901, numbers use prefixes nobody holds,
//! addresses of mail end in `.example`. Check digits are right, because the product checks them.

use std::collections::BTreeMap;

mod books;
#[cfg(test)]
mod books_tests;
mod ledger;
mod make;
mod slips;
mod words;

pub use books::{Books, SampleSet, Slip, books, sound_books};

/// The values of one thing, by field key.
pub type Fields = BTreeMap<&'static str, String>;

/// A client of the invented firm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SampleClient {
    /// Values by field key, as text; money in fen, dates as 2001-08-30.
    pub fields: Fields,
    /// Rows of each list.
    pub lists: BTreeMap<&'static str, Vec<Fields>>,
    /// What is wrong with it on purpose.
    pub flaw: Option<Flaw>,
}

/// What is wrong with about one client in twelve, as in real archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// No legal representative.
    NoLegalRepresentative,
    /// No code, only a remark with an old 15-digit registration number.
    OldNumberOnly,
    /// The inner organisation code fails its own check digit.
    WrongOrganisationDigit,
    /// Nobody to call.
    NoContacts,
    /// A name that differs from the one before in brackets and blanks only.
    DuplicateName,
}

/// A person of the invented firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleStaff {
    /// The name shown.
    pub display_name: &'static str,
    /// The name to sign in with.
    pub login_name: &'static str,
    /// The keys of the roles held.
    pub roles: &'static [&'static str],
    /// The department.
    pub department: &'static str,
}

const fn staff(
    display_name: &'static str,
    login_name: &'static str,
    roles: &'static [&'static str],
    department: &'static str,
) -> SampleStaff {
    SampleStaff { display_name, login_name, roles, department }
}

/// The twelve people of the firm; together they hold every role.
pub const STAFF: [SampleStaff; 12] = [
    staff("示例·顾系统", "gu.xitong", &["sysadmin"], "综合管理部"),
    staff("示例·安守全", "an.shouquan", &["secadmin"], "综合管理部"),
    staff("示例·沈审言", "shen.shenyan", &["auditor"], "综合管理部"),
    staff("示例·林掌舵", "lin.zhangduo", &["principal"], "机构负责人"),
    staff("示例·周主管", "zhou.zhuguan", &["supervisor"], "代理记账一部"),
    staff("示例·陈复核", "chen.fuhe", &["reviewer"], "代理记账一部"),
    staff("示例·许算盘", "xu.suanpan", &["accountant"], "代理记账一部"),
    staff("示例·税明理", "shui.mingli", &["tax_adviser"], "税务顾问部"),
    staff("示例·方融通", "fang.rongtong", &["financing_adviser"], "融资顾问部"),
    staff("示例·何相迎", "he.xiangying", &["client_manager"], "客户服务部"),
    staff("示例·严质量", "yan.zhiliang", &["quality"], "质量控制部"),
    staff("示例·和解之", "he.jiezhi", &["complaint_officer", "compliance"], "质量控制部"),
];

/// The clients of the invented firm, without end.
pub fn clients(seed: u64) -> impl Iterator<Item = SampleClient> {
    (0..).map(move |index| make::client(seed, index))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use jiff::civil::{Date, date};

    use super::*;
    use crate::identifiers::{Kind, check};
    use crate::{bank, dates, industries, names, phones};

    const COUNT: usize = 2_400;

    fn today() -> Date {
        date(2026, 1, 15)
    }

    #[test]
    fn the_same_seed_gives_the_same_clients_and_another_seed_others() {
        let first: Vec<_> = clients(7).take(50).collect();
        assert!(clients(7).take(50).eq(first.iter().cloned()));
        assert!(!clients(8).take(50).eq(first));
    }

    #[test]
    fn no_client_can_be_taken_for_a_real_one() {
        for client in clients(1).take(COUNT) {
            let name = &client.fields["name"];
            assert!(name.starts_with("示例") && name.contains("演示"), "{name}");
            for contact in &client.lists["contacts"] {
                assert!(contact["email"].ends_with(".example"));
                assert!(contact["mobile"].starts_with("1540000"));
                assert!(contact["landline"].starts_with("026-"));
            }
        }
    }

    #[test]
    fn codes_are_right_and_unique_except_where_the_flaw_says_so() {
        let mut seen = BTreeSet::new();
        for client in clients(1).take(COUNT) {
            let Some(code) = client.fields.get("uscc") else {
                assert_eq!(client.flaw, Some(Flaw::OldNumberOnly));
                continue;
            };
            assert!(seen.insert(code.clone()), "{code}");
            let report = check(code, Some(Kind::Uscc), today());
            assert!(report.valid, "{code}: {report:?}");
            let inner = report.findings.iter().any(|f| f.code == "uscc.organisation");
            assert_eq!(inner, client.flaw == Some(Flaw::WrongOrganisationDigit), "{code}");
            assert!(report.findings.iter().all(|f| f.code != "uscc.region"), "{code}");
        }
    }

    #[test]
    fn persons_have_right_numbers_and_were_born_before_1901() {
        let mut numbers = 0;
        for client in clients(2).take(COUNT) {
            let of_lists = ["shareholders", "guarantors"]
                .into_iter()
                .flat_map(|list| client.lists[list].iter())
                .filter(|row| row.get("kind").is_none_or(|kind| kind == "person"))
                .filter_map(|row| row.get("id_no"));
            for number in client.fields.get("legal_rep_id_no").into_iter().chain(of_lists) {
                let report = check(number, Some(Kind::ResidentId), today());
                assert!(report.valid, "{number}");
                assert!(number[6..10] < *"1901", "{number}");
                numbers += 1;
            }
        }
        assert!(numbers > COUNT);
    }

    #[test]
    fn values_pass_the_checks_the_product_makes() {
        for client in clients(3).take(COUNT) {
            let fields = &client.fields;
            assert!(industries::lookup(&fields["industry_code"]).is_ok());
            assert!(dates::read(&fields["registered_on"]).unwrap().day().is_some());
            for key in ["registered_capital_fen", "total_assets_fen", "revenue_fen", "staff_count"]
            {
                assert!(fields[key].parse::<i64>().unwrap() > 0);
            }
            for contact in &client.lists["contacts"] {
                assert!(phones::read(&contact["mobile"]).is_ok());
                assert!(phones::read(&contact["landline"]).is_ok());
            }
            for account in &client.lists["bank_accounts"] {
                let (_, findings) = bank::corporate_account(&account["account_no"]).unwrap();
                assert!(findings.is_empty());
            }
            let shares: i64 = client.lists["shareholders"]
                .iter()
                .map(|row| row["share_percent"].parse::<i64>().unwrap())
                .sum();
            assert_eq!(shares, 100);
            for need in &client.lists["financing_needs"] {
                assert!(need["amount_fen"].parse::<i64>().unwrap() > 0);
            }
        }
    }

    #[test]
    fn about_one_in_twelve_is_flawed_and_each_flaw_occurs() {
        let all: Vec<_> = clients(4).take(COUNT).collect();
        let mut flaws: HashMap<Flaw, usize> = HashMap::new();
        for (at, client) in all.iter().enumerate() {
            let Some(flaw) = client.flaw else { continue };
            *flaws.entry(flaw).or_default() += 1;
            match flaw {
                Flaw::NoLegalRepresentative => {
                    assert!(!client.fields.contains_key("legal_rep_name"));
                    assert!(!client.fields.contains_key("legal_rep_id_no"));
                }
                Flaw::OldNumberOnly => assert!(client.fields["scope"].contains("旧注册号")),
                Flaw::NoContacts => assert!(client.lists["contacts"].is_empty()),
                Flaw::DuplicateName => {
                    let (before, name) = (&all[at - 1].fields["name"], &client.fields["name"]);
                    assert_ne!(before, name);
                    assert_eq!(names::compare_key(before), names::compare_key(name));
                }
                Flaw::WrongOrganisationDigit => {}
            }
        }
        assert_eq!(flaws.len(), 5);
        let share = flaws.values().sum::<usize>() * 100 / COUNT;
        assert!((7..=9).contains(&share), "{share}%");
    }

    #[test]
    fn the_twelve_people_hold_every_role() {
        let held: BTreeSet<_> = STAFF.iter().flat_map(|person| person.roles).copied().collect();
        let expected = [
            "sysadmin",
            "secadmin",
            "auditor",
            "principal",
            "supervisor",
            "reviewer",
            "accountant",
            "tax_adviser",
            "financing_adviser",
            "client_manager",
            "quality",
            "complaint_officer",
            "compliance",
        ];
        assert_eq!(held, expected.into_iter().collect());
        let logins: BTreeSet<_> = STAFF.iter().map(|person| person.login_name).collect();
        assert_eq!(logins.len(), STAFF.len());
    }
}
