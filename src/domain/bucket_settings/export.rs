//! A bucket's settings as something else can make them: calls of the AWS CLI, a CloudFormation template, Terraform.

pub(in crate::domain) mod cli;
mod cloudformation;
mod terraform;

use std::collections::BTreeMap;

use super::{SettingKind, SettingValue};

/// The settings of a bucket as far as they are set.
pub type Settings = BTreeMap<SettingKind, SettingValue>;

/// What a bucket's settings can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notation {
    /// Calls of the AWS CLI, for a POSIX shell.
    Cli,
    /// A CloudFormation template in JSON.
    CloudFormation,
    /// Terraform, with the AWS provider from version 4.
    Terraform,
}

impl Notation {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Cli, Self::CloudFormation, Self::Terraform];

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cli => "AWS CLI",
            Self::CloudFormation => "CloudFormation",
            Self::Terraform => "Terraform",
        }
    }
}

/// Writes the settings down. What the notation has no word for is named in a comment or a note, never left out unsaid.
#[must_use]
pub fn export(notation: Notation, bucket: &str, region: &str, settings: &Settings) -> String {
    match notation {
        Notation::Cli => cli::write(bucket, region, settings),
        Notation::CloudFormation => cloudformation::write(bucket, settings),
        Notation::Terraform => terraform::write(bucket, settings),
    }
}

#[cfg(test)]
mod tests;
