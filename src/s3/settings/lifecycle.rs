use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration,
    LifecycleRule as SdkRule, LifecycleRuleAndOperator, LifecycleRuleFilter, NoncurrentVersionExpiration,
    NoncurrentVersionTransition, Tag, Transition as SdkTransition, TransitionDefaultMinimumObjectSize,
    TransitionStorageClass,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::{Readable, not_whole, patiently};
use crate::domain::lifecycle::{
    Expiration, Filter, LifecycleRule, NoncurrentExpiration, NoncurrentTransition, SmallFiles, Transition, When,
};
use crate::s3::error::{Kind, S3Error};
use crate::s3::store::{Family, Store};

const PUT: &str = "PutBucketLifecycleConfiguration";

/// The bucket's lifecycle rules.
pub async fn get_bucket_lifecycle_configuration(store: &Store, bucket: &str) -> Readable<Vec<LifecycleRule>> {
    let answer = store
        .ask("GetBucketLifecycleConfiguration", bucket, |client| {
            client.get_bucket_lifecycle_configuration().bucket(bucket).send()
        })
        .await
        .map(|answer| Some(answer.rules.unwrap_or_default().into_iter().map(from_sdk).collect::<Vec<_>>()));
    Readable::of(answer)
}

/// Replaces all lifecycle rules of the bucket; without any, the setting is removed. The smallest size for transitions,
/// which Amazon keeps beside the rules and resets where a request does not repeat it, stays as it is.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_lifecycle_configuration(
    store: &Store,
    bucket: &str,
    rules: &[LifecycleRule],
) -> Result<(), S3Error> {
    if rules.is_empty() {
        let delete =
            store.ask("DeleteBucketLifecycle", bucket, |client| client.delete_bucket_lifecycle().bucket(bucket).send());
        return delete.await.map(|_| ());
    }
    let smallest = if store.is_amazon() { smallest_for_transitions(store, bucket).await? } else { None };
    let rules = rules.iter().map(to_sdk).collect::<Result<Vec<_>, _>>()?;
    let document = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().map_err(not_whole(PUT))?;
    patiently(|| {
        store.ask(PUT, bucket, |client| {
            client
                .put_bucket_lifecycle_configuration()
                .bucket(bucket)
                .set_transition_default_minimum_object_size(smallest.clone())
                .lifecycle_configuration(document.clone())
                .send()
        })
    })
    .await
}

/// What becomes of small objects that a rule would move: on Amazon and in practice storage as the bucket says, elsewhere
/// nothing is known of a limit.
pub async fn small_files(store: &Store, bucket: &str) -> SmallFiles {
    if store.info().family == Family::Other {
        return SmallFiles::Move;
    }
    let header = smallest_for_transitions(store, bucket).await.ok().flatten();
    SmallFiles::parse(header.as_ref().map(TransitionDefaultMinimumObjectSize::as_str))
}

async fn smallest_for_transitions(
    store: &Store,
    bucket: &str,
) -> Result<Option<TransitionDefaultMinimumObjectSize>, S3Error> {
    let before = store
        .ask("GetBucketLifecycleConfiguration", bucket, |client| {
            client.get_bucket_lifecycle_configuration().bucket(bucket).send()
        })
        .await;
    match before {
        Ok(before) => Ok(before.transition_default_minimum_object_size),
        Err(error) if error.kind == Kind::NotConfigured => Ok(None),
        Err(error) => Err(error),
    }
}

fn when(days: Option<i32>, date: Option<&DateTime>) -> When {
    match date.and_then(|date| date.fmt(Format::DateTime).ok()) {
        Some(date) => When::Date(date),
        None => When::Days(days.unwrap_or_default()),
    }
}

#[expect(deprecated, reason = "older rules carry their prefix outside of the filter and must not lose it")]
pub(super) fn from_sdk(rule: SdkRule) -> LifecycleRule {
    let filter = match (&rule.filter, &rule.prefix) {
        (Some(filter), _) => from_sdk_filter(filter),
        (None, prefix) => Filter { prefix: prefix.clone(), legacy: true, ..Filter::default() },
    };
    LifecycleRule {
        id: rule.id,
        enabled: rule.status == ExpirationStatus::Enabled,
        filter,
        expiration: rule.expiration.map(|expiration| match expiration.expired_object_delete_marker {
            Some(true) => Expiration::LoneDeleteMarkers,
            _ => Expiration::At(when(expiration.days, expiration.date.as_ref())),
        }),
        transitions: rule
            .transitions
            .unwrap_or_default()
            .into_iter()
            .map(|transition| Transition {
                when: when(transition.days, transition.date.as_ref()),
                class: transition.storage_class.map(|class| class.as_str().to_owned()).unwrap_or_default(),
            })
            .collect(),
        noncurrent_expiration: rule.noncurrent_version_expiration.map(|old| NoncurrentExpiration {
            days: old.noncurrent_days.unwrap_or_default(),
            keep_newest: old.newer_noncurrent_versions,
        }),
        noncurrent_transitions: rule
            .noncurrent_version_transitions
            .unwrap_or_default()
            .into_iter()
            .map(|old| NoncurrentTransition {
                days: old.noncurrent_days.unwrap_or_default(),
                keep_newest: old.newer_noncurrent_versions,
                class: old.storage_class.map(|class| class.as_str().to_owned()).unwrap_or_default(),
            })
            .collect(),
        abort_unfinished_days: rule.abort_incomplete_multipart_upload.and_then(|abort| abort.days_after_initiation),
    }
}

