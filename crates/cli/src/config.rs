//! Configuration: defaults, then `heng.toml`, then the environment (`HENG_…`), then flags.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use figment::providers::{Env, Format as _, Serialized, Toml};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use values::{Error, Result};

use crate::args::{Args, Verb};
use crate::output::{Output, Verdict};

/// How the server is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where it listens. Until set-up is done only this machine is answered, whatever stands here.
    pub listen: String,
    /// The address people type, for the links that Heng prints; made from `listen` when empty.
    pub public_url: Option<String>,
    /// The certificate and its chain, in PEM; with `tls_key`, Heng speaks HTTPS itself.
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    pub tls_key: Option<PathBuf>,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether browsers come by HTTPS through a proxy, so that cookies must be Secure.
    pub secure_cookies: bool,
    /// The web files on disk instead of those inside the binary; for development.
    pub web_dir: Option<PathBuf>,
}

/// Where data is kept and how it is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// The folder of the store, of sealed originals and of the firm's policies.
    pub data_dir: PathBuf,
    /// A SQLite file, a `postgres://` address, or `file:PATH` of a file that holds the address;
    /// `heng.db` in the folder when empty.
    pub database: Option<String>,
    /// Where statements and returns are kept apart, as for `database`; another database than that
    /// one. `core.db` in the folder when empty.
    pub core: Option<String>,
    /// The master key: `file:PATH`, `command:LINE` or `passphrase`; a new store gets
    /// `keys/master.key` in the folder when empty.
    pub master: Option<String>,
    /// What new values are sealed with: `aes-256-gcm` or `sm4-gcm`.
    pub algorithm: String,
    /// The firm's own policies, `*.cedar`; `policies` in the folder when empty.
    pub policies: Option<PathBuf>,
}

/// The record of who did what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Record {
    /// The name of the record in its checkpoints; without spaces.
    pub origin: String,
    /// A folder outside the store that every checkpoint is copied to: it proves later that the
    /// newest entries were not removed.
    pub outside: Option<PathBuf>,
}

/// The firm.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Firm {
    /// The zone that dates, as-of views and expiries are decided in.
    pub zone: String,
    /// Whether an office and a business role may not be held together.
    pub strict_offices: bool,
}

/// All of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How the server is reached.
    pub server: Server,
    /// Where data is kept.
    pub store: Store,
    /// The record.
    pub record: Record,
    /// The firm.
    pub firm: Firm,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8420".to_owned(),
            public_url: None,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            secure_cookies: false,
            web_dir: None,
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("heng-data"),
            database: None,
            core: None,
            master: None,
            algorithm: "aes-256-gcm".to_owned(),
            policies: None,
        }
    }
}

impl Default for Record {
    fn default() -> Self {
        Self { origin: "heng".to_owned(), outside: None }
    }
}

impl Default for Firm {
    fn default() -> Self {
        Self { zone: values::DEFAULT_ZONE.to_owned(), strict_offices: false }
    }
}

/// A configuration and where each part of it comes from.
pub struct Loaded {
    /// The merged result.
    pub config: Config,
    figment: Figment,
}

