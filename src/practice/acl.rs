//! Access control lists: who was granted what, and the canned forms.
//!
//! Source of the rules: Amazon S3 User Guide, "Access control list (ACL) overview".

use http::HeaderMap;
use s3s::S3Result;
use s3s::dto;
use serde::{Deserialize, Serialize};

use crate::domain::public_access::{CannedAcl, Grant, Grantee, Grants, Permission};

use super::error::{invalid_argument, invalid_request, malformed_xml, refuse};

/// The grants on a bucket or an object, the owner's own included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<(String, String)>", try_from = "Vec<(String, String)>")]
pub(super) struct Acl(Grants);

/// The owner in a stored list; everyone else there is a group URI.
const OWNER: &str = "owner";

impl From<Acl> for Vec<(String, String)> {
    fn from(acl: Acl) -> Self {
        acl.0
            .0
            .iter()
            .map(|grant| {
                let who = grant.grantee.group_uri().unwrap_or(OWNER);
                (who.to_owned(), grant.permission.as_str().to_owned())
            })
            .collect()
    }
}

impl TryFrom<Vec<(String, String)>> for Acl {
    type Error = String;

    fn try_from(stored: Vec<(String, String)>) -> Result<Self, String> {
        let read = |(who, permission): (String, String)| {
            let grantee = if who == OWNER { owner() } else { Grantee::from_group_uri(&who).ok_or(who)? };
            let permission = Permission::parse(&permission).ok_or(permission)?;
            Ok(Grant { grantee, permission })
        };
        Ok(Self(Grants(stored.into_iter().map(read).collect::<Result<_, String>>()?)))
    }
}

/// This store has one account: the canonical user that a list can name is always the owner.
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
}

impl Acl {
    pub(super) fn grants(&self) -> &Grants {
        &self.0
    }

    /// True when someone other than the owner is granted something.
    pub(super) fn grants_to_others(&self) -> bool {
        self.0.0.iter().any(|grant| grant.grantee != owner())
    }

    fn canned(name: &str) -> Option<Self> {
        let beyond_owner = match CannedAcl::parse(name)? {
            // The bucket owner owns every object here, and has full control anyway.
            CannedAcl::BucketOwnerRead | CannedAcl::BucketOwnerFullControl => Vec::new(),
            other => other.grants(OWNER).0,
        };
        Some(Self(Grants(std::iter::once(owner_grant()).chain(beyond_owner).collect())))
    }

    /// Reads `x-amz-acl` and the `x-amz-grant-…` headers. `None` when there are none.
    pub(super) fn from_headers(headers: &HeaderMap, owner_id: &str) -> S3Result<Option<Asked>> {
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
                let acl = Self::canned(name).ok_or_else(|| invalid_argument(""))?;
                Ok(Some(Asked { acl, owner_only_form: name == "bucket-owner-full-control" }))
            }
            (None, grants) => {
                let mut list = Vec::new();
                for (value, permission) in grants {
                    for grantee in value.split(',') {
                        let grantee = grantee_from_header(grantee.trim(), owner_id)?;
                        list.push(Grant { grantee, permission: *permission });
                    }
                }
                Ok(Some(Self(Grants(list)).asked()))
            }
        }
    }

    /// Reads the body of a PutBucketAcl or PutObjectAcl request.
    pub(super) fn from_dto(policy: &dto::AccessControlPolicy, owner_id: &str) -> S3Result<Asked> {
        let owner = policy.owner.as_ref().and_then(|owner| owner.id.as_deref());
        if owner.is_some_and(|id| id != owner_id) {
            return Err(refuse("AccessDenied", "Access Denied"));
        }
        let mut list = Vec::new();
        for grant in policy.grants.iter().flatten() {
            let (Some(grantee), Some(permission)) = (&grant.grantee, &grant.permission) else {
                return Err(malformed_xml());
            };
            let who = match (grantee.id.as_deref(), grantee.uri.as_deref()) {
                (Some(id), None) => canonical(id, owner_id)?,
                (None, Some(uri)) => group(uri)?,
                _ if grantee.email_address.is_some() => {
                    return Err(refuse("MethodNotAllowed", "Email grantees are not supported."));
                }
                _ => return Err(malformed_xml()),
            };
            let permission = Permission::parse(permission.as_str()).ok_or_else(malformed_xml)?;
            list.push(Grant { grantee: who, permission });
        }
        Ok(Self(Grants(list)).asked())
    }

    fn asked(self) -> Asked {
        let owner_only_form = self == Self::default();
        Asked { acl: self, owner_only_form }
    }

    /// The grants as an answer shows them.
    pub(super) fn to_dto(&self, owner_id: &str) -> dto::Grants {
        let grant = |grant: &Grant| {
            let uri = grant.grantee.group_uri();
            let kind = if uri.is_some() { dto::Type::GROUP } else { dto::Type::CANONICAL_USER };
            let grantee = dto::Grantee {
                display_name: None,
                email_address: None,
                id: uri.is_none().then(|| owner_id.to_owned()),
                type_: dto::Type::from_static(kind),
                uri: uri.map(str::to_owned),
            };
            let permission = dto::Permission::from_static(grant.permission.as_str());
            dto::Grant { grantee: Some(grantee), permission: Some(permission) }
        };
        self.0.0.iter().map(grant).collect()
    }
}

fn grantee_from_header(text: &str, owner_id: &str) -> S3Result<Grantee> {
    let (kind, value) = text.split_once('=').ok_or_else(|| invalid_argument("Argument format not recognized"))?;
    let value = value.trim().trim_matches('"');
    match kind.trim() {
        "uri" => group(value),
        "id" => canonical(value, owner_id),
        "emailAddress" => Err(refuse("MethodNotAllowed", "Email grantees are not supported.")),
        _ => Err(invalid_argument("Argument format not recognized")),
    }
}

fn group(uri: &str) -> S3Result<Grantee> {
    Grantee::from_group_uri(uri).ok_or_else(|| invalid_argument("Invalid group uri"))
}

fn canonical(id: &str, owner_id: &str) -> S3Result<Grantee> {
    if id == owner_id { Ok(owner()) } else { Err(invalid_argument("Invalid id")) }
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
        Acl::from_headers(&headers, "me")
    }

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
}
