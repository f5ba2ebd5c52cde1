//! The command line: its exact forms are what scripts depend on.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

/// Everything that can be said to `heng`.
#[derive(Debug, Parser)]
#[command(
    name = "heng",
    version,
    about = "衡 Heng：客户档案与数据保护",
    disable_help_subcommand = true
)]
pub struct Args {
    /// 输出形式 / output form
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub format: Form,
    /// 数据目录 / folder of the store [env: HENG_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// 配置文件 / configuration file [env: HENG_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 要做什么 / what to do
    #[command(subcommand)]
    pub verb: Verb,
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// 供人阅读 / for people
    Text,
    /// 供程序读取 / for programs
    Json,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 启动服务 / run the server
    Serve(ServeArgs),
    /// 检查部署是否妥当 / check a deployment
    Doctor,
    /// 查看或生成配置 / configuration
    Config {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: ConfigVerb,
    },
    /// 升级数据库结构 / bring the store up to date
    Migrate,
    /// 输出接口说明 / print the description of the API
    Openapi,
    /// 证件与代码校验 / identifiers
    Id {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: IdVerb,
    },
    /// 税务日历 / the tax calendar
    Calendar {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: CalendarVerb,
    },
    /// 检查财务报表与申报表，无需数据库 / check statements and returns, without any store
    Check(CheckArgs),
    /// 导入 / import
    Import {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: ImportVerb,
    },
    /// 客户 / clients
    Client {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: ClientVerb,
    },
    /// 用户 / users
    User {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: UserVerb,
    },
    /// 审计日志 / the record
    Audit {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: AuditVerb,
    },
    /// 密钥 / keys
    Keys {
        /// 要做什么 / what to do
        #[command(subcommand)]
        verb: KeysVerb,
    },
    /// 示例机构 / the sample firm
    #[command(hide = true)]
    Demo(ServeArgs),
}

/// How the server runs.
#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// 监听地址 / address to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigVerb {
    /// 显示合并后的配置及来源，隐去秘密 / the merged result with its sources
    Show,
    /// 写出一份可用的配置文件 / write a working file
    Init {
        /// 文件 / the file [default: heng.toml]
        file: Option<PathBuf>,
    },
}

/// Files of one client to check.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// 同一客户的 .xlsx、.xls 或 .csv / workbooks of one client
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 会计准则 / accounting standard
    #[arg(long, value_enum, default_value = "auto")]
    pub standard: StandardArg,
}

/// The accounting standard of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StandardArg {
    /// 按行次判断 / as the rows tell
    Auto,
    /// 小企业会计准则
    Small,
    /// 企业会计准则
    General,
}

/// What can be done with identifiers.
#[derive(Debug, Subcommand)]
pub enum IdVerb {
    /// 校验一个代码 / check one
    Check(IdCheck),
}

/// A text to check.
#[derive(Debug, clap::Args)]
pub struct IdCheck {
    /// 代码 / the text
    #[arg(allow_hyphen_values = true)]
    pub code: String,
    /// 种类 / its kind
    #[arg(long, value_enum)]
    pub kind: Option<IdKind>,
}

/// The kinds of identifier.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum IdKind {
    /// 统一社会信用代码
    #[value(alias = "usci")]
    Uscc,
    /// 组织机构代码
    #[value(name = "organisation", aliases = ["organisation_code", "organization", "org"])]
    Organisation,
    /// 居民身份证号
    #[value(name = "resident", aliases = ["resident_id", "id"])]
    Resident,
    /// 纳税人识别号
    #[value(name = "taxpayer", aliases = ["taxpayer_number", "tax"])]
    Taxpayer,
}

/// What can be asked of the tax calendar.
#[derive(Debug, Subcommand)]
pub enum CalendarVerb {
    /// 某税种某所属期的申报期限 / when a tax is due for a period
    Due(CalendarDue),
    /// 一年的征期、放假与调休 / the deadlines and rest days of a year
    Year(CalendarYear),
}

/// A due date that is asked for.
#[derive(Debug, clap::Args)]
pub struct CalendarDue {
    /// 税种：VAT_G、VAT_S、CIT_P、CIT_Y、IIT_W、STAMP 等 / the tax
    #[arg(long)]
    pub tax: String,
    /// 所属期：2026-09、2026Q3 或 2026 / the period
    #[arg(long)]
    pub period: String,
    /// 地区的行政区划代码 / code of the region [default: all of China]
    #[arg(long, default_value = "", hide_default_value = true)]
    pub region: String,
}

