//! The settings there are, their types and bounds.

use std::collections::BTreeMap;

use values::{Error, Result};

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; lists have one entry a line.
    Text(String),
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
}

impl Value {
    /// The form it is stored in.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Bool(yes) => yes.to_string(),
        }
    }
}

/// One of the values that a choice allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub value: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
}

/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line of so many characters at most.
    Line(usize),
    /// So many lines at most, each at most 40 characters.
    Lines(usize),
    /// A number within bounds.
    Int(i64, i64),
    /// Yes or no.
    Bool,
    /// One of these.
    Choice(&'static [Choice]),
}

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its key.
    pub key: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// What holds until somebody decides otherwise, as it would be stored.
    pub default: &'static str,
}

/// The longest line of a list.
const LINE_MOST: usize = 40;

const LOCALES: &[Choice] = &[
    Choice { value: "zh-CN", zh: "简体中文", en: "Simplified Chinese" },
    Choice { value: "en", zh: "英文", en: "English" },
];

/// All settings that can be changed while Heng runs.
pub const ALL: &[Spec] = &[
    Spec {
        key: "firm_name",
        zh: "机构名称",
        en: "Name of the firm",
        kind: Kind::Line(80),
        default: "",
    },
    Spec {
        key: "locale",
        zh: "默认语言",
        en: "Default language",
        kind: Kind::Choice(LOCALES),
        default: "zh-CN",
    },
    Spec {
        key: "session_idle_minutes",
        zh: "无操作自动退出（分钟）",
        en: "Sign out after idling (minutes)",
        kind: Kind::Int(5, 480),
        default: "30",
    },
    Spec {
        key: "session_max_hours",
        zh: "单次登录最长时间（小时）",
        en: "Longest session (hours)",
        kind: Kind::Int(1, 72),
        default: "12",
    },
    Spec {
        key: "reveal_daily_limit",
        zh: "每人每日查看明文次数上限",
        en: "Reveals per person and day",
        kind: Kind::Int(1, 200),
        default: "20",
    },
    Spec {
        key: "reveal_purposes",
        zh: "查看明文的可选用途（每行一项）",
        en: "Purposes offered for revealing (one a line)",
        kind: Kind::Lines(20),
        default: "办税实名核验\n融资申请\n合同签署\n客户来电核实",
    },
    Spec {
        key: "export_purposes",
        zh: "导出的可选用途（每行一项）",
        en: "Purposes offered for exports (one a line)",
        kind: Kind::Lines(20),
        default: "内部统计\n客户交接\n监管报送\n审计取证",
    },
    Spec {
        key: "local_operator",
        zh: "允许在服务器本机使用命令行操作数据",
        en: "Allow the command line on the machine itself",
        kind: Kind::Bool,
        default: "true",
    },
];

/// The setting of a key.
#[must_use]
pub fn spec(key: &str) -> Option<&'static Spec> {
    ALL.iter().find(|spec| spec.key == key)
}

impl Spec {
    /// The value of a stored text; the default when the text does not fit any more.
    #[must_use]
    pub fn read(&self, stored: &str) -> Value {
        let read = match self.kind {
            Kind::Int(..) => stored.parse().ok().map(Value::Int),
            Kind::Bool => stored.parse().ok().map(Value::Bool),
            _ => Some(Value::Text(stored.to_owned())),
        };
        match read.map(|value| self.check(value)) {
            Some(Ok(value)) => value,
            _ => self.default_value(),
        }
    }

