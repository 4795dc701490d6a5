//! Vectors: what expectations are read as, and what is said of files.

mod judging;
mod reading;
