//! What can be done with clients: names, levels, classes of field, and which of them may open
//! which sealed field.

use trust::vault::{Field, Moves, Opens, Reveals};
use values::{ClientId, ImportId};

use crate::permissions::{Listed, actions, listed};

const ARCHIVE: &[&str] = &["enterprise_name", "uscc", "registration", "taxpayer_profile"];
const CONFIDENTIAL: &[&str] = &["contact", "corporate_account", "ownership"];

actions! {
    /// Lists, searches and counts clients.
    ListClients = "client.list", 1, (), &["enterprise_name", "uscc"];
    /// Lists clients with their taxpayer kind and taxes, for the tax calendar.
    ListTaxed = "client.list", 2, (), &["enterprise_name", "taxpayer_profile"];
    /// Finds clients by what is sealed: a phone, its last digits, an account.
    FindConfidential = "client.view_confidential", 3, (), CONFIDENTIAL;
    /// Opens a client's page.
    ViewClient = "client.view", 2, ClientId, ARCHIVE;
    /// Sees contacts, accounts and owners, masked.
    ViewConfidential = "client.view_confidential", 3, ClientId, CONFIDENTIAL;
    /// Sees who changed what.
    ViewHistory = "client.view_history", 2, ClientId, ARCHIVE;
    /// Sees who looked at the client.
    ViewRecord = "client.view_record", 2, ClientId, &["audit_record"];
    /// Makes a client.
    CreateClient = "client.create", 2, (), ARCHIVE;
    /// Makes a client with contacts, accounts, owners or identity numbers.
    CreateConfidential = "client.create", 3, (), CONFIDENTIAL;
    /// Learns the name and the owner of a client like the one being typed.
    FindSimilar = "client.find_similar", 1, (), &["enterprise_name"];
    /// Changes a client.
    UpdateClient = "client.update", 2, ClientId, ARCHIVE;
    /// Changes contacts, accounts, owners and identity numbers.
    UpdateConfidential = "client.update_confidential", 3, ClientId, CONFIDENTIAL;
    /// Names 负责人, 复核人 and department.
    AssignClient = "client.assign", 2, ClientId, &[];
    /// Moves a client along its life cycle.
    AdvanceClient = "client.advance", 2, ClientId, &[];
    /// Tags a client.
    TagClient = "client.tag", 2, ClientId, &[];
    /// Puts a client into the recycle bin.
    RecycleClient = "client.recycle", 2, ClientId, ARCHIVE;
    /// Takes a client out of the recycle bin.
    RestoreClient = "client.restore", 2, ClientId, ARCHIVE;
    /// Names 负责人, 复核人 and department of many: the same question as for one.
    AssignClients = "client.assign", 2, (), &[];
    /// Moves many along their life cycle: the same question as for one.
    AdvanceClients = "client.advance", 2, (), &[];
    /// Tags many: the same question as for one.
    TagClients = "client.tag", 2, (), &[];
    /// Puts many into the recycle bin: the same question as for one.
    RecycleClients = "client.recycle", 2, (), ARCHIVE;
    /// Takes many out of the recycle bin: the same question as for one.
    RestoreClients = "client.restore", 2, (), ARCHIVE;
    /// Keeps a client from being deleted.
    HoldClient = "client.hold", 2, ClientId, &[];
    /// Ends a hold, as the second of two people.
    ReleaseHold = "client.release_hold", 2, ClientId, &[];
    /// Removes a client for good once its retention has passed, as the second of two people.
    RemoveClient = "client.remove", 2, ClientId, ARCHIVE;
    /// Merges a client into another.
    MergeClient = "client.merge", 2, ClientId, ARCHIVE;
    /// Exports a list, masked.
    ExportClients = "client.export", 2, (), ARCHIVE;
    /// Shows confidential fields of many clients, masked: the same question as for one.
    ListConfidential = "client.view_confidential", 3, (), CONFIDENTIAL;
    /// Exports a list with numbers and accounts in full, once a second person agreed.
    ExportUnmasked = "client.export_unmasked", 3, (), CONFIDENTIAL;
    /// Asks for an unmasked export.
    RequestExport = "client.request_export", 3, (), &[];
    /// Decides about somebody else's unmasked export.
    ApproveExport = "client.approve_export", 3, (), &[];
    /// Reveals a contact's number or a client's account.
    RevealConfidential = "client.reveal_confidential", 3, ClientId, CONFIDENTIAL;
    /// Reveals an identity number.
    RevealIdentity = "client.reveal", 4, ClientId, &["legal_rep_id_no"];
    /// Compares a typed identity number with the stored one.
    VerifyIdentity = "client.verify_identity", 3, ClientId, &["legal_rep_id_no"];
    /// Imports a workbook.
    RunImport = "import.run", 2, (), ARCHIVE;
    /// Says in an import who answers for its clients, and which department they belong to.
    PlaceImported = "import.place", 2, (), &[];
    /// Sees imports and their results.
    ListImports = "import.list", 2, (), &["enterprise_name"];
    /// Takes a whole import back.
    UndoImport = "import.undo", 2, ImportId, ARCHIVE;
    /// Reads the catalogue of fields.
    ListFields = "field.list", 1, (), &[];
    /// Adds a field of the firm's own.
    DefineField = "field.define", 1, (), &[];
    /// Reads saved views.
    ListViews = "view.list", 1, (), &[];
    /// Saves a view.
    SaveView = "view.save", 1, (), &[];
}

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $item:literal, $level:literal;)*) => {$(
        $(#[$doc])*
        pub struct $field;
        impl Field for $field {
            const ITEM: &'static str = $item;
            const LEVEL: u8 = $level;
        }
    )*};
}

