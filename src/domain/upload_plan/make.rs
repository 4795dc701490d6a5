//! From sources and choices to the plan.

use std::collections::{HashMap, HashSet};

use super::{
    Action, Choice, Conflict, Existing, LeftOut, LocationFate, MAX_OBJECT_BYTES, Note, OnConflict, Plan, PlanItem,
    PlanOptions, Source, Totals,
};
use crate::domain::key_template::{Inputs, Template, Token, clean_folder, clean_stem, numbered, split_name};
use crate::domain::object_key;
use crate::domain::upload_rules::Field;

/// Makes the plan. `existing` are the objects below the prefix, by key; the more complete, the fewer surprises (what
/// it misses is caught by `If-None-Match`). `choices` are by index of the source.
///
/// The same inputs give the same plan; ten thousand files take some ten milliseconds.
#[must_use]
pub fn plan(
    sources: &[Source],
    choices: &HashMap<usize, Choice>,
    existing: &HashMap<String, Existing>,
    options: &PlanOptions,
) -> Plan {
    let default_choice = Choice::default();
    let prefix = tidy_prefix(&options.prefix);
    let room = object_key::MAX_BYTES.saturating_sub(prefix.len());
    let mut counter = options.first_counter;
    let mut claimed: HashMap<String, usize> = HashMap::with_capacity(sources.len());
    let mut items = Vec::with_capacity(sources.len());
    let mut waiting = Vec::new();

    // First everyone gets the name they asked for, in order; numbers are given only after that, so that a numbered
    // name never takes the place of a file that is really called so.
    for (index, source) in sources.iter().enumerate() {
        let choice = choices.get(&index).unwrap_or(&default_choice);
        let path = source.path();
        let template = options.rules.template_for(&path).unwrap_or(&options.template);
        let key = key_for(source, counter, template, options, &prefix, room);
        let mut item = PlanItem {
            source: index,
            content_type: source.media.content_type.clone(),
            size_bytes: source.size_bytes,
            notes: notes_on(source, choice, &key, template, options),
            conflict: None,
            action: Action::Send,
            key,
        };
        if let Some(content_type) = item.given(Field::ContentType) {
            item.content_type = content_type.to_owned();
        }
        if let Some(reason) = left_out_by_itself(source, choice, options) {
            item.action = Action::LeftOut(reason);
        } else {
            counter += 1;
            meet(&mut item, source, choice, existing, &claimed, options.on_conflict);
            match item.action {
                Action::KeepBoth { .. } => waiting.push(index),
                Action::LeftOut(_) => {}
                Action::Send | Action::Overwrite => {
                    claimed.insert(item.key.clone(), index);
                }
            }
        }
        items.push(item);
    }

    let mut taken: HashSet<String> = claimed.into_keys().collect();
    let mut next_number: HashMap<String, u64> = HashMap::new();
    for index in waiting {
        let Some(item) = items.get_mut(index) else { continue };
        let number = next_number.entry(item.key.clone()).or_insert(2);
        let free = loop {
            let candidate = numbered(&item.key, *number, object_key::MAX_BYTES);
            *number += 1;
            if !existing.contains_key(&candidate) && !taken.contains(&candidate) {
                break candidate;
            }
        };
        taken.insert(free.clone());
        item.key = free;
    }
    let totals = total(&items);
    Plan { items, totals, cache_control: options.cache_control.clone() }
}

/// A prefix as keys have it: no slash in front, one at the end, no empty parts.
#[must_use]
pub fn tidy_prefix(prefix: &str) -> String {
    let mut tidy: String = prefix.split('/').filter(|p| !p.is_empty()).map(|p| format!("{p}/")).collect();
    // Room for a name must be left.
    while tidy.len() > object_key::MAX_BYTES - 100 {
        tidy.pop();
        tidy.truncate(tidy.rfind('/').map_or(0, |at| at + 1));
    }
    tidy
}

fn key_for(
    source: &Source,
    counter: u64,
    template: &Template,
    options: &PlanOptions,
    prefix: &str,
    room: usize,
) -> String {
    let folder = if options.keep_folders && !template.uses(Token::Folder) && !source.folder.is_empty() {
        let folder = if template.uses(Token::Name) { source.folder.clone() } else { clean_folder(&source.folder) };
        tidy_prefix(&folder)
    } else {
        String::new()
    };
    // A folder too deep for its files to get a name is left away rather than cut in the middle.
    let folder = if folder.len() + 100 > room { String::new() } else { folder };
    let inputs = Inputs {
        name: &source.name,
        folder: &source.folder,
        type_extension: &source.media.extension,
        now: options.now,
        uuid: source.uuid,
        user: &options.user,
        counter,
    };
    format!("{prefix}{folder}{}", template.render(&inputs, room - folder.len()))
}

fn left_out_by_itself(source: &Source, choice: &Choice, options: &PlanOptions) -> Option<LeftOut> {
    if source.unreadable.is_some() || source.size_bytes > MAX_OBJECT_BYTES {
        return Some(LeftOut::Impossible);
    }
    match choice.included {
        Some(true) => None,
        Some(false) => Some(LeftOut::ByHand),
        None if options.images_only && !source.media.is_image => Some(LeftOut::NotAnImage),
        None if is_over_limit(source, options) => Some(LeftOut::OverLimit),
        None => None,
    }
}

