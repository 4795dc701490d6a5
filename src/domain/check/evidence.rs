//! What was found out for a check: every answer with the call that brought it, and every answer that is missing with
//! what it would take.

use std::time::Duration;

use jiff::Timestamp;

use super::target::Context;
use crate::domain::arn::Partition;
use crate::domain::bucket_settings::{Acl, Payer};
use crate::domain::connection;
use crate::domain::cors::CorsRule;
use crate::domain::object::ObjectDetails;
use crate::domain::object_url::{self, UrlForm};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

/// A question that was put to the store, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As the API names it (`HeadObject`), or the method of a plain request and what it was about (`HEAD bucket`).
    pub operation: &'static str,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The store's code of a refusal.
    pub code: Option<String>,
    /// When it was asked.
    pub at: Timestamp,
    /// How long the answer took.
    pub took: Duration,
}

impl Asked {
    /// The call and its answer: `HeadObject · 200`.
    #[must_use]
    pub fn words(&self) -> String {
        match self.status {
            Some(status) => format!("{} · {status}", self.operation),
            None => format!("{} · no answer", self.operation),
        }
    }
}

/// A fact as far as it could be read. Not being able to read it is no answer of "no".
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Read<T> {
    /// It is this.
    Known {
        /// The fact; "not set" is one.
        value: T,
        /// Where it is from.
        asked: Asked,
    },
    /// It is there or not: it could not be read.
    Unreadable {
        /// The permission that would let it be read, such as `s3:GetBucketPolicy`.
        needs: Option<String>,
        /// One plain sentence.
        why: String,
        /// What was tried.
        asked: Asked,
    },
    /// The store has nothing of the kind.
    NotOffered(Option<Asked>),
    /// Nothing depends on it here, or nobody could be asked.
    #[default]
    NotAsked,
}

impl<T> Read<T> {
    /// The fact, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unreadable { .. } | Self::NotOffered(_) | Self::NotAsked => None,
        }
    }

    /// The call that was made for it.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Known { asked, .. } | Self::Unreadable { asked, .. } => Some(asked),
            Self::NotOffered(asked) => asked.as_ref(),
            Self::NotAsked => None,
        }
    }

    /// Whether it may be so or otherwise. What a store does not have is known not to be there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unreadable { .. } | Self::NotAsked)
    }

    /// The same about another fact.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        match self {
            Self::Known { value, asked } => Read::Known { value: change(value), asked },
            Self::Unreadable { needs, why, asked } => Read::Unreadable { needs, why, asked },
            Self::NotOffered(asked) => Read::NotOffered(asked),
            Self::NotAsked => Read::NotAsked,
        }
    }
}

/// The connection that a check is made through: how addresses are written, and what can be asked at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// Where the connection leads.
    pub target: connection::Target,
    /// Scheme, host and port of practice storage.
    pub practice_endpoint: Option<String>,
    /// The bucket's region where it is known.
    pub region: Option<String>,
    /// Whether requests are signed.
    pub signed_in: bool,
}

impl Ground {
    /// Every address of a file, the one to hand out first.
    #[must_use]
    pub fn forms(&self, bucket: &str, key: &str) -> Vec<UrlForm> {
        let place = object_url::Place {
            target: &self.target,
            practice_endpoint: self.practice_endpoint.as_deref(),
            bucket,
            region: self.region.as_deref(),
            website: false,
        };
        object_url::forms(&place, key)
    }

    /// The address to hand out.
    #[must_use]
    pub fn url(&self, bucket: &str, key: &str) -> String {
        self.forms(bucket, key).into_iter().next().map(|form| form.url).unwrap_or_default()
    }

    /// The partition of the bucket.
    #[must_use]
    pub fn partition(&self) -> Partition {
        Partition::from_region(self.region())
    }

    /// The bucket's region, or else that of the connection.
    #[must_use]
    pub fn region(&self) -> &str {
        self.region.as_deref().unwrap_or_else(|| self.target.region())
    }

    /// Whether the store is Amazon's own.
    #[must_use]
    pub const fn is_amazon(&self) -> bool {
        matches!(self.target, connection::Target::Amazon { .. })
    }

    /// Scheme, host and port of the store, where it is not Amazon's.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        match &self.target {
            connection::Target::Practice => self.practice_endpoint.as_deref(),
            connection::Target::Store(store) => Some(&store.endpoint),
            connection::Target::Amazon { .. } => None,
        }
    }

    /// Whether the store listens on this computer, so that requests come from it.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let host = self.endpoint().and_then(|endpoint| endpoint.split_once("://")).map(|(_, host)| host);
        host.is_some_and(|host| ["127.", "localhost", "[::1]"].iter().any(|local| host.starts_with(local)))
    }

    /// In front of what a text is read.
    #[must_use]
    pub fn context<'a>(&'a self, bucket: Option<&'a str>) -> Context<'a> {
        let public_base_url = match &self.target {
            connection::Target::Store(store) => store.public_base_url.as_deref(),
            connection::Target::Practice | connection::Target::Amazon { .. } => None,
        };
        Context { endpoint: self.endpoint(), public_base_url, bucket }
    }
}

/// Whether the bucket is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BucketFound {
    /// It is.
    There {
        /// Where, if the store says so.
        region: Option<String>,
    },
    /// There is none of that name.
    Missing,
}