fields! {
    /// A contact's numbers and addresses.
    ContactPoint = "contact", 3;
    /// A client's own bank account.
    CorporateAccount = "corporate_account", 3;
    /// A person's identity number.
    IdentityNumber = "legal_rep_id_no", 4;
    /// The first and last character of an identity number.
    IdentityMask = "legal_rep_id_no", 3;
}

impl Opens<ContactPoint> for ViewConfidential {}
impl Opens<CorporateAccount> for ViewConfidential {}
impl Opens<IdentityMask> for ViewConfidential {}
impl Opens<ContactPoint> for ListConfidential {}
impl Opens<CorporateAccount> for ListConfidential {}
impl Opens<IdentityMask> for ListConfidential {}
impl Reveals<ContactPoint> for RevealConfidential {}
impl Reveals<CorporateAccount> for RevealConfidential {}
impl Reveals<ContactPoint> for ExportUnmasked {}
impl Reveals<CorporateAccount> for ExportUnmasked {}
impl Reveals<IdentityNumber> for RevealIdentity {}
impl Moves<ContactPoint> for MergeClient {}
impl Moves<CorporateAccount> for MergeClient {}
impl Moves<IdentityNumber> for MergeClient {}
impl Moves<IdentityMask> for MergeClient {}

/// The context's lines in the registry of permissions.
#[must_use]
pub fn permissions() -> Vec<Listed> {
    vec![
        listed::<ListClients>(true),
        listed::<ListTaxed>(true),
        listed::<ViewClient>(true),
        listed::<ViewConfidential>(true),
        listed::<ViewHistory>(true),
        listed::<ViewRecord>(true),
        listed::<CreateClient>(false),
        listed::<CreateConfidential>(false),
        listed::<FindSimilar>(false),
        listed::<UpdateClient>(true),
        listed::<UpdateConfidential>(true),
        listed::<AssignClient>(true),
        listed::<AdvanceClient>(true),
        listed::<TagClient>(true),
        listed::<RecycleClient>(true),
        listed::<RestoreClient>(true),
        listed::<HoldClient>(true),
        listed::<ReleaseHold>(true),
        listed::<RemoveClient>(true),
        listed::<MergeClient>(true),
        listed::<ExportClients>(true),
        listed::<ExportUnmasked>(true),
        listed::<RequestExport>(false),
        listed::<ApproveExport>(false),
        listed::<RevealConfidential>(true),
        listed::<RevealIdentity>(true),
        listed::<VerifyIdentity>(true),
        listed::<RunImport>(false),
        listed::<PlaceImported>(false),
        listed::<ListImports>(false),
        listed::<UndoImport>(false),
        listed::<ListFields>(false),
        listed::<DefineField>(false),
        listed::<ListViews>(false),
        listed::<SaveView>(false),
    ]
}
