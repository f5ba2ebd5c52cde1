//! The invented firm: twelve people in all roles and some hundred clients, for demonstrations.
//!
//! It comes about as a real one does, through the same permits and onto the same record.

use std::collections::BTreeMap;

use fiscal::sample::{self, STAFF, SampleClient, SampleStaff};
use trust::access::{Actor, Origin};
use values::{DepartmentId, Entropy, Error, Result, UserId};
use zeroize::Zeroizing;

use crate::App;
use crate::clients::{self, Assignment, Deed, Draft};
use crate::identity::{self, Founder, Founding, Work};

/// The seed of the invented clients.
const SEED: u64 = 20_260_601;
/// Letters of passwords that are easy to read off a page.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// How somebody of the invented firm signs in.
pub struct Login {
    /// The name that is shown.
    pub display_name: String,
    /// The name to sign in with.
    pub name: String,
    /// The roles, in Chinese.
    pub roles: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// The seed of one-time codes in base32.
    pub totp: Zeroizing<String>,
}

fn origin() -> Origin {
    Origin { address: "demo".to_owned(), ..Origin::default() }
}

/// A password of four groups of four.
fn password(entropy: &dyn Entropy) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0_u8; 16]);
    entropy.fill(&mut *bytes);
    let mut text = String::new();
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        let letter = LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().unwrap_or(b'x');
        text.push(char::from(letter));
    }
    Zeroizing::new(text)
}

fn role_names(person: &SampleStaff) -> String {
    let names: Vec<&str> =
        person.roles.iter().filter_map(|id| identity::role(id)).map(|role| role.zh).collect();
    names.join("、")
}

/// Makes the firm's people on a store that has none, and gives their logins.
///
/// # Errors
/// Conflict when there are people already.
pub async fn found_firm(app: &App) -> Result<Vec<Login>> {
    let (mut logins, mut people) = (Vec::new(), Vec::new());
    let training = app.today().checked_add(jiff::Span::new().years(1)).map_err(Error::internal)?;
    for person in &STAFF {
        let password = password(&*app.entropy);
        let mut seed = [0; 20];
        app.entropy.fill(&mut seed);
        let totp = identity::seed_text(seed);
        let clearance =
            person.roles.iter().filter_map(|id| identity::role(id)).map(|r| r.clearance).max();
        let draft = identity::Draft {
            name: person.login_name.to_owned(),
            display_name: person.display_name.to_owned(),
            roles: person.roles.iter().map(|role| (*role).to_owned()).collect(),
            clearance,
            training_until: Some(training),
            ..identity::Draft::default()
        };
        people.push(Founder {
            draft,
            department: Some(person.department.to_owned()),
            password_hash: identity::hash_now(&password, Work::FULL, &*app.entropy)?,
            totp_seed: Some(totp.to_string()),
        });
        logins.push(Login {
            display_name: person.display_name.to_owned(),
            name: person.login_name.to_owned(),
            roles: role_names(person),
            password,
            totp,
        });
    }
    let founding =
        Founding { firm: "示例财税服务有限公司（演示）".to_owned(), people };
    identity::found(app, &founding, &origin()).await?;
    Ok(logins)
}

/// The people who look after the invented clients.
struct Desk {
    principal: Actor,
    leads: Vec<(UserId, Option<DepartmentId>)>,
    reviewers: Vec<UserId>,
}

async fn desk(app: &App) -> Result<Desk> {
    let mut by_role: BTreeMap<&str, UserId> = BTreeMap::new();
    let operator = Actor::local_operator("demo", origin());
    for person in &STAFF {
        let account = identity::find(app, &operator, person.login_name).await?;
        by_role.extend(person.roles.iter().map(|role| (*role, account.id)));
    }
    let holder = |role: &str| {
        by_role.get(role).copied().ok_or_else(|| Error::internal(format!("nobody is {role}")))
    };
    let mut leads = Vec::new();
    for role in ["accountant", "client_manager", "financing_adviser", "tax_adviser"] {
        let lead = identity::actor_of(app, holder(role)?, origin()).await?;
        leads.push((lead.user(), lead.departments().first().copied()));
    }
    Ok(Desk {
        principal: identity::actor_of(app, holder("principal")?, origin()).await?,
        leads,
        reviewers: vec![holder("reviewer")?, holder("supervisor")?],
    })
}

/// Makes invented clients until there are `count`, telling how many there are.
///
/// # Errors
/// What making a client can meet.
pub async fn fill(app: &App, count: usize, mut tell: impl FnMut(usize)) -> Result<()> {
    let desk = desk(app).await?;
    let query = clients::ListQuery {
        limit: Some(1),
        count: Some("exact".to_owned()),
        ..clients::ListQuery::default()
    };
    let there = clients::list(app, &desk.principal, &query).await?.total.map_or(0, |t| t.count);
    let there = usize::try_from(there).unwrap_or(0);
    for (index, client) in sample::clients(SEED).take(count).enumerate().skip(there) {
        add(app, &desk, index, &client).await?;
        tell(index + 1);
    }
    Ok(())
}

async fn add(app: &App, desk: &Desk, index: usize, client: &SampleClient) -> Result<()> {
    let own = |fields: &sample::Fields| -> Draft {
        fields.iter().map(|(key, text)| ((*key).to_owned(), Some(in_yuan(key, text)))).collect()
    };
    let lists: BTreeMap<String, Vec<Draft>> = client
        .lists
        .iter()
        .map(|(list, rows)| ((*list).to_owned(), rows.iter().map(own).collect()))
        .collect();
    let made =
        clients::create(app, &desk.principal, &own(&client.fields), &lists, "演示数据").await?;
    let lead = desk.leads.get(index % desk.leads.len()).copied();
    let reviewer = desk.reviewers.get(index % desk.reviewers.len()).copied();
    // Some wait for a 负责人, as after a real import.
    let waiting = index.is_multiple_of(17);
    let assignment = Assignment {
        lead: Some(if waiting { None } else { lead.map(|(user, _)| user) }),
        reviewer: Some(if waiting { None } else { reviewer }),
        department: lead.and_then(|(_, department)| department),
        collaborators: Vec::new(),
    };
    clients::deed(app, &desk.principal, made.id, None, &Deed::Assign(assignment), "").await?;
    for step in ["onboarding", "active"].into_iter().take(index % 5) {
        // A client that lacks what a step needs stays where it is, as real ones do.
        let step = Deed::Advance(step.to_owned());
        if clients::deed(app, &desk.principal, made.id, None, &step, "演示数据").await.is_err()
        {
            break;
        }
    }
    Ok(())
}

/// Amounts are typed in yuan; the sample keeps them in fen.
fn in_yuan(key: &str, text: &str) -> String {
    match text.parse::<i64>() {
        Ok(fen) if key.ends_with("_fen") => format!("{}.{:02}", fen / 100, fen % 100),
        _ => text.to_owned(),
    }
}
