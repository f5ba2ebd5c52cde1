//! Statements are static text.
mod firm;
use firm::*;

pub async fn misuse(writer: &mut Writer, name: &str) {
    writer.execute(&format!("DROP TABLE {name}"), &[]).await.unwrap();
}
