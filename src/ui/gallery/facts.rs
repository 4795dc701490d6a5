//! What inspector and viewer say of an object, as words and pairs, apart from where they are painted.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::format;
use crate::domain::object::{ObjectDetails, ObjectSummary};
use crate::images::exif::Summary;
use crate::model::Trouble;
use crate::model::gallery::{FullImage, Seen};
use crate::theme::{Icon, icons};
use crate::ui::widgets::{KeyValue, Tone};
use crate::worker::Status;

/// How long an answer counts as one of just now.
const JUST_NOW_SECS: i64 = 90;

/// What strangers get, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenWords {
    pub(super) tone: Tone,
    pub(super) icon: Icon,
    /// For a badge.
    pub(super) short: String,
    /// The answer to "Can it be seen?".
    pub(super) answer: String,
    /// How it was found out.
    pub(super) how: String,
}

/// Says what a request without any sign-in was answered; nothing while it is under way or was never made.
pub(super) fn seen(status: &Status<'_, Seen, Trouble>, now: Timestamp, zone: &TimeZone) -> Option<SeenWords> {
    match status {
        Status::Ready(seen) | Status::Pending(Some(seen)) => Some(answered(seen, now, zone)),
        Status::Failed(trouble, _) => Some(SeenWords {
            tone: Tone::Neutral,
            icon: icons::QUESTION,
            short: "Could not be asked".to_owned(),
            answer: "Could not be asked".to_owned(),
            how: trouble.sentence.clone(),
        }),
        Status::Idle | Status::Pending(None) => None,
    }
}

/// Whether a stranger got it.
pub(super) fn was_seen(status: &Status<'_, Seen, Trouble>) -> bool {
    matches!(status, Status::Ready(seen) if (200..300).contains(&seen.status))
}

fn answered(seen: &Seen, now: Timestamp, zone: &TimeZone) -> SeenWords {
    let clock = format::clock(seen.at, zone);
    let clock = clock.rsplit_once(':').map_or(clock.as_str(), |(minutes, _)| minutes);
    let status = seen.status;
    let reason = http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or_default();
    let came = seen.content_type.as_deref().map(|kind| format!(", {kind}")).unwrap_or_default();
    let asked = format!("Asked without sign-in at {clock}: {status} {reason}");
    let words = |tone, icon, short: String, answer: String, how: String| SeenWords { tone, icon, short, answer, how };
    match status {
        200..=299 => {
            let age_secs = now.as_second() - seen.at.as_second();
            let short = if age_secs < JUST_NOW_SECS { "Seen just now".to_owned() } else { format!("Seen at {clock}") };
            words(Tone::Ok, icons::CHECK, short, "Yes, by anyone".to_owned(), format!("{asked}{came}"))
        }
        401 | 403 => words(
            Tone::Neutral,
            icons::LOCK_SIMPLE,
            format!("Strangers get {status}"),
            format!("No: strangers get {status}"),
            format!("{asked}. Whoever may read here sees it with their sign-in"),
        ),
        404 | 410 => words(
            Tone::Warn,
            icons::LINK_BREAK,
            format!("Strangers get {status}"),
            format!("No: strangers get {status}"),
            format!("{asked}. It is gone, or this address does not lead to it"),
        ),
        300..=399 => words(
            Tone::Warn,
            icons::ARROW_SQUARE_OUT,
            format!("Strangers get {status}"),
            "Not at this address".to_owned(),
            format!("{asked}. The address sends on to another one"),
        ),
        _ => words(
            Tone::Warn,
            icons::WARNING,
            format!("Strangers get {status}"),
            format!("Not now: strangers get {status}"),
            asked,
        ),
    }
}

/// The storage class in words (Amazon S3 User Guide, "Understanding and managing Amazon S3 storage classes").
pub(super) fn class(name: Option<&str>) -> String {
    match name {
        None | Some("STANDARD") => "Standard",
        Some("STANDARD_IA") => "Standard-IA",
        Some("ONEZONE_IA") => "One Zone-IA",
        Some("INTELLIGENT_TIERING") => "Intelligent-Tiering",
        Some("GLACIER") => "Glacier Flexible",
        Some("GLACIER_IR") => "Glacier Instant",
        Some("DEEP_ARCHIVE") => "Glacier Deep Archive",
        Some("EXPRESS_ONEZONE") => "Express One Zone",
        Some("REDUCED_REDUNDANCY") => "Reduced redundancy",
        Some(other) => other,
    }
    .to_owned()
}

fn encryption(name: Option<&str>) -> String {
    match name {
        Some("AES256") => "SSE-S3, keys of the store".to_owned(),
        Some("aws:kms") => "SSE-KMS".to_owned(),
        Some("aws:kms:dsse") => "DSSE-KMS, two layers".to_owned(),
        Some(other) => other.to_owned(),
        None => "Not told".to_owned(),
    }
}

/// What is stored with an object.
pub(super) fn details(details: &ObjectDetails, now: Timestamp, zone: &TimeZone) -> Vec<KeyValue<'static>> {
    let mut pairs = vec![KeyValue::mono("Key", details.key.clone())];
    if let Some(at) = details.modified {
        pairs.push(KeyValue::new("Modified", format::date_time(at, now, zone)));
    }
    let headers = [
        ("Content-Type", &details.content_type),
        ("Cache-Control", &details.cache_control),
        ("Disposition", &details.content_disposition),
        ("Encoding", &details.content_encoding),
        ("ETag", &details.etag),
    ];
    for (name, value) in headers {
        if let Some(value) = value {
            pairs.push(KeyValue::mono(name, value.clone()));
        }
    }
    pairs.push(KeyValue::new("Class", class(details.storage_class.as_deref())));
    pairs.push(KeyValue::new("Encryption", encryption(details.encryption.as_deref())));
    if let Some(version) = &details.version_id {
        pairs.push(KeyValue::mono("Version", version.clone()));
    }
    pairs
}

