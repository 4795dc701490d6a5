//! From what a person typed or pasted to a connection and a place in it.

use crate::app::core::Core;
use crate::domain::connection::{Connection, ConnectionId, SignIn, Target};
use crate::domain::location::{self, Location, LocationProblem};
use crate::domain::object_url::{self, Form};
use crate::model::browse::Place;
use crate::model::connect::NoWay;

/// The region that anonymous requests to Amazon begin in; the bucket's own is found out.
const FIRST_REGION: &str = "us-east-1";

/// Where a text leads.
#[derive(Debug, Clone, PartialEq)]
enum Way {
    /// Into a connection that there is.
    Through(ConnectionId, Location),
    /// To Amazon, over which there is no connection yet: without a sign-in, beginning in that region.
    Anonymous(String, Location),
}

pub(super) fn open(core: &mut Core, text: String) {
    let open_now = core.model.session.as_ref().map(|session| session.connection.id);
    let practice = practice_endpoint(core);
    match way(&text, &core.model.connect.connections, open_now, practice.as_deref()) {
        Err(problem) => core.model.connect.no_way = Some(NoWay { text, sentence: problem.to_string() }),
        Ok(way) => {
            core.model.connect.no_way = None;
            let (id, location) = match way {
                Way::Through(id, location) => (id, location),
                Way::Anonymous(region, location) => match anonymous(core, region) {
                    Some(id) => (id, location),
                    None => return,
                },
            };
            let place = Place { prefix: location.folder().to_owned(), bucket: location.bucket };
            let reached = core.model.session.as_ref().is_some_and(|session| session.reached);
            if open_now == Some(id) && reached {
                super::super::browse::go(core, &place);
            } else {
                super::super::browse::open(core, id, Some(place));
            }
        }
    }
}

/// Where practice storage listens, or would: its port stays the same.
fn practice_endpoint(core: &Core) -> Option<String> {
    match &core.practice {
        Some(server) => Some(server.endpoint()),
        None => core.model.settings.practice_port.map(|port| format!("http://127.0.0.1:{port}")),
    }
}

