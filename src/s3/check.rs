//! Trying a connection out, told step by step in plain words.

use jiff::{SignedDuration, Timestamp};

use super::{
    bucket::list_buckets,
    error::{Kind, S3Error},
    probe,
    store::{Family, Store},
};

/// More than this is worth a word; at fifteen minutes stores refuse.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// How trying a connection went.
#[derive(Debug, Clone)]
pub struct ConnectionReport {
    /// What was tried, in order. What could not be tried because of an earlier failure is left out.
    pub steps: Vec<Step>,
    /// How many buckets were listed, if they may be.
    pub bucket_count: Option<usize>,
}

impl ConnectionReport {
    /// Whether nothing failed; warnings do not count.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.steps.iter().all(|step| !matches!(step.outcome, Outcome::Failed(_)))
    }
}

/// One thing that was tried.
#[derive(Debug, Clone)]
pub struct Step {
    /// What.
    pub what: What,
    /// How it went.
    pub outcome: Outcome,
    /// The same in words.
    pub sentence: String,
}

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Whether something answers at the address, and speaks S3.
    Reach,
    /// Whether the store accepts the sign-in.
    SignIn,
    /// Who is signed in (Amazon only).
    Identity,
    /// Whether this computer's clock is right.
    Clock,
    /// Whether the list of buckets may be seen.
    ListBuckets,
}

/// How it went.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Well.
    Ok,
    /// Well enough to go on.
    Warn,
    /// Not; nothing will work.
    Failed(S3Error),
}

/// Tries the connection out: reaching, signing in, identity, clock, listing. Never fails itself.
pub async fn test_connection(store: &Store) -> ConnectionReport {
    let mut report = ConnectionReport { steps: Vec::new(), bucket_count: None };
    let address = store.address().to_owned();
    let listed = list_buckets(store).await;
    let failure = listed.as_ref().err();
    match failure.map(stage) {
        Some(What::Reach) => {
            if let Err(error) = listed {
                report.add(What::Reach, Outcome::Failed(error.clone()), error.sentence());
            }
            return report;
        }
        _ if sends_in_the_clear(store) => report.add(
            What::Reach,
            Outcome::Warn,
            format!("{address} answers, but over http: what is sent can be read on the way"),
        ),
        _ => report.add(What::Reach, Outcome::Ok, format!("{address} answers")),
    }
    if let Some((outcome, sentence)) = clock(store).await {
        report.add(What::Clock, outcome, sentence);
    }
    if store.info().anonymous {
        report.add(What::SignIn, Outcome::Ok, "No sign-in: only what is public can be seen".to_owned());
    } else if let Some(error) = failure.filter(|error| stage(error) == What::SignIn) {
        report.add(What::SignIn, Outcome::Failed(error.clone()), error.sentence());
        return report;
    } else {
        report.add(What::SignIn, Outcome::Ok, "The sign-in is accepted".to_owned());
    }
    if let Some(identity) = super::identity::get_caller_identity(store).await {
        match identity {
            Ok(who) => report.add(
                What::Identity,
                Outcome::Ok,
                format!("Signed in as {} of account {}", who.name(), who.account),
            ),
            Err(error) => report.add(What::Identity, Outcome::Warn, error.sentence()),
        }
    }
    match listed {
        Ok(buckets) => {
            report.bucket_count = Some(buckets.len());
            let sentence = match buckets.len() {
                0 => "There are no buckets yet".to_owned(),
                1 => "1 bucket".to_owned(),
                many => format!("{many} buckets"),
            };
            report.add(What::ListBuckets, Outcome::Ok, sentence);
        }
        Err(_) if store.info().anonymous => {
            report.add(What::ListBuckets, Outcome::Warn, "Open a bucket by its name".to_owned());
        }
        Err(error) => {
            let sentence = match error.kind {
                Kind::Refused(_) => "The list of buckets may not be seen. Open a bucket by its name.".to_owned(),
                _ => error.sentence(),
            };
            report.add(What::ListBuckets, Outcome::Warn, sentence);
        }
    }
    report
}

impl ConnectionReport {
    fn add(&mut self, what: What, outcome: Outcome, sentence: String) {
        self.steps.push(Step { what, outcome, sentence });
    }
}

/// How far a request came that ended so.
fn stage(error: &S3Error) -> What {
    match &error.kind {
        Kind::BadAddress(_) | Kind::Unreachable(_) | Kind::Tls | Kind::Timeout | Kind::NotS3 | Kind::Cancelled => {
            What::Reach
        }
        Kind::NoCredentials
        | Kind::BadKey
        | Kind::BadSecret
        | Kind::Expired
        | Kind::ClockSkew { .. }
        | Kind::WrongRegion { .. }
        | Kind::LocalFile { .. } => What::SignIn,
        Kind::Refused(_)
        | Kind::NotThere(_)
        | Kind::NotConfigured
        | Kind::NotOffered
        | Kind::NameTaken
        | Kind::AlreadyYours
        | Kind::NotEmpty
        | Kind::Conflict
        | Kind::PreconditionFailed
        | Kind::Archived
        | Kind::Busy
        | Kind::BadDocument
        | Kind::TooLarge
        | Kind::Damaged
        | Kind::BadRequest
        | Kind::Other => What::ListBuckets,
    }
}

fn sends_in_the_clear(store: &Store) -> bool {
    let Some(rest) = store.info().endpoint.as_deref().and_then(|endpoint| endpoint.strip_prefix("http://")) else {
        return false;
    };
    let is_here = ["127.", "localhost", "[::1]"].iter().any(|host| rest.starts_with(host));
    !is_here
}

/// Compares clocks by the `Date` of an answer. The SDK corrects small errors by itself, so this only warns.
async fn clock(store: &Store) -> Option<(Outcome, String)> {
    let url = match (&store.info().endpoint, store.info().family) {
        (Some(endpoint), _) => endpoint.clone(),
        (None, Family::Amazon) => format!("https://s3.{}.amazonaws.com", store.info().region),
        (None, _) => return None,
    };
    let answer = probe::probe(&probe::Question::head(&url)).await.ok()?;
    let theirs = jiff::fmt::rfc2822::parse(answer.header("date")?).ok()?.timestamp();
    let off = Timestamp::now().duration_since(theirs);
    if off.abs() < CLOCK_TOLERANCE {
        return None;
    }
    let direction = if off.is_positive() { "ahead" } else { "behind" };
    Some((
        Outcome::Warn,
        format!(
            "The clock of this computer is {} minutes {direction}. Set it right: stores refuse more than 15.",
            off.abs().as_mins()
        ),
    ))
}
