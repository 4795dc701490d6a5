//! What a connection can and cannot do, found out by requests that change nothing: reads, and listings of a few things.
//! Whatever would write is only predicted.

mod bucket;
mod probe;

pub use bucket::{bucket, key_of};

use jiff::Timestamp;

use self::probe::{Told, asked, set};
use super::bucket::list_buckets;
use super::error::{Kind, S3Error};
use super::identity::{self, Identity, get_caller_identity};
use super::settings::{Readable, get_account_public_access_block};
use super::store::Store;
use crate::domain::checkup::{BucketCheckup, Call, Checkup, Finding, Surroundings, Tried, conclude};
use crate::domain::public_access::BlockPublicAccess;

/// What was found out without a bucket.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who is signed in, where the store tells.
    pub who: Option<Identity>,
    /// The ID of the access key that signs. Never the secret; to be shortened before it is shown.
    pub access_key_id: Option<String>,
    /// The buckets of the account, where they may be listed.
    pub buckets: Option<Vec<String>>,
    /// What can be done.
    pub findings: Vec<Finding>,
    block: Option<BlockPublicAccess>,
}

impl Account {
    /// Everything together, with the name of the access key as it may be shown.
    #[must_use]
    pub fn into_checkup(self, store: &Store, key: Option<String>, buckets: Vec<BucketCheckup>) -> Checkup {
        Checkup {
            at: Timestamp::now(),
            store: store.address().to_owned(),
            who: self.who.map(|who| who.arn),
            key,
            account: self.findings,
            buckets,
        }
    }
}

/// Finds out what can be done without a bucket.
///
/// # Errors
/// What keeps every other question from being answered as well: nobody there, no sign-in that is taken.
pub async fn account(store: &Store) -> Result<Account, S3Error> {
    let listing = async {
        let listed = list_buckets(store).await;
        let fatal = listed.as_ref().err().filter(|error| is_fatal(error, store.info().anonymous)).cloned();
        (asked(Call::of("ListBuckets"), None, std::future::ready(listed)).await, fatal)
    };
    let block = async {
        let answer = get_account_public_access_block(store).await?;
        Some(set(Call::of("GetAccountPublicAccessBlock"), None, std::future::ready(answer)).await)
    };
    let ((listed, fatal), block, who, access_key_id) = tokio::join!(
        Box::pin(listing),
        Box::pin(block),
        Box::pin(get_caller_identity(store)),
        identity::access_key_id(store),
    );
    if let Some(error) = fatal {
        return Err(error);
    }
    let mut tried: Vec<Tried> = vec![listed.tried];
    let mut known = None;
    if let Some(Told { tried: one, value }) = block {
        tried.push(one);
        known = value;
    }
    let who = who.and_then(Result::ok);
    let around = Surroundings {
        who: who.as_ref().map(|who| who.arn.clone()),
        signed: !store.info().anonymous,
        has_accounts: store.beside().is_some(),
        ..Surroundings::default()
    };
    let buckets = listed.value.map(|all| all.into_iter().map(|bucket| bucket.name).collect());
    let findings = conclude(true, &tried, &around);
    Ok(Account { who, access_key_id, buckets, findings, block: known })
}

/// Whether nothing else would be answered either. Amazon sends strangers who ask for the list of buckets to a web page.
fn is_fatal(error: &S3Error, anonymous: bool) -> bool {
    match error.kind {
        Kind::BadAddress(_)
        | Kind::Unreachable(_)
        | Kind::Tls
        | Kind::Timeout
        | Kind::NoCredentials
        | Kind::BadKey
        | Kind::BadSecret
        | Kind::Expired
        | Kind::ClockSkew { .. } => true,
        Kind::NotS3 => !anonymous,
        _ => false,
    }
}
