//! What is asked and of what, as the command line writes it.

use crate::domain::arn::{Arn, is_account_id};
use crate::domain::permission::ObjectOwner;
use crate::domain::policy::RequestPrincipal;
use crate::domain::public_access::{BlockPublicAccess, CannedAcl, Grants, ObjectOwnership};

/// Who asks.
pub(super) fn principal(text: &str) -> Result<RequestPrincipal, String> {
    let account = |account_id: &str, arn: &str| RequestPrincipal::Account {
        account_id: account_id.to_owned(),
        arn: arn.to_owned(),
        canonical_id: None,
    };
    if text.eq_ignore_ascii_case("anonymous") || text == "*" {
        return Ok(RequestPrincipal::Anonymous);
    }
    if is_account_id(text) {
        return Ok(account(text, &format!("arn:aws:iam::{text}:root")));
    }
    if let Ok(arn) = text.parse::<Arn>() {
        let identity = match (arn.service.as_str(), arn.account.as_str()) {
            ("iam", "cloudfront") => arn.resource.starts_with("user/"),
            ("iam", id) if is_account_id(id) => {
                arn.resource == "root" || named_after(&arn, "user/") || named_after(&arn, "role/")
            }
            ("sts", id) if is_account_id(id) => {
                named_after(&arn, "assumed-role/") || named_after(&arn, "federated-user/")
            }
            _ => false,
        };
        return if identity && arn.region.is_empty() {
            Ok(account(&arn.account, text))
        } else {
            Err("this ARN names no account, user, role or session".to_owned())
        };
    }
    let service = text.contains('.') && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    if service {
        return Ok(RequestPrincipal::Service { name: text.to_owned() });
    }
    Err("write anonymous, an account id of twelve digits, an ARN, or a service such as cloudfront.amazonaws.com"
        .to_owned())
}

fn named_after(arn: &Arn, prefix: &str) -> bool {
    arn.resource.strip_prefix(prefix).is_some_and(|name| !name.is_empty())
}

/// An account id.
pub(super) fn account(text: &str) -> Result<String, String> {
    if is_account_id(text) { Ok(text.to_owned()) } else { Err("an account id has twelve digits".to_owned()) }
}

/// A canonical user id.
pub(super) fn canonical_id(text: &str) -> Result<String, String> {
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(text.to_owned())
    } else {
        Err("a canonical user id has 64 hex digits".to_owned())
    }
}

/// A condition key of the request with one of its values.
pub(super) fn context(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if key.contains(':') => Ok((key.to_owned(), value.to_owned())),
        Some((key, _)) => Err(format!("{key} is no condition key: they are written like aws:SourceIp")),
        None => Err("write it as KEY=VALUE".to_owned()),
    }
}

/// Flags of Block Public Access: `all`, `none`, names with commas, or names with `=true` and `=false` as the AWS CLI
/// writes them.
pub(super) fn block(text: &str) -> Result<BlockPublicAccess, String> {
    match text.to_ascii_lowercase().as_str() {
        "all" | "true" | "on" => return Ok(BlockPublicAccess::ALL),
        "none" | "false" | "off" | "" => return Ok(BlockPublicAccess::NONE),
        _ => {}
    }
    let mut flags = BlockPublicAccess::NONE;
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, "true"));
        let value = match value.to_ascii_lowercase().as_str() {
            "true" | "on" => true,
            "false" | "off" => false,
            _ => return Err(format!("{name} is true or false, not {value}")),
        };
        let flag = match name.trim().replace(['-', '_'], "").to_ascii_lowercase().as_str() {
            "blockpublicacls" => &mut flags.block_public_acls,
            "ignorepublicacls" => &mut flags.ignore_public_acls,
            "blockpublicpolicy" => &mut flags.block_public_policy,
            "restrictpublicbuckets" => &mut flags.restrict_public_buckets,
            _ => {
                return Err(format!(
                    "there is no flag {name}: write all, none, BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy or \
                     RestrictPublicBuckets"
                ));
            }
        };
        *flag = value;
    }
    Ok(flags)
}

/// Object Ownership.
pub(super) fn ownership(text: &str) -> Result<ObjectOwnership, String> {
    let name = text.replace(['-', '_'], "");
    ObjectOwnership::ALL
        .into_iter()
        .find(|own| own.as_str().eq_ignore_ascii_case(&name))
        .ok_or_else(|| "write BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter".to_owned())
}

