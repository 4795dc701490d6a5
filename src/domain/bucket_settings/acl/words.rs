//! Access control lists in words.

use super::{Acl, WrittenGrant, levels};
use crate::domain::bucket_settings::words::{Difference, Line, line_differences};
use crate::domain::format;
use crate::domain::public_access::{AclOf, BlockLevels, CannedAcl, Grant, Grantee, Permission};

const OWNER: &str = "The owner";

/// What a permission lets somebody do, after "can".
#[must_use]
pub const fn permission_words(of: AclOf, permission: Permission) -> &'static str {
    match (of, permission) {
        (AclOf::Bucket, Permission::Read) => "list the files, their versions and unfinished uploads",
        (AclOf::Bucket, Permission::Write) => "upload, overwrite and delete files",
        (AclOf::Bucket, Permission::FullControl) => "list, upload, overwrite and delete, and change this list",
        (AclOf::Object, Permission::Read) => "open and download this file",
        (AclOf::Object, Permission::Write) => "do nothing more: files have no such permission",
        (AclOf::Object, Permission::FullControl) => "open this file, and change this list",
        (_, Permission::ReadAcp) => "read this list",
        (_, Permission::WriteAcp) => "change this list, and so take everything",
    }
}

/// The same in a few words, beside the name that S3 gives it.
#[must_use]
pub const fn short(of: AclOf, permission: Permission) -> &'static str {
    match (of, permission) {
        (AclOf::Bucket, Permission::Read) => "list files",
        (AclOf::Bucket, Permission::Write) => "upload and delete",
        (AclOf::Object, Permission::Read) => "open it",
        (AclOf::Object, Permission::Write) => "nothing",
        (_, Permission::ReadAcp) => "read this list",
        (_, Permission::WriteAcp) => "change this list",
        (_, Permission::FullControl) => "everything",
    }
}

fn group(grantee: &Grantee) -> Option<&'static str> {
    match grantee {
        Grantee::AllUsers => Some("anyone on the internet"),
        Grantee::AuthenticatedUsers => Some("anyone with any AWS account"),
        Grantee::LogDelivery => Some("the log delivery of S3"),
        Grantee::CanonicalUser(_) => None,
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The beginning of an ID: nobody reads 64 digits.
fn account(id: &str) -> String {
    const SHOWN: usize = 12;
    if id.chars().count() <= SHOWN {
        return format!("Account {id}");
    }
    format!("Account {}…", id.chars().take(SHOWN).collect::<String>())
}

impl Acl {
    fn who(&self, grant: &Grant) -> String {
        match (&grant.grantee, group(&grant.grantee)) {
            (_, Some(words)) => capital(words),
            (Grantee::CanonicalUser(_), None) if self.is_owners(grant) => OWNER.to_owned(),
            (Grantee::CanonicalUser(id), None) => account(id),
            (_, None) => String::new(),
        }
    }
}

impl WrittenGrant {
    /// Whom it is for, as far as it can be told.
    #[must_use]
    pub fn who(&self) -> String {
        let it = &self.grantee;
        match (&it.email_address, &it.uri, &it.id) {
            (Some(address), ..) => address.clone(),
            (None, Some(uri), _) => match Grantee::from_group_uri(uri) {
                Some(known) => capital(group(&known).unwrap_or(uri)),
                None => uri.clone(),
            },
            (None, None, Some(id)) => account(id),
            (None, None, None) => "An account without a name".to_owned(),
        }
    }
}

/// What a grant means, in a sentence.
#[must_use]
pub fn meaning(of: AclOf, acl: &Acl, grant: &Grant) -> String {
    let can = permission_words(of, grant.permission);
    let good_as = if grant.grantee == Grantee::AuthenticatedUsers {
        ". Anybody can have one, so this is as good as public"
    } else {
        ""
    };
    format!("{} can {can}{good_as}", acl.who(grant))
}

/// Who is on the list, in a sentence.
#[must_use]
pub fn summary(of: AclOf, acl: &Acl) -> String {
    if acl.is_public() {
        let public: Vec<&Grant> = acl.grants.0.iter().filter(|grant| grant.grantee.is_public()).collect();
        let said = opened_words(of, &public, "can");
        return if said.is_empty() {
            "The access list lets the public in".to_owned()
        } else {
            capital(&said.join("; "))
        };
    }
    let others = entries(of, acl).into_iter().filter(|entry| entry.who != OWNER).count();
    match others as u64 {
        0 => "Nobody but the owner is on the list".to_owned(),
        n => format!("Besides the owner {} on the list, and no stranger", format::counted(n, "other is", "others are")),
    }
}

/// What strangers can do then, one sentence for each group.
pub(super) fn opened(of: AclOf, grants: &[&Grant]) -> Vec<String> {
    opened_words(of, grants, "can then")
}

fn opened_words(of: AclOf, grants: &[&Grant], can: &str) -> Vec<String> {
    let said = |grantee: Grantee| {
        let deeds: Vec<&str> = grants
            .iter()
            .filter(|grant| grant.grantee == grantee)
            .map(|grant| permission_words(of, grant.permission))
            .collect();
        let good_as = if grantee == Grantee::AuthenticatedUsers { ", which anybody can have," } else { "" };
        (!deeds.is_empty())
            .then(|| format!("{}{good_as} {can} {}", group(&grantee).unwrap_or_default(), deeds.join(", and ")))
    };
    [Grantee::AllUsers, Grantee::AuthenticatedUsers].into_iter().filter_map(said).collect()
}

/// Somebody on a list, with all that the list grants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who, e.g. "The owner".
    pub who: String,
    /// Whether that is the public.
    pub is_public: bool,
    /// What, e.g. "list files (READ)".
    pub what: Vec<String>,
}

