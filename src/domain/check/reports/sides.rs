//! The layers on both sides of the rules: the address, the link and the file before them, the bytes behind them.

use jiff::{Timestamp, tz::TimeZone};

use super::{Case, Detail, Draft, ObjectFound, Stand, Words, found};
use crate::domain::check::content::ContentFinding;
use crate::domain::check::evidence::{BucketFound, NoAnswer, Observed, Read};
use crate::domain::check::symptom::Symptom;
use crate::domain::cors::{self, Miss};
use crate::domain::format;
use crate::domain::policy::Style;

pub(super) fn address(case: &Case<'_>, is_cause: bool) -> Draft {
    let evidence = case.evidence;
    let asked = evidence.bucket.asked().or_else(|| evidence.observed.asked());
    let stops = |sentence: Words| Draft { sentence, ..Draft::new(Stand::Stops, "", asked) };
    if let Observed::Unanswered { why, sentence, .. } = &evidence.observed {
        let words = match why {
            NoAnswer::UnknownHost => "There is no such host",
            NoAnswer::Tls => "The certificate does not fit the host, so browsers refuse it",
            NoAnswer::NothingListens | NoAnswer::Timeout | NoAnswer::Broken | NoAnswer::BadAddress => sentence,
        };
        let stand = if is_cause { Stand::Stops } else { Stand::Unread };
        return Draft { stand, ..stops(Words::plain(words)) };
    }
    if case.is_bucket_missing() {
        let bucket = case.spot().map(|spot| spot.bucket.as_str()).unwrap_or_default();
        return stops(Words::plain("There is no bucket ").with(bucket, Style::Mono));
    }
    if let Some((there, named)) = other_region(case) {
        let words = Words::plain("The bucket lies in ").with(there, Style::Mono);
        return stops(words.then(", and the address names ").with(named, Style::Mono));
    }
    if case.target.overrides_response && case.target.link.is_none() {
        let words = Words::plain("The address asks for other headers of the answer (")
            .with("response-…", Style::Mono)
            .then("), which only a signed request may");
        return stops(words);
    }
    if is_cause {
        let meaning = case.symptom.map_or("It leads nowhere", |symptom| symptom.explained().meaning);
        return stops(Words::plain(meaning));
    }
    let sentence = match (case.spot(), &evidence.bucket) {
        (None, _) => "Its host answers; nothing else is known of it",
        (Some(_), Read::Known { .. }) if case.target.region.is_some() => "Well formed, and the region in it is right",
        (Some(_), Read::Known { .. }) => "Well formed, and the bucket is there",
        (Some(_), _) => "Well formed",
    };
    Draft::new(Stand::Lets, sentence, asked)
}

/// Where the bucket lies, and which region the address names instead.
pub(in crate::domain::check) fn other_region(case: &Case<'_>) -> Option<(String, String)> {
    let told = case.answer().and_then(|answer| answer.header("x-amz-bucket-region")).map(str::to_owned);
    let known = match case.evidence.bucket.known() {
        Some(BucketFound::There { region }) => region.clone(),
        Some(BucketFound::Missing) | None => None,
    };
    let (there, named) = (told.or(known)?, case.target.region.clone()?);
    (there != named && case.evidence.ground.is_amazon()).then_some((there, named))
}

pub(super) fn link(case: &Case<'_>) -> Option<Draft> {
    let link = case.target.link.as_ref()?;
    let now = case.evidence.at;
    let asked = case.evidence.observed.asked();
    let lines = detail(case);
    let refused = case.answer().is_some_and(|answer| !answer.is_open());
    let until = link.expires.map(|end| format!("{end:.0}"));
    let (stand, sentence) = if link.is_over(now) {
        (Stand::Stops, format!("It ended at {}", until.unwrap_or_default()))
    } else if link.is_from_the_future(now) {
        (Stand::Stops, "It was signed by a clock that is ahead, and is not good yet".to_owned())
    } else if !link.broken.is_empty() {
        (Stand::Stops, format!("It is not whole: {} is missing or cannot be read", link.broken.join(", ")))
    } else if refused && case.symptom == Some(Symptom::AccessDenied) {
        let who = link.key_id.as_deref().unwrap_or("whoever signed it");
        (Stand::Stops, format!("The signature is good, but {who} may not fetch the file"))
    } else if refused && !link.wanted_headers().is_empty() {
        let headers = link.wanted_headers().join(", ");
        (Stand::Stops, format!("It covers headers that a browser does not send: {headers}"))
    } else if refused {
        let meaning = case.symptom.map_or("It is refused", |symptom| symptom.explained().meaning);
        (Stand::Stops, meaning.to_owned())
    } else {
        let session = if link.by_session { ", or with the session that signed it" } else { "" };
        match until {
            Some(until) => (Stand::Lets, format!("Good until {until}{session}")),
            None => (Stand::Lets, "It carries a signature".to_owned()),
        }
    };
    Some(Draft::new(stand, sentence, asked).with(Some(lines)))
}

