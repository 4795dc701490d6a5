//! `brimful policy`: bucket policies checked, explained, tidied and asked, without a server.
//!
//! ```text
//! input (the text, and which bucket it is for) ─► the rules of domain::policy and domain::permission ─► output
//! eval: the request and the layers, as they are written on the command line
//! ```

mod eval;
mod input;
mod output;
mod request;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::ValueEnum;

use self::input::{Source, Unusable};
use super::plain::plain;
use crate::domain::policy::{self, LintContext, Severity};

/// Arguments of `brimful policy`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Command {
    /// Say what S3 would refuse, what lets in more than one may think, and what could be better
    ///
    /// Ends with 0 when there is nothing to say, or suggestions alone; with 1 when there is more (see --fail-on);
    /// with 2 when the file cannot be read.
    Lint(LintArgs),
    /// Read the policy out in plain words
    Explain(FileArgs),
    /// Print the policy tidily, changing nothing but the space between its parts
    Format(FileArgs),
    /// Say whether a request would be let in, by which layer and statement
    ///
    /// Without the options of other layers the bucket policy alone is judged, and nothing is assumed about the
    /// request that is not given. Ends with 0 when the request is allowed, with 1 when it is denied, and with 2 when
    /// that cannot be told.
    Eval(Box<eval::EvalArgs>),
    /// Say whether S3 would call the policy public
    ///
    /// Ends with 0 when it is not public, with 1 when it is, and with 2 when that cannot be told.
    Public(PublicArgs),
}

#[derive(Debug, Clone, clap::Args)]
struct FileArgs {
    /// The file with the policy; - is the standard input
    #[arg(value_name = "FILE")]
    file: Source,
    /// The bucket that the policy is for [default: the one that its resources name]
    #[arg(long, value_name = "BUCKET")]
    bucket: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, clap::Args)]
struct LintArgs {
    #[command(flatten)]
    on: FileArgs,
    /// The least weight of a finding that makes the command end with 1
    #[arg(long, value_name = "WEIGHT", value_enum, default_value_t = Weight::Warning)]
    fail_on: Weight,
}

#[derive(Debug, Clone, clap::Args)]
struct PublicArgs {
    /// The file with the policy; - is the standard input
    #[arg(value_name = "FILE")]
    file: Source,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// How much findings weigh, as the command line writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Weight {
    /// S3 would refuse the policy
    Error,
    /// It lets in or locks out more than one may think
    Security,
    /// It probably does not do what it says
    Warning,
    /// It works, and could be better
    Suggestion,
}

impl Weight {
    const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Security => Severity::Security,
            Self::Warning => Severity::Warning,
            Self::Suggestion => Severity::Suggestion,
        }
    }
}

/// What a command ends with when it could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Allowed, clean, done.
    Well,
    /// Denied, public, or findings.
    No,
}

/// An answer and what the command ends with.
struct Answer {
    text: String,
    outcome: Outcome,
}

/// Carries the command out. Answers go to the standard output, everything else to the standard error.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    let answer = match &args.command {
        Command::Lint(args) => lint(args),
        Command::Explain(args) => explain(args),
        Command::Format(args) => format(args),
        Command::Eval(args) => eval::run(args),
        Command::Public(args) => public(args),
    };
    match answer {
        Ok(Answer { text, outcome }) => {
            // A closed standard output changes nothing about the answer.
            let _ = io::stdout().write_all(text.as_bytes());
            match outcome {
                Outcome::Well => ExitCode::SUCCESS,
                Outcome::No => ExitCode::from(1),
            }
        }
        Err(unusable) => {
            let _ = writeln!(io::stderr(), "{}", plain(&unusable.to_string()));
            ExitCode::from(2)
        }
    }
}

fn lint(args: &LintArgs) -> Result<Answer, Unusable> {
    let text = args.on.file.read()?;
    let (bucket, partition) = input::bucket_for_lint(&text, args.on.bucket.as_deref());
    let findings = policy::lint(&text, &LintContext::new(bucket, partition));
    let fails = findings.iter().any(|finding| finding.severity <= args.fail_on.severity());
    let text = if args.on.json { output::findings_json(&findings) } else { output::findings(&args.on.file, &findings) };
    Ok(Answer { text, outcome: if fails { Outcome::No } else { Outcome::Well } })
}

fn explain(args: &FileArgs) -> Result<Answer, Unusable> {
    let policy = args.file.policy()?;
    let bucket = input::bucket_of(&policy, args.bucket.as_deref())?;
    let sentences = policy::explain(&policy, &bucket.name);
    let text = if args.json { output::sentences_json(&sentences) } else { output::sentences(&sentences) };
    Ok(Answer { text, outcome: Outcome::Well })
}

fn format(args: &FileArgs) -> Result<Answer, Unusable> {
    let text = args.file.read()?;
    let tidy = policy::tidy(&text).map_err(|problem| Unusable::not_json(&args.file, &problem))?;
    let text = if args.json { output::formatted_json(&text, &tidy) } else { format!("{tidy}\n") };
    Ok(Answer { text, outcome: Outcome::Well })
}

fn public(args: &PublicArgs) -> Result<Answer, Unusable> {
    let policy = args.file.policy()?;
    let verdict = policy::is_public(&policy);
    let text = if args.json { output::public_json(&verdict) } else { output::public(&policy, &verdict) };
    Ok(Answer { text, outcome: if verdict.public { Outcome::No } else { Outcome::Well } })
}
