//! Rules that clear up by themselves, typed so that rules of other hands survive a merge.
//!
//! As in the Amazon S3 User Guide, "Lifecycle configuration elements".

mod check;
mod class;
pub mod dry_run;
mod engine;
mod json;
mod preset;
mod words;

pub use check::{LifecycleProblem, check};
pub use class::{CLASSES, class_name};
pub use engine::{Act, Engine, Foreseen, SMALL, SmallFiles, Standing, Step, Subject, Surroundings, eligible};
pub use json::{from_json, to_json};
pub use preset::Preset;
pub use words::{deeds, scope};

/// Most rules in one configuration.
pub const MAX_RULES: usize = 1000;

/// One rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifecycleRule {
    /// Its name; S3 gives one where there is none.
    pub id: Option<String>,
    /// It acts.
    pub enabled: bool,
    /// What it acts on.
    pub filter: Filter,
    /// Delete current versions.
    pub expiration: Option<Expiration>,
    /// Move current versions to other storage classes.
    pub transitions: Vec<Transition>,
    /// Delete old versions.
    pub noncurrent_expiration: Option<NoncurrentExpiration>,
    /// Move old versions.
    pub noncurrent_transitions: Vec<NoncurrentTransition>,
    /// Give unfinished uploads up after so many days.
    pub abort_unfinished_days: Option<i32>,
}

/// What a rule acts on: all conditions hold at once. Nothing set means every object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Keys that begin so.
    pub prefix: Option<String>,
    /// Objects with all of these tags.
    pub tags: Vec<(String, String)>,
    /// Bytes.
    pub larger_than: Option<i64>,
    /// Bytes.
    pub smaller_than: Option<i64>,
    /// The prefix stands where it stood before filters came, outside of them.
    pub legacy: bool,
}

impl Filter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.prefix.as_deref().unwrap_or("").is_empty()
            && self.tags.is_empty()
            && self.larger_than.is_none()
            && self.smaller_than.is_none()
    }

    fn conditions(&self) -> usize {
        usize::from(self.prefix.is_some())
            + self.tags.len()
            + usize::from(self.larger_than.is_some())
            + usize::from(self.smaller_than.is_some())
    }
}

/// When something happens to a current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Days after it was made.
    Days(i32),
    /// A day, at midnight UTC, as ISO 8601.
    Date(String),
}

/// Deleting current versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiration {
    /// Then.
    At(When),
    /// Delete markers below which no version is left.
    LoneDeleteMarkers,
}

/// A move to another storage class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub when: When,
    /// e.g. `GLACIER_IR`.
    pub class: String,
}

/// Deleting old versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoncurrentExpiration {
    /// Days after a newer version came.
    pub days: i32,
    /// So many are kept all the same.
    pub keep_newest: Option<i32>,
}

/// A move of old versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoncurrentTransition {
    /// Days after a newer version came.
    pub days: i32,
    /// So many stay all the same.
    pub keep_newest: Option<i32>,
    /// e.g. `GLACIER_IR`.
    pub class: String,
}

/// The name of the rule that set-up writes.
pub const ABORT_RULE_ID: &str = "brimful-clear-unfinished-uploads";

/// Gives unfinished uploads of the whole bucket up after some days.
#[must_use]
pub fn abort_rule(days: i32) -> LifecycleRule {
    LifecycleRule {
        id: Some(ABORT_RULE_ID.into()),
        enabled: true,
        abort_unfinished_days: Some(days),
        ..LifecycleRule::default()
    }
}

/// The rules that are there with one that clears unfinished uploads after `days`. `None` when an enabled rule for the
/// whole bucket already does so, as soon or sooner.
#[must_use]
pub fn merge_abort(existing: &[LifecycleRule], days: i32) -> Option<Vec<LifecycleRule>> {
    let does = |rule: &LifecycleRule| {
        rule.enabled && rule.filter.is_everything() && rule.abort_unfinished_days.is_some_and(|d| d <= days)
    };
    if existing.iter().any(does) {
        return None;
    }
    let mut merged: Vec<_> =
        existing.iter().filter(|rule| rule.id.as_deref() != Some(ABORT_RULE_ID)).cloned().collect();
    // Old and new filters must not stand in one configuration.
    let legacy = merged.iter().any(|rule| rule.filter.legacy);
    let mut rule = abort_rule(days);
    rule.filter.legacy = legacy;
    merged.push(rule);
    Some(merged)
}

#[cfg(test)]
mod tests;