/// What flags say.
struct Flags(Vec<(&'static str, String)>);

impl Provider for Flags {
    fn metadata(&self) -> Metadata {
        Metadata::named("flag")
    }

    fn data(&self) -> std::result::Result<Map<Profile, Dict>, figment::Error> {
        let mut sections = Dict::new();
        for (key, value) in &self.0 {
            let Some((section, key)) = key.split_once('.') else { continue };
            let said = [(key.to_owned(), value.clone().into())].into_iter().collect::<Dict>();
            sections.insert(section.to_owned(), said.into());
        }
        Ok(Profile::Default.collect(sections))
    }
}

/// The variables that are settings, by the names that follow `HENG_`; the rest is not ours.
fn from_environment(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "data_dir" => return Some("store.data_dir".to_owned()),
        "listen" => return Some("server.listen".to_owned()),
        _ => {}
    }
    let (section, key) = name.split_once('_')?;
    let known = serde_json::to_value(Config::default()).ok()?;
    known.get(section)?.get(key)?;
    Some(format!("{section}.{key}"))
}

fn file_of(args: &Args) -> Result<Option<PathBuf>> {
    let named = args.config.clone().or_else(|| std::env::var_os("HENG_CONFIG").map(Into::into));
    if let Some(path) = named {
        if path.is_file() {
            return Ok(Some(path));
        }
        return Err(Error::invalid(
            "config",
            "config.missing",
            format!("没有配置文件 {}", path.display()),
            format!("There is no configuration file {}", path.display()),
        ));
    }
    let usual = ["heng.toml", "/etc/heng/heng.toml"].map(PathBuf::from);
    Ok(usual.into_iter().find(|path| path.is_file()))
}

fn flags(args: &Args) -> Flags {
    let mut said = Vec::new();
    if let Some(folder) = &args.data_dir {
        said.push(("store.data_dir", folder.to_string_lossy().into_owned()));
    }
    if let Verb::Serve(serve) | Verb::Demo(serve) = &args.verb
        && let Some(listen) = &serve.listen
    {
        said.push(("server.listen", listen.clone()));
    }
    Flags(said)
}

/// Reads and merges everything.
pub fn load(args: &Args) -> Result<Loaded> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(path) = file_of(args)? {
        figment = figment.merge(Toml::file_exact(path));
    }
    let environment =
        Env::prefixed("HENG_").filter_map(|name| from_environment(name.as_str()).map(Into::into));
    figment = figment.merge(environment).merge(flags(args));
    let config: Config = figment.extract().map_err(|found| {
        Error::invalid(
            "config",
            "config.wrong",
            format!("配置有误：{found}"),
            format!("The configuration is wrong: {found}"),
        )
    })?;
    Ok(Loaded { config, figment })
}

/// A password inside an address is not shown.
fn without_secrets(key: &str, value: Value) -> Value {
    let Some(text) = value.as_str() else { return value };
    if key == "store.master" && text.starts_with("command:") {
        return json!("command:…");
    }
    if let Some((scheme, rest)) = text.split_once("://")
        && let Some((who, place)) = rest.rsplit_once('@')
        && let Some((user, _)) = who.split_once(':')
    {
        return json!(format!("{scheme}://{user}:…@{place}"));
    }
    if matches!(key, "store.database" | "store.core") && text.contains("password=") {
        return json!("…");
    }
    value
}

fn source_of(figment: &Figment, key: &str) -> String {
    let Some(metadata) = figment.find_metadata(key) else { return "default".to_owned() };
    match &metadata.source {
        Some(Source::File(path)) => path.display().to_string(),
        _ if metadata.name.contains("HENG_") => "environment".to_owned(),
        _ if metadata.name == "flag" => "flag".to_owned(),
        _ => "default".to_owned(),
    }
}

/// `heng config show`: the merged result with its sources, secrets hidden.
pub fn show(loaded: &Loaded, output: &Output) -> Result<Verdict> {
    let whole = serde_json::to_value(&loaded.config).map_err(Error::internal)?;
    let mut answer = serde_json::Map::new();
    let mut lines = Vec::new();
    for (section, keys) in whole.as_object().into_iter().flatten() {
        lines.push(format!("[{section}]"));
        for (key, value) in keys.as_object().into_iter().flatten() {
            let path = format!("{section}.{key}");
            let value = without_secrets(&path, value.clone());
            let source = source_of(&loaded.figment, &path);
            lines.push(match &value {
                Value::Null => format!("# {key} ="),
                value => format!("{key} = {value}    # {source}"),
            });
            answer.insert(path, json!({ "value": value, "source": source }));
        }
        lines.push(String::new());
    }
    output.answer(&answer.into(), || lines.join("\n"))
}

