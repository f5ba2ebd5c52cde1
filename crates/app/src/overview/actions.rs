//! What can be done with the overview.

use trust::access::Action;

/// Opening it.
pub struct ShowOverview;

impl Action for ShowOverview {
    const NAME: &'static str = "overview.show";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}
