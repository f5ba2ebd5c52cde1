//! The running server's local socket: what an operator asks of it instead of doing it beside it.
//!
//! One line of JSON each way. Only the owner of the data folder reaches the socket, and the
//! operating system says who it is.

use std::path::PathBuf;

use app::{App, keys, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use values::{Error, Kind, Result};

use crate::config::Config;
use crate::{store, users};

/// What can be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Request {
    /// Rotate the keys.
    RotateKeys,
    /// Make an account.
    AddUser {
        /// The name to sign in with.
        name: String,
        /// The name that is shown.
        display_name: String,
        /// Where letters go.
        email: Option<String>,
    },
}

/// The longest line that is read.
const LINE_MOST: u64 = 64 * 1024;

fn path(config: &Config) -> PathBuf {
    config.store.data_dir.join("heng.sock")
}

/// Asks the running server; `None` when none runs.
pub async fn ask(config: &Config, request: &Request) -> Result<Option<Value>> {
    let Ok(mut stream) = UnixStream::connect(path(config)).await else { return Ok(None) };
    let mut line = serde_json::to_string(request).map_err(Error::internal)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await.map_err(Error::unavailable)?;
    let mut answer = String::new();
    stream.take(LINE_MOST).read_to_string(&mut answer).await.map_err(Error::unavailable)?;
    let answer: Value = serde_json::from_str(&answer).map_err(Error::unavailable)?;
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if answer.get("error").is_some() {
        let kind = if text("kind") == "invalid" { Kind::Invalid } else { Kind::Denied };
        return Err(Error::new(kind, "operator.refused", text("error"), text("error_en")));
    }
    Ok(Some(answer))
}

/// Answers on the socket until the server stops.
pub fn listen(app: &App, config: &Config) -> Result<()> {
    let path = path(config);
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(Error::unavailable)?;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&path, mode).map_err(Error::unavailable)?;
    let app = app.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let app = app.clone();
            tokio::spawn(async move {
                if let Err(error) = answer(&app, stream).await {
                    tracing::warn!(?error, "an operator's request could not be answered");
                }
            });
        }
    });
    Ok(())
}

/// Takes the socket away.
pub fn close(config: &Config) {
    let _ = std::fs::remove_file(path(config));
}

async fn answer(app: &App, stream: UnixStream) -> Result<()> {
    let uid = stream.peer_cred().map_err(Error::unavailable)?.uid();
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(read.take(LINE_MOST));
    reader.read_line(&mut line).await.map_err(Error::unavailable)?;
    let said = match done(app, &line, uid).await {
        Ok(value) => value,
        Err(error) => {
            let kind = if error.kind() == Kind::Invalid { "invalid" } else { "other" };
            json!({
                "error": error.zh(), "error_en": error.en(), "code": error.code(), "kind": kind,
            })
        }
    };
    write.write_all(said.to_string().as_bytes()).await.map_err(Error::unavailable)
}

async fn done(app: &App, line: &str, uid: u32) -> Result<Value> {
    let request: Request = serde_json::from_str(line).map_err(Error::internal)?;
    let actor = store::local_actor(&store::os_user(Some(uid)));
    settings::local_operator_allowed(app, &actor).await?;
    match request {
        Request::AddUser { name, display_name, email } => {
            users::add(app, &actor, name, display_name, email).await
        }
        Request::RotateKeys => {
            let progress = keys::rotate(app, &actor).await?;
            keys::start(app);
            Ok(json!({
                "running": progress.running(), "done": progress.done, "total": progress.total,
            }))
        }
    }
}
