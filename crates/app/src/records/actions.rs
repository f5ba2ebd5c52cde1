//! What can be done with the record: read it, in several ways.

use trust::access::Action;
use values::EntryId;

/// Listing entries.
pub struct ListRecord;

impl Action for ListRecord {
    const NAME: &'static str = "record.list";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["audit_record"];
    type Target = ();
}

/// Recomputing all of it.
pub struct VerifyRecord;

impl Action for VerifyRecord {
    const NAME: &'static str = "record.verify";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["audit_record"];
    type Target = ();
}

/// Taking entries away as a file.
pub struct ExportRecord;

impl Action for ExportRecord {
    const NAME: &'static str = "record.export";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["audit_record"];
    type Target = ();
}

/// Printing the proof that one entry is in the record.
pub struct ProveRecord;

impl Action for ProveRecord {
    const NAME: &'static str = "record.prove";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["audit_record"];
    type Target = EntryId;
}

/// Showing the newest checkpoint and the key that it is checked with; neither says who did what.
pub struct ShowCheckpoint;

impl Action for ShowCheckpoint {
    const NAME: &'static str = "record.prove";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}
