//! `brimful check`: whether anyone can see a file, what stands in the way, and what would mend it.

use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};

use super::connection::Options;
use super::end::{self, Stopped, Usage, Whole};
use super::plain::{one_line, plain};
use crate::domain::check::{Diagnosis, Target, Verdict, diagnose};
use crate::domain::cors::origin_of;
use crate::s3::evidence::{gather, ground};
use crate::s3::store::Store;

/// So many targets are checked at once; each asks a dozen questions.
const AT_ONCE: usize = 4;

/// Arguments of `brimful check`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to check: an s3:// address, a URL in any form, an ARN, or the line of a browser's console
    #[arg(value_name = "TARGET", required = true)]
    targets: Vec<String>,
    /// The site whose pages use the files, with its scheme: CORS is checked as well
    #[arg(long, value_name = "URL", value_parser = origin_of)]
    origin: Option<String>,
    /// What the files shall be
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Intent::Public)]
    intend: Intent,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Options,
}

/// What the files shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Intent {
    /// Anyone can see them
    Public,
    /// No stranger can fetch them
    Private,
}

impl Intent {
    /// Whether a file is as it shall be.
    const fn is_met(self, verdict: Verdict) -> Whole {
        match (self, verdict) {
            (_, Verdict::CannotTell) => Whole::Unknown,
            (Self::Public, Verdict::Visible) | (Self::Private, Verdict::NotVisible) => Whole::Yes,
            (Self::Public, Verdict::Hampered | Verdict::NotVisible)
            | (Self::Private, Verdict::Visible | Verdict::Hampered) => Whole::No,
        }
    }
}

/// Checks. Ends with 0 when all is as intended, 1 when something is not, 2 when it cannot be told or a target names no
/// file.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(checked(args))
}

async fn checked(args: &Args) -> Result<Whole, Stopped> {
    let store = args.connection.connect().await?;
    let here = ground(&store, &args.connection.target(), None).await;
    let context = here.context(None);
    let read = |text: &String| {
        let target = Target::parse(text, &context).map_err(|problem| Usage::NothingToCheck(text.clone(), problem))?;
        Ok(match &args.origin {
            Some(origin) => target.used_by(origin),
            None => target,
        })
    };
    let targets = args.targets.iter().map(read).collect::<Result<Vec<_>, Usage>>()?;
    let mut answers = stream::iter(&targets).map(|target| one(&store, args, target)).buffered(AT_ONCE);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut whole = Whole::Yes;
    let mut asked = args.targets.iter().zip(&targets).map(|(text, target)| target.without_signature(text));
    while let Some(diagnosis) = answers.next().await {
        let met = args.intend.is_met(diagnosis.verdict);
        let asked = asked.next().unwrap_or_default();
        if args.json {
            let mut answer = diagnosis.to_json(&asked);
            answer["as_intended"] = (met == Whole::Yes).into();
            writeln!(out, "{answer}")?;
        } else {
            writeln!(out, "{}", plain(&diagnosis.to_text(&one_line(&asked))))?;
        }
        // What is known to be wrong weighs more than what is not known.
        whole = match (whole, met) {
            (Whole::No, _) | (_, Whole::No) => Whole::No,
            (Whole::Yes, met) => met,
            (other, _) => other,
        };
    }
    out.flush()?;
    Ok(whole)
}

async fn one(store: &Store, args: &Args, target: &Target) -> Diagnosis {
    let bucket = target.spot.as_ref().map(|spot| spot.bucket.as_str());
    let here = ground(store, &args.connection.target(), bucket).await;
    let evidence = Box::pin(gather(store, target, here)).await;
    diagnose(target, &evidence)
}
