//! What keys do in a text of brackets: pairs close by themselves, lines keep their indent.

use std::ops::Range;

/// One step of indent.
const INDENT: &str = "  ";

/// Something that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// Letters.
    Text(&'a str),
    /// A new line.
    Enter,
    /// Deleting backwards.
    Backspace,
    /// More indent, or less with Shift.
    Tab {
        /// Less.
        back: bool,
    },
}

/// A text and what is selected in it, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) selection: Range<usize>,
}

/// What a key makes of a text, where it does something else than in any other text.
pub(super) fn press(text: &str, selection: &Range<usize>, key: Key<'_>) -> Option<Typed> {
    let before = text.get(..selection.start)?;
    let selected = text.get(selection.clone())?;
    let after = text.get(selection.end..)?;
    match key {
        Key::Text(typed) => letters(before, selected, after, typed),
        Key::Enter => Some(new_line(before, after)),
        Key::Backspace => backspace(before, selected, after),
        Key::Tab { back: false } if !selected.contains('\n') => Some(put(before, INDENT, after)),
        Key::Tab { back } => Some(shift(text, selection, back)),
    }
}

/// The text with something in the place of what was selected, and the cursor behind it.
pub(super) fn put(before: &str, inserted: &str, after: &str) -> Typed {
    let at = before.len() + inserted.len();
    Typed { text: [before, inserted, after].concat(), selection: at..at }
}

fn letters(before: &str, selected: &str, after: &str, typed: &str) -> Option<Typed> {
    let close = match typed {
        "{" => "}",
        "[" => "]",
        "\"" => "\"",
        "}" | "]" => return closing(before, selected, after, typed),
        _ => return None,
    };
    let in_string = is_in_string(before);
    if !selected.is_empty() {
        if in_string {
            return None;
        }
        let at = before.len() + typed.len();
        let text = [before, typed, selected, close, after].concat();
        return Some(Typed { text, selection: at..at + selected.len() });
    }
    if typed == "\"" && in_string {
        // The quote that closes was put there by the one that opened.
        return after.starts_with('"').then(|| over(before, after, 1)).flatten();
    }
    let free = after.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, '}' | ']' | ','));
    if in_string || !free {
        return None;
    }
    let at = before.len() + typed.len();
    Some(Typed { text: [before, typed, close, after].concat(), selection: at..at })
}

