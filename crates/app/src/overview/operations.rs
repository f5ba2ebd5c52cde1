//! Gathering the overview.

use trust::access::Actor;
use values::{ClientId, Error, Result, UserId};

use super::actions::{FindForExplaining, ShowOverview};
use crate::{App, clients, identity, keys, settings};

/// Something that waits for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// Its stable name.
    pub code: &'static str,
    /// What to do, in Chinese.
    pub zh: String,
    /// What to do, in English.
    pub en: String,
    /// How many things it is about.
    pub count: Option<i64>,
    /// Where it is done.
    pub href: &'static str,
}

impl Todo {
    fn new(code: &'static str, zh: &str, en: &str, href: &'static str) -> Self {
        Self { code, zh: zh.to_owned(), en: en.to_owned(), count: None, href }
    }

    fn counted(self, count: i64) -> Option<Self> {
        (count > 0).then_some(Self { count: Some(count), ..self })
    }
}

/// The overview of one person.
pub struct Overview {
    /// What the archive says, within the caller's scope.
    pub clients: clients::Overview,
    /// What waits.
    pub todos: Vec<Todo>,
}

/// The overview of the caller.
///
/// # Errors
/// Denied without the right.
pub async fn show(app: &App, actor: &Actor) -> Result<Overview> {
    let permit = app.access.authorize::<ShowOverview>(actor, ()).await?;
    let holds = |role: &str| actor.roles().iter().any(|held| held == role);
    let mut todos = Vec::new();
    if let Err(error) = app.core.ready().await {
        todos.push(Todo::new("core_unavailable", error.zh(), error.en(), "/security"));
    }
    {
        let mut tx = app.db.read(&permit).await?;
        let people = identity::unsettled(&mut tx, actor).await?;
        if people.without_second_factor {
            todos.push(Todo::new(
                "enrol_totp",
                "启用两步验证",
                "Turn on your second factor",
                "/security",
            ));
        }
        todos.extend(export_todos(app, &mut tx, actor).await?);
        if holds("secadmin") || holds("sysadmin") {
            todos.extend(keys_todos(app, &mut tx).await?);
        }
        if holds("secadmin") {
            let todo = Todo::new(
                "users_without_roles",
                "有账号尚未授予角色",
                "Accounts without a role",
                "/people",
            );
            todos.extend(todo.counted(people.without_roles));
        }
        if holds("sysadmin") && settings::current(&mut tx).await?.firm_name().is_empty() {
            let (zh, en) = ("填写机构名称", "Give the firm its name");
            todos.push(Todo::new("firm_name", zh, en, "/settings"));
        }
    }
    let clients = clients::overview(app, actor).await?;
    if holds("principal") || holds("supervisor") {
        let todo = Todo::new(
            "assign_clients",
            "客户待分配负责人",
            "Clients without a lead",
            "/clients?view=unassigned",
        );
        todos.extend(todo.counted(clients.unassigned));
    }
    Ok(Overview { clients, todos })
}

async fn export_todos(
    app: &App,
    reader: &mut trust::database::Reader,
    actor: &Actor,
) -> Result<Vec<Todo>> {
    let waiting = clients::waiting(app, reader, actor).await?;
    let todo = |code, zh, en| Todo::new(code, zh, en, "/exports");
    let decide = todo("exports_to_approve", "未脱敏导出待审批", "Unmasked exports to decide");
    let take = todo("exports_to_take", "已批准的导出待领取", "Approved exports to take");
    Ok([decide.counted(waiting.to_decide), take.counted(waiting.to_take)]
        .into_iter()
        .flatten()
        .collect())
}

async fn keys_todos(app: &App, reader: &mut trust::database::Reader) -> Result<Vec<Todo>> {
    let (beside, unconfirmed) = keys::unsettled(app, reader).await?;
    let mut todos = Vec::new();
    if unconfirmed {
        todos.push(Todo::new(
            "confirm_recovery",
            "打印并确认主密钥恢复单",
            "Print and confirm the recovery sheet",
            "/security",
        ));
    }
    if beside {
        todos.push(Todo::new(
            "move_master_key",
            "主密钥与数据放在一起，请移到别处",
            "The master key lies beside the store: move it elsewhere",
            "/security",
        ));
    }
    Ok(todos)
}

/// Why a person may or may not do an action, to a client said by id, code or full name, or at all.
///
/// # Errors
/// Invalid when no client, or more than one, is called so; else as [`identity::explain`].
pub async fn explain(
    app: &App,
    actor: &Actor,
    user: UserId,
    action: &str,
    client: Option<&str>,
) -> Result<identity::Explained> {
    let client = match client.map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(client_said(app, actor, user, text).await?),
    };
    identity::explain(app, actor, user, action, client).await
}

async fn client_said(app: &App, actor: &Actor, user: UserId, text: &str) -> Result<ClientId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let permit = app.access.authorize::<FindForExplaining>(actor, user).await?;
    let mut tx = app.db.read(&permit).await?;
    if let Some(id) = clients::id_of_code(&mut tx, text).await? {
        return Ok(id);
    }
    match clients::ids_named(&mut tx, text).await?.as_slice() {
        [id] => Ok(*id),
        [] => Err(Error::invalid(
            "client",
            "explain.no_client",
            "没有这个编号或名称的客户，请填写客户编号或客户全称",
            "No client has this code or name; enter the code or the full name",
        )),
        _ => Err(Error::invalid(
            "client",
            "explain.many_clients",
            "有几位客户同名，请改填客户编号",
            "Several clients are called so; enter the code",
        )),
    }
}