/// Who signed, when, for how long, and what the signature covers.
fn detail(case: &Case<'_>) -> Detail {
    let mut lines: Vec<(String, String)> = Vec::new();
    if let Some(link) = &case.target.link {
        let mut line = |name: &str, value: Option<String>| {
            lines.extend(value.map(|value| (name.to_owned(), value)));
        };
        line("Signed by", link.key_id.clone());
        line("Signed at", link.signed.map(|at| format!("{at:.0}")));
        line("Lasts", link.lasts.map(format::duration));
        line("Ends at", link.expires.map(|at| format!("{at:.0}")));
        line("Ends with its session", link.by_session.then(|| "yes".to_owned()));
        line("Region", link.region.clone());
        line("Headers covered", (!link.signed_headers.is_empty()).then(|| link.signed_headers.join(", ")));
    }
    Detail::Lines(lines)
}

pub(super) fn file(case: &Case<'_>) -> Option<Draft> {
    let read = &case.evidence.object;
    case.spot()?;
    Some(match found(case) {
        Some(ObjectFound::Present(details)) => {
            let mut sentence = format!("It is there: {}", format::size(details.size_bytes));
            if let Some(at) = details.modified {
                // Without "today": an answer is read later, and elsewhere.
                let when = format::date_time(at, Timestamp::UNIX_EPOCH, &TimeZone::UTC);
                sentence.push_str(&format!(", changed {when} UTC"));
            }
            Draft::new(Stand::Lets, sentence, read.asked())
        }
        Some(ObjectFound::CustomerKey) => Draft::new(Stand::Lets, "It is there", read.asked()),
        Some(ObjectFound::Deleted { .. } | ObjectFound::Missing) => {
            Draft { sentence: why_no_file(case), ..Draft::new(Stand::Stops, "", read.asked()) }
        }
        None if case.open_answer().is_some() => Draft::new(Stand::Lets, "It is there", case.evidence.observed.asked()),
        None if case.symptom == Some(Symptom::NoSuchKey) => {
            Draft::new(Stand::Stops, "There is no file of that name", case.evidence.observed.asked())
        }
        None => Draft::unread(read),
    })
}

pub(super) fn why_no_file(case: &Case<'_>) -> Words {
    if case.symptom == Some(Symptom::MarkerHasNoContent) {
        return Words::plain("The address names a delete marker, which has no content");
    }
    if case.target.version_id.is_some() {
        return Words::plain("There is no such version of the file");
    }
    match found(case) {
        Some(ObjectFound::Deleted { .. }) => Words::plain("The file was deleted; an older version is still there"),
        _ => match near(case).first() {
            Some(near) => {
                Words::plain("There is no file of that name; near it is ").with(near.key.as_str(), Style::Mono)
            }
            None => Words::plain("There is no file of that name"),
        },
    }
}

/// Keys that may have been meant.
pub(in crate::domain::check) fn near(case: &Case<'_>) -> Vec<crate::domain::check::near::Near> {
    let (Some(spot), Some(there)) = (case.spot(), case.evidence.near.known()) else { return Vec::new() };
    crate::domain::check::near::nearest(&spot.bucket, &spot.key, there)
}

pub(super) fn encryption(case: &Case<'_>, is_cause: bool) -> Option<Draft> {
    let read = &case.evidence.object;
    if case.target.link.is_some() && !is_cause {
        return None;
    }
    match found(case) {
        Some(ObjectFound::CustomerKey) => {
            let sentence = "It is encrypted with a key that each request has to bring (SSE-C)";
            Some(Draft::new(Stand::Stops, sentence, read.asked()))
        }
        Some(ObjectFound::Present(details)) => Some(match details.encryption.as_deref() {
            Some(kms) if kms.starts_with("aws:kms") => {
                let sentence = "It is encrypted with a KMS key, which only a signed request can use";
                Draft::new(Stand::Stops, sentence, read.asked())
            }
            Some("AES256") => Draft::new(Stand::Lets, "Fine: SSE-S3", read.asked()),
            Some(other) => Draft::new(Stand::Lets, format!("Fine: {other}"), read.asked()),
            None => Draft::new(Stand::Lets, "Fine: by the store, or none", read.asked()),
        }),
        Some(ObjectFound::Missing | ObjectFound::Deleted { .. }) => None,
        None if is_cause => {
            let meaning = case.symptom.map_or("", |symptom| symptom.explained().meaning);
            Some(Draft::new(Stand::Stops, meaning, case.evidence.observed.asked()))
        }
        None => None,
    }
}

pub(super) fn archive(case: &Case<'_>, is_cause: bool) -> Option<Draft> {
    let read = &case.evidence.object;
    let details = case.evidence.details();
    let class =
        details.and_then(|it| it.archive_tier.as_deref().or(it.storage_class.as_deref())).unwrap_or("an archive");
    match details {
        Some(details) if details.is_being_restored() => {
            Some(Draft::new(Stand::Stops, format!("It is being fetched from {class}"), read.asked()))
        }
        Some(details) if details.is_archived() => {
            Some(Draft::new(Stand::Stops, format!("It lies in {class} and must be restored first"), read.asked()))
        }
        _ if is_cause => {
            let sentence = "It lies in an archive and must be restored first";
            Some(Draft::new(Stand::Stops, sentence, case.evidence.observed.asked()))
        }
        _ => None,
    }
}

