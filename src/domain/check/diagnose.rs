//! From evidence to the answer.

use super::case::Case;
use super::content::ContentKind;
use super::diagnosis::{Agreement, Diagnosis, Predicted, Seen, Verdict};
use super::evidence::{Evidence, NoAnswer, Observed, Read};
use super::layer::Layer;
use super::symptom::Symptom;
use super::target::{Remark, Target};
use super::{fixes, reports};
use crate::domain::policy::Words;
use crate::domain::public_access::{Grantee, Permission};

/// More than this is a wrong clock; S3 bears a quarter of an hour.
const CLOCK_MINUTES: i64 = 15;

/// Makes sense of what was found out. What was observed decides; the settings say why.
#[must_use]
pub fn diagnose(target: &Target, evidence: &Evidence) -> Diagnosis {
    let case = Case::new(target, evidence);
    let (verdict, cause) = verdict(&case);
    let predicted = predicted(&case);
    let observed = seen(&evidence.observed);
    let agreement = agreement(&case, &predicted, cause);
    Diagnosis {
        verdict,
        headline: headline(&case, verdict, cause).to_owned(),
        sentence: sentence(&case, verdict, cause, &agreement),
        cause,
        layers: reports::layers(&case, cause),
        predicted,
        observed,
        agreement,
        fixes: fixes::fixes(&case, verdict, cause),
        remarks: remarks(&case),
        symptom: case.symptom,
        address: target.shown_url().or_else(|| {
            let spot = target.spot.as_ref()?;
            Some(evidence.ground.url(&spot.bucket, &spot.key))
        }),
        at: evidence.at,
    }
}

fn verdict(case: &Case<'_>) -> (Verdict, Option<Layer>) {
    match &case.evidence.observed {
        Observed::Answered(answer) if answer.is_open() || answer.status == 304 => {
            let troubled = case.content.as_ref().is_some_and(|content| content.trouble().is_some());
            if troubled || case.page_forbids().is_some() {
                (Verdict::Hampered, Some(Layer::Browser))
            } else if case.origin_may() == Some(false) {
                (Verdict::Hampered, Some(Layer::Cors))
            } else if case.is_stale() {
                (Verdict::Hampered, Some(Layer::Cache))
            } else {
                (Verdict::Visible, None)
            }
        }
        // The store has no time to say.
        Observed::Answered(answer) if answer.status >= 500 || answer.status == 429 => (Verdict::CannotTell, None),
        Observed::Answered(_) => (Verdict::NotVisible, cause(case)),
        // Who answers to a sign-in is there: then it is the address that leads nowhere.
        Observed::Unanswered { why: NoAnswer::UnknownHost | NoAnswer::Tls, .. } if is_reached(case.evidence) => {
            (Verdict::NotVisible, Some(Layer::Address))
        }
        Observed::Unanswered { why: NoAnswer::BadAddress, .. } => (Verdict::NotVisible, Some(Layer::Address)),
        Observed::Unanswered { .. } | Observed::NotAsked => (Verdict::CannotTell, None),
    }
}

/// Whether the store answered anything at all.
fn is_reached(evidence: &Evidence) -> bool {
    let status = |asked: Option<&super::Asked>| asked.and_then(|asked| asked.status).is_some();
    status(evidence.object.asked()) || status(evidence.policy.asked()) || status(evidence.bucket_block.asked())
}

