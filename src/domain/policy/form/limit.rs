//! When a statement counts, the way people say it.

use crate::domain::policy::{Comparison, Condition, ConditionValue, Operator};

/// A condition with everyday words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// Over HTTPS, or over plain HTTP when the value is `false`.
    Https,
    /// From these addresses.
    FromAddresses,
    /// From elsewhere than these addresses.
    NotFromAddresses,
    /// From pages of these addresses. No protection: a program can claim any page.
    Referer,
    /// By members of these organizations.
    Organization,
    /// On behalf of this resource, such as a CloudFront distribution.
    SourceArn,
    /// On behalf of this account.
    SourceAccount,
    /// Listing only what starts so.
    ListingPrefix,
    /// From these VPCs.
    Vpc,
    /// Through these VPC endpoints.
    VpcEndpoint,
}

impl LimitKind {
    /// Every kind, in the order of the menu.
    pub const ALL: [Self; 10] = [
        Self::Https,
        Self::FromAddresses,
        Self::NotFromAddresses,
        Self::Referer,
        Self::Organization,
        Self::SourceArn,
        Self::SourceAccount,
        Self::ListingPrefix,
        Self::Vpc,
        Self::VpcEndpoint,
    ];

    /// The operator it is written with.
    #[must_use]
    pub const fn operator(self) -> Operator {
        match self {
            Self::Https => Operator::new(Comparison::Bool),
            Self::FromAddresses => Operator::new(Comparison::IpAddress),
            Self::NotFromAddresses => Operator::not(Comparison::IpAddress),
            Self::Referer | Self::ListingPrefix => Operator::new(Comparison::StringLike),
            Self::Organization | Self::SourceArn | Self::SourceAccount | Self::Vpc | Self::VpcEndpoint => {
                Operator::new(Comparison::StringEquals)
            }
        }
    }

    /// The condition key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Https => "aws:SecureTransport",
            Self::FromAddresses | Self::NotFromAddresses => "aws:SourceIp",
            Self::Referer => "aws:Referer",
            Self::Organization => "aws:PrincipalOrgID",
            Self::SourceArn => "aws:SourceArn",
            Self::SourceAccount => "aws:SourceAccount",
            Self::ListingPrefix => "s3:prefix",
            Self::Vpc => "aws:SourceVpc",
            Self::VpcEndpoint => "aws:SourceVpce",
        }
    }

    /// What stands before its values.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Https => "over HTTPS",
            Self::FromAddresses => "from these addresses",
            Self::NotFromAddresses => "from anywhere but these addresses",
            Self::Referer => "asked by these pages",
            Self::Organization => "by the organization",
            Self::SourceArn => "on behalf of",
            Self::SourceAccount => "on behalf of the account",
            Self::ListingPrefix => "listing only",
            Self::Vpc => "from the VPC",
            Self::VpcEndpoint => "through the VPC endpoint",
        }
    }

    /// A value of the kind, to show what is asked for.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Https => "true",
            Self::FromAddresses | Self::NotFromAddresses => "203.0.113.0/24",
            Self::Referer => "https://www.example.com/*",
            Self::Organization => "o-a1b2c3d4e5",
            Self::SourceArn => "arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5",
            Self::SourceAccount => "111122223333",
            Self::ListingPrefix => "photos/*",
            Self::Vpc => "vpc-0a1b2c3d",
            Self::VpcEndpoint => "vpce-0a1b2c3d",
        }
    }

    /// The kind of a condition; `None` for one without everyday words.
    #[must_use]
    pub fn of(condition: &Condition) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| {
            condition.key.eq_ignore_ascii_case(kind.key())
                && (condition.operator == kind.operator() || kind.also(condition.operator))
                && (*kind != Self::Https || matches!(condition.values.as_slice(), [one] if is_truth(one)))
        })
    }

    /// Other operators that mean the same to people.
    fn also(self, operator: Operator) -> bool {
        let plain = |comparison| operator == Operator::new(comparison);
        match self {
            Self::SourceArn => {
                plain(Comparison::ArnEquals) || plain(Comparison::ArnLike) || plain(Comparison::StringLike)
            }
            Self::ListingPrefix => plain(Comparison::StringEquals),
            _ => false,
        }
    }
}

fn is_truth(value: &ConditionValue) -> bool {
    matches!(value.as_text().to_ascii_lowercase().as_str(), "true" | "false")
}

/// One condition of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Its kind; `None` for one without everyday words, which is shown as it is.
    pub kind: Option<LimitKind>,
    /// As the statement has it.
    pub condition: Condition,
}

impl Limit {
    /// Reads a condition.
    #[must_use]
    pub fn read(condition: &Condition) -> Self {
        Self { kind: LimitKind::of(condition), condition: condition.clone() }
    }

    /// The values as text.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        self.condition.values.iter().map(ConditionValue::as_text).collect()
    }
}
