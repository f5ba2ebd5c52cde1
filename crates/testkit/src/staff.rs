//! The people of the sample firm: one in each role.

use app::identity::{Draft, Founder, Founding, Work, hash_now, role, seed_text};
use jiff::civil::date;
use values::SeededEntropy;

/// Everybody's password.
pub const PASSWORD: &str = "Correct-Horse-9";
/// The seed of everybody's one-time codes.
pub const CODE_SEED: &[u8; 20] = b"heng-test-code-seed!";

/// A person of the sample firm.
#[derive(Debug, Clone, Copy)]
pub struct Staff {
    /// The role, which is also the name to sign in with.
    pub name: &'static str,
    /// The name that is shown.
    pub display_name: &'static str,
    /// The department.
    pub department: &'static str,
}

impl Staff {
    /// Whether the person has a second factor: those who must.
    #[must_use]
    pub fn second_factor(&self) -> bool {
        role(self.name).is_some_and(|role| {
            role.clearance >= 3 || matches!(role.kind, app::identity::RoleKind::Office)
        })
    }
}

const fn person(name: &'static str, display_name: &'static str, department: &'static str) -> Staff {
    Staff { name, display_name, department }
}

/// The sample firm's first department.
pub const FIRST: &str = "代理一部";
/// The sample firm's second department.
pub const SECOND: &str = "代理二部";

/// Everybody.
pub const STAFF: &[Staff] = &[
    person("sysadmin", "孙系统", SECOND),
    person("secadmin", "安守全", SECOND),
    person("auditor", "申计员", SECOND),
    person("principal", "钱负责", FIRST),
    person("supervisor", "李主管", FIRST),
    person("reviewer", "傅核人", FIRST),
    person("accountant", "匡计", FIRST),
    person("tax_adviser", "税无忧", FIRST),
    person("financing_adviser", "荣资", SECOND),
    person("client_manager", "柯经理", SECOND),
    person("quality", "智控", SECOND),
    person("complaint_officer", "苏专员", SECOND),
    person("compliance", "何规", SECOND),
];

/// The person who holds a role.
pub(crate) fn of_role(role: &str) -> &'static Staff {
    match STAFF.iter().find(|person| person.name == role) {
        Some(person) => person,
        None => crate::fail(&format!("nobody in the sample firm is {role}")),
    }
}

/// The sample firm as it starts.
pub(crate) fn founding() -> Founding {
    let light = Work { memory_kib: 8, passes: 1 };
    let hash = hash_now(PASSWORD, light, &SeededEntropy::new(5)).unwrap_or_default();
    let people = STAFF.iter().map(|person| Founder {
        draft: Draft {
            name: person.name.to_owned(),
            display_name: person.display_name.to_owned(),
            roles: vec![person.name.to_owned()],
            clearance: role(person.name).map(|role| role.clearance),
            training_until: Some(date(2026, 12, 31)),
            ..Draft::default()
        },
        department: Some(person.department.to_owned()),
        password_hash: hash.clone(),
        totp_seed: person.second_factor().then(|| seed_text(*CODE_SEED).to_string()),
    });
    Founding { firm: "衡测试代理记账有限公司".to_owned(), people: people.collect() }
}
