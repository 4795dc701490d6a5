//! Asking for a real file as a stranger would, to see what a policy does rather than what it says.

use std::time::Duration;

use crate::domain::connection::Target;
use crate::domain::object_url;
use crate::domain::policy::{
    AnonymousRequest, Policy, Statement, anonymous_context, evaluate, glob_matches, is_public, key_prefix,
};
use crate::model::permissions::review::Probe;
use crate::s3;
use crate::s3::probe::{Question, probe};
use crate::s3::store::{Family, Store};

/// A change of a policy takes a moment to reach every server of a large store.
const PATIENCE: [Duration; 4] =
    [Duration::from_millis(400), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// In so many places a file is looked for.
const PLACES: usize = 6;
/// So many keys are read in each.
const KEYS: u16 = 100;
/// So much of an answer is read.
const BYTES: usize = 4096;

/// Where the files lie that are asked for.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    pub(super) target: Target,
    pub(super) region: Option<String>,
}

/// Asks for a file that the new policy, or the one before it, is about.
pub(super) async fn look(
    store: &Store,
    outside: &Outside,
    bucket: &str,
    before: Option<&Policy>,
    after: Option<&Policy>,
) -> Probe {
    let patterns = patterns(bucket, before, after);
    let first = patterns.first().map(|pattern| key_prefix(pattern).to_owned()).unwrap_or_default();
    let mut key = None;
    for pattern in patterns.iter().take(PLACES) {
        match s3::list::list_page(store, bucket, key_prefix(pattern), None, None, Some(KEYS)).await {
            Ok(page) => {
                let fits = |key: &str| !key.ends_with('/') && glob_matches(pattern, key);
                key = page.objects.into_iter().map(|object| object.key).find(|key| fits(key));
            }
            Err(error) => return Probe::Unanswered(error.sentence()),
        }
        if key.is_some() {
            break;
        }
    }
    let Some(key) = key else { return Probe::NoFile { prefix: first } };
    ask(store, outside, bucket, key, after).await
}

async fn ask(store: &Store, outside: &Outside, bucket: &str, key: String, after: Option<&Policy>) -> Probe {
    let info = store.info();
    let place = object_url::Place {
        target: &outside.target,
        practice_endpoint: info.endpoint.as_deref().filter(|_| info.family == Family::Practice),
        bucket,
        region: outside.region.as_deref(),
        website: false,
    };
    let url = object_url::preferred(&place, &key);
    let region = outside.region.as_deref().unwrap_or_else(|| outside.target.region());
    let arn = crate::domain::arn::object_arn(crate::domain::arn::Partition::from_region(region), bucket, &key);
    let stranger = AnonymousRequest { https: url.starts_with("https://"), ..AnonymousRequest::default() };
    let expected =
        after.is_some_and(|policy| evaluate(policy, &anonymous_context("s3:GetObject", arn, &stranger)).is_allow());
    let mut waits = PATIENCE.iter();
    loop {
        let answer = match probe(&Question::get(&url, BYTES)).await {
            Ok(answer) => answer,
            Err(error) => return Probe::Unanswered(error.sentence()),
        };
        let is_open = (200..300).contains(&answer.status);
        let wait = if is_open == expected || info.family == Family::Practice { None } else { waits.next() };
        let Some(wait) = wait else {
            let code = answer.error_code().filter(|_| !is_open).map(str::to_owned);
            return Probe::Asked { key, status: answer.status, code };
        };
        tokio::time::sleep(*wait).await;
    }
}

/// Patterns of keys, those first whose files a stranger can see since now, then those that could be seen before, then
/// whatever else the policies speak of, then every file.
fn patterns(bucket: &str, before: Option<&Policy>, after: Option<&Policy>) -> Vec<String> {
    let public = |policy: Option<&Policy>| -> Vec<Statement> {
        let Some(policy) = policy else { return Vec::new() };
        let public = is_public(policy).statements;
        public.iter().filter_map(|statement| policy.statements.get(statement.index).cloned()).collect()
    };
    let (old, new) = (public(before), public(after));
    let differs = |one: &[Statement], other: &[Statement]| -> Vec<Statement> {
        one.iter().filter(|one| !other.iter().any(|other| one.same_meaning(other))).cloned().collect()
    };
    let all = |policy: Option<&Policy>| policy.map(|policy| policy.statements.clone()).unwrap_or_default();
    let groups = [differs(&new, &old), differs(&old, &new), new.clone(), all(after), all(before)].into_iter().flatten();
    let mut found: Vec<String> = Vec::new();
    let named = groups
        .filter(|statement| statement.action.covers("s3:GetObject"))
        .flat_map(|statement| statement.keys_in(bucket));
    for pattern in named.chain(["*".to_owned()]) {
        if !found.contains(&pattern) {
            found.push(pattern);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn policy(prefixes: &[&str]) -> Option<Policy> {
        // A policy without statements is none.
        let statements: Vec<String> = prefixes
            .iter()
            .map(|prefix| {
                format!(
                    r#"{{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::b/{prefix}*"}}"#
                )
            })
            .collect();
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        Policy::parse(&text).ok()
    }

    #[test_case(&[], &["photos/"], &["photos/*", "*"]; "what opens")]
    #[test_case(&["photos/"], &["photos/", "press/"], &["press/*", "photos/*", "*"]; "what is new goes first")]
    #[test_case(&["photos/"], &[], &["photos/*", "*"]; "what shuts")]
    #[test_case(&[], &[], &["*"]; "nothing in particular")]
    fn a_file_is_looked_for_where_something_changed(before: &[&str], after: &[&str], expected: &[&str]) {
        assert_eq!(patterns("b", policy(before).as_ref(), policy(after).as_ref()), expected);
    }
}
