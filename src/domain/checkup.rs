//! What a connection can and cannot do, from requests that change nothing; and the least that has to be allowed for what
//! somebody wants to do.
//!
//! ```text
//! capability (words ↔ requests ↔ permissions) ─► conclude (what was tried, or predicted) ─► report
//!         └─► feature (what is ticked) ─► identity_policy
//! ```

mod capability;
mod conclude;
mod feature;
mod identity_policy;
mod predict;
mod report;

pub use capability::{CAPABILITIES, Call, Capability, Group, capability};
pub use conclude::{Answer, Finding, Outcome, Tried, conclude, reading_by_missing};
pub use feature::Feature;
pub use identity_policy::{IdentityPolicy, KmsKey, MANAGED_POLICY_CHARACTERS, Scope, ScopeProblem, identity_policy};
pub use predict::{Prediction, Surroundings};
pub use report::{Counts, json, text};

use jiff::Timestamp;

/// What was found out about a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkup {
    /// When.
    pub at: Timestamp,
    /// How the store is called.
    pub store: String,
    /// The ARN of who is signed in, where the store tells.
    pub who: Option<String>,
    /// The access key that signs, its middle left out; `None` without a sign-in.
    pub key: Option<String>,
    /// What can be done without a bucket.
    pub account: Vec<Finding>,
    /// What can be done in each bucket that was looked at.
    pub buckets: Vec<BucketCheckup>,
}

/// What was found out about a bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketCheckup {
    /// Which, and where in it; with the key of KMS that it encrypts with.
    pub scope: Scope,
    /// Where it lies, where that is known.
    pub region: Option<String>,
    /// What can be done in it.
    pub findings: Result<Vec<Finding>, String>,
}
