//! Policy: Cedar texts, the schema they must fit, and the answers they give.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, Policy, PolicyId, PolicySet,
    Request, RestrictedExpression, Schema, ValidationError, ValidationMode, Validator,
};
use miette::Diagnostic;
use serde_json::Value as Json;
use values::{Error, Kind, Result};

use super::relations::{RelationKind, Standing};
use super::{Action, Actor};

const SCHEMA: &str = include_str!("../../../../policies/schema.cedarschema");
const SHIPPED: &[(&str, &str)] = &[
    ("limits.cedar", include_str!("../../../../policies/limits.cedar")),
    ("clients.cedar", include_str!("../../../../policies/clients.cedar")),
    ("firm.cedar", include_str!("../../../../policies/firm.cedar")),
    ("offices.cedar", include_str!("../../../../policies/offices.cedar")),
    ("statements.cedar", include_str!("../../../../policies/statements.cedar")),
];

/// Answers that are kept at most before the memory of them starts anew.
const REMEMBERED: usize = 200_000;

/// A policy file of the firm's own.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// Its name, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A policy, where it stands and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// `clients.cedar:12`.
    pub place: String,
    /// The annotation `@zh`: what it says, in Chinese.
    pub zh: Option<String>,
    /// The policy itself.
    pub text: String,
}

/// A question, in the terms that policy knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) action: &'static str,
    pub(super) level: u8,
    pub(super) client: bool,
    pub(super) standing: Standing,
}

impl Asked {
    pub(super) const fn of<A: Action>(client: bool, standing: Standing) -> Self {
        Self { action: A::NAME, level: A::LEVEL, client, standing }
    }

    pub(super) const fn listed<A: Action>(standing: Standing) -> Self {
        Self { action: A::NAME, level: A::LEVEL, client: true, standing }
    }

    pub(super) const fn visible(standing: Standing) -> Self {
        Self { action: "client.list", level: 1, client: true, standing }
    }
}

/// What policy is told about the caller; two callers alike in it get the same answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Caller {
    user: String,
    roles: Vec<String>,
    clearance: u8,
    mfa: bool,
    trained: bool,
    proof: bool,
    purpose: bool,
}

impl From<&Actor> for Caller {
    fn from(actor: &Actor) -> Self {
        Self {
            user: actor.user().to_string(),
            roles: actor.roles().to_vec(),
            clearance: actor.clearance(),
            mfa: actor.who.mfa,
            trained: actor.who.trained,
            proof: actor.fresh,
            purpose: !actor.purpose.is_empty(),
        }
    }
}

/// Gives a hypothetical caller what the real one lacks.
type Grant = fn(&mut Caller);

pub(super) struct Policies {
    schema: Schema,
    set: PolicySet,
    places: HashMap<PolicyId, PolicyText>,
    order: Vec<PolicyId>,
    answers: Mutex<HashMap<(Caller, Asked), bool>>,
}

