//! The storage classes that rules move files to.
//!
//! Source: Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"; Amazon S3 pricing.

/// The classes that files can be moved to, each to those after it (but One Zone-IA not to Glacier Instant Retrieval).
pub const CLASSES: [&str; 6] =
    ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];

/// Where a class stands among [`CLASSES`]; `None` for those that files are written to and never moved to.
pub(super) fn rank(class: &str) -> Option<usize> {
    CLASSES.iter().position(|known| *known == class)
}

/// Whether a file of class `from` can be moved to `to` ("Supported transitions"). From Standard, everything can.
pub(super) fn can_follow(from: &str, to: &str) -> bool {
    match (from, to) {
        ("ONEZONE_IA", "GLACIER_IR") => false,
        _ => rank(to).is_some_and(|to| rank(from).is_none_or(|from| from < to)),
    }
}

/// Days that are charged in any case where a file is in this class.
pub(super) fn charged_days(class: &str) -> Option<i32> {
    match class {
        "STANDARD_IA" | "ONEZONE_IA" => Some(30),
        "GLACIER_IR" | "GLACIER" => Some(90),
        "DEEP_ARCHIVE" => Some(180),
        _ => None,
    }
}

/// A storage class as the console names it; the S3 word where it is a new one.
#[must_use]
pub fn class_name(class: &str) -> &str {
    match class {
        "STANDARD_IA" => "Standard-IA",
        "ONEZONE_IA" => "One Zone-IA",
        "INTELLIGENT_TIERING" => "Intelligent-Tiering",
        "GLACIER_IR" => "Glacier Instant Retrieval",
        "GLACIER" => "Glacier Flexible Retrieval",
        "DEEP_ARCHIVE" => "Glacier Deep Archive",
        other => other,
    }
}
