//! Who asks.

use super::Answer;
use super::Surroundings;
use crate::domain::arn::{Arn, is_account_id};
use crate::domain::policy::evaluate::root_account;
use crate::domain::policy::explain::principal_words;
use crate::domain::policy::{Policy, Principal, RequestPrincipal, Scene, Statement, Words};

/// Stands for the owner's account while it is not known.
pub(super) const SOME_OWNER: &str = "000000000001";
/// Accounts that no policy names; the first that is really not named stands for all others.
const SOME_ACCOUNTS: [&str; 3] = ["000000000002", "000000000003", "000000000004"];

/// Somebody who may ask.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Anyone, without sign-in.
    Anyone,
    /// The root of the account that owns the bucket.
    Owner,
    /// Somebody whom a policy names.
    Named(Principal),
    /// Somebody of an account that no policy names.
    OtherAccount,
}

impl Asker {
    /// The asker in words.
    #[must_use]
    pub fn words(&self, scene: &Scene<'_>) -> Words {
        match self {
            Self::Anyone => Words::plain("anyone"),
            Self::Owner => Words::plain("the account's owner"),
            Self::Named(principal) => principal_words(principal, scene),
            Self::OtherAccount => Words::plain("anyone signed in to another account"),
        }
    }
}

/// An asker as a request shows it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::domain::policy) struct Cast {
    pub(in crate::domain::policy) asker: Asker,
    pub(in crate::domain::policy) principal: RequestPrincipal,
    /// Others whom the policies treat in the same way.
    pub(in crate::domain::policy) likewise: Vec<Asker>,
    /// Of the bucket's own account, of another, or not known.
    own_account: Option<bool>,
}

impl Cast {
    fn new(asker: Asker, principal: RequestPrincipal, own_account: Option<bool>) -> Self {
        Self { asker, principal, likewise: Vec::new(), own_account }
    }

    pub(in crate::domain::policy) const fn is_service(&self) -> bool {
        matches!(self.principal, RequestPrincipal::Service { .. })
    }

    /// What holds while the bucket neither lets in nor refuses.
    pub(super) fn without_the_policy(&self) -> Answer {
        match (&self.asker, self.own_account) {
            (Asker::Owner, _) => Answer::Yes,
            (Asker::Named(_), Some(true) | None) => Answer::Depends,
            _ => Answer::No,
        }
    }

    /// The asker and those treated in the same way.
    pub(in crate::domain::policy) fn everyone(&self) -> impl Iterator<Item = &Asker> {
        std::iter::once(&self.asker).chain(&self.likewise)
    }
}

fn account(id: &str, arn: String) -> RequestPrincipal {
    RequestPrincipal::Account { account_id: id.to_owned(), arn, canonical_id: None }
}

fn root(id: &str, scene: &Scene<'_>) -> RequestPrincipal {
    account(id, format!("arn:{}:iam::{id}:root", scene.partition))
}

impl Cast {
    /// Somebody as their request shows them; `None` for those who send no requests under that name.
    pub(super) fn of(asker: &Asker, around: &Surroundings<'_>) -> Option<Self> {
        let scene = &around.scene;
        match asker {
            Asker::Anyone => Some(Self::new(Asker::Anyone, RequestPrincipal::Anonymous, Some(false))),
            Asker::Owner => Some(Self::new(Asker::Owner, root(scene.owner.unwrap_or(SOME_OWNER), scene), Some(true))),
            Asker::Named(principal) => named(principal, scene),
            Asker::OtherAccount => {
                let [other, ..] = SOME_ACCOUNTS;
                Some(Self::new(Asker::OtherAccount, root(other, scene), Some(false)))
            }
        }
    }
}

/// Everybody who has to be asked about to know what these policies do.
pub(in crate::domain::policy) fn casts(policies: &[&Policy], around: &Surroundings<'_>) -> Vec<Cast> {
    let scene = &around.scene;
    let statements: Vec<&Statement> = policies.iter().flat_map(|policy| &policy.statements).collect();
    let owner = scene.owner.unwrap_or(SOME_OWNER);
    let mut out = vec![
        Cast::new(Asker::Anyone, RequestPrincipal::Anonymous, Some(false)),
        Cast::new(Asker::Owner, root(owner, scene), Some(true)),
    ];
    let names = |id: &str| {
        statements
            .iter()
            .flat_map(|s| s.principal.named())
            .any(|p| matches!(p, Principal::Aws(name) if name.contains(id)))
    };
    let by_name = names_principals(&statements);
    let mut seen: Vec<(Vec<bool>, Option<bool>)> = Vec::new();
    for principal in statements.iter().flat_map(|statement| statement.principal.named()) {
        let Some(cast) = named(principal, scene) else { continue };
        if out.iter().any(|other| other.principal == cast.principal) {
            continue;
        }
        let signature = (
            statements
                .iter()
                .map(|statement| {
                    crate::domain::policy::evaluate::principal_matches(&statement.principal, &cast.principal)
                })
                .collect(),
            cast.own_account,
        );
        // Where conditions look at the name, nobody stands for anybody else.
        let like = seen.iter().position(|other| *other == signature).filter(|_| !by_name && !cast.is_service());
        match like.and_then(|at| out.get_mut(at + 2)) {
            Some(other) if !other.is_service() => other.likewise.push(cast.asker),
            _ => {
                seen.push(signature);
                out.push(cast);
            }
        }
    }
    let other = SOME_ACCOUNTS.iter().find(|id| !names(id) && **id != owner).copied().unwrap_or("000000000005");
    out.push(Cast::new(Asker::OtherAccount, root(other, scene), Some(false)));
    out
}

/// Whether conditions or resources look at who asks.
pub(super) fn names_principals(statements: &[&Statement]) -> bool {
    let looks = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["aws:principal", "aws:user"].iter().any(|start| text.contains(start))
    };
    statements.iter().any(|statement| {
        statement.conditions.iter().any(|c| looks(&c.key) || c.values.iter().any(|v| looks(&v.as_text())))
            || statement.resource.named().iter().any(|resource| looks(resource))
    })
}

/// Somebody whom a policy names, as a request shows them. Identity providers and identities that were
/// deleted send no requests under these names.
fn named(principal: &Principal, scene: &Scene<'_>) -> Option<Cast> {
    let own = |id: &str| scene.owner.map(|owner| owner == id);
    let (request, own_account) = match principal {
        p if p.is_everyone() => return None,
        Principal::Everyone | Principal::Federated(_) => return None,
        Principal::Aws(name) => match root_account(name).or_else(|| is_account_id(name).then_some(name.as_str())) {
            Some(id) => (root(id, scene), own(id)),
            None => {
                let arn: Arn = name.parse().ok()?;
                (account(&arn.account, name.clone()), own(&arn.account))
            }
        },
        Principal::Service(name) => (RequestPrincipal::Service { name: name.clone() }, Some(false)),
        Principal::CanonicalUser(id) => (
            RequestPrincipal::Account {
                account_id: "000000000006".to_owned(),
                arn: format!("arn:{}:iam::000000000006:root", scene.partition),
                canonical_id: Some(id.clone()),
            },
            None,
        ),
    };
    Some(Cast::new(Asker::Named(principal.clone()), request, own_account))
}
