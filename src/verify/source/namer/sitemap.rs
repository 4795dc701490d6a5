//! Sitemaps: fetched as a stranger, an index followed to those that it names.

use std::collections::HashSet;
use std::time::Duration;

use super::{Ended, Namer};
use crate::s3::probe::{Lines, Question};
use crate::verify::source::SourceError;
use crate::verify::source::sitemap::{MOST_BYTES, parse, text};

/// An index names sitemaps, and none of them is an index again (sitemaps.org); some are all the same.
const DEEPEST: usize = 3;
const MOST_REDIRECTS: usize = 5;
const TIMEOUT: Duration = Duration::from_secs(60);

impl Namer {
    /// Takes the images that a sitemap names, or its pages. `text` is the sitemap, where it was read from a file.
    pub(super) async fn sitemap(&mut self, address: String, text: Option<String>) -> Result<(), Ended> {
        let lines = Lines::new(1);
        let mut waiting = vec![(address.clone(), text, 0)];
        let mut seen: HashSet<String> = HashSet::new();
        let mut found = false;
        while let Some((address, text, depth)) = waiting.pop() {
            if depth > DEEPEST || !seen.insert(address.clone()) {
                continue;
            }
            let text = match text {
                Some(text) => text,
                None => fetched(&lines, &address).await?,
            };
            let bad = |why: String| SourceError::Sitemap { address: address.clone(), why };
            let sitemap = parse(&text).map_err(|problem| bad(problem.to_string()))?;
            drop(text);
            // The first one named comes first.
            waiting.extend(sitemap.sitemaps.into_iter().rev().map(|address| (address, None, depth + 1)));
            let names = if self.pages { sitemap.pages } else { sitemap.images };
            for name in names {
                found = true;
                self.name(name).await?;
            }
        }
        if found || self.pages { Ok(()) } else { Err(SourceError::NoImages(address).into()) }
    }
}

async fn fetched(lines: &Lines, address: &str) -> Result<String, SourceError> {
    let bad = |why: String| SourceError::Sitemap { address: address.to_owned(), why };
    let mut url = address.to_owned();
    for _ in 0..=MOST_REDIRECTS {
        let answer = lines.ask(&Question::get(&url, MOST_BYTES), TIMEOUT).await;
        let answer = answer.map_err(|error| bad(error.sentence()))?;
        match (answer.status, answer.header("location")) {
            (301 | 302 | 303 | 307 | 308, Some(to)) => url = joined(&url, to),
            (200, _) if answer.is_cut => return Err(bad("it is larger than a sitemap may be (50 MB)".to_owned())),
            (200, _) => return text(answer.body.into()).map_err(bad),
            (status, _) => return Err(bad(format!("the answer is {status}"))),
        }
    }
    Err(bad(format!("it redirects more than {MOST_REDIRECTS} times")))
}

/// Where a redirect leads: to an address, or to a path on the same host.
fn joined(from: &str, to: &str) -> String {
    if to.contains("://") {
        return to.to_owned();
    }
    let (scheme, rest) = from.split_once("://").unwrap_or(("https", from));
    let host = rest.split('/').next().unwrap_or(rest);
    match to.strip_prefix("//") {
        Some(elsewhere) => format!("{scheme}://{elsewhere}"),
        None if to.starts_with('/') => format!("{scheme}://{host}{to}"),
        None => {
            let folder = rest.rsplit_once('/').map_or(host, |(folder, _)| folder);
            format!("{scheme}://{folder}/{to}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("https://b.example/s.xml", "https://b.example/s.xml"; "an address")]
    #[test_case("/s.xml", "https://a.example/s.xml"; "a path")]
    #[test_case("//b.example/s.xml", "https://b.example/s.xml"; "another host")]
    #[test_case("other.xml", "https://a.example/maps/other.xml"; "beside it")]
    fn redirects(to: &str, leads: &str) {
        assert_eq!(joined("https://a.example/maps/sitemap.xml", to), leads);
    }
}
