//! Much is deleted only after somebody said yes.

use std::io::{self, BufRead, IsTerminal as _, Write};

use super::end::{Stopped, Usage};
use super::plain::one_line;
use super::report::{Nouns, Tally};

/// What is about to be deleted.
pub(super) struct Question<'a> {
    /// At the beginning of a sentence, such as "Deleting".
    pub(super) doing: &'a str,
    /// What there is of it.
    pub(super) tally: Tally,
    /// What it is called.
    pub(super) nouns: Nouns,
    /// Where.
    pub(super) place: &'a str,
}

impl Question<'_> {
    /// Whether the person at the terminal agrees. One object needs no consent: it was named, or is all there is.
    ///
    /// # Errors
    /// [`Usage::Unasked`] where there is nobody to ask.
    pub(super) fn is_agreed(&self) -> Result<bool, Stopped> {
        if self.tally.objects <= 1 {
            return Ok(true);
        }
        let what = format!("{} {} under {}", self.doing, self.tally.words(self.nouns), one_line(self.place));
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(Usage::Unasked(what).into());
        }
        Ok(ask(&what, &mut io::stdin().lock(), &mut io::stderr())?)
    }
}

fn ask(what: &str, answers: &mut impl BufRead, to: &mut impl Write) -> io::Result<bool> {
    write!(to, "{what}. Type yes to go on: ")?;
    to.flush()?;
    let mut answer = String::new();
    answers.read_line(&mut answer)?;
    let is_agreed = answer.trim() == "yes";
    if !is_agreed {
        writeln!(to, "Nothing was done")?;
    }
    Ok(is_agreed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("yes\n", true; "yes")]
    #[test_case("yes", true; "yes at the end of the input")]
    #[test_case("y\n", false; "a letter is not enough")]
    #[test_case("\n", false; "nothing typed")]
    #[test_case("", false; "the input has ended")]
    fn only_yes_is_a_yes(typed: &str, expected: bool) {
        let mut said = Vec::new();
        assert_eq!(ask("Deleting 2 objects", &mut typed.as_bytes(), &mut said).unwrap(), expected);
        let said = String::from_utf8(said).unwrap();
        assert!(said.starts_with("Deleting 2 objects. Type yes to go on: "), "{said}");
        assert_eq!(said.ends_with("Nothing was done\n"), !expected);
    }
}