pub(super) fn browser(case: &Case<'_>) -> Option<Draft> {
    let content = case.content.as_ref()?;
    let asked = match case.open_answer() {
        Some(answer) => Some(&answer.asked),
        None => case.evidence.head.asked().or_else(|| case.evidence.object.asked()),
    };
    if let Some(words) = case.page_forbids().filter(|_| content.trouble().is_none()) {
        return Some(Draft::new(Stand::Stops, words, asked));
    }
    if let Some(ContentFinding { sentence, .. }) = content.findings.first() {
        let stand = if content.trouble().is_some() { Stand::Stops } else { Stand::Lets };
        let shown = content.found.map(|kind| kind.mime.to_owned());
        let differs = shown
            .zip(content.claimed.clone())
            .filter(|(bytes, claimed)| claimed.split(';').next().is_none_or(|claimed| claimed.trim() != bytes))
            .map(|(bytes, claimed)| Detail::Differs { labels: ("Content-Type", "Bytes"), values: (claimed, bytes) });
        return Some(Draft::new(stand, sentence, asked).with(differs));
    }
    let claimed = content.claimed.as_deref().unwrap_or("no type");
    let sentence = match content.found {
        Some(kind) => {
            let phrase = kind.phrase();
            let (article, rest) = phrase.split_once(' ').unwrap_or(("", &phrase));
            format!("Fine: {claimed}, and the bytes are {} {rest}", article.to_lowercase())
        }
        None => format!("Fine: {claimed}"),
    };
    Some(Draft::new(Stand::Lets, sentence, asked))
}

pub(super) fn cors(case: &Case<'_>) -> Option<Draft> {
    let origin = case.origin()?;
    let asked = case.evidence.preflight.asked().or_else(|| case.evidence.observed.asked());
    let rules = case.evidence.cors.known();
    let miss = case.origin_asks().zip(rules).and_then(|(question, rules)| cors::judge(rules, question).err());
    let because = match &miss {
        Some(Miss::NoRules) => ": the bucket has no CORS rules".to_owned(),
        Some(Miss::Origin) => ": no CORS rule names it".to_owned(),
        Some(Miss::Method(rule)) => format!(": rule {rule} names it, but not GET"),
        Some(Miss::Header(rule, header)) => format!(": rule {rule} names it, but not the header {header}"),
        None if rules.is_some() && case.origin_may() == Some(false) => {
            ": the rules name it, and the answer does not. A CDN may leave the origin out".to_owned()
        }
        None => String::new(),
    };
    let may = match case.origin_may() {
        Some(may) => may,
        // Not handed out: by the rules, where they are known.
        None => match rules {
            Some(_) => miss.is_none(),
            None => return Some(Draft::unread(&case.evidence.cors)),
        },
    };
    let draft = Draft::new(if may { Stand::Lets } else { Stand::Stops }, "", asked);
    let sentence = match may {
        true => Words::plain("Pages of ").with(origin, Style::Mono).then(" may use it"),
        false => {
            Words::plain("Pages of ").with(origin, Style::Mono).then(format!(" may show it, not read it{because}"))
        }
    };
    Some(Draft { sentence, ..draft })
}

pub(super) fn cache(case: &Case<'_>) -> Option<Draft> {
    let answer = case.open_answer()?;
    let names = ["cache-control", "expires", "age", "x-cache", "cf-cache-status", "etag", "last-modified", "via"];
    let lines: Vec<(String, String)> =
        names.iter().filter_map(|name| Some(((*name).to_owned(), answer.header(name)?.to_owned()))).collect();
    let control = answer.header("cache-control");
    if !case.is_cached() && control.is_none() {
        return None;
    }
    let asked = Some(&answer.asked);
    let age = answer.header("age").and_then(|age| age.trim().parse().ok()).map(std::time::Duration::from_secs);
    let (stand, sentence) = match (case.is_stale(), age, control) {
        (true, Some(age), _) => (
            Stand::Stops,
            format!("A cache hands out what was stored {} ago; by now another file is", format::duration(age)),
        ),
        (true, None, _) => (Stand::Stops, "A cache hands out an older file than is stored".to_owned()),
        (false, Some(age), _) if case.is_cached() => {
            (Stand::Lets, format!("From a cache, {} old; the same as is stored", format::duration(age)))
        }
        (false, _, Some(control)) => (Stand::Lets, format!("Cache-Control: {control}")),
        (false, _, None) => (Stand::Lets, "From a cache".to_owned()),
    };
    Some(Draft::new(stand, sentence, asked).with(Some(Detail::Lines(lines))))
}
