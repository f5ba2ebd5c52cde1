//! Departments, accounts, roles.

use std::collections::HashMap;

use jiff::civil::Date;
use sea_query::{Cond, Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement};
use trust::database::{Reader, Row, Value, Writer};
use values::{DepartmentId, Error, Micros, Result, UserId};

use super::{date, level, optional};
use crate::identity::people::{Account, Department};

macro_rules! account {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.name, a.display_name, a.department_id, d.name, a.clearance, \
             a.training_until, a.email, a.state, a.seen_at, a.version, a.password_hash, a.totp, \
             a.totp_pending, a.totp_step, (SELECT MAX(l.expires_at) FROM one_time_link l \
             WHERE l.user_id = a.id AND l.used_at IS NULL AND l.needs_second = 1 \
             AND l.approved_by IS NULL) FROM account a \
             LEFT JOIN department d ON d.id = a.department_id ",
            $rest
        )
    };
}

fn account(row: &Row) -> Result<Account> {
    let department: Option<DepartmentId> = optional(row, 3)?;
    Ok(Account {
        id: row.id(0)?,
        name: row.text(1)?,
        display_name: row.text(2)?,
        department: department.zip(row.opt_text(4)?),
        roles: Vec::new(),
        clearance: level(row, 5)?,
        training_until: date(row, 6)?,
        email: row.opt_text(7)?,
        active: row.text(8)? == "active",
        seen_at: row.opt_int(9)?.map(Micros),
        version: row.int(10)?,
        password_hash: row.opt_text(11)?,
        totp: row.opt_bytes(12)?,
        totp_pending: row.opt_bytes(13)?,
        totp_step: row.int(14)?,
        link_waits_until: row.opt_int(15)?.map(Micros),
    })
}

async fn with_roles(reader: &mut Reader, row: Option<Row>) -> Result<Option<Account>> {
    let Some(row) = row else { return Ok(None) };
    let mut account = account(&row)?;
    let roles = reader
        .rows(
            "SELECT role FROM account_role WHERE user_id = $1 ORDER BY role",
            &[account.id.into()],
        )
        .await?;
    account.roles = roles.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
    Ok(Some(account))
}

pub(in crate::identity) async fn by_id(reader: &mut Reader, id: UserId) -> Result<Option<Account>> {
    let row = reader.row(account!("WHERE a.id = $1"), &[id.into()]).await?;
    with_roles(reader, row).await
}

pub(in crate::identity) async fn by_folded(
    reader: &mut Reader,
    folded: &str,
) -> Result<Option<Account>> {
    let row = reader.row(account!("WHERE a.folded = $1"), &[folded.into()]).await?;
    with_roles(reader, row).await
}

pub(in crate::identity) async fn any(reader: &mut Reader) -> Result<bool> {
    Ok(reader.row("SELECT 1 FROM account LIMIT 1", &[]).await?.is_some())
}

/// What a list of people is asked for.
#[derive(Debug, Clone, Default)]
pub(in crate::identity) struct Wanted {
    pub(in crate::identity) text: Option<String>,
    pub(in crate::identity) after: Option<String>,
    pub(in crate::identity) limit: u64,
}

fn matching(query: &mut SelectStatement, wanted: &Wanted) {
    let Some(text) = wanted.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return;
    };
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    query.cond_where(
        Cond::any()
            .add(
                Expr::col(("account", "folded"))
                    .like(LikeExpr::new(format!("%{}%", escaped.to_lowercase())).escape('\\')),
            )
            .add(Expr::col(("account", "display_name")).like(like())),
    );
}

/// A page of people by name, and how many there are in all.
pub(in crate::identity) async fn list(
    reader: &mut Reader,
    wanted: &Wanted,
) -> Result<(Vec<Account>, i64)> {
    let mut counted = Query::select();
    counted.expr(Expr::col(("account", "id")).count()).from("account");
    matching(&mut counted, wanted);
    let total = reader.select(&counted).await?.first().map(|row| row.int(0)).transpose()?;
    let mut query = Query::select();
    query.column(("account", "id")).from("account").order_by(("account", "folded"), Order::Asc);
    matching(&mut query, wanted);
    if let Some(after) = &wanted.after {
        query.and_where(Expr::col(("account", "folded")).gt(after.clone()));
    }
    query.limit(wanted.limit);
    let ids = reader.select(&query).await?;
    let mut accounts = Vec::with_capacity(ids.len());
    for row in ids {
        accounts.extend(by_id(reader, row.id(0)?).await?);
    }
    Ok((accounts, total.unwrap_or(0)))
}

