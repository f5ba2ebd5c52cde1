//! What the API shows of a client, as the caller may see it.

use std::collections::BTreeMap;

use serde::Serialize;
use trust::access::Permit;
use utoipa::ToSchema;
use values::{ClientId, ItemId, Result, UserId};

use super::actions::ViewConfidential;
use super::custom;
use super::fields::{Keeping, SPECS, Spec};
use super::holds::{HoldView, RemovalView};
use super::rows::{self, Client};
use super::rules::{self, Fields, SectionState, Stored};
use super::seal::{self, Glimpse, Home};
use super::seats::Seats;
use crate::App;

/// A value as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Shown {
    /// The value or its mask; nothing when it is locked.
    pub value: Option<String>,
    /// Whether `value` is a mask.
    pub masked: bool,
    /// Whether there is a value that the caller may not even see masked.
    pub locked: bool,
    /// Its level.
    pub level: u8,
    /// Whether this caller may ask for it in full.
    pub revealable: bool,
}

/// Somebody who stands to a client.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// The id.
    #[schema(value_type = String)]
    pub id: UserId,
    /// The name.
    pub name: String,
}

/// A row of one of a client's lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ItemView {
    /// The id.
    #[schema(value_type = String)]
    pub id: ItemId,
    /// The fields.
    pub fields: BTreeMap<String, Shown>,
}

/// Something to look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingView {
    /// The field.
    pub field: String,
    /// `error`, `warning` or `hint`.
    #[schema(value_type = String)]
    pub severity: fiscal::Severity,
    /// The stable code.
    pub code: &'static str,
    /// The message.
    pub message: String,
}

/// A computed classification and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Computed {
    /// The outcome, if it can be computed.
    pub value: Option<String>,
    /// Why.
    pub reason: String,
    /// Why, in English.
    pub reason_en: String,
}

/// Whether something can be done, and if not, why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct May {
    /// Whether.
    pub allowed: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A client as its page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClientView {
    /// The id.
    #[schema(value_type = String)]
    pub id: ClientId,
    /// The code.
    pub code: String,
    /// The version, for If-Match.
    pub version: i64,
    /// The stage.
    pub stage: String,
    /// The tags.
    pub tags: Vec<String>,
    /// The name.
    pub name: String,
    /// 负责人.
    pub lead: Option<Person>,
    /// 复核人.
    pub reviewer: Option<Person>,
    /// The department.
    pub department: Option<String>,
    /// When it was made (RFC 3339).
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
    /// When it was put into the recycle bin.
    pub recycled_at: Option<String>,
    /// The legal hold that keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldView>,
    /// What stands before its final removal, once it lies in the recycle bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal: Option<RemovalView>,
    /// The fields.
    pub fields: BTreeMap<String, Shown>,
    /// The lists.
    pub lists: BTreeMap<String, Vec<ItemView>>,
    /// Completeness of the whole.
    pub completeness: i64,
    /// Completeness by section.
    pub sections: Vec<SectionState>,
    /// What should be looked at.
    pub findings: Vec<FindingView>,
    /// Enterprise size and 小型微利, computed.
    pub computed: BTreeMap<&'static str, Computed>,
    /// What the caller may do, and why not.
    pub may: BTreeMap<&'static str, May>,
    /// The day that this is the state of, when it is not the present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

/// Shows one stored value.
pub fn shown(
    app: &App,
    permit: Option<&Permit<'_, ViewConfidential>>,
    spec: &Spec,
    home: Home,
    value: &Stored,
) -> Result<Shown> {
    let glimpse = seal::glimpse(&app.keyring, permit, spec, home, value)?;
    let (value, masked, locked) = match glimpse {
        Glimpse::Clear(text) => (Some(text), false, false),
        Glimpse::Masked(text) => (Some(text), true, false),
        Glimpse::Locked => (None, true, true),
    };
    let revealable = masked && !locked && spec.sealed();
    Ok(Shown { value, masked, locked, level: spec.level, revealable })
}

fn shown_fields(
    app: &App,
    permit: Option<&Permit<'_, ViewConfidential>>,
    list: Option<&str>,
    home: Home,
    fields: &Fields,
) -> Result<BTreeMap<String, Shown>> {
    let mut out = BTreeMap::new();
    for (key, value) in fields {
        if let Some(spec) = custom::spec(app, list, key) {
            out.insert(key.clone(), shown(app, permit, spec, home, value)?);
        }
    }
    Ok(out)
}

/// Takes back from a page what this caller may not ask for: identity numbers, or anything sealed.
pub fn limit_revealing(app: &App, page: &mut ClientView, identity: bool, confidential: bool) {
    let may = |list: Option<&str>, key: &str| {
        custom::spec(app, list, key).is_some_and(|spec| match spec.keeping {
            Keeping::Identity => identity,
            _ => confidential,
        })
    };
    for (key, shown) in &mut page.fields {
        shown.revealable = shown.revealable && may(None, key);
    }
    for (list, items) in &mut page.lists {
        for (key, shown) in items.iter_mut().flat_map(|item| &mut item.fields) {
            shown.revealable = shown.revealable && may(Some(list), key);
        }
    }
}

/// Who stands how to the client, by name.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// 负责人.
    pub lead: Option<Person>,
    /// 复核人.
    pub reviewer: Option<Person>,
    /// The department.
    pub department: Option<String>,
}

