//! Addresses: what they lead to, what a browser makes of them, and what is odd about them.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::{Context, Link, Named, Remark, Spot, Target, TargetProblem};
use crate::domain::endpoint::is_ip;
use crate::domain::location;
use crate::domain::object_key::decode_path;
use crate::domain::object_url::{self, Form, UrlProblem};

/// What browsers encode in a path (WHATWG URL Standard, "path percent-encode set").
const IN_PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'^').add(b'`').add(b'{').add(b'}');
/// What browsers encode in a query (the same, "query percent-encode set").
const IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// Parameters that mean something to a store; any other one is not part of a file's address.
const PARAMETERS: [&str; 12] = [
    "versionid",
    "response-content-type",
    "response-content-language",
    "response-expires",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "partnumber",
    "awsaccesskeyid",
    "signature",
    "expires",
    "key-pair-id",
];

/// Takes off what a text is wrapped in where it was copied from: quotes, HTML, CSS, Markdown, a call of curl.
pub(super) fn unwrapped(text: &str) -> &str {
    let attribute = |name: &str| {
        let rest = text.split_once(name)?.1;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    };
    if text.starts_with('<')
        && let Some(inner) = attribute("src=").or_else(|| attribute("href="))
    {
        return inner.trim();
    }
    if let Some(inner) = text.strip_prefix("url(").and_then(|rest| rest.split_once(')')) {
        return inner.0.trim_matches(['"', '\'', ' ']);
    }
    if text.starts_with(['!', '['])
        && let Some((_, rest)) = text.split_once("](")
    {
        return rest.trim_end_matches(')');
    }
    if let Some(rest) = text.strip_prefix("curl ") {
        let found = rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        if let Some(url) = found.into_iter().find(|word| word.contains("://")) {
            return url;
        }
    }
    text.trim_matches(['"', '\'', '<', '>', '`']).trim()
}

/// Whether the text holds percent signs with two digits behind.
pub(super) fn is_encoded(text: &str) -> bool {
    encoded_at(text).next().is_some()
}

fn encoded_at(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    (0..bytes.len().saturating_sub(2)).filter(move |at| {
        bytes[*at] == b'%' && bytes[*at + 1].is_ascii_hexdigit() && bytes[*at + 2].is_ascii_hexdigit()
    })
}

/// Whether a host without a scheme is that of a connection that goes without TLS.
pub(super) fn is_plain_here(host: &str, context: &Context<'_>) -> bool {
    let Some(own) = context.endpoint.and_then(|endpoint| endpoint.strip_prefix("http://")) else { return false };
    let port = |host: &str| host.rsplit_once(':').map(|(_, port)| port.to_owned());
    host.ends_with(own) || (host.contains("localhost") && port(host) == port(own))
}

/// The parts of an address, as they stand.
struct Parts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    authority: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

fn parts(text: &str) -> Result<Parts<'_>, UrlProblem> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlProblem::NoScheme)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(UrlProblem::NoScheme);
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (user, authority) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let (tail, fragment) = match tail.split_once('#') {
        Some((tail, fragment)) => (tail, Some(fragment)),
        None => (tail, None),
    };
    let (path, query) = match tail.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (tail, None),
    };
    Ok(Parts { scheme, user, authority, path, query, fragment })
}

/// The name and value of each parameter, decoded.
fn parameters(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let one = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    query.split('&').filter(|pair| !pair.is_empty()).map(one).collect()
}

/// A page of the console about a file.
pub(super) fn console(text: &str) -> Option<Target> {
    let Parts { authority, path, query, .. } = parts(text).ok()?;
    let host = authority.to_ascii_lowercase();
    let is_console =
        ["console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com", "console.aws.eu"]
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")));
    if !is_console {
        return None;
    }
    let bucket = path.split('/').skip_while(|part| !matches!(*part, "object" | "buckets" | "bucket")).nth(1)?;
    let query = parameters(&query.unwrap_or_default().replace('+', "%20"));
    let find = |name: &str| query.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let mut read = Target::at(&decode_path(bucket)?, &find("prefix").unwrap_or_default(), Named::Console);
    read.region = find("region");
    read.version_id = find("versionId");
    read.remarks.push(Remark::ConsolePage);
    Some(read)
}

/// Any other address.
pub(super) fn read(text: &str, context: &Context<'_>) -> Result<Target, TargetProblem> {
    let given = parts(text)?;
    let sent = as_sent(&given);
    let query = parameters(given.query.unwrap_or_default());
    let found = lead(&sent, context)?;
    let mut remarks = Vec::new();
    if found.spot.is_none() {
        let host = host_of(given.authority).to_ascii_lowercase();
        remarks.push(if found.is_store { Remark::OtherStore(host) } else { Remark::OtherHost(host) });
    }
    remarks.extend(oddities(&given, &query, &found));
    let version_id = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("versionId")).map(|(_, v)| v.clone());
    let link = Link::read(&query);
    let overrides = query.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with("response-"));
    Ok(Target {
        spot: found.spot,
        named: found.named,
        url: Some(sent),
        region: found.region,
        version_id: version_id.filter(|id| !id.is_empty()),
        overrides_response: overrides,
        link,
        page: None,
        remarks,
    })
}

