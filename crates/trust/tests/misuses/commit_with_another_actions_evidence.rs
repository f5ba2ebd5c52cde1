//! The entry speaks of the action that was permitted.
mod firm;
use firm::*;

pub async fn misuse(db: &Db, permit: Permit<'_, UpdateClient>, other: Permit<'_, ViewClient>) {
    let tx = db.write(&permit).await.unwrap();
    tx.commit(other.entry(Change::none())).await.unwrap();
}
