//! How it is shown whether strangers can see into a bucket.

use crate::domain::bucket::Exposure;
use crate::theme::icons;
use crate::ui::widgets::{Badge, Tone};

/// The badge that says who can see into the bucket.
pub(super) fn badge(exposure: Exposure) -> (Badge<'static>, &'static str) {
    match exposure {
        Exposure::Public => (
            Badge::new(Tone::Public, "Open to anyone").icon(icons::GLOBE_SIMPLE),
            "The bucket policy or its ACL lets anyone on the internet read from this bucket",
        ),
        Exposure::Private => (
            Badge::new(Tone::Neutral, "Private").icon(icons::LOCK_SIMPLE),
            "Nothing found lets strangers read from this bucket",
        ),
        Exposure::Unasked | Exposure::Unknown => (
            Badge::new(Tone::Neutral, "Visibility unknown").icon(icons::QUESTION),
            "The bucket's policy status could not be read, so it may be open or not",
        ),
    }
}
