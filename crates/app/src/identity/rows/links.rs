//! One-time links.

use trust::database::{Reader, Writer};
use values::{Micros, Result, UserId};

use super::optional;
use crate::identity::people::Link;

pub(in crate::identity) struct NewLink {
    pub(in crate::identity) digest: Vec<u8>,
    pub(in crate::identity) kind: &'static str,
    pub(in crate::identity) user: Option<UserId>,
    pub(in crate::identity) made_by: UserId,
    pub(in crate::identity) needs_second: bool,
    pub(in crate::identity) expires_at: Micros,
}

/// Makes a link; earlier unused ones of the same kind for the same person stop working.
pub(in crate::identity) async fn insert(
    writer: &mut Writer,
    new: &NewLink,
    now: Micros,
) -> Result<()> {
    match new.user {
        Some(user) => {
            writer
                .execute(
                    "DELETE FROM one_time_link WHERE user_id = $1 AND used_at IS NULL",
                    &[user.into()],
                )
                .await?;
        }
        None => {
            writer
                .execute(
                    "DELETE FROM one_time_link WHERE kind = $1 AND used_at IS NULL",
                    &[new.kind.into()],
                )
                .await?;
        }
    }
    writer
        .change(
            "INSERT INTO one_time_link (digest, kind, user_id, made_by, needs_second, \
             created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                new.digest.clone().into(),
                new.kind.into(),
                new.user.into(),
                new.made_by.into(),
                new.needs_second.into(),
                now.into(),
                new.expires_at.into(),
            ],
            1,
        )
        .await
}

macro_rules! link {
    ($rest:literal) => {
        concat!(
            "SELECT kind, user_id, made_by, needs_second, approved_by, expires_at, used_at \
             FROM one_time_link WHERE ",
            $rest
        )
    };
}

fn link(row: &trust::database::Row) -> Result<Link> {
    Ok(Link {
        kind: row.text(0)?,
        user: optional(row, 1)?,
        made_by: row.id(2)?,
        needs_second: row.bool(3)?,
        approved: row.opt_bytes(4)?.is_some(),
        expires_at: row.micros(5)?,
        used: row.opt_int(6)?.is_some(),
    })
}

pub(in crate::identity) async fn by_digest(
    reader: &mut Reader,
    digest: &[u8],
) -> Result<Option<Link>> {
    let row = reader.row(link!("digest = $1"), &[digest.into()]).await?;
    row.map(|row| link(&row)).transpose()
}

/// The unused link of a person.
pub(in crate::identity) async fn open_of(
    reader: &mut Reader,
    user: UserId,
) -> Result<Option<Link>> {
    let row = reader.row(link!("user_id = $1 AND used_at IS NULL"), &[user.into()]).await?;
    row.map(|row| link(&row)).transpose()
}

/// Whether a set-up was begun and not finished.
pub(in crate::identity) async fn setup_open(reader: &mut Reader) -> Result<bool> {
    let sql = link!("kind = 'setup' AND used_at IS NULL");
    Ok(reader.row(sql, &[]).await?.is_some())
}

pub(in crate::identity) async fn approve(
    writer: &mut Writer,
    user: UserId,
    by: UserId,
) -> Result<()> {
    writer
        .change(
            "UPDATE one_time_link SET approved_by = $1 WHERE user_id = $2 AND used_at IS NULL \
             AND needs_second = 1 AND approved_by IS NULL",
            &[by.into(), user.into()],
            1,
        )
        .await
}

/// Makes an open link of a person wait for a second person's yes; says whether there was one.
pub(in crate::identity) async fn ask_second(
    writer: &mut Writer,
    user: UserId,
    now: Micros,
) -> Result<bool> {
    let asked = writer
        .execute(
            "UPDATE one_time_link SET needs_second = 1 WHERE user_id = $1 AND used_at IS NULL \
             AND needs_second = 0 AND expires_at > $2",
            &[user.into(), now.into()],
        )
        .await?;
    Ok(asked > 0)
}

/// Spends a link; false when somebody was faster.
pub(in crate::identity) async fn spend(
    writer: &mut Writer,
    digest: &[u8],
    now: Micros,
) -> Result<bool> {
    let spent = writer
        .execute(
            "UPDATE one_time_link SET used_at = $1 WHERE digest = $2 AND used_at IS NULL",
            &[now.into(), digest.into()],
        )
        .await?;
    Ok(spent == 1)
}

/// Ends the unused links of a person.
pub(in crate::identity) async fn drop_open(writer: &mut Writer, user: UserId) -> Result<()> {
    writer
        .execute("DELETE FROM one_time_link WHERE user_id = $1 AND used_at IS NULL", &[user.into()])
        .await?;
    Ok(())
}