/// What the listing alone tells, until the details are there.
pub(super) fn summary(object: &ObjectSummary, now: Timestamp, zone: &TimeZone) -> Vec<KeyValue<'static>> {
    let mut pairs = vec![KeyValue::mono("Key", object.key.clone())];
    if let Some(at) = object.modified {
        pairs.push(KeyValue::new("Modified", format::date_time(at, now, zone)));
    }
    if let Some(etag) = &object.etag {
        pairs.push(KeyValue::mono("ETag", etag.clone()));
    }
    pairs.push(KeyValue::new("Class", class(object.storage_class.as_deref())));
    pairs
}

/// The file as the viewer shows it.
pub(super) fn file(
    object: &ObjectSummary,
    known: Option<&ObjectDetails>,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<KeyValue<'static>> {
    let mut pairs = known.map_or_else(|| summary(object, now, zone), |known| details(known, now, zone));
    let bytes = format!("{} ({})", format::size(object.size_bytes), format::count(object.size_bytes));
    let bytes = if object.size_bytes < 1000 { format::size(object.size_bytes) } else { bytes };
    pairs.insert(1, KeyValue::new("Bytes", bytes));
    pairs
}

/// The picture itself.
pub(super) fn picture(image: &FullImage) -> Vec<KeyValue<'static>> {
    let frames = &image.frames;
    let (width, height) = (frames.source_width, frames.source_height);
    let megapixels = f64::from(width) * f64::from(height) / 1_000_000.0;
    let size = if megapixels < 0.1 {
        format!("{width} × {height}")
    } else {
        format!("{width} × {height} · {megapixels:.1} MP")
    };
    let format = match frames.frames.len() {
        0 | 1 => frames.format.name().to_owned(),
        many => format!("{}, {} frames", frames.format.name(), format::count(many as u64)),
    };
    let mut pairs = vec![KeyValue::new("Size", size), KeyValue::new("Format", format)];
    if image.alpha {
        pairs.push(KeyValue::new("Transparency", "Yes"));
    }
    if let Some(notice) = frames.notice() {
        pairs.push(KeyValue::new("Note", notice));
    }
    pairs.extend(camera(&image.exif));
    pairs
}

/// What the camera wrote into it, apart from the place.
pub(super) fn camera(exif: &Summary) -> Vec<KeyValue<'static>> {
    let mut pairs = Vec::new();
    if let Some(at) = exif.taken {
        pairs.push(KeyValue::new("Taken", taken(at)));
    }
    if let Some(camera) = &exif.camera {
        pairs.push(KeyValue::new("Camera", camera.clone()));
    }
    pairs
}

/// A camera's clock knows no zone, so it is shown as it stands there.
fn taken(at: jiff::civil::DateTime) -> String {
    let day = TimeZone::UTC.to_timestamp(at).map(|at| format::day(at, &TimeZone::UTC));
    format!("{}, {:02}:{:02}", day.unwrap_or_else(|_| at.date().to_string()), at.hour(), at.minute())
}

/// What to know before a picture with a place in it becomes public.
pub(super) const HAS_PLACE: &str =
    "The file tells where it was taken. Whoever can open it can read that, so take it out before you publish";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::trouble::WayOut;
    use test_case::test_case;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn words(status: u16, minutes_ago: i64) -> SeenWords {
        let asked = at("2026-03-14T09:44:07Z");
        let seen = Seen { status, content_type: Some("image/jpeg".into()), at: asked };
        let now = Timestamp::from_second(asked.as_second() + minutes_ago * 60).unwrap();
        super::seen(&Status::Ready(&seen), now, &TimeZone::UTC).unwrap()
    }

    #[test_case(200, 0, "Seen just now", "Yes, by anyone"; "open")]
    #[test_case(200, 5, "Seen at 09:44", "Yes, by anyone"; "open some minutes ago")]
    #[test_case(403, 0, "Strangers get 403", "No: strangers get 403"; "private")]
    #[test_case(404, 0, "Strangers get 404", "No: strangers get 404"; "not there")]
    #[test_case(301, 0, "Strangers get 301", "Not at this address"; "elsewhere")]
    #[test_case(503, 0, "Strangers get 503", "Not now: strangers get 503"; "out of order")]
    fn strangers(status: u16, minutes_ago: i64, short: &str, answer: &str) {
        let words = words(status, minutes_ago);
        assert_eq!((words.short.as_str(), words.answer.as_str()), (short, answer));
        assert!(words.how.starts_with(&format!("Asked without sign-in at 09:44: {status} ")), "{}", words.how);
    }

    #[test]
    fn what_could_not_be_asked_is_neither_open_nor_private() {
        let trouble = Trouble::new("Nobody answers", WayOut::Retry);
        let words = super::seen(&Status::Failed(&trouble, None), at("2026-03-14T09:44:07Z"), &TimeZone::UTC).unwrap();
        assert_eq!((words.tone, words.how.as_str()), (Tone::Neutral, "Nobody answers"));
        assert_eq!(super::seen(&Status::Idle, at("2026-03-14T09:44:07Z"), &TimeZone::UTC), None);
    }

    #[test]
    fn a_clock_of_a_camera_is_shown_as_it_stands() {
        let exif =
            Summary { camera: None, taken: Some(jiff::civil::date(2026, 3, 2).at(7, 18, 0, 0)), has_location: true };
        let shown = format!("{:?}", camera(&exif));
        assert!(shown.contains("2 Mar 2026, 07:18"), "{shown}");
    }
}
