//! What can be done with the tax calendar. Duties of clients are shown under the archive's own
//! question, `client.list`.

use trust::access::Action;
use values::UserId;

/// Looks at deadlines, holidays and notices.
pub struct ShowCalendar;

impl Action for ShowCalendar {
    const NAME: &'static str = "calendar.show";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    type Target = ();
}

/// Takes a notice in, or sees what it would move; clients are counted, none is named.
pub struct ImportNotice;

impl Action for ImportNotice {
    const NAME: &'static str = "calendar.import";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["taxpayer_profile"];
    type Target = ();
}

/// Makes, looks at, revokes or fetches one's own subscription.
pub struct OwnFeed;

impl Action for OwnFeed {
    const NAME: &'static str = "calendar.feed";
    const LEVEL: u8 = 2;
    const CLASSES: &'static [&'static str] = &["taxpayer_profile"];
    type Target = UserId;
}

/// Whose subscription an address is; nobody is shown anything.
pub struct FindFeed;

impl Action for FindFeed {
    const NAME: &'static str = "session.open";
    const LEVEL: u8 = 1;
    const CLASSES: &'static [&'static str] = &[];
    const RECORDED: bool = false;
    type Target = ();
}
