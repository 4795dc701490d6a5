//! `brimful verify`: many files held against what is expected of them.

mod progress;
mod say;
mod state;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use self::state::State;
use super::connection::Options;
use super::end::{self, Stopped, Whole};
use super::work;
use crate::domain::cors::origin_problem;
use crate::domain::format::counted;
use crate::domain::location;
use crate::domain::verify::{self as rules, Expectations, Glob, Rule, Totals};
use crate::verify::report::{self, About};
use crate::verify::source::{Names, Source, SourceError, Way};
use crate::verify::{Plan, Progress, Thumbs, VerifyError, compare, remember, run_all};

/// Arguments of `brimful verify`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to check: s3://bucket/prefix/, a table (.csv), a list (.txt, or - for the standard input), a sitemap (.xml or
    /// .xml.gz, also at its address), or one address
    #[arg(value_name = "WHAT")]
    what: String,
    /// What is expected, in TOML
    #[arg(long, value_name = "FILE")]
    expect: PathBuf,
    /// Write report.html, report.csv, report.json and junit.xml into this folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Expect of every file that pages of this origin (scheme and host) may read it
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    origin: Vec<String>,
    /// Ask this address (scheme and host) in front of the bucket instead
    #[arg(long, value_name = "URL", value_parser = front, conflicts_with = "signed")]
    host: Option<String>,
    /// Ask with the sign-in; strangers are asked only where the expectations say who may see a file
    #[arg(long, conflicts_with = "no_sign_request")]
    signed: bool,
    /// Where the keys of a table or list lie, such as s3://bucket/photos/
    #[arg(long, value_name = "S3_URI")]
    keys_in: Option<String>,
    /// Check the pages of a sitemap instead of its images
    #[arg(long)]
    pages: bool,
    /// Tell what has changed since an earlier report (report.json); what it knew already is no failure
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Go on with a run that was interrupted, from what it left in the folder of the report
    #[arg(long, requires = "report")]
    resume: bool,
    /// So many requests at once [default: found by trying, 64 at most]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: Option<u16>,
    /// No more than so many requests a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit_rate: Option<u32>,
    /// One JSON object a line, for every file
    #[arg(long)]
    json: bool,
    /// Say only what is not as expected
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    connection: Options,
}

fn origin(text: &str) -> Result<String, String> {
    origin_problem(text).map_or_else(|| Ok(text.to_owned()), Err)
}

fn front(text: &str) -> Result<String, String> {
    rules::front(text).map(str::to_owned).ok_or_else(|| rules::NO_FRONT.to_owned())
}

/// Why nothing could be told.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{} could not be read: {source}", path.display())]
    Unread { path: PathBuf, source: std::io::Error },
    #[error("{}: the expectations cannot be used\n{problems}", path.display())]
    Expectations { path: PathBuf, problems: rules::Problems },
    #[error("{0}. Add {1}")]
    Lacks(SourceError, &'static str),
    #[error("There is nothing to check in {0}")]
    Nothing(String),
    #[error("What was interrupted in {} was about something else. Leave --resume out to begin anew", folder.display())]
    AnotherRun { folder: PathBuf },
    #[error(transparent)]
    Stopped(#[from] Stopped),
    #[error(transparent)]
    Verify(VerifyError),
}

impl From<VerifyError> for Trouble {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Source(SourceError::Store(error)) => Stopped::from(error).into(),
            VerifyError::Source(error @ SourceError::NoPlace { .. }) => Self::Lacks(error, "--keys-in s3://bucket/"),
            VerifyError::Source(error @ SourceError::NoImages(_)) => Self::Lacks(error, "--pages to check its pages"),
            other => Self::Verify(other),
        }
    }
}

impl From<crate::store::verification::ResultsError> for Trouble {
    fn from(error: crate::store::verification::ResultsError) -> Self {
        VerifyError::from(error).into()
    }
}

impl From<tokio::task::JoinError> for Trouble {
    fn from(error: tokio::task::JoinError) -> Self {
        Stopped::from(error).into()
    }
}

impl Trouble {
    fn say(&self) {
        match self {
            Self::Stopped(stopped) => end::say(stopped),
            other => say::note(&other.to_string()),
        }
    }
}

/// Checks. Ends with 0 when all is as expected, 1 when something is not, 2 when something could not be told or it cannot be
/// done as it is written, 130 when it was interrupted.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(async {
        Ok(verified(args).await.unwrap_or_else(|trouble| {
            trouble.say();
            Whole::Unknown
        }))
    })
}

