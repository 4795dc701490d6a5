//! Earlier versions of a bucket's policy, as far as they were saved from here.

use crate::domain::policy::{Policy, explain};
use crate::store::history::{Deed, Entry, MaskedKeyId};

use super::draft::Base;

/// One change of the policy.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number in the history.
    pub change: i64,
    /// When it was made.
    pub at: jiff::Timestamp,
    /// The name of the key that signed it, with its middle left out.
    pub who: Option<String>,
    /// Why, in the person's own words.
    pub note: Option<String>,
    /// Whether it brought back what was there before.
    pub restored: bool,
    /// What was there before, as it is shown; empty for no policy.
    pub before: String,
    /// What it made, as it is shown; empty for no policy.
    pub after: String,
    /// What it added, in plain words.
    pub gained: Vec<String>,
    /// What it took away, in plain words.
    pub lost: Vec<String>,
}

impl Version {
    /// Reads a change of a policy; the sentences are about `bucket`.
    #[must_use]
    pub fn of(entry: &Entry, bucket: &str) -> Self {
        let change = &entry.change;
        let sentences = |text: Option<&str>| -> Vec<String> {
            let policy = text.and_then(|text| Policy::parse(text).ok());
            policy.map(|policy| explain(&policy, bucket).iter().map(|it| it.text()).collect()).unwrap_or_default()
        };
        let shown = |text: &Option<String>| text.clone().map_or(Base::None, Base::Text).shown();
        let (old, new) = (sentences(change.before.as_deref()), sentences(change.after.as_deref()));
        let only = |one: &[String], other: &[String]| one.iter().filter(|it| !other.contains(it)).cloned().collect();
        Self {
            change: entry.id,
            at: change.at,
            who: change.who.as_ref().map(MaskedKeyId::as_str).map(str::to_owned),
            note: change.note.clone(),
            restored: change.deed == Deed::Restore,
            before: shown(&change.before),
            after: shown(&change.after),
            gained: only(&new, &old),
            lost: only(&old, &new),
        }
    }

    /// What changed, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let (first, more) = match (self.gained.as_slice(), self.lost.as_slice()) {
            ([], []) if self.after.is_empty() => return "The policy was deleted".to_owned(),
            ([], []) => return "Other words, the same meaning".to_owned(),
            ([first, rest @ ..], lost) => (first.clone(), rest.len() + lost.len()),
            ([], [first, rest @ ..]) => (format!("No longer: {first}"), rest.len()),
        };
        if more == 0 { first } else { format!("{first}, and {more} more") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bucket_settings::SettingKind;
    use crate::domain::connection::ConnectionId;
    use crate::store::history::Change;

    fn policy(prefix: &str) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/{prefix}*"}}]}}"#
        )
    }

    fn version(before: Option<String>, after: Option<String>) -> Version {
        let change = Change {
            connection: ConnectionId::PRACTICE,
            bucket: "b".to_owned(),
            setting: SettingKind::Policy,
            before,
            after,
            at: jiff::Timestamp::UNIX_EPOCH,
            who: None,
            note: None,
            deed: Deed::Change,
        };
        Version::of(&Entry { id: 7, change }, "b")
    }

    #[test]
    fn a_version_says_what_it_changed() {
        let opened = version(None, Some(policy("photos/")));
        assert!(opened.summary().contains("photos/"), "{}", opened.summary());
        assert!(opened.lost.is_empty() && opened.before.is_empty());
        assert!(opened.after.contains("\n  \"Statement\""), "one line is given its lines back");
        let shut = version(Some(policy("photos/")), None);
        assert!(shut.summary().starts_with("No longer: "), "{}", shut.summary());
        let same = version(Some(policy("photos/")), Some(format!("{} ", policy("photos/"))));
        assert_eq!(same.summary(), "Other words, the same meaning");
    }
}
