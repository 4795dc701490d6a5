//! What S3 would refuse of a bucket's tags.
//!
//! As for object tags: Amazon S3 User Guide, "Tagging and access control policies", and the limits for buckets.

/// Most tags that a bucket takes.
pub const MAX_TAGS: usize = 50;

/// Tags that Amazon's own services put there; they can be neither changed nor taken away.
#[must_use]
pub fn is_system_tag(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

/// Everything that S3 would refuse, one sentence each.
#[must_use]
pub fn tag_problems(tags: &[(String, String)]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |sentence: &str| problems.push(sentence.to_owned());
    if tags.len() > MAX_TAGS {
        say("At most 50 tags");
    }
    let legal = |text: &str| {
        text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@'))
    };
    for (at, (key, value)) in tags.iter().enumerate() {
        if key.trim().is_empty() {
            say("Each tag needs a name");
        } else if is_system_tag(key) {
            say("Names beginning with aws: are kept for Amazon");
        } else if key.chars().count() > 128 || value.chars().count() > 256 {
            say("A tag’s name has at most 128 characters, its value 256");
        } else if !legal(key) || !legal(value) {
            say("Tags hold letters, digits, spaces and + - = . _ : / @");
        }
        if tags[..at].iter().any(|(other, _)| other == key) {
            say(&format!("The tag {key} is there twice"));
        }
    }
    problems
}
