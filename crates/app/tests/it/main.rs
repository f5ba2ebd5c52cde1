//! The product as a whole, over a real store: one test program for all of it.

mod archive;
mod columns;
mod endpoints;
mod imports;
mod matrix;
mod openapi;
mod record;
mod sample;
