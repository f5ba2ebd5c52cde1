//! People: listing, making, changing, closing and opening accounts.

use jiff::civil::Date;
use trust::access::Actor;
use trust::database::Writer;
use trust::record::Change;
use values::{DepartmentId, Error, Result, UserId};

use super::links;
use crate::App;
use crate::identity::actions::{
    CreateUser, DisableUser, GrantRoles, ListRoles, ListUsers, UpdateUser, ViewUser,
};
use crate::identity::people::{Account, OneTimeLink};
use crate::identity::rows::accounts::{self, NewAccount, Wanted};
use crate::identity::rows::{links as link_rows, sessions};
use crate::identity::rules::{self, ROLES, Role};

/// A page of people.
pub struct Page {
    /// The people.
    pub items: Vec<Account>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

/// People by name.
///
/// # Errors
/// Denied without the right.
pub async fn list(
    app: &App,
    actor: &Actor,
    text: Option<String>,
    after: Option<String>,
    limit: u64,
) -> Result<Page> {
    let permit = app.access.authorize::<ListUsers>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let limit = limit.clamp(1, 500);
    let wanted = Wanted { text, after, limit: limit + 1 };
    let (mut items, total) = accounts::list(&mut tx, &wanted).await?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > size;
    items.truncate(size);
    let last = items.last().map(|account| rules::folded(&account.name));
    Ok(Page { items, next: last.filter(|_| more), total })
}

/// One person.
///
/// # Errors
/// NotFound when there is none; Denied without the right.
pub async fn view(app: &App, actor: &Actor, id: UserId) -> Result<Account> {
    let permit = app.access.authorize::<ViewUser>(actor, id).await?;
    let mut tx = app.db.read(&permit).await?;
    accounts::by_id(&mut tx, id).await?.ok_or_else(Error::not_found)
}

/// The roles there are.
///
/// # Errors
/// Denied to people without a role.
pub async fn roles(app: &App, actor: &Actor) -> Result<&'static [Role]> {
    let _permit = app.access.authorize::<ListRoles>(actor, ()).await?;
    Ok(ROLES)
}

/// What a new account is made of.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The name to sign in with.
    pub name: String,
    /// The name that is shown.
    pub display_name: String,
    /// The department.
    pub department: Option<DepartmentId>,
    /// Where letters go.
    pub email: Option<String>,
    /// Roles; only who may grant them may give any.
    pub roles: Vec<String>,
    /// The clearance; only who may grant it may give more than 1.
    pub clearance: Option<u8>,
    /// The last day of the training.
    pub training_until: Option<Date>,
}

impl Draft {
    fn grants(&self) -> bool {
        !self.roles.is_empty()
            || self.clearance.is_some_and(|level| level > 1)
            || self.training_until.is_some()
    }

    /// Checks it and gives the account it makes.
    pub(super) fn checked(&self, app: &App, strict: bool) -> Result<NewAccount> {
        let clearance = self.clearance.unwrap_or(1);
        rules::check_name(self.name.trim())?;
        rules::check_title("display_name", &self.display_name)?;
        rules::check_roles(&self.roles, strict)?;
        rules::check_clearance(clearance)?;
        let email = self.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        email.map(rules::check_email).transpose()?;
        Ok(NewAccount {
            id: UserId::new(&*app.clock, &*app.entropy),
            name: self.name.trim().to_owned(),
            folded: rules::folded(&self.name),
            display_name: self.display_name.trim().to_owned(),
            department: self.department,
            roles: sorted(&self.roles),
            clearance,
            training_until: self.training_until,
            email: email.map(str::to_owned),
            password_hash: None,
            totp: None,
        })
    }
}

