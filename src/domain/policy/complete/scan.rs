//! Where in a policy a place of its text is, also while the text is not whole.

/// Whether a member's name or a value stands at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    Value,
}

/// A place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) role: Role,
    /// The names that lead there, lists left out: `Statement`, `Condition`, `StringEquals`.
    pub(super) path: Vec<String>,
    /// What is replaced, quotes included.
    pub(super) start: usize,
    pub(super) end: usize,
    /// What was typed up to the place.
    pub(super) typed: String,
    pub(super) colon_follows: bool,
    /// The other names in the same object, or the other values in the same list.
    pub(super) siblings: Vec<String>,
    /// The actions of the statement the place is in.
    pub(super) actions: Vec<String>,
}

/// What is open at some point.
#[derive(Debug)]
struct Frame {
    list: bool,
    /// For objects: the name whose value comes or came.
    name: Option<String>,
    /// For objects: whether a value is due.
    value_due: bool,
    /// Whether a comma is due.
    comma_due: bool,
    /// Names or values in it.
    inside: Vec<String>,
    /// Which object or list it is.
    id: usize,
}

struct Scanner {
    offset: usize,
    frames: Vec<Frame>,
    next_id: usize,
    found: Option<(Cursor, Option<usize>, Option<usize>)>,
    /// Names or values of closed and open objects and lists.
    inside: Vec<(usize, Vec<String>)>,
    /// Each statement's actions.
    actions: Vec<(usize, String)>,
}

/// Reads the text as far as it can be read, and says where the place is.
pub(super) fn scan(text: &str, offset: usize) -> Option<Cursor> {
    if offset > text.len() || !text.is_char_boundary(offset) {
        return None;
    }
    let mut scanner =
        Scanner { offset, frames: Vec::new(), next_id: 0, found: None, inside: Vec::new(), actions: Vec::new() };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let c = rest.chars().next()?;
        let before = at;
        match c {
            '{' | '[' => {
                scanner.gap(text, before);
                scanner.open(c == '[');
                at += 1;
            }
            '}' | ']' => {
                scanner.gap(text, before);
                scanner.close();
                at += 1;
            }
            ':' => {
                scanner.gap(text, before);
                if let Some(frame) = scanner.frames.last_mut() {
                    frame.value_due = !frame.list;
                }
                at += 1;
            }
            ',' => {
                scanner.gap(text, before);
                if let Some(frame) = scanner.frames.last_mut() {
                    frame.comma_due = false;
                    frame.value_due = false;
                }
                at += 1;
            }
            '"' => {
                let (content, end) = quoted(rest);
                scanner.token(text, before, before + end, &content, true);
                at += end;
            }
            c if c.is_whitespace() => {
                at += c.len_utf8();
                // A place between two tokens.
                if scanner.offset >= before && scanner.offset < at {
                    scanner.gap(text, scanner.offset);
                }
            }
            _ => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "{}[],\"".contains(c))
                    .unwrap_or(rest.len())
                    .max(c.len_utf8());
                // A colon ends a word only where it divides a name from its value.
                let word = rest.get(..end).unwrap_or_default();
                let end = match word.strip_suffix(':') {
                    Some(word) if !word.is_empty() => word.len(),
                    _ => end,
                };
                scanner.token(text, before, before + end, rest.get(..end).unwrap_or_default(), false);
                at += end;
            }
        }
    }
    scanner.gap(text, text.len());
    scanner.finish()
}

/// The content of a text in quotes and its length with them. One without a closing quote ends with its line.
fn quoted(rest: &str) -> (String, usize) {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return (rest.get(1..index).unwrap_or_default().to_owned(), index),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                let whole = rest.get(..=index).unwrap_or_default();
                let content = serde_json::from_str(whole).unwrap_or_else(|_| whole.trim_matches('"').to_owned());
                return (content, index + 1);
            }
            _ => {}
        }
    }
    (rest.get(1..).unwrap_or_default().to_owned(), rest.len())
}

