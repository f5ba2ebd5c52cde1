//! What the misuses have at hand, and the right use, which compiles.

pub use trust::access::{Access, Action, Actor, Origin, Permit, Verified};
pub use trust::database::{Db, ReadTx, Reader, WriteTx, Writer};
pub use trust::record::{Change, Entry, Receipt};
pub use trust::vault::{Field, Keyring, Opens, Place, Reveals, Sealed};

macro_rules! actions {
    ($($action:ident = $name:literal;)*) => {$(
        pub struct $action;
        impl Action for $action {
            const NAME: &'static str = $name;
            const LEVEL: u8 = 1;
            const CLASSES: &'static [&'static str] = &[];
            type Target = ();
        }
    )*};
}

actions! {
    UpdateClient = "client.update";
    ViewClient = "client.view";
    RevealNumber = "client.reveal";
}

pub struct IdNumber;
impl Field for IdNumber {
    const ITEM: &'static str = "client.legal_rep_id_no";
    const LEVEL: u8 = 4;
}
impl Reveals<IdNumber> for RevealNumber {}

pub const PLACE: Place<'static> = Place { table: "client", column: "id_no", row: b"1" };

pub async fn right(
    access: &Access,
    db: &Db,
    keyring: &Keyring,
    actor: &Actor,
    sealed: &Sealed<IdNumber>,
) -> usize {
    let permit = access.authorize::<RevealNumber>(actor, ()).await.unwrap();
    let mut tx = db.write(&permit).await.unwrap();
    tx.execute("DELETE FROM note", &[]).await.unwrap();
    let receipt = tx.commit(permit.entry(Change::none())).await.unwrap();
    keyring.reveal(&receipt, PLACE, sealed).unwrap().len()
}
