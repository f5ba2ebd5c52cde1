//! Fields that a firm adds: defined once, kept for ever, and then like any other field.
//!
//! Each definition becomes a [`Spec`] that lives as long as the process, so that forms, import,
//! masking and versions treat shipped and added fields alike. A process reads the definitions
//! when it first needs one, and again when it meets a key that it does not know: another process
//! over the same store may have added it.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use serde::Deserialize;
use trust::access::{Action, Actor, Origin};
use trust::database::{Reader, Row};
use trust::record::Change;
use trust::vault::{Catalogue, Category};
use utoipa::ToSchema;
use values::{Error, Kind as Fault, Result};

use super::actions::DefineField;
use super::fields::{self, Choice, Keeping, Kind, SPECS, Section, Spec};
use crate::App;

/// What every key of an added field begins with.
pub const PREFIX: &str = "custom.";
/// So many fields may be added.
const MOST: usize = 100;
/// Longest name of a field and of a choice.
const NAME_MOST: usize = 40;

/// The fields that were added, as far as this process has read them.
#[derive(Debug, Default)]
pub struct Added(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    read: bool,
    specs: Vec<&'static Spec>,
}

impl Added {
    /// An added field.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Spec> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.specs.iter().find(|spec| spec.key == key).copied()
    }

    /// All fields, the shipped ones first.
    #[must_use]
    pub fn all(&self) -> Vec<&'static Spec> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        SPECS.iter().chain(known.specs.iter().copied()).collect()
    }

    /// Whether the definitions were read and explain all of these keys.
    fn explains<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.read
            && keys
                .into_iter()
                .filter(|key| key.starts_with(PREFIX))
                .all(|key| known.specs.iter().any(|spec| spec.key == key))
    }

    /// Keeps definitions; one that is known already stays the one it is.
    fn keep(&self, read: Vec<Spec>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for spec in read {
            if !known.specs.iter().any(|old| old.key == spec.key) {
                // A definition is never changed or taken back, so it may live as long as we do.
                known.specs.push(Box::leak(Box::new(spec)));
            }
        }
        known.read = true;
    }
}

/// A field of the client itself or of a list, shipped or added.
#[must_use]
pub fn spec(app: &App, list: Option<&str>, key: &str) -> Option<&'static Spec> {
    match list {
        Some(list) => fields::list_field(list, key),
        None if key.starts_with(PREFIX) => app.added.field(key),
        None => fields::field(key),
    }
}

/// Reading definitions of fields for the process itself: they speak of no client, and nobody is
/// shown them by it.
struct MeetFields;

impl Action for MeetFields {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    const RECORDED: bool = false;
    type Target = ();
}

/// Sees to it that the definitions of these keys are known, if there are any.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn meet<'k>(app: &App, keys: impl IntoIterator<Item = &'k str>) -> Result<()> {
    if app.added.explains(keys) {
        return Ok(());
    }
    let job = Actor::part_of_heng("job", Origin::default());
    let permit = app.access.authorize::<MeetFields>(&job, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    read(app, &mut tx).await
}

/// As [`meet`], within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn meet_in<'k>(
    app: &App,
    reader: &mut Reader,
    keys: impl IntoIterator<Item = &'k str>,
) -> Result<()> {
    if app.added.explains(keys) {
        return Ok(());
    }
    read(app, reader).await
}

/// Reads the definitions, whatever is known of them.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn read(app: &App, reader: &mut Reader) -> Result<()> {
    let rows = reader
        .rows(
            "SELECT key, section, kind, zh, en, item, choices, required FROM custom_field \
             ORDER BY created_at, key",
            &[],
        )
        .await?;
    let catalogue = Catalogue::embedded()?;
    app.added.keep(rows.iter().map(|row| defined(row, &catalogue)).collect::<Result<_>>()?);
    Ok(())
}

fn lasting(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn defined(row: &Row, catalogue: &Catalogue) -> Result<Spec> {
    let item = row.text(5)?;
    let item = catalogue.item(&item).ok_or_else(|| Error::internal("a field of no item"))?;
    let (section, kind) = (section(&row.text(1)?)?, kind(&row.text(2)?)?);
    let choices: Vec<String> = serde_json::from_str(&row.text(6)?).map_err(Error::internal)?;
    let choices: Vec<Choice> =
        choices.into_iter().map(lasting).map(|choice| (choice, choice, choice)).collect();
    Ok(Spec {
        key: lasting(row.text(0)?),
        list: None,
        section,
        kind,
        keeping: if item.sealed { Keeping::Contact } else { Keeping::Clear },
        item: lasting(item.key.clone()),
        level: item.level,
        required: row.int(7)? != 0,
        zh: lasting(row.text(3)?),
        en: lasting(row.text(4)?),
        choices: choices.leak(),
        aliases: &[],
    })
}

fn section(word: &str) -> Result<Section> {
    Ok(match word {
        "basic" => Section::Basic,
        "business" => Section::Business,
        "financial" => Section::Financial,
        _ => return Err(wrong("section", "没有这个板块", "There is no such section")),
    })
}

fn kind(word: &str) -> Result<Kind> {
    Ok(match word {
        "text" => Kind::Text,
        "long" => Kind::Long,
        "int" => Kind::Int,
        "money" => Kind::Money,
        "date" => Kind::Date,
        "choice" => Kind::Choice,
        _ => {
            return Err(wrong(
                "kind",
                "自定义字段只能是文本、长文本、整数、金额、日期或选项",
                "A custom field is text, long, int, money, date or choice",
            ));
        }
    })
}

fn wrong(field: &'static str, zh: &str, en: &str) -> Error {
    Error::invalid(field, "field.definition", zh, en)
}

/// A field to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct FieldCreate {
    /// `custom.` and a name of ASCII letters, digits and `_`.
    pub key: String,
    /// `basic`, `business` or `financial`.
    pub section: String,
    /// `text`, `long`, `int`, `money`, `date` or `choice`.
    pub kind: String,
    /// Its Chinese name, by which imports know it too.
    pub zh: String,
    /// Its English name.
    #[serde(default)]
    pub en: String,
    /// Its item in the catalogue, which decides level, masking and sealing.
    pub item: String,
    /// The choices, for `choice`.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Whether a client cannot be saved without it.
    #[serde(default)]
    pub required: bool,
}

