//! Ways to mend it, by what stands in the way; the least exposure first.

mod bytes;
mod place;
mod rules;

use super::case::Case;
use super::cli::Lines;
use super::diagnosis::Verdict;
use super::fix::{Exposure, Fix, FixKind, Remedy, Undo, Write};
use super::layer::{Layer, LayerState};
use super::target::Spot;

/// Every fix for what was found, in the order they are offered.
pub(super) fn fixes(case: &Case<'_>, verdict: Verdict, cause: Option<Layer>) -> Vec<Fix> {
    let mut found = match (verdict, cause) {
        (Verdict::NotVisible | Verdict::Hampered, Some(cause)) => by_cause(case, cause),
        // What is not known to help is not offered, but for what never opens anything more.
        (Verdict::NotVisible, None) => place::link(case).into_iter().collect(),
        (Verdict::Visible | Verdict::CannotTell | Verdict::Hampered, _) => Vec::new(),
    };
    if let Some(cause) = cause {
        found = found.into_iter().map(|fix| whole(case, cause, fix)).collect();
    }
    // What needs no second thought before what does, where both open as much.
    found.sort_by_key(|fix| (fix.exposure, fix.caution.is_some()));
    found
}

/// A fix for the first layer that stops the request may leave others that stop it as well: a key of KMS is done with at
/// once, of the others the fix tells.
fn whole(case: &Case<'_>, cause: Layer, mut fix: Fix) -> Fix {
    if fix.exposure == Exposure::Nothing {
        return fix;
    }
    let mut settled = vec![Layer::Cors, Layer::Cache];
    match fix.kind {
        FixKind::MakeLink => settled.extend([Layer::Policy, Layer::FilePermissions, Layer::Encryption]),
        FixKind::AllowFile | FixKind::AllowFolder | FixKind::PublicAcl | FixKind::CountAcls => {
            settled.extend([Layer::Policy, Layer::FilePermissions]);
        }
        _ => settled.push(Layer::FilePermissions),
    }
    if let (Remedy::Write(writes), true) = (&mut fix.remedy, opens_at_once(fix.kind))
        && cause < Layer::Encryption
        && let Some(decrypt) = bytes::decrypt(case).filter(|_| bytes::is_under_kms(case))
    {
        // What is least likely to succeed comes first: nothing is open until it has.
        writes.splice(0..0, decrypt.writes().iter().cloned());
        fix.cli = case.spot().map(|spot| lines(case, spot).writes(writes)).unwrap_or_default();
        fix.consequence.push_str(" The file is encrypted with keys of the store instead of KMS.");
        settled.push(Layer::Encryption);
    }
    let left = super::reports::layers(case, Some(cause)).into_iter().filter(|report| {
        report.state == LayerState::WouldFail && report.layer > cause && !settled.contains(&report.layer)
    });
    let left: Vec<&str> = left.map(|report| report.layer.title()).collect();
    if !left.is_empty() {
        fix.consequence.push_str(&format!(" What stops it then: {}. Check again.", left.join(", ")));
    }
    fix
}

/// Whether the file is meant to open by this change of the rules alone.
const fn opens_at_once(kind: FixKind) -> bool {
    matches!(
        kind,
        FixKind::AllowFile
            | FixKind::AllowFolder
            | FixKind::PublicAcl
            | FixKind::CountAcls
            | FixKind::LiftBucketBlock
            | FixKind::LiftAccountBlock
            | FixKind::EnforceOwner
            | FixKind::RemoveDeny
            | FixKind::OwnerPays
    )
}

fn by_cause(case: &Case<'_>, cause: Layer) -> Vec<Fix> {
    match cause {
        Layer::Address => place::address(case),
        Layer::Link => place::broken_link(case),
        Layer::File => place::no_file(case),
        Layer::Payer => rules::owner_pays(case).into_iter().collect(),
        Layer::AccountBlock | Layer::BucketBlock => {
            let lift = rules::lift(case);
            place::move_to_open(case).into_iter().chain(place::link(case)).chain(lift).collect()
        }
        Layer::Policy => rules::by_policy(case),
        // The bucket's owner cannot sign for the files of others.
        Layer::Owner => rules::enforce_owner(case).into_iter().collect(),
        Layer::FilePermissions => rules::by_list(case),
        Layer::Encryption => bytes::decrypt(case).into_iter().chain(place::link(case)).collect(),
        Layer::Archive => vec![bytes::restore(case)],
        Layer::Browser => bytes::right_headers(case),
        Layer::Cors => rules::allow_origin(case),
        Layer::Cache => vec![bytes::refresh()],
    }
}

/// A fix of which the usual is true: changes in the store that can be put back.
fn writing(case: &Case<'_>, kind: FixKind, title: impl Into<String>, exposure: Exposure, writes: Vec<Write>) -> Fix {
    let cli = case.spot().map(|spot| lines(case, spot).writes(&writes)).unwrap_or_default();
    Fix {
        kind,
        title: title.into(),
        consequence: String::new(),
        exposure,
        files: None,
        remedy: Remedy::Write(writes),
        cli,
        undo: Undo::PutBack,
        address: None,
        caution: None,
        wait: None,
    }
}

/// A fix that changes nothing in the store.
fn advising(kind: FixKind, title: impl Into<String>, remedy: Remedy) -> Fix {
    Fix {
        kind,
        title: title.into(),
        consequence: String::new(),
        exposure: Exposure::Nothing,
        files: None,
        remedy,
        cli: String::new(),
        undo: Undo::Nothing,
        address: None,
        caution: None,
        wait: None,
    }
}

impl Fix {
    fn saying(self, consequence: impl Into<String>) -> Self {
        Self { consequence: consequence.into(), ..self }
    }

    fn with_caution(self, caution: impl Into<String>) -> Self {
        Self { caution: Some(caution.into()), ..self }
    }
}

fn lines<'a>(case: &'a Case<'_>, spot: &'a Spot) -> Lines<'a> {
    Lines { ground: &case.evidence.ground, spot, details: case.evidence.details() }
}

fn etag(case: &Case<'_>) -> Option<String> {
    case.evidence.details().and_then(|details| details.etag.clone())
}
