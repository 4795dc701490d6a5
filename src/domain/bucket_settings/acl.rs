//! Access control lists as a person sets them, on a bucket or on a file: who is on the list, the lists that have a name,
//! and what a change of one exposes.
//!
//! Sources: Amazon S3 User Guide, "Access control list (ACL) overview" and "Blocking public access to your Amazon S3
//! storage".

mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::consequence::{Consequence, Gravity};
use crate::domain::public_access::{AclOf, BlockLevels, CannedAcl, Grant, Grantee, Grants, Permission};

pub use words::{
    CannedWords, Entry, canned_words, differences, entries, ignored, lines, meaning, permission_words, refused, short,
    summary,
};

/// A list may have so many grants (Amazon S3 User Guide, "Access control list (ACL) overview").
pub const MAX_GRANTS: usize = 100;

/// A grant as S3 writes it, whatever is in it: for log files, and kept in access lists where it is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WrittenGrant {
    /// Who.
    pub grantee: WrittenGrantee,
    /// e.g. `READ`.
    pub permission: String,
}

/// Whom a grant is for, as S3 writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WrittenGrantee {
    /// `CanonicalUser`, `Group` or `AmazonCustomerByEmail`.
    pub r#type: String,
    /// A canonical user ID.
    #[serde(rename = "ID", default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A group.
    #[serde(rename = "URI", default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// An address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
}

impl WrittenGrant {
    /// The grant, where it is one of those that S3 documents; e-mail addresses ended on 1 October 2025.
    fn understood(&self) -> Option<Grant> {
        let permission = Permission::parse(&self.permission)?;
        let grantee = match (&self.grantee.uri, &self.grantee.id) {
            (Some(uri), _) => Grantee::from_group_uri(uri)?,
            (None, Some(id)) => Grantee::CanonicalUser(id.clone()),
            (None, None) => return None,
        };
        Some(Grant { grantee, permission })
    }

    fn is_public(&self) -> bool {
        self.grantee.uri.as_deref().and_then(Grantee::from_group_uri).is_some_and(|group| group.is_public())
    }
}

/// An access control list: whom the bucket or the file belongs to, and who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl {
    /// The canonical user ID of the owner.
    pub owner: Option<String>,
    /// The grants, the owner's own included.
    pub grants: Grants,
    /// Grants that are not understood; they are written back as they are.
    pub others: Vec<WrittenGrant>,
}

impl Acl {
    /// A list as S3 writes it.
    #[must_use]
    pub fn of_written(owner: Option<String>, written: Vec<WrittenGrant>) -> Self {
        let mut acl = Self { owner, ..Self::default() };
        for grant in written {
            match grant.understood() {
                Some(grant) => acl.grants.0.push(grant),
                None => acl.others.push(grant),
            }
        }
        acl
    }

    /// What a canned list stands for, the owner's full control included.
    #[must_use]
    pub fn of_canned(canned: CannedAcl, owner: &str, bucket_owner: &str) -> Self {
        let own = Grant { grantee: Grantee::CanonicalUser(owner.to_owned()), permission: Permission::FullControl };
        let mut grants = vec![own.clone()];
        grants.extend(canned.grants(bucket_owner).0.into_iter().filter(|grant| grant.grantee != own.grantee));
        Self { owner: Some(owner.to_owned()), grants: Grants(grants), others: Vec::new() }
    }

    /// The canned list that it is, among those that are offered.
    #[must_use]
    pub fn canned(&self, of: AclOf, bucket_owner: Option<&str>) -> Option<CannedAcl> {
        let owner = self.owner.as_deref()?;
        let bucket_owner = bucket_owner.unwrap_or(owner);
        choices(of, owner != bucket_owner)
            .into_iter()
            .find(|canned| self.same_as(&Self::of_canned(*canned, owner, bucket_owner)))
    }

