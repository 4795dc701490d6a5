//! What the choices mean for people.

use super::{StoreAbilities, Visibility, Wanted};
use crate::domain::preset::Support;

/// One line of "What this means".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// They can; otherwise they cannot.
    pub can: bool,
    /// e.g. `can open a file under photos/ if they know its address`.
    pub words: String,
}

/// Who can do what once it is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// Anyone on the internet.
    pub anyone: Vec<Fact>,
    /// What search engines may do, where that matters.
    pub search_engines: Option<&'static str>,
    /// The account itself.
    pub account: &'static str,
    /// What is changed for it.
    pub changes: Vec<String>,
}

/// The words beside "Who may see the files?".
#[must_use]
pub fn consequence(wanted: &Wanted, store: &StoreAbilities) -> Consequence {
    let fact = |can, words: &str| Fact { can, words: words.to_owned() };
    let has_blocks = store.abilities.public_access_block != Support::No;
    let mut anyone = Vec::new();
    let mut changes = Vec::new();
    match &wanted.visibility {
        Visibility::Anyone { prefix } => {
            let files = files(prefix);
            anyone.push(fact(true, &format!("can open {files} if they know its address")));
            anyone.push(fact(false, "cannot see a list of your files"));
            anyone.push(fact(false, "cannot upload, change or delete anything"));
            if !prefix.is_empty() {
                anyone.push(fact(false, &format!("cannot open {}", others(prefix))));
            }
            if has_blocks {
                changes.push("Block Public Access: 2 of 4 switches off, the two for ACLs stay on".into());
            }
            if store.abilities.policy != Support::No {
                changes.push("Bucket policy: one statement, read only".into());
            }
        }
        Visibility::Nobody => {
            anyone.push(fact(false, "cannot open any file"));
            anyone.push(fact(true, "can open a single file through a link you hand out, for at most 7 days"));
            if has_blocks {
                let all = if store.like_amazon { "all 4" } else { "3 of 4" };
                changes.push(format!("Block Public Access: {all} switches on"));
            }
        }
        Visibility::OwnPolicy => {
            anyone.push(fact(false, "cannot open any file until your policy says so"));
            changes.push("Nothing is opened; the policy is yours to write afterwards".into());
        }
    }
    let public = wanted.public_prefix().is_some();
    Consequence {
        anyone,
        search_engines: public.then_some("may find and show images that a page links to"),
        account: "keep full control",
        changes,
    }
}

/// The sentence to tick, and the one below it. `None` where nothing becomes public.
#[must_use]
pub fn acknowledgement(wanted: &Wanted) -> Option<(String, &'static str)> {
    let prefix = wanted.public_prefix()?;
    let below = "I know this, and only files meant for everyone will go there. Taking the policy away closes it again.";
    Some((format!("Anyone on the internet can view {} in {}", every_file(prefix), wanted.name), below))
}

/// `every file under photos/`.
pub(super) fn every_file(prefix: &str) -> String {
    if prefix.is_empty() { "every file".into() } else { format!("every {}", under(prefix)) }
}

fn files(prefix: &str) -> String {
    if prefix.is_empty() { "any file".into() } else { format!("a {}", under(prefix)) }
}

fn others(prefix: &str) -> String {
    if prefix.ends_with('/') {
        format!("files outside {prefix}")
    } else {
        format!("files that do not begin with {prefix}")
    }
}

fn under(prefix: &str) -> String {
    if prefix.ends_with('/') { format!("file under {prefix}") } else { format!("file that begins with {prefix}") }
}
