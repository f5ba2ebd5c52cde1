//! Sessions, tokens, and failed sign-ins.

use trust::database::{Reader, Row, Writer};
use uuid::Uuid;
use values::{Micros, Result, UserId};

use super::{bytes, date, level, optional, uuid};
use crate::identity::people::{Known, Session, Token};
use crate::identity::rules::Failures;

pub(in crate::identity) struct NewSession<'a> {
    pub(in crate::identity) id: Uuid,
    pub(in crate::identity) digest: Vec<u8>,
    pub(in crate::identity) user: UserId,
    pub(in crate::identity) mfa: bool,
    pub(in crate::identity) address: &'a str,
    pub(in crate::identity) agent: &'a str,
}

pub(in crate::identity) async fn insert(
    writer: &mut Writer,
    new: &NewSession<'_>,
    now: Micros,
) -> Result<()> {
    writer
        .change(
            "INSERT INTO session (id, digest, user_id, created_at, seen_at, proved_at, mfa, \
             address, agent) VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7)",
            &[
                bytes(new.id).into(),
                new.digest.clone().into(),
                new.user.into(),
                now.into(),
                new.mfa.into(),
                new.address.into(),
                new.agent.into(),
            ],
            1,
        )
        .await
}

/// One row for each role, or one without.
fn known(rows: &[Row]) -> Result<Option<Known>> {
    let Some(row) = rows.first() else { return Ok(None) };
    let mut roles = Vec::with_capacity(rows.len());
    for row in rows {
        roles.extend(row.opt_text(6)?);
    }
    Ok(Some(Known {
        credential: uuid(row, 0)?,
        user: row.id(1)?,
        display_name: row.text(2)?,
        department: optional(row, 3)?,
        clearance: level(row, 4)?,
        training_until: date(row, 5)?,
        roles,
        mfa: row.bool(7)?,
        created_at: row.micros(8)?,
        seen_at: row.opt_int(9)?.map(Micros),
        proved_at: row.opt_int(10)?.map(Micros),
        expires_at: row.opt_int(11)?.map(Micros),
        writes: row.bool(12)?,
    }))
}

/// The caller of a session's secret: only while the session and the account are open.
pub(in crate::identity) async fn by_digest(
    reader: &mut Reader,
    digest: Vec<u8>,
) -> Result<Option<Known>> {
    let rows = reader
        .rows(
            "SELECT s.id, a.id, a.display_name, a.department_id, a.clearance, a.training_until, \
             r.role, s.mfa, s.created_at, s.seen_at, s.proved_at, s.ended_at, 1 \
             FROM session s JOIN account a ON a.id = s.user_id \
             LEFT JOIN account_role r ON r.user_id = a.id \
             WHERE s.digest = $1 AND s.ended_at IS NULL AND a.state = 'active' ORDER BY r.role",
            &[digest.into()],
        )
        .await?;
    known(&rows)
}

/// The caller of a token's secret: only while the token and the account are open.
pub(in crate::identity) async fn token_by_digest(
    reader: &mut Reader,
    digest: Vec<u8>,
) -> Result<Option<Known>> {
    let rows = reader
        .rows(
            "SELECT t.id, a.id, a.display_name, a.department_id, a.clearance, a.training_until, \
             r.role, t.mfa, t.created_at, t.used_at, t.revoked_at, t.expires_at, t.writes \
             FROM token t JOIN account a ON a.id = t.user_id \
             LEFT JOIN account_role r ON r.user_id = a.id \
             WHERE t.digest = $1 AND t.revoked_at IS NULL AND a.state = 'active' ORDER BY r.role",
            &[digest.into()],
        )
        .await?;
    known(&rows)
}

pub(in crate::identity) async fn note_seen(
    writer: &mut Writer,
    id: Uuid,
    now: Micros,
) -> Result<()> {
    writer
        .execute("UPDATE session SET seen_at = $1 WHERE id = $2", &[now.into(), bytes(id).into()])
        .await?;
    Ok(())
}

