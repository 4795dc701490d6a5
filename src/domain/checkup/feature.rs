//! What somebody shall be able to do, as it is ticked; each takes some capabilities.

use std::collections::BTreeSet;

use super::capability::{Call, Capability, capability};

/// Something to tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// The list of all buckets.
    List,
    /// View and download.
    View,
    /// Upload.
    Upload,
    /// Copy, move and rename.
    Organise,
    /// Delete files.
    Delete,
    /// Look at earlier versions, and delete them.
    Versions,
    /// Links that end.
    Share,
    /// Policy and Block Public Access.
    Public,
    /// Access control lists.
    Lists,
    /// All other settings.
    Settings,
    /// New buckets.
    Create,
    /// Empty and delete buckets.
    Remove,
    /// Find out why something cannot be seen, and who gets in.
    Check,
}

impl Feature {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 13] = [
        Self::List,
        Self::View,
        Self::Upload,
        Self::Organise,
        Self::Delete,
        Self::Versions,
        Self::Share,
        Self::Public,
        Self::Lists,
        Self::Settings,
        Self::Create,
        Self::Remove,
        Self::Check,
    ];

    /// How the command line names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::View => "view",
            Self::Upload => "upload",
            Self::Organise => "organise",
            Self::Delete => "delete",
            Self::Versions => "versions",
            Self::Share => "share",
            Self::Public => "public",
            Self::Lists => "lists",
            Self::Settings => "settings",
            Self::Create => "create",
            Self::Remove => "remove",
            Self::Check => "check",
        }
    }

    /// The feature that the command line names so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.as_str() == text)
    }

    /// Its name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::List => "See the list of buckets",
            Self::View => "View and download",
            Self::Upload => "Upload",
            Self::Organise => "Copy, move and rename",
            Self::Delete => "Delete files",
            Self::Versions => "Manage earlier versions",
            Self::Share => "Share links that end",
            Self::Public => "Make public by policy",
            Self::Lists => "Change access lists",
            Self::Settings => "Change bucket settings",
            Self::Create => "Make buckets",
            Self::Remove => "Empty and delete buckets",
            Self::Check => "Check and audit",
        }
    }

    const fn ids(self) -> &'static [&'static str] {
        match self {
            Self::List => &["list-buckets"],
            Self::View => &["list-files", "open-files", "see-file-tags"],
            Self::Upload => &["upload-files", "upload-parts", "change-file-tags"],
            Self::Organise => &["list-files", "copy-files", "move-files", "restore-files"],
            Self::Delete => &["list-files", "delete-files"],
            Self::Versions => &["list-versions", "open-versions", "delete-versions"],
            Self::Share => &["share-links"],
            Self::Public => &[
                "see-policy",
                "ask-public",
                "change-policy",
                "see-block",
                "change-block",
                "see-account-block",
                "see-ownership",
            ],
            Self::Lists => &["see-ownership", "see-acl", "change-acl", "see-file-acl", "change-file-acl"],
            Self::Settings => &[
                "see-unfinished",
                "end-unfinished",
                "see-ownership",
                "change-ownership",
                "see-versioning",
                "change-versioning",
                "see-encryption",
                "change-encryption",
                "see-cors",
                "change-cors",
                "see-lifecycle",
                "change-lifecycle",
                "see-website",
                "change-website",
                "see-tags",
                "change-tags",
                "see-log",
                "change-log",
                "see-payer",
                "change-payer",
                "see-others",
                "change-acceleration",
                "change-lock",
            ],
            Self::Create => &["make-buckets"],
            Self::Remove => &[
                "list-versions",
                "see-unfinished",
                "end-unfinished",
                "delete-files",
                "delete-versions",
                "delete-bucket",
            ],
            Self::Check => &[
                "list-files",
                "open-files",
                "list-versions",
                "see-policy",
                "ask-public",
                "see-block",
                "see-account-block",
                "see-ownership",
                "see-acl",
                "see-file-acl",
                "see-cors",
                "see-payer",
            ],
        }
    }

    /// What it takes.
    pub fn capabilities(self) -> impl Iterator<Item = &'static Capability> {
        self.ids().iter().filter_map(|id| capability(id))
    }

    /// The requests that it takes.
    pub fn calls(self) -> impl Iterator<Item = Call> {
        self.capabilities().flat_map(|it| it.calls).copied()
    }
}

/// The requests of all features that are ticked.
#[must_use]
pub(super) fn calls_of(features: &BTreeSet<Feature>) -> BTreeSet<Call> {
    features.iter().flat_map(|feature| feature.calls()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::CAPABILITIES;

    #[test]
    fn every_feature_takes_capabilities_that_are_known() {
        for feature in Feature::ALL {
            assert_eq!(feature.capabilities().count(), feature.ids().len(), "{}", feature.as_str());
            assert_eq!(Feature::parse(feature.as_str()), Some(feature));
        }
    }

    #[test]
    fn only_the_block_of_the_whole_account_is_in_no_feature() {
        let in_some = |id: &str| Feature::ALL.iter().any(|feature| feature.ids().contains(&id));
        let beside: Vec<&str> = CAPABILITIES.iter().map(|it| it.id).filter(|id| !in_some(id)).collect();
        assert_eq!(beside, ["change-account-block"]);
    }
}
