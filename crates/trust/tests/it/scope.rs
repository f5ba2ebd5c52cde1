//! A list holds exactly the rows that the single decision allows.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sea_query::{Expr, ExprTrait, Query};
use tokio::runtime::Handle;
use tokio::task::block_in_place;
use trust::Trust;
use trust::access::{Action, Actor, Holder, PolicyFile, RelationKind, RowScope};
use values::{ClientId, Kind, Micros};

use crate::harness::*;

const ROLES: [&str; 10] = [
    "principal",
    "supervisor",
    "reviewer",
    "accountant",
    "tax_adviser",
    "client_manager",
    "quality",
    "sysadmin",
    "auditor",
    "local_operator",
];

/// One relation: which client, how, which holder, and when it ends.
type Tie = (usize, usize, usize, u8);

#[derive(Debug, Clone)]
struct Someone {
    roles: Vec<usize>,
    user: usize,
    departments: Vec<usize>,
    clearance: u8,
    mfa: bool,
    trained: bool,
}

fn someone() -> impl Strategy<Value = Someone> {
    (
        proptest::collection::vec(0..ROLES.len(), 0..3),
        0..3_usize,
        proptest::collection::vec(0..3_usize, 0..3),
        1..=4_u8,
        proptest::bool::weighted(0.8),
        proptest::bool::weighted(0.8),
    )
        .prop_map(|(roles, user, departments, clearance, mfa, trained)| Someone {
            roles,
            user,
            departments,
            clearance,
            mfa,
            trained,
        })
}

const CLIENTS: usize = 12;

fn world() -> impl Strategy<Value = (Vec<Tie>, Vec<Someone>)> {
    (
        proptest::collection::vec((0..CLIENTS, 0..6_usize, 0..3_usize, 0..4_u8), 0..40),
        proptest::collection::vec(someone(), 5),
    )
}

/// A list's rows, as the scope lets them through, whichever way they are looked up.
async fn rows(trust: &Trust, scope: &RowScope, among: &[ClientId]) -> Vec<ClientId> {
    let mut query = Query::select();
    query
        .column(("client", "id"))
        .from("client")
        .and_where(Expr::col("id").is_in(among.iter().map(|id| id.as_bytes().to_vec())))
        .cond_where(scope.condition(("client", "id")));
    let operator = person(&["principal"]);
    let permit = trust.access.authorize::<RunImport>(&operator, ()).await.unwrap();
    let mut reader = trust.db.read(&permit).await.unwrap();
    let mut found: Vec<ClientId> =
        reader.select(&query).await.unwrap().iter().map(|row| row.id(0).unwrap()).collect();
    found.sort_unstable();
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_very_many_clients_is_looked_up_row_by_row_and_sees_the_same() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["accountant"]);
    let clients: Vec<ClientId> = (0..2_100).map(|_| a_client()).collect();
    for client in &clients {
        relate(&trust, *client, &[(RelationKind::Lead, Holder::User(actor.user()), None)]).await;
    }
    let (permit, scope) = trust.access.authorize_list::<ListClients>(&actor).await.unwrap();
    let mut reader = trust.db.read(&permit).await.unwrap();
    let (gathered, suited) = (scope.clone(), scope.suited(&mut reader).await.unwrap());
    let text = |scope: &RowScope| {
        let mut query = Query::select();
        query.expr(Expr::cust("1")).from("client").cond_where(scope.condition(("client", "id")));
        query.to_string(sea_query::SqliteQueryBuilder)
    };
    assert!(text(&suited).contains("EXISTS") && !text(&gathered).contains("EXISTS"));
    drop(reader);
    let among = &clients[..100];
    assert_eq!(rows(&trust, &suited, among).await, rows(&trust, &gathered, among).await);
}

async fn agree<L, S>(trust: &Trust, actor: &Actor, clients: &[ClientId])
where
    L: Action<Target = ()>,
    S: Action<Target = ClientId>,
{
    let mut single = Vec::new();
    for client in clients {
        if trust.access.may::<S>(actor, *client).await.unwrap().is_some() {
            single.push(*client);
        }
    }
    single.sort_unstable();
    let listed = match trust.access.authorize_list::<L>(actor).await {
        Ok((_, scope)) => {
            let listed = rows(trust, &scope, clients).await;
            assert_eq!(listed, rows(trust, &scope.row_by_row(), clients).await, "{actor:?}");
            listed
        }
        Err(refusal) => {
            assert_eq!(refusal.kind(), Kind::Denied, "{refusal:?}");
            Vec::new()
        }
    };
    assert_eq!(listed, single, "{actor:?}");
}

