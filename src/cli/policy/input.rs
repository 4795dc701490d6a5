//! The text of a policy, and which bucket it is for.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::arn::{Arn, Partition};
use crate::domain::policy::{
    Finding, MAX_POLICY_BYTES, Policy, ResourceMatch, TidyError, has_wildcard, named_resources,
};

/// More than this is not even taken in; S3 stores [`MAX_POLICY_BYTES`].
const MAX_INPUT_BYTES: usize = 64 << 20;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// The file is not there, or may not be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable { file: Source, source: io::Error },
    /// Far beyond what a policy can be.
    #[error("{file} has more than {} MB, and S3 stores policies of at most {MAX_POLICY_BYTES} bytes", MAX_INPUT_BYTES >> 20)]
    TooLarge { file: Source },
    /// Bytes that are no text.
    #[error("{file} is no text: byte {} is not UTF-8", at + 1)]
    NotUtf8 { file: Source, at: usize },
    /// Text that is no JSON.
    #[error("{file}:{line}:{column}: {message}")]
    NotJson { file: Source, line: usize, column: usize, message: String },
    /// JSON that is no policy.
    #[error("{file} is no policy that S3 would store\n{problems}")]
    NotAPolicy { file: Source, problems: String },
    /// Neither told nor to be found out.
    #[error("{0}: name the bucket with --bucket")]
    WhichBucket(String),
    /// An option that does not fit the others.
    #[error("{0}")]
    BadOption(String),
}

impl Unusable {
    pub(super) fn not_json(file: &Source, problem: &TidyError) -> Self {
        let (line, column) = (problem.line, problem.column);
        Self::NotJson { file: file.clone(), line, column, message: problem.message.clone() }
    }

    fn not_a_policy(file: &Source, findings: &[Finding]) -> Self {
        const SHOWN: usize = 10;
        let mut problems: Vec<String> = findings
            .iter()
            .take(SHOWN)
            .map(|finding| format!("{file}:{}:{}: {}", finding.line, finding.column, finding.message))
            .collect();
        if let Some(more) = findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            problems.push(format!("and {more} more"));
        }
        Self::NotAPolicy { file: file.clone(), problems: problems.join("\n") }
    }
}

/// Where a policy is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Standard,
    File(PathBuf),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if text == "-" { Self::Standard } else { Self::File(PathBuf::from(text)) })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Source {
    /// The whole text.
    ///
    /// # Errors
    /// What cannot be read, is no text, or is far too large.
    pub(super) fn read(&self) -> Result<String, Unusable> {
        let unreadable = |source| Unusable::Unreadable { file: self.clone(), source };
        let mut bytes = Vec::new();
        let limit = MAX_INPUT_BYTES as u64 + 1;
        match self {
            Self::Standard => io::stdin().lock().take(limit).read_to_end(&mut bytes),
            Self::File(path) => File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
        }
        .map_err(unreadable)?;
        if bytes.len() > MAX_INPUT_BYTES {
            return Err(Unusable::TooLarge { file: self.clone() });
        }
        String::from_utf8(bytes)
            .map_err(|error| Unusable::NotUtf8 { file: self.clone(), at: error.utf8_error().valid_up_to() })
    }

    /// The policy in it.
    ///
    /// # Errors
    /// As [`Source::read`], and text for which S3 would refuse it whatever the bucket.
    pub(super) fn policy(&self) -> Result<Policy, Unusable> {
        Policy::parse(&self.read()?).map_err(|findings| Unusable::not_a_policy(self, &findings))
    }
}

/// A bucket with the partition that ARNs name it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) partition: Partition,
}

/// The bucket told, or else the one that all resources of the policy name.
///
/// # Errors
/// Resources that name several buckets, or none.
pub(super) fn bucket_of(policy: &Policy, told: Option<&str>) -> Result<Bucket, Unusable> {
    let resources: Vec<&str> = policy
        .statements
        .iter()
        .flat_map(|statement| match &statement.resource {
            ResourceMatch::Only(list) | ResourceMatch::Except(list) => list,
        })
        .map(String::as_str)
        .collect();
    let named = buckets(&resources);
    if let Some(told) = told {
        return Ok(Bucket { name: told.to_owned(), partition: partition_of(&named, told) });
    }
    match named.as_slice() {
        [(first, partition), rest @ ..] => match rest.iter().find(|(other, _)| other != first) {
            None => Ok(Bucket { name: first.clone(), partition: *partition }),
            Some((other, _)) => Err(Unusable::WhichBucket(format!("The policy names both {first} and {other}"))),
        },
        [] => Err(Unusable::WhichBucket("The policy names no bucket".to_owned())),
    }
}

/// The bucket to check against: told, or the one named most. A policy that names none is checked against a
/// placeholder, since every bucket would refuse it.
pub(super) fn bucket_for_lint(text: &str, told: Option<&str>) -> (String, Partition) {
    let resources = named_resources(text);
    let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
    let named = buckets(&resources);
    if let Some(told) = told {
        return (told.to_owned(), partition_of(&named, told));
    }
    let times = |name: &str| named.iter().filter(|(other, _)| other == name).count();
    // The first of those named most.
    match named.iter().rev().max_by_key(|(name, _)| times(name)) {
        Some((name, partition)) => (name.clone(), *partition),
        None => ("BUCKET".to_owned(), Partition::Aws),
    }
}

/// The buckets that these resources name in full, each as often as it is named.
fn buckets(resources: &[&str]) -> Vec<(String, Partition)> {
    resources
        .iter()
        .filter_map(|resource| {
            let arn: Arn = resource.parse().ok()?;
            let (bucket, _) = arn.s3_bucket_and_key()?;
            let fixed = !bucket.is_empty() && !has_wildcard(bucket) && !bucket.contains("${");
            fixed.then(|| (bucket.to_owned(), Partition::from_prefix(&arn.partition).unwrap_or_default()))
        })
        .collect()
}

/// The partition in which a bucket is first named.
fn partition_of(named: &[(String, Partition)], bucket: &str) -> Partition {
    named.iter().find(|(name, _)| name == bucket).or(named.first()).map_or(Partition::Aws, |(_, partition)| *partition)
}
