//! What the rules of a bucket want of one version on a day. Pure: nothing is read and nothing is changed.
//!
//! Source: Amazon S3 User Guide, "Lifecycle configuration elements", "Conflicting lifecycle configurations" and
//! "Transitioning objects using Amazon S3 Lifecycle".

use s3s::dto;

use super::super::store::buckets::{Config, Versioning};
use super::super::store::versions::Version;
use super::timing::CLASSES;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Smaller objects stay in their class unless a rule or the bucket says otherwise.
const SMALL: u64 = 128 << 10;

/// What is to happen to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Want {
    /// A delete without version id: a delete marker, or removal where there is no versioning.
    Expire,
    /// Removal of this version for good.
    Remove,
    /// Another storage class.
    Move(&'static str),
}

/// A want and the rule that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) want: Want,
    pub(super) rule: String,
}

/// A version and its place among those of its key.
pub(super) struct Subject<'a> {
    pub(super) version: &'a Version,
    pub(super) standing: Standing,
}

/// A version's place among those of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The newest; `alone` when there is no other.
    Current { alone: bool },
    /// Replaced then, in milliseconds since 1970; so many noncurrent versions are newer.
    Noncurrent { since: i64, newer: usize },
}

/// Days count from midnight to midnight, UTC: the end of a time of days is rounded up to the next one.
fn due(from: i64, days: i32, now: i64) -> bool {
    let end = from + i64::from(days) * DAY_MS;
    let midnight = end + (-end).rem_euclid(DAY_MS);
    now >= midnight
}

fn on(date: &dto::Timestamp, now: i64) -> bool {
    let mut text = Vec::new();
    let written = date.format(dto::TimestampFormat::DateTime, &mut text).ok();
    let read = written.and_then(|()| std::str::from_utf8(&text).ok()?.parse::<jiff::Timestamp>().ok());
    read.is_some_and(|date| now >= date.as_millisecond())
}

/// What a filter is about, whichever way it is written.
struct Filter<'a> {
    prefix: &'a str,
    tags: &'a [dto::Tag],
    greater: Option<i64>,
    less: Option<i64>,
}

fn filter(rule: &dto::LifecycleRule) -> Filter<'_> {
    let Some(filter) = &rule.filter else {
        return Filter { prefix: rule.prefix.as_deref().unwrap_or_default(), tags: &[], greater: None, less: None };
    };
    match &filter.and {
        Some(and) => Filter {
            prefix: and.prefix.as_deref().unwrap_or_default(),
            tags: and.tags.as_deref().unwrap_or_default(),
            greater: and.object_size_greater_than,
            less: and.object_size_less_than,
        },
        None => Filter {
            prefix: filter.prefix.as_deref().unwrap_or_default(),
            tags: filter.tag.as_slice(),
            greater: filter.object_size_greater_than,
            less: filter.object_size_less_than,
        },
    }
}

impl Filter<'_> {
    fn covers(&self, version: &Version) -> bool {
        let size = i64::try_from(version.size).unwrap_or(i64::MAX);
        let tagged = |tag: &dto::Tag| {
            let (key, value) = (tag.key.as_deref().unwrap_or_default(), tag.value.as_deref().unwrap_or_default());
            version.tags.get(key).is_some_and(|found| found == value)
        };
        version.key.starts_with(self.prefix)
            && self.tags.iter().all(tagged)
            && self.greater.is_none_or(|bytes| size > bytes)
            && self.less.is_none_or(|bytes| size < bytes)
    }

    fn by_size(&self) -> bool {
        self.greater.is_some() || self.less.is_some()
    }
}

fn enabled(config: &Config) -> impl Iterator<Item = &dto::LifecycleRule> {
    let rules = config.lifecycle.iter().flat_map(|lifecycle| &lifecycle.rules);
    rules.filter(|rule| rule.status.as_str() == dto::ExpirationStatus::ENABLED)
}

fn name(rule: &dto::LifecycleRule) -> String {
    rule.id.clone().unwrap_or_default()
}

/// The rule that gives an upload up which began then.
pub(super) fn aborts(config: &Config, key: &str, started: i64, now: i64) -> Option<String> {
    let rule = enabled(config).find(|rule| {
        let days = rule.abort_incomplete_multipart_upload.as_ref().and_then(|abort| abort.days_after_initiation);
        key.starts_with(filter(rule).prefix) && days.is_some_and(|days| due(started, days, now))
    })?;
    Some(name(rule))
}

