//! What a bank asks of the archive before it lends: whether it is there, never what stands in it.

use fiscal::analysis::readiness::Kept;
use jiff::civil::Date;
use trust::database::Reader;
use values::{ClientId, Error, Result};

use super::rows::{self, Client};
use super::rules::Stored;

/// A client as the analysis of its statements sees it.
#[derive(Debug, Clone)]
pub struct Financing {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The industry's code, such as `C13`.
    pub industry: Option<String>,
    /// When it was founded.
    pub founded: Option<Date>,
    /// Whether it files VAT as a general taxpayer.
    pub general_taxpayer: bool,
    /// The parts of the archive that banks want to see.
    pub parts: Vec<Kept>,
}

/// Lists that a bank expects to be filled in.
const LISTS: [(&str, &str, &str); 4] = [
    ("shareholders", "股东", "Shareholders"),
    ("beneficial_owners", "受益所有人", "Beneficial owners"),
    ("bank_accounts", "银行账户", "Bank accounts"),
    ("guarantors", "担保人", "Guarantors"),
];

/// A client for the analysis of its statements, within the caller's own transaction.
///
/// # Errors
/// NotFound when there is no such client.
pub async fn financing(reader: &mut Reader, id: ClientId, today: Date) -> Result<Financing> {
    let client = rows::client(reader, id).await?.ok_or_else(Error::not_found)?;
    let day = |text: &str| text.parse::<Date>().ok();
    Ok(Financing {
        code: client.code.clone(),
        name: client.clear("name").unwrap_or_default().to_owned(),
        industry: client.clear("industry_code").map(str::to_owned),
        founded: client.clear("registered_on").and_then(day),
        general_taxpayer: client.clear("taxpayer_kind") == Some("general"),
        parts: parts(&client, today),
    })
}

fn parts(client: &Client, today: Date) -> Vec<Kept> {
    let kept = |item, zh, en, filled| Kept { item, zh, en, filled };
    let legal_rep = client.fields.contains_key("legal_rep_name");
    let mut parts = vec![kept("legal_rep_name", "法定代表人", "Legal representative", legal_rep)];
    for (list, zh, en) in LISTS {
        parts.push(kept(list, zh, en, client.list(list).next().is_some()));
    }
    // A trade without licences has none to expire.
    if client.list("licences").next().is_some() {
        let valid = client.list("licences").all(|licence| {
            let until = licence.fields.get("valid_until").and_then(Stored::clear);
            until.and_then(|text| text.parse::<Date>().ok()).is_none_or(|until| until >= today)
        });
        parts.push(kept("licences", "有效期内的资质证照", "Licences that have not expired", valid));
    }
    let stated = client.list("financing_needs").any(|need| need.fields.contains_key("purpose"));
    let (zh, en) = ("写明用途的融资需求", "A financing need with its purpose");
    parts.push(kept("financing_needs", zh, en, stated));
    parts
}
