//! Fixes of the file itself: its encryption, its archive, its headers, its bytes.

use std::num::NonZeroU16;

use super::{Case, Exposure, Fix, FixKind, Remedy, Undo, Write, advising, etag, lines, writing};
use crate::domain::bucket_settings::EncryptionAlgorithm;
use crate::domain::check::content::ContentKind;
use crate::domain::check::evidence::ObjectFound;
use crate::domain::check::fix::{ObjectEncryption, Rewrite};
use crate::domain::check::target::BrowserSaid;

/// A restored copy stays for so long.
const RESTORED_DAYS: NonZeroU16 = NonZeroU16::new(7).unwrap();

pub(super) fn decrypt(case: &Case<'_>) -> Option<Fix> {
    let spot = case.spot()?;
    if matches!(case.evidence.object.known(), Some(ObjectFound::CustomerKey)) {
        let fix = advising(FixKind::Upload, "Upload it again without a key of its own", Remedy::Upload);
        let fix = Fix { exposure: Exposure::ThisFile, cli: lines(case, spot).upload(), ..fix };
        let caution = "Only who has the key can read the file; the store cannot open it for anybody.";
        return Some(fix.saying("Whoever has the key uploads the file once more.").with_caution(caution));
    }
    case.evidence.details()?;
    let encryption = Some(ObjectEncryption { algorithm: EncryptionAlgorithm::Aes256, key: None });
    let writes = vec![Write::Rewrite { change: Rewrite { encryption, ..Rewrite::default() }, etag: etag(case) }];
    let title = "Encrypt it with keys of the store";
    let fix = writing(case, FixKind::EncryptPlainly, title, Exposure::ThisFile, writes);
    Some(fix.saying(
        "The file is copied onto itself with SSE-S3 instead of KMS. Then the bucket’s rules alone say who may see it.",
    ))
}

/// Whether only a signed request can use the file's key.
pub(super) fn is_under_kms(case: &Case<'_>) -> bool {
    let encryption = case.evidence.details().and_then(|details| details.encryption.as_deref());
    encryption.is_some_and(|encryption| encryption.starts_with("aws:kms"))
}

pub(super) fn restore(case: &Case<'_>) -> Fix {
    let details = case.evidence.details();
    let class = details.and_then(|it| it.archive_tier.as_deref().or(it.storage_class.as_deref())).unwrap_or_default();
    if details.is_some_and(|details| details.is_being_restored()) {
        let fix = advising(FixKind::Elsewhere, "Wait", Remedy::Advice);
        let fix = Fix { wait: Some(how_long(class).to_owned()), ..fix };
        return fix.saying("It was asked for already, and opens when it has arrived.");
    }
    let writes = vec![Write::Restore { days: RESTORED_DAYS }];
    let fix = writing(case, FixKind::Restore, "Fetch it from the archive", Exposure::ThisFile, writes);
    let fix = Fix { undo: Undo::EndsByItself, wait: Some(how_long(class).to_owned()), ..fix };
    fix.saying(format!(
        "A copy is there for {RESTORED_DAYS} days, and costs for that long. For good, copy it into another class then."
    ))
}

/// Standard retrieval (Amazon S3 User Guide, "Archive retrieval options").
fn how_long(class: &str) -> &'static str {
    match class {
        "DEEP_ARCHIVE" | "DEEP_ARCHIVE_ACCESS" => "up to 12 hours",
        _ => "3 to 5 hours",
    }
}

pub(super) fn right_headers(case: &Case<'_>) -> Vec<Fix> {
    let Some(content) = &case.content else { return Vec::new() };
    if content.trouble().is_none() {
        return the_page(case);
    }
    let mut found = Vec::new();
    if let (Some(change), Some(_)) = (&content.rewrite, case.evidence.details()) {
        let mut says = Vec::new();
        let mut say = |name: &str, value: &Option<String>| match value.as_deref() {
            Some("") => says.push(format!("no {name}")),
            Some(value) => says.push(format!("{name}: {value}")),
            None => {}
        };
        say("Content-Type", &change.content_type);
        say("Content-Disposition", &change.content_disposition);
        say("Content-Encoding", &change.content_encoding);
        let writes = vec![Write::Rewrite { change: change.clone(), etag: etag(case) }];
        let fix = writing(case, FixKind::RightHeaders, "Correct its headers", Exposure::Nothing, writes);
        found.push(fix.saying(format!("The file is copied onto itself with {}. Its bytes stay.", says.join(", "))));
    }
    let lost = content.findings.iter().any(|finding| is_lost(finding.kind));
    if let Some(spot) = case.spot().filter(|_| lost) {
        let fix = advising(FixKind::Upload, "Upload the file again", Remedy::Upload);
        let fix = Fix { cli: lines(case, spot).upload(), ..fix };
        let caution = "What lies there is not the picture, and no header makes it one.";
        found.push(fix.saying("The right bytes replace what is there.").with_caution(caution));
    }
    if found.is_empty() {
        let fix = advising(FixKind::Elsewhere, "Correct it where it comes from", Remedy::Advice);
        found.push(fix.saying("Whoever runs the host, or may change the file, has to correct what it sends."));
    }
    found
}

/// The file is as it should be, and the page that uses it is not.
fn the_page(case: &Case<'_>) -> Vec<Fix> {
    let mut found = Vec::new();
    if let (Some(spot), Some(BrowserSaid::MixedContent)) = (case.spot(), said(case)) {
        let url = case.evidence.ground.url(&spot.bucket, &spot.key);
        if url.starts_with("https://") {
            found.push(super::place::use_address("Use the address with https://", url));
        }
    }
    let fix = advising(FixKind::Elsewhere, "Change the page", Remedy::Advice);
    found.push(
        fix.saying("The file comes as it should. What forbids it is the page, or the browser of whoever looks at it."),
    );
    found
}

fn said<'a>(case: &'a Case<'_>) -> Option<&'a BrowserSaid> {
    case.target.page.as_ref()?.said.as_ref()
}

/// Whether other bytes are needed.
const fn is_lost(kind: ContentKind) -> bool {
    matches!(
        kind,
        ContentKind::Empty
            | ContentKind::SavedPage
            | ContentKind::FramingStored
            | ContentKind::Truncated
            | ContentKind::UnknownToBrowsers
            | ContentKind::UnknownBytes
    )
}

pub(super) fn refresh() -> Fix {
    let fix = advising(FixKind::Elsewhere, "Have the cache forget it", Remedy::Advice);
    let fix = Fix { undo: Undo::Nothing, ..fix };
    fix.saying(
        "Invalidate the address at the CDN, or hand out a new name for each version. Cache-Control says how long caches keep it.",
    )
}