    /// What holds until somebody decides otherwise.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.kind {
            Kind::Int(least, _) => Value::Int(self.default.parse().unwrap_or(least)),
            Kind::Bool => Value::Bool(self.default == "true"),
            _ => Value::Text(self.default.to_owned()),
        }
    }

    /// The value as it is kept: trimmed, lists without blanks and repeats.
    ///
    /// # Errors
    /// Invalid when the type is another or a bound is passed.
    pub fn check(&self, value: Value) -> Result<Value> {
        match (self.kind, value) {
            (Kind::Line(most), Value::Text(text)) => {
                let text = text.trim();
                let fits = text.chars().count() <= most && !text.contains(char::is_control);
                if fits { Ok(Value::Text(text.to_owned())) } else { Err(self.too_long(most)) }
            }
            (Kind::Lines(most), Value::Text(text)) => self.lines(&text, most),
            (Kind::Int(least, most), Value::Int(number)) => {
                if (least..=most).contains(&number) {
                    return Ok(Value::Int(number));
                }
                Err(Error::invalid(
                    self.key,
                    "setting.range",
                    format!("{}应在 {least} 到 {most} 之间", self.zh),
                    format!("{} must be between {least} and {most}", self.en),
                ))
            }
            (Kind::Bool, Value::Bool(yes)) => Ok(Value::Bool(yes)),
            (Kind::Choice(choices), Value::Text(text)) => {
                if choices.iter().any(|choice| choice.value == text) {
                    return Ok(Value::Text(text));
                }
                Err(self.wrong_type())
            }
            _ => Err(self.wrong_type()),
        }
    }

    fn lines(&self, text: &str, most: usize) -> Result<Value> {
        let mut kept: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line.chars().count() > LINE_MOST || line.contains(char::is_control) {
                return Err(self.too_long(LINE_MOST));
            }
            if !kept.contains(&line) {
                kept.push(line);
            }
        }
        if kept.is_empty() || kept.len() > most {
            return Err(Error::invalid(
                self.key,
                "setting.lines",
                format!("{}应有 1 到 {most} 项", self.zh),
                format!("{} must have 1 to {most} entries", self.en),
            ));
        }
        Ok(Value::Text(kept.join("\n")))
    }

    fn too_long(&self, most: usize) -> Error {
        Error::invalid(
            self.key,
            "setting.too_long",
            format!("{}每行最多 {most} 个字符，且不能含控制字符", self.zh),
            format!("{}: {most} characters a line at most, no control characters", self.en),
        )
    }

    fn wrong_type(&self) -> Error {
        Error::invalid(
            self.key,
            "setting.type",
            format!("{}的值不合要求", self.zh),
            format!("{} cannot have this value", self.en),
        )
    }
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings(BTreeMap<&'static str, Value>);

impl Settings {
    /// The defaults with what is stored over them.
    pub fn of<'r>(stored: impl Iterator<Item = (&'r str, &'r str)>) -> Self {
        let mut all: BTreeMap<_, _> = ALL.iter().map(|s| (s.key, s.default_value())).collect();
        for (key, value) in stored {
            if let Some(spec) = spec(key) {
                all.insert(spec.key, spec.read(value));
            }
        }
        Self(all)
    }

    /// All, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    fn int(&self, key: &str) -> i64 {
        match self.0.get(key) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }

    fn text(&self, key: &str) -> &str {
        match self.0.get(key) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The name of the firm; empty until it is given.
    #[must_use]
    pub fn firm_name(&self) -> &str {
        self.text("firm_name")
    }

    /// The language of people who have not chosen one.
    #[must_use]
    pub fn locale(&self) -> &str {
        self.text("locale")
    }

    /// How long a session may idle.
    #[must_use]
    pub fn session_idle_minutes(&self) -> i64 {
        self.int("session_idle_minutes")
    }

    /// How long a session lasts at most.
    #[must_use]
    pub fn session_max_hours(&self) -> i64 {
        self.int("session_max_hours")
    }

    /// How many masked values a person may be shown in a day.
    #[must_use]
    pub fn reveal_daily_limit(&self) -> i64 {
        self.int("reveal_daily_limit")
    }

    /// The purposes offered for revealing a masked value.
    #[must_use]
    pub fn reveal_purposes(&self) -> Vec<String> {
        self.text("reveal_purposes").lines().map(str::to_owned).collect()
    }

    /// The purposes offered for exports.
    #[must_use]
    pub fn export_purposes(&self) -> Vec<String> {
        self.text("export_purposes").lines().map(str::to_owned).collect()
    }

    /// Whether the operator at the machine may work on the store.
    #[must_use]
    pub fn local_operator(&self) -> bool {
        self.0.get("local_operator") != Some(&Value::Bool(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_fits_its_own_bounds() {
        for spec in ALL {
            assert_eq!(spec.check(spec.default_value()).unwrap(), spec.default_value());
            assert_eq!(spec.read(&spec.default_value().stored()), spec.default_value());
        }
    }

    #[test]
    fn a_number_outside_its_bounds_is_refused_and_an_old_one_gives_way_to_the_default() {
        let idle = spec("session_idle_minutes").unwrap();
        assert_eq!(idle.check(Value::Int(4)).unwrap_err().code(), "setting.range");
        assert_eq!(idle.check(Value::Bool(true)).unwrap_err().code(), "setting.type");
        assert_eq!(idle.read("100000"), Value::Int(30));
        assert_eq!(idle.read("60"), Value::Int(60));
    }

    #[test]
    fn a_list_loses_blanks_and_repeats() {
        let purposes = spec("export_purposes").unwrap();
        let kept = purposes.check(Value::Text(" 交接 \n\n统计\n交接\n".into())).unwrap();
        assert_eq!(kept, Value::Text("交接\n统计".into()));
        assert_eq!(purposes.check(Value::Text("\n".into())).unwrap_err().code(), "setting.lines");
    }

    #[test]
    fn a_choice_takes_only_what_it_offers() {
        let locale = spec("locale").unwrap();
        assert!(locale.check(Value::Text("en".into())).is_ok());
        assert!(locale.check(Value::Text("fr".into())).is_err());
    }

    #[test]
    fn a_line_has_no_control_characters() {
        let name = spec("firm_name").unwrap();
        assert!(name.check(Value::Text("甲\n乙".into())).is_err());
        assert_eq!(name.check(Value::Text(" 衡 ".into())).unwrap(), Value::Text("衡".into()));
    }

    #[test]
    fn what_is_stored_wins_over_defaults_and_unknown_keys_are_ignored() {
        let settings = Settings::of([("firm_name", "甲"), ("gone", "x")].into_iter());
        assert_eq!(settings.firm_name(), "甲");
        assert_eq!(settings.session_idle_minutes(), 30);
        assert!(settings.local_operator());
    }
}
