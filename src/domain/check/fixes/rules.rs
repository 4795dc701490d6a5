//! Fixes that change who may: the policy, both blocks, ownership and lists, and who pays.

use super::place::{link, move_to_open};
use super::{Case, Exposure, Fix, FixKind, Remedy, Write, advising, writing};
use crate::domain::bucket_settings::{Acl, Payer, SettingKind, SettingValue};
use crate::domain::check::evidence::{Evidence, Read};
use crate::domain::cors;
use crate::domain::policy::form::{FormEdit, Place};
use crate::domain::policy::template::insert;
use crate::domain::policy::{
    ActionMatch, Comparison, Condition, Decision, Effect, PrincipalMatch, ResourceMatch, Source, Statement,
};
use crate::domain::public_access::{BlockPublicAccess, Grant, Grantee, ObjectOwnership, Permission};

/// The two flags that stand against a public policy.
const AGAINST_POLICIES: Flags = |block| block.block_public_policy || block.restrict_public_buckets;
/// The two flags that stand against a public list.
const AGAINST_LISTS: Flags = |block| block.block_public_acls || block.ignore_public_acls;

type Flags = fn(&BlockPublicAccess) -> bool;
type Lift = fn(BlockPublicAccess) -> BlockPublicAccess;

/// What has to be lifted, the bucket's block first.
struct Lifts {
    writes: Vec<Write>,
    /// The account's block is among them.
    account: bool,
}

impl Lifts {
    fn new(evidence: &Evidence, stands: Flags, lift: Lift) -> Self {
        let mut writes = Vec::new();
        let write = |kind, before: Option<BlockPublicAccess>| {
            let block = before?;
            stands(&block).then(|| Write::Setting {
                kind,
                before: Some(SettingValue::BlockPublicAccess(block)),
                after: Some(SettingValue::BlockPublicAccess(lift(block))),
            })
        };
        let bucket = evidence.bucket_block.known().copied().flatten();
        writes.extend(write(SettingKind::BlockPublicAccess, bucket));
        let account = write(SettingKind::AccountBlockPublicAccess, evidence.account_block.known().copied());
        let has_account = account.is_some();
        writes.extend(account);
        Self { writes, account: has_account }
    }

    fn for_policy(evidence: &Evidence) -> Self {
        Self::new(evidence, AGAINST_POLICIES, BlockPublicAccess::lifted_for_public_policy)
    }

    fn for_list(evidence: &Evidence) -> Self {
        let lift = |block| BlockPublicAccess { block_public_acls: false, ignore_public_acls: false, ..block };
        Self::new(evidence, AGAINST_LISTS, lift)
    }

    /// What else happens, after what a rule does.
    fn words(&self) -> &'static str {
        match (self.writes.is_empty(), self.account) {
            (true, _) => "",
            (false, false) => " Lifts what stands against it in Block Public Access of the bucket.",
            (false, true) => {
                " Lifts what stands against it in Block Public Access of the account, for all its buckets."
            }
        }
    }

    fn caution(&self) -> Option<String> {
        self.account.then(account_caution)
    }

    fn exposure(&self, otherwise: Exposure) -> Exposure {
        if self.account { Exposure::Account } else { otherwise }
    }
}

fn account_caution() -> String {
    "The block of the account protects every bucket of it. What is public by its own rules anywhere opens as well."
        .to_owned()
}

/// Lifts the one flag that sets aside what would let strangers in, where it is on.
pub(super) fn lift(case: &Case<'_>) -> Option<Fix> {
    let by_policy = case.spot().and_then(|spot| case.policy_says(&spot.key)).is_some_and(Decision::is_allow);
    let evidence = case.evidence;
    let lifts = match by_policy {
        true => Lifts::new(
            evidence,
            |block| block.restrict_public_buckets,
            |block| BlockPublicAccess { restrict_public_buckets: false, ..block },
        ),
        false => Lifts::new(
            evidence,
            |block| block.ignore_public_acls,
            |block| BlockPublicAccess { ignore_public_acls: false, ..block },
        ),
    };
    let flag = if by_policy { "RestrictPublicBuckets" } else { "IgnorePublicAcls" };
    let opens = if by_policy { "everything that the bucket policy opens" } else { "every file whose own list says so" };
    if lifts.writes.is_empty() {
        // The block could not be read; somebody who may has to look.
        let fix = advising(FixKind::Elsewhere, format!("Have {flag} lifted"), Remedy::Advice);
        let consequence = "Block Public Access could not be read with this sign-in. Ask whoever runs the account.";
        return Some(Fix { exposure: Exposure::Account, ..fix }.saying(consequence).with_caution(account_caution()));
    }
    let (kind, whose, exposure) = match lifts.account {
        true => (FixKind::LiftAccountBlock, "the account", Exposure::Account),
        false => (FixKind::LiftBucketBlock, "the bucket", Exposure::Bucket),
    };
    let caution = lifts.caution();
    let fix = writing(case, kind, format!("Lift {flag} of {whose}"), exposure, lifts.writes);
    let where_ = if lifts.account { ", in all buckets of the account" } else { "" };
    Some(Fix { caution, ..fix }.saying(format!("Opens {opens}{where_}, not only this file.")))
}

