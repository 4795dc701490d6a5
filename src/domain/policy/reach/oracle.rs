//! One policy's answers to many requests: each part of each statement is held against each request once.
//!
//! It answers as [`ask`](super::ask) does (a test holds both against each other), a thousand times as fast.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Answer, Asker, Cast, DeedClass, Situation, Spots, Surroundings, Verdict, asker, mends_policy};
use crate::domain::permission::Layers;
use crate::domain::policy::evaluate::{condition_holds, principal_matches, resource_matches};
use crate::domain::policy::{Effect, Policy, RequestContext, RequestPrincipal, Statement, is_public};
use crate::domain::public_access::{
    AclAnswer, AclOf, BlockLevels, BlockPublicAccess, ObjectOwnership, acl_answer, acl_for_action,
};

/// One bit for each statement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mask(Vec<u64>);

impl Mask {
    fn of<'s>(statements: &'s [Statement], holds: impl Fn(&'s Statement) -> bool) -> Self {
        let mut words = vec![0_u64; statements.len().div_ceil(64)];
        for (index, statement) in statements.iter().enumerate() {
            if let Some(word) = words.get_mut(index / 64).filter(|_| holds(statement)) {
                *word |= 1 << (index % 64);
            }
        }
        Self(words)
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    /// The statements in all of these, in order.
    fn all<'m>(masks: [&'m Self; 4]) -> impl Iterator<Item = usize> + 'm {
        let [a, b, c, d] = masks;
        a.0.iter().zip(&b.0).zip(&c.0).zip(&d.0).enumerate().flat_map(|(at, (((a, b), c), d))| {
            let mut word = a & b & c & d;
            std::iter::from_fn(move || {
                let bit = usize::try_from(word.trailing_zeros()).ok().filter(|_| word != 0)?;
                word &= word - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

/// An answer without its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::policy) struct Quick {
    pub(in crate::domain::policy) answer: Answer,
    /// The statement that decided, counted from 0.
    pub(in crate::domain::policy) statement: Option<usize>,
    /// Whether a statement refuses it.
    pub(in crate::domain::policy) denied: bool,
}

impl From<&Verdict> for Quick {
    fn from(verdict: &Verdict) -> Self {
        Self { answer: verdict.answer, statement: verdict.statement, denied: verdict.denied }
    }
}

/// What requests are made of.
#[derive(Debug, Clone, Copy)]
pub(in crate::domain::policy) struct Grid<'a> {
    pub(in crate::domain::policy) around: &'a Surroundings<'a>,
    pub(in crate::domain::policy) classes: &'a [DeedClass],
    pub(in crate::domain::policy) spots: &'a Spots,
    pub(in crate::domain::policy) situations: &'a [Situation],
}

/// One policy, prepared for the requests of a grid.
pub(in crate::domain::policy) struct Oracle<'a> {
    grid: Grid<'a>,
    policy: Option<&'a Policy>,
    actions: Vec<Mask>,
    spots: Vec<Mask>,
    bucket: Mask,
    allows: Mask,
    denies: Mask,
    /// Statements whose resources depend on who asks.
    variable: Vec<usize>,
    /// Whether outsiders are kept out because the policy is public.
    restricts: bool,
    /// Whether a condition looks at who asks, so that nobody's terms stand for another's.
    personal: bool,
    terms: RefCell<Vec<(Kind, Rc<Terms>)>>,
}

/// Askers of one kind come with the same keys, but for their names.
type Kind = (std::mem::Discriminant<RequestPrincipal>, bool);

/// For each situation: the statements whose conditions hold in it, and the request they were held against;
/// `None` where an asker of the kind cannot be in it.
type Terms = Vec<Option<(Mask, RequestContext)>>;

/// The policy's answers to one asker.
pub(in crate::domain::policy) struct Hearing<'o> {
    oracle: &'o Oracle<'o>,
    cast: &'o Cast,
    /// For each situation: the statements that are about this asker in it.
    about: Vec<Option<(Mask, RequestContext)>>,
}

