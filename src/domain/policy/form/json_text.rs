//! Changes of a JSON text that leave everything around them as it is written.
//!
//! Each change is worked out on the parsed text and gives the whole new text; nothing outside the
//! value that is named moves, and what is new is written the way the text around it is.

use super::super::json::{Member, Node, Value};
use super::super::{Edit, Span};

/// How a text is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Style {
    /// One step of indent.
    unit: String,
    newline: &'static str,
    /// Whether values run over several lines.
    lines: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let unit = text.lines().map(indent_of).find(|indent| !indent.is_empty()).map_or_else(
            || "  ".to_owned(),
            |indent| if indent.starts_with('\t') { "\t".to_owned() } else { indent.to_owned() },
        );
        Self { unit, newline, lines: text.trim_end().contains('\n') }
    }

    /// The value as text, its later lines indented by `base` and more.
    fn write(&self, value: &serde_json::Value, base: &str) -> String {
        if !self.lines {
            return value.to_string();
        }
        // A text of JSON never holds a line break itself, so each one is layout.
        format!("{value:#}")
            .lines()
            .enumerate()
            .map(|(index, line)| {
                let inner = line.trim_start();
                let depth = (line.len() - inner.len()) / 2;
                if index == 0 { inner.to_owned() } else { format!("{base}{}{inner}", self.unit.repeat(depth)) }
            })
            .collect::<Vec<_>>()
            .join(self.newline)
    }
}

