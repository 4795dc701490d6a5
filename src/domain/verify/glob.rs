//! Patterns for keys and paths: `photos/**`, `*.{jpg,webp}`, `[a-z]*.png`.

use std::fmt;

/// Most alternatives that `{a,b}` may stand for, all of them together.
const MOST_ALTERNATIVES: usize = 256;

/// A pattern. `*` stands for anything within a folder, `**` for anything at all, `?` for one character, `[a-z]` and `[!a-z]`
/// for one of a set, `{a,b}` for either, `\` takes the next character as it is. A pattern without `/` is about the name
/// alone, whatever folder it lies in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    alternatives: Vec<Vec<Token>>,
    name_only: bool,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GlobProblem {
    /// Nothing at all.
    #[error("an empty pattern matches nothing")]
    Empty,
    /// `[` without `]`.
    #[error("a [ has no ]; write \\[ for the character itself")]
    OpenSet,
    /// `[z-a]`.
    #[error("a range in [ ] runs backwards")]
    Backwards,
    /// `{` without `}`, or the other way round.
    #[error("a {{ has no }}, or the other way round; write \\{{ for the character itself")]
    OpenBraces,
    /// `{a,{b,c}}`.
    #[error("braces cannot stand in braces")]
    Nested,
    /// Too many alternatives.
    #[error("its braces stand for more than 256 patterns")]
    TooMany,
    /// A `\` with nothing behind.
    #[error("it ends in a \\ with nothing behind it")]
    LoneEscape,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Is(char),
    One,
    Set(CharSet),
    WithinFolder,
    Anything,
    /// `**/`: some folders, or none.
    Folders,
}

/// A set of characters, written as in brackets: `a-z0-9._-`. A hyphen at either end is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharSet {
    ranges: Vec<(char, char)>,
    negated: bool,
}

impl CharSet {
    /// Reads a set.
    ///
    /// # Errors
    /// Nothing in it, or a range that runs backwards.
    pub fn parse(text: &str) -> Result<Self, GlobProblem> {
        let letters: Vec<char> = text.chars().collect();
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(&from) = letters.get(at) {
            match letters.get(at + 1..at + 3) {
                Some(&['-', to]) if from <= to => ranges.push((from, to)),
                Some(['-', _]) => return Err(GlobProblem::Backwards),
                _ => {
                    ranges.push((from, from));
                    at += 1;
                    continue;
                }
            }
            at += 3;
        }
        if ranges.is_empty() { Err(GlobProblem::Empty) } else { Ok(Self { ranges, negated: false }) }
    }

    /// Whether a character belongs to it.
    #[must_use]
    pub fn has(&self, letter: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&letter)) != self.negated
    }
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, GlobProblem> {
        if text.is_empty() {
            return Err(GlobProblem::Empty);
        }
        let alternatives = braces(text)?.iter().map(|one| tokens(one)).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), alternatives, name_only: !text.contains('/') && text != "**" })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a path, or the name at its end, is of this pattern.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let about = if self.name_only { path.rsplit('/').next().unwrap_or(path) } else { path };
        self.alternatives.iter().any(|tokens| runs(tokens, about))
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Writes `{a,b}` out.
fn braces(text: &str) -> Result<Vec<String>, GlobProblem> {
    let mut done = vec![String::new()];
    let mut inside: Option<Vec<String>> = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let piece = match (letter, &mut inside) {
            ('{', None) => {
                inside = Some(vec![String::new()]);
                continue;
            }
            ('{', Some(_)) => return Err(GlobProblem::Nested),
            ('}', None) => return Err(GlobProblem::OpenBraces),
            ('}', Some(choices)) => {
                done = done.iter().flat_map(|start| choices.iter().map(move |end| format!("{start}{end}"))).collect();
                if done.len() > MOST_ALTERNATIVES {
                    return Err(GlobProblem::TooMany);
                }
                inside = None;
                continue;
            }
            (',', Some(choices)) => {
                choices.push(String::new());
                continue;
            }
            ('\\', _) => format!("\\{}", letters.next().ok_or(GlobProblem::LoneEscape)?),
            (letter, _) => letter.to_string(),
        };
        match &mut inside {
            Some(choices) => choices.iter_mut().last().into_iter().for_each(|choice| choice.push_str(&piece)),
            None => done.iter_mut().for_each(|text| text.push_str(&piece)),
        }
    }
    if inside.is_some() { Err(GlobProblem::OpenBraces) } else { Ok(done) }
}

