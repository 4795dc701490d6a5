//! Fixes that lead elsewhere: another address, another key, a link.

use super::super::reports::sides;
use super::{Case, Exposure, Fix, FixKind, Remedy, Undo, Write, advising, etag, lines, writing};
use crate::domain::check::case;
use crate::domain::check::evidence::{NoAnswer, ObjectFound, Observed};
use crate::domain::check::reports::policy::opened;
use crate::domain::object_url::Form;
use crate::domain::policy::{ContextKeys, Decision, RequestPrincipal, evaluate};

/// The address to hand out.
pub(super) fn use_address(title: &str, url: String) -> Fix {
    let cli = format!("curl --head {}", crate::domain::shell::quote(&url));
    let fix = advising(FixKind::UseAddress, title, Remedy::Address(url.clone()));
    Fix { address: Some(url), cli, ..fix }.saying("Nothing changes in the store. Correct the address where it is used.")
}

pub(super) fn address(case: &Case<'_>) -> Vec<Fix> {
    let Some(spot) = case.spot() else {
        return vec![
            advising(FixKind::Elsewhere, "Correct the address", Remedy::Advice)
                .saying("Only the host itself, or whoever runs it, can tell what it leads to."),
        ];
    };
    let ground = &case.evidence.ground;
    if case.is_bucket_missing() {
        let fix = advising(FixKind::Elsewhere, "Correct the bucket’s name or the store", Remedy::Advice);
        return vec![
            fix.saying("The name is unique in the whole partition: a letter may differ, or the bucket was deleted."),
        ];
    }
    let region = sides::other_region(case).map(|(there, _)| there);
    let ground = match region {
        Some(region) => super::super::Ground { region: Some(region), ..ground.clone() },
        None => ground.clone(),
    };
    if let Observed::Unanswered { why: NoAnswer::Tls | NoAnswer::UnknownHost, .. } = &case.evidence.observed {
        let forms = ground.forms(&spot.bucket, &spot.key);
        let path = forms.into_iter().find(|form| form.form == Form::PathStyle);
        return path.map(|form| use_address("Use the path-style address", form.url)).into_iter().collect();
    }
    vec![use_address("Use the right address", ground.url(&spot.bucket, &spot.key))]
}

pub(super) fn broken_link(case: &Case<'_>) -> Vec<Fix> {
    let mut found = Vec::new();
    if let Some(spot) = case.spot()
        && case.policy_says(&spot.key).is_some_and(Decision::is_allow)
    {
        let url = case.evidence.ground.url(&spot.bucket, &spot.key);
        found.push(use_address("Use the address without a signature: the file is open", url));
    }
    found.extend(link(case));
    found
}

/// A link that carries a sign-in. Not where a statement refuses those who sign as well.
pub(super) fn link(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    let there = matches!(case.evidence.object.known(), Some(ObjectFound::Present(_)));
    if !case.evidence.ground.signed_in || !there || is_refused_signed(case) {
        return None;
    }
    let fix = advising(FixKind::MakeLink, "Make a link that ends", Remedy::Link);
    let cli = lines(case, spot).link();
    let fix = Fix { exposure: Exposure::Link, undo: Undo::EndsByItself, cli, ..fix };
    Some(fix.saying("Opens this one file to whoever has the link, for 7 days at most."))
}

/// Whether the policy refuses also a signed request of the bucket's own account.
fn is_refused_signed(case: &Case<'_>) -> bool {
    let (Some(policy), Some(mut request)) = (&case.policy, case.spot().and_then(|spot| case.request(&spot.key))) else {
        return false;
    };
    let account = "000000000000".to_owned();
    request.principal = RequestPrincipal::Account {
        arn: format!("arn:aws:iam::{account}:root"),
        account_id: account,
        canonical_id: None,
    };
    let keys = std::mem::replace(&mut request.keys, ContextKeys::new());
    request.keys = keys.with("s3:authType", "REST-QUERY-STRING").with("s3:signatureversion", "AWS4-HMAC-SHA256");
    evaluate(policy, &request).is_deny()
}

/// Into a folder that the policy opens already.
pub(super) fn move_to_open(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    let there = case.evidence.details().is_some() && !super::bytes::is_under_kms(case);
    if !there || case.target.version_id.is_some() || case::restricts(case.evidence) {
        return None;
    }
    let name = spot.key.rsplit('/').next().unwrap_or(&spot.key);
    let mut folders: Vec<String> = opened(case)
        .into_iter()
        .filter_map(|opened| opened.pattern.strip_suffix('*').map(str::to_owned))
        .filter(|prefix| {
            prefix.ends_with('/') && !prefix.contains(['*', '?']) && !spot.key.starts_with(prefix.as_str())
        })
        .collect();
    folders.dedup();
    let to_open = |folder: &String| case.policy_says(&format!("{folder}{name}")).is_some_and(Decision::is_allow);
    let folder = folders.into_iter().find(to_open)?;
    let to = format!("{folder}{name}");
    let writes = vec![Write::Move { from: spot.key.clone(), to: to.clone(), etag: etag(case) }];
    let title = format!("Move the file to {folder}");
    let fix = writing(case, FixKind::Move, title, Exposure::ThisFile, writes);
    let address = Some(case.evidence.ground.url(&spot.bucket, &to));
    Some(Fix { address, ..fix }.saying("Opens this one file. Links to the old address stop working."))
}

pub(super) fn no_file(case: &Case<'_>) -> Vec<Fix> {
    let Some(spot) = case.spot() else { return Vec::new() };
    let ground = &case.evidence.ground;
    let mut found = Vec::new();
    if case.target.version_id.is_some() {
        found.extend(without_version(case));
    }
    for near in sides::near(case) {
        let url = ground.url(&spot.bucket, &near.key);
        let fix = advising(FixKind::UseKey, format!("Use {}", near.key), Remedy::Address(url.clone()));
        let open = case.policy_says(&near.key).is_some_and(Decision::is_allow) && !case::restricts(case.evidence);
        let said = match open {
            true => format!("That file is there, and open. It differs in {}.", near.difference.words()),
            false => format!("That file is there. It differs in {}. Check it as well.", near.difference.words()),
        };
        let cli = format!("curl --head {}", crate::domain::shell::quote(&url));
        found.push(Fix { address: Some(url), cli, ..fix }.saying(said));
    }
    if let Some(ObjectFound::Deleted { marker: Some(version) }) = case.evidence.object.known()
        && case.target.version_id.is_none()
    {
        let writes = vec![Write::RemoveMarker { version: version.clone() }];
        let fix = writing(case, FixKind::Undelete, "Remove the delete marker", Exposure::ThisFile, writes);
        found.push(
            fix.saying("The version before the deletion is seen again, under the same address and the same rules."),
        );
    }
    let upload = advising(FixKind::Upload, "Upload the file", Remedy::Upload);
    let upload = Fix { exposure: Exposure::ThisFile, cli: lines(case, spot).upload(), ..upload };
    found.push(
        upload
            .saying("Then check again who may see it.")
            .with_caution("The file is not in the store: choose it first."),
    );
    found
}

/// The newest version has rules of its own.
pub(super) fn without_version(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    let url = case.evidence.ground.url(&spot.bucket, &spot.key);
    Some(use_address("Leave the version out of the address", url))
}
