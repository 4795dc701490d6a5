//! What is to be checked: a key, an address in any form, or the line in which a browser complained about one.
//!
//! Forms of addresses as in the Amazon S3 User Guide, "Virtual hosting of buckets", "Website endpoints", "Getting started
//! with Transfer Acceleration" and "Using dual-stack endpoints"; signed links as in "Authenticating requests: using query
//! parameters (AWS Signature Version 4)".

mod address;
mod browser;
mod link;
mod remark;
#[cfg(test)]
mod tests;

use std::fmt;

pub use browser::{BrowserSaid, Page};
pub use link::{Link, LinkKind};
pub use remark::Remark;

use crate::domain::location::{self, LocationProblem};
use crate::domain::object_url::{Form, UrlProblem};

/// The connection and the bucket in front of which the text was typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Scheme, host and port of the store, where it is not Amazon's.
    pub endpoint: Option<&'a str>,
    /// The host that the public uses in front of the store.
    pub public_base_url: Option<&'a str>,
    /// The bucket that is open: a text without any host is a key in it.
    pub bucket: Option<&'a str>,
}

/// Where a file lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
}

/// How the text named the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    /// By its key in the open bucket.
    Key,
    /// `s3://bucket/key`.
    S3Uri,
    /// `arn:aws:s3:::bucket/key`.
    Arn,
    /// The page of the AWS console about it.
    Console,
    /// An address of the store.
    Url(Form),
    /// An address that is not known to lead to a store: a CDN, a proxy, a site.
    OtherHost,
}

/// What is to be checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// Where the file lies, where that is known.
    pub spot: Option<Spot>,
    /// How the text named it.
    pub named: Named,
    /// The address to ask, as a browser would send it. May hold a signature: for asking, not for showing.
    url: Option<String>,
    /// The region that the address names.
    pub region: Option<String>,
    /// The version that the address names.
    pub version_id: Option<String>,
    /// The address asks for other response headers, which only a signed request may.
    pub overrides_response: bool,
    /// The signature in the address.
    pub link: Option<Link>,
    /// The page that used it, and what the browser said.
    pub page: Option<Page>,
    /// What was noticed.
    pub remarks: Vec<Remark>,
}

