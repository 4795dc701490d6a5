//! Changes of a form, carried out on the policy's text.

use serde_json::{Value as Json, json};

use super::super::json::{self, Node, Value};
use super::super::{ActionMatch, Effect, Policy, Principal, PrincipalMatch, ResourceMatch, Scene, Statement};
use super::json_text::{member, move_child, push_item, push_member, remove_child, replace, wrap_and_push};
use super::{CardContent, Deed, Form, LimitKind, Place, statements};

/// One change of the document.
#[derive(Debug, Clone, PartialEq)]
pub enum FormEdit {
    /// Of one statement, counted from 0.
    Change {
        /// Which statement.
        statement: usize,
        /// What changes in it.
        change: StatementChange,
    },
    /// One more statement at the end.
    Add(Box<Statement>),
    /// One statement less.
    Remove {
        /// Which statement.
        statement: usize,
    },
    /// A statement to another place. The order has no effect on what the policy does.
    Move {
        /// Which statement.
        from: usize,
        /// Its place afterwards.
        to: usize,
    },
}

/// One change of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementChange {
    /// Another name, or none.
    Sid(Option<String>),
    /// Lets in, or refuses.
    Effect(Effect),
    /// Everyone, also without sign-in.
    Anyone,
    /// Only this one.
    OnlyPerson(Principal),
    /// One more.
    AddPerson(Principal),
    /// One less, counted in the order of the text.
    RemovePerson(usize),
    /// An everyday group ticked or not. Ticking everything unticks the single groups, and the other way.
    Deed(Deed, bool),
    /// One action more, as a policy writes it.
    AddAction(String),
    /// All of this action less.
    RemoveAction(String),
    /// One place more.
    AddPlace(Place),
    /// Another place instead of one, counted in the order of the text.
    SetPlace(usize, Place),
    /// One place less.
    RemovePlace(usize),
    /// One limit more.
    AddLimit(LimitKind, Vec<String>),
    /// Other values for a limit, counted in the order of the text.
    SetLimit(usize, Vec<String>),
    /// One limit less.
    RemoveLimit(usize),
}

/// Why a change cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FormError {
    /// The text is no JSON object.
    #[error("The text must be valid JSON first")]
    NotJson,
    /// There is no such statement, part or value; the text may have changed meanwhile.
    #[error("This part of the policy is no longer there")]
    Gone,
    /// A statement that the form cannot represent.
    #[error("This statement can only be changed in the text")]
    AsWritten,
    /// The last of a list that may not be empty.
    #[error("A statement needs at least one of these")]
    LastOne,
    /// It is there already.
    #[error("This is there already")]
    AlreadyThere,
    /// Nothing was filled in.
    #[error("A value is missing")]
    Empty,
}

type Changed = Result<String, FormError>;

impl FormEdit {
    /// The text after the change.
    ///
    /// # Errors
    ///
    /// When the change does not fit the text, or would leave a list empty that may not be.
    pub fn apply(&self, text: &str, scene: &Scene<'_>) -> Changed {
        match self {
            Self::Change { statement, change } => change_statement(text, *statement, change, scene),
            Self::Add(statement) => add_statement(text, statement),
            Self::Remove { statement } => {
                let root = root(text)?;
                let list = member(&root, "Statement").ok_or(FormError::Gone)?;
                match &list.value.value {
                    Value::Array(items) if *statement < items.len() => Ok(remove_child(text, &list.value, *statement)),
                    Value::Object(_) if *statement == 0 => Ok(replace(text, list.value.span, &json!([]))),
                    _ => Err(FormError::Gone),
                }
            }
            Self::Move { from, to } => {
                let root = root(text)?;
                let list = member(&root, "Statement").ok_or(FormError::Gone)?;
                match &list.value.value {
                    Value::Array(items) if *from < items.len() && *to < items.len() => {
                        Ok(move_child(text, &list.value, *from, *to))
                    }
                    _ => Err(FormError::Gone),
                }
            }
        }
    }
}

