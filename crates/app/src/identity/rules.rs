//! Roles, passwords, limits of sessions and of failed sign-ins: values in, values out.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use values::{Error, Kind, Micros, Result};

/// What sort of role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleKind {
    /// One of the three separated administrators; none opens client data.
    Office,
    /// Work with clients.
    Business,
}

/// A role.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// The word in policies.
    pub id: &'static str,
    /// The name in Chinese.
    pub zh: &'static str,
    /// The name in English.
    pub en: &'static str,
    /// Which sort.
    pub kind: RoleKind,
    /// The clearance that usually goes with it.
    pub clearance: u8,
    /// What it is for, in Chinese.
    pub about: &'static str,
}

const fn office(id: &'static str, zh: &'static str, en: &'static str, about: &'static str) -> Role {
    Role { id, zh, en, kind: RoleKind::Office, clearance: 2, about }
}

const fn business(
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    clearance: u8,
    about: &'static str,
) -> Role {
    Role { id, zh, en, kind: RoleKind::Business, clearance, about }
}

/// All roles.
pub const ROLES: &[Role] = &[
    office("sysadmin", "系统管理员", "System administrator", "建立与停用账号，管理部门和设置"),
    office("secadmin", "安全管理员", "Security administrator", "授予角色与密级，管理密钥和会话"),
    office("auditor", "审计员", "Auditor", "查看、核验、导出审计日志"),
    business("principal", "机构负责人", "Principal", 4, "查看和管理全部客户"),
    business("supervisor", "主管", "Supervisor", 4, "管理和分配本部门客户"),
    business("reviewer", "复核人", "Reviewer", 4, "复核本部门客户的资料"),
    business("accountant", "会计", "Accountant", 4, "办理自己负责的客户"),
    business("tax_adviser", "税务顾问", "Tax adviser", 4, "为自己负责的客户提供税务服务"),
    business("financing_adviser", "融资顾问", "Financing adviser", 4, "办理自己客户的融资事项"),
    business("client_manager", "客户经理", "Client manager", 3, "维护自己客户的联络"),
    business("quality", "质控", "Quality control", 3, "检查全部客户的办理质量"),
    business("complaint_officer", "投诉专员", "Complaint officer", 3, "处理投诉所涉客户"),
    business("compliance", "合规", "Compliance", 3, "检查合规情况和访问记录"),
];

/// The role of a word.
#[must_use]
pub fn role(id: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.id == id)
}

/// Whether a word names one of the three offices.
#[must_use]
pub fn is_office(id: &str) -> bool {
    role(id).is_some_and(|role| role.kind == RoleKind::Office)
}

/// Checks what one person may hold together.
///
/// # Errors
/// Invalid for an unknown role, two offices, or, where the firm is strict, office and business.
pub fn check_roles(roles: &[String], strict: bool) -> Result<()> {
    if let Some(unknown) = roles.iter().find(|id| role(id).is_none()) {
        return Err(Error::invalid(
            "roles",
            "user.role_unknown",
            format!("没有这个角色：{unknown}"),
            format!("There is no role {unknown}"),
        ));
    }
    let offices = roles.iter().filter(|id| is_office(id)).count();
    if offices > 1 {
        return Err(Error::invalid(
            "roles",
            "user.two_offices",
            "系统管理员、安全管理员、审计员须由不同的人担任",
            "System administrator, security administrator and auditor must be different people",
        ));
    }
    if strict && offices == 1 && roles.len() > 1 {
        return Err(Error::invalid(
            "roles",
            "user.office_mixed",
            "按本机构设置，管理员不得兼任业务角色",
            "The firm's settings forbid holding an office and a business role together",
        ));
    }
    Ok(())
}

/// The offices among some roles.
pub fn offices(roles: &[String]) -> impl Iterator<Item = &str> {
    roles.iter().map(String::as_str).filter(|id| is_office(id))
}

