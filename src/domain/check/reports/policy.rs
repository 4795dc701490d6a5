//! The layers that decide who may: Requester Pays, both blocks, the policy, the owner and the lists.

use super::{Case, Detail, Draft, ObjectFound, Stand, Words};
use crate::domain::bucket_settings::Payer;
use crate::domain::check::evidence::Read;
use crate::domain::check::predict::is_foreign;
use crate::domain::policy::{
    Decision, Effect, Policy, Statement, Style, condition_words, glob_matches, is_public, key_prefix, principal_words,
};
use crate::domain::public_access::{BlockPublicAccess, Grantee, Permission};

pub(super) fn payer(case: &Case<'_>, is_cause: bool) -> Option<Draft> {
    let read = &case.evidence.payer;
    match read.known() {
        Some(Payer::BucketOwner) => None,
        Some(Payer::Requester) => {
            Some(Draft::new(Stand::Stops, "Whoever asks has to pay, and so has to sign in", read.asked()))
        }
        None if is_cause => Some(Draft::new(Stand::Stops, "Nothing else explains the refusal", read.asked())),
        None => None,
    }
}

pub(super) fn account_block(case: &Case<'_>, is_cause: bool) -> Option<Draft> {
    let read = &case.evidence.account_block;
    match read.known() {
        Some(block) => Some(block_draft(case, *block, "account", read.asked())),
        // Stores without accounts have nothing to say of it.
        None if matches!(read, Read::NotOffered(_)) => None,
        None => Some(inferred(Draft::unread(read), is_cause, "the account")),
    }
}

pub(super) fn bucket_block(case: &Case<'_>, is_cause: bool) -> Draft {
    let read = &case.evidence.bucket_block;
    match read.known() {
        Some(block) => block_draft(case, block.unwrap_or_default(), "bucket", read.asked()),
        None => inferred(Draft::unread(read), is_cause, "the bucket"),
    }
}

/// What could not be read, and is the only thing left that explains the refusal.
fn inferred(draft: Draft, is_cause: bool, whose: &str) -> Draft {
    if !is_cause {
        return draft;
    }
    let sentence = format!("Could not be read, but nothing else explains the refusal: the block of {whose} is on");
    Draft { sentence: Words::plain(sentence), ..draft }
}

fn block_draft(
    case: &Case<'_>,
    block: BlockPublicAccess,
    whose: &str,
    asked: Option<&crate::domain::check::Asked>,
) -> Draft {
    let by_policy = case.spot().and_then(|spot| case.policy_says(&spot.key)).is_some_and(Decision::is_allow);
    let public = case.policy.as_ref().is_some_and(|policy| is_public(policy).public);
    let by_list = is_listed(case);
    let set_aside = |what: &str, flag: &str| {
        let sentence = Words::plain(format!("{what} would let anyone in, but ")).and(Words::mono(flag));
        let draft = Draft::new(Stand::Stops, "", asked);
        Draft { sentence: sentence.then(format!(" of the {whose} sets it aside")), ..draft }
    };
    if block.restrict_public_buckets && by_policy && public {
        return set_aside("The bucket policy", "RestrictPublicBuckets");
    }
    if block.ignore_public_acls && by_list && !by_policy {
        return set_aside("The file’s access list", "IgnorePublicAcls");
    }
    let on = block != BlockPublicAccess::NONE;
    let sentence = match (on, block.restrict_public_buckets || block.block_public_policy) {
        (false, _) => "Off",
        (true, true) if public => "Does not stop this policy",
        (true, true) => "On, and nothing here is public for it to stop",
        (true, false) => "Does not stop public policies",
    };
    Draft::new(Stand::Lets, sentence, asked)
}

/// Whether the file's list grants reading to anyone.
fn is_listed(case: &Case<'_>) -> bool {
    case.evidence.object_acl.known().is_some_and(|acl| acl.grants.anyone_may(Permission::Read))
}

pub(super) fn policy(case: &Case<'_>) -> Draft {
    let read = &case.evidence.policy;
    let (Some(text), Some(spot)) = (read.known(), case.spot()) else { return Draft::unread(read) };
    let by_list = is_listed(case) && case.lists_count() == Some(true);
    if text.is_none() {
        let draft = Draft::new(Stand::Stops, "There is none that opens it", read.asked());
        return if by_list { not_needed(draft) } else { draft };
    }
    let Some(policy) = &case.policy else {
        return Draft::new(Stand::Unread, "Its text cannot be read here", read.asked());
    };
    match case.policy_says(&spot.key) {
        Some(Decision::Allow { statement }) => {
            let sentence = format!("{} lets anyone fetch it", name(policy, statement));
            Draft::new(Stand::Lets, sentence, read.asked()).with(statement_detail(policy, statement))
        }
        Some(Decision::Deny { statement }) => {
            let sentence = format!("{} refuses it", name(policy, statement));
            Draft::new(Stand::Stops, sentence, read.asked()).with(statement_detail(policy, statement))
        }
        Some(Decision::NoMatch) | None => {
            let draft = Draft::new(Stand::Stops, "No statement allows this file", read.asked()).with(beside(case));
            if by_list { not_needed(draft) } else { draft }
        }
    }
}