fn root(text: &str) -> Result<Node, FormError> {
    let document = json::read(text).map_err(|_| FormError::NotJson)?;
    if matches!(document.root.value, Value::Object(_)) { Ok(document.root) } else { Err(FormError::NotJson) }
}

/// Adds a statement at the end. Its name is changed when another has it; one that is there already
/// in the same meaning is not added again.
fn add_statement(text: &str, statement: &Statement) -> Changed {
    if text.trim().is_empty() {
        return Ok(Policy::new(vec![statement.clone()]).to_json_pretty());
    }
    let root = root(text)?;
    let nodes = statements(&root);
    let reading = super::parse::read(text, super::parse::Kind::Bucket);
    if reading.statements.iter().filter_map(|read| read.statement.as_ref()).any(|other| other.same_meaning(statement)) {
        return Err(FormError::AlreadyThere);
    }
    let mut statement = statement.clone();
    if let Some(sid) = &mut statement.sid {
        let taken = |name: &str| {
            nodes.iter().any(|node| {
                member(node, "Sid").is_some_and(|m| matches!(&m.value.value, Value::Text(sid) if sid == name))
            })
        };
        let first = sid.clone();
        let mut number = 2;
        while taken(sid) {
            *sid = format!("{first}{number}");
            number += 1;
        }
    }
    let value = statement.to_json();
    match member(&root, "Statement").map(|m| &m.value) {
        Some(list @ Node { value: Value::Array(_), .. }) => Ok(push_item(text, list, &value)),
        Some(one @ Node { value: Value::Object(_), .. }) => Ok(wrap_and_push(text, one, &value)),
        Some(other) => Ok(replace(text, other.span, &json!([value]))),
        None => {
            let text = if member(&root, "Version").is_none() && matches!(&root.value, Value::Object(m) if m.is_empty())
            {
                push_member(text, &root, "Version", &json!(super::super::Version::V2012.as_str()))
            } else {
                text.to_owned()
            };
            let root = self::root(&text)?;
            Ok(push_member(&text, &root, "Statement", &json!([value])))
        }
    }
}

fn change_statement(text: &str, index: usize, change: &StatementChange, scene: &Scene<'_>) -> Changed {
    let root = root(text)?;
    let node = *statements(&root).get(index).ok_or(FormError::Gone)?;
    let form = Form::read(text, scene).map_err(|_| FormError::NotJson)?;
    let card = form.cards.get(index).ok_or(FormError::Gone)?;
    let CardContent::Fields(_) = &card.content else { return Err(FormError::AsWritten) };
    let reading = super::parse::read(text, super::parse::Kind::Bucket);
    let statement = reading.statements.into_iter().nth(index).and_then(|read| read.statement).ok_or(FormError::Gone)?;
    match change {
        StatementChange::Sid(sid) => set_sid(text, node, sid.as_deref()),
        StatementChange::Effect(effect) => {
            let found = member(node, "Effect").ok_or(FormError::Gone)?;
            Ok(replace(text, found.value.span, &json!(effect.as_str())))
        }
        StatementChange::Anyone => Ok(replace(text, statement.source.principal, &json!("*"))),
        StatementChange::OnlyPerson(person) => {
            check(principal_value(person))?;
            Ok(replace(text, statement.source.principal, &only(person)))
        }
        StatementChange::AddPerson(person) => add_person(text, node, &statement, person),
        StatementChange::RemovePerson(at) => remove_person(text, node, &statement, *at),
        StatementChange::Deed(deed, on) => set_deed(text, node, &statement, *deed, *on),
        StatementChange::AddAction(action) => {
            check(action)?;
            let list = action_list(&statement);
            if list.iter().any(|other| other.eq_ignore_ascii_case(action)) {
                return Err(FormError::AlreadyThere);
            }
            add_to(text, of_kind(node, "Action")?, action)
        }
        StatementChange::RemoveAction(action) => {
            let keep = |other: &str| !other.eq_ignore_ascii_case(action);
            retain(text, of_kind(node, "Action")?, keep)
        }
        StatementChange::AddPlace(place) => {
            let resource = place_value(place, scene)?;
            if resource_list(&statement).contains(&resource) {
                return Err(FormError::AlreadyThere);
            }
            // Beside every file it would change nothing: whoever names some files means these alone.
            let narrows =
                matches!((place, &statement.resource), (Place::Under(_) | Place::File(_), ResourceMatch::Only(_)));
            let all = Place::AllFiles.resource(scene);
            match resource_list(&statement).iter().position(|other| narrows && *other == all) {
                Some(at) => {
                    let span = *statement.source.resources.get(at).ok_or(FormError::Gone)?;
                    Ok(replace(text, span, &json!(resource)))
                }
                None => add_to(text, of_kind(node, "Resource")?, &resource),
            }
        }
        StatementChange::SetPlace(at, place) => {
            let resource = place_value(place, scene)?;
            let span = *statement.source.resources.get(*at).ok_or(FormError::Gone)?;
            Ok(replace(text, span, &json!(resource)))
        }
        StatementChange::RemovePlace(at) => remove_at(text, of_kind(node, "Resource")?, *at),
        StatementChange::AddLimit(kind, values) => add_limit(text, node, &statement, *kind, values),
        StatementChange::SetLimit(at, values) => set_limit(text, node, &statement, *at, values),
        StatementChange::RemoveLimit(at) => remove_limit(text, node, &statement, *at),
    }
}