/// The refusal to leave an office without an active holder.
#[must_use]
pub fn last_holder(office: &str) -> Error {
    let (zh, en) = role(office).map_or((office, office), |role| (role.zh, role.en));
    Error::new(
        Kind::Conflict,
        "user.last_holder",
        format!("这是最后一位在用的{zh}，请先指定接任的人"),
        format!("This is the last active {en}; appoint another first"),
    )
}

/// Checks a clearance.
///
/// # Errors
/// Invalid outside 1 to 4.
pub fn check_clearance(clearance: u8) -> Result<()> {
    if (1..=4).contains(&clearance) {
        return Ok(());
    }
    Err(Error::invalid("clearance", "user.clearance", "密级为 1 到 4", "Clearance is 1 to 4"))
}

/// Whether a second factor is compulsory.
#[must_use]
pub fn needs_factor(roles: &[String], clearance: u8) -> bool {
    clearance >= 3 || offices(roles).next().is_some()
}

/// Whether resetting an account takes a second person: one administrator must not be able to
/// become another, nor anybody who may see confidential fields.
#[must_use]
pub fn needs_second_person(roles: &[String], clearance: u8) -> bool {
    needs_factor(roles, clearance)
}

/// Whether the confidentiality training holds on a day.
#[must_use]
pub fn trained(until: Option<Date>, today: Date) -> bool {
    until.is_some_and(|until| until >= today)
}

/// The form under which a name to sign in with is compared.
#[must_use]
pub fn folded(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).collect()
}

/// Checks a name to sign in with.
///
/// # Errors
/// Invalid when it is too short, too long, or has other than letters, digits and `. _ - @`.
pub fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if (2..=40).contains(&length) && name.chars().all(fits) {
        return Ok(());
    }
    Err(Error::invalid(
        "name",
        "user.name",
        "用户名为 2 到 40 个字符，可用文字、数字和 . _ - @",
        "A user name has 2 to 40 letters, digits or . _ - @",
    ))
}

/// Checks a name that is shown: of a person, a department, the firm, a token.
///
/// # Errors
/// Invalid when it is empty, too long or has control characters.
pub fn check_title(field: &'static str, text: &str) -> Result<()> {
    let length = text.trim().chars().count();
    if (1..=60).contains(&length) && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::invalid(
        field,
        "user.title",
        "名称为 1 到 60 个字符，不能含控制字符",
        "A name has 1 to 60 characters and no control characters",
    ))
}

/// Checks an address for letters.
///
/// # Errors
/// Invalid when it has not the form of one.
pub fn check_email(email: &str) -> Result<()> {
    let good = email.len() <= 200
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(who, at)| {
            !who.is_empty() && at.contains('.') && !at.starts_with('.') && !at.ends_with('.')
        });
    if good {
        return Ok(());
    }
    Err(Error::invalid("email", "user.email", "邮箱格式不正确", "This is no e-mail address"))
}

/// The most characters of a password; longer ones only cost time.
const PASSWORD_MOST: usize = 256;

/// Checks a new password: twelve characters, or eight of three kinds; and not the name.
///
/// # Errors
/// Invalid with the reason.
pub fn check_password(password: &str, name: &str) -> Result<()> {
    let wrong = |code, zh: &str, en: &str| Err(Error::invalid("password", code, zh, en));
    let length = password.chars().count();
    let kinds = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(char::is_numeric),
        password.chars().any(|c| !c.is_alphanumeric()),
    ];
    let kinds = kinds.into_iter().filter(|kind| *kind).count();
    if length > PASSWORD_MOST {
        return wrong("password.long", "密码过长", "The password is too long");
    }
    if !(length >= 12 || length >= 8 && kinds >= 3) {
        return wrong(
            "password.weak",
            "密码至少 12 个字符；或至少 8 个字符且含大写、小写、数字、符号中的三种",
            "A password has 12 characters, or 8 with three of: upper, lower, digits, symbols",
        );
    }
    let (plain, name) = (folded(password), folded(name));
    if !name.is_empty() && plain.replace(&name, "").chars().count() < 6 {
        return wrong("password.name", "密码不能由用户名组成", "The password is made of the name");
    }
    let mut distinct: Vec<char> = plain.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 {
        return wrong(
            "password.simple",
            "密码重复字符过多",
            "The password repeats too few characters",
        );
    }
    Ok(())
}

