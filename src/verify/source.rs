//! Where the names of what is checked come from: a bucket, chosen files, a list, a sitemap.

mod list;
mod namer;
mod sitemap;

use std::path::PathBuf;
use std::pin::Pin;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

use self::namer::{Ended, Namer};
use super::Target;
use crate::domain::location::{self, Location, LocationProblem};
use crate::s3::error::S3Error;
use crate::s3::pages::NoPage;
use crate::s3::store::Store;

/// So many targets wait to be taken.
const WAITING: usize = 256;

/// What was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Everything beneath.
    Prefix(Location),
    /// These keys of a bucket.
    Keys(String, Vec<String>),
    /// An address.
    One(String),
    /// A file of comma-separated values.
    Table(PathBuf),
    /// A name a line; `-` for the standard input.
    Lines(PathBuf),
    /// A file.
    SitemapFile(PathBuf),
    /// Its address.
    Sitemap(String),
}

impl Source {
    /// Reads what was written: a place, an address, or a file by its ending. `endpoint` is that of the connection where it
    /// is not Amazon's.
    ///
    /// # Errors
    /// A place that names no bucket.
    pub fn of(text: &str, endpoint: Option<&str>) -> Result<Self, LocationProblem> {
        if text.starts_with("s3://") {
            return location::exact(text, endpoint).map(Self::Prefix);
        }
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        let bare = if is_web { text.split(['?', '#']).next().unwrap_or(text) } else { text };
        let ending = bare.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
        let path = PathBuf::from(text);
        Ok(match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("xml" | "gz") if is_web => Self::Sitemap(text.to_owned()),
            _ if is_web => Self::One(text.to_owned()),
            Some("xml") => Self::SitemapFile(path),
            Some("gz") if bare.to_ascii_lowercase().ends_with(".xml.gz") => Self::SitemapFile(path),
            _ => Self::of_list(path),
        })
    }

    /// A file that names addresses or keys: a table or a list, by its ending.
    #[must_use]
    pub fn of_list(path: PathBuf) -> Self {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("csv" | "tsv") => Self::Table(path),
            _ => Self::Lines(path),
        }
    }

    /// A sitemap at an address, or in a file.
    #[must_use]
    pub fn of_sitemap(place: &str) -> Self {
        match place.contains("://") {
            true => Self::Sitemap(place.to_owned()),
            false => Self::SitemapFile(PathBuf::from(place)),
        }
    }
}

/// The way to the store: a list of addresses needs none, so it may be made late.
pub enum Way {
    /// It is there.
    Open(Store),
    /// It is made when the first name needs it.
    Later {
        /// Makes it.
        connect: Pin<Box<dyn Future<Output = Result<Store, S3Error>> + Send>>,
        /// The endpoint that addresses are read by until then.
        endpoint: Option<String>,
    },
}

/// What names stand for.
pub struct Names {
    /// Another address in front of the bucket.
    pub host: Option<String>,
    /// Where keys lie.
    pub keys_in: Option<Location>,
    /// Whether a sitemap stands for its pages, and not for its images.
    pub pages: bool,
    /// The way to the store.
    pub way: Way,
}

/// Why what is to be checked could not be named.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file of this computer.
    #[error("{} could not be read: {source}", path.display())]
    Unread {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key without a bucket.
    #[error("{name} is a key, and nothing says in which bucket")]
    NoPlace {
        /// The key.
        name: String,
    },
    /// A place that names no bucket.
    #[error("{0}")]
    Place(#[from] LocationProblem),
    /// A sitemap that cannot be had, or is none.
    #[error("{address}: {why}")]
    Sitemap {
        /// Which one.
        address: String,
        /// Why.
        why: String,
    },
    /// A sitemap of pages alone.
    #[error("{0} names no images")]
    NoImages(String),
    /// The store refused, or was not there.
    #[error("{}", .0.sentence())]
    Store(#[from] S3Error),
    /// A part of the work ended early.
    #[error("The work broke off: {0}")]
    Broken(#[from] JoinError),
}

impl From<NoPage> for SourceError {
    fn from(why: NoPage) -> Self {
        match why {
            NoPage::Store(error) => Self::Store(error),
            NoPage::Broken(error) => Self::Broken(error),
        }
    }
}

/// Brings what is to be checked. The task tells why no more came.
pub(super) fn targets(source: Source, names: Names) -> (mpsc::Receiver<Target>, JoinHandle<Result<(), SourceError>>) {
    let (send, targets) = mpsc::channel(WAITING);
    let listing = tokio::spawn(async move {
        match Namer::new(names, send).all(source).await {
            // Nobody asks any more.
            Err(Ended::Gone) | Ok(()) => Ok(()),
            Err(Ended::Trouble(trouble)) => Err(trouble),
        }
    });
    (targets, listing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn sources(text: &str) -> Source {
        Source::of(text, None).unwrap()
    }

    #[test_case("a/b.csv", &Source::Table("a/b.csv".into()); "a table")]
    #[test_case("B.TSV", &Source::Table("B.TSV".into()); "a table with tabs")]
    #[test_case("keys.txt", &Source::Lines("keys.txt".into()); "a list")]
    #[test_case("-", &Source::Lines("-".into()); "the standard input")]
    #[test_case("sitemap.XML.gz", &Source::SitemapFile("sitemap.XML.gz".into()); "a packed sitemap")]
    #[test_case("sitemap.xml", &Source::SitemapFile("sitemap.xml".into()); "a sitemap")]
    #[test_case("https://x.example/sitemap.xml?v=2", &Source::Sitemap("https://x.example/sitemap.xml?v=2".into()); "an address of a sitemap")]
    #[test_case("https://x.example/a.jpg", &Source::One("https://x.example/a.jpg".into()); "one file")]
    fn what_is_named(text: &str, source: &Source) {
        assert_eq!(sources(text), *source);
    }

    #[test]
    fn a_prefix_is_read_to_the_letter() {
        let Source::Prefix(place) = sources("s3://acme/a%20b/") else { panic!("no prefix") };
        assert_eq!((place.bucket.as_str(), place.path.as_str()), ("acme", "a%20b/"));
        assert!(Source::of("s3://", None).is_err());
    }
}