/// The layer that a refusal comes from.
fn cause(case: &Case<'_>) -> Option<Layer> {
    let answer = case.answer()?;
    let by_answer = match case.symptom? {
        Symptom::KmsNeedsSignature | Symptom::CustomerKeyNeeded | Symptom::KmsDenied | Symptom::KmsKeyUnusable => {
            Some(Layer::Encryption)
        }
        Symptom::Archived | Symptom::RestoreInProgress => Some(Layer::Archive),
        Symptom::OverridesUnsigned
        | Symptom::NoSuchBucket
        | Symptom::WrongRegion
        | Symptom::TemporaryRedirect
        | Symptom::NotAStore
        | Symptom::InvalidBucketName
        | Symptom::WebsiteReadsOnly => Some(Layer::Address),
        Symptom::NoSuchKey | Symptom::DeleteMarker | Symptom::NoSuchVersion | Symptom::MarkerHasNoContent => {
            Some(Layer::File)
        }
        Symptom::SignatureMismatch
        | Symptom::UnknownKey
        | Symptom::InvalidToken
        | Symptom::ExpiredToken
        | Symptom::ClockSkew
        | Symptom::BadLink
        | Symptom::LinkExpired
        | Symptom::LinkNotYetValid
        | Symptom::HeadersNotSigned => Some(Layer::Link),
        _ => None,
    };
    if by_answer.is_some() {
        return by_answer;
    }
    if case.target.link.is_some() {
        return Some(Layer::Link);
    }
    let forecast = case.forecast.as_ref()?;
    let found = forecast.layer(Some(answer.status)).or_else(|| forecast.layer(None))?;
    // What strangers are meant by is named where somebody thought that they were.
    Some(if found == Layer::Policy && is_for_accounts(case) { Layer::FilePermissions } else { found })
}

/// Whether the file's list opens it to anyone with an account, and no statement speaks of it.
fn is_for_accounts(case: &Case<'_>) -> bool {
    let listed = case.evidence.object_acl.known().is_some_and(|acl| {
        acl.grants.allows(&Grantee::AuthenticatedUsers, Permission::Read) && !acl.grants.anyone_may(Permission::Read)
    });
    listed && case.lists_count() == Some(true) && case.policy.is_none()
}

fn predicted(case: &Case<'_>) -> Predicted {
    if let Some(link) = &case.target.link {
        let now = case.evidence.at;
        let refused = |reason: &str| Predicted::Refused {
            status: Some(403),
            layer: Some(Layer::Link),
            reason: reason.to_owned(),
        };
        return if link.is_over(now) {
            refused("The link is over")
        } else if link.is_from_the_future(now) {
            refused("The link is not good yet")
        } else if !link.broken.is_empty() {
            refused("The link is not whole")
        } else {
            Predicted::Unknown { depends_on: vec![Layer::Link] }
        };
    }
    match &case.forecast {
        Some(forecast) => forecast.predicted(),
        None => Predicted::Unknown { depends_on: Vec::new() },
    }
}

fn seen(observed: &Observed) -> Seen {
    match observed {
        Observed::Answered(answer) => {
            Seen::Answer { status: answer.status, code: answer.code.clone(), asked: answer.asked.clone() }
        }
        Observed::Unanswered { sentence, .. } => Seen::Nothing(sentence.clone()),
        Observed::NotAsked => Seen::Nothing("The address was not asked".to_owned()),
    }
}

/// Compares what the settings say with what happened.
fn agreement(case: &Case<'_>, predicted: &Predicted, cause: Option<Layer>) -> Agreement {
    let Some(answer) = case.answer() else { return Agreement::NotCompared };
    if case.forecast.is_none() && case.target.link.is_none() {
        return Agreement::NotCompared;
    }
    // Neither the store's patience nor its regions are settings.
    if answer.status >= 500 || answer.status == 429 || cause == Some(Layer::Address) {
        return Agreement::NotCompared;
    }
    match predicted {
        Predicted::Unknown { .. } => Agreement::NotCompared,
        Predicted::Served { .. } if answer.is_open() || answer.status == 304 => Agreement::Agrees,
        Predicted::Refused { .. } if !answer.is_open() => Agreement::Agrees,
        Predicted::Served { .. } => Agreement::Differs(
            "By the settings that could be read it should open. A rule of the organization, a change that is not \
             everywhere yet, or a proxy may stand behind it: check again in a few minutes"
                .to_owned(),
        ),
        Predicted::Refused { reason, .. } if case.is_cached() => Agreement::Differs(format!(
            "By the settings it should be refused ({reason}), but a cache still hands it out"
        )),
        Predicted::Refused { reason, .. } => Agreement::Differs(format!(
            "By the rules of Amazon S3 it should be refused ({reason}). This store has rules of its own, or a change is \
             not everywhere yet"
        )),
    }
}

