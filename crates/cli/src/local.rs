//! The running server's local socket: what an operator asks of it instead of doing it beside it.
//!
//! One line of JSON each way. Only the owner of the data folder reaches the socket, and the
//! operating system says who it is.

use std::path::{Path, PathBuf};

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
    /// Make a link for a lost password or second factor.
    ResetUser {
        /// The name to sign in with.
        name: String,
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

/// Makes the socket in a folder that only the owner enters, and moves it to its place once its
/// mode is set: there is no moment at which others could connect.
fn bind(path: &Path) -> Result<UnixListener> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let closed = path.with_extension(format!("sock.{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&closed);
    std::fs::DirBuilder::new().mode(0o700).create(&closed).map_err(Error::unavailable)?;
    let made = closed.join("s");
    let bound = UnixListener::bind(&made).and_then(|listener| {
        std::fs::set_permissions(&made, PermissionsExt::from_mode(0o600))?;
        std::fs::rename(&made, path)?;
        Ok(listener)
    });
    let _ = std::fs::remove_dir_all(&closed);
    bound.map_err(Error::unavailable)
}

/// Refuses everybody but the account that runs the server and root.
fn check_peer(uid: u32, owner: u32) -> Result<()> {
    if uid == owner || uid == 0 {
        return Ok(());
    }
    Err(Error::new(
        Kind::Denied,
        "operator.other_account",
        "只有运行服务的系统账号或 root 可使用本机通道",
        "Only the account that runs the server, or root, may use the local socket",
    ))
}

/// Answers on the socket until the server stops.
pub fn listen(app: &App, config: &Config, base: &str) -> Result<()> {
    let path = path(config);
    let listener = bind(&path)?;
    let made = std::fs::metadata(&path).map_err(Error::unavailable)?;
    let owner = std::os::unix::fs::MetadataExt::uid(&made);
    let (app, base) = (app.clone(), base.to_owned());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (app, base) = (app.clone(), base.clone());
            tokio::spawn(async move {
                if let Err(error) = answer(&app, (&base, owner), stream).await {
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

async fn answer(app: &App, (base, owner): (&str, u32), stream: UnixStream) -> Result<()> {
    let uid = stream.peer_cred().map_err(Error::unavailable)?.uid();
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(read.take(LINE_MOST));
    reader.read_line(&mut line).await.map_err(Error::unavailable)?;
    let said = match done(app, (base, owner), &line, uid).await {
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

async fn done(app: &App, (base, owner): (&str, u32), line: &str, uid: u32) -> Result<Value> {
    check_peer(uid, owner)?;
    let request: Request = serde_json::from_str(line).map_err(Error::internal)?;
    let actor = store::local_actor(&store::os_user(Some(uid)));
    settings::local_operator_allowed(app, &actor).await?;
    match request {
        Request::AddUser { name, display_name, email } => {
            users::add(app, &actor, base, (name, display_name, email)).await
        }
        Request::ResetUser { name } => users::reset(app, &actor, base, &name).await,
        Request::RotateKeys => {
            let progress = keys::rotate(app, &actor).await?;
            keys::start(app);
            Ok(json!({
                "running": progress.running(), "done": progress.done, "total": progress.total,
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn the_socket_is_its_owners_alone_and_takes_the_place_of_an_old_one() {
        let folder = std::env::temp_dir().join(format!("heng-socket-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("heng.sock");
        std::fs::write(&path, "left behind").unwrap();
        let _listener = bind(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(UnixStream::connect(&path).await.is_ok());
        let names: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().collect();
        assert_eq!(names.len(), 1, "nothing else is left: {names:?}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn other_accounts_are_refused_on_the_socket() {
        assert!(check_peer(1000, 1000).is_ok() && check_peer(0, 1000).is_ok());
        assert_eq!(check_peer(1001, 1000).unwrap_err().code(), "operator.other_account");
    }
}