/// Everything that the rules want of a version now, in the order in which it is done. Removal for good outranks a
/// move; a move and a delete marker go together.
pub(super) fn wants(config: &Config, subject: &Subject<'_>, now: i64) -> Vec<Wanted> {
    let version = subject.version;
    let mut removal = None;
    let mut expiry = None;
    let mut best: Option<(usize, Wanted)> = None;
    for rule in enabled(config) {
        let filter = filter(rule);
        if !filter.covers(version) {
            continue;
        }
        let wanted = |want| Wanted { want, rule: name(rule) };
        match subject.standing {
            Standing::Current { alone } if version.marker => {
                if alone && clears_marker(rule, version, now) {
                    removal.get_or_insert_with(|| wanted(Want::Remove));
                }
            }
            Standing::Current { .. } => {
                if expires(rule, version, now) {
                    expiry.get_or_insert_with(|| wanted(Want::Expire));
                }
            }
            Standing::Noncurrent { since, newer } => {
                if forgets(rule, since, newer, now) {
                    removal.get_or_insert_with(|| wanted(Want::Remove));
                }
            }
        }
        for class in moves(rule, subject, now) {
            let Some(rank) = CLASSES.iter().position(|known| *known == class) else { continue };
            let allowed = !version.marker && may_move(version, rank) && !too_small(config, &filter, version, class);
            if allowed && best.as_ref().is_none_or(|(before, _)| *before < rank) {
                best = Some((rank, wanted(Want::Move(CLASSES[rank]))));
            }
        }
    }
    // Where there is no versioning, expiry is removal for good.
    if config.versioning == Versioning::NeverEnabled && removal.is_none() {
        removal = expiry.take();
    }
    match removal {
        Some(removal) => vec![removal],
        None => best.map(|(_, wanted)| wanted).into_iter().chain(expiry).collect(),
    }
}

fn expires(rule: &dto::LifecycleRule, version: &Version, now: i64) -> bool {
    rule.expiration.as_ref().is_some_and(|expiration| {
        expiration.days.is_some_and(|days| due(version.modified, days, now))
            || expiration.date.as_ref().is_some_and(|date| on(date, now))
    })
}

/// Markers below which nothing is left go by the rule for them, and by age where a rule counts days.
fn clears_marker(rule: &dto::LifecycleRule, marker: &Version, now: i64) -> bool {
    rule.expiration.as_ref().is_some_and(|expiration| {
        expiration.expired_object_delete_marker == Some(true)
            || expiration.days.is_some_and(|days| due(marker.modified, days, now))
    })
}

fn enough_newer(kept: Option<i32>, newer: usize) -> bool {
    kept.is_none_or(|kept| usize::try_from(kept).is_ok_and(|kept| newer >= kept))
}

fn forgets(rule: &dto::LifecycleRule, since: i64, newer: usize, now: i64) -> bool {
    rule.noncurrent_version_expiration.as_ref().is_some_and(|noncurrent| {
        enough_newer(noncurrent.newer_noncurrent_versions, newer)
            && noncurrent.noncurrent_days.is_some_and(|days| due(since, days, now))
    })
}

/// The classes that a rule would move a version to by now.
fn moves<'a>(rule: &'a dto::LifecycleRule, subject: &Subject<'_>, now: i64) -> Vec<&'a str> {
    let class = |class: &'a Option<dto::TransitionStorageClass>| class.as_ref().map(|class| class.as_str());
    match subject.standing {
        Standing::Current { .. } => rule
            .transitions
            .iter()
            .flatten()
            .filter(|it| {
                it.days.is_some_and(|days| due(subject.version.modified, days, now))
                    || it.date.as_ref().is_some_and(|date| on(date, now))
            })
            .filter_map(|it| class(&it.storage_class))
            .collect(),
        Standing::Noncurrent { since, newer } => rule
            .noncurrent_version_transitions
            .iter()
            .flatten()
            .filter(|it| {
                enough_newer(it.newer_noncurrent_versions, newer)
                    && it.noncurrent_days.is_some_and(|days| due(since, days, now))
            })
            .filter_map(|it| class(&it.storage_class))
            .collect(),
    }
}

/// Classes are left downwards only, and these two not for each other.
fn may_move(version: &Version, rank: usize) -> bool {
    let Some(class) = version.meta.storage_class.as_deref() else { return true };
    match CLASSES.iter().position(|known| *known == class) {
        // Standard and reduced redundancy.
        None => true,
        Some(from) if class == "ONEZONE_IA" => rank > from && CLASSES[rank] != "GLACIER_IR",
        Some(from) => rank > from,
    }
}

fn too_small(config: &Config, filter: &Filter<'_>, version: &Version, class: &str) -> bool {
    let varies = config.lifecycle_minimum.as_deref() == Some("varies_by_storage_class");
    let exempt = filter.by_size() || (varies && matches!(class, "GLACIER" | "DEEP_ARCHIVE"));
    version.size < SMALL && !exempt
}

#[cfg(test)]
mod tests;
