//! The URLs of an object: writing all forms there are, and reading any of them.
//!
//! Forms as in the Amazon S3 User Guide, "Virtual hosting of buckets" and "Website endpoints".

use super::bucket_name::is_virtual_hostable;
use super::connection::{Addressing, Target};
use super::endpoint::{EndpointOptions, resolve};
use super::object_key::{encode_path, encode_segment};
use super::region;

mod parse;

pub use parse::{ParsedUrl, UrlProblem, host_of_bucket, parse};

/// How a URL is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `https://bucket.s3.region.amazonaws.com/key`.
    VirtualHosted,
    /// `https://s3.region.amazonaws.com/bucket/key`.
    PathStyle,
    /// `https://bucket.s3.amazonaws.com/key`, without region.
    LegacyGlobal,
    /// Transfer Acceleration.
    Accelerate,
    /// `http://bucket.s3-website-region.amazonaws.com/key`.
    Website,
    /// A host for the public in front of the store.
    PublicHost,
    /// `s3://bucket/key`.
    S3Uri,
}

/// One way to write an object's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlForm {
    /// How it is built.
    pub form: Form,
    /// What to call it on screen.
    pub label: &'static str,
    /// The address itself.
    pub url: String,
    /// What to know about it.
    pub note: Option<&'static str>,
}

/// Where an object lies.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The connection it is seen through.
    pub target: &'a Target,
    /// Scheme, host and port of practice storage, which listens where it can; unused for other targets.
    pub practice_endpoint: Option<&'a str>,
    /// The bucket.
    pub bucket: &'a str,
    /// The bucket's region, where known; else that of the connection.
    pub region: Option<&'a str>,
    /// The bucket is served as a website.
    pub website: bool,
}

/// `s3://bucket/key`.
#[must_use]
pub fn s3_uri(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// Every address of an object, the one to hand out first, its `s3://` address last.
///
/// Whether anyone may open it is another question.
#[must_use]
pub fn forms(place: &Place<'_>, key: &str) -> Vec<UrlForm> {
    let mut forms = match place.target {
        Target::Practice => practice(place, key),
        Target::Amazon { region, .. } => amazon(place, place.region.unwrap_or(region), key),
        Target::Store(store) => {
            let mut forms = Vec::new();
            if let Some(base) = store.public_base_url.as_deref().filter(|b| !b.is_empty()) {
                let url = format!("{}/{}", base.trim_end_matches('/'), encode_path(key));
                forms.push(UrlForm { form: Form::PublicHost, label: "Public address", url, note: None });
            }
            let signed_only = super::preset::find(&store.preset).is_some_and(|p| p.needs_public_host)
                || super::preset::recognise(&store.endpoint).is_some_and(|p| p.needs_public_host);
            forms.extend(on_endpoint(&store.endpoint, store.addressing, place.bucket, key).into_iter().map(
                |mut form| {
                    if signed_only {
                        form.note = Some("Opens only with a sign-in; the public needs an address of its own");
                    }
                    form
                },
            ));
            forms
        }
    };
    forms.push(UrlForm { form: Form::S3Uri, label: "S3 address", url: s3_uri(place.bucket, key), note: None });
    forms
}

/// The address to hand out.
#[must_use]
pub fn preferred(place: &Place<'_>, key: &str) -> String {
    forms(place, key).into_iter().next().map_or_else(|| s3_uri(place.bucket, key), |form| form.url)
}

fn practice(place: &Place<'_>, key: &str) -> Vec<UrlForm> {
    let Some(endpoint) = place.practice_endpoint else { return Vec::new() };
    let mut forms = on_endpoint(endpoint, Addressing::Path, place.bucket, key);
    for form in &mut forms {
        form.note = Some("Opens on this computer only, while Brimful runs");
    }
    forms
}

fn amazon(place: &Place<'_>, region: &str, key: &str) -> Vec<UrlForm> {
    let path = encode_path(key);
    let bucket = place.bucket;
    let base = |options: EndpointOptions<'_>| resolve(bucket, Some(region), &options).ok();
    let mut forms = Vec::new();
    let hosted = is_virtual_hostable(bucket, false) && key != "soap";
    if hosted && let Some(base) = base(EndpointOptions::default()) {
        let url = format!("{base}/{path}");
        forms.push(UrlForm { form: Form::VirtualHosted, label: "Web address", url, note: None });
    }
    if let Some(base) = base(EndpointOptions { path_style: true, ..Default::default() }) {
        let note = (!hosted).then_some("The only form whose certificate fits this name");
        forms.push(UrlForm { form: Form::PathStyle, label: "Path style", url: format!("{base}/{path}"), note });
    }
    if hosted && region::answers_on_global_host(region) {
        let note = (region != "us-east-1").then_some("May answer with a redirect to the region");
        let url = format!("https://{bucket}.s3.amazonaws.com/{path}");
        forms.push(UrlForm { form: Form::LegacyGlobal, label: "Legacy, without region", url, note });
    }
    if place.website {
        let url = format!("http://{}/{path}", region::website_host(bucket, region));
        let note = Some("Plain http:// only; error pages and redirects work here");
        forms.push(UrlForm { form: Form::Website, label: "Website", url, note });
    }
    forms
}

fn on_endpoint(endpoint: &str, addressing: Addressing, bucket: &str, key: &str) -> Vec<UrlForm> {
    let path = encode_path(key);
    let endpoint = endpoint.trim_end_matches('/');
    let path_style = UrlForm {
        form: Form::PathStyle,
        label: if addressing == Addressing::Path { "Web address" } else { "Path style" },
        url: format!("{endpoint}/{}/{path}", encode_segment(bucket)),
        note: None,
    };
    if addressing == Addressing::Path {
        return vec![path_style];
    }
    let options = EndpointOptions { endpoint: Some(endpoint), ..Default::default() };
    match resolve(bucket, Some("us-east-1"), &options) {
        Ok(base) if format!("{base}/{path}") != path_style.url => {
            let url = format!("{base}/{path}");
            vec![UrlForm { form: Form::VirtualHosted, label: "Web address", url, note: None }, path_style]
        }
        _ => vec![UrlForm { label: "Web address", ..path_style }],
    }
}

#[cfg(test)]
mod tests;