impl Policies {
    pub(super) fn load(own: &[PolicyFile]) -> Result<Self> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)
            .map_err(|e| refused("schema.cedarschema", 1, &e.to_string()))?;
        let mut loaded = Self {
            schema,
            set: PolicySet::new(),
            places: HashMap::new(),
            order: Vec::new(),
            answers: Mutex::new(HashMap::new()),
        };
        for (name, text) in SHIPPED {
            loaded.add(name, text)?;
        }
        for file in own {
            loaded.add(&file.name, &file.text)?;
        }
        Ok(loaded)
    }

    /// Parses and checks one file; its policies get the ids `file:line`.
    fn add(&mut self, name: &str, text: &str) -> Result<()> {
        let at = |offset| line_of(text, offset);
        let parsed = PolicySet::from_str(text)
            .map_err(|e| refused(name, at(offset(&e).unwrap_or(0)), &e.to_string()))?;
        let spans = spans(text);
        let span = |id: &PolicyId| number_of(id).and_then(|n| spans.get(n)).cloned();
        let start = |id: &PolicyId| span(id).map_or(0, |span| span.start);
        if let Some(template) = parsed.templates().next() {
            let why = "templates (?principal, ?resource) are not used here";
            return Err(refused(name, at(start(template.id())), why));
        }
        let validator = Validator::new(self.schema.clone());
        let checked = validator.validate(&parsed, ValidationMode::Strict);
        let place = |e: &ValidationError| offset(e).unwrap_or_else(|| start(e.policy_id()));
        if let Some(error) = checked.validation_errors().min_by_key(|e| place(e)) {
            return Err(refused(name, at(place(error)), &error.to_string()));
        }
        let mut policies: Vec<&Policy> = parsed.policies().collect();
        policies.sort_by_key(|policy| start(policy.id()));
        for policy in policies {
            let line = at(start(policy.id()));
            let json = policy.to_json().map_err(Error::internal)?;
            if let Some(why) = beyond_lists(&json) {
                return Err(refused(name, line, why));
            }
            let mut stated = PolicyText {
                place: format!("{name}:{line}"),
                zh: policy.annotation("zh").map(str::to_owned),
                text: span(policy.id()).and_then(|s| text.get(s)).unwrap_or_default().to_owned(),
            };
            if self.places.contains_key(&PolicyId::new(&stated.place)) {
                // A second policy on one line, or a file of the same name as a shipped one.
                stated.place = format!("{}#{}", stated.place, self.order.len());
            }
            let id = PolicyId::new(&stated.place);
            self.set.add(policy.new_id(id.clone())).map_err(Error::internal)?;
            self.places.insert(id.clone(), stated);
            self.order.push(id);
        }
        Ok(())
    }

    pub(super) fn allows(&self, actor: &Actor, asked: &Asked) -> Result<bool> {
        self.remembered(Caller::from(actor), asked)
    }

    fn remembered(&self, caller: Caller, asked: &Asked) -> Result<bool> {
        let key = (caller, *asked);
        if let Some(known) = self.lock().get(&key) {
            return Ok(*known);
        }
        let allowed = self.ask(&key.0, asked)?.0;
        let mut answers = self.lock();
        if answers.len() >= REMEMBERED {
            answers.clear();
        }
        answers.insert(key, allowed);
        Ok(allowed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(Caller, Asked), bool>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn why(&self, actor: &Actor, asked: &Asked) -> Result<(bool, Vec<PolicyText>)> {
        self.ask(&Caller::from(actor), asked)
    }

    /// Whether a second factor alone stands between the caller and every client there could be.
    pub(super) fn lacks_factor(&self, actor: &Actor) -> Result<bool> {
        let closest = Asked::visible(Standing::of_kinds(&RelationKind::ALL));
        let caller = Caller::from(actor);
        if caller.mfa || self.remembered(caller.clone(), &closest)? {
            return Ok(false);
        }
        self.remembered(Caller { mfa: true, ..caller }, &closest)
    }

    /// Which single thing, if the caller had it, would turn the answer.
    pub(super) fn missing(&self, actor: &Actor, asked: &Asked) -> Result<Option<&'static str>> {
        let caller = Caller::from(actor);
        // In the order in which a person would go about it.
        let mut hypothetical = caller;
        let steps: [(&'static str, Grant); 5] = [
            ("purpose", |c| c.purpose = true),
            ("proof", |c| c.proof = true),
            ("mfa", |c| c.mfa = true),
            ("training", |c| c.trained = true),
            ("clearance", |c| c.clearance = 4),
        ];
        for (right, grant) in steps {
            let mut alone = hypothetical.clone();
            grant(&mut alone);
            if self.remembered(alone, asked)? {
                return Ok(Some(right));
            }
        }
        for (right, grant) in steps.into_iter().rev() {
            let before = hypothetical.clone();
            grant(&mut hypothetical);
            if before != hypothetical && self.remembered(hypothetical.clone(), asked)? {
                // Several are missing; the weightiest is named first.
                return Ok(Some(self.weightiest(actor, right)));
            }
        }
        Ok(Some("role"))
    }

    fn weightiest(&self, actor: &Actor, last: &'static str) -> &'static str {
        if actor.who.mfa { if actor.who.trained { last } else { "training" } } else { "mfa" }
    }

    fn ask(&self, caller: &Caller, asked: &Asked) -> Result<(bool, Vec<PolicyText>)> {
        let principal = uid("User", &caller.user)?;
        let resource = if asked.client { uid("Client", "row")? } else { uid("Firm", "firm")? };
        let mut entities = vec![entity(
            principal.clone(),
            [
                ("roles", words(&caller.roles)),
                ("clearance", RestrictedExpression::new_long(i64::from(caller.clearance))),
                ("mfa", RestrictedExpression::new_bool(caller.mfa)),
                ("trained", RestrictedExpression::new_bool(caller.trained)),
            ],
        )?];
        if asked.client {
            let truths = RelationKind::ALL
                .map(|k| (k.word(), RestrictedExpression::new_bool(asked.standing.holds(k))));
            entities.push(entity(resource.clone(), truths)?);
        }
        let entities =
            Entities::from_entities(entities, Some(&self.schema)).map_err(Error::internal)?;
        let context = Context::from_pairs([
            ("level".to_owned(), RestrictedExpression::new_long(i64::from(asked.level))),
            ("purpose".to_owned(), RestrictedExpression::new_bool(caller.purpose)),
            ("proof".to_owned(), RestrictedExpression::new_bool(caller.proof)),
        ])
        .map_err(Error::internal)?;
        let action = uid("Action", asked.action)?;
        let request = Request::new(principal, action, resource, context, Some(&self.schema))
            .map_err(Error::internal)?;
        let response = Authorizer::new().is_authorized(&request, &self.set, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(Error::internal(error.to_string()));
        }
        let mut reasons: Vec<PolicyText> =
            response.diagnostics().reason().filter_map(|id| self.places.get(id).cloned()).collect();
        reasons.sort_by(|a, b| a.place.cmp(&b.place));
        Ok((response.decision() == Decision::Allow, reasons))
    }

    pub(super) fn texts(&self) -> Vec<PolicyText> {
        self.order.iter().filter_map(|id| self.places.get(id).cloned()).collect()
    }

    pub(super) fn actions(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.schema.actions().map(|uid| uid.id().unescaped().to_owned()).collect();
        names.sort();
        names
    }
}

fn uid(kind: &str, id: &str) -> Result<EntityUid> {
    let kind = cedar_policy::EntityTypeName::from_str(kind).map_err(Error::internal)?;
    Ok(EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id)))
}