fn check(value: &str) -> Result<(), FormError> {
    if value.trim().is_empty() { Err(FormError::Empty) } else { Ok(()) }
}

fn place_value(place: &Place, scene: &Scene<'_>) -> Result<String, FormError> {
    match place {
        Place::Under(text) | Place::File(text) | Place::Other(text) => check(text)?,
        Place::Bucket | Place::AllFiles => {}
    }
    Ok(place.resource(scene))
}

fn action_list(statement: &Statement) -> &[String] {
    match &statement.action {
        ActionMatch::Only(list) | ActionMatch::Except(list) => list,
    }
}

fn resource_list(statement: &Statement) -> &[String] {
    match &statement.resource {
        ResourceMatch::Only(list) | ResourceMatch::Except(list) => list,
    }
}

/// The value of `Action` or `NotAction`, and so on.
fn of_kind<'n>(node: &'n Node, name: &str) -> Result<&'n Node, FormError> {
    member(node, name)
        .or_else(|| member(node, &format!("Not{name}")))
        .map(|member| &member.value)
        .ok_or(FormError::Gone)
}

fn set_sid(text: &str, node: &Node, sid: Option<&str>) -> Changed {
    let found = member(node, "Sid");
    match (found, sid) {
        (Some(found), Some(sid)) => Ok(replace(text, found.value.span, &json!(sid))),
        (None, Some(sid)) => Ok(push_member(text, node, "Sid", &json!(sid))),
        (Some(_), None) => Ok(remove_member(text, node, "Sid")),
        (None, None) => Ok(text.to_owned()),
    }
}

fn remove_member(text: &str, node: &Node, name: &str) -> String {
    let Value::Object(members) = &node.value else { return text.to_owned() };
    match members.iter().position(|member| member.name == name) {
        Some(at) => remove_child(text, node, at),
        None => text.to_owned(),
    }
}

/// A text, or a list of texts, with one more.
fn add_to(text: &str, value: &Node, new: &str) -> Changed {
    match &value.value {
        Value::Text(old) => Ok(replace(text, value.span, &json!([old, new]))),
        Value::Array(_) => Ok(push_item(text, value, &json!(new))),
        _ => Err(FormError::Gone),
    }
}

fn remove_at(text: &str, value: &Node, at: usize) -> Changed {
    match &value.value {
        Value::Text(_) if at == 0 => Err(FormError::LastOne),
        Value::Array(items) if items.len() == 1 && at == 0 => Err(FormError::LastOne),
        Value::Array(items) if at < items.len() => Ok(remove_child(text, value, at)),
        _ => Err(FormError::Gone),
    }
}