/// Everybody on the list, in its order.
#[must_use]
pub fn entries(of: AclOf, acl: &Acl) -> Vec<Entry> {
    let known = acl.grants.0.iter().map(|grant| {
        let what = format!("{} ({})", short(of, grant.permission), grant.permission.as_str());
        (acl.who(grant), grant.grantee.is_public(), what)
    });
    let others = acl.others.iter().map(|grant| (grant.who(), grant.is_public(), grant.permission.clone()));
    let mut entries: Vec<Entry> = Vec::new();
    for (who, is_public, what) in known.chain(others) {
        match entries.iter_mut().find(|entry| entry.who == who) {
            Some(entry) if entry.what.contains(&what) => {}
            Some(entry) => entry.what.push(what),
            None => entries.push(Entry { who, is_public, what: vec![what] }),
        }
    }
    entries
}

/// The list, a line for everybody on it.
#[must_use]
pub fn lines(of: AclOf, acl: &Acl) -> Vec<Line> {
    entries(of, acl).into_iter().map(|entry| (entry.who, entry.what.join(", "))).collect()
}

/// What changes for whom.
#[must_use]
pub fn differences(of: AclOf, before: &Acl, after: &Acl) -> Vec<Difference> {
    let (had, has) = (entries(of, before), entries(of, after));
    let exposes = |who: &str| {
        let had = had.iter().find(|entry| entry.who == who).map_or(&[][..], |entry| &entry.what);
        let has = has.iter().find(|entry| entry.who == who && entry.is_public);
        has.is_some_and(|entry| entry.what.iter().any(|what| !had.contains(what)))
    };
    let mut differences = line_differences(lines(of, before), lines(of, after));
    for difference in &mut differences {
        difference.exposes = exposes(&difference.name);
    }
    differences
}

/// A canned list on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CannedWords {
    /// What it is called.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// What a canned list is called and means.
#[must_use]
pub const fn canned_words(of: AclOf, canned: CannedAcl) -> CannedWords {
    let (title, meaning) = match (of, canned) {
        (_, CannedAcl::Private) => ("The owner alone", "Nobody else is on the list."),
        (AclOf::Bucket, CannedAcl::PublicRead) => (
            "Anyone may list",
            "Anyone on the internet sees the names of all files. Opening them is up to each file’s own list and to the policy.",
        ),
        (AclOf::Bucket, CannedAcl::PublicReadWrite) => (
            "Anyone may list, upload and delete",
            "Anyone on the internet can fill this bucket at your cost, and overwrite or delete what is in it.",
        ),
        (AclOf::Bucket, CannedAcl::AuthenticatedRead) => (
            "Any AWS account may list",
            "Whoever signs in with any AWS account sees the names of all files. Anybody can have one, so this is as good as public.",
        ),
        (_, CannedAcl::LogDeliveryWrite) => (
            "S3 may deliver logs",
            "The log delivery of S3 can write into this bucket and read this list. A policy does the same today.",
        ),
        (AclOf::Object, CannedAcl::PublicRead | CannedAcl::PublicReadWrite) => {
            ("Anyone may open it", "Anyone on the internet can open and download this file.")
        }
        (AclOf::Object, CannedAcl::AuthenticatedRead) => (
            "Any AWS account may open it",
            "Whoever signs in with any AWS account can open this file. Anybody can have one, so this is as good as public.",
        ),
        (_, CannedAcl::BucketOwnerRead) => (
            "The bucket’s owner may open it",
            "The file stays with whoever uploaded it; the bucket’s account can open it.",
        ),
        (_, CannedAcl::BucketOwnerFullControl) => (
            "The bucket’s owner may do everything",
            "The file stays with whoever uploaded it; the bucket’s account can open it and change this list.",
        ),
        (_, CannedAcl::AwsExecRead) => ("EC2 may read it", "For machine images that EC2 fetches."),
    };
    CannedWords { title, meaning }
}

/// Why a public list would be refused, foretold from Block Public Access.
#[must_use]
pub fn refused(block: &BlockLevels) -> Option<String> {
    let levels = levels(block, |flags| flags.block_public_acls)?;
    Some(format!(
        "The store would refuse this (predicted): “Refuse public ACLs” (BlockPublicAcls) is on for {levels}. Lift it first"
    ))
}

/// Why what a list grants to the public has no effect, foretold from Block Public Access.
#[must_use]
pub fn ignored(block: &BlockLevels) -> Option<String> {
    let levels = levels(block, |flags| flags.ignore_public_acls)?;
    Some(format!(
        "What the list grants to the public has no effect: “Ignore public ACLs” (IgnorePublicAcls) is on for {levels}"
    ))
}