fn indent_of(line: &str) -> &str {
    let end = line.find(|c| c != ' ' && c != '\t').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// The indent of the line on which `at` stands.
fn line_indent(text: &str, at: usize) -> &str {
    let before = part(text, 0, at);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    indent_of(part(text, start, text.len()))
}

fn splice(text: &str, start: usize, end: usize, new: &str) -> String {
    format!("{}{new}{}", part(text, 0, start), part(text, end, text.len()))
}

/// The text with another value in this place.
pub(super) fn replace(text: &str, span: Span, value: &serde_json::Value) -> String {
    let style = Style::of(text);
    let old = part(text, span.start, span.end);
    // What stood on one line beside others stays on one line.
    let value = if style.lines && !old.contains('\n') && old.starts_with('{') {
        spaced(value)
    } else {
        style.write(value, line_indent(text, span.start))
    };
    splice(text, span.start, span.end, &value)
}

/// A value on one line, with spaces inside braces and after commas and colons.
fn spaced(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(members) if !members.is_empty() => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}: {}", quoted(name), spaced(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

/// What an object or list holds, as it is divided by commas.
fn children(node: &Node) -> Vec<(usize, usize)> {
    match &node.value {
        Value::Object(members) => members.iter().map(|m| (m.name_span.start, m.value.span.end)).collect(),
        Value::Array(items) => items.iter().map(|item| (item.span.start, item.span.end)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
    }
}

/// The text with one more child behind the last of an object or list. `write` gets the indent at
/// which the child stands.
fn push(text: &str, node: &Node, write: impl Fn(&Style, &str) -> String) -> String {
    let style = Style::of(text);
    let children = children(node);
    let Some(&(last_start, last_end)) = children.last() else {
        let outer = line_indent(text, node.span.start).to_owned();
        let new = if style.lines {
            let inner = format!("{outer}{}", style.unit);
            format!("{}{inner}{}{}{outer}", style.newline, write(&style, &inner), style.newline)
        } else {
            write(&style, "")
        };
        return splice(text, node.span.start + 1, node.span.end.saturating_sub(1), &new);
    };
    let from = children.len().checked_sub(2).and_then(|i| children.get(i)).map_or(node.span.start + 1, |&(_, end)| end);
    let gap = part(text, from, last_start).trim_start_matches(|c: char| !c.is_whitespace());
    if gap.contains('\n') {
        let indent = line_indent(text, last_start).to_owned();
        let new = format!(",{}{indent}{}", style.newline, write(&style, &indent));
        return splice(text, last_end, last_end, &new);
    }
    let compact = Style { lines: false, ..style };
    let space = if children.len() > 1 {
        gap.to_owned()
    } else if part(text, 0, text.len()).contains("\": ") {
        " ".to_owned()
    } else {
        String::new()
    };
    splice(text, last_end, last_end, &format!(",{space}{}", write(&compact, "")))
}

/// The text with one more member at the end of an object.
pub(super) fn push_member(text: &str, object: &Node, name: &str, value: &serde_json::Value) -> String {
    let colon = if text.contains("\": ") || text.contains('\n') { ": " } else { ":" };
    push(text, object, |style, indent| {
        let value = if style.lines || colon == ":" { style.write(value, indent) } else { spaced(value) };
        format!("{}{colon}{value}", quoted(name))
    })
}

/// The text with one more item at the end of a list.
pub(super) fn push_item(text: &str, list: &Node, value: &serde_json::Value) -> String {
    push(text, list, |style, indent| style.write(value, indent))
}

/// The text without the child of an object or list.
pub(super) fn remove_child(text: &str, node: &Node, index: usize) -> String {
    let children = children(node);
    let Some(&(start, end)) = children.get(index) else { return text.to_owned() };
    let before = index.checked_sub(1).and_then(|i| children.get(i));
    match (children.get(index + 1), before) {
        // What follows moves up into its place.
        (Some(&(next, _)), _) => splice(text, start, next, ""),
        (None, Some(&(_, previous))) => splice(text, previous, end, ""),
        (None, None) => splice(text, node.span.start + 1, node.span.end.saturating_sub(1), ""),
    }
}

/// The text with an item of a list in another place; the room between the items stays.
pub(super) fn move_child(text: &str, node: &Node, from: usize, to: usize) -> String {
    let slots = children(node);
    let mut order: Vec<&str> = slots.iter().map(|&(start, end)| part(text, start, end)).collect();
    if from >= order.len() || to >= order.len() {
        return text.to_owned();
    }
    let moved = order.remove(from);
    order.insert(to, moved);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (&(start, end), item) in slots.iter().zip(order) {
        out.push_str(part(text, at, start));
        out.push_str(item);
        at = end;
    }
    out.push_str(part(text, at, text.len()));
    out
}

/// The text with the value made the first item of a list, followed by another.
pub(super) fn wrap_and_push(text: &str, node: &Node, value: &serde_json::Value) -> String {
    let style = Style::of(text);
    let old = part(text, node.span.start, node.span.end);
    if !style.lines {
        return splice(text, node.span.start, node.span.end, &format!("[{old},{value}]"));
    }
    let outer = line_indent(text, node.span.start).to_owned();
    let inner = format!("{outer}{}", style.unit);
    // Line breaks are layout only, so what was there can go one step in.
    let old = old.lines().collect::<Vec<_>>().join(&format!("{}{}", style.newline, style.unit));
    let new = style.write(value, &inner);
    let nl = style.newline;
    splice(text, node.span.start, node.span.end, &format!("[{nl}{inner}{old},{nl}{inner}{new}{nl}{outer}]"))
}

/// The member of that name.
pub(super) fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Member> {
    match &node.value {
        Value::Object(members) => members.iter().find(|member| member.name == name),
        _ => None,
    }
}

/// The smallest change that makes `after` of `before`; `None` when they are the same.
#[must_use]
pub fn edit_between(before: &str, after: &str) -> Option<Edit> {
    if before == after {
        return None;
    }
    let mut start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
        start -= 1;
    }
    let room = before.len().min(after.len()) - start;
    let mut tail = before.bytes().rev().zip(after.bytes().rev()).take(room).take_while(|(a, b)| a == b).count();
    while !before.is_char_boundary(before.len() - tail) || !after.is_char_boundary(after.len() - tail) {
        tail -= 1;
    }
    let (end, new_end) = (before.len() - tail, after.len() - tail);
    Some(Edit { start, end, replacement: part(after, start, new_end).to_owned() })
}
