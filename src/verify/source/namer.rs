//! Names become targets: each with the path that rules are matched with, and the address that is asked.

mod sitemap;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tokio::sync::mpsc;

use super::list::{lines, table};
use super::sitemap::text as sitemap_text;
use super::{Names, Source, SourceError, WAITING, Way};
use crate::domain::connection::{ChecksumMode, SignIn, StoreTarget, Target as ConnectionTarget};
use crate::domain::location::{self, Location};
use crate::domain::object_key::{decode_path, encode_path};
use crate::domain::object_url;
use crate::s3::pages;
use crate::s3::store::{Family, Store, StoreInfo};
use crate::verify::Target;

/// Why no more come.
pub(super) enum Ended {
    /// Nobody takes them.
    Gone,
    Trouble(SourceError),
}

impl<T: Into<SourceError>> From<T> for Ended {
    fn from(trouble: T) -> Self {
        Self::Trouble(trouble.into())
    }
}

pub(super) struct Namer {
    host: Option<String>,
    keys_in: Option<Location>,
    pages: bool,
    way: Way,
    send: mpsc::Sender<Target>,
}

impl Namer {
    pub(super) fn new(names: Names, send: mpsc::Sender<Target>) -> Self {
        let Names { host, keys_in, pages, way } = names;
        Self { host, keys_in, pages, way, send }
    }

    pub(super) async fn all(mut self, source: Source) -> Result<(), Ended> {
        match source {
            Source::Prefix(place) => self.prefix(&place).await,
            Source::Table(path) => self.file(path, |from, name| table(from, name)).await,
            Source::Lines(path) => self.file(path, |from, name| lines(from, name)).await,
            Source::One(url) => self.name(url).await,
            Source::Keys(bucket, keys) => {
                for key in keys {
                    let target = self.in_bucket(&bucket, &key, key.clone()).await?;
                    self.send(target).await?;
                }
                Ok(())
            }
            Source::SitemapFile(path) => {
                let read = tokio::fs::read(&path).await;
                let bytes = read.map_err(|source| SourceError::Unread { path: path.clone(), source })?;
                let address = path.display().to_string();
                let text = sitemap_text(bytes);
                let text = text.map_err(|why| SourceError::Sitemap { address: address.clone(), why })?;
                self.sitemap(address, Some(text)).await
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
        reading.await?.map_err(|source| SourceError::Unread { path: named, source })?;
        Ok(())
    }

    /// Takes an address, an `s3://` address, or a key.
    async fn name(&mut self, name: String) -> Result<(), Ended> {
        let target = if name.starts_with("s3://") {
            let place = location::exact(&name, None)?;
            self.in_bucket(&place.bucket, &place.path, name).await?
        } else if name.contains("://") {
            self.on_the_web(name)
        } else {
            let Some(place) = self.keys_in.clone() else { return Err(SourceError::NoPlace { name }.into()) };
            let key = format!("{}{name}", place.path);
            self.in_bucket(&place.bucket, &key, key.clone()).await?
        };
        self.send(target).await
    }

    async fn send(&mut self, target: Target) -> Result<(), Ended> {
        self.send.send(target).await.map_err(|_| Ended::Gone)
    }

    async fn in_bucket(&mut self, bucket: &str, key: &str, name: String) -> Result<Target, Ended> {
        let url = match &self.host {
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
        let url = match &self.host {
            Some(host) => as_browsers_ask(&format!("{host}/{behind}")),
            None => as_browsers_ask(&name),
        };
        let endpoint = match &self.way {
            Way::Open(store) => store.info().endpoint.clone(),
            Way::Later { endpoint, .. } => endpoint.clone(),
        };
        let place = object_url::parse(&name, endpoint.as_deref()).ok().map(|parsed| (parsed.bucket, parsed.key));
        Target { name, path, url, place }
    }

    async fn store(&mut self) -> Result<&Store, Ended> {
        if let Way::Later { connect, .. } = &mut self.way {
            self.way = Way::Open(connect.await?);
        }
        match &self.way {
            Way::Open(store) => Ok(store),
            Way::Later { .. } => Err(Ended::Gone),
        }
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

    #[test_case("https://x/a b.jpg?c=\"1\"#top", "https://x/a%20b.jpg?c=%221%22"; "blanks and quotes")]
    #[test_case("https://x/é%20b.jpg", "https://x/%C3%A9%20b.jpg"; "letters, and what is encoded already")]
    fn addresses(written: &str, asked: &str) {
        assert_eq!(as_browsers_ask(written), asked);
    }
}
