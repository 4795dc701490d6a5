//! What was read of a bucket beside its policy's text, as far as it may be known.

use jiff::Timestamp;

use crate::domain::policy::Caller;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use crate::model::Trouble;

/// Something that can be asked of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// It is this.
    Is(T),
    /// It is not set.
    NotSet,
    /// It may be set or not: it could not be read.
    MayNotRead(Trouble),
    /// The store does not have it.
    NotOffered,
}

impl<T> Known<T> {
    /// The value, if it is known to be set.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::NotSet | Self::MayNotRead(_) | Self::NotOffered => None,
        }
    }
}

/// The policy as the store has it.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its text.
    pub policy: Known<String>,
    /// When it was read.
    pub at: Timestamp,
}

/// What decides beside the policy.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Whether the store itself calls the policy public.
    pub status: Known<bool>,
    /// Block Public Access of the bucket.
    pub block: Known<BlockPublicAccess>,
    /// Block Public Access of the account; `None` where the store has no accounts.
    pub account_block: Option<Known<BlockPublicAccess>>,
    /// Whether ACLs count.
    pub ownership: Known<ObjectOwnership>,
    /// Who is signed in, where the store tells.
    pub caller: Option<Caller>,
    /// The account that is signed in to, where the store tells.
    pub account: Option<String>,
}

impl Beside {
    /// Whether a flag of Block Public Access is on at any level; `None` where a level is not known and no other
    /// has it on.
    #[must_use]
    pub fn is_blocked(&self, flag: fn(&BlockPublicAccess) -> bool) -> Option<bool> {
        let one = |known: &Known<BlockPublicAccess>| match known {
            Known::Is(block) => Some(flag(block)),
            Known::NotSet | Known::NotOffered => Some(false),
            Known::MayNotRead(_) => None,
        };
        let levels = [Some(one(&self.block)), self.account_block.as_ref().map(one)];
        let levels: Vec<Option<bool>> = levels.into_iter().flatten().collect();
        if levels.contains(&Some(true)) {
            return Some(true);
        }
        levels.iter().all(Option::is_some).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::trouble::WayOut;
    use test_case::test_case;

    fn beside(block: Known<BlockPublicAccess>, account_block: Option<Known<BlockPublicAccess>>) -> Beside {
        Beside { status: Known::NotSet, block, account_block, ownership: Known::NotSet, caller: None, account: None }
    }

    fn refused() -> Known<BlockPublicAccess> {
        Known::MayNotRead(Trouble::new("no", WayOut::AskForPermission))
    }

    #[test_case(&beside(Known::NotSet, None), Some(false); "no block anywhere")]
    #[test_case(&beside(Known::Is(BlockPublicAccess::ALL), None), Some(true); "the bucket's")]
    #[test_case(&beside(Known::NotSet, Some(Known::Is(BlockPublicAccess::ALL))), Some(true); "the account's")]
    #[test_case(&beside(Known::Is(BlockPublicAccess::ALL), Some(refused())), Some(true); "one is enough")]
    #[test_case(&beside(refused(), Some(Known::Is(BlockPublicAccess::ALL))), Some(true); "the other is enough")]
    #[test_case(&beside(Known::NotSet, Some(refused())), None; "who knows")]
    fn blocks_of_all_levels_count(beside: &Beside, expected: Option<bool>) {
        assert_eq!(beside.is_blocked(|block| block.block_public_policy), expected);
    }
}
