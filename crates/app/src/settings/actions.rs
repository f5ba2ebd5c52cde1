//! What can be done with settings.

use trust::access::Action;

/// Seeing the settings of the firm.
pub struct ListSettings;

impl Action for ListSettings {
    const NAME: &'static str = "setting.list";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Changing them.
pub struct UpdateSettings;

impl Action for UpdateSettings {
    const NAME: &'static str = "setting.update";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Heng's own look at whether the command line may be used; nobody is shown anything.
pub struct CheckOperator;

impl Action for CheckOperator {
    const NAME: &'static str = "setting.list";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    const RECORDED: bool = false;
    type Target = ();
}