fn entity<const N: usize>(
    uid: EntityUid,
    attributes: [(&str, RestrictedExpression); N],
) -> Result<Entity> {
    let attributes = attributes.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    Entity::new(uid, attributes, HashSet::new()).map_err(Error::internal)
}

fn words(list: &[String]) -> RestrictedExpression {
    RestrictedExpression::new_set(
        list.iter().map(|word| RestrictedExpression::new_string(word.clone())),
    )
}

/// Where the policies of a text stand, in their order: each ends at the first `;` that is neither
/// in quotes nor in a comment, and starts at the first letter after the one before.
fn spans(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '/' && letters.next_if(|(_, next)| *next == '/').is_some() {
            while letters.next_if(|(_, next)| *next != '\n').is_some() {}
        } else if letter == '"' {
            while let Some((_, quoted)) = letters.next() {
                match quoted {
                    '"' => break,
                    '\\' => drop(letters.next()),
                    _ => {}
                }
            }
        } else if !letter.is_whitespace() {
            let from = *start.get_or_insert(at);
            if letter == ';' {
                spans.push(from..at + 1);
                start = None;
            }
        }
    }
    spans
}

/// The number that the parser gives to the policies of a text, from 0.
fn number_of(id: &PolicyId) -> Option<usize> {
    let text: &str = id.as_ref();
    text.strip_prefix("policy")?.parse().ok()
}

/// Why a policy, in Cedar's JSON form, says something about rows that passes validation and yet
/// would never hold: a client named by its id, or a question for an attribute that is not there.
fn beyond_lists(json: &Json) -> Option<&'static str> {
    match json {
        Json::Object(parts) => {
            let client = parts.get("type").and_then(Json::as_str) == Some("Client");
            if client && parts.contains_key("id") {
                return Some("a single client cannot be named: relations decide about rows");
            }
            if parts.get("has").is_some_and(|asked| asked.get("attr").is_some()) {
                return Some("`has` is not used here: attributes of the schema are always there");
            }
            parts.values().find_map(beyond_lists)
        }
        Json::Array(parts) => parts.iter().find_map(beyond_lists),
        _ => None,
    }
}

fn offset(error: &dyn Diagnostic) -> Option<usize> {
    error.labels().and_then(|mut labels| labels.next()).map(|label| label.offset())
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn refused(file: &str, line: usize, why: &str) -> Error {
    Error::new(
        Kind::Invalid,
        "policy.refused",
        format!("策略文件 {file} 第 {line} 行不能采用：{why}"),
        format!("Policy file {file}, line {line}, is refused: {why}"),
    )
}