/// Why a text names nothing to check. Each says what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// Nothing was typed.
    #[error("Type a key, an s3:// address, a URL, or the line of a browser’s console")]
    Empty,
    /// A bucket and no file.
    #[error("This names the bucket {0}, not a file in it")]
    NoFile(String),
    /// A pattern of keys.
    #[error("A pattern with * names no single file")]
    Pattern,
    /// Nothing that is known.
    #[error(transparent)]
    Place(#[from] LocationProblem),
    /// An address that cannot be read.
    #[error(transparent)]
    Url(#[from] UrlProblem),
}

impl Target {
    /// Reads what was typed or pasted.
    ///
    /// # Errors
    /// In plain words, where no file is named.
    pub fn parse(text: &str, context: &Context<'_>) -> Result<Self, TargetProblem> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() {
            return Err(TargetProblem::Empty);
        }
        if let Some((url, page)) = browser::read(text) {
            let read = Self::of_url(&url, context)?;
            return Ok(Self { page: Some(page), ..read });
        }
        let text = address::unwrapped(text);
        if text.starts_with("arn:") {
            return Self::of_arn(text);
        }
        if let Some(rest) = ["s3://", "s3a://", "s3n://"].iter().find_map(|scheme| strip_scheme(text, scheme)) {
            return if rest.starts_with("arn:") { Self::of_arn(rest) } else { Self::of_s3_uri(rest) };
        }
        if text.contains("://") {
            return Self::of_url(text, context);
        }
        if let Some(read) = Self::of_host_without_scheme(text, context) {
            return read;
        }
        match context.bucket {
            Some(bucket) => Ok(Self::at(bucket, text, Named::Key)),
            None => {
                let place = location::parse(text, context.endpoint)?;
                checked(Self { region: place.region, ..Self::at(&place.bucket, &place.path, Named::Key) })
            }
        }
    }

    /// A file whose place is known.
    #[must_use]
    pub fn at(bucket: &str, key: &str, named: Named) -> Self {
        Self {
            spot: Some(Spot { bucket: bucket.to_owned(), key: key.to_owned() }),
            named,
            url: None,
            region: None,
            version_id: None,
            overrides_response: false,
            link: None,
            page: None,
            remarks: Vec::new(),
        }
    }

    /// The key stands there as it is, nothing is decoded.
    fn of_s3_uri(rest: &str) -> Result<Self, TargetProblem> {
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(UrlProblem::NoBucket.into());
        }
        let mut read = Self::at(bucket, key, Named::S3Uri);
        if address::is_encoded(key) {
            read.remarks.push(Remark::EncodedInS3Uri);
        }
        checked(read)
    }

    fn of_arn(text: &str) -> Result<Self, TargetProblem> {
        if text.ends_with('*') {
            return Err(TargetProblem::Pattern);
        }
        let place = location::parse(text, None)?;
        checked(Self::at(&place.bucket, &place.path, Named::Arn))
    }

    fn of_host_without_scheme(text: &str, context: &Context<'_>) -> Option<Result<Self, TargetProblem>> {
        let host = text.split('/').next().unwrap_or(text);
        if !text.contains('/') || !host.contains(['.', ':']) {
            return None;
        }
        let scheme = if address::is_plain_here(host, context) { "http" } else { "https" };
        let read = Self::of_url(&format!("{scheme}://{text}"), context).ok()?;
        // A folder may look like a host: only hosts of stores are taken for one.
        (read.named != Named::OtherHost).then_some(Ok(read))
    }

    fn of_url(text: &str, context: &Context<'_>) -> Result<Self, TargetProblem> {
        if let Some(read) = address::console(text) {
            return checked(read);
        }
        address::read(text, context).and_then(checked)
    }

    /// The same, used by a page of this origin (`https://example.com`).
    #[must_use]
    pub fn used_by(mut self, origin: &str) -> Self {
        let said = self.page.and_then(|page| page.said);
        self.page = Some(Page { origin: Some(origin.to_owned()), said });
        self
    }

    /// The address to ask, whole. Whoever has it may be able to fetch the file: not for logs.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The address to show: without what signs it.
    #[must_use]
    pub fn shown_url(&self) -> Option<String> {
        Some(self.without_signature(self.url.as_deref()?))
    }

    /// What was typed, to show: a signed address ends before what signs it.
    #[must_use]
    pub fn without_signature(&self, typed: &str) -> String {
        match (&self.link, typed.trim().split_once('?')) {
            (Some(_), Some((before, _))) => format!("{before}?…"),
            _ => typed.trim().to_owned(),
        }
    }

    /// The site that uses the file, where a browser's line names it.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.page.as_ref()?.origin.as_deref()
    }

    /// Whether the address is of a website endpoint, which answers with pages instead of documents.
    #[must_use]
    pub const fn is_website(&self) -> bool {
        matches!(self.named, Named::Url(Form::Website))
    }
}

impl fmt::Debug for Target {
    /// Without what signs the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("spot", &self.spot)
            .field("named", &self.named)
            .field("url", &self.shown_url())
            .field("region", &self.region)
            .field("version_id", &self.version_id)
            .field("overrides_response", &self.overrides_response)
            .field("link", &self.link)
            .field("page", &self.page)
            .field("remarks", &self.remarks)
            .finish()
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// A file, not a bucket. A website and other hosts may answer for the empty path.
fn checked(target: Target) -> Result<Target, TargetProblem> {
    match &target.spot {
        Some(spot) if spot.key.is_empty() && !target.is_website() && target.named != Named::OtherHost => {
            Err(TargetProblem::NoFile(spot.bucket.clone()))
        }
        _ => Ok(target),
    }
}