/// A list of texts without those that are not to be kept.
fn retain(text: &str, value: &Node, keep: impl Fn(&str) -> bool) -> Changed {
    let items = match &value.value {
        Value::Text(old) if keep(old) => return Ok(text.to_owned()),
        Value::Array(items) => items,
        _ => return Err(FormError::LastOne),
    };
    let goes = |item: &Node| matches!(&item.value, Value::Text(old) if !keep(old));
    if items.iter().all(goes) {
        return Err(FormError::LastOne);
    }
    // From the back, so that the places in front stay true.
    let mut out = text.to_owned();
    let mut list = value.clone();
    for at in (0..items.len()).rev() {
        if items.get(at).is_some_and(goes) {
            out = remove_child(&out, &list, at);
            if let Value::Array(items) = &mut list.value {
                let shrunk = text.len() - out.len();
                list.span.end = value.span.end - shrunk;
                items.remove(at);
            }
        }
    }
    Ok(out)
}

fn set_deed(text: &str, node: &Node, statement: &Statement, deed: Deed, on: bool) -> Changed {
    let list = action_list(statement);
    let value = of_kind(node, "Action")?;
    if !on {
        return retain(text, value, |action| !deed.is(action));
    }
    if list.iter().any(|action| deed.is(action)) {
        return Ok(text.to_owned());
    }
    // Everything holds the single groups already, and a single group beside everything would say nothing.
    let replaced = |action: &str| match deed {
        Deed::Everything => Deed::SINGLE.iter().any(|single| single.is(action)),
        _ => Deed::Everything.is(action),
    };
    if list.iter().all(|action| replaced(action)) {
        return Ok(replace(text, value.span, &json!(deed.action())));
    }
    let shrunk = retain(text, value, |action| !replaced(action))?;
    let root = root(&shrunk)?;
    let index = statements_index(text, node)?;
    let node = *statements(&root).get(index).ok_or(FormError::Gone)?;
    add_to(&shrunk, of_kind(node, "Action")?, deed.action())
}

fn statements_index(text: &str, node: &Node) -> Result<usize, FormError> {
    let root = root(text)?;
    statements(&root).iter().position(|other| other.span == node.span).ok_or(FormError::Gone)
}

fn principal_kind(person: &Principal) -> &'static str {
    match person {
        Principal::Everyone | Principal::Aws(_) => "AWS",
        Principal::Service(_) => "Service",
        Principal::Federated(_) => "Federated",
        Principal::CanonicalUser(_) => "CanonicalUser",
    }
}

fn principal_value(person: &Principal) -> &str {
    match person {
        Principal::Everyone => "*",
        Principal::Aws(value)
        | Principal::Service(value)
        | Principal::Federated(value)
        | Principal::CanonicalUser(value) => value,
    }
}

fn only(person: &Principal) -> Json {
    match person {
        Principal::Everyone => json!("*"),
        person => json!({ principal_kind(person): principal_value(person) }),
    }
}

fn add_person(text: &str, node: &Node, statement: &Statement, person: &Principal) -> Changed {
    check(principal_value(person))?;
    if statement.principal.named().contains(person) {
        return Err(FormError::AlreadyThere);
    }
    let value = of_kind(node, "Principal")?;
    if !matches!(value.value, Value::Object(_)) {
        // The bare star beside someone: both in one object.
        return match person {
            Principal::Aws(name) => Ok(replace(text, value.span, &json!({ "AWS": ["*", name] }))),
            person => {
                let both = json!({ "AWS": "*", principal_kind(person): principal_value(person) });
                Ok(replace(text, value.span, &both))
            }
        };
    }
    match member(value, principal_kind(person)) {
        Some(found) => add_to(text, &found.value, principal_value(person)),
        None => Ok(push_member(text, value, principal_kind(person), &json!(principal_value(person)))),
    }
}