impl Standing {
    /// The names of those who sit there.
    #[must_use]
    pub fn named(seats: &Seats, names: &crate::identity::Names) -> Self {
        let person = |id| Person { id, name: names.user(id) };
        Self {
            lead: seats.lead.map(person),
            reviewer: seats.reviewer.map(person),
            department: seats.department.map(|id| names.department(id)),
        }
    }
}

/// Puts the page together.
pub fn page(
    app: &App,
    client: &Client,
    permit: Option<&Permit<'_, ViewConfidential>>,
    standing: Standing,
    may: BTreeMap<&'static str, May>,
) -> Result<ClientView> {
    let mut lists: BTreeMap<String, Vec<ItemView>> = BTreeMap::new();
    for item in &client.items {
        let home = Home::Item(item.id);
        let fields = shown_fields(app, permit, Some(&item.list), home, &item.fields)?;
        lists.entry(item.list.clone()).or_default().push(ItemView { id: item.id, fields });
    }
    let count = |list: &str| client.list(list).count();
    let (completeness, sections) = rules::completeness(&client.fields, &count);
    Ok(ClientView {
        id: client.id,
        code: client.code.clone(),
        version: client.version,
        stage: client.stage.clone(),
        tags: client.tags.clone(),
        name: client.clear("name").unwrap_or_default().to_owned(),
        lead: standing.lead,
        reviewer: standing.reviewer,
        department: standing.department,
        created_at: client.created_at.rfc3339(),
        updated_at: client.updated_at.rfc3339(),
        recycled_at: client.recycled_at.map(values::Micros::rfc3339),
        hold: None,
        removal: None,
        fields: shown_fields(app, permit, None, Home::Client(client.id), &client.fields)?,
        lists,
        completeness,
        sections,
        findings: findings(app, client),
        computed: computed(app, client),
        may,
        as_of: None,
    })
}

fn findings(app: &App, client: &Client) -> Vec<FindingView> {
    let today = app.today();
    let mut all = Vec::new();
    for spec in SPECS.iter().filter(|spec| spec.list.is_none() && !spec.sealed()) {
        let Some(text) = client.clear(spec.key) else { continue };
        if let Ok(Some(checked)) = rules::check(spec, text, today) {
            all.extend(checked.findings.into_iter().map(|finding| FindingView {
                field: spec.key.to_owned(),
                severity: finding.severity,
                code: finding.code,
                message: finding.zh,
            }));
        }
    }
    if let Some(finding) =
        client.clear("uscc").and_then(fiscal::identifiers::uscc::expects_enterprise)
    {
        all.push(FindingView {
            field: "uscc".to_owned(),
            severity: finding.severity,
            code: finding.code,
            message: finding.zh,
        });
    }
    all.sort_by_key(|finding| finding.severity);
    all
}

fn computed(app: &App, client: &Client) -> BTreeMap<&'static str, Computed> {
    use fiscal::small_low_profit::{Figures, Quarter, judge};
    let size = rows::size_of(&client.fields, app.today());
    let value = size
        .size
        .and_then(|size| serde_json::to_value(size).ok())
        .and_then(|value| value.as_str().map(str::to_owned));
    let number = |key: &str| client.clear(key).and_then(|text| text.parse::<i64>().ok());
    let staff: Vec<Quarter> = number("staff_count").map(Quarter::steady).into_iter().collect();
    let assets: Vec<Quarter> =
        number("total_assets_fen").map(Quarter::steady).into_iter().collect();
    let figures = Figures {
        taxable_income_fen: number("taxable_income_fen"),
        staff: &staff,
        assets_fen: &assets,
        restricted: Some(false),
    };
    let low = judge(&figures, app.today());
    let answer = low.qualifies.map(|yes| if yes { "yes" } else { "no" }.to_owned());
    BTreeMap::from([
        ("size", Computed { value, reason: size.reason, reason_en: size.reason_en }),
        (
            "small_low_profit",
            Computed { value: answer, reason: low.reason, reason_en: low.reason_en },
        ),
    ])
}

/// A value for a list or an export: persons' names masked unless `open`.
#[must_use]
pub fn person(name: Option<String>, open: bool) -> Option<String> {
    let spec = SPECS.iter().find(|spec| spec.keeping == Keeping::Person)?;
    name.map(|name| if open { name } else { rules::mask(spec, &name) })
}