fn sorted(roles: &[String]) -> Vec<String> {
    let mut roles = roles.to_vec();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// Makes an account and the one-time link by which its owner sets a password. Roles and clearance
/// are another office's to give.
///
/// # Errors
/// Invalid for a name that is taken or a draft that does not fit; Denied without the right.
pub async fn create(app: &App, actor: &Actor, draft: &Draft) -> Result<(Account, OneTimeLink)> {
    let new = draft.checked(app, app.running.strict_offices)?;
    if draft.grants() {
        let _permit = app.access.authorize::<GrantRoles>(actor, new.id).await?;
    }
    let permit = app.access.authorize::<CreateUser>(actor, new.id).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    check_department(&mut tx, new.department).await?;
    accounts::insert(&mut tx, &new, now).await?;
    let second = rules::needs_second_person(&new.roles, new.clearance);
    let link = links::make(app, &mut tx, actor, new.id, second).await?;
    let account = accounts::by_id(&mut tx, new.id).await?.ok_or_else(Error::not_found)?;
    tx.commit(permit.entry(Change::none())).await?;
    Ok((account, link))
}

async fn check_department(writer: &mut Writer, department: Option<DepartmentId>) -> Result<()> {
    let Some(id) = department else { return Ok(()) };
    if !accounts::below(writer, id).await?.is_empty() {
        return Ok(());
    }
    Err(Error::invalid(
        "department_id",
        "user.department",
        "没有这个部门",
        "There is no such department",
    ))
}

/// What may be changed of an account; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// The name that is shown.
    pub display_name: Option<String>,
    /// The department; `Some(None)` takes it away.
    pub department: Option<Option<DepartmentId>>,
    /// Where letters go.
    pub email: Option<Option<String>>,
    /// All roles.
    pub roles: Option<Vec<String>>,
    /// The clearance.
    pub clearance: Option<u8>,
    /// The last day of the training.
    pub training_until: Option<Option<Date>>,
}

/// Changes an account: what it is called takes one right, what it may do another.
///
/// # Errors
/// Denied without the right to what would change; Conflict when an office would lose its last
/// active holder.
pub async fn update(app: &App, actor: &Actor, id: UserId, wanted: &Update) -> Result<Account> {
    let account = current(app, actor, id, wanted).await?;
    let profile = profile(&account, wanted)?;
    let grants = grants(app, &account, wanted)?;
    if grants.is_some() {
        if id == actor.user() {
            return Err(Error::new(
                values::Kind::Denied,
                "user.self_grant",
                "不能给自己授予角色、密级或培训有效期，请另一位安全管理员办理",
                "Nobody grants roles, clearance or training to themselves",
            ));
        }
        let _permit = app.access.authorize::<GrantRoles>(actor, id).await?;
    }
    if let Some((profile, fields)) = profile {
        let permit = app.access.authorize::<UpdateUser>(actor, id).await?;
        let mut tx = app.db.write(&permit).await?;
        check_department(&mut tx, profile.department.as_ref().map(|(id, _)| *id)).await?;
        accounts::update_profile(&mut tx, &profile).await?;
        tx.commit(permit.entry(Change::none().fields(fields))).await?;
    }
    if let Some(granted) = grants {
        grant(app, actor, &account, granted).await?;
    }
    let permit = app.access.authorize::<ViewUser>(actor, id).await?;
    let mut tx = app.db.read(&permit).await?;
    accounts::by_id(&mut tx, id).await?.ok_or_else(Error::not_found)
}

/// Looks at the account under the right that the change itself will take.
async fn current(app: &App, actor: &Actor, id: UserId, wanted: &Update) -> Result<Account> {
    let grants =
        wanted.roles.is_some() || wanted.clearance.is_some() || wanted.training_until.is_some();
    let found = if grants && app.access.may::<GrantRoles>(actor, id).await?.is_some() {
        let permit = app.access.authorize::<GrantRoles>(actor, id).await?;
        accounts::by_id(&mut *app.db.read(&permit).await?, id).await?
    } else {
        let permit = app.access.authorize::<UpdateUser>(actor, id).await?;
        accounts::by_id(&mut *app.db.read(&permit).await?, id).await?
    };
    found.ok_or_else(Error::not_found)
}