/// A connection to Amazon without a sign-in, kept in the list like any other.
fn anonymous(core: &mut Core, region: String) -> Option<ConnectionId> {
    let connection = Connection {
        id: ConnectionId::random(),
        name: "Public buckets on Amazon S3".to_owned(),
        target: Target::Amazon { region, sign_in: SignIn::Anonymous },
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let id = connection.id;
    if let Err(error) = core.connections.put(connection) {
        tracing::warn!(%error, "a connection is kept for this run only");
    }
    super::refresh(core);
    core.connections.get(id).map(|connection| connection.id)
}

/// Finds the way. `connections` come most recently opened first.
fn way(
    text: &str,
    connections: &[Connection],
    open_now: Option<ConnectionId>,
    practice: Option<&str>,
) -> Result<Way, LocationProblem> {
    let endpoint_of = |connection: &Connection| match &connection.target {
        Target::Practice => practice.map(str::to_owned),
        Target::Amazon { .. } => None,
        Target::Store(store) => Some(store.endpoint.clone()),
    };
    // The open one is asked first, then the most recent ones: several may lead to the same host.
    let current = connections.iter().filter(|connection| Some(connection.id) == open_now);
    let others = connections.iter().filter(|connection| Some(connection.id) != open_now);
    let in_order: Vec<&Connection> = current.chain(others).collect();
    let is_host =
        |text: &str| text.contains("://") || text.split('/').next().is_some_and(|host| host.contains([':', '.']));
    let url = text.trim().trim_matches(['"', '<', '>']);
    let whole = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
    if is_host(url) && !url.starts_with("arn:") {
        for connection in &in_order {
            let Some(endpoint) = endpoint_of(connection) else { continue };
            let parsed = object_url::parse(&whole, Some(&endpoint));
            let on_it =
                parsed.is_ok_and(|parsed| parsed.form != Form::S3Uri) && object_url::parse(&whole, None).is_err();
            if on_it {
                let location = location::parse(url, Some(&endpoint))?;
                return Ok(Way::Through(connection.id, location));
            }
        }
    }
    let location = location::parse(text, None)?;
    let parsed = object_url::parse(&whole, None).ok().filter(|_| is_host(url));
    let on_amazon = parsed.is_some_and(|parsed| parsed.form != Form::S3Uri);
    let is_amazon = |connection: &&&Connection| matches!(connection.target, Target::Amazon { .. });
    let used = |connection: &&&Connection| connection.last_opened.is_some() || Some(connection.id) == open_now;
    let fitting = if on_amazon {
        // Among several, one that begins in the bucket's region is the likelier owner of it.
        let near = |connection: &&&Connection| Some(connection.target.region()) == location.region.as_deref();
        let current = in_order.first().filter(|connection| Some(connection.id) == open_now).filter(is_amazon);
        current
            .or_else(|| in_order.iter().filter(is_amazon).filter(used).find(near))
            .or_else(|| in_order.iter().filter(is_amazon).find(used))
            .or_else(|| in_order.iter().find(is_amazon))
    } else {
        in_order.iter().find(used)
    };
    Ok(match fitting {
        Some(connection) => Way::Through(connection.id, location),
        None => Way::Anonymous(location.region.clone().unwrap_or_else(|| FIRST_REGION.to_owned()), location),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::{Addressing, ChecksumMode, StoreTarget};
    use test_case::test_case;

    const STORE: u128 = 1;
    const NEAR: u128 = 2;
    const FAR: u128 = 3;
    const PRACTICE: u128 = 0;

    fn connection(id: u128, target: Target, opened: bool) -> Connection {
        Connection {
            id: ConnectionId(uuid::Uuid::from_u128(id)),
            name: id.to_string(),
            target,
            production: false,
            last_opened: opened.then_some(jiff::Timestamp::UNIX_EPOCH),
            bucket_count: None,
        }
    }

    fn connections() -> Vec<Connection> {
        let store = StoreTarget {
            preset: "minio".into(),
            endpoint: "http://minio.example:9000".into(),
            region: "us-east-1".into(),
            addressing: Addressing::Path,
            checksums: ChecksumMode::WhenRequired,
            sign_in: SignIn::Anonymous,
            public_base_url: None,
        };
        let amazon = |region: &str| Target::Amazon { region: region.into(), sign_in: SignIn::Environment };
        vec![
            connection(STORE, Target::Store(store), true),
            connection(FAR, amazon("us-west-2"), true),
            connection(NEAR, amazon("eu-west-1"), true),
            connection(PRACTICE, Target::Practice, false),
        ]
    }

    #[test_case("s3://acme/photos/", None, STORE; "an s3 address goes through the last one")]
    #[test_case("s3://acme/photos/", Some(FAR), FAR; "an s3 address goes through the open one")]
    #[test_case("acme", Some(PRACTICE), PRACTICE; "a name goes through the open one")]
    #[test_case("arn:aws:s3:::acme", None, STORE; "an arn goes through the last one")]
    #[test_case("http://minio.example:9000/acme/photos/", Some(FAR), STORE; "a url leads to its store")]
    #[test_case("minio.example:9000/acme/photos/", None, STORE; "without scheme too")]
    #[test_case("http://127.0.0.1:4711/acme/photos/", None, PRACTICE; "a url of practice storage")]
    #[test_case("https://acme.s3.eu-west-1.amazonaws.com/photos/", None, NEAR; "the region decides")]
    #[test_case("https://acme.s3.eu-west-1.amazonaws.com/photos/", Some(FAR), FAR; "but the open one comes first")]
    #[test_case("https://acme.s3.ap-south-1.amazonaws.com/photos/", Some(STORE), FAR; "the last one of amazon")]
    fn leads_through(text: &str, open_now: Option<u128>, through: u128) {
        let open_now = open_now.map(|id| ConnectionId(uuid::Uuid::from_u128(id)));
        let way = way(text, &connections(), open_now, Some("http://127.0.0.1:4711")).unwrap();
        let Way::Through(id, location) = way else { panic!("{way:?}") };
        assert_eq!((id.0.as_u128(), location.bucket.as_str()), (through, "acme"));
    }

    #[test_case("s3://acme/a", "us-east-1"; "an address without a region")]
    #[test_case("https://acme.s3.eu-west-3.amazonaws.com/a", "eu-west-3"; "a url with its region")]
    fn without_connections_it_is_amazon_without_sign_in(text: &str, region: &str) {
        let only_practice = [connection(PRACTICE, Target::Practice, false)];
        let way = way(text, &only_practice, None, None).unwrap();
        assert!(matches!(&way, Way::Anonymous(found, _) if found == region), "{way:?}");
    }

    #[test]
    fn a_stranger_leads_nowhere() {
        let problem = way("https://example.com/x", &connections(), None, None).unwrap_err();
        assert_eq!(problem.to_string(), "example.com is no address of S3 or of this store");
    }
}
