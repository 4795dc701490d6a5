//! Comma-separated values (RFC 4180), written so that no spreadsheet takes them for formulas, and read as spreadsheets write
//! them.

use std::io::{self, BufRead, ErrorKind};

/// No record is longer: a quote that never ends must not take the whole file into memory.
const LONGEST_RECORD: usize = 1 << 20;

/// One record with the line break that RFC 4180 (section 2) wants.
#[must_use]
pub fn record(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.map(|cell| quoted(&harmless(cell))).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// Spreadsheets take a cell that begins so for a formula, and a key is whatever somebody called a file: the apostrophe
/// in front makes it text (OWASP, "CSV Injection"). The JSON holds every name as it is.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// In quotes where RFC 4180 asks for them, quotes inside doubled.
fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Reads records one by one. Cells are separated by commas, semicolons or tabs, whichever the first record has.
#[derive(Debug)]
pub struct Records<R> {
    from: R,
    separator: Option<char>,
}

impl<R: BufRead> Records<R> {
    /// Reads from the beginning of a file.
    pub fn new(from: R) -> Self {
        Self { from, separator: None }
    }

    /// The next line with its end; `None` where there is none.
    fn line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        io::Read::take(&mut self.from, LONGEST_RECORD as u64 + 1).read_until(b'\n', &mut bytes)?;
        Ok((!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The record that begins with this line; quotes may hold line breaks.
    fn record(&mut self, first: &str) -> io::Result<Vec<String>> {
        let separator = *self.separator.get_or_insert_with(|| separator_of(first));
        let mut record = Record::default();
        let mut length = first.len();
        record.take(first, separator);
        while record.quoted {
            let Some(line) = self.line()? else { break };
            length += line.len();
            if length > LONGEST_RECORD {
                let why = "a record is longer than 1 MiB; a quote may be missing its end";
                return Err(io::Error::new(ErrorKind::InvalidData, why));
            }
            record.take(&line, separator);
        }
        Ok(record.cells())
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = io::Result<Vec<String>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.line() {
                Ok(line) => line?,
                Err(error) => return Some(Err(error)),
            };
            // Spreadsheets mark UTF-8 so.
            let line = if self.separator.is_none() { line.trim_start_matches('\u{feff}') } else { &line };
            if !line.trim_end_matches(['\r', '\n']).is_empty() {
                return Some(self.record(line));
            }
        }
    }
}

/// The first that stands outside of quotes.
fn separator_of(line: &str) -> char {
    let mut quoted = false;
    let outside = |letter: &char| {
        quoted ^= *letter == '"';
        !quoted
    };
    line.chars().filter(outside).find(|letter| matches!(letter, ',' | ';' | '\t')).unwrap_or(',')
}

/// A record on its way in.
#[derive(Default)]
struct Record {
    done: Vec<String>,
    cell: String,
    /// Within quotes, which a line break does not end.
    quoted: bool,
}

impl Record {
    fn take(&mut self, line: &str, separator: char) {
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if self.quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    self.cell.push('"');
                }
                '"' if self.quoted => self.quoted = false,
                // Further on in a cell it is only a quote.
                '"' if self.cell.is_empty() => self.quoted = true,
                letter if letter == separator && !self.quoted => self.done.push(std::mem::take(&mut self.cell)),
                letter => self.cell.push(letter),
            }
        }
    }

    fn cells(mut self) -> Vec<String> {
        let end = self.cell.trim_end_matches(['\r', '\n']).len();
        self.cell.truncate(if self.quoted { self.cell.len() } else { end });
        self.done.push(self.cell);
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("a.png", "a.png"; "plain")]
    #[test_case("a b.png", "a b.png"; "a space")]
    #[test_case("a,b", "\"a,b\""; "a comma")]
    #[test_case("say \"hi\"", "\"say \"\"hi\"\"\""; "quotes")]
    #[test_case("a\nb", "\"a\nb\""; "a line break")]
    #[test_case("=1+1", "'=1+1"; "a formula")]
    #[test_case("+49", "'+49"; "a plus")]
    #[test_case("-rf", "'-rf"; "a minus")]
    #[test_case("@SUM(A1)", "'@SUM(A1)"; "an at")]
    #[test_case("\t=1", "'\t=1"; "a tab before it")]
    #[test_case("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\""; "a formula with quotes")]
    #[test_case("a=b", "a=b"; "a sign further on")]
    fn cells(key: &str, written: &str) {
        assert_eq!(record(std::iter::once(key.to_owned())), format!("{written}\r\n"));
    }

    #[test_case("a,b\r\nc,d", &[&["a", "b"], &["c", "d"]]; "plain")]
    #[test_case("\u{feff}url;x\n1;2\n", &[&["url", "x"], &["1", "2"]]; "semicolons behind a mark")]
    #[test_case("a\tb,c\n", &[&["a", "b,c"]]; "tabs")]
    #[test_case("\"a,b\",\"say \"\"hi\"\"\"\n", &[&["a,b", "say \"hi\""]]; "quotes")]
    #[test_case("\"a\nb\",c\n\n\nd,\n", &[&["a\nb", "c"], &["d", ""]]; "a line break in quotes and empty lines")]
    #[test_case("a 5\" disc,b", &[&["a 5\" disc", "b"]]; "a lone quote inside")]
    #[test_case("", &[]; "nothing")]
    fn records(text: &str, wanted: &[&[&str]]) {
        let read: Vec<Vec<String>> = Records::new(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(read, wanted);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let cells = ["a", "b,c", "say \"hi\"", "x\r\ny", ""].map(str::to_owned);
        let text = record(cells.clone().into_iter()) + &record(cells.clone().into_iter());
        let read: Vec<Vec<String>> = Records::new(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(read, [cells.to_vec(), cells.to_vec()]);
    }

    #[test]
    fn a_quote_without_end_does_not_take_everything_in() {
        let text = format!("\"{}", "x\n".repeat(2 << 20));
        assert!(Records::new(text.as_bytes()).next().unwrap().is_err());
    }
}
