//! Which actions stand for all others.

use crate::domain::policy::actions::{ActionScope, action_scope, known_actions};
use crate::domain::policy::{ActionMatch, Policy, Statement, Style, Words, explain};
use crate::domain::public_access::acl_for_action;

/// Actions that the policies treat in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::policy) struct DeedClass {
    /// With `s3:`; the first is asked about.
    pub(in crate::domain::policy) actions: Vec<String>,
    /// Whether they work on files, or on the bucket.
    pub(in crate::domain::policy) files: bool,
}

/// All actions, grouped by what the policies and lists make of them.
pub(in crate::domain::policy) fn deed_classes(policies: &[&Policy]) -> Vec<DeedClass> {
    let statements: Vec<&Statement> = policies.iter().flat_map(|policy| &policy.statements).collect();
    let everyday = explain::everyday_deeds().map(|deed| deed.action.to_owned());
    let known =
        known_actions().filter(|(_, scope)| *scope != ActionScope::Elsewhere).map(|(name, _)| format!("s3:{name}"));
    // Actions that the list does not know, written out in a policy.
    let unknown = statements
        .iter()
        .flat_map(|statement| match &statement.action {
            ActionMatch::Only(list) | ActionMatch::Except(list) => list,
        })
        .filter(|action| !action.contains(['*', '?']) && action_scope(action).is_none())
        .cloned();
    let mut out: Vec<(Vec<bool>, _, DeedClass)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for action in everyday.into_iter().chain(known).chain(unknown) {
        if seen.iter().any(|other| other.eq_ignore_ascii_case(&action)) {
            continue;
        }
        let files = action_scope(&action) != Some(ActionScope::Bucket);
        let covered: Vec<bool> = statements.iter().map(|statement| statement.action.covers(&action)).collect();
        let list = acl_for_action(&action);
        match out.iter_mut().find(|(c, l, class)| *c == covered && *l == list && class.files == files) {
            Some((.., class)) => class.actions.push(action.clone()),
            None => out.push((covered, list, DeedClass { actions: vec![action.clone()], files })),
        }
        seen.push(action);
    }
    out.into_iter().map(|(.., class)| class).collect()
}

/// How many actions without words of their own are still named one by one.
const MAX_NAMED: usize = 3;

/// Actions in words, without the files: everyday ones first, and the many as a number.
pub(in crate::domain::policy) fn actions_words(actions: &[&str], join: &str) -> Words {
    let everyday = explain::everyday_deeds();
    let mut named: Vec<Words> = everyday
        .iter()
        .filter(|deed| actions.iter().any(|a| a.eq_ignore_ascii_case(deed.action)))
        .map(|d| d.words())
        .collect();
    let others: Vec<&&str> =
        actions.iter().filter(|a| !everyday.iter().any(|deed| a.eq_ignore_ascii_case(deed.action))).collect();
    if others.len() <= MAX_NAMED {
        named.extend(others.iter().map(|action| {
            explain::deed_of(action)
                .map_or_else(|| Words::plain("use ").with(**action, Style::Mono), |deed| deed.words())
        }));
    } else {
        let other = if named.is_empty() { "" } else { "other " };
        named.push(Words::plain(format!("use {} {other}actions", others.len())));
    }
    Words::list(named, join)
}
