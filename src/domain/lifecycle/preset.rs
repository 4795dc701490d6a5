//! Rules that many buckets want.

use super::{Expiration, Filter, LifecycleRule, NoncurrentExpiration, Transition, When, abort_rule};

/// Rules that many buckets want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Unfinished uploads go after a week.
    UnfinishedUploads,
    /// Old versions go after a month, three are kept.
    OldVersions,
    /// To colder classes after a month and after three.
    Archive,
    /// Logs go after three months.
    Logs,
}

impl Preset {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::UnfinishedUploads, Self::OldVersions, Self::Archive, Self::Logs];

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnfinishedUploads => "Drop unfinished uploads",
            Self::OldVersions => "Clear old versions",
            Self::Archive => "Move to colder classes",
            Self::Logs => "Delete logs",
        }
    }

    /// Its rules.
    #[must_use]
    pub fn rules(self) -> Vec<LifecycleRule> {
        let rule = |id: &str| LifecycleRule { id: Some(id.to_owned()), enabled: true, ..LifecycleRule::default() };
        let to = |days, class: &str| Transition { when: When::Days(days), class: class.to_owned() };
        match self {
            Self::UnfinishedUploads => vec![abort_rule(7)],
            Self::OldVersions => vec![LifecycleRule {
                noncurrent_expiration: Some(NoncurrentExpiration { days: 30, keep_newest: Some(3) }),
                expiration: Some(Expiration::LoneDeleteMarkers),
                ..rule("clear-old-versions")
            }],
            Self::Archive => vec![LifecycleRule {
                transitions: vec![to(30, "STANDARD_IA"), to(90, "GLACIER_IR")],
                ..rule("move-to-colder-classes")
            }],
            Self::Logs => vec![LifecycleRule {
                filter: Filter { prefix: Some("logs/".to_owned()), ..Filter::default() },
                expiration: Some(Expiration::At(When::Days(90))),
                ..rule("delete-logs")
            }],
        }
    }
}
