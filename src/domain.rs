//! Everything about S3 that can be known without a network: plain data and pure rules.

pub mod arn;
pub mod ascii;
pub mod bucket;
pub mod bucket_name;
pub mod connection;
pub mod cors;
pub mod endpoint;
pub mod format;
pub mod key_template;
pub mod lifecycle;
pub mod location;
pub mod media_type;
pub mod object;
pub mod object_key;
pub mod object_url;
pub mod patch;
pub mod policy;
pub mod preset;
pub mod progress;
pub mod public_access;
pub mod region;
pub mod setup;
pub mod snippet;
pub mod upload_plan;
