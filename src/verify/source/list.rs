//! Files that name what is to be checked: a name a line, or a column of a table.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use crate::domain::csv::Records;

/// Names of the columns that hold addresses, the best one first.
const COLUMNS: [&str; 7] = ["url", "address", "key", "path", "image", "src", "loc"];

/// Gives every name of a table: its column `url` or one of that kind, else the first column of a table without a head.
///
/// # Errors
/// The file cannot be read.
pub(super) fn table(from: impl BufRead, mut name: impl FnMut(String) -> ControlFlow<()>) -> io::Result<()> {
    let mut records = Records::new(from);
    let Some(first) = records.next().transpose()? else { return Ok(()) };
    let head: Vec<String> = first.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let column = COLUMNS.iter().find_map(|wanted| head.iter().position(|cell| cell == wanted));
    let data = column.is_none().then_some(Ok(first)).into_iter().chain(records);
    let column = column.unwrap_or(0);
    for record in data {
        let cell = record?.get(column).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty());
        if cell.is_some_and(|cell| name(cell).is_break()) {
            break;
        }
    }
    Ok(())
}

/// Gives every line that is not empty.
///
/// # Errors
/// The file cannot be read.
pub(super) fn lines(from: impl BufRead, mut name: impl FnMut(String) -> ControlFlow<()>) -> io::Result<()> {
    for line in from.lines() {
        let line = line?;
        if !line.trim().is_empty() && name(line).is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("name,URL\na,https://x/1\nb, https://x/2 \nc,\n", &["https://x/1", "https://x/2"]; "a column url")]
    #[test_case("https://x/1,a\nhttps://x/2,b\n", &["https://x/1", "https://x/2"]; "no head")]
    #[test_case("sku;image\n1;a b.jpg\n", &["a b.jpg"]; "another name")]
    #[test_case("key,url\nk,u\n", &["u"]; "the better of two")]
    #[test_case("", &[]; "nothing")]
    fn tables(text: &str, wanted: &[&str]) {
        let mut names = Vec::new();
        table(text.as_bytes(), |name| {
            names.push(name);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(names, wanted);
    }

    #[test]
    fn lines_are_taken_as_they_are_until_it_is_enough() {
        let mut names = Vec::new();
        lines(" a b \n\n#c\nd\n".as_bytes(), |name| {
            names.push(name);
            if names.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
        assert_eq!(names, [" a b ", "#c"]);
    }
}
