//! No permit, no connection.
mod firm;
use firm::*;

pub async fn misuse(db: &Db) {
    db.write().await.unwrap();
}
