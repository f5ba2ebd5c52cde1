//! The real binary, as scripts and operators use it.

mod binary;
mod configuration;
mod identifiers;
mod imports;
mod operators;
mod power_cuts;
mod record;
mod serving;
