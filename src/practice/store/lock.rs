//! Object Lock: versions that cannot be deleted for a time (retention) or until further notice (legal hold).
//!
//! Source of the rules: Amazon S3 User Guide, "Locking objects with Object Lock" and "Object Lock considerations".

use serde::{Deserialize, Serialize};

/// How strictly a retention holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::practice) enum Mode {
    /// Who may bypass it can end or shorten it.
    Governance,
    /// Nobody can, until it is over.
    Compliance,
}

impl Mode {
    pub(in crate::practice) fn parse(text: &str) -> Option<Self> {
        match text {
            "GOVERNANCE" => Some(Self::Governance),
            "COMPLIANCE" => Some(Self::Compliance),
            _ => None,
        }
    }

    pub(in crate::practice) fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

/// A version is kept until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) struct Retention {
    pub(in crate::practice) mode: Mode,
    /// Milliseconds since 1970.
    pub(in crate::practice) until: i64,
}

/// What protects a version. Both may; each is enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::practice) struct Lock {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) retention: Option<Retention>,
    /// `None`: never set; `Some(false)`: set and lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) legal_hold: Option<bool>,
}

impl Lock {
    pub(in crate::practice) fn is_unset(&self) -> bool {
        *self == Self::default()
    }

    /// True when the version must not be deleted at `now`, in milliseconds since 1970. `bypass` is the right to
    /// override governance; a legal hold has no such override.
    pub(in crate::practice) fn protects(&self, now: i64, bypass: bool) -> bool {
        let retained = self
            .retention
            .is_some_and(|retention| retention.until > now && !(bypass && retention.mode == Mode::Governance));
        retained || self.legal_hold == Some(true)
    }

    /// True when the retention may become `wanted` at `now`: a longer one of the same mode always, anything else only
    /// when what is there is over, or is governance and `bypass` holds.
    pub(in crate::practice) fn allows(&self, wanted: Option<Retention>, now: i64, bypass: bool) -> bool {
        let Some(standing) = self.retention.filter(|standing| standing.until > now) else { return true };
        if bypass && standing.mode == Mode::Governance {
            return true;
        }
        wanted.is_some_and(|wanted| wanted.mode == standing.mode && wanted.until >= standing.until)
    }
}

/// How long the default retention of a bucket lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) enum Period {
    Days(i32),
    Years(i32),
}

/// The retention that new versions get when they bring none of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) struct DefaultRetention {
    pub(in crate::practice) mode: Mode,
    pub(in crate::practice) period: Period,
}

impl DefaultRetention {
    /// The retention of a version made at `now`, in milliseconds since 1970. A year has 365 days.
    pub(in crate::practice) fn from(self, now: i64) -> Retention {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let days = match self.period {
            Period::Days(days) => i64::from(days),
            Period::Years(years) => i64::from(years) * 365,
        };
        Retention { mode: self.mode, until: now + days * DAY }
    }
}

/// Object Lock of a bucket. Once there it stays; only the default can change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) struct BucketLock {
    pub(in crate::practice) default: Option<DefaultRetention>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn lock(mode: Mode, until: i64) -> Lock {
        Lock { retention: Some(Retention { mode, until }), legal_hold: None }
    }

    #[test_case(lock(Mode::Governance, 200), false, true; "governance holds")]
    #[test_case(lock(Mode::Governance, 200), true, false; "governance is bypassed")]
    #[test_case(lock(Mode::Compliance, 200), true, true; "compliance is not")]
    #[test_case(lock(Mode::Compliance, 100), false, false; "over at its instant")]
    #[test_case(Lock { legal_hold: Some(true), retention: None }, true, true; "a hold is not bypassed")]
    #[test_case(Lock { legal_hold: Some(false), retention: None }, false, false; "a lifted hold")]
    #[test_case(Lock::default(), false, false; "nothing set")]
    fn protection(lock: Lock, bypass: bool, protects: bool) {
        assert_eq!(lock.protects(100, bypass), protects);
    }

    #[test_case(Mode::Governance, Some((Mode::Governance, 300)), false, true; "longer")]
    #[test_case(Mode::Governance, Some((Mode::Governance, 150)), false, false; "shorter")]
    #[test_case(Mode::Governance, Some((Mode::Governance, 150)), true, true; "shorter with bypass")]
    #[test_case(Mode::Governance, Some((Mode::Compliance, 300)), false, false; "stricter needs bypass too")]
    #[test_case(Mode::Governance, Some((Mode::Compliance, 300)), true, true; "stricter with bypass")]
    #[test_case(Mode::Governance, None, false, false; "none")]
    #[test_case(Mode::Governance, None, true, true; "none with bypass")]
    #[test_case(Mode::Compliance, Some((Mode::Compliance, 300)), false, true; "compliance grows")]
    #[test_case(Mode::Compliance, Some((Mode::Governance, 300)), true, false; "compliance never weakens")]
    #[test_case(Mode::Compliance, None, true, false; "compliance never ends early")]
    fn changes(mode: Mode, wanted: Option<(Mode, i64)>, bypass: bool, allowed: bool) {
        let wanted = wanted.map(|(mode, until)| Retention { mode, until });
        assert_eq!(lock(mode, 200).allows(wanted, 100, bypass), allowed);
        assert!(lock(mode, 100).allows(wanted, 100, false), "what is over does not bind");
    }

    #[test]
    fn a_default_counts_from_the_making_of_the_version() {
        let year = DefaultRetention { mode: Mode::Compliance, period: Period::Years(1) };
        let days = DefaultRetention { mode: Mode::Compliance, period: Period::Days(365) };
        assert_eq!(year.from(5), days.from(5));
        assert_eq!(days.from(5).until, 5 + 365 * 86_400_000);
    }
}
