//! What a stranger would be answered, from the settings: in every world that what could not be read leaves possible.
//!
//! A setting that could not be read may be either way. So each way is tried, the one that lets more in first, and what all
//! of them agree on is certain; what they disagree on depends on the settings that were not read. What was observed rules
//! worlds out.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use super::diagnosis::Predicted;
use super::evidence::{BucketFound, Evidence, ObjectFound, Read};
use super::layer::Layer;
use super::target::{Spot, Target};
use crate::domain::bucket_settings::{Acl, Payer};
use crate::domain::object::ObjectDetails;
use crate::domain::policy::{AnonymousRequest, Comparison, Condition, Policy, template};
use crate::domain::public_access::{
    self, AnonymousGet, BlockPublicAccess, BpaLevel, BucketFacts, Encryption, Facts, Grant, Grantee, Grants,
    ObjectFacts, ObjectOwnership, ObjectState, Permission, Verdict, decide_anonymous_get,
};

/// An address that no document names as an example.
const ELSEWHERE: &str = "93.184.215.14";

/// What may lie under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileState {
    Missing,
    Deleted,
    There { archived: bool, encryption: Encryption },
}

/// Every setting, one way or the other.
#[derive(Debug, Clone)]
struct World<'a> {
    account: BlockPublicAccess,
    bucket: BlockPublicAccess,
    ownership: ObjectOwnership,
    policy: Option<&'a Policy>,
    bucket_acl: &'a Grants,
    object_acl: &'a Grants,
    payer: Payer,
    file: FileState,
    is_owned: bool,
    ip: Option<IpAddr>,
    /// Which way was taken where there was a choice.
    choices: Vec<(Layer, usize)>,
}

/// A world's choices, and what a stranger is answered there.
#[derive(Debug)]
struct Outcome {
    choices: Vec<(Layer, usize)>,
    verdict: Verdict,
}

/// The answers of all worlds.
#[derive(Debug)]
pub(super) struct Forecast(Vec<Outcome>);

/// Asks every world.
pub(super) fn forecast(target: &Target, spot: &Spot, evidence: &Evidence, policy: Option<&Policy>) -> Forecast {
    if matches!(evidence.bucket.known(), Some(BucketFound::Missing)) {
        let facts = Facts { bucket: None, object: ObjectState::Missing, get: AnonymousGet::default() };
        return Forecast(vec![Outcome { choices: Vec::new(), verdict: decide_anonymous_get(&facts) }]);
    }
    let some_policy = Policy::new(vec![template::public_read(&spot.bucket, evidence.ground.partition(), None)]);
    let policies = match policy {
        Some(policy) => vec![Some(policy)],
        // A text that cannot be read may say anything.
        None if is_policy_open(&evidence.policy) => vec![Some(&some_policy), None],
        None => vec![None],
    };
    let (bucket_lists, object_lists) = (lists(&evidence.bucket_acl), lists(&evidence.object_acl));
    let private = Grants::private();
    let blank = World {
        account: BlockPublicAccess::NONE,
        bucket: BlockPublicAccess::NONE,
        ownership: ObjectOwnership::ObjectWriter,
        policy: None,
        bucket_acl: &private,
        object_acl: &private,
        payer: Payer::BucketOwner,
        file: FileState::Missing,
        is_owned: true,
        ip: None,
        choices: Vec::new(),
    };
    let bucket_block = evidence.bucket_block.clone().map(Option::unwrap_or_default);
    let ownership = evidence.ownership.clone().map(|own| own.unwrap_or(ObjectOwnership::ObjectWriter));
    let block = [BlockPublicAccess::NONE, BlockPublicAccess::ALL];
    let own = [ObjectOwnership::ObjectWriter, ObjectOwnership::BucketOwnerEnforced];
    let pays = [Payer::BucketOwner, Payer::Requester];
    let mut worlds = vec![blank];
    spread(&mut worlds, Layer::AccountBlock, &ways(&evidence.account_block, block), |it, to| it.account = to);
    spread(&mut worlds, Layer::BucketBlock, &ways(&bucket_block, block), |it, to| it.bucket = to);
    spread(&mut worlds, Layer::FilePermissions, &ways(&ownership, own), |it, to| it.ownership = to);
    spread(&mut worlds, Layer::Policy, &policies, |it, to| it.policy = to);
    spread(&mut worlds, Layer::Policy, &addresses(evidence, policy), |it, to| it.ip = to);
    spread(&mut worlds, Layer::FilePermissions, &bucket_lists.iter().collect::<Vec<_>>(), |it, to| it.bucket_acl = to);
    spread(&mut worlds, Layer::FilePermissions, &object_lists.iter().collect::<Vec<_>>(), |it, to| it.object_acl = to);
    spread(&mut worlds, Layer::Payer, &ways(&evidence.payer, pays), |it, to| it.payer = to);
    spread(&mut worlds, Layer::File, &files(evidence), |it, to| it.file = to);
    spread(&mut worlds, Layer::Owner, &owned(evidence), |it, to| it.is_owned = to);
    let get = request(target, spot, evidence);
    let answered = worlds.into_iter().map(|world| Outcome {
        verdict: decide_anonymous_get(&world.facts(spot, evidence, &get)),
        choices: world.choices,
    });
    Forecast(answered.collect())
}

