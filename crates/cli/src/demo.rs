//! `heng demo`: the invented firm, made on the first start and continued on the next.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use app::{identity, sample};
use values::{Error, Result};

use crate::config::Config;
use crate::output::Verdict;
use crate::{serve, store};

/// Invented clients.
const CLIENTS: usize = 300;

/// Fills the store if it is new, then serves it.
pub async fn run(config: &Config) -> Result<Verdict> {
    let app = store::open(config, store::Make::IfMissing).await?;
    if identity::setup_is_open(&app).await? {
        println!("正在建立演示机构（12 人）… making the demo firm");
        let logins = sample::found_firm(&app).await?;
        write_logins(&config.store.data_dir.join("logins.txt"), &logins)?;
    }
    sample::fill(&app, CLIENTS, |made| {
        if made % 50 == 0 {
            println!("  客户 {made}/{CLIENTS}");
        }
    })
    .await?;
    println!("登录信息 logins: {}", config.store.data_dir.join("logins.txt").display());
    app.trust.record.stop().await?;
    drop(app);
    serve::run(config).await
}

/// Writes the logins for the owner's eyes only.
fn write_logins(path: &Path, logins: &[sample::Login]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path).map_err(Error::unavailable)?;
    let mut text = String::from(
        "# 演示机构的登录信息，仅限本机演示使用 / demo store only\n\
         # 姓名 name | 岗位 role | 登录名 login | 密码 password | TOTP\n",
    );
    for login in logins {
        text.push_str(&format!(
            "{} | {} | {} | {} | {}\n",
            login.display_name, login.roles, login.name, *login.password, *login.totp
        ));
    }
    file.write_all(text.as_bytes()).map_err(Error::unavailable)
}
