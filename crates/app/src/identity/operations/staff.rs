//! Staff from a workbook: one account a row, without roles.

use std::collections::HashMap;

use documents::{Column, Kind, Layout, Limits};
use trust::access::Actor;
use values::{DepartmentId, Error, Result, UserId};

use super::{departments, people};
use crate::App;
use crate::identity::actions::CreateUser;
use crate::identity::people::{Account, OneTimeLink};

/// What became of the rows.
#[derive(Default)]
pub struct Imported {
    /// The accounts that were made, each with its link.
    pub created: Vec<(Account, OneTimeLink)>,
    /// The rows that were refused, as Excel counts, and why.
    pub refused: Vec<(usize, String)>,
}

const NAME: &[&str] = &["用户名", "登录名", "账号", "name"];
const DISPLAY_NAME: &[&str] = &["姓名", "员工姓名", "display_name"];
const DEPARTMENT: &[&str] = &["部门", "所属部门", "department"];
const EMAIL: &[&str] = &["邮箱", "电子邮箱", "email"];
/// More staff than any firm this is for has.
const MOST: usize = 2_000;

/// An empty workbook to fill in.
///
/// # Errors
/// Denied to people who may not make accounts.
pub async fn template(app: &App, actor: &Actor) -> Result<Vec<u8>> {
    let nobody = UserId(uuid::Uuid::nil());
    let _permit = app.access.authorize::<CreateUser>(actor, nobody).await?;
    let columns = vec![
        Column::new("用户名", Kind::Text).required().note("登录用，2 到 40 个字符"),
        Column::new("姓名", Kind::Text).required(),
        Column::new("部门", Kind::Text).note("没有的部门会自动建立"),
        Column::new("邮箱", Kind::Text),
    ];
    let told = ["一行一人。角色与密级由安全管理员在导入后授予。".to_owned()];
    documents::write_template(&Layout::new("人员", columns), &told).map_err(Error::internal)
}

/// Makes an account for each good row; the others come back with the reason.
///
/// # Errors
/// Invalid when the file is no table with names; Denied without the right.
pub async fn import(app: &App, actor: &Actor, bytes: Vec<u8>) -> Result<Imported> {
    let nobody = UserId(uuid::Uuid::nil());
    let _permit = app.access.authorize::<CreateUser>(actor, nobody).await?;
    let rows =
        tokio::task::spawn_blocking(move || read(bytes)).await.map_err(Error::internal)??;
    let mut known: HashMap<String, DepartmentId> = departments::list(app, actor)
        .await?
        .into_iter()
        .map(|department| (department.name, department.id))
        .collect();
    let mut done = Imported::default();
    for row in rows {
        match make(app, actor, &mut known, &row).await {
            Ok(made) => done.created.push(made),
            Err(error) if matches!(error.kind(), values::Kind::Invalid) => {
                done.refused.push((row.number, error.zh().to_owned()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

struct StaffRow {
    number: usize,
    name: String,
    display_name: String,
    department: String,
    email: String,
}

fn read(bytes: Vec<u8>) -> Result<Vec<StaffRow>> {
    let limits = Limits { max_bytes: 10 << 20, max_rows: MOST, ..Limits::default() };
    let unreadable = |error: documents::ReadError| {
        Error::invalid("file", "staff.file", error.zh(), error.en()).with_source(error)
    };
    let mut book = documents::open(bytes, &limits).map_err(unreadable)?;
    let table = book.table().map_err(unreadable)?;
    let column = |names: &[&str]| {
        table.header.iter().position(|header| {
            let header = header.trim_end_matches(['*', '＊']).trim().to_lowercase();
            names.contains(&header.as_str())
        })
    };
    let (Some(name), Some(display_name)) = (column(NAME), column(DISPLAY_NAME)) else {
        return Err(Error::invalid(
            "file",
            "staff.columns",
            "表中须有“用户名”和“姓名”两列",
            "The table needs the columns 用户名 and 姓名",
        ));
    };
    let (department, email) = (column(DEPARTMENT), column(EMAIL));
    let mut found = Vec::new();
    for row in book.rows(&table).map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        if row.is_blank() {
            continue;
        }
        let text =
            |at: Option<usize>| at.map(|at| row.text(at).trim().to_owned()).unwrap_or_default();
        found.push(StaffRow {
            number: row.number,
            name: text(Some(name)),
            display_name: text(Some(display_name)),
            department: text(department),
            email: text(email),
        });
    }
    Ok(found)
}

async fn make(
    app: &App,
    actor: &Actor,
    known: &mut HashMap<String, DepartmentId>,
    row: &StaffRow,
) -> Result<(Account, OneTimeLink)> {
    let mut draft = people::Draft {
        name: row.name.clone(),
        display_name: row.display_name.clone(),
        email: Some(row.email.clone()).filter(|email| !email.is_empty()),
        ..people::Draft::default()
    };
    draft.checked(app, false)?;
    if !row.department.is_empty() {
        draft.department = Some(match known.get(&row.department) {
            Some(id) => *id,
            None => {
                let made = departments::create(app, actor, &row.department, None).await?;
                known.insert(made.name, made.id);
                made.id
            }
        });
    }
    people::create(app, actor, &draft).await
}
