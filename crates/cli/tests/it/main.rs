//! The real binary, as scripts and operators use it.

#[cfg(test)]
mod binary;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod check;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod identifiers;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod power_cuts;
#[cfg(test)]
mod record;
#[cfg(test)]
mod serving;