fn remove_person(text: &str, node: &Node, statement: &Statement, at: usize) -> Changed {
    let people = match &statement.principal {
        PrincipalMatch::Only(list) | PrincipalMatch::Except(list) => list,
    };
    let span = *statement.source.principals.get(at).ok_or(FormError::Gone)?;
    if people.len() == 1 {
        return Err(FormError::LastOne);
    }
    let value = of_kind(node, "Principal")?;
    let Value::Object(members) = &value.value else { return Err(FormError::Gone) };
    for (index, member) in members.iter().enumerate() {
        match &member.value.value {
            Value::Array(items) if items.len() > 1 => {
                if let Some(at) = items.iter().position(|item| item.span == span) {
                    return Ok(remove_child(text, &member.value, at));
                }
            }
            Value::Array(items) if items.iter().any(|item| item.span == span) => {
                return Ok(remove_child(text, value, index));
            }
            _ if member.value.span == span => return Ok(remove_child(text, value, index)),
            _ => {}
        }
    }
    Err(FormError::Gone)
}

/// The operator's and the key's place in a `Condition` member.
struct LimitPlace<'n> {
    all: &'n Node,
    operator: usize,
    keys: &'n Node,
    key: usize,
}

fn limit_place<'n>(node: &'n Node, statement: &Statement, at: usize) -> Result<LimitPlace<'n>, FormError> {
    let source = statement.source.conditions.get(at).ok_or(FormError::Gone)?;
    let all = &member(node, "Condition").ok_or(FormError::Gone)?.value;
    let Value::Object(operators) = &all.value else { return Err(FormError::Gone) };
    let operator = operators.iter().position(|m| m.name_span == source.operator).ok_or(FormError::Gone)?;
    let keys = &operators.get(operator).ok_or(FormError::Gone)?.value;
    let Value::Object(members) = &keys.value else { return Err(FormError::Gone) };
    let key = members.iter().position(|m| m.name_span == source.key).ok_or(FormError::Gone)?;
    Ok(LimitPlace { all, operator, keys, key })
}

fn values_json(values: &[String]) -> Result<Json, FormError> {
    match values {
        [] => Err(FormError::Empty),
        [one] => check(one).map(|()| json!(one)),
        many => many.iter().try_for_each(|value| check(value)).map(|()| json!(many)),
    }
}

fn add_limit(text: &str, node: &Node, statement: &Statement, kind: LimitKind, values: &[String]) -> Changed {
    let value = values_json(values)?;
    let operator = kind.operator();
    let there = |c: &super::super::Condition| c.operator == operator && c.key.eq_ignore_ascii_case(kind.key());
    if statement.conditions.iter().any(there) {
        return Err(FormError::AlreadyThere);
    }
    let Some(all) = member(node, "Condition").map(|member| &member.value) else {
        let whole = json!({ operator.to_string(): { kind.key(): value } });
        return Ok(push_member(text, node, "Condition", &whole));
    };
    let Value::Object(operators) = &all.value else { return Err(FormError::Gone) };
    let name = operator.to_string();
    match operators.iter().find(|member| member.name.eq_ignore_ascii_case(&name)) {
        Some(found) => Ok(push_member(text, &found.value, kind.key(), &value)),
        None => Ok(push_member(text, all, &name, &json!({ kind.key(): value }))),
    }
}

fn set_limit(text: &str, node: &Node, statement: &Statement, at: usize, values: &[String]) -> Changed {
    let place = limit_place(node, statement, at)?;
    let value = values_json(values)?;
    let Value::Object(members) = &place.keys.value else { return Err(FormError::Gone) };
    let found = members.get(place.key).ok_or(FormError::Gone)?;
    Ok(replace(text, found.value.span, &value))
}

fn remove_limit(text: &str, node: &Node, statement: &Statement, at: usize) -> Changed {
    let place = limit_place(node, statement, at)?;
    let Value::Object(keys) = &place.keys.value else { return Err(FormError::Gone) };
    let Value::Object(operators) = &place.all.value else { return Err(FormError::Gone) };
    if keys.len() > 1 {
        Ok(remove_child(text, place.keys, place.key))
    } else if operators.len() > 1 {
        Ok(remove_child(text, place.all, place.operator))
    } else {
        Ok(remove_member(text, node, "Condition"))
    }
}
