//! What stands against the choices, field by field.

use super::{Encryption, StoreAbilities, Visibility, Wanted};
use crate::domain::bucket_settings::tag_problems;
use crate::domain::preset::Support;
use crate::domain::public_access::ObjectOwnership;
use crate::domain::{bucket_name, cors, region};

/// Where a problem is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The bucket's name.
    Name,
    /// Its region.
    Region,
    /// Object Ownership.
    Ownership,
    /// Who may see the files, and the prefix.
    Visibility,
    /// The tick.
    Acknowledgement,
    /// Default encryption.
    Encryption,
    /// Tags.
    Tags,
    /// CORS.
    Cors,
    /// Days until unfinished uploads are cleared.
    Lifecycle,
    /// Website hosting.
    Website,
}

/// Why the plan cannot be made yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: Field,
    /// Why, one plain sentence without full stop.
    pub sentence: String,
    /// A value that would do, for text fields.
    pub mend: Option<String>,
}

/// Everything that stands against the choices; empty when the plan may be made. `adopting` is set for a bucket that
/// is there already: the rules for new names do not hold for it.
#[must_use]
pub fn check(wanted: &Wanted, store: &StoreAbilities, adopting: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |field, sentence: &str| problems.push(Problem { field, sentence: sentence.to_owned(), mend: None });
    let abilities = &store.abilities;
    let public = wanted.public_prefix();

    if store.like_amazon && store.endpoint.is_none() && !region::is_plausible(&wanted.region) {
        say(Field::Region, "No region has this code; they look like eu-central-1");
    }
    if let Some(prefix) = public {
        if abilities.policy == Support::No {
            let words = format!("{} makes files public in its own console, not with a bucket policy", store.label);
            say(Field::Visibility, &words);
        }
        if prefix.contains(['*', '?']) || prefix.contains("${") {
            say(Field::Visibility, "In a policy * ? and ${ stand for other characters; leave them out");
        }
        if prefix.starts_with('/') {
            say(Field::Visibility, "Keys do not begin with a slash");
        }
        if !wanted.acknowledged {
            say(Field::Acknowledgement, "Tick that anyone on the internet may view these files");
        }
        if matches!(wanted.encryption, Encryption::SseKms { .. }) {
            say(
                Field::Encryption,
                "Files under a KMS key cannot be opened without sign-in; choose SSE-S3, or keep the bucket private",
            );
        }
    }
    if wanted.ownership != ObjectOwnership::BucketOwnerEnforced && abilities.ownership == Support::No {
        say(Field::Ownership, &format!("{} has no Object Ownership to choose", store.label));
    }
    check_encryption(wanted, store, &mut say);
    for problem in tag_problems(&wanted.tags) {
        say(Field::Tags, &problem);
    }
    if !wanted.cors.is_empty() {
        for problem in cors::check(&wanted.cors) {
            say(Field::Cors, &problem.kind.to_string());
        }
        for words in wanted.cors.iter().flat_map(cors::odd_origins) {
            say(Field::Cors, &words);
        }
    }
    if wanted.abort_unfinished_days.is_some_and(|days| days < 1) {
        say(Field::Lifecycle, "At least one day");
    }
    check_website(wanted, store, &mut say);

    let name_problems =
        if adopting { Vec::new() } else { bucket_name::check_for_create(&wanted.name, &wanted.namespace()) };
    let name = |p: bucket_name::NameProblem| Problem { field: Field::Name, sentence: p.sentence, mend: p.mend };
    name_problems.into_iter().map(name).chain(problems).collect()
}

fn check_encryption(wanted: &Wanted, store: &StoreAbilities, say: &mut impl FnMut(Field, &str)) {
    let Encryption::SseKms { key, .. } = &wanted.encryption else { return };
    if store.abilities.kms == Support::No {
        say(Field::Encryption, &format!("{} has no KMS keys", store.label));
    }
    let Some(key) = key else { return };
    let Some(arn) = key.strip_prefix("arn:") else {
        let known = key.starts_with("alias/") && key.len() > 6;
        if !known && (key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')) {
            say(Field::Encryption, "A key ID, a key ARN, or an alias like alias/photos");
        }
        return;
    };
    let parts: Vec<_> = arn.split(':').collect();
    match parts.as_slice() {
        [_, "kms", region, _, _] if *region != wanted.region => {
            say(Field::Encryption, &format!("The key lies in {region}, but it must lie in the bucket’s region"));
        }
        [_, "kms", _, _, _] => {}
        _ => say(Field::Encryption, "This ARN names no KMS key"),
    }
}

fn check_website(wanted: &Wanted, store: &StoreAbilities, say: &mut impl FnMut(Field, &str)) {
    let Some(website) = &wanted.website else { return };
    if store.abilities.website == Support::No {
        say(Field::Website, &format!("{} does not serve buckets as websites", store.label));
    }
    if website.index.is_empty() || website.index.contains('/') {
        say(Field::Website, "The start page is a name without folders, like index.html");
    }
    if website.error.as_deref() == Some("") {
        say(Field::Website, "The page for what is missing needs a name, like 404.html");
    }
    match &wanted.visibility {
        Visibility::Anyone { prefix } if !prefix.is_empty() => {
            say(Field::Visibility, "A website’s start page lies at the top, so every file must be open");
        }
        Visibility::Nobody => say(Field::Visibility, "A website shows only what anyone may view"),
        Visibility::Anyone { .. } | Visibility::OwnPolicy => {}
    }
}