/// What a new account starts with.
pub(in crate::identity) struct NewAccount {
    pub(in crate::identity) id: UserId,
    pub(in crate::identity) name: String,
    pub(in crate::identity) folded: String,
    pub(in crate::identity) display_name: String,
    pub(in crate::identity) department: Option<DepartmentId>,
    pub(in crate::identity) roles: Vec<String>,
    pub(in crate::identity) clearance: u8,
    pub(in crate::identity) training_until: Option<Date>,
    pub(in crate::identity) email: Option<String>,
    pub(in crate::identity) password_hash: Option<String>,
    pub(in crate::identity) totp: Option<Vec<u8>>,
}

pub(in crate::identity) async fn insert(
    writer: &mut Writer,
    new: &NewAccount,
    now: Micros,
) -> Result<()> {
    let params: Vec<Value> = vec![
        new.id.into(),
        new.name.as_str().into(),
        new.folded.as_str().into(),
        new.display_name.as_str().into(),
        new.department.into(),
        new.clearance.into(),
        new.training_until.map(|date| date.to_string()).into(),
        new.email.clone().into(),
        new.password_hash.clone().into(),
        new.totp.clone().into(),
        now.into(),
    ];
    writer
        .change(
            "INSERT INTO account (id, name, folded, display_name, department_id, clearance, \
             training_until, email, password_hash, totp, totp_step, state, created_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 'active', $11, 1)",
            &params,
            1,
        )
        .await
        .map_err(name_taken)?;
    insert_roles(writer, new.id, &new.roles).await
}

fn name_taken(error: Error) -> Error {
    if error.code() != "taken" {
        return error;
    }
    Error::invalid("name", "user.name_taken", "用户名已被使用", "This user name is taken")
}

async fn insert_roles(writer: &mut Writer, user: UserId, roles: &[String]) -> Result<()> {
    let rows: Vec<Vec<Value>> =
        roles.iter().map(|role| vec![user.into(), role.as_str().into()]).collect();
    writer.insert_many("account_role", &["user_id", "role"], &rows).await
}

/// What an administrator may change of an account.
pub(in crate::identity) async fn update_profile(
    writer: &mut Writer,
    account: &Account,
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET display_name = $1, department_id = $2, email = $3, \
             version = version + 1 WHERE id = $4 AND version = $5",
            &[
                account.display_name.as_str().into(),
                account.department.as_ref().map(|(id, _)| *id).into(),
                account.email.clone().into(),
                account.id.into(),
                account.version.into(),
            ],
            1,
        )
        .await
}

pub(in crate::identity) async fn update_grants(
    writer: &mut Writer,
    user: UserId,
    roles: &[String],
    clearance: u8,
    training_until: Option<Date>,
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET clearance = $1, training_until = $2, version = version + 1 \
             WHERE id = $3",
            &[clearance.into(), training_until.map(|date| date.to_string()).into(), user.into()],
            1,
        )
        .await?;
    writer.execute("DELETE FROM account_role WHERE user_id = $1", &[user.into()]).await?;
    insert_roles(writer, user, roles).await
}

pub(in crate::identity) async fn set_active(
    writer: &mut Writer,
    user: UserId,
    active: bool,
) -> Result<()> {
    let state = if active { "active" } else { "disabled" };
    writer
        .change(
            "UPDATE account SET state = $1, version = version + 1 WHERE id = $2",
            &[state.into(), user.into()],
            1,
        )
        .await
}

