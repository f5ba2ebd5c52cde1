//! What sets of statements are and which steps are open to them; values in, values out.

use std::collections::BTreeMap;

use fiscal::returns::{Form, Return};
use fiscal::rules::Fact;
use fiscal::statements::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use values::{Error, Kind, Period, Result, UserId};

/// What a set is about: the three statements of a period, or one return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetKind {
    /// 财务报表: balance sheet, income statement and cash flow statement together.
    Statements,
    /// 申报表
    Return(Form),
}

impl SetKind {
    /// The stable key: `FS`, or the form's.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Statements => "FS",
            Self::Return(form) => form.key(),
        }
    }

    /// The kind of a key.
    ///
    /// # Errors
    /// Invalid when there is none.
    pub fn read(key: &str) -> Result<Self> {
        if key == "FS" {
            return Ok(Self::Statements);
        }
        Form::from_key(key).map(Self::Return).ok_or_else(|| {
            Error::invalid(
                "kind",
                "statement.kind",
                "报表种类应为 FS（财务报表）或申报表代码，如 VAT_G",
                "The kind is FS for statements, or the key of a return such as VAT_G",
            )
        })
    }
}

/// Where a set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 编制中
    Draft,
    /// 已提交
    Submitted,
    /// 已复核
    Reviewed,
    /// 已审定: locked.
    Approved,
}

impl State {
    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Reviewed => "reviewed",
            Self::Approved => "approved",
        }
    }

    /// The state of a stored word.
    ///
    /// # Errors
    /// Internal for another word.
    pub fn of_word(word: &str) -> Result<Self> {
        [Self::Draft, Self::Submitted, Self::Reviewed, Self::Approved]
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or_else(|| Error::internal("a set in an unknown state"))
    }
}

/// A step from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 提交
    Submit,
    /// 退回
    SendBack,
    /// 复核通过
    Review,
    /// 审定
    Approve,
    /// 重新打开，以便更正
    Reopen,
}

/// Why a submitted set was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 客户资料
    Client,
    /// 本机构
    Firm,
    /// 政策
    Policy,
}

impl Cause {
    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Firm => "firm",
            Self::Policy => "policy",
        }
    }
}

/// What a step is decided by.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Where the set stands.
    pub state: State,
    /// Who made the newest revision.
    pub prepared_by: UserId,
    /// Who made a revision since the last approval.
    pub authors: Vec<UserId>,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// Error-level outcomes that nobody accepted.
    pub errors: i64,
    /// Warnings that nobody explained.
    pub warnings: i64,
}

fn conflict(code: &'static str, zh: &str, en: &str) -> Error {
    Error::new(Kind::Conflict, code, zh, en)
}

/// The state after a step, if it is open.
///
/// # Errors
/// Conflict `statement.step` at another step, `statement.errors` or `statement.warnings` while
/// rules are broken; Denied `statement.own_work` for who prepared or submitted it.
pub fn after(step: Step, standing: &Standing, by: UserId) -> Result<State> {
    let (from, to): (&[State], State) = match step {
        Step::Submit => (&[State::Draft], State::Submitted),
        Step::SendBack => (&[State::Submitted, State::Reviewed], State::Draft),
        Step::Review => (&[State::Submitted], State::Reviewed),
        Step::Approve => (&[State::Reviewed], State::Approved),
        Step::Reopen => (&[State::Approved], State::Draft),
    };
    if !from.contains(&standing.state) {
        return Err(conflict(
            "statement.step",
            match standing.state {
                State::Draft => "报表尚在编制，请先提交",
                State::Submitted => "报表已提交，等待复核",
                State::Reviewed => "报表已复核，等待审定",
                State::Approved => "报表已审定并锁定；如需更正，请先重新打开",
            },
            "This step is not open now: draft, submitted, reviewed, approved is the order",
        ));
    }
    if matches!(step, Step::Review | Step::Approve) {
        anothers(standing, by)?;
    }
    if step == Step::Approve && standing.errors > 0 {
        return Err(conflict(
            "statement.errors",
            "仍有错误级勾稽不符：请更正，或由复核人逐条说明理由后接受",
            "Rules of level error are broken: correct them, or have each accepted with a reason",
        ));
    }
    if step == Step::Approve && standing.warnings > 0 {
        return Err(conflict(
            "statement.warnings",
            "仍有警告未说明：请逐条勾选并说明",
            "Warnings wait for an explanation each",
        ));
    }
    Ok(to)
}