fn not_needed(draft: Draft) -> Draft {
    Draft { stand: Stand::Silent, sentence: Words::plain("Not needed: the file’s own list lets anyone in"), ..draft }
}

/// A statement as the beginning of a sentence.
fn name(policy: &Policy, statement: usize) -> String {
    match policy.statements.get(statement).and_then(|statement| statement.sid.as_deref()) {
        Some(sid) => format!("The statement {sid}"),
        None => format!("Statement {}", statement + 1),
    }
}

fn statement_detail(policy: &Policy, index: usize) -> Option<Detail> {
    let statement = policy.statements.get(index)?;
    Some(Detail::Statement { index, json: format!("{:#}", statement.to_json()) })
}

/// A pattern of keys that the policy opens to anyone, with its statement.
pub(in crate::domain::check) struct Opened {
    pub(in crate::domain::check) statement: usize,
    pub(in crate::domain::check) pattern: String,
}

/// Every pattern that the policy opens to anyone without terms.
pub(in crate::domain::check) fn opened(case: &Case<'_>) -> Vec<Opened> {
    let (Some(policy), Some(spot)) = (&case.policy, case.spot()) else { return Vec::new() };
    let opens = |statement: &Statement| {
        statement.effect == Effect::Allow
            && statement.principal.is_everyone()
            && statement.conditions.is_empty()
            && statement.action.covers("s3:GetObject")
    };
    let statements = policy.statements.iter().enumerate().filter(|(_, statement)| opens(statement));
    let patterns = statements.flat_map(|(index, statement)| {
        statement.keys_in(&spot.bucket).into_iter().map(move |pattern| Opened { statement: index, pattern })
    });
    patterns.collect()
}

/// The pattern that comes closest to the key.
fn closest(case: &Case<'_>) -> Option<Opened> {
    let key = &case.spot()?.key;
    opened(case).into_iter().max_by_key(|opened| shared(&opened.pattern, key))
}

/// Bytes at the beginning that are the same, in whole letters.
fn shared(pattern: &str, key: &str) -> usize {
    let prefix = key_prefix(pattern);
    let same = prefix.chars().zip(key.chars()).take_while(|(one, other)| one == other);
    same.map(|(letter, _)| letter.len_utf8()).sum()
}

fn beside(case: &Case<'_>) -> Option<Detail> {
    let key = case.spot()?.key.clone();
    let Opened { statement, pattern } = closest(case)?;
    Some(Detail::Beside { shared: shared(&pattern, &key), opens: pattern, key, statement })
}

/// Why the policy does not let a stranger in, in one sentence.
pub(super) fn why(case: &Case<'_>) -> Words {
    let (Some(policy), Some(spot)) = (&case.policy, case.spot()) else {
        return match case.evidence.policy.known() {
            Some(None) => Words::plain("There is no bucket policy that opens it"),
            _ => policy_sentence(case),
        };
    };
    match case.policy_says(&spot.key) {
        Some(Decision::Deny { statement }) => denied(policy, statement),
        Some(Decision::NoMatch) => unmatched(case, policy),
        Some(Decision::Allow { .. }) | None => policy_sentence(case),
    }
}

fn policy_sentence(case: &Case<'_>) -> Words {
    policy(case).sentence
}

fn denied(policy: &Policy, index: usize) -> Words {
    let words = Words::plain(format!("{} of the bucket policy refuses it", name(policy, index)));
    let conditions = policy.statements.get(index).map(|it| it.conditions.as_slice()).unwrap_or_default();
    if conditions.is_empty() {
        return words;
    }
    words.then(", because ").and(Words::list(conditions.iter().map(condition_words), "and"))
}

