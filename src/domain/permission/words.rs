//! The sentences of a judgement.

use super::Layers;
use crate::domain::policy::{RequestContext, RequestPrincipal};
use crate::domain::public_access::{AclOf, BpaLevel, statement_words};

/// Who asks, as a sentence names them.
fn who(principal: &RequestPrincipal) -> String {
    match principal {
        RequestPrincipal::Anonymous => "anyone".to_owned(),
        RequestPrincipal::Account { account_id, arn, .. } if is_root(arn) => format!("the account {account_id}"),
        RequestPrincipal::Account { arn, .. } => arn.clone(),
        RequestPrincipal::Service { name } => name.clone(),
    }
}

fn is_root(arn: &str) -> bool {
    arn.ends_with(":root")
}

/// What an identity of an account still needs from that account.
fn proviso(layers: &Layers<'_>, principal: &RequestPrincipal) -> &'static str {
    match principal {
        RequestPrincipal::Account { account_id, arn, .. }
            if !is_root(arn) && layers.owner_account != Some(account_id) =>
        {
            ", if the rules of its own account allow it too"
        }
        _ => "",
    }
}

const fn list(of: AclOf) -> &'static str {
    match of {
        AclOf::Bucket => "The bucket's access control list",
        AclOf::Object => "The file's access control list",
    }
}

pub(super) fn denied(layers: &Layers<'_>, statement: usize) -> String {
    format!("{} refuses it", statement_words(layers.policy, statement))
}

pub(super) fn allowed(layers: &Layers<'_>, request: &RequestContext, statement: usize) -> String {
    let (statement, who) = (statement_words(layers.policy, statement), who(&request.principal));
    format!("{statement} lets {who} in{}", proviso(layers, &request.principal))
}

pub(super) fn listed(layers: &Layers<'_>, request: &RequestContext, of: AclOf) -> String {
    let not_judged = if layers.ownership.is_none() { "; whether lists count was not given" } else { "" };
    let (who, proviso) = (who(&request.principal), proviso(layers, &request.principal));
    format!("{} lets {who} in{proviso}{not_judged}", list(of))
}

pub(super) fn owned(request: &RequestContext) -> String {
    let who = match &request.principal {
        RequestPrincipal::Account { account_id, .. } => format!("the account {account_id}"),
        other => who(other),
    };
    format!("The file belongs to {who}, whose own rules decide")
}

pub(super) fn of_another(layers: &Layers<'_>, request: &RequestContext, statement: usize) -> String {
    let (statement, who) = (statement_words(layers.policy, statement), who(&request.principal));
    format!("{statement} would let {who} in, but the file belongs to another account")
}

pub(super) fn restricted(layers: &Layers<'_>, request: &RequestContext, statement: usize, level: BpaLevel) -> String {
    let (statement, who) = (statement_words(layers.policy, statement), who(&request.principal));
    let unknown = match (&request.principal, layers.owner_account) {
        (RequestPrincipal::Account { .. }, None) => ", and which account that is was not given",
        _ => "",
    };
    let level = level.words();
    format!(
        "{statement} would let {who} in, but RestrictPublicBuckets of {level} leaves a public policy to AWS services \
         and the bucket owner's account{unknown}"
    )
}

pub(super) fn lists_are_off(request: &RequestContext, of: AclOf) -> String {
    format!("{} would let {} in, but ACLs are off", list(of), who(&request.principal))
}

pub(super) fn ignored(request: &RequestContext, of: AclOf, level: BpaLevel) -> String {
    let (list, who, level) = (list(of), who(&request.principal), level.words());
    format!("{list} would let {who} in, but IgnorePublicAcls of {level} sets it aside")
}

pub(super) fn nothing(layers: &Layers<'_>, request: &RequestContext) -> String {
    let who = who(&request.principal);
    match (&request.principal, layers.owner_account) {
        (RequestPrincipal::Account { account_id, .. }, Some(owner)) if account_id == owner => {
            "The policy allows nothing by itself; the account's own rules may".to_owned()
        }
        (RequestPrincipal::Account { account_id, .. }, None) => format!(
            "Nothing lets {who} in; if the bucket belongs to the account {account_id}, the account's own rules may"
        ),
        _ if layers.policy.is_some() => format!("No statement of the policy lets {who} in"),
        _ => format!("The bucket has no policy that lets {who} in"),
    }
}