    /// Whether two lists mean the same: stores hand grants out in an order of their own.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        fn within<T: PartialEq>(one: &[T], two: &[T]) -> bool {
            one.iter().all(|grant| two.contains(grant))
        }
        let grants = within(&self.grants.0, &other.grants.0) && within(&other.grants.0, &self.grants.0);
        let others = within(&self.others, &other.others) && within(&other.others, &self.others);
        self.owner == other.owner && grants && others
    }

    /// Whether S3 calls the list public: anything for everyone, or for every AWS account.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.grants.is_public() || self.others.iter().any(WrittenGrant::is_public)
    }

    /// Whether the grant is the owner's own.
    #[must_use]
    pub fn is_owners(&self, grant: &Grant) -> bool {
        matches!(&grant.grantee, Grantee::CanonicalUser(id) if Some(id) == self.owner.as_ref())
    }

    /// Whether somebody besides the owner is on the list.
    #[must_use]
    pub fn grants_to_others(&self) -> bool {
        !self.others.is_empty() || self.grants.0.iter().any(|grant| !self.is_owners(grant))
    }

    /// Whether the owner has full control by the list.
    #[must_use]
    pub fn owner_has_all(&self) -> bool {
        let all = |grant: &Grant| grant.permission == Permission::FullControl && self.is_owners(grant);
        self.grants.0.iter().any(all)
    }

    /// The same list on something of another owner: what the owner has, that one has.
    #[must_use]
    pub fn owned_by(mut self, owner: &str) -> Self {
        for grant in &mut self.grants.0 {
            if matches!(&grant.grantee, Grantee::CanonicalUser(id) if Some(id) == self.owner.as_ref()) {
                grant.grantee = Grantee::CanonicalUser(owner.to_owned());
            }
        }
        Self { owner: Some(owner.to_owned()), ..self }
    }

    /// What it grants to the public that `before` did not.
    fn opens(&self, before: Option<&Self>) -> Vec<&Grant> {
        let had = |grant: &Grant| {
            let before = before.map(|before| &before.grants);
            let may = |grantee| before.is_some_and(|before| before.allows(grantee, grant.permission));
            may(&grant.grantee) || may(&Grantee::AllUsers)
        };
        self.grants.0.iter().filter(|grant| grant.grantee.is_public() && !had(grant)).collect()
    }
}

/// The canned lists that are offered, from the closest on. Left out are `public-read-write` for files, which have no
/// permission to write, and `aws-exec-read`, which is for an account of Amazon's own. The two for the bucket's owner
/// say something only about files of somebody else.
#[must_use]
pub fn choices(of: AclOf, of_another: bool) -> Vec<CannedAcl> {
    use CannedAcl as Is;
    match of {
        AclOf::Bucket => {
            vec![Is::Private, Is::PublicRead, Is::PublicReadWrite, Is::AuthenticatedRead, Is::LogDeliveryWrite]
        }
        AclOf::Object if of_another => {
            vec![Is::Private, Is::PublicRead, Is::AuthenticatedRead, Is::BucketOwnerRead, Is::BucketOwnerFullControl]
        }
        AclOf::Object => vec![Is::Private, Is::PublicRead, Is::AuthenticatedRead],
    }
}

/// What has to be ticked before a list is replaced; `None` for a harmless change. While the public's grants are
/// ignored, what they open is said with that.
#[must_use]
pub fn consequence(of: AclOf, before: Option<&Acl>, after: &Acl, is_ignored: bool) -> Option<Consequence> {
    let mut said = words::opened(of, &after.opens(before));
    let is_kept = |grant: &&WrittenGrant| before.is_some_and(|before| before.others.contains(grant));
    if said.is_empty() && after.others.iter().filter(|grant| grant.is_public()).any(|grant| !is_kept(&grant)) {
        said.push("this access list lets the public in".to_owned());
    }
    if is_ignored && let Some(last) = said.last_mut() {
        last.push_str(", once Block Public Access does not ignore it any more");
    }
    let gravity = if said.is_empty() { Gravity::Final } else { Gravity::Exposes };
    if before.is_some_and(Acl::owner_has_all) && !after.owner_has_all() {
        said.push("the owner gives up full control, and may not get it back".to_owned());
    }
    let sentence = format!("I know that {}", said.join(", and that "));
    (!said.is_empty()).then_some(Consequence { gravity, sentence })
}

/// The levels on which a flag is on, as they stand in a sentence.
fn levels(block: &BlockLevels, flag: fn(&crate::domain::public_access::BlockPublicAccess) -> bool) -> Option<String> {
    let all =
        [(&block.organization, "the organization"), (&block.account, "the account"), (&block.bucket, "the bucket")];
    let on: Vec<&str> = all.into_iter().filter(|(flags, _)| flag(flags)).map(|(_, words)| words).collect();
    (!on.is_empty()).then(|| on.join(" and "))
}
