//! Access control lists.

/// Whom a grant is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// Anyone on the internet.
    AllUsers,
    /// Anyone with any AWS account.
    AuthenticatedUsers,
    /// The S3 log delivery group.
    LogDelivery,
    /// One account, by its canonical user id.
    CanonicalUser(String),
}

impl Grantee {
    /// The URI of a group grantee.
    #[must_use]
    pub const fn group_uri(&self) -> Option<&'static str> {
        match self {
            Self::AllUsers => Some("http://acs.amazonaws.com/groups/global/AllUsers"),
            Self::AuthenticatedUsers => Some("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
            Self::LogDelivery => Some("http://acs.amazonaws.com/groups/s3/LogDelivery"),
            Self::CanonicalUser(_) => None,
        }
    }

    /// The group with that URI.
    #[must_use]
    pub fn from_group_uri(uri: &str) -> Option<Self> {
        [Self::AllUsers, Self::AuthenticatedUsers, Self::LogDelivery]
            .into_iter()
            .find(|group| group.group_uri() == Some(uri))
    }

    /// Whether S3 calls a grant to this grantee public.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self, Self::AllUsers | Self::AuthenticatedUsers)
    }
}

/// What a grant permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Everything below.
    FullControl,
    /// On a bucket: list it. On an object: get it.
    Read,
    /// On a bucket: put, overwrite and delete objects. On an object: nothing.
    Write,
    /// Read the ACL.
    ReadAcp,
    /// Write the ACL.
    WriteAcp,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 5] = [Self::FullControl, Self::Read, Self::Write, Self::ReadAcp, Self::WriteAcp];

    /// As S3 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FullControl => "FULL_CONTROL",
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::ReadAcp => "READ_ACP",
            Self::WriteAcp => "WRITE_ACP",
        }
    }

    /// The permission that S3 writes so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }

    /// Whether holding this permission is enough where `wanted` is asked for.
    #[must_use]
    pub fn covers(self, wanted: Self) -> bool {
        self == wanted || self == Self::FullControl
    }
}

/// One line of an access control list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// For whom.
    pub grantee: Grantee,
    /// What.
    pub permission: Permission,
}

/// An access control list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Grants(pub Vec<Grant>);

impl Grants {
    /// No grants besides the owner's own.
    #[must_use]
    pub fn private() -> Self {
        Self::default()
    }

    /// Whether S3 calls the list public: anything for everyone, or for every AWS account.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.0.iter().any(|grant| grant.grantee.is_public())
    }

    /// Whether a request without sign-in is granted this.
    #[must_use]
    pub fn anyone_may(&self, wanted: Permission) -> bool {
        self.allows(&Grantee::AllUsers, wanted)
    }

    /// Whether this very grantee is granted this. A signed request of an account belongs to
    /// three grantees: itself, the authenticated users and all users.
    #[must_use]
    pub fn allows(&self, grantee: &Grantee, wanted: Permission) -> bool {
        self.0.iter().any(|grant| grant.grantee == *grantee && grant.permission.covers(wanted))
    }
}

/// The lists that S3 knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CannedAcl {
    /// The owner alone.
    Private,
    /// Anyone may read.
    PublicRead,
    /// Anyone may read and write.
    PublicReadWrite,
    /// Any AWS account may read.
    AuthenticatedRead,
    /// EC2 may read; objects only.
    AwsExecRead,
    /// The bucket's owner may read; objects only.
    BucketOwnerRead,
    /// The bucket's owner may do everything; objects only.
    BucketOwnerFullControl,
    /// S3 may write logs; buckets only.
    LogDeliveryWrite,
}

impl CannedAcl {
    /// Every canned list.
    pub const ALL: [Self; 8] = [
        Self::Private,
        Self::PublicRead,
        Self::PublicReadWrite,
        Self::AuthenticatedRead,
        Self::AwsExecRead,
        Self::BucketOwnerRead,
        Self::BucketOwnerFullControl,
        Self::LogDeliveryWrite,
    ];

    /// As the `x-amz-acl` header writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::PublicRead => "public-read",
            Self::PublicReadWrite => "public-read-write",
            Self::AuthenticatedRead => "authenticated-read",
            Self::AwsExecRead => "aws-exec-read",
            Self::BucketOwnerRead => "bucket-owner-read",
            Self::BucketOwnerFullControl => "bucket-owner-full-control",
            Self::LogDeliveryWrite => "log-delivery-write",
        }
    }

    /// The list of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acl| acl.as_str() == text)
    }

    /// Whether S3 knows this list for buckets.
    #[must_use]
    pub const fn for_buckets(self) -> bool {
        !matches!(self, Self::AwsExecRead | Self::BucketOwnerRead | Self::BucketOwnerFullControl)
    }

    /// Whether S3 knows this list for objects.
    #[must_use]
    pub const fn for_objects(self) -> bool {
        !matches!(self, Self::LogDeliveryWrite)
    }

    /// Whether `BlockPublicAcls` refuses to write it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::PublicRead | Self::PublicReadWrite | Self::AuthenticatedRead)
    }

    /// The grants it stands for besides the owner's full control. `aws-exec-read` is left out: its
    /// grantee is an account of Amazon's own.
    #[must_use]
    pub fn grants(self, bucket_owner: &str) -> Grants {
        let grant = |grantee: Grantee, permission| Grant { grantee, permission };
        let owner = || Grantee::CanonicalUser(bucket_owner.to_owned());
        Grants(match self {
            Self::Private | Self::AwsExecRead => Vec::new(),
            Self::PublicRead => vec![grant(Grantee::AllUsers, Permission::Read)],
            Self::PublicReadWrite => {
                vec![grant(Grantee::AllUsers, Permission::Read), grant(Grantee::AllUsers, Permission::Write)]
            }
            Self::AuthenticatedRead => vec![grant(Grantee::AuthenticatedUsers, Permission::Read)],
            Self::BucketOwnerRead => vec![grant(owner(), Permission::Read)],
            Self::BucketOwnerFullControl => vec![grant(owner(), Permission::FullControl)],
            Self::LogDeliveryWrite => {
                vec![grant(Grantee::LogDelivery, Permission::Write), grant(Grantee::LogDelivery, Permission::ReadAcp)]
            }
        })
    }
}
