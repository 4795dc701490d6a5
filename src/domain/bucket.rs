//! What is known of a bucket without opening it.

use jiff::Timestamp;

/// One line of the list of buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSummary {
    /// Its name.
    pub name: String,
    /// Where it lies, if the list or a later answer said so.
    pub region: Option<String>,
    /// When it was made, if the list said so.
    pub created: Option<Timestamp>,
}

/// Whether strangers can read from a bucket, as far as it could be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exposure {
    /// Not asked yet.
    #[default]
    Unasked,
    /// The bucket's policy or ACL lets anyone read something.
    Public,
    /// Nothing lets strangers in.
    Private,
    /// It may not be read, or the store cannot say.
    Unknown,
}
