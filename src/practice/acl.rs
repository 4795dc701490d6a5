//! Access control lists: who was granted what, and the canned forms.
//!
//! Source of the rules: Amazon S3 User Guide, "Access control list (ACL) overview".

use http::HeaderMap;
use s3s::dto;
use s3s::{S3Error, S3Result};
use serde::{Deserialize, Serialize};

use crate::domain::public_access::{CannedAcl, Grant, Grantee, Grants, Permission};

use super::error::{invalid_argument, invalid_request, refuse};

/// The grants on a bucket or an object, the owner's own included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<(String, String)>", try_from = "Vec<(String, String)>")]
pub(super) struct Acl(Grants);

/// The owner in a stored list, whoever that is. Others are a group's URI, or a canonical id after [`OTHER`].
const OWNER: &str = "owner";
const OTHER: &str = "id:";

/// A list may have this many grants (Amazon S3 User Guide, "Access control list (ACL) overview").
const MAX_GRANTS: usize = 100;

impl From<Acl> for Vec<(String, String)> {
    fn from(acl: Acl) -> Self {
        let written = |grant: &Grant| {
            let who = match &grant.grantee {
                Grantee::CanonicalUser(id) if id == OWNER => OWNER.to_owned(),
                Grantee::CanonicalUser(id) => format!("{OTHER}{id}"),
                group => group.group_uri().unwrap_or_default().to_owned(),
            };
            (who, grant.permission.as_str().to_owned())
        };
        acl.0.0.iter().map(written).collect()
    }
}

impl TryFrom<Vec<(String, String)>> for Acl {
    type Error = String;

    fn try_from(stored: Vec<(String, String)>) -> Result<Self, String> {
        let read = |(who, permission): (String, String)| {
            let grantee = match who.strip_prefix(OTHER) {
                Some(id) => Grantee::CanonicalUser(id.to_owned()),
                None if who == OWNER => owner(),
                None => Grantee::from_group_uri(&who).ok_or(who)?,
            };
            let permission = Permission::parse(&permission).ok_or(permission)?;
            Ok(Grant { grantee, permission })
        };
        Ok(Self(Grants(stored.into_iter().map(read).collect::<Result<_, String>>()?)))
    }
}

fn owner() -> Grantee {
    Grantee::CanonicalUser(OWNER.to_owned())
}

fn owner_grant() -> Grant {
    Grant { grantee: owner(), permission: Permission::FullControl }
}

impl Default for Acl {
    fn default() -> Self {
        Self(Grants(vec![owner_grant()]))
    }
}

/// An ACL as a request brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) acl: Acl,
    /// `bucket-owner-full-control`, or the same spelled out: the one form that is accepted where ACLs are disabled.
    pub(super) owner_only_form: bool,
    /// `bucket-owner-full-control` by its name, which hands the object over under `BucketOwnerPreferred`.
    pub(super) hands_over: bool,
}

/// Whom a list can be about, all by canonical id.
#[derive(Clone, Copy)]
pub(super) struct Parties<'a> {
    /// The owner of what the list is on.
    pub(super) owner: &'a str,
    /// The owner of the bucket it is in.
    pub(super) bucket_owner: &'a str,
    /// Whether there is an account with that id.
    pub(super) knows: &'a (dyn Fn(&str) -> bool + Sync),
}

impl Parties<'_> {
    /// How a list names this account.
    fn named(&self, canonical_id: &str) -> Grantee {
        if canonical_id == self.owner { owner() } else { Grantee::CanonicalUser(canonical_id.to_owned()) }
    }

    fn canonical(&self, id: &str) -> S3Result<Grantee> {
        if id == self.owner || id == self.bucket_owner || (self.knows)(id) {
            Ok(self.named(id))
        } else {
            Err(invalid_argument("Invalid id"))
        }
    }

    fn read_header(&self, text: &str) -> S3Result<Grantee> {
        let (kind, value) = text.split_once('=').ok_or_else(|| invalid_argument("Argument format not recognized"))?;
        let value = value.trim().trim_matches('"');
        match kind.trim() {
            "uri" => group(value),
            "id" => self.canonical(value),
            "emailAddress" => Err(no_email()),
            _ => Err(invalid_argument("Argument format not recognized")),
        }
    }
}

fn group(uri: &str) -> S3Result<Grantee> {
    Grantee::from_group_uri(uri).ok_or_else(|| invalid_argument("Invalid group uri"))
}

/// Grants by e-mail address ended on 1 October 2025.
fn no_email() -> S3Error {
    refuse("MethodNotAllowed", "Email grantees are not supported.")
}

/// Who asks whether a list lets them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asker<'a> {
    /// Nobody signed.
    Anyone,
    /// The account with this canonical id.
    Account(&'a str),
    /// A user of the account that owns the thing: what the list grants that account is for the account to pass on,
    /// what it grants to groups counts.
    OwnUser,
}