type Changed<T> = Option<(T, Vec<&'static str>)>;

fn profile(account: &Account, wanted: &Update) -> Result<Changed<Account>> {
    let (mut next, mut fields) = (account.clone(), Vec::new());
    if let Some(name) = &wanted.display_name {
        rules::check_title("display_name", name)?;
        if name.trim() != account.display_name {
            name.trim().clone_into(&mut next.display_name);
            fields.push("display_name");
        }
    }
    if let Some(department) = wanted.department
        && department != account.department.as_ref().map(|(id, _)| *id)
    {
        next.department = department.map(|id| (id, String::new()));
        fields.push("department_id");
    }
    if let Some(email) = &wanted.email {
        let email = email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        email.map(rules::check_email).transpose()?;
        if email != account.email.as_deref() {
            next.email = email.map(str::to_owned);
            fields.push("email");
        }
    }
    Ok((!fields.is_empty()).then_some((next, fields)))
}

struct Grants {
    roles: Vec<String>,
    clearance: u8,
    training_until: Option<Date>,
    fields: Vec<&'static str>,
}

fn grants(app: &App, account: &Account, wanted: &Update) -> Result<Option<Grants>> {
    let mut fields = Vec::new();
    let roles = wanted.roles.as_deref().map_or_else(|| account.roles.clone(), sorted);
    let clearance = wanted.clearance.unwrap_or(account.clearance);
    let training_until = wanted.training_until.unwrap_or(account.training_until);
    if roles != account.roles {
        rules::check_roles(&roles, app.running.strict_offices)?;
        fields.push("roles");
    }
    if clearance != account.clearance {
        rules::check_clearance(clearance)?;
        fields.push("clearance");
    }
    if training_until != account.training_until {
        fields.push("training_until");
    }
    Ok((!fields.is_empty()).then_some(Grants { roles, clearance, training_until, fields }))
}

async fn grant(app: &App, actor: &Actor, account: &Account, granted: Grants) -> Result<()> {
    let permit = app.access.authorize::<GrantRoles>(actor, account.id).await?;
    let mut tx = app.db.write(&permit).await?;
    let lost: Vec<&str> = rules::offices(&account.roles)
        .filter(|office| !granted.roles.iter().any(|role| role == office))
        .collect();
    if account.active {
        keep_holders(&mut tx, account.id, lost.into_iter()).await?;
    }
    let Grants { roles, clearance, training_until, mut fields } = granted;
    accounts::update_grants(&mut tx, account.id, &roles, clearance, training_until).await?;
    // Whoever made a link before the grant must not come in by it as somebody of weight.
    if rules::needs_second_person(&roles, clearance)
        && link_rows::ask_second(&mut tx, account.id, app.clock.now()).await?
    {
        fields.push("link.waits_for_second");
    }
    tx.commit(permit.entry(Change::none().fields(fields))).await?;
    Ok(())
}

/// Refuses when one of the offices would be left without an active holder.
async fn keep_holders(
    writer: &mut Writer,
    user: UserId,
    offices: impl Iterator<Item = &str>,
) -> Result<()> {
    for office in offices {
        accounts::lock_holders(writer, office).await?;
        if accounts::other_holders(writer, office, user).await? == 0 {
            return Err(rules::last_holder(office));
        }
    }
    Ok(())
}

/// Closes an account: its sessions and tokens end the same second.
///
/// # Errors
/// Conflict when an office would lose its last active holder; Denied without the right.
pub async fn disable(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let permit = app.access.authorize::<DisableUser>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let account = accounts::by_id(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    if account.active {
        keep_holders(&mut tx, id, rules::offices(&account.roles)).await?;
        accounts::set_active(&mut tx, id, false).await?;
    }
    let now = app.clock.now();
    sessions::end_all(&mut tx, id, None, now).await?;
    sessions::revoke_tokens(&mut tx, id, now).await?;
    link_rows::drop_open(&mut tx, id).await?;
    tx.commit(permit.entry(Change::none().fields(["account.disabled"]))).await?;
    Ok(())
}

/// Opens a closed account again.
///
/// # Errors
/// NotFound when there is none; Denied without the right.
pub async fn enable(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let permit = app.access.authorize::<DisableUser>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let account = accounts::by_id(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    rules::check_roles(&account.roles, app.running.strict_offices)?;
    accounts::set_active(&mut tx, id, true).await?;
    tx.commit(permit.entry(Change::none().fields(["account.enabled"]))).await?;
    Ok(())
}

/// The person of a name to sign in with; for the command line.
///
/// # Errors
/// NotFound when there is none; Denied without the right.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<Account> {
    let permit = app.access.authorize::<ListUsers>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    accounts::by_folded(&mut tx, &rules::folded(name)).await?.ok_or_else(Error::not_found)
}
