//! A request that makes something and is sent twice, as after a broken connection, makes it once:
//! its key is kept for a day, with what was made, in the transaction that makes it.

use std::collections::BTreeMap;

use trust::database::Writer;
use values::{ClientId, Error, Kind, Micros, Result, UserId};

use super::operations::Draft;
use crate::App;

/// So long a key is remembered.
const REMEMBERED_SECONDS: i64 = 24 * 60 * 60;
/// Longest key, in characters.
const KEY_MOST: usize = 200;

/// The key of a request, with a keyed digest of what it asks for: the digest is kept, not the
/// text, because identity numbers stand in it.
#[derive(Debug, Clone)]
pub struct RequestKey {
    key: String,
    digest: Vec<u8>,
}

impl RequestKey {
    /// The key of a request to make a client; nothing when none was sent.
    ///
    /// # Errors
    /// Invalid when it is no key.
    pub fn of(
        app: &App,
        key: Option<&str>,
        asked: (&Draft, &BTreeMap<String, Vec<Draft>>, &str),
    ) -> Result<Option<Self>> {
        let Some(key) = key else { return Ok(None) };
        if key.is_empty() || key.chars().count() > KEY_MOST || key.contains(char::is_control) {
            return Err(Error::invalid(
                "Idempotency-Key",
                "idempotency.key",
                "Idempotency-Key 应为 1 到 200 个可见字符",
                "Idempotency-Key is 1 to 200 visible characters",
            ));
        }
        let text = serde_json::to_string(&asked).map_err(Error::internal)?;
        let digest = app.keyring.token("request", &text)?;
        Ok(Some(Self { key: key.to_owned(), digest }))
    }

    /// Claims the key for what is about to be made; gives what was made with it before.
    ///
    /// # Errors
    /// Invalid `idempotency.other_body` when it was used for something else.
    pub async fn claim(
        &self,
        writer: &mut Writer,
        user: UserId,
        making: ClientId,
        now: Micros,
    ) -> Result<Option<ClientId>> {
        writer.execute("DELETE FROM request_key WHERE expires_at <= $1", &[now.into()]).await?;
        // Whoever holds the key in a transaction that still runs is waited for.
        let claimed = writer
            .execute(
                "INSERT INTO request_key (user_id, key, digest, made, expires_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, key) DO NOTHING",
                &[
                    user.into(),
                    self.key.as_str().into(),
                    self.digest.clone().into(),
                    making.into(),
                    now.plus_seconds(REMEMBERED_SECONDS).into(),
                ],
            )
            .await?;
        if claimed == 1 {
            return Ok(None);
        }
        let row = writer
            .row(
                "SELECT digest, made FROM request_key WHERE user_id = $1 AND key = $2",
                &[user.into(), self.key.as_str().into()],
            )
            .await?
            .ok_or_else(|| Error::unavailable("the key of a request went away meanwhile"))?;
        if row.bytes(0)? == self.digest {
            return row.id(1).map(Some);
        }
        Err(Error::new(
            Kind::Invalid,
            "idempotency.other_body",
            "该 Idempotency-Key 已用于内容不同的请求，请刷新后重新提交",
            "This Idempotency-Key was used for another request; reload and send again",
        ))
    }
}
