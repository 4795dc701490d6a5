//! What an "access denied" message tells: who asked for what, and what stands against it.
//!
//! Source: AWS IAM User Guide, "Troubleshoot access denied error messages". Only people of the same account or
//! organization are told; everybody else reads "Access Denied".

/// What an "access denied" message names as its cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// No policy of the sign-in allows it.
    NoIdentityPolicy,
    /// No policy of the bucket allows it.
    NoBucketPolicy,
    /// A policy of the sign-in denies it.
    IdentityDeny,
    /// The bucket's policy denies it.
    BucketDeny,
    /// A policy of the organization denies it.
    OrganizationDeny,
    /// A permissions boundary or a session policy denies it.
    BoundaryDeny,
    /// The policy of a VPC endpoint denies it.
    EndpointDeny,
    /// Block Public Access refuses public policies.
    PublicPolicyBlocked,
    /// Block Public Access refuses public ACLs.
    PublicAclBlocked,
    /// A presigned link is past its time.
    LinkExpired,
    /// Only signed requests may do this, and this one was not signed.
    Anonymous,
}

/// The parts of an "access denied" message; those that are missing were not told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeniedMessage {
    /// The ARN of who asked.
    pub principal: Option<String>,
    /// Such as `s3:GetObject`.
    pub action: Option<String>,
    /// The ARN of what it was about.
    pub resource: Option<String>,
    /// What stands against it.
    pub reason: Option<RefusalReason>,
}

/// Takes a message apart: `User: ARN is not authorized to perform: ACTION on resource: "ARN" because …`.
#[must_use]
pub fn read(message: &str) -> DeniedMessage {
    let word = |after: &str| {
        let rest = message.split_once(after)?.1.trim_start_matches(['"', ' ']);
        let end = rest.find([' ', ',', '"']).unwrap_or(rest.len());
        let found = rest[..end].trim_end_matches('.');
        (!found.is_empty()).then(|| found.to_owned())
    };
    DeniedMessage {
        principal: word("User: ").filter(|arn| arn.contains(':') || arn == "anonymous"),
        action: word("not authorized to perform: ").filter(|action| action.contains(':')),
        resource: word("on resource: "),
        reason: reason_of(message),
    }
}

/// The cause that a message names.
#[must_use]
pub fn reason_of(message: &str) -> Option<RefusalReason> {
    let lower = message.to_ascii_lowercase();
    let denied_in = |what: &str| lower.contains("explicit deny") && lower.contains(what);
    Some(if lower.contains("blockpublicpolicy") || lower.contains("public policies are") {
        RefusalReason::PublicPolicyBlocked
    } else if lower.contains("blockpublicacls") || lower.contains("public acls are") {
        RefusalReason::PublicAclBlocked
    } else if lower.contains("request has expired") {
        RefusalReason::LinkExpired
    } else if lower.contains("anonymous access is forbidden") || lower.contains("anonymous users cannot") {
        RefusalReason::Anonymous
    } else if denied_in("service control policy") || denied_in("resource control policy") {
        RefusalReason::OrganizationDeny
    } else if denied_in("permissions boundary") || denied_in("session policy") {
        RefusalReason::BoundaryDeny
    } else if denied_in("vpc endpoint policy") {
        RefusalReason::EndpointDeny
    } else if denied_in("resource-based policy") {
        RefusalReason::BucketDeny
    } else if denied_in("identity-based policy") {
        RefusalReason::IdentityDeny
    } else if lower.contains("no resource-based policy allows") {
        RefusalReason::NoBucketPolicy
    } else if lower.contains("no identity-based policy allows") {
        RefusalReason::NoIdentityPolicy
    } else if lower.contains("no service control policy allows") || lower.contains("no resource control policy allows")
    {
        RefusalReason::OrganizationDeny
    } else if lower.contains("no permissions boundary allows") || lower.contains("no session policy allows") {
        RefusalReason::BoundaryDeny
    } else if lower.contains("no vpc endpoint policy allows") {
        RefusalReason::EndpointDeny
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const WHO: &str = "User: arn:aws:iam::111122223333:user/mo is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" ";

    #[test_case("because no identity-based policy allows the s3:GetObject action", Some(RefusalReason::NoIdentityPolicy); "nothing allows it")]
    #[test_case("because no resource-based policy allows the s3:GetObject action", Some(RefusalReason::NoBucketPolicy); "no policy of the bucket")]
    #[test_case("with an explicit deny in an identity-based policy", Some(RefusalReason::IdentityDeny); "a deny of the sign in")]
    #[test_case("with an explicit deny in a resource-based policy", Some(RefusalReason::BucketDeny); "a deny of the bucket")]
    #[test_case("with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p", Some(RefusalReason::OrganizationDeny); "a deny of the organization")]
    #[test_case("with an explicit deny in a resource control policy", Some(RefusalReason::OrganizationDeny); "a resource control policy")]
    #[test_case("because no service control policy allows the s3:GetObject action", Some(RefusalReason::OrganizationDeny); "an organization that does not allow")]
    #[test_case("with an explicit deny in a permissions boundary", Some(RefusalReason::BoundaryDeny); "a boundary")]
    #[test_case("because no permissions boundary allows the s3:GetObject action", Some(RefusalReason::BoundaryDeny); "a boundary that does not allow")]
    #[test_case("with an explicit deny in a session policy", Some(RefusalReason::BoundaryDeny); "a session policy")]
    #[test_case("because no session policy allows the s3:GetObject action", Some(RefusalReason::BoundaryDeny); "a session policy that does not allow")]
    #[test_case("with an explicit deny in a VPC endpoint policy", Some(RefusalReason::EndpointDeny); "an endpoint")]
    #[test_case("because no VPC endpoint policy allows the s3:GetObject action", Some(RefusalReason::EndpointDeny); "an endpoint that does not allow")]
    #[test_case("because public policies are blocked by the BlockPublicPolicy block public access setting.", Some(RefusalReason::PublicPolicyBlocked); "a public policy, older words")]
    #[test_case("because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access", Some(RefusalReason::PublicPolicyBlocked); "a public policy, newer words")]
    #[test_case("because public ACLs are blocked by the BlockPublicAcls block public access setting", Some(RefusalReason::PublicAclBlocked); "a public list, older words")]
    #[test_case("because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access", Some(RefusalReason::PublicAclBlocked); "a public list, newer words")]
    #[test_case("because of something else", None; "something new")]
    fn messages_are_taken_apart(because: &str, reason: Option<RefusalReason>) {
        let read = read(&format!("{WHO}{because}"));
        assert_eq!(read.principal.as_deref(), Some("arn:aws:iam::111122223333:user/mo"));
        assert_eq!(read.action.as_deref(), Some("s3:GetObject"));
        assert_eq!(read.resource.as_deref(), Some("arn:aws:s3:::b/k"));
        assert_eq!(read.reason, reason);
    }

    #[test_case("Access Denied", None; "no more is told")]
    #[test_case("Request has expired", Some(RefusalReason::LinkExpired); "a link that is over")]
    #[test_case("Anonymous access is forbidden for this operation", Some(RefusalReason::Anonymous); "no sign in")]
    fn short_messages_tell_little(message: &str, reason: Option<RefusalReason>) {
        assert_eq!(read(message), DeniedMessage { reason, ..DeniedMessage::default() });
    }
}