/// Decides what happens where the wanted name meets an object or another file.
fn meet(
    item: &mut PlanItem,
    source: &Source,
    choice: &Choice,
    existing: &HashMap<String, Existing>,
    claimed: &HashMap<String, usize>,
    on_conflict: OnConflict,
) {
    let chosen = choice.on_conflict.unwrap_or(on_conflict);
    let object = existing.get(&item.key);
    if object.is_some_and(|o| is_same(o, source)) {
        item.notes.insert(0, Note::SameBytes);
        if choice.included != Some(true) {
            item.action = Action::LeftOut(LeftOut::SameBytes);
            return;
        }
    }
    let by = claimed.get(&item.key).copied();
    let note = match (by, object) {
        (Some(by), _) => Note::TakenInDrop { by },
        (None, Some(_)) => Note::NameTaken,
        (None, None) => return,
    };
    // Two files of one drop cannot replace each other: both were meant to arrive.
    let effective = if by.is_some() && chosen == OnConflict::Overwrite { OnConflict::KeepBoth } else { chosen };
    item.notes.insert(0, note);
    let same_size =
        object.is_some_and(|o| o.size_bytes == source.size_bytes && md5_of(o).is_some()) && source.md5.is_none();
    item.conflict = Some(Conflict { choice: effective, same_size, in_drop: by.is_some() });
    item.action = match effective {
        OnConflict::Skip => Action::LeftOut(LeftOut::Skipped),
        OnConflict::KeepBoth => Action::KeepBoth { wanted: item.key.clone() },
        OnConflict::Overwrite => Action::Overwrite,
    };
}

fn notes_on(source: &Source, choice: &Choice, key: &str, template: &Template, options: &PlanOptions) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(why) = &source.unreadable {
        notes.push(Note::Unreadable(why.clone()));
    }
    if source.size_bytes > MAX_OBJECT_BYTES {
        notes.push(Note::TooLargeForStore);
    } else if let Some(limit_bytes) = options.max_bytes.filter(|_| is_over_limit(source, options)) {
        notes.push(Note::OverLimit { limit_bytes });
    }
    if options.images_only && !source.media.is_image {
        notes.push(Note::NotAnImage);
    }
    if let Some(mismatch) = &source.media.mismatch {
        let goes_as = mismatch.goes_as().filter(|e| key.ends_with(&format!(".{e}"))).map(str::to_owned);
        notes.push(Note::Mislabelled { mismatch: mismatch.clone(), goes_as });
    }
    if source.holds_location {
        notes.push(Note::HoldsLocation(fate_of_location(source, choice, options)));
    }
    if source.size_bytes == 0 && source.unreadable.is_none() {
        notes.push(Note::Empty);
    }
    notes.extend(object_key::check(key).into_iter().map(Note::Key));
    notes.extend(options.rules.for_file(&source.path()).into_iter().map(Note::ByRule));
    if was_cleaned(source, template) {
        notes.push(Note::Cleaned);
    }
    notes
}

fn fate_of_location(source: &Source, choice: &Choice, options: &PlanOptions) -> LocationFate {
    if !source.location_can_go() {
        LocationFate::CannotBeRemoved
    } else if choice.remove_location.unwrap_or(options.remove_locations) {
        LocationFate::Removed
    } else {
        LocationFate::Kept
    }
}

/// The template keeps the name but for characters that are awkward on the web, and there were some.
fn was_cleaned(source: &Source, template: &Template) -> bool {
    let (stem, extension) = split_name(&source.name);
    let awkward = clean_stem(&source.name) != stem || extension.chars().any(char::is_uppercase);
    template.uses(Token::Clean) && awkward
}

fn is_over_limit(source: &Source, options: &PlanOptions) -> bool {
    options.max_bytes.is_some_and(|limit| source.size_bytes > limit)
}

/// The MD5 that an ETag is, when it is one: multipart objects and some encryptions have others.
fn md5_of(object: &Existing) -> Option<&str> {
    let etag = object.etag.as_deref()?.trim_matches('"');
    (etag.len() == 32 && etag.bytes().all(|b| b.is_ascii_hexdigit())).then_some(etag)
}

fn is_same(object: &Existing, source: &Source) -> bool {
    let md5 = source.md5.as_deref();
    object.size_bytes == source.size_bytes && md5_of(object).zip(md5).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
}

fn total(items: &[PlanItem]) -> Totals {
    let mut totals = Totals::default();
    for item in items {
        match item.action {
            Action::LeftOut(_) => {
                totals.left_out += 1;
                continue;
            }
            Action::Send => {}
            Action::KeepBoth { .. } => totals.renamed += 1,
            Action::Overwrite => totals.overwritten += 1,
        }
        totals.files += 1;
        totals.bytes = totals.bytes.saturating_add(item.size_bytes);
    }
    totals
}
