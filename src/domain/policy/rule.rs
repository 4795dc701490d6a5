//! The rules by name.

use super::Severity;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident $id:literal $severity:ident;)+) => {
        /// A rule that a finding follows. `L…` predict what S3 refuses, `X…` are advice, `AWS` is not ours.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its short name, such as `L14`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// How much its findings weigh.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }
        }
    };
}

rules! {
    /// The text is no JSON object, or something stands before its brace.
    NotAnObject "L01" Error;
    /// JSON that cannot be read.
    JsonSyntax "L02" Error;
    /// No `Statement`.
    MissingStatement "L03" Error;
    /// `Statement` is an empty list.
    EmptyStatement "L04" Error;
    /// A version that does not exist.
    BadVersion "L05" Error;
    /// `Effect`, `Principal`, `Action` or `Resource` is not there.
    MissingMember "L06" Error;
    /// An empty list of actions or resources.
    EmptyList "L07" Error;
    /// Neither `Allow` nor `Deny`.
    BadEffect "L08" Error;
    /// A member that the policy language does not have.
    UnknownMember "L09" Error;
    /// A member given twice, or together with its `Not…`.
    RepeatedMember "L10" Error;
    /// An action that S3 does not have.
    BadAction "L11" Error;
    /// A resource that is not in this bucket, or no ARN.
    BadResource "L12" Error;
    /// A principal that cannot exist.
    BadPrincipal "L13" Error;
    /// An action that works on none of the statement's resources.
    ActionWithoutResource "L14" Error;
    /// A condition key that an action does not have.
    KeyNotForAction "L15" Error;
    /// A condition key that S3 does not have.
    UnknownKey "L16" Error;
    /// An operator that does not exist.
    UnknownOperator "L17" Error;
    /// More than 20 KB.
    TooLarge "L18" Error;
    /// A number where a text belongs, and the like.
    WrongType "L19" Error;
    /// Public, while Block Public Access refuses public policies.
    PublicPolicyBlocked "L20" Error;
    /// A date, number, address or truth value that cannot be read.
    BadValue "L21" Error;
    /// `Allow` with `NotPrincipal` lets in everyone else.
    AllowNotPrincipal "X01" Security;
    /// Every action for everyone.
    EverythingForEveryone "X02" Security;
    /// Everyone may change or delete.
    WriteForEveryone "X03" Security;
    /// A policy variable in a version that has none.
    VariableNeedsVersion "X04" Warning;
    /// `*` or `?` under an operator that takes them literally.
    LiteralWildcard "X05" Warning;
    /// `aws:Referer` protects nothing.
    RefererIsNoProtection "X06" Security;
    /// The caller could no longer change or remove the policy.
    LockOut "X07" Security;
    /// Private addresses never come from the internet.
    PrivateAddress "X08" Warning;
    /// `Deny` outside an address list also stops AWS services.
    DenyStopsServices "X09" Warning;
    /// CloudFront without a distribution: anyone's distribution.
    AnyDistribution "X10" Security;
    /// Without the right to list, a missing file answers 403.
    MissingFileLooksDenied "X11" Suggestion;
    /// Plain HTTP is not refused.
    PlainHttpAllowed "X12" Suggestion;
    /// An ARN of another partition than the bucket's.
    OtherPartition "X13" Warning;
    /// Two statements of one name.
    RepeatedSid "X14" Warning;
    /// The statement makes the bucket public.
    PublicStatement "X15" Security;
    /// No version: the language of 2008.
    MissingVersion "X16" Warning;
    /// A negated condition that holds for requests without the key.
    NegatedOnAbsentKey "X17" Security;
    /// `ForAllValues` holds for requests without the key.
    ForAllValuesOnAbsentKey "X18" Security;
    /// A global key that is not known.
    UnknownGlobalKey "X19" Warning;
    /// `Allow` with `NotAction` also allows what does not exist yet.
    AllowNotAction "X20" Security;
    /// A variable that is not written as variables are.
    BrokenVariable "X21" Warning;
    /// A variable where the operator compares no text.
    VariableUnderOperator "X22" Warning;
    /// A value that should be an ARN and is none.
    NotAnArn "X23" Warning;
    /// A value that is not written as those of its key are: networks, endpoints, accounts.
    ValueShape "X24" Warning;
    /// An operator that compares something else than the key holds.
    KeyType "X25" Warning;
    /// A key with several values, compared without a set prefix.
    MissingQualifier "X26" Warning;
    /// `ForAllValues` on a key with one value.
    ForAllValuesOfOne "X27" Security;
    /// Both truth values at once.
    SeveralBooleans "X28" Warning;
    /// A set prefix that means nothing before `Null`.
    NullWithQualifier "X29" Suggestion;
    /// A range written with an address inside of it.
    HostBits "X30" Suggestion;
    /// An action that another covers.
    RedundantAction "X31" Suggestion;
    /// A resource that another covers.
    RedundantResource "X32" Suggestion;
    /// A value that another covers.
    RedundantValue "X33" Suggestion;
    /// Two statements that say the same.
    RedundantStatement "X34" Suggestion;
    /// A wildcard instead of the service's name.
    EveryService "X35" Suggestion;
    /// A service that acts for anyone.
    AnySource "X36" Security;
    /// A source that does not tell its account.
    SourceWithoutAccount "X37" Security;
    /// A key that requests of services do not have.
    KeyNotForService "X38" Warning;
    /// An action that a service never uses.
    ActionNotOfService "X39" Warning;
    /// A key that has a successor.
    DeprecatedKey "X40" Warning;
    /// A key that is the same for every request to one bucket.
    IrrelevantKey "X41" Suggestion;
    /// `Deny` by a tag that many of the denied requests do not have.
    DenyByTagWithGaps "X42" Security;
    /// `Allow` by a tag that many of the allowed requests do not have.
    AllowByTagWithGaps "X43" Suggestion;
    /// A member with nothing in it.
    EmptyMember "X44" Suggestion;
    /// A name with characters that IAM does not take.
    UnusualSid "X45" Suggestion;
    /// An identity provider as principal.
    FederatedPrincipal "X46" Warning;
    /// Private addresses among others.
    SomePrivateAddresses "X47" Suggestion;
    /// What IAM Access Analyzer says, in its own words.
    AccessAnalyzer "AWS" Warning;
}
