//! One line of an access log.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What keys keep as it is.
const KEY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b'!').remove(b'*');

/// What is known of a request and its answer.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) owner: String,
    pub(super) bucket: String,
    pub(super) time: Timestamp,
    pub(super) peer: IpAddr,
    pub(super) requester: Option<String>,
    pub(super) request_id: String,
    pub(super) operation: String,
    pub(super) key: Option<String>,
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) error: Option<String>,
    pub(super) sent: u64,
    pub(super) size: Option<u64>,
    pub(super) total: Duration,
    pub(super) turnaround: Duration,
    pub(super) referer: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) version: Option<String>,
    pub(super) host_id: String,
    pub(super) signature: Option<&'static str>,
    pub(super) by_query: bool,
    pub(super) host: Option<String>,
    /// What the request said of the length of its body.
    pub(super) received: Option<String>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            owner: String::new(),
            bucket: String::new(),
            time: Timestamp::UNIX_EPOCH,
            peer: Ipv4Addr::LOCALHOST.into(),
            requester: None,
            request_id: String::new(),
            operation: String::new(),
            key: None,
            request: String::new(),
            status: 0,
            error: None,
            sent: 0,
            size: None,
            total: Duration::ZERO,
            turnaround: Duration::ZERO,
            referer: None,
            agent: None,
            version: None,
            host_id: String::new(),
            signature: None,
            by_query: false,
            host: None,
            received: None,
        }
    }
}

/// A key in the log is encoded twice, so that what it is split at never stands in it.
fn encoded(key: &str) -> String {
    let once = utf8_percent_encode(key, KEY).to_string();
    utf8_percent_encode(&once, KEY).to_string()
}

/// One line per line: what would break it is taken out of what a client sent.
fn on_one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

impl fmt::Display for Line {
    /// The 27 fields in their order, a space between two; nothing known is `-`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_dash = |text: Option<&str>| text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
        let quoted = |text: Option<&str>| format!("\"{}\"", on_one_line(&or_dash(text)));
        let number =
            |number: Option<u64>| number.filter(|number| *number > 0).map_or("-".to_owned(), |it| it.to_string());
        let kind = match (self.signature, self.by_query) {
            (None, _) => "-",
            (Some(_), false) => "AuthHeader",
            (Some(_), true) => "QueryString",
        };
        let fields = [
            or_dash(Some(&self.owner)),
            or_dash(Some(&self.bucket)),
            self.time.strftime("[%d/%b/%Y:%H:%M:%S +0000]").to_string(),
            self.peer.to_canonical().to_string(),
            or_dash(self.requester.as_deref()),
            or_dash(Some(&self.request_id)),
            or_dash(Some(&self.operation)),
            self.key.as_deref().map_or("-".to_owned(), encoded),
            quoted(Some(&self.request)),
            self.status.to_string(),
            or_dash(self.error.as_deref()),
            number(Some(self.sent)),
            number(self.size),
            self.total.as_millis().to_string(),
            self.turnaround.as_millis().to_string(),
            quoted(self.referer.as_deref()),
            quoted(self.agent.as_deref()),
            or_dash(self.version.as_deref()),
            or_dash(Some(&self.host_id)),
            or_dash(self.signature),
            // The cipher suite of a connection that has none.
            "-".to_owned(),
            kind.to_owned(),
            on_one_line(&or_dash(self.host.as_deref())),
            // TLS version, access point, whether an ACL was needed, region of the source.
            "-".to_owned(),
            "-".to_owned(),
            "-".to_owned(),
            "-".to_owned(),
        ];
        f.write_str(&fields.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn all_fields_in_their_order() {
        let line = Line {
            owner: "79a5".into(),
            bucket: "images".into(),
            time: "2019-02-06T00:00:38Z".parse().unwrap(),
            requester: Some("arn:aws:iam::123456789012:user/ann".into()),
            request_id: "3E57427F3EXAMPLE".into(),
            operation: "REST.GET.OBJECT".into(),
            key: Some("a b.png".into()),
            request: "GET /images/a%20b.png HTTP/1.1".into(),
            status: 200,
            sent: 113,
            size: Some(500),
            total: Duration::from_millis(7),
            turnaround: Duration::from_millis(5),
            agent: Some("say \"hi\"\n".into()),
            host_id: "s9lz=".into(),
            signature: Some("SigV4"),
            host: Some("127.0.0.1:80".into()),
            ..Line::default()
        };
        let expected = "79a5 images [06/Feb/2019:00:00:38 +0000] 127.0.0.1 arn:aws:iam::123456789012:user/ann \
            3E57427F3EXAMPLE REST.GET.OBJECT a%2520b.png \"GET /images/a%20b.png HTTP/1.1\" 200 - 113 500 7 5 \"-\" \
            \"say \"hi\"?\" - s9lz= SigV4 - AuthHeader 127.0.0.1:80 - - - -";
        assert_eq!(line.to_string(), expected);
    }

    #[test_case("a/b-c.png", "a/b-c.png"; "plain letters")]
    #[test_case("a b", "a%2520b"; "a space")]
    #[test_case("é", "%25C3%25A9"; "beyond ascii")]
    #[test_case("a\nb", "a%250Ab"; "a line break")]
    fn keys(key: &str, expected: &str) {
        assert_eq!(encoded(key), expected);
    }
}
