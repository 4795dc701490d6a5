//! Where the names of what is checked come from, and what is asked for each.

mod sitemap;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Trouble;
use crate::cli::connection::Options;
use crate::cli::end::Stopped;
use crate::cli::{pages, place};
use crate::domain::connection::{ChecksumMode, SignIn, StoreTarget, Target as ConnectionTarget};
use crate::domain::location::{Location, LocationProblem};
use crate::domain::object_key::{decode_path, encode_path};
use crate::domain::object_url;
use crate::s3::store::{Family, Store, StoreInfo};
use crate::verify::Target;
use crate::verify::source::{lines, table};

/// So many targets wait to be taken.
const WAITING: usize = 256;

/// What was named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Everything beneath.
    Prefix(Location),
    /// A file of comma-separated values.
    Table(PathBuf),
    /// A name a line; `-` for the standard input.
    Lines(PathBuf),
    /// A file.
    SitemapFile(PathBuf),
    /// Its address.
    Sitemap(String),
    /// One file.
    One(String),
}

impl Source {
    pub(super) fn of(text: &str, endpoint: Option<&str>) -> Result<Self, LocationProblem> {
        if text.starts_with("s3://") {
            return place::exact(text, endpoint).map(Self::Prefix);
        }
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        let bare = if is_web { text.split(['?', '#']).next().unwrap_or(text) } else { text };
        let ending = bare.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
        let path = PathBuf::from(text);
        Ok(match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("xml" | "gz") if is_web => Self::Sitemap(text.to_owned()),
            _ if is_web => Self::One(text.to_owned()),
            Some("xml") => Self::SitemapFile(path),
            Some("csv" | "tsv") => Self::Table(path),
            _ => Self::Lines(path),
        })
    }
}

/// What names stand for.
pub(super) struct Names {
    pub(super) host: Option<String>,
    pub(super) keys_in: Option<Location>,
    pub(super) pages: bool,
    pub(super) connection: Options,
}

type Listing = JoinHandle<Result<(), Trouble>>;

/// Brings what is to be checked. The task tells why no more came.
pub(super) fn targets(source: Source, names: Names) -> (mpsc::Receiver<Target>, Listing) {
    let (send, targets) = mpsc::channel(WAITING);
    let listing = tokio::spawn(async move {
        let namer = Namer { names, store: None, send };
        match namer.all(source).await {
            // Nobody asks any more.
            Err(Ended::Gone) | Ok(()) => Ok(()),
            Err(Ended::Trouble(trouble)) => Err(trouble),
        }
    });
    (targets, listing)
}

/// Why no more come.
enum Ended {
    /// Nobody takes them.
    Gone,
    Trouble(Trouble),
}

impl<T: Into<Trouble>> From<T> for Ended {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

struct Namer {
    names: Names,
    /// Made when the first name needs it: a list of addresses needs no sign-in.
    store: Option<Store>,
    send: mpsc::Sender<Target>,
}

impl Namer {
    async fn all(mut self, source: Source) -> Result<(), Ended> {
        match source {
            Source::Prefix(place) => self.prefix(&place).await,
            Source::Table(path) => self.file(path, |from, name| table(from, name)).await,
            Source::Lines(path) => self.file(path, |from, name| lines(from, name)).await,
            Source::One(url) => self.name(url).await,
            Source::SitemapFile(path) => {
                let text =
                    std::fs::read_to_string(&path).map_err(|source| Trouble::Unread { path: path.clone(), source })?;
                self.sitemap(path.display().to_string(), Some(text)).await
            }
            Source::Sitemap(url) => self.sitemap(url, None).await,
        }
    }

    async fn prefix(&mut self, place: &Location) -> Result<(), Ended> {
        let mut objects = pages::each_object(self.store().await?, place);
        while let Some(object) = objects.recv().await {
            let key = object?.key;
            // A folder's marker is no file.
            if !key.ends_with('/') {
                let target = self.in_bucket(&place.bucket, &key, key.clone()).await?;
                self.send(target).await?;
            }
        }
        Ok(())
    }

