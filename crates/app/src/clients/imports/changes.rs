//! A draft as a new client, or as a change of a known one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use trust::access::{Actor, Permit};
use trust::database::Writer;
use trust::vault::{Opens, Place, Sealed};
use values::{ClientId, Error, ImportId, ItemId, Result};

use super::rows::{self, Touched};
use super::rules::Draft;
use crate::App;
use crate::clients::actions::{ContactPoint, RunImport, UpdateClient, UpdateConfidential};
use crate::clients::custom;
use crate::clients::fields::{Keeping, LISTS, Spec};
use crate::clients::rows::{self as archive, Authorship, Client, Item, NewClient, Token};
use crate::clients::rules::{Fields, STAGES, Stored};
use crate::clients::seal::{self, Home};

// To tell whether a contact in a file differs from the one that is stored; it is never shown.
impl Opens<ContactPoint> for RunImport {}

fn spec(app: &App, list: Option<&str>, key: &str) -> Result<&'static Spec> {
    custom::spec(app, list, key).ok_or_else(|| Error::internal("a draft of an unknown field"))
}

/// A new client; its running number comes with the transaction.
///
/// # Errors
/// Internal, should a key be missing.
pub fn new_client(app: &App, draft: &Draft, stage: &str, import: ImportId) -> Result<NewClient> {
    let id = ClientId::new(&*app.clock, &*app.entropy);
    let (mut fields, mut items, mut tokens) = (Fields::new(), Vec::new(), Vec::new());
    for (key, text) in &draft.fields {
        put(app, spec(app, None, key)?, Home::Client(id), text, &mut fields, &mut tokens)?;
    }
    for list in LISTS {
        let Some(texts) = draft.lists.get(list.key) else { continue };
        items.push(new_item(app, list.key, texts, &mut tokens)?);
    }
    let stage = STAGES.iter().find(|(key, ..)| *key == stage).map_or("prospect", |(key, ..)| key);
    Ok(NewClient { id, number: 0, stage, fields, items, tokens, import: Some(import) })
}

fn new_item(
    app: &App,
    list: &'static str,
    texts: &std::collections::BTreeMap<&'static str, String>,
    tokens: &mut Vec<Token>,
) -> Result<Item> {
    let id = ItemId::new(&*app.clock, &*app.entropy);
    let mut fields = Fields::new();
    for (key, text) in texts {
        put(app, spec(app, Some(list), key)?, Home::Item(id), text, &mut fields, tokens)?;
    }
    Ok(Item { id, list: list.to_owned(), position: 0, fields })
}

fn put(
    app: &App,
    spec: &'static Spec,
    home: Home,
    text: &str,
    fields: &mut Fields,
    tokens: &mut Vec<Token>,
) -> Result<()> {
    tokens.extend(archive::tokens_of(&app.keyring, spec, home, text)?);
    fields.insert(spec.key.to_owned(), seal::stored(&app.keyring, spec, home, text)?);
    Ok(())
}

/// Whether the caller could make this change by hand.
///
/// # Errors
/// Unavailable when the store is away.
pub async fn may_change(app: &App, actor: &Actor, id: ClientId, draft: &Draft) -> Result<bool> {
    if app.access.may::<UpdateClient>(actor, id).await?.is_none() {
        return Ok(false);
    }
    let own = draft.fields.keys().filter_map(|key| custom::spec(app, None, key));
    if draft.lists.is_empty() && own.map(|spec| spec.level).all(|level| level < 3) {
        return Ok(true);
    }
    Ok(app.access.may::<UpdateConfidential>(actor, id).await?.is_some())
}

/// A known client as a draft would leave it.
struct Changed {
    before: Client,
    after: Client,
    tokens: Vec<Token>,
    old_tokens: Vec<rows::TokenRow>,
}

/// What a draft changes of a known client; nothing when all is so already.
async fn changed(
    app: &App,
    permit: &Permit<'_, RunImport>,
    writer: &mut Writer,
    id: ClientId,
    draft: &Draft,
) -> Result<Option<Changed>> {
    let before = archive::client(writer, id).await?.ok_or_else(Error::not_found)?;
    let old_tokens = rows::tokens(writer, id).await?;
    let compare = Compare { app, permit, tokens: &old_tokens };
    let (mut after, mut tokens, mut differs) = (before.clone(), Vec::new(), false);
    for (key, text) in &draft.fields {
        let (spec, home) = (spec(app, None, key)?, Home::Client(id));
        if !compare.same(spec, home, before.fields.get(*key), text)? {
            put(app, spec, home, text, &mut after.fields, &mut tokens)?;
            differs = true;
        }
    }
    for list in LISTS {
        let Some(texts) = draft.lists.get(list.key) else { continue };
        // The file has one row of each list: the first one, by which people know the client.
        let Some(item) = after.items.iter_mut().find(|item| item.list == list.key) else {
            after.items.push(new_item(app, list.key, texts, &mut tokens)?);
            differs = true;
            continue;
        };
        let home = Home::Item(item.id);
        for (key, text) in texts {
            let spec = spec(app, Some(list.key), key)?;
            if !compare.same(spec, home, item.fields.get(*key), text)? {
                put(app, spec, home, text, &mut item.fields, &mut tokens)?;
                differs = true;
            }
        }
    }
    Ok(differs.then_some(Changed { before, after, tokens, old_tokens }))
}

/// Compares texts with what is stored, sealed or not.
struct Compare<'a> {
    app: &'a App,
    permit: &'a Permit<'a, RunImport>,
    tokens: &'a [rows::TokenRow],
}

impl Compare<'_> {
    fn same(
        &self,
        spec: &'static Spec,
        home: Home,
        stored: Option<&Stored>,
        text: &str,
    ) -> Result<bool> {
        let sealed = match stored {
            None => return Ok(false),
            Some(Stored::Clear(old)) => return Ok(old == text),
            Some(Stored::Sealed { s, .. }) => s,
        };
        let wanted = seal::tokens(&self.app.keyring, spec, text)?;
        if let Some((field, token)) = wanted.first() {
            let item = match home {
                Home::Client(_) => vec![0; 16],
                Home::Item(id) => id.as_bytes().to_vec(),
            };
            return Ok(self.tokens.iter().any(|(i, f, t)| (i, f, t) == (&item, field, token)));
        }
        if spec.keeping != Keeping::Contact {
            return Ok(false);
        }
        let sealed = BASE64.decode(sealed).map_err(Error::internal)?;
        let (table, row) = match &home {
            Home::Client(id) => ("client", id.as_bytes()),
            Home::Item(id) => ("client_item", id.as_bytes()),
        };
        let place = Place { table, column: spec.key, row };
        let sealed = Sealed::<ContactPoint>::stored(sealed);
        Ok(self.app.keyring.open(self.permit, place, &sealed)?.as_str() == text)
    }
}

/// Whether a draft changes a known client; in a check nothing is written.
///
/// # Errors
/// NotFound when the client is gone meanwhile; else what the store says.
pub async fn update(
    app: &App,
    permit: &Permit<'_, RunImport>,
    writer: &mut Writer,
    to: (ImportId, ClientId, &Draft),
    author: Option<&Authorship<'_>>,
) -> Result<bool> {
    let (import, id, draft) = to;
    let Some(changed) = changed(app, permit, writer, id, draft).await? else { return Ok(false) };
    let Some(author) = author else { return Ok(true) };
    let version =
        archive::save(writer, &changed.before, &changed.after, &changed.tokens, author).await?;
    let touched = Touched { client: id, version, tokens: changed.old_tokens };
    rows::touch(writer, import, &touched).await?;
    Ok(true)
}
