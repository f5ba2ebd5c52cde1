//! No commit without an entry.
mod firm;
use firm::*;

pub async fn misuse(db: &Db, permit: &Permit<'_, UpdateClient>) {
    db.write(permit).await.unwrap().commit().await.unwrap();
}
