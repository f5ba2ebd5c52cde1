//! Who may do what: every role, every action, every way of standing to a client, as policy
//! answers it, in a file that people review.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use app::identity::{ROLES, RoleKind};
use app::permissions::Listed;
use testkit::{START, TestApp};
use trust::access::{Actor, Origin, RelationKind, Verified};
use trust::vault::Catalogue;
use values::{DepartmentId, UserId};

use crate::sample::{checked_in, padded};

const RELATIONS: [(&str, &[RelationKind]); 7] = [
    ("无关系", &[]),
    ("负责人", &[RelationKind::Lead]),
    ("复核人", &[RelationKind::Reviewer]),
    ("项目组", &[RelationKind::Team]),
    ("协作人", &[RelationKind::Collaborator]),
    ("获授权", &[RelationKind::Granted]),
    ("本部门", &[RelationKind::Department]),
];

/// A person with one role who has done all that a person can: second factor, training, a fresh
/// proof, a purpose.
fn person(roles: &[&str], clearance: u8) -> Actor {
    let who = Verified {
        user: UserId(uuid::Uuid::from_u128(7)),
        name: "某人".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        departments: vec![DepartmentId(uuid::Uuid::from_u128(8))],
        clearance,
        mfa: true,
        trained: true,
        proved_at: Some(START),
    };
    Actor::person(who, Origin::default(), START).for_purpose("核对")
}

fn operator() -> Actor {
    Actor::local_operator("root", Origin::default()).for_purpose("核对")
}

/// Every holder of rights, by the name that people know.
fn holders() -> Vec<(&'static str, Actor)> {
    let people = ROLES.iter().map(|role| (role.zh, person(&[role.id], role.clearance)));
    people.chain([("本机操作员", operator())]).collect()
}

fn all_standings() -> Vec<Vec<RelationKind>> {
    let chosen = |bits: usize| {
        let held =
            RelationKind::ALL.into_iter().enumerate().filter(move |(at, _)| bits >> at & 1 == 1);
        held.map(|(_, kind)| kind).collect()
    };
    (0..1 << RelationKind::ALL.len()).map(chosen).collect()
}

fn allows(test: &TestApp, who: &Actor, asked: &Listed, relations: &[RelationKind]) -> bool {
    let access = &test.app.access;
    access.allows(who, asked.name, asked.level, asked.client, relations).unwrap()
}

fn mark(yes: bool) -> &'static str {
    if yes { "✔" } else { "✘" }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_permission_matrix_is_the_reviewed_one() {
    let test = TestApp::empty().await;
    let (mut client, mut firm): (Vec<_>, Vec<_>) =
        app::permissions::all().into_iter().partition(|listed| listed.client);
    client.sort_by_key(|listed| (listed.name, listed.level));
    firm.sort_by_key(|listed| (listed.name, listed.level));
    client.dedup_by_key(|listed| (listed.name, listed.level));
    firm.dedup_by_key(|listed| (listed.name, listed.level));
    let mut text = String::from(
        "权限矩阵：由策略逐项计算得出；持有人已通过两步验证、培训有效、刚验证过身份、已说明用途，\n\
         密级取角色默认值。改动策略后以 UPDATE=1 重新生成并审阅差异。\n",
    );
    for (zh, who) in holders() {
        writeln!(text, "\n{zh}（密级 {}）对客户", who.clearance()).unwrap();
        let names: Vec<String> = RELATIONS.iter().map(|(zh, _)| padded(zh, 8)).collect();
        writeln!(text, "  {}{}", padded("操作（级别）", 34), names.concat().trim_end()).unwrap();
        for asked in &client {
            let cells: Vec<String> = RELATIONS
                .iter()
                .map(|(_, held)| padded(mark(allows(&test, &who, asked, held)), 8))
                .collect();
            let name = padded(&format!("{} ({})", asked.name, asked.level), 34);
            writeln!(text, "  {name}{}", cells.concat().trim_end()).unwrap();
        }
    }
    text.push_str("\n机构范围\n");
    let names: Vec<String> = holders().iter().map(|(zh, _)| padded(zh, 12)).collect();
    writeln!(text, "  {}{}", padded("操作（级别）", 34), names.concat().trim_end()).unwrap();
    for asked in &firm {
        let cells: Vec<String> = holders()
            .iter()
            .map(|(_, who)| padded(mark(allows(&test, who, asked, &[])), 12))
            .collect();
        let name = padded(&format!("{} ({})", asked.name, asked.level), 34);
        writeln!(text, "  {name}{}", cells.concat().trim_end()).unwrap();
    }
    checked_in("tests/it/permissions.txt", &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_and_the_registry_know_the_same_actions() {
    let test = TestApp::empty().await;
    let schema: BTreeSet<String> = test.app.access.actions().into_iter().collect();
    let registry: BTreeSet<String> =
        app::permissions::all().iter().map(|listed| listed.name.to_owned()).collect();
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        a.difference(b).cloned().collect()
    };
    assert_eq!(only(&registry, &schema), Vec::<String>::new(), "not in the schema");
    assert_eq!(only(&schema, &registry), Vec::<String>::new(), "not in the registry");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_that_must_never_be_given_are_not() {
    let test = TestApp::empty().await;
    let standings = all_standings();
    let client: Vec<Listed> =
        app::permissions::all().into_iter().filter(|listed| listed.client).collect();
    let ever =
        |who: &Actor, asked: &Listed| standings.iter().any(|held| allows(&test, who, asked, held));
    for office in ROLES.iter().filter(|role| role.kind == RoleKind::Office) {
        let who = person(&[office.id], 4);
        let opened: Vec<&str> =
            client.iter().filter(|asked| ever(&who, asked)).map(|asked| asked.name).collect();
        assert!(opened.is_empty(), "{} opens {opened:?}", office.zh);
    }
    let reveal = client.iter().find(|asked| asked.name == "client.reveal").unwrap();
    let revealing: BTreeSet<&str> = ROLES
        .iter()
        .filter(|role| ever(&person(&[role.id], 4), reveal))
        .map(|role| role.id)
        .collect();
    let catalogue = Catalogue::embedded().unwrap();
    let named = &catalogue.item("legal_rep_id_no").unwrap().reveal_roles;
    assert_eq!(revealing, named.iter().map(String::as_str).collect());
    assert_eq!(revealing, BTreeSet::from(["financing_adviser", "tax_adviser"]));
    let never = ["client.reveal", "client.reveal_confidential", "client.export_unmasked"];
    for asked in client.iter().filter(|asked| never.contains(&asked.name)) {
        assert!(!ever(&operator(), asked), "the local operator: {}", asked.name);
    }
    let parts = ["gate", "setup", "job"];
    for part in parts {
        let who = Actor::part_of_heng(part, Origin::default());
        assert!(!client.iter().any(|asked| ever(&who, asked)), "{part} opens client data");
    }
    let untrained = Verified {
        user: UserId(uuid::Uuid::from_u128(7)),
        name: "某人".to_owned(),
        roles: ROLES.iter().map(|role| role.id.to_owned()).collect(),
        departments: Vec::new(),
        clearance: 4,
        mfa: false,
        trained: true,
        proved_at: None,
    };
    let without_factor = Actor::person(untrained, Origin::default(), START);
    for asked in client.iter().filter(|asked| asked.level >= 3) {
        assert!(!ever(&without_factor, asked), "without a second factor: {}", asked.name);
    }
}