/// Whether somebody else prepared and submitted it.
///
/// # Errors
/// Denied `statement.own_work` otherwise.
pub fn anothers(standing: &Standing, by: UserId) -> Result<()> {
    let own = standing.prepared_by == by || standing.authors.contains(&by);
    if !own && standing.submitted_by != Some(by) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Denied,
        "statement.own_work",
        "不能复核或审定自己编制、提交的报表，请由另一人办理",
        "Nobody reviews or approves what they prepared or submitted themselves",
    ))
}

/// Whether an exception may be accepted now: of what was submitted and is not locked, by another.
///
/// # Errors
/// Conflict `statement.step` while it is drafted, `statement.locked` after approval; Denied
/// `statement.own_work` for one's own work.
pub fn acceptable(standing: &Standing, by: UserId) -> Result<()> {
    if standing.state == State::Draft {
        return Err(conflict(
            "statement.step",
            "报表尚在编制，提交后才能接受例外",
            "It is still a draft: exceptions are accepted once it was submitted",
        ));
    }
    after_saving(standing.state, true, Some(Cause::Firm))?;
    anothers(standing, by)
}

/// Whether figures may be changed now, and in which state the set is then.
///
/// # Errors
/// Conflict `statement.locked` after approval, `statement.cause` for a change of what was once
/// submitted without its cause.
pub fn after_saving(state: State, once_submitted: bool, cause: Option<Cause>) -> Result<State> {
    match (state, cause) {
        (State::Approved, _) => Err(conflict(
            "statement.locked",
            "报表已审定并锁定；如需更正，请先由审定人重新打开",
            "It is approved and locked: who approves has to open it again first",
        )),
        (_, None) if once_submitted => Err(conflict(
            "statement.cause",
            "报表曾提交过：更正须注明原因（客户资料、本机构、政策）",
            "It was submitted once: say the cause of the correction (client, firm or policy)",
        )),
        (State::Draft, _) => Ok(State::Draft),
        // A correction waits for a review anew.
        (State::Submitted | State::Reviewed, _) => Ok(State::Submitted),
    }
}

/// What one revision holds. It names its place, so that the core store explains itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The kind's key.
    pub kind: String,
    /// The period.
    pub period: Period,
    /// Which revision, counted from 1.
    pub number: i64,
    /// The statements, of `FS`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<Statement>,
    /// The return, of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<Return>,
    /// What is known of the client at that period besides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Fact, i64>,
    /// Why it was made, in somebody's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// The longest explanation.
pub const WHY_MOST: usize = 500;

/// An explanation as it is kept.
///
/// # Errors
/// Invalid when it is too long, or empty where one is needed.
pub fn explained(why: &str, needed: bool) -> Result<String> {
    let why = why.trim();
    if why.chars().count() > WHY_MOST || (needed && why.is_empty()) {
        return Err(Error::invalid(
            "why",
            "statement.why",
            format!("请说明理由，最多 {WHY_MOST} 字"),
            format!("Say why, in {WHY_MOST} characters at most"),
        ));
    }
    Ok(why.to_owned())
}