impl Acl {
    pub(super) fn grants(&self) -> &Grants {
        &self.0
    }

    /// True when someone other than the owner is granted something.
    pub(super) fn grants_to_others(&self) -> bool {
        self.0.0.iter().any(|grant| grant.grantee != owner())
    }

    /// Whether the list, on something of `owner_id`, lets `asker`; grants to the public count only if `with_public`.
    pub(super) fn allows(&self, owner_id: &str, asker: Asker<'_>, wanted: Permission, with_public: bool) -> bool {
        self.0.0.iter().filter(|grant| grant.permission.covers(wanted)).any(|grant| match (&grant.grantee, asker) {
            (Grantee::AllUsers, _) => with_public,
            (Grantee::AuthenticatedUsers, Asker::Account(_) | Asker::OwnUser) => with_public,
            (Grantee::CanonicalUser(id), Asker::Account(asking)) => {
                asking == if id == OWNER { owner_id } else { id.as_str() }
            }
            _ => false,
        })
    }

    fn canned(name: &str, parties: &Parties<'_>) -> Option<Self> {
        let mut grants = vec![owner_grant()];
        for grant in CannedAcl::parse(name)?.grants(parties.bucket_owner).0 {
            let grantee = match grant.grantee {
                Grantee::CanonicalUser(id) => parties.named(&id),
                group => group,
            };
            // The owner has full control anyway.
            if grantee != owner() {
                grants.push(Grant { grantee, ..grant });
            }
        }
        Some(Self(Grants(grants)))
    }

    /// Reads `x-amz-acl` and the `x-amz-grant-…` headers. `None` when there are none.
    pub(super) fn from_headers(headers: &HeaderMap, parties: &Parties<'_>) -> S3Result<Option<Asked>> {
        let text =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty());
        let canned = text("x-amz-acl");
        let grants = [
            ("x-amz-grant-full-control", Permission::FullControl),
            ("x-amz-grant-read", Permission::Read),
            ("x-amz-grant-write", Permission::Write),
            ("x-amz-grant-read-acp", Permission::ReadAcp),
            ("x-amz-grant-write-acp", Permission::WriteAcp),
        ]
        .into_iter()
        .filter_map(|(name, permission)| text(name).map(|value| (value, permission)))
        .collect::<Vec<_>>();
        match (canned, grants.as_slice()) {
            (None, []) => Ok(None),
            (Some(_), [_, ..]) => Err(invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")),
            (Some(name), []) => {
                let acl = Self::canned(name, parties).ok_or_else(|| invalid_argument(""))?;
                let hands_over = name == CannedAcl::BucketOwnerFullControl.as_str();
                Ok(Some(Asked { acl, owner_only_form: hands_over, hands_over }))
            }
            (None, grants) => {
                let mut list = Vec::new();
                for (value, permission) in grants {
                    for grantee in value.split(',') {
                        let grantee = parties.read_header(grantee.trim())?;
                        list.push(Grant { grantee, permission: *permission });
                    }
                }
                Self(Grants(list)).asked().map(Some)
            }
        }
    }

    /// Reads the body of a PutBucketAcl or PutObjectAcl request.
    pub(super) fn from_dto(policy: &dto::AccessControlPolicy, parties: &Parties<'_>) -> S3Result<Asked> {
        match policy.owner.as_ref().map(|owner| owner.id.as_deref()) {
            Some(Some(id)) if id == parties.owner => {}
            // Nobody can give a thing away by its list.
            Some(Some(_)) => return Err(refuse("AccessDenied", "Access Denied")),
            _ => return Err(malformed_acl()),
        }
        let mut list = Vec::new();
        for grant in policy.grants.iter().flatten() {
            let (Some(grantee), Some(permission)) = (&grant.grantee, &grant.permission) else {
                return Err(malformed_acl());
            };
            let who = match (grantee.id.as_deref(), grantee.uri.as_deref()) {
                (Some(id), None) => parties.canonical(id)?,
                (None, Some(uri)) => group(uri)?,
                _ if grantee.email_address.is_some() => return Err(no_email()),
                _ => return Err(malformed_acl()),
            };
            let permission = Permission::parse(permission.as_str()).ok_or_else(malformed_acl)?;
            list.push(Grant { grantee: who, permission });
        }
        Self(Grants(list)).asked()
    }

    fn asked(self) -> S3Result<Asked> {
        if self.0.0.len() > MAX_GRANTS {
            return Err(malformed_acl());
        }
        let owner_only_form = self == Self::default();
        Ok(Asked { acl: self, owner_only_form, hands_over: false })
    }

