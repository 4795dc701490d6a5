//! A connection: which store, how it is reached, and how one signs in. Never a secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Names a connection for as long as it exists; secrets in the keychain are filed under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub Uuid);

impl ConnectionId {
    /// The one connection to practice storage; it always exists and cannot be removed.
    pub const PRACTICE: Self = Self(Uuid::nil());

    /// A name nobody else has.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl std::fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Everything that is remembered about a connection. Secrets are elsewhere (keychain or memory).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its lasting identity.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// Where it leads.
    pub target: Target,
    /// Marked by the person as holding what the public sees; shown in red.
    #[serde(default)]
    pub production: bool,
    /// When it was last opened, for the order on the start screen.
    #[serde(default)]
    pub last_opened: Option<Timestamp>,
    /// How many buckets were seen when it was last opened.
    #[serde(default)]
    pub bucket_count: Option<u32>,
}

/// The three doors of the start screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Target {
    /// The server inside this process, on loopback.
    Practice,
    /// Amazon S3 itself.
    Amazon {
        /// The region requests start from; buckets of other regions still open.
        region: String,
        /// How to sign in.
        sign_in: SignIn,
    },
    /// Any other store that speaks S3.
    Store(StoreTarget),
}

/// A store other than Amazon's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoreTarget {
    /// Which preset it was made from, e.g. `minio`, `cloudflare-r2`, `custom`.
    pub preset: String,
    /// Scheme, host and port, e.g. `https://s3.eu-central-1.wasabisys.com`.
    pub endpoint: String,
    /// The signing region, e.g. `us-east-1` or `auto`.
    pub region: String,
    /// Where the bucket's name stands in the URL.
    pub addressing: Addressing,
    /// When the SDK sends and checks checksums.
    pub checksums: ChecksumMode,
    /// How to sign in.
    pub sign_in: SignIn,
    /// The host that the public uses instead of the endpoint, where the store has one
    /// (R2 custom domain, CDN), e.g. `https://img.example.com`.
    #[serde(default)]
    pub public_base_url: Option<String>,
}

/// How requests are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum SignIn {
    /// A named profile of the shared AWS config and credentials files.
    Profile {
        /// Its name in the files.
        name: String,
    },
    /// Environment variables, then the default profile, then instance roles.
    Environment,
    /// Keys typed in; the secret lies in the keychain, or in memory for this run.
    Keys {
        /// The public half.
        access_key_id: String,
        /// Whether a session token belongs to it.
        #[serde(default)]
        has_session_token: bool,
    },
    /// No sign-in: only what is public can be seen.
    Anonymous,
}

/// Where the bucket's name stands in a request's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Addressing {
    /// `https://bucket.host/key`.
    VirtualHosted,
    /// `https://host/bucket/key`.
    Path,
}

/// When checksums are sent and verified beyond what an operation demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChecksumMode {
    /// Wherever an operation can carry one (the default for Amazon S3).
    WhenSupported,
    /// Only where an operation cannot do without (the default for other stores).
    WhenRequired,
}

impl Target {
    /// The region to begin with.
    #[must_use]
    pub fn region(&self) -> &str {
        match self {
            Self::Practice => "us-east-1",
            Self::Amazon { region, .. } => region,
            Self::Store(store) => &store.region,
        }
    }

    /// How it is signed in to; practice storage signs with keys of its own.
    #[must_use]
    pub fn sign_in(&self) -> Option<&SignIn> {
        match self {
            Self::Practice => None,
            Self::Amazon { sign_in, .. } => Some(sign_in),
            Self::Store(store) => Some(&store.sign_in),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_survives_being_written_and_read() {
        let connection = Connection {
            id: ConnectionId::random(),
            name: "Media archive".into(),
            target: Target::Store(StoreTarget {
                preset: "cloudflare-r2".into(),
                endpoint: "https://abc.r2.cloudflarestorage.com".into(),
                region: "auto".into(),
                addressing: Addressing::Path,
                checksums: ChecksumMode::WhenRequired,
                sign_in: SignIn::Keys { access_key_id: "AK".into(), has_session_token: false },
                public_base_url: None,
            }),
            production: true,
            last_opened: None,
            bucket_count: Some(2),
        };
        let text = serde_json::to_string(&connection).unwrap();
        assert_eq!(serde_json::from_str::<Connection>(&text).unwrap(), connection);
    }
}
