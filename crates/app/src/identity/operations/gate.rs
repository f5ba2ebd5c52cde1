//! The gate: signing in, and who a session or token belongs to.

use tokio::sync::{Mutex, MutexGuard};
use trust::access::{Actor, Origin, Permit, Verified};
use trust::database::{Reader, Writer};
use trust::record::Change;
use trust::vault::Sealed;
use uuid::Uuid;
use values::{Error, Kind, Micros, Result, UserId, new_uuid};

use super::{gate_for, gate_of, seed_place};
use crate::App;
use crate::identity::actions::{GateLookup, KeepSession, SignIn, TotpSeed};
use crate::identity::credentials;
use crate::identity::people::{Account, Known};
use crate::identity::rows::{accounts, sessions};
use crate::identity::rules::{self, Failures, Lasting};
use crate::settings;

/// What a person types to sign in.
pub struct Typed<'a> {
    /// The name.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
    /// A one-time code or a recovery code.
    pub code: Option<&'a str>,
}

/// A session that was opened.
pub struct Opened {
    /// The secret for the cookie.
    pub secret: String,
    /// Who signed in.
    pub account: Account,
    /// Whether a second factor was shown.
    pub mfa: bool,
}

/// The second factor that was shown, to be spent when the sign-in is written.
pub(super) enum Factor {
    NotSetUp,
    Step(i64),
    Recovery(Vec<u8>),
}

impl Factor {
    pub(super) const fn is_shown(&self) -> bool {
        !matches!(self, Self::NotSetUp)
    }
}

/// Names wait for their turn in this many lines.
const LINES: usize = 256;

/// One attempt at a time for each name: whoever guesses side by side must not have more guesses
/// answered than are counted.
static TURNS: [Mutex<()>; LINES] = [const { Mutex::const_new(()) }; LINES];

/// The keyed marks under which failures are counted: of the name and of the address; and the
/// name's turn, held until the outcome is settled.
pub(super) struct Marks {
    name: Vec<u8>,
    address: Option<Vec<u8>>,
    /// Under this one stands when the refusal of the locked name was last on record.
    noted: Vec<u8>,
    _turn: Option<MutexGuard<'static, ()>>,
}

impl Marks {
    pub(super) async fn of(app: &App, name: &str, origin: &Origin) -> Result<Self> {
        let address = match origin.address.as_str() {
            "" => None,
            address => Some(app.keyring.token("sign_in.address", address)?),
        };
        let noted = app.keyring.token("sign_in.noted", &rules::folded(name))?;
        let name = app.keyring.token("sign_in.name", &rules::folded(name))?;
        let line = name.first().and_then(|byte| TURNS.get(usize::from(*byte)));
        let turn = match line {
            Some(line) => Some(line.lock().await),
            None => None,
        };
        Ok(Self { name, address, noted, _turn: turn })
    }

    /// The same check inside the transaction that lets the caller in: other servers on the same
    /// store count too.
    pub(super) async fn check_again(&self, app: &App, writer: &mut Writer) -> Result<()> {
        sessions::lock_failures(writer, &self.name).await?;
        self.check(app, writer).await?.map_or(Ok(()), Err)
    }

    /// Refuses while the name is locked or the address has to wait.
    pub(super) async fn check(&self, app: &App, reader: &mut Reader) -> Result<Option<Error>> {
        let now = app.clock.now();
        if let Some(mark) = &self.address {
            let written = sessions::failures(reader, mark).await?;
            if written.and(app.unwritten.of(mark), now).holds_address(now) {
                return Ok(Some(rules::throttled()));
            }
        }
        let locked = sessions::failures(reader, &self.name).await?.locks_name(now);
        Ok(locked.then(rules::locked))
    }
}

/// Opens a session for the right name, password and code.
///
/// # Errors
/// Unauthenticated: refused, locked, or a code is wanted; Limited when the address has to wait.
pub async fn sign_in(app: &App, typed: &Typed<'_>, origin: &Origin) -> Result<Opened> {
    let gate = gate_of(origin);
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let marks = Marks::of(app, typed.name, origin).await?;
    let mut tx = app.db.read(&permit).await?;
    let account = accounts::by_folded(&mut tx, &rules::folded(typed.name)).await?;
    let held = marks.check(app, &mut tx).await?;
    let noted = sessions::failures(&mut tx, &marks.noted).await?;
    drop(tx);
    let user = account.as_ref().map_or(UserId(Uuid::nil()), |account| account.id);
    if let Some(held) = held {
        if held.kind() == Kind::Unauthenticated {
            refuse_locked(app, &gate, &marks, user, noted).await?;
        }
        return Err(held);
    }
    let stored = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let right = credentials::fits(typed.password, stored).await?;
    let Some(account) = account.filter(|account| right && account.active) else {
        return refuse(app, &gate, &marks, user, "refused.password").await;
    };
    let Some(factor) = factor(app, &permit, &account, typed.code)? else {
        return refuse(app, &gate, &marks, user, "refused.code").await;
    };
    match open(app, origin, &marks, &account, &factor).await? {
        Some(secret) => Ok(Opened { secret, mfa: factor.is_shown(), account }),
        None => refuse(app, &gate, &marks, user, "refused.code_spent").await,
    }
}