impl<'a> Oracle<'a> {
    pub(in crate::domain::policy) fn new(policy: Option<&'a Policy>, grid: Grid<'a>) -> Self {
        let statements = policy.map(|policy| policy.statements.as_slice()).unwrap_or_default();
        let first = |class: &DeedClass| class.actions.first().cloned().unwrap_or_default();
        let version = policy.map(Policy::effective_version).unwrap_or(crate::domain::policy::Version::V2012);
        let covers = |resource: &str| {
            let request = request(RequestPrincipal::Anonymous, resource, crate::domain::policy::ContextKeys::new());
            Mask::of(statements, |statement| resource_matches(&statement.resource, version, &request))
        };
        let has_variable =
            |statement: &Statement| statement.resource.named().iter().any(|resource| resource.contains("${"));
        let Layers { organization_block, account_block, bucket_block, .. } = grid.around.layers;
        let restricts =
            [organization_block, account_block, bucket_block].into_iter().flatten().any(|b| b.restrict_public_buckets);
        Self {
            policy,
            actions: grid
                .classes
                .iter()
                .map(|class| Mask::of(statements, |statement| statement.action.covers(&first(class))))
                .collect(),
            spots: grid.spots.all.iter().map(|spot| covers(&spot.resource)).collect(),
            bucket: covers(&grid.around.scene.bucket_arn()),
            allows: Mask::of(statements, |statement| statement.effect == Effect::Allow),
            denies: Mask::of(statements, |statement| statement.effect == Effect::Deny),
            variable: (0..statements.len()).filter(|&at| statements.get(at).is_some_and(has_variable)).collect(),
            restricts: restricts && policy.is_some_and(|policy| is_public(policy).public),
            personal: asker::names_principals(&statements.iter().collect::<Vec<_>>()),
            terms: RefCell::default(),
            grid,
        }
    }

    /// Hears one asker.
    pub(in crate::domain::policy) fn hear<'o>(&'o self, cast: &'o Cast) -> Hearing<'o> {
        let statements = self.policy.map(|policy| policy.statements.as_slice()).unwrap_or_default();
        let named = Mask::of(statements, |statement| principal_matches(&statement.principal, &cast.principal));
        let about = self
            .terms(cast)
            .iter()
            .map(|terms| {
                let (mask, request) = terms.as_ref()?;
                Some((mask.and(&named), RequestContext { principal: cast.principal.clone(), ..request.clone() }))
            })
            .collect();
        Hearing { oracle: self, cast, about }
    }

    /// The terms of an asker's kind, found out once.
    fn terms(&self, cast: &Cast) -> Rc<Terms> {
        let kind = (std::mem::discriminant(&cast.principal), cast.asker == Asker::OtherAccount);
        let known = self.terms.borrow().iter().find(|(other, _)| *other == kind).map(|(_, terms)| Rc::clone(terms));
        if let Some(terms) = known.filter(|_| !self.personal) {
            return terms;
        }
        let statements = self.policy.map(|policy| policy.statements.as_slice()).unwrap_or_default();
        let version = self.policy.map(Policy::effective_version).unwrap_or(crate::domain::policy::Version::V2012);
        let owner = self.grid.around.scene.owner.unwrap_or(asker::SOME_OWNER);
        let held = |situation: &Situation| {
            let mut keys = situation.keys(cast);
            for key in ["aws:ResourceAccount", "s3:ResourceAccount"] {
                if keys.get(key).is_none() {
                    keys.set(key, owner);
                }
            }
            let request = request(cast.principal.clone(), "", keys);
            let mask = Mask::of(statements, |statement| {
                statement.conditions.iter().all(|condition| condition_holds(condition, version, &request))
            });
            (mask, request)
        };
        let terms: Rc<Terms> = Rc::new(self.grid.situations.iter().map(|s| s.fits(cast).then(|| held(s))).collect());
        self.terms.borrow_mut().push((kind, Rc::clone(&terms)));
        terms
    }

    fn granted_by_list(&self, cast: &Cast, action: &str) -> bool {
        let Layers { organization_block, account_block, bucket_block, ownership, bucket_acl, object_acl, .. } =
            self.grid.around.layers;
        let Some((of, wanted)) = acl_for_action(action) else { return false };
        let list = match of {
            AclOf::Bucket => bucket_acl,
            AclOf::Object => object_acl,
        };
        let Some(list) = list else { return false };
        let block = BlockLevels {
            organization: organization_block.unwrap_or(BlockPublicAccess::NONE),
            account: account_block.unwrap_or(BlockPublicAccess::NONE),
            bucket: bucket_block.unwrap_or(BlockPublicAccess::NONE),
        };
        let ownership = ownership.unwrap_or(ObjectOwnership::ObjectWriter);
        acl_answer(list, wanted, &cast.principal, ownership, block) == AclAnswer::Granted
    }
}

fn request(principal: RequestPrincipal, resource: &str, keys: crate::domain::policy::ContextKeys) -> RequestContext {
    RequestContext { principal, action: String::new(), resource: resource.to_owned(), keys }
}