    async fn file(
        &mut self,
        path: PathBuf,
        read: impl FnOnce(Box<dyn BufRead>, &mut dyn FnMut(String) -> ControlFlow<()>) -> io::Result<()> + Send + 'static,
    ) -> Result<(), Ended> {
        let (send, mut names) = mpsc::channel(WAITING);
        let named = path.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let mut hand_on = |name| match send.blocking_send(name) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            read(open(&path)?, &mut hand_on)
        });
        while let Some(name) = names.recv().await {
            self.name(name).await?;
        }
        reading.await?.map_err(|source| Trouble::Unread { path: named, source })?;
        Ok(())
    }

    /// Takes an address, an `s3://` address, or a key.
    async fn name(&mut self, name: String) -> Result<(), Ended> {
        let target = if name.starts_with("s3://") {
            let place = place::exact(&name, None).map_err(Stopped::from)?;
            self.in_bucket(&place.bucket, &place.path, name).await?
        } else if name.contains("://") {
            self.on_the_web(name)
        } else {
            let Some(place) = self.names.keys_in.clone() else { return Err(Trouble::NoPlace { name }.into()) };
            let key = format!("{}{name}", place.path);
            self.in_bucket(&place.bucket, &key, key.clone()).await?
        };
        self.send(target).await
    }

    async fn send(&self, target: Target) -> Result<(), Ended> {
        self.send.send(target).await.map_err(|_| Ended::Gone)
    }

    async fn in_bucket(&mut self, bucket: &str, key: &str, name: String) -> Result<Target, Ended> {
        let url = match &self.names.host {
            Some(host) => format!("{host}/{}", encode_path(key)),
            None => {
                let store = self.store().await?;
                let region = store.region_of(bucket).await;
                address(store.info(), bucket, &region, key)
            }
        };
        Ok(Target { name, path: key.to_owned(), url, place: Some((bucket.to_owned(), key.to_owned())) })
    }

    fn on_the_web(&self, name: String) -> Target {
        let behind = name.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
        let path = behind.split(['?', '#']).next().unwrap_or(behind);
        let path = decode_path(path).unwrap_or_else(|| path.to_owned());
        let url = match &self.names.host {
            Some(host) => as_browsers_ask(&format!("{host}/{behind}")),
            None => as_browsers_ask(&name),
        };
        let endpoint = self.store.as_ref().and_then(|store| store.info().endpoint.clone());
        let endpoint = endpoint.as_deref().or_else(|| self.names.connection.endpoint());
        let place = object_url::parse(&name, endpoint).ok().map(|parsed| (parsed.bucket, parsed.key));
        Target { name, path, url, place }
    }

    async fn store(&mut self) -> Result<&Store, Ended> {
        if self.store.is_none() {
            self.store = Some(self.names.connection.connect().await.map_err(Stopped::from)?);
        }
        self.store.as_ref().ok_or(Ended::Gone)
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    match path.to_str() {
        Some("-") => Ok(Box::new(BufReader::new(io::stdin()))),
        _ => Ok(Box::new(BufReader::new(File::open(path)?))),
    }
}

/// As a browser asks for it: without what follows a `#`, and with characters encoded that no address can hold (WHATWG URL
/// Standard, "path percent-encode set"). What is encoded already stays.
fn as_browsers_ask(url: &str) -> String {
    const ODD: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'|').add(b'^');
    let url = url.split('#').next().unwrap_or(url);
    utf8_percent_encode(url, ODD).to_string()
}

/// The bucket's own address of an object.
fn address(info: &StoreInfo, bucket: &str, region: &str, key: &str) -> String {
    let target = match &info.endpoint {
        Some(endpoint) if info.family != Family::Amazon => ConnectionTarget::Store(StoreTarget {
            preset: "custom".to_owned(),
            endpoint: endpoint.clone(),
            region: info.region.clone(),
            addressing: info.addressing,
            checksums: ChecksumMode::WhenRequired,
            sign_in: SignIn::Anonymous,
            public_base_url: info.public_base_url.clone(),
        }),
        _ => ConnectionTarget::Amazon { region: info.region.clone(), sign_in: SignIn::Anonymous },
    };
    let region = Some(region);
    let place = object_url::Place { target: &target, practice_endpoint: None, bucket, region, website: false };
    object_url::preferred(&place, key)
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
    #[test_case("sitemap.xml", &Source::SitemapFile("sitemap.xml".into()); "a sitemap")]
    #[test_case("https://x.example/sitemap.xml?v=2", &Source::Sitemap("https://x.example/sitemap.xml?v=2".into()); "an address of a sitemap")]
    #[test_case("https://x.example/a.jpg", &Source::One("https://x.example/a.jpg".into()); "one file")]
    fn what_is_named(text: &str, source: &Source) {
        assert_eq!(sources(text), *source);
    }

    #[test_case("https://x/a b.jpg?c=\"1\"#top", "https://x/a%20b.jpg?c=%221%22"; "blanks and quotes")]
    #[test_case("https://x/é%20b.jpg", "https://x/%C3%A9%20b.jpg"; "letters, and what is encoded already")]
    fn addresses(written: &str, asked: &str) {
        assert_eq!(as_browsers_ask(written), asked);
    }

    #[test]
    fn a_prefix_is_read_to_the_letter() {
        let Source::Prefix(place) = sources("s3://acme/a%20b/") else { panic!("no prefix") };
        assert_eq!((place.bucket.as_str(), place.path.as_str()), ("acme", "a%20b/"));
        assert!(Source::of("s3://", None).is_err());
    }
}
