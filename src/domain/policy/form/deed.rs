//! What a statement lets or forbids people to do, in everyday words.

/// A group of actions with an everyday name. Each stands for one action of S3, so that what is
/// ticked is exactly what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// `s3:GetObject`
    View,
    /// `s3:ListBucket`
    List,
    /// `s3:PutObject`
    Upload,
    /// `s3:DeleteObject`
    Delete,
    /// `s3:*`
    Everything,
}

impl Deed {
    /// Every group, in the order of the form.
    pub const ALL: [Self; 5] = [Self::View, Self::List, Self::Upload, Self::Delete, Self::Everything];

    /// The four that can be told apart.
    pub const SINGLE: [Self; 4] = [Self::View, Self::List, Self::Upload, Self::Delete];

    /// As a policy writes it.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::View => "s3:GetObject",
            Self::List => "s3:ListBucket",
            Self::Upload => "s3:PutObject",
            Self::Delete => "s3:DeleteObject",
            Self::Everything => "s3:*",
        }
    }

    /// The word of its box.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::View => "View",
            Self::List => "List",
            Self::Upload => "Upload",
            Self::Delete => "Delete",
            Self::Everything => "Everything",
        }
    }

    /// Whether an action of a policy is this one.
    #[must_use]
    pub fn is(self, action: &str) -> bool {
        action.eq_ignore_ascii_case(self.action()) || (self == Self::Everything && action == "*")
    }
}