/// Every world with every way.
fn spread<'a, T: Clone>(worlds: &mut Vec<World<'a>>, layer: Layer, ways: &[T], set: impl Fn(&mut World<'a>, T)) {
    let before = std::mem::take(worlds);
    for world in before {
        for (way, value) in ways.iter().enumerate() {
            let mut next = world.clone();
            set(&mut next, value.clone());
            if ways.len() > 1 {
                next.choices.push((layer, way));
            }
            worlds.push(next);
        }
    }
}

/// What is known, or else both; what the store does not have is as the first.
fn ways<T: Clone>(read: &Read<T>, both: [T; 2]) -> Vec<T> {
    match read.known() {
        Some(known) => vec![known.clone()],
        None if read.is_open() => both.to_vec(),
        None => both.into_iter().take(1).collect(),
    }
}

fn is_policy_open(read: &Read<Option<String>>) -> bool {
    read.is_open() || read.known().is_some_and(Option::is_some)
}

fn lists(read: &Read<Acl>) -> Vec<Grants> {
    let public = Grants(vec![Grant { grantee: Grantee::AllUsers, permission: Permission::Read }]);
    match read.known() {
        Some(acl) => vec![acl.grants.clone()],
        None if read.is_open() => vec![public, Grants::private()],
        None => vec![Grants::private()],
    }
}

fn files(evidence: &Evidence) -> Vec<FileState> {
    let plain = FileState::There { archived: false, encryption: Encryption::SseS3 };
    match evidence.object.known() {
        Some(ObjectFound::Missing) => vec![FileState::Missing],
        Some(ObjectFound::Deleted { .. }) => vec![FileState::Deleted],
        Some(ObjectFound::CustomerKey) => {
            vec![FileState::There { archived: false, encryption: Encryption::CustomerKey }]
        }
        Some(ObjectFound::Present(details)) => {
            vec![FileState::There { archived: details.is_archived(), encryption: encryption(details) }]
        }
        None => vec![plain, FileState::Missing],
    }
}

fn encryption(details: &ObjectDetails) -> Encryption {
    match details.encryption.as_deref() {
        Some("aws:kms") => Encryption::Kms,
        Some("aws:kms:dsse") => Encryption::KmsDsse,
        _ => Encryption::SseS3,
    }
}

/// Whose the file is, which matters while lists count. Whoever owns the bucket may read the lists of its own files.
fn owned(evidence: &Evidence) -> Vec<bool> {
    match is_foreign(evidence) {
        Some(foreign) => vec![!foreign],
        None if matches!(evidence.object_acl, Read::Unreadable { .. }) => vec![true, false],
        None => vec![true],
    }
}

/// Whether the file belongs to another account than its bucket, where both lists tell.
pub(super) fn is_foreign(evidence: &Evidence) -> Option<bool> {
    let owner = |read: &Read<Acl>| read.known().and_then(|acl| acl.owner.clone());
    let (bucket, object) = (owner(&evidence.bucket_acl)?, owner(&evidence.object_acl)?);
    Some(bucket != object)
}

/// Where the request may come from. Which address a store in the internet sees is not known here.
fn addresses(evidence: &Evidence, policy: Option<&Policy>) -> Vec<Option<IpAddr>> {
    if evidence.ground.is_local() {
        return vec!["127.0.0.1".parse().ok()];
    }
    let conditions = policy.into_iter().flat_map(|policy| &policy.statements).flat_map(|it| &it.conditions);
    let nets = conditions.filter(|condition| condition.operator.comparison == Comparison::IpAddress).flat_map(nets);
    let named: BTreeSet<IpAddr> = nets.map(|net| net.network()).collect();
    ELSEWHERE.parse().into_iter().chain(named).map(Some).take(4).collect()
}

fn nets(condition: &Condition) -> impl Iterator<Item = IpNet> {
    condition.values.iter().filter_map(|value| {
        let text = value.as_text();
        text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
    })
}

fn request<'a>(target: &Target, spot: &'a Spot, evidence: &Evidence) -> AnonymousGet<'a> {
    AnonymousGet {
        key: &spot.key,
        versioned: target.version_id.is_some(),
        overrides_response: target.overrides_response,
        request: stranger(target, spot, evidence),
    }
}