/// Failures before a name is locked.
const NAME_FAILURES: i64 = 5;
/// Failures before an address has to wait.
const ADDRESS_FAILURES: i64 = 40;
/// How long a lock holds after the last failure that counted.
const LOCK_SECONDS: i64 = 15 * 60;

/// Failed sign-ins of a name or an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub count: i64,
    /// When the last one was.
    pub last_at: Micros,
}

impl Failures {
    fn recent(self, now: Micros) -> bool {
        now < self.last_at.plus_seconds(LOCK_SECONDS)
    }

    /// Those of both that still count, for what is counted at two places.
    #[must_use]
    pub fn and(self, other: Self, now: Micros) -> Self {
        match (self.recent(now), other.recent(now)) {
            (true, true) => {
                Self { count: self.count + other.count, last_at: self.last_at.max(other.last_at) }
            }
            (false, true) => other,
            _ => self,
        }
    }

    /// Whether the refusal of a locked name should be on record again.
    #[must_use]
    pub fn note_due(self, now: Micros) -> bool {
        self.count == 0 || now >= self.last_at.plus_seconds(60)
    }

    /// Whether the name is locked.
    #[must_use]
    pub fn locks_name(self, now: Micros) -> bool {
        self.count >= NAME_FAILURES && self.recent(now)
    }

    /// Whether the address has to wait.
    #[must_use]
    pub fn holds_address(self, now: Micros) -> bool {
        self.count >= ADDRESS_FAILURES && self.recent(now)
    }

    /// Whether the failure that was just counted is one more than a name may have.
    #[must_use]
    pub const fn is_beyond_name(self) -> bool {
        self.count > NAME_FAILURES
    }

    /// Whether the failure that was just counted is one more than an address may have.
    #[must_use]
    pub const fn is_beyond_address(self) -> bool {
        self.count > ADDRESS_FAILURES
    }
}

/// Failures at this moment or before it no longer count.
#[must_use]
pub fn failures_since(now: Micros) -> Micros {
    now.plus_seconds(-LOCK_SECONDS)
}

/// How long sessions last; a setting of the firm.
#[derive(Debug, Clone, Copy)]
pub struct Lasting {
    /// Unused, in minutes.
    pub idle_minutes: i64,
    /// At most, in hours.
    pub most_hours: i64,
}

impl Lasting {
    /// When a session ends unless it is used.
    #[must_use]
    pub fn ends(self, created_at: Micros, seen_at: Micros) -> Micros {
        created_at
            .plus_seconds(self.most_hours * 3600)
            .min(seen_at.plus_seconds(self.idle_minutes * 60))
    }
}

/// How often the use of a session or token is noted.
pub const SEEN_SECONDS: i64 = 5 * 60;
/// How long a one-time link works.
pub const LINK_SECONDS: i64 = 24 * 3600;
/// How long a token may work at most, in days.
pub const TOKEN_DAYS: i64 = 366;

/// Whether the use of a credential should be noted again.
#[must_use]
pub fn note_due(seen_at: Option<Micros>, now: Micros) -> bool {
    seen_at.is_none_or(|seen| now >= seen.plus_seconds(SEEN_SECONDS))
}

/// The refusal of a sign-in: the same for an unknown name and a wrong password.
#[must_use]
pub fn refused() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "session.refused",
        "用户名、密码或验证码不正确",
        "The name, the password or the code is wrong",
    )
}

/// The refusal while a name is locked, whether it exists or not.
#[must_use]
pub fn locked() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "session.locked",
        "失败次数过多，请 15 分钟后再试，或请管理员重置",
        "Too many failures: try again in 15 minutes, or ask an administrator for a reset",
    )
}

/// The refusal while an address has to wait.
#[must_use]
pub fn throttled() -> Error {
    Error::new(
        Kind::Limited,
        "session.throttled",
        "此地址登录失败过多，请稍后再试",
        "Too many failures from this address; try again later",
    )
}