/// Which factor a typed code is; `None` when it is wrong.
pub(super) fn factor(
    app: &App,
    permit: &Permit<'_, GateLookup>,
    account: &Account,
    code: Option<&str>,
) -> Result<Option<Factor>> {
    let Some(sealed) = account.totp.clone() else { return Ok(Some(Factor::NotSetUp)) };
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        return Err(rules::factor_wanted());
    };
    let sealed = Sealed::<TotpSeed>::stored(sealed);
    let seed = app.keyring.open(permit, seed_place(&account.id), &sealed)?;
    if let Some(step) = credentials::step_of(&seed, code, app.clock.now())? {
        return Ok(Some(Factor::Step(step)));
    }
    let plain = credentials::plain_code(code);
    if plain.len() == 10 {
        return Ok(Some(Factor::Recovery(recovery_digest(app, &plain)?)));
    }
    Ok(None)
}

/// What is kept of a recovery code.
pub(super) fn recovery_digest(app: &App, plain: &str) -> Result<Vec<u8>> {
    app.keyring.token("recovery_code", plain)
}

/// Spends the factor that was shown; false when it was spent before.
pub(super) async fn spend(
    writer: &mut Writer,
    user: UserId,
    factor: &Factor,
    now: Micros,
) -> Result<bool> {
    match factor {
        Factor::NotSetUp => Ok(true),
        Factor::Step(step) => accounts::spend_step(writer, user, *step).await,
        Factor::Recovery(digest) => accounts::spend_code(writer, user, digest.clone(), now).await,
    }
}

async fn open(
    app: &App,
    origin: &Origin,
    marks: &Marks,
    account: &Account,
    factor: &Factor,
) -> Result<Option<String>> {
    let gate = gate_for(origin, account.id, &account.display_name);
    let permit = app.access.authorize::<SignIn>(&gate, account.id).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    marks.check_again(app, &mut tx).await?;
    if !spend(&mut tx, account.id, factor, now).await? {
        return Ok(None);
    }
    let secret = credentials::secret(&*app.entropy);
    let session = sessions::NewSession {
        id: new_uuid(&*app.clock, &*app.entropy),
        digest: credentials::digest(&secret),
        user: account.id,
        mfa: factor.is_shown(),
        address: &origin.address,
        agent: &origin.agent,
    };
    sessions::insert(&mut tx, &session, now).await?;
    sessions::forget_failures(&mut tx, &marks.name).await?;
    accounts::note_seen(&mut tx, account.id, now).await?;
    let how = match factor {
        Factor::NotSetUp => "accepted.password",
        Factor::Step(_) => "accepted.code",
        Factor::Recovery(_) => "accepted.recovery_code",
    };
    tx.commit(permit.entry(Change::none().fields([how]))).await?;
    Ok(Some(secret))
}

/// Puts the refusal on record and counts it; the answer is the same whatever was wrong, and says
/// nothing about what was typed once the name is locked.
pub(super) async fn refuse<T>(
    app: &App,
    gate: &Actor,
    marks: &Marks,
    user: UserId,
    why: &'static str,
) -> Result<T> {
    let permit = app.access.authorize::<SignIn>(gate, user).await?;
    let mut tx = app.db.write(&permit).await?;
    let now = app.clock.now();
    sessions::drop_failures(&mut tx, now.plus_seconds(-86_400)).await?;
    let since = rules::failures_since(now);
    let mut answer = rules::refused();
    if let Some(mark) = &marks.address
        && sessions::count_failure(&mut tx, mark, since, now).await?.is_beyond_address()
    {
        answer = rules::throttled();
    }
    if sessions::count_failure(&mut tx, &marks.name, since, now).await?.is_beyond_name() {
        answer = rules::locked();
    }
    tx.commit(permit.entry(Change::none().fields([why]))).await?;
    Err(answer)
}

/// Counts an attempt on a locked name against the address, and puts it on record if none of the
/// last minute is: whoever repeats it must neither go uncounted nor fill the record.
async fn refuse_locked(
    app: &App,
    gate: &Actor,
    marks: &Marks,
    user: UserId,
    noted: Failures,
) -> Result<()> {
    let now = app.clock.now();
    if !noted.note_due(now) {
        if let Some(mark) = &marks.address {
            app.unwritten.count(mark, now);
        }
        return Ok(());
    }
    let permit = app.access.authorize::<SignIn>(gate, user).await?;
    let mut tx = app.db.write(&permit).await?;
    let since = rules::failures_since(now);
    sessions::count_failure(&mut tx, &marks.noted, since, now).await?;
    if let Some(mark) = &marks.address {
        sessions::count_failure(&mut tx, mark, since, now).await?;
    }
    tx.commit(permit.entry(Change::none().fields(["refused.locked"]))).await?;
    Ok(())
}