/// What lies under the key, as somebody who is signed in sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum ObjectFound {
    /// A file.
    Present(Box<ObjectDetails>),
    /// Nothing.
    Missing,
    /// A delete marker is the newest version.
    Deleted {
        /// The marker's version.
        marker: Option<String>,
    },
    /// A file that opens only with a key that each request brings (SSE-C).
    CustomerKey,
}

/// A version that a delete marker hides, or one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFound {
    /// Its name.
    pub id: Option<String>,
    /// Whether it is a delete marker.
    pub is_marker: bool,
    /// Whether it is what one sees.
    pub is_latest: bool,
    /// Bytes; none for a marker.
    pub size_bytes: u64,
    /// When it was made.
    pub made: Option<Timestamp>,
}

/// How many files lie in the file's folder: what opening the folder would show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderCount {
    /// So many were counted.
    pub files: u64,
    /// There are more that were not counted.
    pub more: bool,
}

/// What came back from a request without sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The request.
    pub asked: Asked,
    /// The address that answered last; after redirects another than the first.
    pub url: String,
    /// Addresses that led on to another one, with their status.
    pub hops: Vec<(String, u16)>,
    /// The HTTP status.
    pub status: u16,
    /// The store's code of a refusal.
    pub code: Option<String>,
    /// The store's words.
    pub message: Option<String>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The first bytes.
    pub head: Vec<u8>,
    /// The last bytes, where the file is longer than what was read of its beginning.
    pub tail: Vec<u8>,
    /// Bytes of the whole file, where the answer tells.
    pub size_bytes: Option<u64>,
}

impl Answered {
    /// Whether the file was handed out.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The first header of that name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Why nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoAnswer {
    /// The host's name is not known.
    UnknownHost,
    /// The certificate does not fit the name, or is not trusted here.
    Tls,
    /// Nothing listens there.
    NothingListens,
    /// Too long.
    Timeout,
    /// The address cannot be asked.
    BadAddress,
    /// The connection broke, or there is no way there.
    Broken,
}

/// What a request without sign-in really got.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Observed {
    /// An answer, whatever it says.
    Answered(Box<Answered>),
    /// None.
    Unanswered {
        /// The request.
        asked: Asked,
        /// Why.
        why: NoAnswer,
        /// One plain sentence.
        sentence: String,
    },
    /// The address could not be asked.
    #[default]
    NotAsked,
}

impl Observed {
    /// The answer, if there was one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answered> {
        match self {
            Self::Answered(answer) => Some(answer),
            Self::Unanswered { .. } | Self::NotAsked => None,
        }
    }

    /// The request.
    #[must_use]
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Self::Answered(answer) => Some(&answer.asked),
            Self::Unanswered { asked, .. } => Some(asked),
            Self::NotAsked => None,
        }
    }
}

/// Everything that was found out. [`super::diagnose`] makes sense of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// When it was gathered.
    pub at: Timestamp,
    /// The connection.
    pub ground: Ground,
    /// `HEAD` of the bucket, which tells its region even to strangers.
    pub bucket: Read<BucketFound>,
    /// `HeadObject` with sign-in.
    pub object: Read<ObjectFound>,
    /// The first bytes, read with sign-in where a stranger gets none.
    pub head: Read<Vec<u8>>,
    /// Keys near the one that is missing.
    pub near: Read<Vec<String>>,
    /// The versions of the key.
    pub versions: Read<Vec<VersionFound>>,
    /// How many files the folder holds.
    pub folder: Read<FolderCount>,
    /// Block Public Access of the account.
    pub account_block: Read<BlockPublicAccess>,
    /// Block Public Access of the bucket.
    pub bucket_block: Read<Option<BlockPublicAccess>>,
    /// Object Ownership; `None` is the legacy `ObjectWriter`.
    pub ownership: Read<Option<ObjectOwnership>>,
    /// The policy's text.
    pub policy: Read<Option<String>>,
    /// Whether the store itself calls the policy public.
    pub policy_is_public: Read<Option<bool>>,
    /// The access control list of the bucket.
    pub bucket_acl: Read<Acl>,
    /// The access control list of the file.
    pub object_acl: Read<Acl>,
    /// Who pays.
    pub payer: Read<Payer>,
    /// The CORS rules.
    pub cors: Read<Vec<CorsRule>>,
    /// The request of a stranger.
    pub observed: Observed,
    /// What a browser asks first on behalf of a page of another site, where an origin was given.
    pub preflight: Observed,
}

impl Evidence {
    /// Nothing is known yet.
    #[must_use]
    pub fn none(at: Timestamp, ground: Ground) -> Self {
        Self {
            at,
            ground,
            bucket: Read::NotAsked,
            object: Read::NotAsked,
            head: Read::NotAsked,
            near: Read::NotAsked,
            versions: Read::NotAsked,
            folder: Read::NotAsked,
            account_block: Read::NotAsked,
            bucket_block: Read::NotAsked,
            ownership: Read::NotAsked,
            policy: Read::NotAsked,
            policy_is_public: Read::NotAsked,
            bucket_acl: Read::NotAsked,
            object_acl: Read::NotAsked,
            payer: Read::NotAsked,
            cors: Read::NotAsked,
            observed: Observed::NotAsked,
            preflight: Observed::NotAsked,
        }
    }

    /// What is known of the file.
    #[must_use]
    pub fn details(&self) -> Option<&ObjectDetails> {
        match self.object.known()? {
            ObjectFound::Present(details) => Some(details),
            ObjectFound::Missing | ObjectFound::Deleted { .. } | ObjectFound::CustomerKey => None,
        }
    }
}