/// How many active people hold a role, not counting one of them.
pub(in crate::identity) async fn other_holders(
    reader: &mut Reader,
    role: &str,
    but: UserId,
) -> Result<i64> {
    let row = reader
        .row(
            "SELECT COUNT(*) FROM account_role r JOIN account a ON a.id = r.user_id \
             WHERE r.role = $1 AND a.state = 'active' AND a.id <> $2",
            &[role.into(), but.into()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Makes writers that take a role from somebody wait for each other.
pub(in crate::identity) async fn lock_holders(writer: &mut Writer, role: &str) -> Result<()> {
    writer.execute("UPDATE account_role SET role = role WHERE role = $1", &[role.into()]).await?;
    Ok(())
}

/// How many active people have no role yet.
pub(in crate::identity) async fn without_roles(reader: &mut Reader) -> Result<i64> {
    let row = reader
        .row(
            "SELECT COUNT(*) FROM account a WHERE a.state = 'active' \
             AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.user_id = a.id)",
            &[],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int(0))
}

pub(in crate::identity) async fn set_password(
    writer: &mut Writer,
    user: UserId,
    hash: &str,
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET password_hash = $1 WHERE id = $2",
            &[hash.into(), user.into()],
            1,
        )
        .await
}

pub(in crate::identity) async fn clear_factor(writer: &mut Writer, user: UserId) -> Result<()> {
    writer
        .change(
            "UPDATE account SET totp = NULL, totp_pending = NULL, totp_step = 0 WHERE id = $1",
            &[user.into()],
            1,
        )
        .await?;
    writer.execute("DELETE FROM recovery_code WHERE user_id = $1", &[user.into()]).await?;
    Ok(())
}

pub(in crate::identity) async fn set_pending_factor(
    writer: &mut Writer,
    user: UserId,
    sealed: Vec<u8>,
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET totp_pending = $1 WHERE id = $2",
            &[sealed.into(), user.into()],
            1,
        )
        .await
}

pub(in crate::identity) async fn confirm_factor(
    writer: &mut Writer,
    user: UserId,
    sealed: Vec<u8>,
    step: i64,
    codes: &[Vec<u8>],
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET totp = $1, totp_pending = NULL, totp_step = $2 \
             WHERE id = $3 AND totp_step < $2",
            &[sealed.into(), step.into(), user.into()],
            1,
        )
        .await?;
    writer.execute("DELETE FROM recovery_code WHERE user_id = $1", &[user.into()]).await?;
    let rows: Vec<Vec<Value>> =
        codes.iter().map(|code| vec![user.into(), code.clone().into()]).collect();
    writer.insert_many("recovery_code", &["user_id", "digest"], &rows).await
}

/// Spends a step; refused when it, or a later one, was spent before.
pub(in crate::identity) async fn spend_step(
    writer: &mut Writer,
    user: UserId,
    step: i64,
) -> Result<bool> {
    let spent = writer
        .execute(
            "UPDATE account SET totp_step = $1 WHERE id = $2 AND totp_step < $1",
            &[step.into(), user.into()],
        )
        .await?;
    Ok(spent == 1)
}

/// Spends a recovery code; refused when there is none like it or it was spent before.
pub(in crate::identity) async fn spend_code(
    writer: &mut Writer,
    user: UserId,
    digest: Vec<u8>,
    now: Micros,
) -> Result<bool> {
    let spent = writer
        .execute(
            "UPDATE recovery_code SET used_at = $1 \
             WHERE user_id = $2 AND digest = $3 AND used_at IS NULL",
            &[now.into(), user.into(), digest.into()],
        )
        .await?;
    Ok(spent == 1)
}

pub(in crate::identity) async fn note_seen(
    writer: &mut Writer,
    user: UserId,
    now: Micros,
) -> Result<()> {
    writer
        .execute("UPDATE account SET seen_at = $1 WHERE id = $2", &[now.into(), user.into()])
        .await?;
    Ok(())
}

/// Every sealed seed, for sealing again under a new key.
pub(in crate::identity) async fn sealed_seeds(
    reader: &mut Reader,
) -> Result<Vec<(UserId, Option<Vec<u8>>, Option<Vec<u8>>)>> {
    let rows = reader
        .rows(
            "SELECT id, totp, totp_pending FROM account \
             WHERE totp IS NOT NULL OR totp_pending IS NOT NULL",
            &[],
        )
        .await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.opt_bytes(1)?, row.opt_bytes(2)?))).collect()
}