/// The request for a code.
#[must_use]
pub fn factor_wanted() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "session.totp_required",
        "请输入动态验证码或恢复码",
        "Enter a one-time code or a recovery code",
    )
}

/// The refusal of a session that has ended.
#[must_use]
pub fn ended() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "session.ended",
        "登录已失效，请重新登录",
        "The session has ended; sign in again",
    )
}

/// The refusal of a one-time link, whatever is wrong with it.
#[must_use]
pub fn link_refused() -> Error {
    Error::new(
        Kind::NotFound,
        "link.refused",
        "链接无效、已使用、已过期或尚未批准",
        "The link is wrong, used, out of date or not approved yet",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(words: &str) -> Vec<String> {
        words.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn nobody_holds_two_offices() {
        for (held, strict, code) in [
            ("sysadmin", false, None),
            ("sysadmin principal", false, None),
            ("sysadmin principal", true, Some("user.office_mixed")),
            ("principal accountant", true, None),
            ("sysadmin auditor", false, Some("user.two_offices")),
            ("secadmin auditor accountant", true, Some("user.two_offices")),
            ("owner", false, Some("user.role_unknown")),
            ("", true, None),
        ] {
            let checked = check_roles(&roles(held), strict);
            assert_eq!(checked.err().map(|e| e.code()), code, "{held}");
        }
    }

    #[test]
    fn a_password_is_long_or_mixed_and_not_the_name() {
        for (password, code) in [
            ("correct horse battery", None),
            ("Aa1!xyzw", None),
            ("一二三四五六七八九十甲乙", None),
            ("short1A", Some("password.weak")),
            ("abcdefgh", Some("password.weak")),
            ("zhangwei1234zhangwei", Some("password.name")),
            ("aaaaaaaaaaaaaaaa", Some("password.simple")),
        ] {
            let checked = check_password(password, "ZhangWei");
            assert_eq!(checked.err().map(|e| e.code()), code, "{password}");
        }
        assert!(check_password(&"長aB3".repeat(100), "x").is_err());
    }

    #[test]
    fn the_fifth_failure_locks_for_a_quarter_of_an_hour() {
        let at = Micros(1_000_000_000_000);
        assert!(!Failures { count: 4, last_at: at }.locks_name(at));
        let failures = Failures { count: 5, last_at: at };
        assert!(failures.locks_name(at.plus_seconds(899)) && !failures.is_beyond_name());
        assert!(!failures.locks_name(at.plus_seconds(900)));
        assert!(failures_since(at.plus_seconds(899)) < at);
        assert_eq!(failures_since(at.plus_seconds(900)), at);
        assert!(Failures { count: 6, last_at: at }.is_beyond_name());
    }

    #[test]
    fn a_session_ends_idle_or_at_the_end_of_the_day() {
        let at = Micros(0);
        let lasting = Lasting { idle_minutes: 30, most_hours: 12 };
        assert_eq!(lasting.ends(at, at), at.plus_seconds(1800));
        assert_eq!(lasting.ends(at, at.plus_seconds(43_000)), at.plus_seconds(43_200));
    }

    #[test]
    fn names_are_compared_without_case_and_width() {
        assert_eq!(folded(" ＺhangＷei "), "zhangwei");
        assert!(check_name("张伟").is_ok());
        assert!(check_name("a").is_err());
        assert!(check_name("a b").is_err());
    }

    #[test]
    fn a_second_factor_is_compulsory_for_offices_and_clearance_three() {
        assert!(needs_factor(&roles("auditor"), 1));
        assert!(needs_factor(&roles("accountant"), 3));
        assert!(!needs_factor(&roles("accountant"), 2));
        assert!(needs_second_person(&[], 3) && !needs_second_person(&[], 2));
        assert!(needs_second_person(&["auditor".to_owned()], 2));
    }

    #[test]
    fn training_holds_through_its_last_day() {
        let day = jiff::civil::date(2026, 6, 1);
        assert!(trained(Some(day), day));
        assert!(!trained(Some(day.yesterday().unwrap()), day) && !trained(None, day));
    }
}
