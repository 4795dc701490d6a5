//! Settings that are shown as JSON and not edited: event notifications and replication.

use aws_sdk_s3::types::{NotificationConfigurationFilter, ReplicationRule, ReplicationRuleFilter, Tag};
use serde_json::{Map, Value, json};

use super::Readable;
use crate::s3::store::Store;

/// Members that are there.
struct Object(Map<String, Value>);

impl Object {
    fn new() -> Self {
        Self(Map::new())
    }

    fn with(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    fn done(self) -> Value {
        self.0.into()
    }
}

/// Who is told of changes; not set means nobody.
pub async fn get_bucket_notification_configuration(store: &Store, bucket: &str) -> Readable<Value> {
    let answer =
        store
            .ask("GetBucketNotificationConfiguration", bucket, |client| {
                client.get_bucket_notification_configuration().bucket(bucket).send()
            })
            .await
            .map(|answer| {
                let list = |all: Vec<Value>| (!all.is_empty()).then_some(all);
                let events = |events: &[aws_sdk_s3::types::Event]| {
                    events.iter().map(|event| event.as_str().to_owned()).collect::<Vec<_>>()
                };
                let target = |name: &str, id: Option<&str>, arn: &str, told: Vec<String>, filter| {
                    let object = Object::new().with("Id", id).with(name, Some(arn)).with("Events", Some(told));
                    object.with("Filter", filter).done()
                };
                let topics = answer.topic_configurations().iter().map(|it| {
                    target("TopicArn", it.id(), it.topic_arn(), events(it.events()), it.filter().map(filter))
                });
                let queues = answer.queue_configurations().iter().map(|it| {
                    target("QueueArn", it.id(), it.queue_arn(), events(it.events()), it.filter().map(filter))
                });
                let functions = answer.lambda_function_configurations().iter().map(|it| {
                    let arn = it.lambda_function_arn();
                    target("LambdaFunctionArn", it.id(), arn, events(it.events()), it.filter().map(filter))
                });
                let document = Object::new()
                    .with("TopicConfigurations", list(topics.collect()))
                    .with("QueueConfigurations", list(queues.collect()))
                    .with("LambdaFunctionConfigurations", list(functions.collect()))
                    .with("EventBridgeConfiguration", answer.event_bridge_configuration().map(|_| json!({})));
                (!document.0.is_empty()).then(|| document.done())
            });
    Readable::of(answer)
}

fn filter(filter: &NotificationConfigurationFilter) -> Value {
    let rules = filter.key().map(|key| {
        let rule = |rule: &aws_sdk_s3::types::FilterRule| {
            let name = rule.name().map(|name| name.as_str().to_owned());
            Object::new().with("Name", name).with("Value", rule.value()).done()
        };
        json!({ "FilterRules": key.filter_rules().iter().map(rule).collect::<Vec<_>>() })
    });
    Object::new().with("Key", rules).done()
}

/// Where new files are copied to; not set means nowhere.
pub async fn get_bucket_replication(store: &Store, bucket: &str) -> Readable<Value> {
    let answer = store
        .ask("GetBucketReplication", bucket, |client| client.get_bucket_replication().bucket(bucket).send())
        .await
        .map(|answer| {
            let replication = answer.replication_configuration?;
            let rules: Vec<_> = replication.rules().iter().map(rule).collect();
            // Ceph answers without any where others say that there is none.
            (!rules.is_empty()).then(|| json!({ "Role": replication.role(), "Rules": rules }))
        });
    Readable::of(answer)
}

#[expect(deprecated, reason = "older rules carry their prefix outside of the filter and are shown whole")]
fn rule(rule: &ReplicationRule) -> Value {
    let status = |status: &str| json!({ "Status": status });
    Object::new()
        .with("ID", rule.id())
        .with("Priority", rule.priority())
        .with("Prefix", rule.prefix())
        .with("Filter", rule.filter().map(rule_filter))
        .with("Status", Some(rule.status().as_str()))
        .with(
            "SourceSelectionCriteria",
            rule.source_selection_criteria().map(|source| {
                Object::new()
                    .with(
                        "SseKmsEncryptedObjects",
                        source.sse_kms_encrypted_objects().map(|it| status(it.status().as_str())),
                    )
                    .with("ReplicaModifications", source.replica_modifications().map(|it| status(it.status().as_str())))
                    .done()
            }),
        )
        .with("ExistingObjectReplication", rule.existing_object_replication().map(|it| status(it.status().as_str())))
        .with("Destination", rule.destination().map(destination))
        .with(
            "DeleteMarkerReplication",
            rule.delete_marker_replication().and_then(|it| it.status()).map(|it| status(it.as_str())),
        )
        .done()
}

fn rule_filter(filter: &ReplicationRuleFilter) -> Value {
    let tag = |tag: &Tag| json!({ "Key": tag.key(), "Value": tag.value() });
    Object::new()
        .with("Prefix", filter.prefix())
        .with("Tag", filter.tag().map(tag))
        .with(
            "And",
            filter.and().map(|and| {
                let tags: Vec<_> = and.tags().iter().map(tag).collect();
                Object::new().with("Prefix", and.prefix()).with("Tags", Some(tags)).done()
            }),
        )
        .done()
}

fn destination(to: &aws_sdk_s3::types::Destination) -> Value {
    Object::new()
        .with("Bucket", Some(to.bucket()))
        .with("Account", to.account())
        .with("StorageClass", to.storage_class().map(|class| class.as_str().to_owned()))
        .with(
            "AccessControlTranslation",
            to.access_control_translation().map(|it| json!({ "Owner": it.owner().as_str() })),
        )
        .with(
            "EncryptionConfiguration",
            to.encryption_configuration()
                .map(|it| Object::new().with("ReplicaKmsKeyID", it.replica_kms_key_id()).done()),
        )
        .with(
            "ReplicationTime",
            to.replication_time().map(|it| {
                let minutes = it.time().and_then(|time| time.minutes());
                json!({ "Status": it.status().as_str(), "Time": { "Minutes": minutes } })
            }),
        )
        .with(
            "Metrics",
            to.metrics().map(|it| {
                let minutes = it.event_threshold().and_then(|time| time.minutes());
                let threshold = minutes.map(|minutes| json!({ "Minutes": minutes }));
                Object::new().with("Status", Some(it.status().as_str())).with("EventThreshold", threshold).done()
            }),
        )
        .done()
}