    /// The grants as an answer shows them, on something of `owner_id`.
    pub(super) fn to_dto(&self, owner_id: &str) -> dto::Grants {
        let grant = |grant: &Grant| {
            let uri = grant.grantee.group_uri();
            let kind = if uri.is_some() { dto::Type::GROUP } else { dto::Type::CANONICAL_USER };
            let id = match &grant.grantee {
                Grantee::CanonicalUser(id) if id == OWNER => Some(owner_id.to_owned()),
                Grantee::CanonicalUser(id) => Some(id.clone()),
                _ => None,
            };
            let grantee = dto::Grantee {
                display_name: None,
                email_address: None,
                id,
                type_: dto::Type::from_static(kind),
                uri: uri.map(str::to_owned),
            };
            let permission = dto::Permission::from_static(grant.permission.as_str());
            dto::Grant { grantee: Some(grantee), permission: Some(permission) }
        };
        self.0.0.iter().map(grant).collect()
    }
}

fn malformed_acl() -> S3Error {
    refuse(
        "MalformedACLError",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn asked(pairs: &[(&'static str, &str)]) -> S3Result<Option<Asked>> {
        let headers = pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap()))
            .collect();
        Acl::from_headers(&headers, &ME)
    }

    const ME: Parties<'static> = Parties { owner: "me", bucket_owner: "me", knows: &|id| id == "friend" };

    #[test_case("private", false, false; "private")]
    #[test_case("bucket-owner-full-control", false, false; "owner form")]
    #[test_case("public-read", true, true; "public read")]
    #[test_case("public-read-write", true, true; "public read write")]
    #[test_case("authenticated-read", true, false; "authenticated is public but not for everyone")]
    fn canned(name: &str, public: bool, everyone_reads: bool) {
        let acl = asked(&[("x-amz-acl", name)]).unwrap().unwrap().acl;
        assert_eq!((acl.grants().is_public(), acl.grants().anyone_may(Permission::Read)), (public, everyone_reads));
    }

    #[test_case(&[("x-amz-acl", "public")], "InvalidArgument"; "unknown canned")]
    #[test_case(&[("x-amz-acl", "private"), ("x-amz-grant-read", "id=\"me\"")], "InvalidRequest"; "both forms")]
    #[test_case(&[("x-amz-grant-read", "uri=\"http://example.com\"")], "InvalidArgument"; "unknown group")]
    #[test_case(&[("x-amz-grant-read", "id=you")], "InvalidArgument"; "unknown account")]
    fn refused(headers: &[(&'static str, &str)], code: &str) {
        assert_eq!(asked(headers).unwrap_err().code().as_str(), code);
    }

    #[test]
    fn grant_headers_are_read() {
        let headers = [
            ("x-amz-grant-full-control", "id=\"me\""),
            ("x-amz-grant-read", "uri=\"http://acs.amazonaws.com/groups/global/AllUsers\", id=me"),
        ];
        let acl = asked(&headers).unwrap().unwrap().acl;
        assert!(acl.grants().anyone_may(Permission::Read) && !acl.grants().anyone_may(Permission::Write));
    }

    #[test]
    fn the_owner_form_spelled_out_counts_as_such() {
        assert!(asked(&[("x-amz-grant-full-control", "id=\"me\"")]).unwrap().unwrap().owner_only_form);
    }

    #[test]
    fn an_object_of_another_account_names_the_owner_of_its_bucket() {
        let parties = Parties { owner: "writer", ..ME };
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static("x-amz-acl"),
            http::HeaderValue::from_static("bucket-owner-read"),
        )]);
        let acl = Acl::from_headers(&headers, &parties).unwrap().unwrap().acl;
        let may = |who, wanted| acl.allows("writer", Asker::Account(who), wanted, true);
        assert!(may("me", Permission::Read) && !may("me", Permission::ReadAcp));
        assert!(may("writer", Permission::WriteAcp) && !may("friend", Permission::Read));
    }

    #[test_case(Asker::Anyone, true, false; "nobody is not authenticated")]
    #[test_case(Asker::Account("friend"), true, true; "any account is authenticated")]
    #[test_case(Asker::OwnUser, true, true; "so is a user of the owner")]
    #[test_case(Asker::Account("friend"), false, false; "public grants may be ignored")]
    #[test_case(Asker::Account("me"), false, true; "the owner has full control")]
    #[test_case(Asker::OwnUser, false, false; "which is for the account to pass on")]
    fn authenticated_users(asker: Asker<'_>, with_public: bool, expected: bool) {
        let acl = asked(&[("x-amz-acl", "authenticated-read")]).unwrap().unwrap().acl;
        assert_eq!(acl.allows("me", asker, Permission::Read, with_public), expected);
    }

    #[test]
    fn lists_are_stored_and_read_back() {
        let headers = [("x-amz-grant-read", "id=friend, id=me, uri=http://acs.amazonaws.com/groups/s3/LogDelivery")];
        let acl = asked(&headers).unwrap().unwrap().acl;
        let text = serde_json::to_string(&acl).unwrap();
        assert_eq!(serde_json::from_str::<Acl>(&text).unwrap(), acl);
        assert_eq!(acl.to_dto("me").len(), 3);
    }
}
