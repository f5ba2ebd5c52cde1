//! A read transaction only reads.
mod firm;
use firm::*;

pub async fn misuse(tx: &mut ReadTx) {
    tx.execute("DELETE FROM note", &[]).await.unwrap();
}
