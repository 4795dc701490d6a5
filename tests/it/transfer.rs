//! The transfer engine against a real practice store: what arrives, what must not, and what stays behind.

mod downloads;
pub(crate) mod faults;
mod interruptions;
mod model;
mod uploads;
mod yard;