impl Scanner {
    fn path(&self) -> Vec<String> {
        self.frames.iter().filter(|frame| !frame.list).filter_map(|frame| frame.name.clone()).collect()
    }

    /// The statement that is open: the object under `Statement`.
    fn statement(&self) -> Option<usize> {
        let top = self.frames.first().filter(|frame| frame.name.as_deref() == Some("Statement"));
        top.and_then(|_| self.frames.iter().skip(1).find(|frame| !frame.list)).map(|frame| frame.id)
    }

    fn open(&mut self, list: bool) {
        let id = self.next_id;
        self.next_id += 1;
        self.frames.push(Frame { list, name: None, value_due: false, comma_due: false, inside: Vec::new(), id });
    }

    fn close(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.inside.push((frame.id, frame.inside));
        }
        self.valued();
    }

    /// A value was read.
    fn valued(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.value_due = false;
            frame.comma_due = true;
        }
    }

    /// What may stand in the open object or list.
    fn role(&self) -> Option<Role> {
        let frame = self.frames.last()?;
        match (frame.list, frame.value_due, frame.comma_due) {
            (_, _, true) => None,
            (true, ..) | (false, true, _) => Some(Role::Value),
            (false, false, _) => Some(Role::Name),
        }
    }

    /// A place where nothing stands yet.
    fn gap(&mut self, text: &str, at: usize) {
        if self.offset == at
            && self.found.is_none()
            && let Some(role) = self.role()
        {
            self.find(text, role, at, at, "");
        }
    }

    fn find(&mut self, text: &str, role: Role, start: usize, end: usize, typed: &str) {
        let mut path = self.path();
        if role == Role::Name && self.frames.last().is_some_and(|frame| frame.name.is_some()) {
            path.pop();
        }
        let colon_follows = text.get(end..).unwrap_or_default().trim_start().starts_with(':');
        let cursor = Cursor {
            role,
            path,
            start,
            end,
            typed: typed.to_owned(),
            colon_follows,
            siblings: Vec::new(),
            actions: Vec::new(),
        };
        let place = self.frames.last().filter(|frame| role == Role::Name || frame.list).map(|frame| frame.id);
        self.found = Some((cursor, place, self.statement()));
    }

    fn token(&mut self, text: &str, start: usize, end: usize, content: &str, in_quotes: bool) {
        let Some(role) = self.role() else { return };
        let open = usize::from(in_quotes);
        let closed = in_quotes && end > start + 1 && text.get(start..end).is_some_and(|whole| whole.ends_with('"'));
        let inside = self.offset >= start + open && self.offset <= end - usize::from(closed);
        if inside {
            let typed = text.get(start + open..self.offset).unwrap_or_default().to_owned();
            self.find(text, role, start, end, &typed);
        }
        let statement = self.statement();
        let path = self.path();
        let Some(frame) = self.frames.last_mut() else { return };
        match role {
            Role::Name => {
                frame.name = Some(content.to_owned());
                if !inside {
                    frame.inside.push(content.to_owned());
                }
            }
            Role::Value => {
                if frame.list && !inside {
                    frame.inside.push(content.to_owned());
                }
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                if let (["Statement", "Action" | "NotAction"], Some(statement)) = (names.as_slice(), statement)
                    && !inside
                {
                    self.actions.push((statement, content.to_owned()));
                }
                self.valued();
            }
        }
    }

    fn finish(mut self) -> Option<Cursor> {
        while !self.frames.is_empty() {
            self.close();
        }
        let (mut cursor, place, statement) = self.found?;
        if let Some((_, names)) = self.inside.into_iter().find(|(id, _)| Some(*id) == place) {
            cursor.siblings = names;
        }
        cursor.actions =
            self.actions.into_iter().filter(|(of, _)| Some(*of) == statement).map(|(_, action)| action).collect();
        Some(cursor)
    }
}