impl FieldCreate {
    /// The same without blanks around, once everything about it is right.
    fn checked(mut self, others: &[&'static Spec]) -> Result<Self> {
        for text in [&mut self.key, &mut self.zh, &mut self.en, &mut self.item] {
            *text = text.trim().to_owned();
        }
        if self.en.is_empty() {
            self.en.clone_from(&self.zh);
        }
        let name = self.key.strip_prefix(PREFIX).unwrap_or_default();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !begins || name.len() > NAME_MOST || !name.chars().all(plain) {
            return Err(wrong(
                "key",
                "字段键应为 custom. 加小写字母、数字或下划线，以字母开头，最长 40 位",
                "The key is custom. and lower-case letters, digits or _, at most 40",
            ));
        }
        section(&self.section)?;
        if (kind(&self.kind)? == Kind::Choice) == self.choices.is_empty() {
            return Err(wrong(
                "choices",
                "选项字段须列出选项，其他字段不能有",
                "Choices do not fit",
            ));
        }
        let fits = |text: &str| !text.is_empty() && text.chars().count() <= NAME_MOST;
        if !fits(&self.zh) || !fits(&self.en) {
            return Err(wrong("zh", "请填写 1 到 40 个字的名称", "Give it a name of 1 to 40"));
        }
        let known = |spec: &&Spec| spec.zh == self.zh || spec.aliases.contains(&&*self.zh);
        if others.iter().filter(|spec| spec.list.is_none()).copied().any(|s| known(&s)) {
            return Err(Error::new(
                Fault::Conflict,
                "field.name_taken",
                format!("已有名为“{}”的字段", self.zh),
                format!("There is a field named {} already", self.zh),
            ));
        }
        self.choices.iter_mut().for_each(|choice| *choice = choice.trim().to_owned());
        let different: BTreeSet<&String> = self.choices.iter().collect();
        let all_fit = self.choices.iter().all(|choice| fits(choice));
        if !all_fit || different.len() != self.choices.len() || different.len() > 50 {
            return Err(wrong(
                "choices",
                "选项最多 50 个，各不相同，每个 1 到 40 个字",
                "At most 50 different choices of 1 to 40 characters",
            ));
        }
        self.item_fits()?;
        Ok(self)
    }

    fn item_fits(&self) -> Result<()> {
        let catalogue = Catalogue::embedded()?;
        let Some(item) = catalogue.item(&self.item) else {
            return Err(wrong("item", "分类分级目录中没有这一项", "The catalogue lacks this item"));
        };
        if item.level >= 4 {
            return Err(Error::invalid(
                "item",
                "field.level_4",
                format!("“{}”为四级信息，不能作为自定义字段登记", item.zh),
                format!("{} is of level 4 and cannot be a custom field", item.en),
            ));
        }
        if matches!(item.category, Category::Authentication | Category::Security) {
            return Err(wrong(
                "item",
                "密码与安全信息不能登记为客户字段",
                "What guards the system is no field of a client",
            ));
        }
        Ok(())
    }
}

/// Adds a field.
///
/// # Errors
/// Invalid with what is wrong; Conflict when key or name is taken.
pub async fn define(app: &App, actor: &Actor, field: FieldCreate) -> Result<&'static Spec> {
    let permit = app.access.authorize::<DefineField>(actor, ()).await?;
    let mut tx = app.db.write(&permit).await?;
    read(app, &mut tx).await?;
    let known = app.added.all();
    if known.len() - SPECS.len() >= MOST {
        return Err(wrong("key", "自定义字段已达 100 个上限", "There are 100 custom fields"));
    }
    let field = field.checked(&known)?;
    tx.execute(
        "INSERT INTO custom_field (key, section, kind, zh, en, item, choices, created_at, \
         required) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            field.key.as_str().into(),
            field.section.as_str().into(),
            field.kind.as_str().into(),
            field.zh.as_str().into(),
            field.en.as_str().into(),
            field.item.as_str().into(),
            serde_json::to_string(&field.choices).map_err(Error::internal)?.into(),
            app.clock.now().into(),
            i64::from(field.required).into(),
        ],
    )
    .await
    .map_err(taken)?;
    tx.commit(permit.entry(Change::none().fields([field.key.as_str()]))).await?;
    meet(app, [field.key.as_str()]).await?;
    app.added.field(&field.key).ok_or_else(|| Error::internal("a defined field is not there"))
}

fn taken(error: Error) -> Error {
    if error.code() != "taken" {
        return error;
    }
    let (zh, en) = ("已有这个字段键", "There is a field with this key already");
    Error::new(Fault::Conflict, "field.key_taken", zh, en).with_source(error)
}