pub(in crate::identity) async fn note_token_used(
    writer: &mut Writer,
    id: Uuid,
    now: Micros,
) -> Result<()> {
    writer
        .execute("UPDATE token SET used_at = $1 WHERE id = $2", &[now.into(), bytes(id).into()])
        .await?;
    Ok(())
}

/// Notes that the holder proved who they are; with a second factor the session has one too.
pub(in crate::identity) async fn note_proof(
    writer: &mut Writer,
    id: Uuid,
    mfa: bool,
    now: Micros,
) -> Result<()> {
    writer
        .change(
            "UPDATE session SET proved_at = $1, mfa = CASE WHEN $2 = 1 THEN 1 ELSE mfa END \
             WHERE id = $3",
            &[now.into(), mfa.into(), bytes(id).into()],
            1,
        )
        .await
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        id: uuid(row, 0)?,
        user: row.id(1)?,
        display_name: row.text(2)?,
        created_at: row.micros(3)?,
        seen_at: row.micros(4)?,
        ends_at: row.micros(4)?,
        mfa: row.bool(5)?,
        address: row.text(6)?,
        agent: row.text(7)?,
    })
}

macro_rules! session {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.user_id, a.display_name, s.created_at, s.seen_at, s.mfa, s.address, \
             s.agent FROM session s JOIN account a ON a.id = s.user_id \
             WHERE s.ended_at IS NULL ",
            $rest
        )
    };
}

/// Sessions that nobody ended; one user's, or everybody's.
pub(in crate::identity) async fn list(
    reader: &mut Reader,
    user: Option<UserId>,
) -> Result<Vec<Session>> {
    let rows = match user {
        Some(user) => {
            let sql = session!("AND s.user_id = $1 ORDER BY s.seen_at DESC LIMIT 200");
            reader.rows(sql, &[user.into()]).await?
        }
        None => reader.rows(session!("ORDER BY s.seen_at DESC LIMIT 1000"), &[]).await?,
    };
    rows.iter().map(session).collect()
}

pub(in crate::identity) async fn by_id(reader: &mut Reader, id: Uuid) -> Result<Option<Session>> {
    let row = reader.row(session!("AND s.id = $1"), &[bytes(id).into()]).await?;
    row.map(|row| session(&row)).transpose()
}

pub(in crate::identity) async fn end(writer: &mut Writer, id: Uuid, now: Micros) -> Result<()> {
    writer
        .change(
            "UPDATE session SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
            &[now.into(), bytes(id).into()],
            1,
        )
        .await
}

/// Ends all sessions of a user but, where given, one.
pub(in crate::identity) async fn end_all(
    writer: &mut Writer,
    user: UserId,
    but: Option<Uuid>,
    now: Micros,
) -> Result<()> {
    let but = but.unwrap_or_else(Uuid::nil);
    writer
        .execute(
            "UPDATE session SET ended_at = $1 \
             WHERE user_id = $2 AND id <> $3 AND ended_at IS NULL",
            &[now.into(), user.into(), bytes(but).into()],
        )
        .await?;
    Ok(())
}

pub(in crate::identity) struct NewToken<'a> {
    pub(in crate::identity) id: Uuid,
    pub(in crate::identity) digest: Vec<u8>,
    pub(in crate::identity) user: UserId,
    pub(in crate::identity) name: &'a str,
    pub(in crate::identity) writes: bool,
    pub(in crate::identity) mfa: bool,
    pub(in crate::identity) expires_at: Micros,
}

pub(in crate::identity) async fn insert_token(
    writer: &mut Writer,
    new: &NewToken<'_>,
    now: Micros,
) -> Result<()> {
    writer
        .change(
            "INSERT INTO token (id, digest, user_id, name, writes, mfa, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                bytes(new.id).into(),
                new.digest.clone().into(),
                new.user.into(),
                new.name.into(),
                new.writes.into(),
                new.mfa.into(),
                now.into(),
                new.expires_at.into(),
            ],
            1,
        )
        .await
}

