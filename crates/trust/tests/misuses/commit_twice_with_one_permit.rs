//! An entry spends its permit.
mod firm;
use firm::*;

pub async fn misuse(db: &Db, permit: Permit<'_, UpdateClient>) {
    let one = db.write(&permit).await.unwrap();
    let two = db.write(&permit).await.unwrap();
    one.commit(permit.entry(Change::none())).await.unwrap();
    two.commit(permit.entry(Change::none())).await.unwrap();
}