/// What the statement that comes closest lacks.
fn unmatched(case: &Case<'_>, policy: &Policy) -> Words {
    let Some(spot) = case.spot() else { return Words::default() };
    let key = spot.key.as_str();
    let nothing = || Words::plain("No statement of the bucket policy lets strangers fetch this");
    let covers = |statement: &&Statement| {
        let keys = statement.keys_in(&spot.bucket);
        statement.effect == Effect::Allow && keys.iter().any(|pattern| glob_matches(pattern, key))
    };
    let about_it = || policy.statements.iter().filter(covers);
    let reads = |statement: &&Statement| statement.action.covers("s3:GetObject");
    if case.target.version_id.is_some() && about_it().any(|it| reads(&it) && it.principal.is_everyone()) {
        return Words::plain(
            "The bucket policy opens the newest version, and the address names another one: that needs ",
        )
        .and(Words::mono("s3:GetObjectVersion"));
    }
    if let Some(statement) = about_it().find(|it| reads(it) && it.principal.is_everyone() && !it.conditions.is_empty())
    {
        let terms = Words::list(statement.conditions.iter().map(condition_words), "and");
        return Words::plain("The bucket policy opens it only if ").and(terms);
    }
    if let (Some(statement), Some(scene)) = (about_it().find(reads), case.scene()) {
        let people = statement.principal.named().iter().map(|it| principal_words(it, &scene));
        let who = Words::list(people, "and");
        return Words::plain("The bucket policy opens it to ").and(who).then(", not to strangers");
    }
    let Some(Opened { pattern, .. }) = closest(case) else {
        let lists = policy
            .statements
            .iter()
            .any(|it| it.effect == Effect::Allow && it.principal.is_everyone() && it.action.covers("s3:ListBucket"));
        return if lists {
            Words::plain("The bucket policy lets anyone see the names of the files, and not fetch them")
        } else {
            nothing()
        };
    };
    let folder = key.rfind('/').map_or("", |at| &key[..=at]);
    // The beginning of the key, where only its case differs from what is open.
    let own = |prefix: &str| key.get(..prefix.len()).filter(|own| own.eq_ignore_ascii_case(prefix));
    let opens = Words::plain("The bucket policy opens ");
    match pattern.strip_suffix('*') {
        Some(prefix) if prefix.ends_with('/') && folder.is_empty() => {
            opens.with(prefix, Style::Mono).then(", but the file is in no folder")
        }
        Some(prefix) if prefix.ends_with('/') && own(prefix).is_some() => {
            let own = own(prefix).unwrap_or_default();
            opens
                .with(prefix, Style::Mono)
                .then(", but the file is in ")
                .with(own, Style::Mono)
                .then(": large and small letters count")
        }
        Some(prefix) if prefix.ends_with('/') => {
            opens.with(prefix, Style::Mono).then(", but the file is in ").with(folder, Style::Mono)
        }
        _ => opens.with(&pattern, Style::Mono).then(", and the file is ").with(key, Style::Mono),
    }
}

pub(super) fn owner(case: &Case<'_>, is_cause: bool) -> Option<Draft> {
    let read = &case.evidence.object_acl;
    if case.lists_count() == Some(false) {
        return None;
    }
    let Some(foreign) = is_foreign(case.evidence) else {
        let sentence =
            "Its list could not be read, and nothing else explains the refusal: it belongs to another account";
        return is_cause.then(|| Draft::new(Stand::Stops, sentence, read.asked()));
    };
    match foreign {
        true => {
            let sentence = "The file belongs to another account, and the bucket policy does not reach it";
            let by_list = is_listed(case) && !is_cause;
            Some(Draft::new(if by_list { Stand::Lets } else { Stand::Stops }, sentence, read.asked()))
        }
        false => None,
    }
}

/// `None` where there is no file that could have a list.
pub(super) fn file_permissions(case: &Case<'_>) -> Option<Draft> {
    if matches!(case.evidence.object.known(), Some(ObjectFound::Missing | ObjectFound::Deleted { .. })) {
        return None;
    }
    Some(of_the_list(case))
}

fn of_the_list(case: &Case<'_>) -> Draft {
    let (lists, own) = (&case.evidence.object_acl, &case.evidence.ownership);
    let listed = is_listed(case);
    match case.lists_count() {
        Some(false) if listed => {
            let sentence = "The file’s list would let anyone in, but lists are switched off in this bucket";
            let by_policy = case.spot().and_then(|spot| case.policy_says(&spot.key)).is_some_and(Decision::is_allow);
            Draft::new(if by_policy { Stand::Silent } else { Stand::Stops }, sentence, own.asked())
        }
        Some(false) => Draft::new(Stand::Silent, "Not used: ACLs are switched off in this bucket", own.asked()),
        None if own.is_open() && lists.known().is_none() => Draft::unread(own),
        None if matches!(lists, Read::NotOffered(_)) => Draft::unread(lists),
        Some(true) | None => match lists.known() {
            Some(_) if listed => Draft::new(Stand::Lets, "The file’s list lets anyone in", lists.asked()),
            Some(acl) if acl.grants.allows(&Grantee::AuthenticatedUsers, Permission::Read) => {
                let sentence = "The file’s list lets in whoever has an AWS account, and strangers have none";
                Draft::new(Stand::Stops, sentence, lists.asked())
            }
            Some(_) => {
                let by_policy = case.spot().and_then(|spot| case.policy_says(&spot.key));
                let needed = !by_policy.is_some_and(Decision::is_allow);
                let stand = if needed { Stand::Stops } else { Stand::Silent };
                let sentence =
                    if needed { "The file’s list lets no stranger in" } else { "Not needed: the policy opens it" };
                Draft::new(stand, sentence, lists.asked())
            }
            None => Draft::unread(lists),
        },
    }
}