struct Lead {
    spot: Option<Spot>,
    named: Named,
    region: Option<String>,
    /// The host is that of a store, be it another one.
    is_store: bool,
}

/// Hosts of Amazon's.
const AMAZON: [&str; 3] = ["amazonaws.com", "amazonaws.com.cn", "amazonaws.eu"];

/// Whether a host that is known to belong to a store belongs to the one that is connected.
fn is_of(context: &Context<'_>, authority: &str) -> bool {
    let host = host_of(authority);
    let within = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let Some(own) = context.endpoint.and_then(|endpoint| parts(endpoint).ok()) else {
        return AMAZON.iter().any(|domain| within(domain));
    };
    let own_host = host_of(own.authority);
    // A provider's regions and addresses share the end of their names.
    let domain = own_host.rmatch_indices('.').nth(1).map_or(own_host, |(at, _)| &own_host[at + 1..]);
    own.authority == authority || (!is_ip(own_host) && own_host.contains('.') && within(domain))
}

/// Where an address leads.
fn lead(sent: &str, context: &Context<'_>) -> Result<Lead, TargetProblem> {
    let local = on_loopback(sent, context);
    let known = match &local {
        Some(local) => object_url::parse(&local.url, context.endpoint),
        None => object_url::parse(sent, context.endpoint),
    };
    match known {
        Ok(parsed) => {
            let form = local.as_ref().map_or(parsed.form, |local| local.form);
            // What no bucket can be called is no bucket of a store either.
            location::parse(&parsed.bucket, None)?;
            let authority = parts(sent).map(|it| it.authority).unwrap_or_default();
            if local.is_none() && !is_of(context, authority) {
                return Ok(Lead { spot: None, named: Named::OtherHost, region: None, is_store: true });
            }
            let spot = Spot { bucket: parsed.bucket, key: parsed.key };
            Ok(Lead { spot: Some(spot), named: Named::Url(form), region: parsed.region, is_store: true })
        }
        Err(UrlProblem::UnknownHost { .. }) => {
            let base = context.public_base_url.map(|base| base.trim_end_matches('/'));
            let rest = base.and_then(|base| strip_base(sent, base));
            let key = rest.map(|rest| rest.split('?').next().unwrap_or(rest)).and_then(decode_path);
            Ok(match (context.bucket, key) {
                (Some(bucket), Some(key)) => Lead {
                    spot: Some(Spot { bucket: bucket.to_owned(), key }),
                    named: Named::Url(Form::PublicHost),
                    region: None,
                    is_store: true,
                },
                _ => Lead { spot: None, named: Named::OtherHost, region: None, is_store: false },
            })
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What follows the public address of the store; host and scheme without regard to case, and with either scheme.
fn strip_base<'a>(url: &'a str, base: &str) -> Option<&'a str> {
    let (_, url_rest) = url.split_once("://")?;
    let (_, base_rest) = base.split_once("://")?;
    let (head, rest) = url_rest.split_at_checked(base_rest.len())?;
    head.eq_ignore_ascii_case(base_rest).then_some(rest)?.strip_prefix('/')
}

/// An address of practice storage by one of its other names.
struct Local {
    /// The same with the bucket in the path.
    url: String,
    form: Form,
}

/// Practice storage answers at `localhost`, at `BUCKET.localhost` and, as a website, at `BUCKET.s3-website.localhost`.
fn on_loopback(sent: &str, context: &Context<'_>) -> Option<Local> {
    let endpoint = context.endpoint?;
    let own = parts(endpoint).ok()?;
    let is_local = own.authority.starts_with("127.0.0.1") || own.authority.starts_with("localhost");
    let given = parts(sent).ok()?;
    let (host, port) = given.authority.rsplit_once(':')?;
    let own_port = own.authority.rsplit_once(':').map(|(_, port)| port);
    let host = host.to_ascii_lowercase();
    // Websites have a port of their own.
    if !is_local || (own_port != Some(port) && !host.ends_with(".s3-website.localhost")) {
        return None;
    }
    let query = given.query.map(|query| format!("?{query}")).unwrap_or_default();
    if matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") {
        return Some(Local { url: format!("{endpoint}{}{query}", given.path), form: Form::PathStyle });
    }
    let name = host.strip_suffix(".localhost")?;
    let (bucket, form) = match name.strip_suffix(".s3-website") {
        Some(bucket) => (bucket, Form::Website),
        None => (name, Form::VirtualHosted),
    };
    let path = given.path.strip_prefix('/').unwrap_or(given.path);
    Some(Local { url: format!("{endpoint}/{bucket}/{path}{query}"), form })
}

