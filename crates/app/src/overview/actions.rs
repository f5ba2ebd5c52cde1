//! What can be done with the overview.

use trust::access::Action;
use values::UserId;

/// Opening it.
pub struct ShowOverview;

impl Action for ShowOverview {
    const NAME: &'static str = "overview.show";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Finding the client about which somebody's rights are explained; the explanation itself is put
/// on record by `identity`.
pub struct FindForExplaining;

impl Action for FindForExplaining {
    const NAME: &'static str = "access.explain";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &["staff_account"];
    const RECORDED: bool = false;
    type Target = UserId;
}
