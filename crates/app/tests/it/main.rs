//! The product as a whole, over a real store: one test program for all of it.

mod imports;