fn tokens(text: &str) -> Result<Vec<Token>, GlobProblem> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (token, length) = match letter {
            '*' if rest.starts_with("**/") => (Token::Folders, 3),
            '*' if rest.starts_with("**") => (Token::Anything, 2),
            '*' => (Token::WithinFolder, 1),
            '?' => (Token::One, 1),
            '[' => {
                // A bracket right at the beginning is one of the set.
                let first = rest.chars().nth(1).map_or(0, char::len_utf8);
                let end = rest[1 + first..].find(']').ok_or(GlobProblem::OpenSet)? + 1 + first;
                let inside = &rest[1..end];
                let set = match inside.strip_prefix('!') {
                    Some(inside) => CharSet { negated: true, ..CharSet::parse(inside)? },
                    None => CharSet::parse(inside)?,
                };
                (Token::Set(set), end + 1)
            }
            '\\' => {
                let next = rest.chars().nth(1).ok_or(GlobProblem::LoneEscape)?;
                (Token::Is(next), 1 + next.len_utf8())
            }
            letter => (Token::Is(letter), letter.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    Ok(tokens)
}

/// Goes through the text once and keeps every place of the pattern that may have been reached, so that no text takes
/// longer than its length times that of the pattern.
fn runs(tokens: &[Token], text: &str) -> bool {
    let mut at = vec![false; tokens.len() + 1];
    reach(tokens, &mut at, 0);
    for letter in text.chars() {
        let mut next = vec![false; tokens.len() + 1];
        for (place, token) in tokens.iter().enumerate().filter(|(place, _)| at.get(*place) == Some(&true)) {
            match token {
                Token::Anything => reach(tokens, &mut next, place),
                Token::WithinFolder if letter != '/' => reach(tokens, &mut next, place),
                // Folders end with a slash; until then it stays here, and only then what follows may begin.
                Token::Folders if letter == '/' => {
                    mark(&mut next, place);
                    reach(tokens, &mut next, place + 1);
                }
                Token::Folders => mark(&mut next, place),
                Token::Is(wanted) if *wanted == letter => reach(tokens, &mut next, place + 1),
                Token::One if letter != '/' => reach(tokens, &mut next, place + 1),
                Token::Set(set) if letter != '/' && set.has(letter) => reach(tokens, &mut next, place + 1),
                _ => {}
            }
        }
        at = next;
    }
    at.last() == Some(&true)
}

fn mark(at: &mut [bool], place: usize) {
    if let Some(place) = at.get_mut(place) {
        *place = true;
    }
}

/// Marks a place, and those behind it that need no letter.
fn reach(tokens: &[Token], at: &mut [bool], place: usize) {
    mark(at, place);
    let passes = match tokens.get(place) {
        Some(Token::Anything | Token::WithinFolder) => true,
        // No folder at all, where one may begin.
        Some(Token::Folders) => place == 0 || matches!(tokens.get(place - 1), Some(Token::Is('/') | Token::Folders)),
        _ => false,
    };
    if passes {
        reach(tokens, at, place + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("**", "a/b/c.jpg", true; "everything")]
    #[test_case("photos/**", "photos/2026/a.jpg", true; "everything beneath")]
    #[test_case("photos/**", "photos", false; "not the folder itself")]
    #[test_case("photos/*.jpg", "photos/a.jpg", true; "one level")]
    #[test_case("photos/*.jpg", "photos/2026/a.jpg", false; "and no deeper")]
    #[test_case("*.jpg", "photos/2026/a.jpg", true; "a name in any folder")]
    #[test_case("*.jpg", "a.jpg.txt", false; "to its end")]
    #[test_case("**/a.jpg", "a.jpg", true; "no folder")]
    #[test_case("**/a.jpg", "x/y/a.jpg", true; "some folders")]
    #[test_case("**/a.jpg", "x/ya.jpg", false; "whole folders")]
    #[test_case("p/**/a.jpg", "p/a.jpg", true; "no folder between")]
    #[test_case("p/**/a.jpg", "p/q/r/a.jpg", true; "folders between")]
    #[test_case("/*.{jpg,png}", "/a.png", true; "either")]
    #[test_case("*.{jpg,png}", "a.gif", false; "neither")]
    #[test_case("[a-c]?.png", "bé.png", true; "a set and one character")]
    #[test_case("[!a-c]*.png", "b.png", false; "not of the set")]
    #[test_case("a\\*.png", "a*.png", true; "a star itself")]
    #[test_case("a\\*.png", "ab.png", false; "a star itself only")]
    #[test_case("a\\{b", "a{b", true; "a brace itself")]
    #[test_case("A.jpg", "a.jpg", false; "case counts")]
    #[test_case("[]]", "]", true; "a bracket in a set")]
    #[test_case("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false; "in time")]
    fn patterns(pattern: &str, path: &str, matches: bool) {
        assert_eq!(Glob::parse(pattern).unwrap().matches(path), matches);
    }

    #[test_case("", GlobProblem::Empty; "nothing")]
    #[test_case("[a", GlobProblem::OpenSet; "an open set")]
    #[test_case("[z-a]", GlobProblem::Backwards; "backwards")]
    #[test_case("{a", GlobProblem::OpenBraces; "open braces")]
    #[test_case("a}", GlobProblem::OpenBraces; "braces that were never open")]
    #[test_case("{a,{b}}", GlobProblem::Nested; "braces in braces")]
    #[test_case("a\\", GlobProblem::LoneEscape; "an escape of nothing")]
    #[test_case("{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}{0,1}", GlobProblem::TooMany; "too many")]
    fn unusable(pattern: &str, problem: GlobProblem) {
        assert_eq!(Glob::parse(pattern).unwrap_err(), problem);
    }

    #[test_case("a-z0-9._-", "photo-1_a.b", true; "as told")]
    #[test_case("a-z", "A", false; "another")]
    #[test_case("-a", "-", true; "a hyphen first")]
    fn sets(set: &str, text: &str, all: bool) {
        assert_eq!(text.chars().all(|letter| CharSet::parse(set).unwrap().has(letter)), all);
    }
}
