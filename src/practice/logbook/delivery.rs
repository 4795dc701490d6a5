//! Putting lines into the target bucket, where it lets the log service in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::super::api::Service;
use super::super::checksum::Algorithm;
use super::super::documents::logging::{KeyFormat, Logging};
use super::super::error::Outcome;
use super::super::intake::Spool;
use super::super::store::blocking;
use super::super::store::buckets::{self, Bucket};
use super::super::store::files::object_place;
use super::super::store::versions::{self, Meta, NewVersion, Tags};
use super::line::Line;
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{ContextKeys, RequestContext, RequestPrincipal, evaluate};
use crate::domain::public_access::{Grantee, Permission};

/// Who writes the logs (Amazon S3 User Guide, "Enabling Amazon S3 server access logging").
const LOG_SERVICE: &str = "logging.s3.amazonaws.com";

/// Writes lines of any buckets.
pub(super) async fn deliver(service: &Service, lines: Vec<Line>) {
    let mut by_bucket: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines {
        by_bucket.entry(line.bucket.clone()).or_default().push(line);
    }
    for (name, lines) in by_bucket {
        let Ok(source) = service.store.buckets.get(&name) else { continue };
        let Some(logging) = source.config.documents.logging.clone() else { continue };
        let Ok(target) = service.store.buckets.get(&logging.bucket) else { continue };
        let now = Timestamp::now();
        for (day, lines) in by_day(&logging, lines, now) {
            let key = key(&logging, &source, &service.owner_of(&source).id, day, now);
            if !lets_in(service, &source, &target, &key) {
                tracing::debug!(bucket = %name, target = %target.name, "access log lines were not delivered");
                continue;
            }
            let text = lines.iter().fold(String::new(), |mut text, line| {
                let _ = writeln!(text, "{line}");
                text
            });
            if let Err(error) = put(service, Arc::clone(&target), key, text, &logging).await {
                tracing::warn!(%error, target = %target.name, "an access log could not be written");
            }
        }
    }
}

/// Requests of different days go to different objects where the key tells the day of the request.
fn by_day(logging: &Logging, lines: Vec<Line>, now: Timestamp) -> BTreeMap<Timestamp, Vec<Line>> {
    let mut days: BTreeMap<Timestamp, Vec<Line>> = BTreeMap::new();
    for line in lines {
        let day = if logging.format == Some(KeyFormat::ByEvent) { midnight(line.time) } else { now };
        days.entry(day).or_default().push(line);
    }
    days
}

fn midnight(time: Timestamp) -> Timestamp {
    let seconds = time.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(24 * 60 * 60)).unwrap_or(time)
}

fn key(logging: &Logging, source: &Bucket, account: &str, day: Timestamp, now: Timestamp) -> String {
    let unique = Uuid::new_v4().simple().to_string()[..16].to_ascii_uppercase();
    let prefix = &logging.prefix;
    let time = if logging.format == Some(KeyFormat::ByEvent) { day } else { now };
    let name = time.strftime("%Y-%m-%d-%H-%M-%S");
    match logging.format {
        None | Some(KeyFormat::Simple) => format!("{prefix}{name}-{unique}"),
        Some(KeyFormat::ByEvent | KeyFormat::ByDelivery) => {
            let folder = time.strftime("%Y/%m/%d");
            format!("{prefix}{account}/{}/{}/{folder}/{name}-{unique}", source.region, source.name)
        }
    }
}

/// Whether the target takes what the log service brings.
fn lets_in(service: &Service, source: &Bucket, target: &Bucket, key: &str) -> bool {
    let config = &target.config;
    let plain = config.encryption.iter().flat_map(|encryption| &encryption.rules).all(|rule| {
        let default = rule.apply_server_side_encryption_by_default.as_ref();
        default.is_none_or(|default| default.sse_algorithm.as_str() == "AES256")
    });
    if config.documents.requester_pays() || !plain || target.region != source.region {
        return false;
    }
    let partition = Partition::from_region(&target.region);
    let decision = target.policy.as_ref().map(|policy| {
        let keys = ContextKeys::new()
            .with("aws:SourceArn", bucket_arn(partition, &source.name))
            .with("aws:SourceAccount", &service.owner_of(source).id)
            .with("aws:SecureTransport", "true");
        let principal = RequestPrincipal::Service { name: LOG_SERVICE.to_owned() };
        let resource = object_arn(partition, &target.name, key);
        evaluate(policy, &RequestContext { principal, action: "s3:PutObject".to_owned(), resource, keys })
    });
    if decision.as_ref().is_some_and(|decision| decision.is_deny()) {
        return false;
    }
    let granted = |wanted: Permission| {
        let covers = |permission: Permission| permission == wanted || permission == Permission::FullControl;
        config.acl.grants().0.iter().any(|grant| grant.grantee == Grantee::LogDelivery && covers(grant.permission))
    };
    let by_acl = config.ownership().acls_count() && granted(Permission::Write) && granted(Permission::ReadAcp);
    decision.is_some_and(|decision| decision.is_allow()) || by_acl
}

async fn put(service: &Service, target: Arc<Bucket>, key: String, text: String, logging: &Logging) -> Outcome<()> {
    let mut spool = Spool::new(&service.store.files, &[Algorithm::Crc64Nvme]);
    let received = blocking(move || {
        spool.write(text.as_bytes())?;
        spool.finish()
    })
    .await?;
    let meta = Meta {
        content_type: Some("text/plain".to_owned()),
        checksum: received.checksum(Algorithm::Crc64Nvme).cloned(),
        acl: logging.grants.clone().filter(|_| target.config.ownership().acls_count()),
        ..Meta::default()
    };
    let place = object_place(target.id, &target.name, received.incoming.number, &key);
    let new = NewVersion { key, place, size: received.size, etag: received.etag(), meta, tags: Tags::new() };
    service
        .store
        .write(move |tx| {
            let target = buckets::require(tx, &target.name)?;
            versions::put(tx, &target, &new, &versions::Conditions::default())?;
            received.incoming.keep();
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::store::buckets::Config;
    use test_case::test_case;

    #[test_case(None, "logs/2026-03-04-05-06-07-"; "simple")]
    #[test_case(Some(KeyFormat::ByDelivery), "logs/123456789012/eu-west-1/images/2026/03/04/2026-03-04-05-06-07-"; "by delivery")]
    #[test_case(Some(KeyFormat::ByEvent), "logs/123456789012/eu-west-1/images/2026/03/03/2026-03-03-00-00-00-"; "by event")]
    fn keys(format: Option<KeyFormat>, expected: &str) {
        let source = Bucket {
            id: 1,
            name: "images".to_owned(),
            region: "eu-west-1".to_owned(),
            created: 0,
            config: Config::default(),
            policy: None,
        };
        let logging = Logging { bucket: "target".to_owned(), prefix: "logs/".to_owned(), format, ..Logging::default() };
        let (day, now) = ("2026-03-03T23:59:59Z".parse().unwrap(), "2026-03-04T05:06:07Z".parse().unwrap());
        let key = key(&logging, &source, "123456789012", midnight(day), now);
        let (name, unique) = key.split_at(expected.len());
        assert_eq!((name, unique.len()), (expected, 16), "{key}");
    }
}