/// A canned access control list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acl(CannedAcl);

impl Acl {
    /// What it grants. The owner's own grant is left out: whose list it is does not matter to strangers.
    pub(super) fn grants(self) -> Grants {
        self.0.grants("")
    }
}

/// A canned access control list by its name.
pub(super) fn acl(text: &str) -> Result<Acl, String> {
    CannedAcl::parse(&text.to_ascii_lowercase()).map(Acl).ok_or_else(|| {
        let names: Vec<&str> = CannedAcl::ALL.iter().map(|acl| acl.as_str()).collect();
        format!("write one of {}", names.join(", "))
    })
}

/// Whose an object is.
pub(super) fn object_owner(text: &str) -> Result<ObjectOwner, String> {
    match text {
        "bucket-owner" => Ok(ObjectOwner::BucketOwner),
        "another" => Ok(ObjectOwner::Another(None)),
        id => canonical_id(id)
            .map(|id| ObjectOwner::Another(Some(id)))
            .map_err(|_| "write bucket-owner, another, or a canonical user id of 64 hex digits".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn root(id: &str) -> RequestPrincipal {
        let arn = format!("arn:aws:iam::{id}:root");
        RequestPrincipal::Account { account_id: id.to_owned(), arn, canonical_id: None }
    }

    #[test_case("anonymous", &RequestPrincipal::Anonymous)]
    #[test_case("111122223333", &root("111122223333"); "an account id stands for its root")]
    #[test_case("arn:aws:iam::111122223333:root", &root("111122223333"); "the root")]
    #[test_case("logging.s3.amazonaws.com", &RequestPrincipal::Service { name: "logging.s3.amazonaws.com".to_owned() }; "a service")]
    fn principals(text: &str, expected: &RequestPrincipal) {
        assert_eq!(principal(text).as_ref(), Ok(expected));
    }

    #[test_case("arn:aws:iam::111122223333:user/team/ann", "111122223333"; "a user with a path")]
    #[test_case("arn:aws-cn:sts::111122223333:assumed-role/R/s", "111122223333"; "a session")]
    #[test_case("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", "cloudfront"; "an origin access identity")]
    fn identities(text: &str, account: &str) {
        let Ok(RequestPrincipal::Account { account_id, arn, .. }) = principal(text) else { panic!("{text}") };
        assert_eq!((account_id.as_str(), arn.as_str()), (account, text));
    }

    #[test_case("11112222333"; "eleven digits")]
    #[test_case("me"; "a name")]
    #[test_case("arn:aws:iam::111122223333:group/x"; "a group")]
    #[test_case("arn:aws:s3:::b"; "a bucket")]
    #[test_case("arn:aws:iam::111122223333:user/"; "a user without a name")]
    #[test_case(""; "nothing")]
    fn nobody(text: &str) {
        assert!(principal(text).is_err());
    }

    #[test_case("aws:SourceIp=203.0.113.9", Some(("aws:SourceIp", "203.0.113.9")))]
    #[test_case("aws:Referer=", Some(("aws:Referer", "")); "an empty value")]
    #[test_case("aws:Referer=https://x/?a=b", Some(("aws:Referer", "https://x/?a=b")); "an equals sign in the value")]
    #[test_case("aws:Referer", None; "no value")]
    #[test_case("SourceIp=1.2.3.4", None; "no service")]
    fn contexts(text: &str, expected: Option<(&str, &str)>) {
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(context(text).ok(), expected);
    }

    #[test_case("all", Some(BlockPublicAccess::ALL))]
    #[test_case("none", Some(BlockPublicAccess::NONE))]
    #[test_case("RestrictPublicBuckets", Some(BlockPublicAccess { restrict_public_buckets: true, ..BlockPublicAccess::NONE }); "one flag")]
    #[test_case("BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false", Some(BlockPublicAccess::FOR_PUBLIC_POLICY); "as the aws cli writes it")]
    #[test_case("block-public-policy, ignore-public-acls", Some(BlockPublicAccess { block_public_policy: true, ignore_public_acls: true, ..BlockPublicAccess::NONE }); "with hyphens")]
    #[test_case("most", None; "no flag")]
    #[test_case("IgnorePublicAcls=maybe", None; "no truth")]
    fn blocks(text: &str, expected: Option<BlockPublicAccess>) {
        assert_eq!(block(text).ok(), expected);
    }
}
