//! What can be done with statements and returns, and which of it opens the core store.

use trust::vault::{CoreItem, Keeps, OpensCore};
use values::ClientId;

use crate::permissions::{Listed, actions, listed};

const BOTH: &[&str] = &["statements", "tax_return"];
/// What rules say of figures, without any of them.
const OUTCOMES: &[&str] = &["rating"];

actions! {
    /// Reads the chart of lines and the rules.
    ReadChart = "statement.chart", 1, (), &[];
    /// Changes the firm's severity or tolerance of a rule.
    ChangeRules = "statement.change_rules", 2, (), &[];
    /// Lists open outcomes and accuracy of all clients; no figure.
    ListOutcomes = "statement.list", 3, (), OUTCOMES;
    /// Lists what there is of one client; no figure.
    ListStatements = "statement.list", 3, ClientId, OUTCOMES;
    /// Sees figures and differences.
    ViewStatements = "statement.view", 4, ClientId, BOTH;
    /// Takes a workbook in or types figures.
    ImportStatements = "statement.import", 4, ClientId, BOTH;
    /// Changes what was submitted, with a cause.
    CorrectStatements = "statement.correct", 4, ClientId, BOTH;
    /// Submits what was prepared.
    SubmitStatements = "statement.submit", 4, ClientId, BOTH;
    /// Reviews what another prepared, and accepts exceptions.
    ReviewStatements = "statement.review", 4, ClientId, BOTH;
    /// Enters what an analysis needs and the statements do not say.
    EnterFacts = "statement.enter_facts", 4, ClientId, BOTH;
    /// Takes a report with figures out.
    ExportStatements = "statement.export", 4, ClientId, BOTH;
    /// Changes what the firm holds for usual in a ratio.
    ChangeGuideposts = "statement.change_guideposts", 2, (), &[];
    /// Approves and locks, or opens again.
    ApproveStatements = "statement.approve", 4, ClientId, BOTH;
}

/// A revision of statements or of a return, with why it was made.
pub struct Figures;
impl CoreItem for Figures {
    const ITEM: &'static str = "statements";
}

/// An uploaded workbook as it came.
pub struct Original;
impl CoreItem for Original {
    const ITEM: &'static str = "statements";
}

/// Why an exception was accepted; people write amounts into reasons.
pub struct Reason;
impl CoreItem for Reason {
    const ITEM: &'static str = "statements";
}

/// What an analysis needs and the statements do not say, such as principal due.
pub struct Entered;
impl CoreItem for Entered {
    const ITEM: &'static str = "statements";
}

impl OpensCore<Figures> for ViewStatements {}
impl OpensCore<Entered> for ViewStatements {}
impl OpensCore<Figures> for ExportStatements {}
impl OpensCore<Entered> for ExportStatements {}
impl Keeps<Entered> for EnterFacts {}
impl OpensCore<Reason> for ViewStatements {}
impl OpensCore<Figures> for ImportStatements {}
impl OpensCore<Original> for ImportStatements {}
impl OpensCore<Figures> for CorrectStatements {}
impl OpensCore<Figures> for SubmitStatements {}
impl OpensCore<Figures> for ReviewStatements {}
impl OpensCore<Figures> for ApproveStatements {}
impl Keeps<Figures> for ImportStatements {}
impl Keeps<Original> for ImportStatements {}
impl Keeps<Figures> for CorrectStatements {}
impl Keeps<Reason> for ReviewStatements {}
impl Keeps<Reason> for ApproveStatements {}

/// The context's lines in the registry of permissions.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<ReadChart>(false),
        listed::<ChangeRules>(false),
        listed::<ListStatements>(true),
        listed::<ViewStatements>(true),
        listed::<ImportStatements>(true),
        listed::<CorrectStatements>(true),
        listed::<SubmitStatements>(true),
        listed::<ReviewStatements>(true),
        listed::<ApproveStatements>(true),
        listed::<EnterFacts>(true),
        listed::<ExportStatements>(true),
        listed::<ChangeGuideposts>(false),
    ]
}