impl Hearing<'_> {
    /// The answer to one request; `spot` is a place in the list of spots, `None` the bucket itself.
    /// `None` for a situation that this asker cannot be in.
    pub(in crate::domain::policy) fn answer(
        &self,
        class: usize,
        spot: Option<usize>,
        situation: usize,
    ) -> Option<Quick> {
        let oracle = self.oracle;
        let (about, request) = self.about.get(situation)?.as_ref()?;
        let action = oracle.grid.classes.get(class)?.actions.first()?;
        let actions = oracle.actions.get(class)?;
        let covers = match spot {
            Some(spot) => oracle.spots.get(spot)?,
            None => &oracle.bucket,
        };
        let special;
        let covers = if oracle.variable.is_empty() {
            covers
        } else {
            special = self.with_variables(covers, spot, request)?;
            &special
        };
        let first = |effect: &Mask| Mask::all([about, actions, covers, effect]).next();
        if let Some(statement) = first(&oracle.denies) {
            let mends = self.cast.asker == Asker::Owner && mends_policy(action);
            let answer = if mends { Answer::Yes } else { Answer::No };
            return Some(Quick { answer, statement: Some(statement), denied: true });
        }
        let allowed = first(&oracle.allows);
        if allowed.is_some() && !(oracle.restricts && self.is_outsider()) {
            return Some(Quick { answer: Answer::Yes, statement: allowed, denied: false });
        }
        if oracle.granted_by_list(self.cast, action) {
            return Some(Quick { answer: Answer::Yes, statement: None, denied: false });
        }
        Some(Quick { answer: self.cast.without_the_policy(), statement: allowed, denied: false })
    }

    fn is_outsider(&self) -> bool {
        let owner = self.oracle.grid.around.scene.owner.unwrap_or(asker::SOME_OWNER);
        match &self.cast.principal {
            RequestPrincipal::Anonymous => true,
            RequestPrincipal::Account { account_id, .. } => account_id != owner,
            RequestPrincipal::Service { .. } => false,
        }
    }

    /// Where a resource names whoever asks, it has to be held against this very request.
    fn with_variables(&self, covers: &Mask, spot: Option<usize>, request: &RequestContext) -> Option<Mask> {
        let oracle = self.oracle;
        let policy = oracle.policy?;
        let resource = match spot {
            Some(spot) => oracle.grid.spots.all.get(spot)?.resource.clone(),
            None => oracle.grid.around.scene.bucket_arn(),
        };
        let request = RequestContext { resource, ..request.clone() };
        let mut mask = covers.clone();
        for &at in &oracle.variable {
            let statement = policy.statements.get(at)?;
            let bit = 1 << (at % 64);
            let word = mask.0.get_mut(at / 64)?;
            if resource_matches(&statement.resource, policy.effective_version(), &request) {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
        Some(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ask, casts, deed_classes, situations, spots};
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::policy::{Scene, testing};
    use crate::domain::public_access::CannedAcl;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_quick_answer_is_the_judges(
            policy in testing::policies(), restrict in any::<bool>(), lists in any::<bool>(), known in any::<bool>(),
        ) {
            let acl = CannedAcl::PublicRead.grants("owner");
            let block = BlockPublicAccess { restrict_public_buckets: restrict, ..BlockPublicAccess::NONE };
            let ownership = if lists { ObjectOwnership::ObjectWriter } else { ObjectOwnership::BucketOwnerEnforced };
            let around = Surroundings {
                scene: Scene { bucket: "b", partition: Partition::Aws, owner: known.then_some("111122223333") },
                layers: Layers { bucket_block: Some(block), ownership: Some(ownership), bucket_acl: Some(&acl), ..Layers::default() },
                caller: None,
                now: None,
            };
            let policies = [&policy];
            let (classes, spots) = (deed_classes(&policies), spots(&policies, &around.scene));
            let situations = situations(&policies, &around);
            let grid = Grid { around: &around, classes: &classes, spots: &spots, situations: &situations };
            let oracle = Oracle::new(Some(&policy), grid);
            for cast in casts(&policies, &around) {
                let hearing = oracle.hear(&cast);
                for (at, situation) in situations.iter().enumerate().take(8).filter(|(_, s)| s.fits(&cast)) {
                    for (class, deeds) in classes.iter().enumerate() {
                        let places: Vec<Option<usize>> = if deeds.files { (0..spots.all.len()).map(Some).collect() } else { vec![None] };
                        for place in places {
                            let bucket = around.scene.bucket_arn();
                            let resource = place.map_or(bucket.as_str(), |at| spots.all[at].resource.as_str());
                            let asked = ask(Some(&policy), &around, &cast, &deeds.actions[0], resource, situation);
                            prop_assert_eq!(hearing.answer(class, place, at), Some(Quick::from(&asked)), "{:?} {} {}", cast, deeds.actions[0], resource);
                        }
                    }
                }
            }
        }
    }
}