/// A year that is asked for.
#[derive(Debug, clap::Args)]
pub struct CalendarYear {
    /// 年份 / the year
    pub year: i16,
    /// 地区的行政区划代码 / code of the region [default: all of China]
    #[arg(long, default_value = "", hide_default_value = true)]
    pub region: String,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportVerb {
    /// 导入客户名单 / a list of clients
    Clients(ImportClients),
    /// 导入报表、申报表 / statements and returns of one client
    Statements(ImportStatements),
}

/// An import of statements.
#[derive(Debug, clap::Args)]
pub struct ImportStatements {
    /// .xlsx、.xls、.csv，或另存为 .xls 的网页 / a workbook, or a web page saved as one
    pub file: PathBuf,
    /// 客户编号、统一社会信用代码或名称 / the client's code, credit code or name
    #[arg(long)]
    pub client: String,
}

/// An import of clients.
#[derive(Debug, clap::Args)]
pub struct ImportClients {
    /// .xlsx、.xls 或 .csv
    pub file: PathBuf,
    /// 方式 / what may happen to the archive
    #[arg(long, value_enum, default_value = "create")]
    pub mode: ImportMode,
    /// 只检查，不写入 / check only
    #[arg(long, action = ArgAction::SetTrue)]
    pub dry_run: bool,
    /// 未导入的行及原因写到这个文件 / refused rows and why
    #[arg(long, value_name = "OUT.xlsx")]
    pub errors: Option<PathBuf>,
}

/// What an import may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportMode {
    /// 只新建 / new ones only
    Create,
    /// 只更新 / those that exist only
    Update,
    /// 新建并更新 / both
    Both,
}

/// What can be done with clients.
#[derive(Debug, Subcommand)]
pub enum ClientVerb {
    /// 客户列表（脱敏） / the list, masked
    List {
        /// 查找 / search
        #[arg(long, short)]
        q: Option<String>,
        /// 阶段 / stage
        #[arg(long)]
        stage: Option<String>,
        /// 最多几行 / how many
        #[arg(long, default_value_t = 50)]
        limit: u64,
    },
    /// 一个客户（脱敏） / one client, masked
    Show {
        /// 客户编号、统一社会信用代码或内部编号 / its code or id
        client: String,
    },
}

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// 新建账号，打印一次性设置链接 / a new account and its one-time link
    Add(UserAdd),
    /// 停用账号，即刻生效 / disable at once
    Disable {
        /// 登录名 / sign-in name
        name: String,
    },
    /// 打印一次性重置链接 / a one-time link for a lost password or second factor
    Reset {
        /// 登录名 / sign-in name
        name: String,
    },
}

/// A new account.
#[derive(Debug, clap::Args)]
pub struct UserAdd {
    /// 登录名 / sign-in name
    pub name: String,
    /// 姓名 / name that is shown
    #[arg(long)]
    pub display_name: Option<String>,
    /// 邮箱 / e-mail
    #[arg(long)]
    pub email: Option<String>,
}

/// What can be done with the record.
#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    /// 重新计算全部记录，指出第一条有误的 / recompute all
    Verify,
    /// 打印一条记录的存在性证明 / print the proof of one entry
    Prove {
        /// 记录编号 / the entry
        entry: String,
        /// 写到文件 / write to a file
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 导出记录 / export entries
    Export(AuditExport),
    /// 打印最新检查点与验证公钥 / the newest checkpoint and its key
    Checkpoint,
}

/// An export of the record.
#[derive(Debug, clap::Args)]
pub struct AuditExport {
    /// 文件形式：csv 或 jsonl / form of the file
    #[arg(long = "as", value_name = "csv|jsonl", default_value = "csv")]
    pub form: String,
    /// 起始日期 / first day
    #[arg(long)]
    pub from: Option<String>,
    /// 截止日期（含） / last day
    #[arg(long)]
    pub to: Option<String>,
    /// 操作 / action
    #[arg(long)]
    pub action: Option<String>,
    /// 客户 / client
    #[arg(long)]
    pub client: Option<String>,
    /// 用途，记录在案 / what for, on record
    #[arg(long, default_value = "本机审计导出")]
    pub purpose: String,
    /// 写到文件，否则输出到屏幕 / write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysVerb {
    /// 查看密钥状态（不含密钥） / which keys there are; never a key itself
    Show,
    /// 轮换密钥 / rotate
    Rotate,
    /// 用恢复单重建主密钥文件（从标准输入读取九组） / remake the key file from the recovery sheet
    Recover,
}