async fn check(trust: &Trust, ties: &[Tie], people: &[Someone]) {
    let clients: Vec<ClientId> = (0..CLIENTS).map(|_| a_client()).collect();
    let users = [a_user(), a_user(), a_user()];
    let departments = [a_department(), a_department(), a_department()];
    for (index, client) in clients.iter().enumerate() {
        let of_client = ties.iter().filter(|(of, ..)| *of == index);
        let relations: Vec<(RelationKind, Holder, Option<Micros>)> = of_client
            .map(|(_, kind, holder, until)| {
                let kind = RelationKind::ALL[*kind];
                let holder = match kind {
                    RelationKind::Department => Holder::Department(departments[*holder]),
                    _ => Holder::User(users[*holder]),
                };
                let until = match until {
                    0 => Some(NOW.plus_seconds(-1)),
                    1 => Some(NOW),
                    2 => Some(NOW.plus_seconds(1)),
                    _ => None,
                };
                (kind, holder, until)
            })
            .collect();
        relate(trust, *client, &relations).await;
    }
    for one in people {
        let roles: Vec<&str> = one.roles.iter().map(|role| ROLES[*role]).collect();
        let mut who = verified(&roles);
        who.user = users[one.user];
        who.departments = one.departments.iter().map(|d| departments[*d]).collect();
        (who.clearance, who.mfa, who.trained) = (one.clearance, one.mfa, one.trained);
        let actor = acting(who);
        agree::<ListClients, SeeRow>(trust, &actor, &clients).await;
        agree::<ListConfidential, ViewConfidential>(trust, &actor, &clients).await;
    }
}

async fn lists_agree_under(own: &str) {
    let house = House::new().await;
    let own = PolicyFile { name: "own.cedar".to_owned(), text: own.to_owned() };
    let trust = house.try_open(&[NOTES], &[own]).await.unwrap();
    let mut runner =
        TestRunner::new(Config { cases: 10, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&world(), |(ties, people)| {
        block_in_place(|| Handle::current().block_on(check(&trust, &ties, &people)));
        Ok(())
    });
    outcome.unwrap();
    trust.record.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_holds_exactly_the_rows_that_the_single_decision_allows() {
    lists_agree_under("").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_follow_a_firms_own_prohibitions() {
    lists_agree_under(
        "forbid (principal, action, resource is Client)
         unless { resource.lead || resource.department || !resource.collaborator };
         forbid (principal, action == Action::\"client.view_confidential\", resource)
         when { resource.granted && !(resource.lead || resource.reviewer) };",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_follow_a_firms_own_permissions_with_negations() {
    lists_agree_under(
        "permit (principal, action in [Action::\"client.list\", \
           Action::\"client.view_confidential\"], resource)
         when { principal.roles.contains(\"client_manager\") && !resource.team };
         permit (principal, action == Action::\"client.list\", resource)
         when { if resource.lead then !resource.department else resource.team != resource.granted };
         forbid (principal, action == Action::\"client.list\", resource)
         when { principal.roles.contains(\"quality\") && (resource.reviewer == resource.team) };",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relation_ends_at_its_moment_in_lists_and_decisions_alike() {
    let house = House::new().await;
    let trust = house.open().await;
    let (client, actor) = (a_client(), person(&["accountant"]));
    let until = Some(NOW.plus_seconds(60));
    relate(&trust, client, &[(RelationKind::Granted, Holder::User(actor.user()), until)]).await;
    assert!(trust.access.may::<SeeRow>(&actor, client).await.unwrap().is_some());
    house.clock.advance_seconds(60);
    assert!(trust.access.may::<SeeRow>(&actor, client).await.unwrap().is_none());
    let (_, scope) = trust.access.authorize_list::<ListClients>(&actor).await.unwrap();
    assert!(rows(&trust, &scope, &[client]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_see_no_row_at_all_is_refused_the_list() {
    let house = House::new().await;
    let trust = house.open().await;
    let auditor = person(&["auditor"]);
    let refusal = trust.access.authorize_list::<ListClients>(&auditor).await.err().unwrap();
    assert_eq!(refusal.code(), "denied.role");
    trust.record.flush().await;
    let last = entries(&trust).await.pop().unwrap();
    assert_eq!((last.action.as_str(), last.refusal.as_str()), ("client.list", "denied.role"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_are_made_even_while_every_reader_is_held() {
    let house = House::new().await;
    let trust = house.open().await;
    let actor = person(&["principal"]);
    let client = a_client();
    let permit = trust.access.authorize::<ViewClient>(&actor, client).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(trust.db.read(&permit).await.unwrap());
    }
    assert!(trust.access.may::<SeeRow>(&actor, client).await.unwrap().is_some());
}
