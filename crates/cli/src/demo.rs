//! `heng demo`: an invented firm on a store of its own, filled once, then served like any other.
//!
//! The logins are written beside the store, because it is a demonstration; no other store ever
//! has a password written down.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use app::sample::{self, Login};
use app::{App, identity};
use values::{Error, Result};

use crate::config::Config;
use crate::output::Verdict;
use crate::{serve, store};

/// Clients of the invented firm.
const CLIENTS: usize = 300;

/// Fills the store unless it is full, and serves it.
pub async fn run(config: &Config) -> Result<Verdict> {
    let app = store::open(config, store::Make::IfMissing).await?;
    let filled = fill(&app, config).await;
    let stopped = app.trust.record.stop().await;
    drop(app);
    filled.and(stopped)?;
    serve::run(config).await
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn fill(app: &App, config: &Config) -> Result<()> {
    if identity::setup_is_open(app).await? {
        say("── 建立示例机构与 12 名人员 / the sample firm and its 12 people");
        write_logins(config, &sample::found_firm(app).await?)?;
    }
    sample::fill(app, CLIENTS, |done| {
        if done.is_multiple_of(50) {
            say(&format!("── {done} / {CLIENTS} 个客户 / clients"));
        }
    })
    .await
}

fn write_logins(config: &Config, logins: &[Login]) -> Result<()> {
    let path = config.store.data_dir.join("logins.txt");
    let mut text = String::from(
        "# 示例机构的登录信息，仅用于演示。 Logins of the sample firm, for demonstration only.\n\
         # 登录名\t姓名\t角色\t密码\t两步验证密钥 (TOTP)\n",
    );
    for login in logins {
        let Login { name, display_name, roles, password, totp } = login;
        let (password, totp) = (password.as_str(), totp.as_str());
        text.push_str(&format!("{name}\t{display_name}\t{roles}\t{password}\t{totp}\n"));
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(Error::unavailable)
}
