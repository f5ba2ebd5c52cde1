//! The path as a whole, on SQLite or, with `TEST_DATABASE=postgres`, on a fresh database of the
//! server that `TEST_DATABASE_URL` names.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod apart;
#[cfg(test)]
mod killing;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod scope;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod writing;