pub(in crate::identity) async fn tokens(reader: &mut Reader, user: UserId) -> Result<Vec<Token>> {
    let rows = reader
        .rows(
            "SELECT id, name, writes, created_at, expires_at, used_at FROM token \
             WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at, id",
            &[user.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Token {
                id: uuid(row, 0)?,
                name: row.text(1)?,
                writes: row.bool(2)?,
                created_at: row.micros(3)?,
                expires_at: row.micros(4)?,
                used_at: row.opt_int(5)?.map(Micros),
            })
        })
        .collect()
}

pub(in crate::identity) async fn revoke_token(
    writer: &mut Writer,
    user: UserId,
    id: Uuid,
    now: Micros,
) -> Result<bool> {
    let revoked = writer
        .execute(
            "UPDATE token SET revoked_at = $1 \
             WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL",
            &[now.into(), bytes(id).into(), user.into()],
        )
        .await?;
    Ok(revoked == 1)
}

/// Ends all tokens of a person, and whatever else was made before now and opens by a secret.
pub(in crate::identity) async fn revoke_tokens(
    writer: &mut Writer,
    user: UserId,
    now: Micros,
) -> Result<()> {
    writer
        .execute(
            "UPDATE token SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL",
            &[now.into(), user.into()],
        )
        .await?;
    let sql = "UPDATE account SET tokens_ended_at = $1 WHERE id = $2";
    writer.change(sql, &[now.into(), user.into()], 1).await
}

/// When all tokens of a person ended last; at the beginning of time where they never did.
pub(in crate::identity) async fn tokens_ended_at(
    reader: &mut Reader,
    user: UserId,
) -> Result<Micros> {
    let sql = "SELECT tokens_ended_at FROM account WHERE id = $1";
    let row = reader.row(sql, &[user.into()]).await?;
    row.map_or(Ok(Micros(0)), |row| row.micros(0))
}

pub(in crate::identity) async fn failures(reader: &mut Reader, mark: &[u8]) -> Result<Failures> {
    let row = reader
        .row("SELECT failures, failed_at FROM sign_in_lock WHERE mark = $1", &[mark.into()])
        .await?;
    row.map_or(Ok(Failures::default()), |row| {
        Ok(Failures { count: row.int(0)?, last_at: row.micros(1)? })
    })
}

/// Counts one failure more; those before `since` are forgotten. One statement, so that writers at
/// the same moment each count.
pub(in crate::identity) async fn count_failure(
    writer: &mut Writer,
    mark: &[u8],
    since: Micros,
    now: Micros,
) -> Result<Failures> {
    writer
        .execute(
            "INSERT INTO sign_in_lock (mark, failures, failed_at) VALUES ($1, 1, $2) \
             ON CONFLICT (mark) DO UPDATE SET failures = CASE \
             WHEN sign_in_lock.failed_at > $3 THEN sign_in_lock.failures + 1 ELSE 1 END, \
             failed_at = excluded.failed_at",
            &[mark.into(), now.into(), since.into()],
        )
        .await?;
    failures(writer, mark).await
}

/// Makes writers that decide about a mark wait for each other.
pub(in crate::identity) async fn lock_failures(writer: &mut Writer, mark: &[u8]) -> Result<()> {
    let sql = "UPDATE sign_in_lock SET failures = failures WHERE mark = $1";
    writer.execute(sql, &[mark.into()]).await?;
    Ok(())
}

pub(in crate::identity) async fn forget_failures(writer: &mut Writer, mark: &[u8]) -> Result<()> {
    writer.execute("DELETE FROM sign_in_lock WHERE mark = $1", &[mark.into()]).await?;
    Ok(())
}

/// Drops what no longer counts, so that made-up names do not pile up.
pub(in crate::identity) async fn drop_failures(writer: &mut Writer, before: Micros) -> Result<()> {
    writer.execute("DELETE FROM sign_in_lock WHERE failed_at < $1", &[before.into()]).await?;
    Ok(())
}
