//! Showing and changing the settings.

use trust::access::Actor;
use trust::record::Change;
use values::{Error, Kind as ErrorKind, Micros, Result};

use super::actions::{CheckOperator, ListSettings, UpdateSettings};
use super::rules::{self, Settings, Spec, Value};
use super::{current, rows};
use crate::App;

/// Settings that the configuration file decides, as they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its key.
    pub key: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// What the configuration says.
    pub value: Value,
}

/// All settings as the page shows them.
#[derive(Debug, Clone)]
pub struct Page {
    /// What can be changed here.
    pub settings: Settings,
    /// What the configuration file decides.
    pub shown: Vec<Shown>,
    /// When something was changed last.
    pub changed_at: Option<Micros>,
}

fn shown(app: &App) -> Vec<Shown> {
    let running = &app.running;
    let zone = running.zone.iana_name().unwrap_or("UTC").to_owned();
    vec![
        Shown { key: "time_zone", zh: "时区", en: "Time zone", value: Value::Text(zone) },
        Shown {
            key: "strict_offices",
            zh: "管理岗不得兼任业务岗",
            en: "No office together with a business role",
            value: Value::Bool(running.strict_offices),
        },
        Shown {
            key: "secure_cookies",
            zh: "仅限 HTTPS 访问",
            en: "HTTPS only",
            value: Value::Bool(running.secure_cookies),
        },
    ]
}

/// All settings.
///
/// # Errors
/// Denied without the right.
pub async fn list(app: &App, actor: &Actor) -> Result<Page> {
    let permit = app.access.authorize::<ListSettings>(actor, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let changed_at = rows::all(&mut tx).await?.into_iter().map(|row| row.changed_at).max();
    Ok(Page { settings: current(&mut tx).await?, shown: shown(app), changed_at })
}

/// Changes some settings: all of them, or none when one is wrong.
///
/// # Errors
/// Invalid for an unknown key or a value that does not fit; Denied without the right.
pub async fn update(app: &App, actor: &Actor, wanted: Vec<(String, Value)>) -> Result<Page> {
    let permit = app.access.authorize::<UpdateSettings>(actor, ()).await?;
    let fixed = shown(app);
    let mut tx = app.db.write(&permit).await?;
    let before = current(&mut tx).await?;
    let mut names: Vec<&'static str> = Vec::new();
    for (key, value) in wanted {
        let Some((spec, value)) = checked(&fixed, &key, value)? else { continue };
        if before.get(spec.key) == Some(&value) {
            continue;
        }
        rows::set(&mut tx, spec.key, &value.stored(), app.clock.now(), actor.user()).await?;
        names.push(spec.key);
    }
    let settings = current(&mut tx).await?;
    let changed_at = rows::all(&mut tx).await?.into_iter().map(|row| row.changed_at).max();
    tx.commit(permit.entry(Change::none().fields(names))).await?;
    Ok(Page { settings, shown: fixed, changed_at })
}

/// A page sends back what it was shown: what the configuration decides may stay, not change.
fn checked(fixed: &[Shown], key: &str, value: Value) -> Result<Option<(&'static Spec, Value)>> {
    if let Some(spec) = rules::spec(key) {
        return Ok(Some((spec, spec.check(value)?)));
    }
    match fixed.iter().find(|shown| shown.key == key) {
        Some(shown) if shown.value == value => Ok(None),
        Some(_) => Err(Error::invalid(
            key,
            "setting.fixed",
            "此项由配置文件 heng.toml 决定，不能在此修改",
            "The configuration file decides this; it cannot be changed here",
        )),
        None => Err(Error::invalid(
            key,
            "setting.unknown",
            "没有这个设置项",
            "There is no such setting",
        )),
    }
}

/// Lets the operator at the machine go on only if the firm has not shut the command line out.
///
/// # Errors
/// Denied when it has.
pub async fn local_operator_allowed(app: &App, actor: &Actor) -> Result<()> {
    let permit = app.access.authorize::<CheckOperator>(actor, ()).await?;
    if current(&mut *app.db.read(&permit).await?).await?.local_operator() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Denied,
        "operator.shut_out",
        "机构已在设置中停用本机命令行操作",
        "The firm has turned the command line off in its settings",
    ))
}