pub(in crate::identity) async fn replace_seeds(
    writer: &mut Writer,
    user: UserId,
    totp: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
) -> Result<()> {
    writer
        .change(
            "UPDATE account SET totp = $1, totp_pending = $2 WHERE id = $3",
            &[totp.into(), pending.into(), user.into()],
            1,
        )
        .await
}

/// The shown names of some people.
pub(in crate::identity) async fn names(
    reader: &mut Reader,
    ids: &[UserId],
) -> Result<HashMap<UserId, String>> {
    let mut names = HashMap::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["id", "display_name"])
            .from("account")
            .and_where(Expr::col("id").is_in(some.iter().map(|id| id.as_bytes().to_vec())));
        for row in reader.select(&query).await? {
            names.insert(row.id(0)?, row.text(1)?);
        }
    }
    Ok(names)
}

/// Everybody's shown name, and whether they may sign in.
pub(in crate::identity) async fn everybody(
    reader: &mut Reader,
) -> Result<Vec<(UserId, String, bool)>> {
    let rows = reader.rows("SELECT id, display_name, state FROM account", &[]).await?;
    rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?, row.text(2)? == "active"))).collect()
}

/// The people whose name to sign in with, or shown name, is just this.
pub(in crate::identity) async fn named(
    reader: &mut Reader,
    folded: &str,
    shown: &str,
) -> Result<Vec<UserId>> {
    let rows = reader
        .rows(
            "SELECT id FROM account WHERE state = 'active' \
             AND (folded = $1 OR display_name = $2) ORDER BY folded",
            &[folded.into(), shown.into()],
        )
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

pub(in crate::identity) async fn departments(reader: &mut Reader) -> Result<Vec<Department>> {
    let rows = reader
        .rows(
            "SELECT d.id, d.name, d.parent_id, COUNT(a.id) FROM department d \
             LEFT JOIN account a ON a.department_id = d.id AND a.state = 'active' \
             GROUP BY d.id, d.name, d.parent_id ORDER BY d.name",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Department {
                id: row.id(0)?,
                name: row.text(1)?,
                parent: optional(row, 2)?,
                people: row.int(3)?,
            })
        })
        .collect()
}

/// A department and all below it.
pub(in crate::identity) async fn below(
    reader: &mut Reader,
    id: DepartmentId,
) -> Result<Vec<DepartmentId>> {
    let rows = reader
        .rows(
            "WITH RECURSIVE below(id) AS (SELECT id FROM department WHERE id = $1 \
             UNION SELECT d.id FROM department d JOIN below b ON d.parent_id = b.id) \
             SELECT id FROM below",
            &[id.into()],
        )
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

pub(in crate::identity) async fn insert_department(
    writer: &mut Writer,
    id: DepartmentId,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<()> {
    writer
        .change(
            "INSERT INTO department (id, name, parent_id) VALUES ($1, $2, $3)",
            &[id.into(), name.into(), parent.into()],
            1,
        )
        .await
        .map_err(department_taken)
}

pub(in crate::identity) async fn update_department(
    writer: &mut Writer,
    id: DepartmentId,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<()> {
    writer
        .change(
            "UPDATE department SET name = $1, parent_id = $2 WHERE id = $3",
            &[name.into(), parent.into(), id.into()],
            1,
        )
        .await
        .map_err(department_taken)
}

fn department_taken(error: Error) -> Error {
    if error.code() != "taken" {
        return error;
    }
    Error::invalid("name", "department.name_taken", "部门名称已存在", "This department exists")
}

/// Removes a department to which nobody belongs and below which there is none.
pub(in crate::identity) async fn delete_department(
    writer: &mut Writer,
    id: DepartmentId,
) -> Result<bool> {
    let gone = writer
        .execute(
            "DELETE FROM department WHERE id = $1 \
             AND NOT EXISTS (SELECT 1 FROM account a WHERE a.department_id = $1) \
             AND NOT EXISTS (SELECT 1 FROM department o WHERE o.parent_id = $1)",
            &[id.into()],
        )
        .await?;
    Ok(gone == 1)
}