/// What a browser would send: encoded where it has to be, without the fragment, and with `.` and `..` resolved.
fn as_sent(given: &Parts<'_>) -> String {
    let path = given.path.replace('\\', "/");
    let path = utf8_percent_encode(&path, IN_PATH).to_string();
    let path = if has_dot_segments(&path) { resolved(&path) } else { path };
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    let query = given.query.map(|query| format!("?{}", utf8_percent_encode(query, IN_QUERY))).unwrap_or_default();
    let host = given.authority.to_ascii_lowercase();
    format!("{}://{host}{path}{query}", given.scheme.to_ascii_lowercase())
}

fn is_dot(segment: &str) -> bool {
    segment == "." || segment.eq_ignore_ascii_case("%2e")
}

fn is_dots(segment: &str) -> bool {
    ["..", ".%2e", "%2e.", "%2e%2e"].iter().any(|dots| segment.eq_ignore_ascii_case(dots))
}

fn has_dot_segments(path: &str) -> bool {
    path.split('/').any(|segment| is_dot(segment) || is_dots(segment))
}

fn resolved(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        if is_dots(segment) {
            out.pop();
        }
        if is_dot(segment) || is_dots(segment) {
            if is_last {
                out.push("");
            }
        } else {
            out.push(segment);
        }
    }
    format!("/{}", out.join("/"))
}

fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// What is odd about an address.
fn oddities(given: &Parts<'_>, query: &[(String, String)], found: &Lead) -> Vec<Remark> {
    let mut out = Vec::new();
    if given.user.is_some() {
        out.push(Remark::UserInfo);
    }
    if encoded_at(given.path).any(|at| {
        let rest = given.path.get(at..at + 5).unwrap_or_default();
        rest.starts_with("%25") && rest.bytes().skip(3).all(|b| b.is_ascii_hexdigit()) && rest.len() == 5
    }) {
        out.push(Remark::DoubleEncoded);
    }
    if given.path.contains('+') {
        out.push(Remark::Plus);
    }
    let mut raw: Vec<char> = Vec::new();
    for c in given.path.chars().filter(|c| !c.is_ascii() || *c == ' ' || "\"<>^`{}|[]".contains(*c)) {
        if !raw.contains(&c) {
            raw.push(c);
        }
    }
    if !raw.is_empty() {
        let words: Vec<String> =
            raw.iter().map(|c| if *c == ' ' { "blank".to_owned() } else { c.to_string() }).collect();
        out.push(Remark::NotEncoded(words.join(" ")));
    }
    if let Some(fragment) = given.fragment {
        out.push(Remark::Fragment(format!("#{fragment}")));
    }
    let unknown = |name: &str| {
        let name = name.to_ascii_lowercase();
        !PARAMETERS.contains(&name.as_str()) && !name.starts_with("x-amz-") && !name.starts_with("x-goog-")
    };
    if found.spot.is_some()
        && let Some((name, value)) = query.iter().find(|(name, _)| unknown(name))
    {
        let shown = if value.is_empty() { format!("?{name}") } else { format!("?{name}={value}") };
        out.push(Remark::Query(shown));
    }
    if has_dot_segments(given.path) {
        out.push(Remark::DotSegments);
    }
    if given.path.contains('\\') {
        out.push(Remark::Backslash);
    }
    let lower = given.path.to_ascii_lowercase();
    if ["%20", "%0a", "%0d", "%09"].iter().any(|blank| lower.ends_with(blank)) {
        out.push(Remark::BlankAtEnd);
    }
    out.extend(about_host(given, found));
    out
}

fn about_host(given: &Parts<'_>, found: &Lead) -> Vec<Remark> {
    let mut out = Vec::new();
    let https = given.scheme.eq_ignore_ascii_case("https");
    let host = host_of(given.authority).to_ascii_lowercase();
    let is_loopback = host.ends_with("localhost") || host.starts_with("127.") || host == "[::1]";
    let bucket = found.spot.as_ref().map(|spot| spot.bucket.as_str()).unwrap_or_default();
    match found.named {
        Named::Url(Form::Website) => out.push(Remark::Website),
        Named::Url(Form::Accelerate) => out.push(Remark::Accelerate),
        Named::Url(Form::LegacyGlobal) => out.push(Remark::LegacyHost),
        Named::Url(Form::PathStyle | Form::VirtualHosted | Form::PublicHost | Form::S3Uri)
        | Named::Key
        | Named::S3Uri
        | Named::Arn
        | Named::Console
        | Named::OtherHost => {}
    }
    let hosted = matches!(found.named, Named::Url(Form::VirtualHosted | Form::LegacyGlobal | Form::Accelerate));
    if https && hosted && bucket.contains('.') {
        out.push(Remark::DottedHost);
    }
    if !https && !is_loopback && !matches!(found.named, Named::Url(Form::Website)) {
        out.push(Remark::PlainHttp);
    }
    out
}
