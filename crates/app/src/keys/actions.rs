//! What can be done with keys.

use trust::access::Action;

/// Seeing which keys there are; never a key itself.
pub struct ListKeys;

impl Action for ListKeys {
    const NAME: &'static str = "key.list";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Wrapping all keys anew and making new data keys.
pub struct RotateKeys;

impl Action for RotateKeys {
    const NAME: &'static str = "key.rotate";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Typing back the last block of the recovery sheet.
pub struct ConfirmRecovery;

impl Action for ConfirmRecovery {
    const NAME: &'static str = "key.confirm_recovery";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Sealing again what old keys sealed.
pub struct SealAgain;

impl Action for SealAgain {
    const NAME: &'static str = "job.run";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}
