//! Departments: a tree.

use trust::access::Actor;
use trust::record::Change;
use values::{DepartmentId, Error, Kind, Result};

use crate::App;
use crate::identity::actions::{EditDepartment, ListDepartments};
use crate::identity::people::Department;
use crate::identity::rows::accounts;
use crate::identity::rules;

/// All departments by name.
///
/// # Errors
/// Denied to people without a role.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Department>> {
    let permit = app.access.authorize::<ListDepartments>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    accounts::departments(&mut tx).await
}

/// Makes a department.
///
/// # Errors
/// Invalid for a name that is taken or a parent that does not exist; Denied without the right.
pub async fn create(
    app: &App,
    actor: &Actor,
    name: &str,
    parent: Option<DepartmentId>,
) -> Result<Department> {
    rules::check_title("name", name)?;
    let id = DepartmentId::new(&*app.clock, &*app.entropy);
    let permit = app.access.authorize::<EditDepartment>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    if let Some(parent) = parent
        && accounts::below(&mut tx, parent).await?.is_empty()
    {
        return Err(no_parent());
    }
    accounts::insert_department(&mut tx, id, name.trim(), parent).await?;
    tx.commit(permit.entry(Change::none().fields(["department.made"]))).await?;
    Ok(Department { id, name: name.trim().to_owned(), parent, people: 0 })
}

/// Renames or moves a department.
///
/// # Errors
/// Invalid when it would stand below itself; NotFound when there is none.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: DepartmentId,
    name: Option<&str>,
    parent: Option<Option<DepartmentId>>,
) -> Result<Department> {
    let permit = app.access.authorize::<EditDepartment>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    let found = accounts::departments(&mut tx).await?.into_iter().find(|d| d.id == id);
    let mut department = found.ok_or_else(Error::not_found)?;
    if let Some(name) = name {
        rules::check_title("name", name)?;
        name.trim().clone_into(&mut department.name);
    }
    if let Some(parent) = parent {
        if let Some(parent) = parent {
            let exists = !accounts::below(&mut tx, parent).await?.is_empty();
            if !exists || accounts::below(&mut tx, id).await?.contains(&parent) {
                return Err(no_parent());
            }
        }
        department.parent = parent;
    }
    accounts::update_department(&mut tx, id, &department.name, department.parent).await?;
    tx.commit(permit.entry(Change::none().fields(["department.changed"]))).await?;
    Ok(department)
}

/// Removes a department to which nobody belongs.
///
/// # Errors
/// Conflict while people or departments belong to it.
pub async fn remove(app: &App, actor: &Actor, id: DepartmentId) -> Result<()> {
    let permit = app.access.authorize::<EditDepartment>(actor, id).await?;
    let mut tx = app.db.write(&permit).await?;
    if !accounts::delete_department(&mut tx, id).await? {
        return Err(Error::new(
            Kind::Conflict,
            "department.in_use",
            "部门不存在，或仍有人员、下级部门",
            "There is no such department, or people or departments belong to it",
        ));
    }
    tx.commit(permit.entry(Change::none().fields(["department.removed"]))).await?;
    Ok(())
}

fn no_parent() -> Error {
    Error::invalid(
        "parent_id",
        "department.parent",
        "上级部门不存在，或是本部门的下级",
        "The department above does not exist or lies below this one",
    )
}