/// The caller of a session cookie, and the session's id.
///
/// # Errors
/// Unauthenticated when the session has ended or the person may no longer sign in.
pub async fn verify_session(app: &App, secret: &str, origin: Origin) -> Result<(Actor, String)> {
    let gate = gate_of(&origin);
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let known = sessions::by_digest(&mut tx, credentials::digest(secret)).await?;
    let lasting = lasting(&mut tx).await?;
    let now = app.clock.now();
    let known = known.filter(|known| {
        now < lasting.ends(known.created_at, known.seen_at.unwrap_or(known.created_at))
    });
    let Some(known) = known else { return Err(rules::ended()) };
    let verified = verified(app, &mut tx, &known).await?;
    drop(tx);
    if rules::note_due(known.seen_at, now) {
        let gate = gate_for(&origin, known.user, &known.display_name);
        let permit = app.access.authorize::<KeepSession>(&gate, known.user).await?;
        let mut tx = app.db.write(&permit).await?;
        sessions::note_seen(&mut tx, known.credential, now).await?;
        accounts::note_seen(&mut tx, known.user, now).await?;
        tx.commit(permit.entry(Change::none().fields(["kept.session"]))).await?;
    }
    Ok((Actor::person(verified, origin, now), known.credential.to_string()))
}

/// The caller of a token. A token that only reads opens nothing that writes.
///
/// # Errors
/// Unauthenticated when the token has ended; Denied when it may not write.
pub async fn verify_token(app: &App, secret: &str, origin: Origin, writes: bool) -> Result<Actor> {
    let gate = gate_of(&origin);
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let known = sessions::token_by_digest(&mut tx, credentials::digest(secret)).await?;
    let now = app.clock.now();
    let known = known.filter(|known| known.expires_at.is_some_and(|end| now < end));
    let Some(known) = known else { return Err(rules::ended()) };
    let verified = verified(app, &mut tx, &known).await?;
    drop(tx);
    if writes && !known.writes {
        return Err(Error::new(
            Kind::Denied,
            "token.scope",
            "此接口令牌只能读取",
            "This token may only read",
        ));
    }
    if rules::note_due(known.seen_at, now) {
        let gate = gate_for(&origin, known.user, &known.display_name);
        let permit = app.access.authorize::<KeepSession>(&gate, known.user).await?;
        let mut tx = app.db.write(&permit).await?;
        sessions::note_token_used(&mut tx, known.credential, now).await?;
        tx.commit(permit.entry(Change::none().fields(["kept.token"]))).await?;
    }
    Ok(Actor::person(verified, origin, now))
}

/// A person as they stand today, for a job that goes on with what they began: what was taken from
/// them meanwhile is taken from the job.
///
/// # Errors
/// Unauthenticated when the person may no longer sign in.
pub async fn actor_of(app: &App, user: UserId, origin: Origin) -> Result<Actor> {
    let gate = gate_of(&origin);
    let permit = app.access.authorize::<GateLookup>(&gate, ()).await?;
    let mut tx = app.db.read(&permit).await?;
    let account = accounts::by_id(&mut tx, user).await?.filter(|account| account.active);
    let account = account.ok_or_else(rules::ended)?;
    let departments = match &account.department {
        Some((department, _)) => accounts::below(&mut tx, *department).await?,
        None => Vec::new(),
    };
    let who = Verified {
        user,
        mfa: account.has_factor(),
        name: account.display_name,
        roles: account.roles,
        departments,
        clearance: account.clearance,
        trained: rules::trained(account.training_until, app.today()),
        proved_at: None,
    };
    Ok(Actor::person(who, origin, app.clock.now()))
}

/// How long the firm lets sessions last.
pub(super) async fn lasting(reader: &mut Reader) -> Result<Lasting> {
    let settings = settings::current(reader).await?;
    Ok(Lasting {
        idle_minutes: settings.session_idle_minutes(),
        most_hours: settings.session_max_hours(),
    })
}

async fn verified(app: &App, reader: &mut Reader, known: &Known) -> Result<Verified> {
    let departments = match known.department {
        Some(department) => accounts::below(reader, department).await?,
        None => Vec::new(),
    };
    Ok(Verified {
        user: known.user,
        name: known.display_name.clone(),
        roles: known.roles.clone(),
        departments,
        clearance: known.clearance,
        mfa: known.mfa,
        trained: rules::trained(known.training_until, app.today()),
        proved_at: if known.writes { known.proved_at } else { None },
    })
}