fn from_sdk_filter(filter: &LifecycleRuleFilter) -> Filter {
    let pair = |tag: &Tag| (tag.key.clone(), tag.value.clone());
    match &filter.and {
        Some(and) => Filter {
            prefix: and.prefix.clone(),
            tags: and.tags().iter().map(pair).collect(),
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

#[expect(deprecated, reason = "older rules carry their prefix outside of the filter and must not lose it")]
pub(super) fn to_sdk(rule: &LifecycleRule) -> Result<SdkRule, S3Error> {
    let date = |text: &str| {
        DateTime::from_str(text, Format::DateTime)
            .map_err(|error| S3Error::new(PUT, Kind::BadDocument).caused_by(error))
    };
    let parts = |when: &When| match when {
        When::Days(days) => Ok((Some(*days), None)),
        When::Date(text) => date(text).map(|date| (None, Some(date))),
    };
    let status = if rule.enabled { ExpirationStatus::Enabled } else { ExpirationStatus::Disabled };
    let mut sdk = SdkRule::builder().set_id(rule.id.clone()).status(status);
    sdk = if rule.filter.legacy {
        sdk.prefix(rule.filter.prefix.clone().unwrap_or_default())
    } else {
        sdk.filter(to_sdk_filter(&rule.filter)?)
    };
    if let Some(expiration) = &rule.expiration {
        let (days, date) = match expiration {
            Expiration::At(when) => parts(when)?,
            Expiration::LoneDeleteMarkers => (None, None),
        };
        let markers = (*expiration == Expiration::LoneDeleteMarkers).then_some(true);
        let expiration = LifecycleExpiration::builder().set_days(days).set_date(date);
        sdk = sdk.expiration(expiration.set_expired_object_delete_marker(markers).build());
    }
    for transition in &rule.transitions {
        let (days, date) = parts(&transition.when)?;
        let class = TransitionStorageClass::from(transition.class.as_str());
        sdk = sdk.transitions(SdkTransition::builder().set_days(days).set_date(date).storage_class(class).build());
    }
    if let Some(old) = &rule.noncurrent_expiration {
        // Rules may say only how many versions stay; zero days would be refused.
        let days = (old.days > 0).then_some(old.days);
        let expiration = NoncurrentVersionExpiration::builder().set_noncurrent_days(days);
        sdk = sdk.noncurrent_version_expiration(expiration.set_newer_noncurrent_versions(old.keep_newest).build());
    }
    for old in &rule.noncurrent_transitions {
        let class = TransitionStorageClass::from(old.class.as_str());
        let transition = NoncurrentVersionTransition::builder().noncurrent_days(old.days).storage_class(class);
        sdk = sdk.noncurrent_version_transitions(transition.set_newer_noncurrent_versions(old.keep_newest).build());
    }
    if let Some(days) = rule.abort_unfinished_days {
        let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(days).build();
        sdk = sdk.abort_incomplete_multipart_upload(abort);
    }
    sdk.build().map_err(not_whole(PUT))
}

/// A filter holds one condition; several stand in an `And`.
fn to_sdk_filter(filter: &Filter) -> Result<LifecycleRuleFilter, S3Error> {
    let tags = filter.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags = tags.collect::<Result<Vec<_>, _>>().map_err(not_whole(PUT))?;
    let conditions = usize::from(filter.prefix.is_some())
        + tags.len()
        + usize::from(filter.larger_than.is_some())
        + usize::from(filter.smaller_than.is_some());
    if conditions > 1 {
        let and = LifecycleRuleAndOperator::builder()
            .set_prefix(filter.prefix.clone())
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_object_size_greater_than(filter.larger_than)
            .set_object_size_less_than(filter.smaller_than)
            .build();
        return Ok(LifecycleRuleFilter::builder().and(and).build());
    }
    // "Everything" is said with an empty prefix, which all stores understand.
    let prefix = if conditions == 0 { Some(String::new()) } else { filter.prefix.clone() };
    Ok(LifecycleRuleFilter::builder()
        .set_prefix(prefix)
        .set_tag(tags.into_iter().next())
        .set_object_size_greater_than(filter.larger_than)
        .set_object_size_less_than(filter.smaller_than)
        .build())
}
