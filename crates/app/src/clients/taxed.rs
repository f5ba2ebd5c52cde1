//! What the tax calendar needs to know of clients: their taxpayer kind, taxes and region.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Order};
use serde::Deserialize;
use trust::access::Actor;
use trust::database::{Reader, Row};
use values::{ClientId, Error, Result};

use super::actions::ListTaxed;
use super::list::{self, ListQuery};
use super::rules::Stored;
use super::view::Standing;
use crate::App;

/// The stages in which the firm files for a client.
const FILED: [&str; 3] = ["onboarding", "active", "suspended"];

/// A client as the tax calendar sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxed {
    /// The id.
    pub id: ClientId,
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The short name.
    pub short_name: Option<String>,
    /// What the calendar plans by.
    pub profile: TaxProfile,
}

/// What a client's filings follow from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TaxProfile {
    /// `general` or `small`.
    pub kind: Option<String>,
    /// 应纳税种, as typed.
    pub taxes: Option<String>,
    /// The division's code as far as the archive tells: by the province's and city's names, else
    /// by the credit code. Empty when it does not.
    pub region: String,
}

/// What is read of a client's fields; all others are passed over.
#[derive(Deserialize)]
struct Own {
    #[serde(default)]
    taxes_due: Option<Stored>,
    #[serde(default)]
    province: Option<Stored>,
    #[serde(default)]
    city: Option<Stored>,
}

fn profile(kind: Option<String>, uscc: Option<&str>, fields: &str) -> Result<TaxProfile> {
    let own: Own = serde_json::from_str(fields).map_err(Error::internal)?;
    let clear =
        |stored: &Option<Stored>| stored.as_ref().and_then(Stored::clear).map(str::to_owned);
    let (province, city) = (clear(&own.province), clear(&own.city));
    let named = province.and_then(|name| region_named(&name, city.as_deref()));
    let coded = || {
        let code = uscc?.get(2..8)?;
        fiscal::divisions::place(code).province.map(|_| code.to_owned())
    };
    Ok(TaxProfile {
        kind,
        taxes: clear(&own.taxes_due),
        region: named.or_else(coded).unwrap_or_default(),
    })
}

fn region_named(province: &str, city: Option<&str>) -> Option<String> {
    let like = |name: &str, typed: &str| !typed.is_empty() && name.starts_with(typed.trim());
    let (code, _) = fiscal::divisions::provinces().find(|(_, name)| like(name, province))?;
    let city = city.and_then(|typed| {
        fiscal::divisions::cities(code).find(|(_, name)| like(name, typed)).map(|(code, _)| code)
    });
    Some(city.unwrap_or(code).to_owned())
}

fn client(row: &Row) -> Result<Taxed> {
    let uscc = row.opt_text(5)?;
    Ok(Taxed {
        id: row.id(0)?,
        code: row.text(1)?,
        name: row.text(2)?,
        short_name: row.opt_text(3)?,
        profile: profile(row.opt_text(4)?, uscc.as_deref(), &row.text(6)?)?,
    })
}

/// Clients and how people stand to them.
pub type Page = (Vec<Taxed>, HashMap<ClientId, Standing>);

/// The clients that the firm files for, within the caller's scope, by their code after `after`:
/// `most` of them with their people, or all of them without.
///
/// # Errors
/// Denied when the caller may see none; Invalid when the query is wrong.
pub async fn taxed(
    app: &App,
    actor: &Actor,
    query: &ListQuery,
    (after, most): (Option<&str>, Option<u64>),
) -> Result<Page> {
    let (permit, scope) = app.access.authorize_list::<ListTaxed>(actor).await?;
    let mut select = list::filtered(app, actor, &scope, query)?;
    for column in ["id", "code", "name", "short_name", "taxpayer_kind", "uscc", "fields"] {
        select.column(("client", column));
    }
    select.and_where(Expr::col(("client", "stage")).is_in(FILED));
    select.order_by(("client", "code"), Order::Asc);
    if let Some(code) = after {
        select.and_where(Expr::col(("client", "code")).gt(code));
    }
    if let Some(most) = most {
        select.limit(most);
    }
    let mut tx = app.db.read(&permit).await?;
    let found = tx.select(&select).await?.iter().map(client).collect::<Result<Vec<_>>>()?;
    tx.shows(found.iter().map(|client| client.id));
    let ids: Vec<ClientId> = found.iter().map(|client| client.id).collect();
    let people = match most {
        Some(_) => list::people_of(&mut tx, &ids).await?,
        None => HashMap::new(),
    };
    Ok((found, people))
}

/// How many clients there are of each profile in the whole firm, for counts that name nobody,
/// within the caller's own transaction.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn tax_profiles(reader: &mut Reader) -> Result<Vec<(TaxProfile, i64)>> {
    let mut select = sea_query::Query::select();
    select
        .from("client")
        .columns(["taxpayer_kind", "uscc", "fields"])
        .and_where(Expr::col("merged_into").is_null())
        .and_where(Expr::col("recycled_at").is_null())
        .and_where(Expr::col("stage").is_in(FILED));
    let mut counts: HashMap<TaxProfile, i64> = HashMap::new();
    for row in reader.select(&select).await? {
        let uscc = row.opt_text(1)?;
        let profile = profile(row.opt_text(0)?, uscc.as_deref(), &row.text(2)?)?;
        *counts.entry(profile).or_default() += 1;
    }
    Ok(counts.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_known_by_its_name_or_by_the_credit_code() {
        assert_eq!(region_named("广东省", Some("深圳市")).as_deref(), Some("440300"));
        assert_eq!(region_named("广东", None).as_deref(), Some("440000"));
        assert_eq!(region_named("某地", None), None);
        let of = |uscc, fields| profile(None, uscc, fields).unwrap().region;
        assert_eq!(of(Some("91440300MA00000000"), "{}"), "440300");
        assert_eq!(of(Some("91440300MA00000000"), r#"{"province":"北京市"}"#), "110000");
        assert_eq!(of(None, "{}"), "");
    }

    #[test]
    fn only_what_the_calendar_needs_is_read_of_the_fields() {
        let fields = r#"{"taxes_due":"增值税","legal_rep_id_no":{"s":"x","m":"y"}}"#;
        let read = profile(Some("small".to_owned()), None, fields).unwrap();
        assert_eq!(read.taxes.as_deref(), Some("增值税"));
        assert!(profile(None, None, "[").is_err());
    }
}
