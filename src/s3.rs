//! Everything that is asked of a store over the network: one file for each group of operations, functions named
//! as the API names them. The only importer of the AWS SDK.
//!
//! [`connect::connect`] turns a [`crate::domain::connection::Connection`] into a [`store::Store`]; every other
//! function takes the store and answers with plain data of [`crate::domain`], or with the one error of this layer,
//! [`error::S3Error`].

mod again;
mod ahead;
pub mod body;
pub mod bucket;
pub mod check;
pub mod checkup;
pub mod connect;
mod content_md5;
pub mod copy;
pub mod delete;
mod endpoints;
pub mod error;
pub mod evidence;
pub mod exposure;
mod http_client;
pub mod identity;
pub mod integrity;
pub mod list;
pub mod mend;
pub mod multipart;
pub mod object;
mod other_names;
pub mod pages;
pub mod policy;
pub mod presign;
pub mod probe;
pub mod profiles;
pub mod reader;
pub mod secrets;
pub mod settings;
pub mod store;
mod time;
pub mod validate;
pub mod versions;
pub mod watched_file;

#[cfg(test)]
pub(crate) mod testing;
