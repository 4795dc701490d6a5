//! One refused request: what stands against it, the smallest statement that would allow it, and what to write to
//! whoever can allow it.
//!
//! Sources: AWS IAM User Guide, "Troubleshoot access denied error messages" and "Cross-account policy evaluation logic".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::symptom::{Said, Symptom, recognise};
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{ActionScope, action_scope};
use crate::domain::refusal::{self, RefusalReason};

/// A request that was refused. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    /// As the API names it.
    pub operation: String,
    /// The permission that it needs, as far as that is known without the message.
    pub action: Option<String>,
    /// The bucket it was about.
    pub bucket: Option<String>,
    /// The key it was about.
    pub key: Option<String>,
    /// The store's code.
    pub code: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The store's words.
    pub message: String,
    /// What the store's support finds it by.
    pub request_id: Option<String>,
    /// Who asked, an ARN, where it is known.
    pub who: Option<String>,
    /// Whether it was signed.
    pub signed: bool,
    /// How the store is called.
    pub store: String,
    /// Where the bucket lies.
    pub partition: Partition,
    /// When.
    pub at: Timestamp,
}

/// Why a request was refused, and what would allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyRefused {
    /// What it is known as.
    pub symptom: Symptom,
    /// What stands against it, where the store says so.
    pub reason: Option<RefusalReason>,
    /// One plain sentence.
    pub sentence: String,
    /// The permission that it needs.
    pub action: Option<String>,
    /// What it needs the permission on, an ARN.
    pub resource: Option<String>,
    /// The smallest statement for the user or role, as JSON; `None` where none would help.
    pub identity_statement: Option<String>,
    /// The smallest statement for the bucket policy, as JSON; `None` where none would help.
    pub bucket_statement: Option<String>,
    /// Ready to be sent to an administrator.
    pub message: String,
}

/// Finds out what stands against a request, from what the store said about it.
#[must_use]
pub fn why_refused(request: &RefusedRequest) -> WhyRefused {
    let told = refusal::read(&request.message);
    let symptom = recognise(&Said {
        status: request.status.or(Some(403)),
        code: request.code.as_deref(),
        message: &request.message,
        operation: &request.operation,
        signed: request.signed,
        ..Said::default()
    })
    .unwrap_or(Symptom::AccessDenied);
    let action = told.action.or_else(|| request.action.clone());
    let resource = told.resource.filter(|arn| arn.starts_with("arn:")).or_else(|| resource(request, action.as_deref()));
    let who = told.principal.filter(|arn| arn.starts_with("arn:")).or_else(|| request.who.clone());
    let (identity, bucket) = statements(told.reason, request, action.as_deref(), resource.as_deref(), who.as_deref());
    let sentence = sentence(request, symptom, action.as_deref());
    let mut why = WhyRefused {
        symptom,
        reason: told.reason,
        sentence,
        action,
        resource,
        identity_statement: identity.map(|it| format!("{it:#}")),
        bucket_statement: bucket.map(|it| format!("{it:#}")),
        message: String::new(),
    };
    why.message = message(request, &why, who.as_deref());
    why
}

/// The ARN that the permission has to name.
fn resource(request: &RefusedRequest, action: Option<&str>) -> Option<String> {
    let bucket = request.bucket.as_deref();
    match action.and_then(action_scope) {
        Some(ActionScope::Elsewhere) => Some("*".to_owned()),
        Some(ActionScope::Bucket) => Some(bucket_arn(request.partition, bucket?)),
        Some(ActionScope::Object) => {
            Some(object_arn(request.partition, bucket?, request.key.as_deref().unwrap_or("*")))
        }
        None => match request.key.as_deref() {
            Some(key) => Some(object_arn(request.partition, bucket?, key)),
            None => Some(bucket_arn(request.partition, bucket?)),
        },
    }
}

