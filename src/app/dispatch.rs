//! From wishes to deeds: one file for each part of the application.

pub mod browse;
pub mod bucket_settings;
pub mod check;
pub mod closing;
pub mod connect;
pub mod connection_page;
pub mod frame;
pub mod gallery;
pub mod permissions;
mod remember;
pub mod saving;
pub mod settings;
pub mod setup;
pub mod upload;