/// What is known of the request that is made.
pub(super) fn stranger(target: &Target, spot: &Spot, evidence: &Evidence) -> AnonymousRequest {
    let url = target.url().map_or_else(|| evidence.ground.url(&spot.bucket, &spot.key), str::to_owned);
    let https = url.starts_with("https://");
    let loopback = evidence.ground.is_local().then(|| "127.0.0.1".parse().ok()).flatten();
    AnonymousRequest {
        ip: loopback.or_else(|| ELSEWHERE.parse().ok()),
        https,
        tls_version: https.then(|| "1.3".to_owned()),
        user_agent: Some("brimful".to_owned()),
        now: Some(evidence.at),
        ..AnonymousRequest::default()
    }
}

impl World<'_> {
    fn facts<'a>(&'a self, spot: &'a Spot, evidence: &Evidence, get: &AnonymousGet<'a>) -> Facts<'a> {
        let object = match self.file {
            FileState::Missing => ObjectState::Missing,
            FileState::Deleted => ObjectState::DeleteMarker,
            FileState::There { archived, encryption } => ObjectState::Present(ObjectFacts {
                owned_by_bucket_owner: self.is_owned,
                acl: self.object_acl,
                archived,
                encryption,
            }),
        };
        let mut get = get.clone();
        get.request.ip = self.ip;
        Facts {
            bucket: Some(BucketFacts {
                name: &spot.bucket,
                partition: evidence.ground.partition(),
                organization: BlockPublicAccess::NONE,
                account: self.account,
                bucket: self.bucket,
                ownership: self.ownership,
                acl: self.bucket_acl,
                policy: self.policy,
                requester_pays: self.payer == Payer::Requester,
            }),
            object,
            get,
        }
    }
}

impl Forecast {
    /// What all worlds agree on.
    pub(super) fn predicted(&self) -> Predicted {
        let verdicts = || self.0.iter().map(|outcome| &outcome.verdict);
        let Some(first) = verdicts().next() else { return Predicted::Unknown { depends_on: Vec::new() } };
        if verdicts().all(Verdict::is_ok) {
            return Predicted::Served { reason: first.reason.clone() };
        }
        if verdicts().any(Verdict::is_ok) {
            return Predicted::Unknown { depends_on: self.depends_on() };
        }
        let same = verdicts().all(|verdict| verdict.outcome.status() == first.outcome.status());
        Predicted::Refused {
            status: same.then(|| first.outcome.status()),
            layer: self.layer(None),
            reason: first.reason.clone(),
        }
    }

    /// The layers on which it depends whether the file is handed out.
    fn depends_on(&self) -> Vec<Layer> {
        let choices = self.0.first().map_or(0, |outcome| outcome.choices.len());
        let mut found = BTreeSet::new();
        for at in 0..choices {
            let answers = |way: usize| -> BTreeSet<bool> {
                let taken = self.0.iter().filter(|outcome| outcome.choices.get(at).is_some_and(|it| it.1 == way));
                taken.map(|outcome| outcome.verdict.is_ok()).collect()
            };
            let layer = self.0.iter().find_map(|outcome| outcome.choices.get(at).map(|it| it.0));
            if answers(0) != answers(1) {
                found.extend(layer);
            }
        }
        found.into_iter().collect()
    }

    /// The one layer that refuses in all worlds, or in all with this answer. Where even the world refuses in which all that
    /// was not read is at its most generous, what was read is reason enough.
    pub(super) fn layer(&self, status: Option<u16>) -> Option<Layer> {
        let generous = self.0.first().map(|outcome| &outcome.verdict);
        if let Some(verdict) = generous.filter(|verdict| !verdict.is_ok()) {
            return layer_of(verdict.layer);
        }
        let mut layers = self.refusing(status).into_iter();
        let only = layers.next();
        only.filter(|_| layers.next().is_none())
    }

    /// Every layer that refuses in some world with this answer, where an answer is given.
    pub(super) fn refusing(&self, status: Option<u16>) -> BTreeSet<Layer> {
        let fits =
            |verdict: &&Verdict| !verdict.is_ok() && status.is_none_or(|status| verdict.outcome.status() == status);
        self.0.iter().map(|outcome| &outcome.verdict).filter(fits).filter_map(|it| layer_of(it.layer)).collect()
    }
}

/// The layer of the check that a verdict's layer belongs to; `None` for what lets in.
const fn layer_of(layer: public_access::Layer) -> Option<Layer> {
    use public_access::Layer as By;
    Some(match layer {
        By::NoBucket | By::Request => Layer::Address,
        By::RequesterPays => Layer::Payer,
        By::PolicyDeny { .. } | By::NoPolicy | By::PolicyNoMatch => Layer::Policy,
        By::ObjectOwner => Layer::Owner,
        By::BlockPublicAccess { level: BpaLevel::Organization | BpaLevel::Account } => Layer::AccountBlock,
        By::BlockPublicAccess { level: BpaLevel::Bucket } => Layer::BucketBlock,
        By::ObjectOwnership => Layer::FilePermissions,
        By::Missing | By::MissingHidden => Layer::File,
        By::Encryption => Layer::Encryption,
        By::Archive => Layer::Archive,
        By::PolicyAllow { .. } | By::Acl => return None,
    })
}