impl Revision {
    /// Checks that the content fits its place.
    ///
    /// # Errors
    /// Invalid when there is nothing in it, a statement is twice in it, or it is of another period.
    pub fn check(&self, kind: SetKind) -> Result<()> {
        let wrong = |zh: &str, en: &str| Error::invalid("content", "statement.content", zh, en);
        match kind {
            SetKind::Statements => {
                let mut kinds: Vec<_> = self.statements.iter().map(|one| one.kind).collect();
                kinds.sort_unstable();
                kinds.dedup();
                if kinds.is_empty() || kinds.len() != self.statements.len() {
                    return Err(wrong(
                        "每期每种报表各一张，至少一张",
                        "Each statement stands once in a period, and one at least",
                    ));
                }
                let standard = self.statements.first().map(|one| one.standard);
                let fits =
                    |one: &Statement| one.period == self.period && Some(one.standard) == standard;
                if !self.statements.iter().all(fits) || self.filed.is_some() {
                    return Err(wrong(
                        "同一套报表的会计准则与期间须一致",
                        "The statements of a set have one standard and one period",
                    ));
                }
                if self.statements.iter().all(|one| one.columns.values().all(|c| c.is_empty())) {
                    return Err(wrong("请至少填写一个金额", "Enter one figure at least"));
                }
            }
            SetKind::Return(form) => {
                let fits = self
                    .filed
                    .as_ref()
                    .is_some_and(|filed| filed.form == form && filed.period == self.period);
                if !fits || !self.statements.is_empty() {
                    return Err(wrong(
                        "申报表的种类或期间与所选不符",
                        "The return is of another form or period",
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId(uuid::Uuid::from_u128(number))
    }

    fn standing(state: State) -> Standing {
        let (prepared_by, authors) = (user(1), vec![user(1), user(4)]);
        Standing { state, prepared_by, authors, submitted_by: None, errors: 0, warnings: 0 }
    }

    #[test]
    fn steps_come_in_their_order() {
        use State::{Approved, Draft, Reviewed, Submitted};
        let open = [
            (Step::Submit, Draft, Submitted),
            (Step::SendBack, Submitted, Draft),
            (Step::SendBack, Reviewed, Draft),
            (Step::Review, Submitted, Reviewed),
            (Step::Approve, Reviewed, Approved),
            (Step::Reopen, Approved, Draft),
        ];
        for step in [Step::Submit, Step::SendBack, Step::Review, Step::Approve, Step::Reopen] {
            for from in [Draft, Submitted, Reviewed, Approved] {
                let found = after(step, &standing(from), user(2));
                match open.iter().find(|(s, f, _)| (*s, *f) == (step, from)) {
                    Some((_, _, to)) => assert_eq!(found.unwrap(), *to),
                    None => assert_eq!(found.unwrap_err().code(), "statement.step"),
                }
            }
        }
    }

    #[test]
    fn nobody_reviews_their_own_work() {
        let mut set = standing(State::Submitted);
        assert_eq!(after(Step::Review, &set, user(1)).unwrap_err().code(), "statement.own_work");
        set.submitted_by = Some(user(3));
        assert_eq!(after(Step::Review, &set, user(3)).unwrap_err().code(), "statement.own_work");
        assert!(after(Step::Review, &set, user(2)).is_ok());
        let earlier = after(Step::Review, &set, user(4)).unwrap_err();
        assert_eq!(earlier.code(), "statement.own_work", "an earlier revision is one's own too");
    }

    #[test]
    fn exceptions_are_accepted_by_another_from_submission_to_approval() {
        let accept = |state, by| acceptable(&standing(state), by).map_err(|error| error.code());
        assert_eq!(accept(State::Draft, user(2)), Err("statement.step"));
        assert_eq!(accept(State::Submitted, user(4)), Err("statement.own_work"));
        assert_eq!(accept(State::Submitted, user(2)), Ok(()));
        assert_eq!(accept(State::Reviewed, user(2)), Ok(()));
        assert_eq!(accept(State::Approved, user(2)), Err("statement.locked"));
    }

    #[test]
    fn broken_rules_stop_an_approval() {
        let mut set = standing(State::Reviewed);
        (set.errors, set.warnings) = (1, 1);
        assert_eq!(after(Step::Approve, &set, user(2)).unwrap_err().code(), "statement.errors");
        set.errors = 0;
        assert_eq!(after(Step::Approve, &set, user(2)).unwrap_err().code(), "statement.warnings");
    }

    #[test]
    fn what_was_submitted_changes_with_a_cause_and_what_is_approved_not_at_all() {
        let saved = |state, once, cause| after_saving(state, once, cause);
        assert_eq!(saved(State::Draft, false, None).unwrap(), State::Draft);
        let refused = saved(State::Draft, true, None).unwrap_err();
        assert_eq!(refused.code(), "statement.cause");
        let firm = Some(Cause::Firm);
        assert_eq!(saved(State::Draft, true, firm).unwrap(), State::Draft);
        assert_eq!(saved(State::Reviewed, true, firm).unwrap(), State::Submitted);
        let refused = saved(State::Approved, true, firm).unwrap_err();
        assert_eq!(refused.code(), "statement.locked");
    }

    #[test]
    fn kinds_read_back_from_their_keys() {
        for key in ["FS", "VAT_G", "VAT_S", "CIT_P", "CIT_Y", "IIT_W", "STAMP"] {
            assert_eq!(SetKind::read(key).unwrap().key(), key);
        }
        assert_eq!(SetKind::read("X").unwrap_err().code(), "statement.kind");
    }
}
