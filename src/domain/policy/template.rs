//! Statements that people need again and again, and putting one into a policy.

mod catalogue;

pub use catalogue::{Blank, BlankError, Template, insert};

use ipnet::IpNet;

use super::{
    ActionMatch, Comparison, Condition, ConditionValue, Effect, Operator, Policy, Principal, PrincipalMatch,
    ResourceMatch, Source, Statement, Version,
};
use crate::domain::arn::{Partition, bucket_arn, object_arn};

fn statement(
    sid: &str,
    effect: Effect,
    principal: PrincipalMatch,
    actions: &[&str],
    resources: Vec<String>,
    conditions: Vec<Condition>,
) -> Statement {
    Statement {
        sid: Some(sid.to_owned()),
        effect,
        principal,
        action: ActionMatch::Only(actions.iter().map(|a| (*a).to_owned()).collect()),
        resource: ResourceMatch::Only(resources),
        conditions,
        source: Source::default(),
    }
}

fn when(operator: Operator, key: &str, value: impl Into<String>) -> Condition {
    Condition { operator, key: key.to_owned(), values: vec![ConditionValue::Text(value.into())] }
}

fn service(name: &str) -> PrincipalMatch {
    PrincipalMatch::Only(vec![Principal::Service(name.to_owned())])
}

fn files(partition: Partition, bucket: &str, prefix: Option<&str>) -> String {
    let prefix = prefix.unwrap_or_default();
    object_arn(partition, bucket, &format!("{prefix}*"))
}

fn bucket_and_files(partition: Partition, bucket: &str) -> Vec<String> {
    vec![bucket_arn(partition, bucket), files(partition, bucket, None)]
}

/// Anyone may get every file, or every file whose key starts with `prefix` (`photos/`). A `*` or `?`
/// in the prefix is a wildcard.
#[must_use]
pub fn public_read(bucket: &str, partition: Partition, prefix: Option<&str>) -> Statement {
    statement(
        "PublicRead",
        Effect::Allow,
        PrincipalMatch::everyone(),
        &["s3:GetObject"],
        vec![files(partition, bucket, prefix)],
        Vec::new(),
    )
}

/// Anyone may list the bucket, or what starts with `prefix`. A missing file then answers 404.
#[must_use]
pub fn public_list(bucket: &str, partition: Partition, prefix: Option<&str>) -> Statement {
    let like = Operator::new(Comparison::StringLike);
    statement(
        "PublicList",
        Effect::Allow,
        PrincipalMatch::everyone(),
        &["s3:ListBucket"],
        vec![bucket_arn(partition, bucket)],
        prefix.map(|prefix| when(like, "s3:prefix", format!("{prefix}*"))).into_iter().collect(),
    )
}

/// Nobody may use plain HTTP.
#[must_use]
pub fn deny_insecure_transport(bucket: &str, partition: Partition) -> Statement {
    statement(
        "DenyInsecureTransport",
        Effect::Deny,
        PrincipalMatch::everyone(),
        &["s3:*"],
        bucket_and_files(partition, bucket),
        vec![when(Operator::new(Comparison::Bool), "aws:SecureTransport", "false")],
    )
}

/// Nobody may use TLS older than 1.2.
#[must_use]
pub fn min_tls_12(bucket: &str, partition: Partition) -> Statement {
    statement(
        "MinTls12",
        Effect::Deny,
        PrincipalMatch::everyone(),
        &["s3:*"],
        bucket_and_files(partition, bucket),
        vec![when(Operator::new(Comparison::NumericLessThan), "s3:TlsVersion", "1.2")],
    )
}

/// One CloudFront distribution may get the files, by origin access control.
#[must_use]
pub fn cloudfront_oac(bucket: &str, partition: Partition, account: &str, distribution: &str) -> Statement {
    statement(
        "CloudFrontOAC",
        Effect::Allow,
        service("cloudfront.amazonaws.com"),
        &["s3:GetObject"],
        vec![files(partition, bucket, None)],
        vec![when(
            Operator::new(Comparison::StringEquals),
            "AWS:SourceArn",
            format!("arn:{partition}:cloudfront::{account}:distribution/{distribution}"),
        )],
    )
}

fn from_addresses(operator: Operator, ranges: &[IpNet]) -> Condition {
    Condition {
        operator,
        key: "aws:SourceIp".to_owned(),
        values: ranges.iter().map(|range| ConditionValue::Text(range.to_string())).collect(),
    }
}

