//! Patterns for paths: `*`, `?`, `**` and `{a,b}`.

/// No pattern stands for more than so many without braces.
const MOST_ALTERNATIVES: usize = 64;
/// No pattern is longer; no key could match it.
const MOST_CHARS: usize = 1_024;

/// Why a pattern fits nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternProblem {
    /// Nothing there.
    #[error("Write a pattern, such as *.jpg or photos/**")]
    Empty,
    /// As Windows parts folders.
    #[error("Folders are parted by /")]
    Backslash,
    /// One without its other half.
    #[error("Each {{ needs its }}, as in *.{{jpg,png}}")]
    Brace,
    /// It would take too long.
    #[error("This stands for too many patterns. Write two rules")]
    TooMany,
}

/// A pattern for paths. `*` stands for any characters within a name, `?` for one, `**` for any across folders, `{a,b}`
/// for either. Without a `/` it is about the name alone, in whatever folder. Case does not count, as it does not for
/// file managers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(Vec<Alternative>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Alternative {
    tokens: Vec<Token>,
    /// It is about the last part of the path alone.
    name_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`
    Run,
    /// `**`
    Deep,
}

impl Glob {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is empty, or its braces do not fit together.
    pub fn parse(text: &str) -> Result<Self, PatternProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PatternProblem::Empty);
        }
        if text.contains('\\') {
            return Err(PatternProblem::Backslash);
        }
        if text.chars().count() > MOST_CHARS {
            return Err(PatternProblem::TooMany);
        }
        let mut plain = Vec::new();
        without_braces(text, &mut plain)?;
        let mut alternatives = Vec::new();
        for pattern in plain {
            with_and_without_folders(&pattern, &mut alternatives)?;
        }
        Ok(Self(alternatives.iter().map(|pattern| Alternative::new(pattern)).collect()))
    }

    /// Whether it is about this path.
    #[must_use]
    pub fn fits(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        self.0.iter().any(|it| it.fits(if it.name_only { name } else { &path }))
    }
}

/// Writes `{a,b}` out; inner braces as well.
fn without_braces(text: &str, plain: &mut Vec<String>) -> Result<(), PatternProblem> {
    let Some(open) = text.find('{') else {
        if text.contains('}') {
            return Err(PatternProblem::Brace);
        }
        return push(plain, text.to_owned());
    };
    let (before, rest) = (&text[..open], &text[open + 1..]);
    let (mut depth, mut from, mut choices) = (0, 0, Vec::new());
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                choices.push(&rest[from..at]);
                from = at + 1;
            }
            '}' if depth == 0 => {
                choices.push(&rest[from..at]);
                let after = &rest[at + 1..];
                // A closing brace before any opening one has no other half.
                if before.contains('}') {
                    return Err(PatternProblem::Brace);
                }
                return choices.iter().try_for_each(|it| without_braces(&format!("{before}{it}{after}"), plain));
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(PatternProblem::Brace)
}

/// `a/**/b` is about `a/b` as well.
fn with_and_without_folders(text: &str, plain: &mut Vec<String>) -> Result<(), PatternProblem> {
    let at = text.find("**/").filter(|at| *at == 0 || text[..*at].ends_with('/'));
    let Some(at) = at else { return push(plain, text.to_owned()) };
    let (before, after) = (&text[..at], &text[at + 3..]);
    with_and_without_folders(&format!("{before}{after}"), plain)?;
    let mut deeper = Vec::new();
    with_and_without_folders(after, &mut deeper)?;
    deeper.into_iter().try_for_each(|after| push(plain, format!("{before}**/{after}")))
}

fn push(plain: &mut Vec<String>, text: String) -> Result<(), PatternProblem> {
    if plain.len() == MOST_ALTERNATIVES {
        return Err(PatternProblem::TooMany);
    }
    plain.push(text);
    Ok(())
}

impl Alternative {
    fn new(pattern: &str) -> Self {
        let name_only = !pattern.contains('/') && pattern != "**";
        let pattern = pattern.trim_start_matches('/').to_lowercase();
        let mut tokens = Vec::new();
        for c in pattern.chars() {
            match (c, tokens.last()) {
                ('*', Some(Token::Run | Token::Deep)) => {
                    tokens.pop();
                    tokens.push(Token::Deep);
                }
                ('*', _) => tokens.push(Token::Run),
                ('?', _) => tokens.push(Token::One),
                (c, _) => tokens.push(Token::Literal(c)),
            }
        }
        Self { tokens, name_only }
    }

    /// All places in the pattern are followed at once, so that no pattern takes longer than its length times that of
    /// the path.
    fn fits(&self, text: &str) -> bool {
        let mut here = vec![false; self.tokens.len() + 1];
        here[0] = true;
        self.skip_stars(&mut here);
        for c in text.chars() {
            let mut next = vec![false; here.len()];
            for (at, token) in self.tokens.iter().enumerate().filter(|(at, _)| here[*at]) {
                match token {
                    Token::Literal(wanted) => next[at + 1] |= *wanted == c,
                    Token::One => next[at + 1] |= c != '/',
                    Token::Run => next[at] |= c != '/',
                    Token::Deep => next[at] = true,
                }
            }
            self.skip_stars(&mut next);
            here = next;
        }
        here.last().copied().unwrap_or_default()
    }

    /// Stars stand for nothing, too.
    fn skip_stars(&self, here: &mut [bool]) {
        for (at, token) in self.tokens.iter().enumerate() {
            if here[at] && matches!(token, Token::Run | Token::Deep) {
                here[at + 1] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    #[test_case("*.jpg", "a.jpg", true; "an ending")]
    #[test_case("*.jpg", "trip/day/A.JPG", true; "in any folder and case")]
    #[test_case("*.jpg", "a.jpg.txt", false; "not in the middle")]
    #[test_case("*.{jpg,png}", "a.png", true; "either")]
    #[test_case("*.{jpg,png}", "a.gif", false; "neither")]
    #[test_case("{a,b{c,d}}.txt", "bd.txt", true; "braces in braces")]
    #[test_case("a?.txt", "ab.txt", true; "one character")]
    #[test_case("a?.txt", "a.txt", false; "not none")]
    #[test_case("trip/*.jpg", "trip/a.jpg", true; "in one folder")]
    #[test_case("trip/*.jpg", "trip/day/a.jpg", false; "not deeper")]
    #[test_case("trip/*.jpg", "my/trip/a.jpg", false; "from the beginning")]
    #[test_case("trip/**", "trip/day/a.jpg", true; "all below")]
    #[test_case("trip/**", "trips/a.jpg", false; "not beside")]
    #[test_case("**/raw/*.cr3", "raw/a.cr3", true; "no folder before")]
    #[test_case("**/raw/*.cr3", "x/y/raw/a.cr3", true; "some folders before")]
    #[test_case("trip/**/a.jpg", "trip/a.jpg", true; "no folder between")]
    #[test_case("trip/**/a.jpg", "trip/x/y/a.jpg", true; "some folders between")]
    #[test_case("/index.html", "index.html", true; "at the top")]
    #[test_case("/index.html", "sub/index.html", false; "only at the top")]
    #[test_case("**", "any/thing", true; "everything")]
    #[test_case("*", "any/thing", true; "every name")]
    #[test_case("übersicht.*", "Übersicht.pdf", true; "beyond ASCII")]
    fn patterns(pattern: &str, path: &str, fits: bool) {
        assert_eq!(Glob::parse(pattern).unwrap().fits(path), fits);
    }

    #[test_case("", PatternProblem::Empty; "nothing")]
    #[test_case("trip\\*.jpg", PatternProblem::Backslash; "a backslash")]
    #[test_case("*.{jpg", PatternProblem::Brace; "not closed")]
    #[test_case("*.jpg}", PatternProblem::Brace; "not opened")]
    #[test_case("a}b{c}", PatternProblem::Brace; "closed before")]
    #[test_case("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", PatternProblem::TooMany; "too many")]
    fn refuses(pattern: &str, problem: PatternProblem) {
        assert_eq!(Glob::parse(pattern), Err(problem));
    }

    proptest! {
        #[test]
        fn no_pattern_makes_it_stumble(pattern in r"[a*?/{},\\]{0,40}", path in "[a/b.]{0,60}") {
            if let Ok(glob) = Glob::parse(&pattern) {
                let _ = glob.fits(&path);
            }
        }

        #[test]
        fn a_path_without_signs_fits_itself(path in "[a-z]{1,6}(/[a-z]{1,6}){0,3}") {
            prop_assert!(Glob::parse(&path).unwrap().fits(&path));
        }
    }
}
