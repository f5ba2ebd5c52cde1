//! The product as a whole, over a real store: one test program for all of it.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod columns;
#[cfg(test)]
mod endpoints;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod imports_rights;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod record;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod upkeep;
