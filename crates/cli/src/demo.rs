//! `heng demo`: an invented firm on a store of its own, filled once, then served like any other.
//!
//! Nobody in it can be taken for real. The logins are written beside the store, because it is a
//! demonstration; no other store ever has a password written down.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use app::App;
use app::clients::{self, Assignment, ListQuery};
use app::identity::{self, Founder, Founding, Work};
use fiscal::sample::{self, SampleClient, SampleStaff};
use trust::access::{Actor, Origin, Verified};
use values::{DepartmentId, Error, Result, UserId};

use crate::config::Config;
use crate::output::Verdict;
use crate::{serve, store};

/// Clients of the sample firm.
const CLIENTS: i64 = 300;
/// The seed that the sample comes from.
const SEED: u64 = 2026;
const FIRM: &str = "示例·衡演示代理记账有限公司";
/// People who have clients of their own.
const LEADS: [&str; 4] = ["xu.suanpan", "shui.mingli", "fang.rongtong", "he.xiangying"];

/// Fills the store unless it is full, and serves it.
pub async fn run(config: &Config) -> Result<Verdict> {
    let app = store::open(config, store::Make::IfMissing).await?;
    let filled = fill(&app, config).await;
    let stopped = app.trust.record.stop().await;
    drop(app);
    filled.and(stopped)?;
    serve::run(config).await
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn fill(app: &App, config: &Config) -> Result<()> {
    if identity::setup_is_open(app).await? {
        say("── 建立示例机构与 12 名人员 / the sample firm and its 12 people");
        let logins = logins(app);
        write_logins(config, &logins)?;
        identity::found(app, &founding(app, &logins)?, &Origin::default()).await?;
    }
    let people = people(app).await?;
    let principal = actor(&people, "lin.zhangduo", app)?;
    let query = ListQuery {
        limit: Some(1),
        count: Some("exact".to_owned()),
        ..ListQuery::default()
    };
    let there = clients::list(app, &principal, &query).await?.total.map_or(0, |total| total.count);
    let left = usize::try_from((CLIENTS - there).max(0)).map_err(Error::internal)?;
    let done = usize::try_from(there.min(CLIENTS)).map_err(Error::internal)?;
    for (at, client) in sample::clients(SEED).enumerate().skip(done).take(left) {
        one(app, &people, &principal, at, &client).await?;
        if (at + 1).is_multiple_of(50) {
            say(&format!("── {} / {CLIENTS} 个客户 / clients", at + 1));
        }
    }
    Ok(())
}

struct Login {
    person: &'static SampleStaff,
    password: String,
    seed: String,
}

fn letters(app: &App, count: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0; count];
    app.entropy.fill(&mut bytes);
    let letter = |b: &u8| ALPHABET.get(usize::from(b % 32)).map_or('a', |b| char::from(*b));
    bytes.iter().map(letter).collect()
}

fn logins(app: &App) -> Vec<Login> {
    let login = |person: &'static SampleStaff| {
        let mut seed = [0; 20];
        app.entropy.fill(&mut seed);
        let password = format!("Hg7-{}-{}", letters(app, 6), letters(app, 6));
        Login { person, password, seed: identity::seed_text(seed).to_string() }
    };
    sample::STAFF.iter().map(login).collect()
}

fn write_logins(config: &Config, logins: &[Login]) -> Result<()> {
    let path = config.store.data_dir.join("logins.txt");
    let mut text = String::from(
        "# 示例机构的登录信息，仅用于演示。 Logins of the sample firm, for demonstration only.\n\
         # 登录名\t姓名\t岗位\t口令\t两步验证密钥 (TOTP)\n",
    );
    for login in logins {
        let roles: Vec<&str> = login
            .person
            .roles
            .iter()
            .map(|id| identity::role(id).map_or(*id, |role| role.zh))
            .collect();
        text.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}\n",
            login.person.login_name,
            login.person.display_name,
            roles.join("、"),
            login.password,
            login.seed
        ));
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(Error::unavailable)
}