pub(super) fn by_policy(case: &Case<'_>) -> Vec<Fix> {
    let Some(spot) = case.spot() else { return Vec::new() };
    if let Some(Decision::Deny { statement }) = case.policy_says(&spot.key) {
        return denied(case, statement);
    }
    let mut found: Vec<Fix> = Vec::new();
    if case.target.version_id.is_some() && case.evidence.details().is_some() {
        found.extend(super::place::without_version(case));
    }
    found.extend(move_to_open(case));
    found.extend(link(case));
    found.extend(allow_file(case));
    if case.lists_count() == Some(true) {
        found.extend(public_list(case));
    }
    found.extend(allow_folder(case));
    found
}

/// A `Deny` is somebody's intention: it is met where it can be, and removed only knowingly.
fn denied(case: &Case<'_>, index: usize) -> Vec<Fix> {
    let Some(statement) = case.policy.as_ref().and_then(|policy| policy.statements.get(index)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if statement.conditions.iter().any(is_about_tls) {
        found.extend(use_tls(case));
    }
    found.extend(link(case));
    found.extend(remove_statement(case, index));
    found
}

fn is_about_tls(condition: &Condition) -> bool {
    condition.operator.comparison == Comparison::Bool && condition.key.eq_ignore_ascii_case("aws:SecureTransport")
}

fn use_tls(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    let url = case.evidence.ground.url(&spot.bucket, &spot.key);
    let title = "Use the address with https://";
    Some(match url.starts_with("https://") {
        true => super::place::use_address(title, url),
        false => advising(FixKind::UseAddress, title, Remedy::Advice)
            .saying("The bucket policy refuses whatever comes without TLS.")
            .with_caution("This store is reached without TLS here, so the rule cannot be met from this computer."),
    })
}

fn policy_write(before: Option<&str>, after: Option<String>) -> Write {
    Write::Setting {
        kind: SettingKind::Policy,
        before: before.map(|text| SettingValue::Policy(text.to_owned())),
        after: after.map(SettingValue::Policy),
    }
}

fn text<'a>(case: &Case<'a>) -> Option<Option<&'a str>> {
    match &case.evidence.policy {
        Read::Known { value, .. } => Some(value.as_deref()),
        Read::Unreadable { .. } | Read::NotOffered(_) | Read::NotAsked => None,
    }
}

fn remove_statement(case: &Case<'_>, index: usize) -> Option<Fix> {
    let (before, scene) = (text(case)??, case.scene()?);
    let policy = case.policy.as_ref()?;
    let after = match policy.statements.len() {
        1 => None,
        _ => Some(FormEdit::Remove { statement: index }.apply(before, &scene).ok()?),
    };
    let sid = policy.statements.get(index)?.sid.clone();
    let title = format!("Remove the statement {}", sid.unwrap_or_else(|| (index + 1).to_string()));
    let fix = writing(case, FixKind::RemoveDeny, title, Exposure::Bucket, vec![policy_write(Some(before), after)]);
    let caution = "Somebody refused this on purpose, and the statement may protect more than this file. Read it first.";
    Some(fix.saying("Whatever the other rules open is open again.").with_caution(caution))
}