/// A closing bracket steps over its like, and takes a lone indent back where it begins a line.
fn closing(before: &str, selected: &str, after: &str, typed: &str) -> Option<Typed> {
    if !selected.is_empty() || is_in_string(before) {
        return None;
    }
    if after.starts_with(typed) {
        return over(before, after, typed.len());
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let shorter = before.strip_suffix(INDENT).filter(|_| !line.is_empty() && line.trim().is_empty())?;
    Some(put(shorter, typed, after))
}

fn over(before: &str, after: &str, length: usize) -> Option<Typed> {
    let at = before.len() + length;
    Some(Typed { text: [before, after].concat(), selection: at..at })
}

fn new_line(before: &str, after: &str) -> Typed {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let opened = before.trim_end_matches([' ', '\t']).chars().next_back().filter(|c| matches!(c, '{' | '['));
    let opened = opened.filter(|_| !is_in_string(before));
    let Some(opened) = opened else { return put(before, &format!("\n{indent}"), after) };
    let close = if opened == '{' { '}' } else { ']' };
    let inner = format!("\n{indent}{INDENT}");
    let at = before.len() + inner.len();
    let outer =
        if after.trim_start_matches([' ', '\t']).starts_with(close) { format!("\n{indent}") } else { String::new() };
    let after = if outer.is_empty() { after } else { after.trim_start_matches([' ', '\t']) };
    Typed { text: [before, &inner, &outer, after].concat(), selection: at..at }
}

fn backspace(before: &str, selected: &str, after: &str) -> Option<Typed> {
    if !selected.is_empty() {
        return None;
    }
    let empty_pair = [("{", "}"), ("[", "]"), ("\"", "\"")]
        .into_iter()
        .find_map(|(open, close)| Some((before.strip_suffix(open)?, after.strip_prefix(close)?)));
    if let Some((before, after)) = empty_pair {
        return Some(put(before, "", after));
    }
    // Indent goes by steps.
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_indent = !line.is_empty() && line.chars().all(|c| c == ' ') && line.len().is_multiple_of(INDENT.len());
    is_indent.then(|| put(&before[..before.len() - INDENT.len()], "", after))
}

/// Moves every line that the selection touches by a step.
fn shift(text: &str, selection: &Range<usize>, back: bool) -> Typed {
    let first = text[..selection.start].rfind('\n').map_or(0, |at| at + 1);
    let mut out = text[..first].to_owned();
    let (mut start, mut end) = (selection.start, selection.end);
    let mut at = first;
    for line in text[first..].split_inclusive('\n') {
        // A selection that ends before a line's first letter does not touch it.
        let touched = at == first || at < selection.end;
        let mut moved: isize = 0;
        let mut kept = line;
        if touched && back {
            kept = line.strip_prefix(INDENT).or_else(|| line.strip_prefix([' ', '\t'])).unwrap_or(line);
            moved = -((line.len() - kept.len()) as isize);
        } else if touched && !line.trim().is_empty() {
            out.push_str(INDENT);
            moved = INDENT.len() as isize;
        }
        out.push_str(kept);
        if at == first && (moved > 0 || selection.start > at) {
            start = start.saturating_add_signed(moved).max(first);
        }
        end = end.saturating_add_signed(moved);
        at += line.len();
    }
    Typed { selection: start.min(end)..end.min(out.len()), text: out }
}

/// Whether a place lies in a string: strings end with their line at the latest.
pub(super) fn is_in_string(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut inside = false;
    let mut escaped = false;
    for c in line.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    /// `|` is the cursor, `<…>` a selection.
    fn read(marked: &str) -> (String, Range<usize>) {
        match (marked.find('|'), marked.find('<'), marked.find('>')) {
            (Some(at), ..) => (marked.replacen('|', "", 1), at..at),
            (None, Some(start), Some(end)) => (marked.replace(['<', '>'], ""), start..end - 1),
            _ => panic!("no cursor in {marked}"),
        }
    }

    fn shown(typed: Option<Typed>) -> Option<String> {
        typed.map(|Typed { text, selection }| {
            let mut text = text;
            if selection.is_empty() {
                text.insert(selection.start, '|');
            } else {
                text.insert(selection.end, '>');
                text.insert(selection.start, '<');
            }
            text
        })
    }

    fn after(marked: &str, key: Key<'_>) -> Option<String> {
        let (text, selection) = read(marked);
        shown(press(&text, &selection, key))
    }

    #[test_case("|", "{", Some("{|}"); "a brace opens")]
    #[test_case("{|}", "\"", Some("{\"|\"}"); "a quote opens")]
    #[test_case("{\"a|\"}", "\"", Some("{\"a\"|}"); "a quote closes by stepping over")]
    #[test_case("{\"a|b\"}", "\"", None; "a quote in the middle of a string")]
    #[test_case("{\"a|\"}", "{", None; "a brace in a string is a letter")]
    #[test_case("{|}", "}", Some("{}|"); "stepping over a brace")]
    #[test_case("|abc", "[", None; "no pair before a word")]
    #[test_case("<a>", "[", Some("[<a>]"); "around what is selected")]
    #[test_case("{\n  |", "}", Some("{\n}|"); "a closing brace takes its indent back")]
    #[test_case("a|", "b", None; "letters are letters")]
    fn letters(marked: &str, typed: &str, expected: Option<&str>) {
        assert_eq!(after(marked, Key::Text(typed)).as_deref(), expected);
    }

    #[test_case("{|}", "{\n  |\n}"; "between braces")]
    #[test_case("  \"a\": 1,|", "  \"a\": 1,\n  |"; "the indent goes on")]
    #[test_case("  [|", "  [\n    |"; "after a bracket")]
    #[test_case("\"{|", "\"{\n|"; "a brace in a string is a letter")]
    #[test_case("<a>b", "\n|b"; "in the place of what is selected")]
    fn new_lines(marked: &str, expected: &str) {
        assert_eq!(after(marked, Key::Enter).as_deref(), Some(expected));
    }

    #[test_case("{|}", Some("|"); "an empty pair goes whole")]
    #[test_case("\"|\"", Some("|"); "an empty string too")]
    #[test_case("a\n    |b", Some("a\n  |b"); "indent goes by steps")]
    #[test_case("ab|", None; "letters go as ever")]
    #[test_case("<ab>", None; "what is selected goes as ever")]
    fn deleting(marked: &str, expected: Option<&str>) {
        assert_eq!(after(marked, Key::Backspace).as_deref(), expected);
    }

    #[test_case("a|", false, "a  |"; "one step")]
    #[test_case("a<b\nc>", false, "  a<b\n  c>"; "all lines of the selection")]
    #[test_case("  a<b\n  c>", true, "a<b\nc>"; "and back")]
    #[test_case("<a\n>b", false, "  <a\n>b"; "a line that is not touched stays")]
    #[test_case("  a|", true, "a|"; "back without a selection")]
    #[test_case("a|", true, "a|"; "nothing to take back")]
    fn indent(marked: &str, back: bool, expected: &str) {
        assert_eq!(after(marked, Key::Tab { back }).as_deref(), Some(expected));
    }

    proptest::proptest! {
        #[test]
        fn a_selection_always_lies_in_the_text(
            text in "[ab{}\\[\\]\" \né]{0,30}", a in 0_usize..40, b in 0_usize..40, which in 0_usize..7
        ) {
            let near = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let (a, b) = (near(a), near(b));
            let keys = [Key::Text("{"), Key::Text("\""), Key::Text("]"), Key::Enter, Key::Backspace,
                Key::Tab { back: false }, Key::Tab { back: true }];
            if let Some(typed) = press(&text, &(a.min(b)..a.max(b)), keys[which]) {
                proptest::prop_assert!(typed.selection.start <= typed.selection.end);
                proptest::prop_assert!(typed.text.get(typed.selection).is_some());
            }
        }
    }
}