fn headline(case: &Case<'_>, verdict: Verdict, cause: Option<Layer>) -> &'static str {
    let signed = case.target.link.is_some();
    match (verdict, cause) {
        (Verdict::Visible, _) if signed => "Whoever has this link can see it",
        (Verdict::Visible, _) => "Anyone can see this",
        (Verdict::Hampered, Some(Layer::Cors)) => "Anyone can see this, but the page may not use it",
        (Verdict::Hampered, Some(Layer::Cache)) => "People see an older version",
        (Verdict::Hampered, _) => {
            let kind = case.content.as_ref().and_then(|content| content.trouble()).map(|finding| finding.kind);
            match kind {
                Some(ContentKind::DownloadsByType | ContentKind::DownloadsByDisposition) => {
                    "Anyone can fetch this, but browsers save it instead of showing it"
                }
                Some(ContentKind::Truncated) => "Anyone can fetch this, but not the whole picture",
                None => "Anyone can see this, but the page may not use it",
                Some(_) => "Anyone can fetch this, but browsers do not show it",
            }
        }
        (Verdict::NotVisible, Some(Layer::File)) => "Nobody can see this",
        (Verdict::NotVisible, _) if case.is_bucket_missing() => "Nobody can see this",
        (Verdict::NotVisible, _) if signed => "This link does not open",
        (Verdict::NotVisible, _) => "Nobody outside can see this",
        (Verdict::CannotTell, _) => "It cannot be told from here",
    }
}

fn sentence(case: &Case<'_>, verdict: Verdict, cause: Option<Layer>, agreement: &Agreement) -> Words {
    match (verdict, cause, &case.evidence.observed) {
        (Verdict::Visible, ..) => reports::served(case),
        (Verdict::CannotTell, _, Observed::Unanswered { sentence, .. }) => Words::plain(sentence.trim_end_matches('.')),
        (Verdict::CannotTell, ..) => Words::plain(match case.symptom {
            Some(symptom) => symptom.explained().meaning,
            None => "The address was not asked",
        }),
        (_, Some(cause), _) => reports::why(case, cause),
        (_, None, _) if matches!(agreement, Agreement::Differs(_)) => {
            Words::plain("Nothing that could be read stands against it, and still it is refused")
        }
        (_, None, _) => reports::unexplained(case),
    }
}

fn remarks(case: &Case<'_>) -> Vec<Remark> {
    let mut out = case.target.remarks.clone();
    let said = case.target.page.as_ref().and_then(|page| page.said.clone());
    out.extend(said.map(Remark::Browser));
    let sent = case.answer().and_then(|answer| answer.header("date")).and_then(http_date);
    if let Some(theirs) = sent {
        let minutes = case.evidence.at.duration_since(theirs).as_mins();
        if minutes.abs() >= CLOCK_MINUTES {
            out.push(Remark::ClockOff(minutes));
        }
    }
    if let (Read::Known { value: Some(says), .. }, Some(policy)) = (&case.evidence.policy_is_public, &case.policy) {
        let ours = crate::domain::policy::is_public(policy).public;
        if *says != ours {
            out.push(Remark::PublicBySomeRule { store: *says });
        }
    }
    if let Some(answer) = case.answer()
        && let Some((last, _)) = answer.hops.last()
    {
        out.push(Remark::Redirected { from: without_query(last), to: without_query(&answer.url) });
    }
    out
}

fn without_query(url: &str) -> String {
    url.split('?').next().unwrap_or(url).to_owned()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<jiff::Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp())
}