async fn verified(args: &Args) -> Result<Whole, Trouble> {
    let interrupt = work::interruptible();
    let begun = Instant::now();
    let (text, expectations) = expectations(args)?;
    let source = Source::of(&args.what, args.connection.endpoint()).map_err(Stopped::from)?;
    let keys_in = args.keys_in.as_deref().map(|text| location::exact(text, args.connection.endpoint()));
    let keys_in = keys_in.transpose().map_err(Stopped::from)?;
    let state = open_state(args, &text)?;
    let connection = args.connection.clone();
    let way = Way::Later {
        endpoint: connection.endpoint().map(str::to_owned),
        connect: Box::pin(async move { connection.connect().await }),
    };
    let names = Names { host: args.host.clone(), keys_in, pages: args.pages, way };
    let signed = if args.signed { Some(args.connection.connect().await.map_err(Stopped::from)?) } else { None };
    let plan = Plan {
        expectations: Arc::new(expectations),
        signed,
        concurrency: args.concurrency.map(usize::from),
        requests_per_sec: args.limit_rate,
        thumbs: if args.report.is_some() { Thumbs::ForReport } else { Thumbs::No },
        resumes: state.resumes,
    };
    let is_whole = asked(args, plan.clone(), source, names, &state, &interrupt).await?;
    if !is_whole {
        let done = counted(state.results.count()?, "file has", "files have");
        let how = if args.report.is_some() { ". The same with --resume goes on" } else { "" };
        say::note(&format!("Interrupted: {done} a result{how}"));
        return Ok(Whole::Interrupted);
    }
    let totals = told(args, &plan.expectations, &state, begun).await?;
    state.finish();
    if totals.files == 0 {
        return Err(Trouble::Nothing(args.what.clone()));
    }
    Ok(match totals {
        Totals { errors: 1.., .. } => Whole::No,
        Totals { unknown: 1.., .. } => Whole::Unknown,
        // Nothing is known of files that no rule is about.
        totals if totals.files == totals.without_rule => {
            say::note("No rule is about any of these files");
            Whole::Unknown
        }
        _ => Whole::Yes,
    })
}

/// The text of the expectations, and what it says.
fn expectations(args: &Args) -> Result<(String, Expectations), Trouble> {
    let path = args.expect.clone();
    let text = std::fs::read_to_string(&path).map_err(|source| Trouble::Unread { path: path.clone(), source })?;
    let mut expectations = rules::parse(&text).map_err(|problems| Trouble::Expectations { path, problems })?;
    if !args.origin.is_empty() {
        let matches = Glob::parse("**").into_iter().collect();
        let rule = Rule { name: "--origin".to_owned(), matches, cors: args.origin.clone(), ..Rule::default() };
        expectations.rules.push(rule);
    }
    Ok((text, expectations))
}

fn open_state(args: &Args, expectations: &str) -> Result<State, Trouble> {
    let Args { what, origin, host, signed, keys_in, pages, connection, .. } = args;
    let purpose = serde_json::json!([what, expectations, origin, host, signed, keys_in, pages, connection.endpoint()]);
    let state = State::open(args.report.as_deref(), &purpose.to_string(), args.resume)?;
    if state.resumes && !args.quiet {
        let done = counted(state.results.count()?, "file has", "files have");
        say::note(&format!("Going on: {done} a result already"));
    } else if args.resume && !args.quiet {
        say::note("Nothing was interrupted there, so it begins at the beginning");
    }
    Ok(state)
}

/// Asks for everything. Whether it got to the end.
async fn asked(
    args: &Args,
    plan: Plan,
    source: Source,
    names: Names,
    state: &State,
    interrupt: &CancellationToken,
) -> Result<bool, Trouble> {
    let counters = Arc::new(Progress::default());
    let shown = progress::show(Arc::clone(&counters), !args.quiet);
    let is_whole = run_all(plan, source, names, Arc::clone(&state.results), counters, interrupt.clone()).await;
    shown.end().await;
    Ok(is_whole?)
}

/// Compares, reports and says what was found.
async fn told(args: &Args, expectations: &Arc<Expectations>, state: &State, begun: Instant) -> Result<Totals, Trouble> {
    let (results, expectations) = (Arc::clone(&state.results), Arc::clone(expectations));
    let args = args.clone();
    let work = move || -> Result<Totals, Trouble> {
        if let Some(baseline) = &args.baseline {
            remember(&results, baseline)?;
        }
        compare(&results, &expectations, args.baseline.is_some())?;
        let about = About {
            source: args.what.clone(),
            expectations: name_of(&args.expect),
            made: jiff::Timestamp::now(),
            took: begun.elapsed(),
            has_earlier: args.baseline.is_some(),
        };
        let totals = match &args.report {
            Some(folder) => report::write(folder, &results, &about)?,
            None => results.totals("")?,
        };
        say::all(&results, &args)?;
        if !args.quiet && totals.files > 0 {
            say::note(&totals.sentence());
            if let Some(folder) = &args.report {
                say::note(&format!("Reports are in {}", folder.display()));
            }
        }
        Ok(totals)
    };
    tokio::task::spawn_blocking(work).await?
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