fn clearance(person: &SampleStaff) -> u8 {
    let levels = person.roles.iter().filter_map(|id| identity::role(id));
    levels.map(|role| role.clearance).max().unwrap_or(1)
}

fn founding(app: &App, logins: &[Login]) -> Result<Founding> {
    let training = app.today().checked_add(jiff::Span::new().days(300)).map_err(Error::internal)?;
    let mut people = Vec::with_capacity(logins.len());
    for login in logins {
        let person = login.person;
        people.push(Founder {
            draft: identity::Draft {
                name: person.login_name.to_owned(),
                display_name: person.display_name.to_owned(),
                roles: person.roles.iter().map(|role| (*role).to_owned()).collect(),
                clearance: Some(clearance(person)),
                training_until: Some(training),
                ..identity::Draft::default()
            },
            department: Some(person.department.to_owned()),
            password_hash: identity::hash_now(&login.password, Work::FULL, &*app.entropy)?,
            totp_seed: Some(login.seed.clone()),
        });
    }
    Ok(Founding { firm: FIRM.to_owned(), people })
}

/// The people by the name they sign in with.
type People = BTreeMap<&'static str, (UserId, Option<DepartmentId>)>;

async fn people(app: &App) -> Result<People> {
    let operator = store::local_actor("demo");
    let mut people = People::new();
    for person in &sample::STAFF {
        let account = identity::find(app, &operator, person.login_name).await?;
        people.insert(person.login_name, (account.id, account.department.map(|(id, _)| id)));
    }
    Ok(people)
}

/// One of the invented people at work, as after signing in with the second factor.
fn actor(people: &People, name: &str, app: &App) -> Result<Actor> {
    let person = sample::STAFF.iter().find(|person| person.login_name == name);
    let (Some(person), Some((user, department))) = (person, people.get(name)) else {
        return Err(Error::internal("the sample firm lacks one of its people"));
    };
    let who = Verified {
        user: *user,
        name: person.display_name.to_owned(),
        roles: person.roles.iter().map(|role| (*role).to_owned()).collect(),
        departments: department.iter().copied().collect(),
        clearance: clearance(person),
        mfa: true,
        trained: true,
        proved_at: None,
    };
    let origin = Origin { address: "demo".to_owned(), ..Origin::default() };
    Ok(Actor::person(who, origin, app.clock.now()))
}

fn draft(fields: &sample::Fields) -> clients::Draft {
    fields.iter().map(|(key, value)| ((*key).to_owned(), Some(value.clone()))).collect()
}

/// Makes a client in the name of one who has clients, gives most a reviewer, leaves some without a
/// lead, and moves most along.
async fn one(
    app: &App,
    people: &People,
    principal: &Actor,
    at: usize,
    client: &SampleClient,
) -> Result<()> {
    let lead = LEADS.get(at % LEADS.len()).copied().unwrap_or("xu.suanpan");
    let maker = actor(people, lead, app)?;
    let lists = client
        .lists
        .iter()
        .map(|(list, rows)| ((*list).to_owned(), rows.iter().map(draft).collect()))
        .collect();
    let made = clients::create(app, &maker, &draft(&client.fields), &lists, "示例数据").await?;
    let id = made.id;
    let reviewer = people.get("chen.fuhe").map(|(id, _)| *id);
    let assignment = Assignment {
        lead: at.is_multiple_of(11).then_some(None),
        reviewer: (!at.is_multiple_of(7)).then_some(reviewer),
        ..Assignment::default()
    };
    clients::assign(app, principal, id, &assignment).await?;
    for stage in ["onboarding", "active"].into_iter().take(at % 3) {
        // A flawed archive may not take the step; that is what the sample is to show.
        if clients::advance(app, principal, id, stage, "示例数据").await.is_err() {
            break;
        }
    }
    Ok(())
}
