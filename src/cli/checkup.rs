//! `brimful checkup`: what a sign-in can and cannot do, and the least policy for what it shall do.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};

use super::connection::Options;
use super::end::{self, Stopped, Usage, Whole};
use super::plain::plain;
use crate::domain::checkup::{
    BucketCheckup, Feature, Finding, MANAGED_POLICY_CHARACTERS, Outcome, Scope, identity_policy, json, text,
};
use crate::domain::format::count;
use crate::domain::location::exact;
use crate::domain::region;
use crate::s3::checkup::{account, bucket, key_of};
use crate::s3::identity::get_caller_identity;
use crate::s3::settings::Readable;
use crate::s3::store::Store;
use crate::store::history::MaskedKeyId;

/// So many buckets are looked at at once; each is asked some thirty questions.
const AT_ONCE: usize = 3;

/// Arguments of `brimful checkup`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Buckets, or prefixes in them, such as s3://acme-images/photos/ [default: all that the sign-in may list]
    #[arg(value_name = "S3_URI")]
    places: Vec<String>,
    /// One JSON object
    #[arg(long, conflicts_with = "policy")]
    json: bool,
    /// Print only the least IAM policy for these features, divided by commas: list, view, upload, organise, delete,
    /// versions, share, public, lists, settings, create, remove, check. Names of buckets may hold * then
    #[arg(long, value_name = "FEATURE", value_delimiter = ',', value_parser = feature)]
    policy: Vec<Feature>,
    #[command(flatten)]
    connection: Options,
}

fn feature(text: &str) -> Result<Feature, String> {
    let known = || Feature::ALL.map(Feature::as_str).join(", ");
    Feature::parse(text).ok_or_else(|| format!("it is one of {}", known()))
}

/// Looks. Ends with 0 when nothing was refused that was tried, 1 when something was, 2 when it could not be asked.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(async {
        let done = if args.policy.is_empty() { looked(args).await } else { policy(args).await };
        match done {
            Err(stopped @ Stopped::Store(_)) => {
                end::say(&stopped);
                Ok(Whole::Unknown)
            }
            other => other,
        }
    })
}

async fn looked(args: &Args) -> Result<Whole, Stopped> {
    let endpoint = args.connection.endpoint();
    let places = args.places.iter().map(|place| exact(place, endpoint));
    let mut scopes: Vec<Scope> = places
        .map(|place| Ok(place.map(|place| Scope { prefix: place.path, ..Scope::bucket(&place.bucket) })?))
        .collect::<Result<_, Stopped>>()?;
    let store = args.connection.connect().await?;
    let of_account = account(&store).await?;
    if scopes.is_empty() {
        scopes = of_account.buckets.iter().flatten().map(|name| Scope::bucket(name)).collect();
    }
    let one = |scope: Scope| Box::pin(bucket(&store, scope, &of_account));
    let buckets: Vec<BucketCheckup> = stream::iter(scopes).map(one).buffered(AT_ONCE).collect().await;
    let key = of_account.access_key_id.as_deref().map(|id| MaskedKeyId::of(id).as_str().to_owned());
    let checkup = of_account.into_checkup(&store, key, buckets);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.json {
        true => writeln!(out, "{}", json(&checkup))?,
        false => write!(out, "{}", plain(&text(&checkup)))?,
    }
    out.flush()?;
    let of_buckets = checkup.buckets.iter().map(|bucket| &bucket.findings);
    if of_buckets.clone().any(Result::is_err) {
        return Ok(Whole::Unknown);
    }
    let refused = |finding: &&Finding| matches!(finding.outcome, Outcome::Cannot { .. });
    let mut all = checkup.account.iter().chain(of_buckets.flatten().flatten());
    Ok(if all.any(|finding| refused(&finding)) { Whole::No } else { Whole::Yes })
}

async fn policy(args: &Args) -> Result<Whole, Stopped> {
    let endpoint = args.connection.endpoint();
    let scope = |text: &String| match exact(text, endpoint) {
        Ok(place) => Ok(Scope { prefix: place.path, ..Scope::bucket(&place.bucket) }),
        // A pattern of buckets is no place, but a policy may name one.
        Err(_) => Scope::parse(text).map_err(Usage::from),
    };
    let mut scopes = args.places.iter().map(scope).collect::<Result<Vec<_>, Usage>>()?;
    let store = args.connection.connect().await?;
    let mut partition = region::partition_of(&store.info().region).unwrap_or_default();
    if !store.info().anonymous {
        let who = get_caller_identity(&store).await.and_then(Result::ok);
        for scope in scopes.iter_mut().filter(|scope| !scope.is_pattern()) {
            let place = with_key(&store, scope, who.as_ref().map(|who| who.account.as_str())).await;
            partition = region::partition_of(&place).unwrap_or(partition);
        }
    }
    let features: BTreeSet<Feature> = args.policy.iter().copied().collect();
    let Some(made) = identity_policy(&features, &scopes, partition) else { return Ok(Whole::Unknown) };
    writeln!(io::stdout(), "{}", made.text)?;
    if !made.fits() {
        let (has, may) = (count(made.characters as u64), count(MANAGED_POLICY_CHARACTERS as u64));
        let _ = writeln!(io::stderr(), "It has {has} characters, and a managed policy of IAM may have {may}");
    }
    Ok(Whole::Yes)
}

/// Notes the key that a bucket encrypts with; where it lies.
async fn with_key(store: &Store, scope: &mut Scope, account: Option<&str>) -> String {
    let (region, key) = key_of(store, &scope.bucket, account).await;
    match key {
        Readable::Is(key) => scope.key = key,
        Readable::NotSet | Readable::NotOffered => {}
        Readable::MayNotRead(_) => {
            let bucket = &scope.bucket;
            let said = "its encryption could not be read. If it uses a key of KMS, that needs a permission as well";
            let _ = writeln!(io::stderr(), "{}: {said}", plain(bucket));
        }
    }
    region
}
