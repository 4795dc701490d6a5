//! What S3 refuses in a notification configuration. Queues, topics and functions do not exist here, so S3's own check
//! that they can be reached fails; EventBridge needs none.
//!
//! Source: Amazon S3 API Reference, "PutBucketNotificationConfiguration"; Amazon S3 User Guide, "Event notification
//! types and destinations".

use s3s::{S3Result, dto};

use super::super::error::invalid_argument;

const EVENTS: [&str; 27] = [
    "s3:ReducedRedundancyLostObject",
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:Put",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Post",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:Replication:*",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationReplicatedAfterThreshold",
    "s3:LifecycleTransition",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:Put",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Put",
    "s3:ObjectTagging:Delete",
];

/// One destination of whichever kind.
struct Destination<'a> {
    id: &'a mut Option<String>,
    arn: &'a str,
    service: &'static str,
    events: &'a [dto::Event],
    filter: Option<&'a dto::NotificationConfigurationFilter>,
}

fn destinations(wanted: &mut dto::NotificationConfiguration) -> Vec<Destination<'_>> {
    let mut all = Vec::new();
    for one in wanted.queue_configurations.iter_mut().flatten() {
        let filter = one.filter.as_ref();
        all.push(Destination { id: &mut one.id, arn: &one.queue_arn, service: "sqs", events: &one.events, filter });
    }
    for one in wanted.topic_configurations.iter_mut().flatten() {
        let filter = one.filter.as_ref();
        all.push(Destination { id: &mut one.id, arn: &one.topic_arn, service: "sns", events: &one.events, filter });
    }
    for one in wanted.lambda_function_configurations.iter_mut().flatten() {
        let (filter, arn) = (one.filter.as_ref(), &one.lambda_function_arn);
        all.push(Destination { id: &mut one.id, arn, service: "lambda", events: &one.events, filter });
    }
    all
}

/// Checks the form of everything, and names destinations that have no name.
pub(super) fn check(wanted: &mut dto::NotificationConfiguration) -> S3Result<()> {
    for destination in destinations(wanted) {
        if destination.arn.split(':').count() < 6 || !destination.arn.starts_with("arn:") {
            return Err(invalid_argument("The ARN could not be parsed"));
        }
        if destination.arn.split(':').nth(2) != Some(destination.service) {
            return Err(invalid_argument(format!("The ARN is not well formed for {}", destination.service)));
        }
        if destination.events.is_empty() {
            return Err(super::malformed_xml());
        }
        if destination.events.iter().any(|event| !EVENTS.contains(&event.as_ref())) {
            return Err(invalid_argument("The event is not supported for notifications"));
        }
        let rules = destination.filter.and_then(|filter| filter.key.as_ref()).and_then(|key| key.filter_rules.as_ref());
        let mut seen = Vec::new();
        for rule in rules.into_iter().flatten() {
            let name = rule.name.as_ref().map(|name| name.as_str().to_ascii_lowercase()).unwrap_or_default();
            if name != "prefix" && name != "suffix" {
                return Err(invalid_argument("filter rule name must be either prefix or suffix"));
            }
            if seen.contains(&name) {
                return Err(invalid_argument(format!("Cannot specify more than one {name} rule in a filter.")));
            }
            seen.push(name);
        }
        destination.id.get_or_insert_with(|| uuid::Uuid::new_v4().to_string());
    }
    Ok(())
}

/// The check that S3 makes unless a request skips it: whether messages would arrive.
pub(in crate::practice) fn check_reachable(wanted: &mut dto::NotificationConfiguration) -> S3Result<()> {
    if destinations(wanted).is_empty() {
        return Ok(());
    }
    Err(invalid_argument("Unable to validate the following destination configurations"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn queue(arn: &str, event: &str, rules: &[&'static str]) -> dto::NotificationConfiguration {
        let rule = |name: &&'static str| dto::FilterRule {
            name: Some(dto::FilterRuleName::from_static(name)),
            value: Some("a".to_owned()),
        };
        let key = dto::S3KeyFilter { filter_rules: Some(rules.iter().map(rule).collect()) };
        let one = dto::QueueConfiguration {
            events: vec![dto::Event::from(event.to_owned())],
            filter: Some(dto::NotificationConfigurationFilter { key: Some(key) }),
            id: None,
            queue_arn: arn.to_owned(),
        };
        dto::NotificationConfiguration { queue_configurations: Some(vec![one]), ..Default::default() }
    }

    const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:uploads";

    #[test_case(QUEUE, "s3:ObjectCreated:*", &["prefix", "Suffix"], ""; "as it should be")]
    #[test_case("uploads", "s3:ObjectCreated:*", &[], "The ARN could not be parsed"; "no arn")]
    #[test_case("arn:aws:sns:us-east-1:123456789012:uploads", "s3:ObjectCreated:*", &[], "The ARN is not well formed for sqs"; "a topic as queue")]
    #[test_case(QUEUE, "s3:ObjectRead", &[], "The event is not supported for notifications"; "an unknown event")]
    #[test_case(QUEUE, "s3:ObjectAcl:Put", &["middle"], "filter rule name must be either prefix or suffix"; "an unknown filter")]
    #[test_case(QUEUE, "s3:ObjectAcl:Put", &["prefix", "prefix"], "Cannot specify more than one prefix rule in a filter."; "a filter twice")]
    fn checks(arn: &str, event: &str, rules: &[&'static str], message: &str) {
        let mut wanted = queue(arn, event, rules);
        let answer = check(&mut wanted);
        assert_eq!(answer.as_ref().map_or_else(|error| error.message().unwrap_or_default(), |()| ""), message);
        let id = wanted.queue_configurations.and_then(|mut all| all.pop()?.id);
        assert_eq!(id.is_some(), message.is_empty(), "what is accepted gets a name");
    }

    #[test]
    fn only_event_bridge_can_be_reached() {
        let mut bridge = dto::NotificationConfiguration {
            event_bridge_configuration: Some(dto::EventBridgeConfiguration::default()),
            ..Default::default()
        };
        assert!(check_reachable(&mut bridge).is_ok());
        assert!(check_reachable(&mut queue(QUEUE, "s3:ObjectCreated:*", &[])).is_err());
    }
}
