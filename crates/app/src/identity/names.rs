//! The names of people and departments, for the lists of other contexts.

use std::collections::HashMap;

use trust::database::Reader;
use values::{DepartmentId, Result, UserId};

/// The names of everybody who works or worked here, and of the departments.
#[derive(Debug, Clone, Default)]
pub struct Names {
    users: HashMap<UserId, (String, bool)>,
    departments: HashMap<DepartmentId, String>,
}

impl Names {
    /// A person's name; a person who is unknown is shown as such.
    #[must_use]
    pub fn user(&self, id: UserId) -> String {
        self.users.get(&id).map_or_else(|| "未知人员".to_owned(), |(name, _)| name.clone())
    }

    /// Whether a person is known and may sign in.
    #[must_use]
    pub fn is_active(&self, id: UserId) -> bool {
        self.users.get(&id).is_some_and(|(_, active)| *active)
    }

    /// A department's name.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> String {
        self.departments.get(&id).cloned().unwrap_or_else(|| "未知部门".to_owned())
    }
}

/// Reads all names: a firm has at most some thousands.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn names(reader: &mut Reader) -> Result<Names> {
    let mut names = Names::default();
    for row in reader.rows("SELECT id, display_name, state FROM account", &[]).await? {
        names.users.insert(row.id(0)?, (row.text(1)?, row.text(2)? == "active"));
    }
    for row in reader.rows("SELECT id, name FROM department", &[]).await? {
        names.departments.insert(row.id(0)?, row.text(1)?);
    }
    Ok(names)
}