/// Anyone may do what is asked for, with these files.
fn allowing(case: &Case<'_>, place: &Place) -> Option<Statement> {
    let scene = case.scene()?;
    let action = if case.target.version_id.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
    Some(Statement {
        sid: None,
        effect: Effect::Allow,
        principal: PrincipalMatch::everyone(),
        action: ActionMatch::Only(vec![action.to_owned()]),
        resource: ResourceMatch::Only(vec![place.resource(&scene)]),
        conditions: Vec::new(),
        source: Source::default(),
    })
}

fn allow(case: &Case<'_>, place: &Place, lifts: Lifts) -> Option<Vec<Write>> {
    let before = text(case)?;
    let after = insert(before.unwrap_or_default(), &[allowing(case, place)?], &case.scene()?).ok()?;
    let mut writes = lifts.writes;
    writes.push(policy_write(before, Some(after)));
    Some(writes)
}

/// In a pattern `*` and `?` stand for anything; a key that holds them is written with policy variables.
fn literal(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for c in key.chars() {
        match c {
            '*' | '?' | '$' => out.push_str(&format!("${{{c}}}")),
            c => out.push(c),
        }
    }
    out
}

/// The narrowest statement: this file alone.
fn allow_file(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    if is_blocked_by_owner(case) {
        return None;
    }
    let lifts = Lifts::for_policy(case.evidence);
    let consequence = format!("Opens this one file to anyone, for as long as the statement is there.{}", lifts.words());
    let (caution, exposure) = (lifts.caution(), lifts.exposure(Exposure::RuleForThisFile));
    let writes = allow(case, &Place::File(literal(&spot.key)), lifts)?;
    let fix = writing(case, FixKind::AllowFile, "Open this one file", exposure, writes);
    Some(Fix { caution, ..fix }.saying(consequence))
}

/// Everything beneath the folder of the file.
fn allow_folder(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    if is_blocked_by_owner(case) || case.target.version_id.is_some() {
        return None;
    }
    let folder = spot.key.rfind('/').map_or("", |at| &spot.key[..=at]);
    let files = case.evidence.folder.known().copied();
    let lifts = Lifts::for_policy(case.evidence);
    let (title, place, exposure) = match folder {
        "" => ("Open the whole bucket".to_owned(), Place::AllFiles, Exposure::Bucket),
        folder => (format!("Open {folder} as well"), Place::Under(literal(folder)), Exposure::Folder),
    };
    let counted = match files {
        Some(count) => {
            let more = if count.more { "more than " } else { "" };
            let under = if folder.is_empty() { String::new() } else { format!(" under {folder}") };
            format!("{more}{}{under}", crate::domain::format::counted(count.files, "file", "files"))
        }
        None if folder.is_empty() => "every file".to_owned(),
        None => format!("all files under {folder}"),
    };
    let consequence = format!("Opens {counted} to anyone, and what is put there later.{}", lifts.words());
    let (caution, exposure) = (lifts.caution(), lifts.exposure(exposure));
    let writes = allow(case, &place, lifts)?;
    let fix = writing(case, FixKind::AllowFolder, title, exposure, writes);
    Some(Fix { files, caution, ..fix }.saying(consequence))
}

/// A policy does not reach files of other accounts.
fn is_blocked_by_owner(case: &Case<'_>) -> bool {
    case.lists_count() != Some(false) && crate::domain::check::predict::is_foreign(case.evidence) == Some(true)
}

/// The file's own list opens it; only where lists count.
fn public_list(case: &Case<'_>) -> Option<Fix> {
    let before = case.evidence.object_acl.known()?.clone();
    let mut after = Acl { others: before.others.clone(), ..before.clone() };
    let grant = Grant { grantee: Grantee::AllUsers, permission: Permission::Read };
    after.grants.0.retain(|it| it.grantee != Grantee::AuthenticatedUsers);
    if !after.grants.0.contains(&grant) {
        after.grants.0.push(grant);
    }
    let lifts = Lifts::for_list(case.evidence);
    let consequence = format!("Opens this one file to anyone, by its own access list.{}", lifts.words());
    let (caution, exposure) = (lifts.caution(), lifts.exposure(Exposure::RuleForThisFile));
    let mut writes = lifts.writes;
    writes.push(Write::ObjectAcl { before, after });
    let fix = writing(case, FixKind::PublicAcl, "Open it by its access list", exposure, writes);
    Some(Fix { caution, ..fix }.saying(consequence))
}