/// Anyone may get the files from these addresses.
#[must_use]
pub fn ip_allow_list(bucket: &str, partition: Partition, prefix: Option<&str>, ranges: &[IpNet]) -> Statement {
    statement(
        "IpAllowList",
        Effect::Allow,
        PrincipalMatch::everyone(),
        &["s3:GetObject"],
        vec![files(partition, bucket, prefix)],
        vec![from_addresses(Operator::new(Comparison::IpAddress), ranges)],
    )
}

/// Nobody may do anything from elsewhere than these addresses, but for AWS services that act for
/// the account. Locks out whoever is elsewhere, consoles included.
#[must_use]
pub fn ip_deny_elsewhere(bucket: &str, partition: Partition, ranges: &[IpNet]) -> Statement {
    statement(
        "IpDenyElsewhere",
        Effect::Deny,
        PrincipalMatch::everyone(),
        &["s3:*"],
        bucket_and_files(partition, bucket),
        vec![
            from_addresses(Operator::not(Comparison::IpAddress), ranges),
            when(Operator::new(Comparison::Bool), "aws:ViaAWSService", "false"),
        ],
    )
}

/// Uploads must ask for encryption with a KMS key. Uploads that rely on the bucket's default
/// encryption without the header are refused too.
#[must_use]
pub fn require_kms(bucket: &str, partition: Partition) -> Statement {
    statement(
        "RequireKms",
        Effect::Deny,
        PrincipalMatch::everyone(),
        &["s3:PutObject"],
        vec![files(partition, bucket, None)],
        vec![when(Operator::not(Comparison::StringEquals), "s3:x-amz-server-side-encryption", "aws:kms")],
    )
}

/// Everyone of the organization may list and get.
#[must_use]
pub fn org_read(bucket: &str, partition: Partition, organization: &str) -> Statement {
    statement(
        "OrgOnly",
        Effect::Allow,
        PrincipalMatch::everyone(),
        &["s3:GetObject", "s3:ListBucket"],
        bucket_and_files(partition, bucket),
        vec![when(Operator::new(Comparison::StringEquals), "aws:PrincipalOrgID", organization)],
    )
}

/// S3 may write the access logs of `source_bucket` into `log_bucket` under `prefix`.
#[must_use]
pub fn server_access_logs(
    log_bucket: &str,
    partition: Partition,
    prefix: &str,
    source_bucket: &str,
    account: &str,
) -> Statement {
    statement(
        "ServerAccessLogs",
        Effect::Allow,
        service("logging.s3.amazonaws.com"),
        &["s3:PutObject"],
        vec![files(partition, log_bucket, Some(prefix))],
        vec![
            when(Operator::new(Comparison::ArnLike), "aws:SourceArn", bucket_arn(partition, source_bucket)),
            when(Operator::new(Comparison::StringEquals), "aws:SourceAccount", account),
        ],
    )
}

/// Signed links older than `max_age_secs` stop working, whatever they were made for.
#[must_use]
pub fn max_presign_age(bucket: &str, partition: Partition, max_age_secs: u64) -> Statement {
    statement(
        "MaxPresignAge",
        Effect::Deny,
        PrincipalMatch::everyone(),
        &["s3:*"],
        vec![files(partition, bucket, None)],
        vec![when(
            Operator::new(Comparison::NumericGreaterThan),
            "s3:signatureAge",
            max_age_secs.saturating_mul(1000).to_string(),
        )],
    )
}

/// Another account may list and get; that account decides who of its people.
#[must_use]
pub fn cross_account_read(bucket: &str, partition: Partition, account: &str) -> Statement {
    let root = format!("arn:{partition}:iam::{account}:root");
    statement(
        "CrossAccountRead",
        Effect::Allow,
        PrincipalMatch::Only(vec![Principal::Aws(root)]),
        &["s3:GetObject", "s3:ListBucket"],
        bucket_and_files(partition, bucket),
        Vec::new(),
    )
}

/// The policy with the statement in it. A statement of the same name is replaced, else one of the
/// same meaning; all others stay as they are and where they are.
#[must_use]
pub fn merge_statement(existing: Option<&Policy>, statement: Statement) -> Policy {
    let Some(existing) = existing else {
        return Policy::new(vec![statement]);
    };
    let mut policy = existing.clone();
    if policy.statements.is_empty() && policy.version.is_none() {
        policy.version = Some(Version::V2012);
    }
    let same_name = |other: &Statement| other.sid.is_some() && other.sid == statement.sid;
    let at = policy
        .statements
        .iter()
        .position(same_name)
        .or_else(|| policy.statements.iter().position(|other| other.same_meaning(&statement)));
    match at.and_then(|at| policy.statements.get_mut(at)) {
        Some(place) => *place = statement,
        None => policy.statements.push(statement),
    }
    policy
}

#[cfg(test)]
mod tests;
