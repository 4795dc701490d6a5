//! What the rules of a bucket want of one version on a day: those of [`crate::domain::lifecycle`], over what is stored.

use jiff::Timestamp;
use s3s::dto;

use crate::domain::bucket_settings::Status;
use crate::domain::lifecycle::{
    Act, Engine, Expiration, Filter, LifecycleRule, NoncurrentExpiration, NoncurrentTransition, SmallFiles, Standing,
    Subject, Surroundings, Transition, When,
};

use super::super::store::buckets::{Config, Versioning};
use super::super::store::versions::Version;

/// A want and the rule that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) act: Act,
    pub(super) rule: String,
}

/// The rules of a bucket on a day.
pub(super) struct Plan {
    engine: Engine,
    names: Vec<String>,
    now: Timestamp,
}

impl Plan {
    pub(super) fn of(config: &Config, now: Timestamp) -> Self {
        let kept = config.lifecycle.iter().flat_map(|lifecycle| &lifecycle.rules);
        let rules: Vec<LifecycleRule> = kept.map(rule).collect();
        let around = Surroundings {
            versioning: match config.versioning {
                Versioning::NeverEnabled => None,
                Versioning::Enabled => Some(Status::Enabled),
                Versioning::Suspended => Some(Status::Suspended),
            },
            small: SmallFiles::parse(config.lifecycle_minimum.as_deref()),
        };
        let engine = Engine::new(&rules, around);
        Self { engine, names: rules.into_iter().map(|rule| rule.id.unwrap_or_default()).collect(), now }
    }

    /// Everything that the rules want of a version now, in the order in which it is done.
    pub(super) fn wants(&self, version: &Version, standing: Standing) -> Vec<Wanted> {
        let subject = Subject {
            key: &version.key,
            size_bytes: version.size,
            class: version.meta.storage_class.as_deref(),
            made: moment(version.modified),
            is_marker: version.marker,
            tags: Some(&version.tags),
            standing,
        };
        let steps = self.engine.foresee(&subject, self.now).steps.into_iter();
        let due = steps.filter(|step| step.due <= self.now);
        due.map(|step| Wanted { act: step.act, rule: self.name(step.rule) }).collect()
    }

    /// The rule that gives an upload up which began then.
    pub(super) fn aborts(&self, key: &str, begun: i64) -> Option<String> {
        let (rule, due) = self.engine.aborts(key, moment(begun))?;
        (due <= self.now).then(|| self.name(rule))
    }

    fn name(&self, rule: usize) -> String {
        self.names.get(rule).cloned().unwrap_or_default()
    }
}

/// Milliseconds since 1970 as an instant.
pub(super) fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// A stored rule as the rules of the domain have it. What was checked before it was kept has one time for each deed.
fn rule(rule: &dto::LifecycleRule) -> LifecycleRule {
    let class = |class: &Option<dto::TransitionStorageClass>| {
        class.as_ref().map(|class| class.as_str().to_owned()).unwrap_or_default()
    };
    let expiration = rule.expiration.as_ref().and_then(|expiration| match expiration.expired_object_delete_marker {
        Some(true) => Some(Expiration::LoneDeleteMarkers),
        _ => when(expiration.days, expiration.date.as_ref()).map(Expiration::At),
    });
    LifecycleRule {
        id: rule.id.clone(),
        enabled: rule.status.as_str() == dto::ExpirationStatus::ENABLED,
        filter: filter(rule),
        expiration,
        transitions: rule
            .transitions
            .iter()
            .flatten()
            .filter_map(|it| {
                Some(Transition { when: when(it.days, it.date.as_ref())?, class: class(&it.storage_class) })
            })
            .collect(),
        noncurrent_expiration: rule.noncurrent_version_expiration.as_ref().and_then(|it| {
            Some(NoncurrentExpiration { days: it.noncurrent_days?, keep_newest: it.newer_noncurrent_versions })
        }),
        noncurrent_transitions: rule
            .noncurrent_version_transitions
            .iter()
            .flatten()
            .filter_map(|it| {
                Some(NoncurrentTransition {
                    days: it.noncurrent_days?,
                    keep_newest: it.newer_noncurrent_versions,
                    class: class(&it.storage_class),
                })
            })
            .collect(),
        abort_unfinished_days: rule
            .abort_incomplete_multipart_upload
            .as_ref()
            .and_then(|abort| abort.days_after_initiation),
    }
}

fn when(days: Option<i32>, date: Option<&dto::Timestamp>) -> Option<When> {
    let written = |date: &dto::Timestamp| {
        let mut text = Vec::new();
        date.format(dto::TimestampFormat::DateTime, &mut text).ok()?;
        String::from_utf8(text).ok()
    };
    days.map(When::Days).or_else(|| date.and_then(written).map(When::Date))
}

/// What a filter is about, whichever way it is written.
fn filter(rule: &dto::LifecycleRule) -> Filter {
    let pair = |tag: &dto::Tag| (tag.key.clone().unwrap_or_default(), tag.value.clone().unwrap_or_default());
    let Some(filter) = &rule.filter else {
        return Filter { prefix: rule.prefix.clone(), legacy: true, ..Filter::default() };
    };
    match &filter.and {
        Some(and) => Filter {
            prefix: and.prefix.clone(),
            tags: and.tags.iter().flatten().map(pair).collect(),
            larger_than: and.object_size_greater_than,
            smaller_than: and.object_size_less_than,
            legacy: false,
        },
        None => Filter {
            prefix: filter.prefix.clone(),
            tags: filter.tag.iter().map(pair).collect(),
            larger_than: filter.object_size_greater_than,
            smaller_than: filter.object_size_less_than,
            legacy: false,
        },
    }
}

#[cfg(test)]
mod tests;