pub(super) fn by_list(case: &Case<'_>) -> Vec<Fix> {
    let mut found: Vec<Fix> = link(case).into_iter().collect();
    found.extend(allow_file(case));
    match case.lists_count() {
        Some(true) => found.extend(public_list(case)),
        Some(false) => found.extend(count_lists(case)),
        None => {}
    }
    found
}

/// Lists that were stored before count again.
fn count_lists(case: &Case<'_>) -> Option<Fix> {
    let before = (*case.evidence.ownership.known()?)?;
    let lifts = Lifts::for_list(case.evidence);
    let mut writes = vec![Write::Setting {
        kind: SettingKind::Ownership,
        before: Some(SettingValue::Ownership(before)),
        after: Some(SettingValue::Ownership(ObjectOwnership::BucketOwnerPreferred)),
    }];
    let words = lifts.words();
    writes.extend(lifts.writes);
    let fix = writing(case, FixKind::CountAcls, "Let access lists count again", Exposure::Bucket, writes);
    let caution = "Every list that was ever stored in this bucket counts again. A statement for this file opens less.";
    Some(fix.saying(format!("Opens every file whose own list says so.{words}")).with_caution(caution))
}

/// All files belong to the bucket's owner, and the policy reaches them.
pub(super) fn enforce_owner(case: &Case<'_>) -> Option<Fix> {
    let before = *case.evidence.ownership.known()?;
    let list = case.evidence.bucket_acl.known()?;
    let mut writes = Vec::new();
    if list.grants_to_others() {
        // Amazon refuses to switch lists off while the bucket's own list lets others in.
        let owner = list.owner.clone().unwrap_or_default();
        let private = Acl::of_canned(crate::domain::public_access::CannedAcl::Private, &owner, &owner);
        writes.push(Write::Setting {
            kind: SettingKind::Acl,
            before: Some(SettingValue::Acl(list.clone())),
            after: Some(SettingValue::Acl(private)),
        });
    }
    writes.push(Write::Setting {
        kind: SettingKind::Ownership,
        before: before.map(SettingValue::Ownership),
        after: Some(SettingValue::Ownership(ObjectOwnership::BucketOwnerEnforced)),
    });
    let fix = writing(case, FixKind::EnforceOwner, "Make all files the bucket owner’s", Exposure::Bucket, writes);
    let consequence = "The bucket policy reaches the files of other accounts too, and access lists stop counting.";
    Some(fix.saying(consequence).with_caution("Files that are open only by their lists close."))
}

pub(super) fn owner_pays(case: &Case<'_>) -> Option<Fix> {
    let payer = case.evidence.payer.known()?;
    let writes = vec![Write::Setting {
        kind: SettingKind::RequestPayment,
        before: Some(SettingValue::RequestPayment(*payer)),
        after: Some(SettingValue::RequestPayment(Payer::BucketOwner)),
    }];
    let fix = writing(case, FixKind::OwnerPays, "Let the bucket’s owner pay", Exposure::Bucket, writes);
    Some(fix.saying(
        "Opens what the rules of the bucket open. Its account pays for every request and every byte from then on.",
    ))
}

pub(super) fn allow_origin(case: &Case<'_>) -> Vec<Fix> {
    let (Some(question), Some(_)) = (case.origin_asks(), case.spot()) else { return elsewhere() };
    let before = match &case.evidence.cors {
        Read::Known { value, .. } => value.clone(),
        Read::Unreadable { .. } | Read::NotOffered(_) | Read::NotAsked => return elsewhere(),
    };
    if cors::judge(&before, question).is_ok() {
        return elsewhere();
    }
    let after = cors::with_rule_for(&before, question);
    let writes = vec![Write::Setting {
        kind: SettingKind::Cors,
        before: (!before.is_empty()).then_some(SettingValue::Cors(before)),
        after: Some(SettingValue::Cors(after)),
    }];
    let title = format!("Let pages of {} use it", question.origin);
    let fix = writing(case, FixKind::AllowOrigin, title, Exposure::Nothing, writes);
    vec![fix.saying("Adds a CORS rule. It gives nobody a file who could not fetch it before.")]
}

/// Somebody else answers the browser.
fn elsewhere() -> Vec<Fix> {
    let fix = advising(FixKind::Elsewhere, "Let the CDN pass the origin on", Remedy::Advice);
    vec![fix.saying("What stands before the store has to forward Origin, and to keep answers for each origin apart.")]
}
