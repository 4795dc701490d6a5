//! Lines of a browser's console: the address, the page that used it, and what the browser said.
//!
//! The wordings are those of Chromium, Firefox and Safari in English.

use crate::domain::cors::origin_of;

/// The page behind a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Scheme, host and port of the page.
    pub origin: Option<String>,
    /// What the browser said about the file; nothing where only the page is known.
    pub said: Option<BrowserSaid>,
}

/// What a browser said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BrowserSaid {
    /// The answer did not allow the page to use it.
    CorsBlocked,
    /// The preflight was not answered well.
    PreflightFailed,
    /// A status, such as 403.
    Status(u16),
    /// The host's name is not known.
    UnknownHost,
    /// The certificate does not fit.
    Certificate,
    /// Nothing listens there, or the connection broke.
    NoConnection,
    /// Withheld because it is no picture (opaque response blocking), or because of its type.
    WrongType,
    /// The page's own Content-Security-Policy forbids it.
    ContentSecurityPolicy,
    /// A page over TLS asks for something without it.
    MixedContent,
    /// An extension of the browser, or its own protection, held it back.
    HeldBack,
    /// Something else, to the letter.
    Other(String),
}

impl BrowserSaid {
    /// One plain sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::CorsBlocked => {
                "The browser fetched it and did not hand it to the page: the answer allows no other site".into()
            }
            Self::PreflightFailed => "The browser asked first whether the page may, and got no yes".into(),
            Self::Status(status) => format!("The browser got the status {status}"),
            Self::UnknownHost => "The browser did not find the host".into(),
            Self::Certificate => "The certificate did not fit the host".into(),
            Self::NoConnection => "The browser got no connection".into(),
            Self::WrongType => "The browser withheld it: what came is not of the kind that the page wanted".into(),
            Self::ContentSecurityPolicy => "The page’s own Content-Security-Policy forbids it".into(),
            Self::MixedContent => "The page comes over https and asks for the file over http".into(),
            Self::HeldBack => "An extension or a protection of the browser held it back".into(),
            Self::Other(text) => format!("The browser said: {text}"),
        }
    }
}

/// The address and what was said about it; `None` where the text is no such line.
pub(super) fn read(text: &str) -> Option<(String, Page)> {
    let lower = text.to_ascii_lowercase();
    let said = said(&lower, text)?;
    let urls = urls(text);
    let origin = origin(text, &lower);
    let is_origin = |url: &str| origin.as_deref() == Some(url.trim_end_matches('/'));
    let page = page(text, &lower);
    let url = urls.iter().find(|url| !is_origin(url) && page.as_deref() != Some(url.as_str()))?;
    let origin = origin.or_else(|| page.as_deref().and_then(|page| origin_of(page).ok()));
    Some((url.clone(), Page { origin, said: Some(said) }))
}

fn said(lower: &str, text: &str) -> Option<BrowserSaid> {
    let has = |what: &str| lower.contains(what);
    Some(if has("preflight") && (has("cors") || has("access control") || has("cross-origin")) {
        BrowserSaid::PreflightFailed
    } else if has("blocked by cors policy")
        || has("cross-origin request blocked")
        || has("is not allowed by access-control-allow-origin")
        || has("denied by cross-origin resource sharing")
    {
        BrowserSaid::CorsBlocked
    } else if has("err_blocked_by_orb") || has("opaqueresponseblocking") || has("cross-origin read blocking") {
        BrowserSaid::WrongType
    } else if has("content security policy") || has("content-security-policy") {
        BrowserSaid::ContentSecurityPolicy
    } else if has("mixed content") || has("mixed active content") || has("mixed display content") {
        BrowserSaid::MixedContent
    } else if has("err_blocked_by_client") {
        BrowserSaid::HeldBack
    } else if has("err_name_not_resolved") || has("server not found") || has("could not resolve host") {
        BrowserSaid::UnknownHost
    } else if has("err_cert_") || has("err_ssl_") || has("ssl_error") || has("certificate") {
        BrowserSaid::Certificate
    } else if has("err_connection") || has("err_timed_out") || has("err_address_unreachable") || has("err_internet") {
        BrowserSaid::NoConnection
    } else if has("net::err_") || has("ns_error_") {
        BrowserSaid::Other(token(text, &["net::ERR_", "NS_ERROR_"]).unwrap_or(text).to_owned())
    } else if let Some(status) = status(lower) {
        BrowserSaid::Status(status)
    } else {
        return None;
    })
}

/// `GET URL 403 (Forbidden)`, `responded with a status of 403`, `[HTTP/2 403 71ms]`, `Status code: 403`.
fn status(lower: &str) -> Option<u16> {
    let number = |rest: &str| {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u16>().ok().filter(|status| (100..600).contains(status))
    };
    for before in ["status of ", "status code: ", "status: ", "[http/1.1 ", "[http/2 ", "[http/3 "] {
        if let Some(status) = lower.split_once(before).and_then(|(_, rest)| number(rest)) {
            return Some(status);
        }
    }
    // The script that asked may stand before the method.
    let mut words = lower.split_whitespace();
    words.find(|word| matches!(*word, "get" | "head" | "post" | "put" | "options"))?;
    words.find_map(|word| number(word).filter(|_| word.len() == 3))
}

/// Every address in the text, without what quotes or ends it.
fn urls(text: &str) -> Vec<String> {
    let starts = text.match_indices("http").filter(|(at, _)| {
        let rest = &text[*at..];
        rest.starts_with("http://") || rest.starts_with("https://")
    });
    starts
        .map(|(at, _)| {
            let quote = text[..at].chars().next_back();
            let closing = match quote {
                Some('\'') => Some('\''),
                Some('"') => Some('"'),
                Some('‘') => Some('’'),
                Some('“') => Some('”'),
                Some('<') => Some('>'),
                Some('(') => Some(')'),
                _ => None,
            };
            let rest = &text[at..];
            let end = match closing.and_then(|closing| rest.find(closing)) {
                Some(end) => end,
                None => rest.find(char::is_whitespace).unwrap_or(rest.len()),
            };
            let url = &rest[..end];
            if closing.is_some() {
                url.to_owned()
            } else {
                url.trim_end_matches(['.', ',', ';', ')', '\'', '"', '’']).to_owned()
            }
        })
        .filter(|url| url.len() > "https://".len())
        .collect()
}

/// `from origin 'O'` and `Origin O is not allowed by …`.
fn origin(text: &str, lower: &str) -> Option<String> {
    let at = lower.find("from origin ").map(|at| at + "from origin ".len()).or_else(|| {
        let at = lower.find("origin http")?;
        Some(at + "origin ".len())
    })?;
    let rest = text.get(at..)?.trim_start_matches(['\'', '"', '‘', '“']);
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '’' | '”')).unwrap_or(rest.len());
    let origin = rest[..end].trim_end_matches(['/', '.', ',']);
    (!origin.is_empty()).then(|| origin.to_owned())
}

/// `The page at 'URL' was loaded over HTTPS`.
fn page(text: &str, lower: &str) -> Option<String> {
    let at = lower.find("page at ")? + "page at ".len();
    urls(text.get(at..)?).into_iter().next()
}

fn token<'a>(text: &'a str, starts: &[&str]) -> Option<&'a str> {
    let at = starts.iter().find_map(|start| text.find(start))?;
    let rest = &text[at..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(rest.len());
    Some(&rest[..end])
}