/// What `heng config init` writes.
const TEMPLATE: &str = r#"# Heng 的配置。此处未写的项目取默认值；环境变量 HENG_<节>_<项> 与命令行参数优先于本文件。
# Heng's configuration. What is not set here has its default; HENG_<SECTION>_<KEY> and flags win.

[server]
# 监听地址；完成初始化之前只应答本机。 Where to listen; loopback only until set-up is done.
listen = "127.0.0.1:8420"
# 用户访问的网址，用于一次性链接。 What people type, for one-time links.
# public_url = "https://heng.example.com"
# 直接提供 HTTPS 时的证书与私钥（PEM）。 Certificate and key, to speak HTTPS without a proxy.
# tls_cert = "/etc/heng/tls/cert.pem"
# tls_key = "/etc/heng/tls/key.pem"
# 经反向代理提供 HTTPS 时设为 true。 Behind a proxy that speaks HTTPS: true.
secure_cookies = false
# 可信代理的地址。 Proxies whose X-Forwarded-For is believed.
trusted_proxies = []

[store]
# 数据目录。 The folder of the store.
data_dir = "heng-data"
# SQLite 文件、postgres:// 地址，或 file:路径（文件内写地址）。 Default: heng.db in the folder.
# database = "file:/etc/heng/database-url"
# 关键财务数据（报表、申报表）单独存放的数据库，写法同上，须与上面不同。
# Where statements and returns are kept apart. Default: core.db in the folder.
# core = "file:/etc/heng/core-url"
# 主密钥来源：file:路径、command:命令 或 passphrase；请勿与数据放在一起。
# Where the master key comes from; keep it away from the data.
# master = "file:/etc/heng/master.key"
# 加密算法：aes-256-gcm 或 sm4-gcm。 What new values are sealed with.
algorithm = "aes-256-gcm"

[record]
# 审计日志的名称，写入检查点。 The record's name in its checkpoints.
origin = "heng"
# 检查点另存到的目录，应在本机数据目录之外。 A folder outside that checkpoints are copied to.
# outside = "/var/lib/heng-checkpoints"

[firm]
# 时区。 The zone that dates are decided in.
zone = "Asia/Shanghai"
# 管理岗是否不得兼任业务岗。 Whether offices and business roles are kept apart.
strict_offices = false
"#;

/// `heng config init`: writes a working file, never over one that is there.
pub fn init(file: Option<&Path>, output: &Output) -> Result<Verdict> {
    let path = file.unwrap_or_else(|| Path::new("heng.toml"));
    let written = std::fs::File::create_new(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, TEMPLATE.as_bytes()));
    if let Err(source) = written {
        return Err(Error::invalid(
            "file",
            "config.unwritable",
            format!("无法新建 {}：{source}", path.display()),
            format!("Cannot make {}: {source}", path.display()),
        ));
    }
    output.answer(&json!({ "file": path }), || {
        format!("{} {}", output.say("已写入", "wrote"), path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_written_file_says_what_the_defaults_are() {
        let figment = Figment::from(Toml::string(TEMPLATE));
        let written: Config = figment.extract().unwrap();
        assert_eq!(
            serde_json::to_value(written).unwrap(),
            serde_json::to_value(Config::default()).unwrap()
        );
    }

    #[test]
    fn only_known_variables_are_settings() {
        assert_eq!(from_environment("DATA_DIR").unwrap(), "store.data_dir");
        assert_eq!(from_environment("SERVER_TLS_CERT").unwrap(), "server.tls_cert");
        assert_eq!(from_environment("LOG"), None);
        assert_eq!(from_environment("SERVER_NOPE"), None);
    }

    #[test]
    fn passwords_and_commands_are_not_shown() {
        let shown = without_secrets("store.database", json!("postgres://heng:s3cret@db/heng"));
        assert_eq!(shown, json!("postgres://heng:…@db/heng"));
        let shown = without_secrets("store.master", json!("command:vault read -token=x"));
        assert_eq!(shown, json!("command:…"));
        assert_eq!(without_secrets("server.listen", json!("[::1]:80")), json!("[::1]:80"));
    }
}