/// For the sign-in, and for the bucket. Where something forbids it, no statement that allows helps.
fn statements(
    reason: Option<RefusalReason>,
    request: &RefusedRequest,
    action: Option<&str>,
    resource: Option<&str>,
    who: Option<&str>,
) -> (Option<Value>, Option<Value>) {
    use RefusalReason as Is;
    let (Some(action), Some(resource)) = (action, resource) else { return (None, None) };
    let helps_identity = match reason {
        None | Some(Is::NoIdentityPolicy | Is::BoundaryDeny | Is::EndpointDeny) => request.signed,
        Some(
            Is::NoBucketPolicy
            | Is::IdentityDeny
            | Is::BucketDeny
            | Is::OrganizationDeny
            | Is::PublicPolicyBlocked
            | Is::PublicAclBlocked
            | Is::LinkExpired
            | Is::Anonymous,
        ) => false,
    };
    let helps_bucket = match reason {
        None | Some(Is::NoBucketPolicy | Is::Anonymous) => request.bucket.is_some(),
        Some(
            Is::NoIdentityPolicy
            | Is::IdentityDeny
            | Is::BucketDeny
            | Is::OrganizationDeny
            | Is::BoundaryDeny
            | Is::EndpointDeny
            | Is::PublicPolicyBlocked
            | Is::PublicAclBlocked
            | Is::LinkExpired,
        ) => false,
    };
    // A bucket's policy speaks neither of other buckets nor of lists of them.
    let in_bucket = helps_bucket && action.to_ascii_lowercase().starts_with("s3:") && resource.contains(":s3:");
    let principal = match who {
        Some(arn) => Some(json!({ "AWS": arn })),
        None if !request.signed => Some(json!("*")),
        None => None,
    };
    let identity = helps_identity.then(|| json!({ "Effect": "Allow", "Action": action, "Resource": resource }));
    let bucket = principal
        .filter(|_| in_bucket)
        .map(|principal| json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource }));
    (identity, bucket)
}

fn sentence(request: &RefusedRequest, symptom: Symptom, action: Option<&str>) -> String {
    let meaning = symptom.explained().meaning;
    match (action, &request.bucket) {
        (Some(action), Some(bucket)) => format!("{meaning}: {action} on {bucket}"),
        (Some(action), None) => format!("{meaning}: {action}"),
        (None, _) => meaning.to_owned(),
    }
}

/// Plain text, with all that somebody needs who was not there.
fn message(request: &RefusedRequest, why: &WhyRefused, who: Option<&str>) -> String {
    let mut out = format!("Hello,\n\n{} is refused to me", request.operation);
    match (&request.bucket, &request.key) {
        (Some(bucket), Some(key)) => out.push_str(&format!(" on s3://{bucket}/{key}")),
        (Some(bucket), None) => out.push_str(&format!(" on the bucket {bucket}")),
        (None, _) => {}
    }
    out.push_str(&format!(" ({}, {:.0}).\n\n{}.\n\n", request.store, request.at, why.sentence));
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            out.push_str(&format!("{name}: {value}\n"));
        }
    };
    line("Who", who);
    line("Permission", why.action.as_deref());
    line("On", why.resource.as_deref());
    line("The store said", Some(&request.message).filter(|it| !it.is_empty()).map(String::as_str));
    line("Request id", request.request_id.as_deref());
    if let Some(statement) = &why.identity_statement {
        out.push_str(&format!("\nThis statement in a policy of the user or role would allow it:\n\n{statement}\n"));
    }
    if let Some(statement) = &why.bucket_statement {
        let or = if why.identity_statement.is_some() { "Or this one" } else { "This statement" };
        out.push_str(&format!("\n{or} in the policy of the bucket would allow it:\n\n{statement}\n"));
    }
    if why.identity_statement.is_none() && why.bucket_statement.is_none() {
        out.push_str(&format!("\n{}.\n", why.symptom.explained().fix));
    }
    out
}

#[cfg(test)]
mod tests;
