//! Whose requests a statement is about, in words.

use crate::domain::arn::{Arn, is_account_id};
use crate::domain::policy::evaluate::root_account;
use crate::domain::policy::public::public_reason;
use crate::domain::policy::{Principal, PrincipalMatch, Scene, Statement, Style, Words};

/// Whoever the statement is about, as the start of a sentence.
pub(super) fn subject(statement: &Statement, scene: &Scene<'_>) -> Words {
    let anyone = if public_reason(statement).is_some() { "anyone on the internet" } else { "anyone" };
    match &statement.principal {
        PrincipalMatch::Only(list) if list.iter().any(Principal::is_everyone) => Words::plain(anyone),
        PrincipalMatch::Only(list) => list_words(list, scene),
        PrincipalMatch::Except(list) => Words::plain(format!("{anyone} but ")).and(list_words(list, scene)),
    }
}

/// Identities, divided by commas.
pub(super) fn list_words(list: &[Principal], scene: &Scene<'_>) -> Words {
    Words::list(list.iter().map(|principal| principal_words(principal, scene)), "and")
}

/// One identity, within a sentence: "the role `site-uploader`".
#[must_use]
pub fn principal_words(principal: &Principal, scene: &Scene<'_>) -> Words {
    match principal {
        p if p.is_everyone() => Words::plain("anyone"),
        Principal::Everyone => Words::plain("anyone"),
        Principal::Aws(name) => identity(name, scene),
        Principal::Service(name) => service(name),
        Principal::Federated(name) => Words::plain("anyone signed in with ").with(name, Style::Mono),
        Principal::CanonicalUser(id) => {
            let start: String = id.chars().take(8).collect();
            let cut = if id.chars().count() > 8 { "…" } else { "" };
            Words::plain("the account with the canonical id ").with(format!("{start}{cut}"), Style::Mono)
        }
    }
}

fn account(id: &str, scene: &Scene<'_>) -> Words {
    if scene.owner == Some(id) {
        Words::plain("the bucket's own account")
    } else {
        Words::plain("the account ").with(id, Style::Mono)
    }
}

fn identity(name: &str, scene: &Scene<'_>) -> Words {
    if let Some(id) = root_account(name).or_else(|| is_account_id(name).then_some(name)) {
        return account(id, scene);
    }
    let Ok(arn) = name.parse::<Arn>() else {
        return match name.get(..4) {
            Some("AIDA") => Words::plain("a deleted user ").with(name, Style::Mono),
            Some("AROA") => Words::plain("a deleted role ").with(name, Style::Mono),
            _ => Words::plain("the account ").with(name, Style::Mono),
        };
    };
    let last = arn.resource.rsplit('/').next().unwrap_or_default();
    let named = |kind: &str, name: &str| Words::plain(format!("the {kind} ")).with(name, Style::Mono);
    // Whoever is of the bucket's own account needs no account named.
    let of = |words: Words| {
        if scene.owner == Some(arn.account.as_str()) {
            words
        } else {
            words.then(" of the account ").with(&arn.account, Style::Mono)
        }
    };
    let mut parts = arn.resource.split('/');
    match (parts.next(), parts.next()) {
        (Some("user"), _) if arn.account == "cloudfront" => {
            named("CloudFront identity", last.rsplit(' ').next().unwrap_or(last))
        }
        (Some("user"), _) => of(named("user", last)),
        (Some("role"), _) => of(named("role", last)),
        (Some("assumed-role"), Some(role)) => of(named("session", last).and(named("role", role).after(" of "))),
        (Some("federated-user"), _) => of(named("federated user", last)),
        _ => Words::mono(name),
    }
}

impl Words {
    fn after(self, text: &str) -> Self {
        Self::plain(text).and(self)
    }
}

fn service(name: &str) -> Words {
    match name {
        "cloudfront.amazonaws.com" => Words::plain("CloudFront"),
        "logging.s3.amazonaws.com" => Words::plain("the S3 log delivery"),
        name => Words::plain("the AWS service ").with(name, Style::Mono),
    }
}
