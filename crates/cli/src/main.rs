//! The binary `heng`.
fn main() {}
