use crate::domain::connection::{SignIn, Target};
use crate::domain::region;

use super::{DraftSecret, Field, Problem, Problems, Typed, TypedKeys};

/// What is typed behind the door to Amazon S3.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypedAmazon {
    /// How to sign in.
    pub way: AmazonWay,
    /// The profile's name.
    pub profile: String,
    /// The access key.
    pub keys: TypedKeys,
    /// The region's code; empty where profile or environment may say it.
    pub region: String,
}

/// How to sign in to Amazon S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AmazonWay {
    /// A profile of the shared files.
    #[default]
    Profile,
    /// Environment variables, then instance roles.
    Environment,
    /// Keys typed in.
    Keys,
    /// No sign-in.
    Anonymous,
}

impl TypedAmazon {
    pub(super) fn of(region: &str, sign_in: &SignIn) -> Self {
        let mut typed = Self { region: region.to_owned(), ..Self::default() };
        match sign_in {
            SignIn::Profile { name } => typed.profile.clone_from(name),
            SignIn::Environment => typed.way = AmazonWay::Environment,
            SignIn::Keys { access_key_id, .. } => {
                typed.way = AmazonWay::Keys;
                typed.keys.access_key_id.clone_from(access_key_id);
            }
            SignIn::Anonymous => typed.way = AmazonWay::Anonymous,
        }
        typed
    }

    pub(super) fn suggested_name(&self) -> String {
        match self.way {
            AmazonWay::Profile if !self.profile.is_empty() && self.profile != "default" => self.profile.clone(),
            AmazonWay::Profile | AmazonWay::Environment | AmazonWay::Keys => "Amazon S3".to_owned(),
            AmazonWay::Anonymous => "Public buckets on Amazon S3".to_owned(),
        }
    }

    /// Whether a region has to be chosen: profiles and the environment may say it themselves.
    #[must_use]
    pub fn needs_region(&self) -> bool {
        matches!(self.way, AmazonWay::Keys)
    }

    pub(super) fn check(&self, typed: &Typed, problems: &mut Problems) -> (Target, DraftSecret) {
        let region = self.region.trim().to_owned();
        if region.is_empty() && self.needs_region() {
            problems.insert(Field::Region, Problem::new("Choose the region to begin in; buckets of all regions open"));
        } else if !region.is_empty() && !region::is_plausible(&region) {
            problems.insert(Field::Region, Problem::new(format!("{region} is no region of Amazon S3")));
        }
        let (sign_in, secret) = match self.way {
            AmazonWay::Profile => {
                if self.profile.is_empty() {
                    problems.insert(Field::Profile, Problem::new("Choose a profile"));
                }
                (SignIn::Profile { name: self.profile.clone() }, DraftSecret::NotNeeded)
            }
            AmazonWay::Environment => (SignIn::Environment, DraftSecret::NotNeeded),
            AmazonWay::Keys => self.keys.check(typed, true, problems),
            AmazonWay::Anonymous => (SignIn::Anonymous, DraftSecret::NotNeeded),
        };
        (Target::Amazon { region, sign_in }, secret)
    }
}
