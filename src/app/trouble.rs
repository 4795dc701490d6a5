//! How a failure of the store meets a person: which way out, and what to unfold.

use crate::model::Trouble;
use crate::model::trouble::WayOut;
use crate::s3::error::{Kind, S3Error};
use crate::verify::VerifyError;
use crate::verify::source::SourceError;

impl From<S3Error> for Trouble {
    fn from(error: S3Error) -> Self {
        Self::from(&error)
    }
}

impl From<&S3Error> for Trouble {
    fn from(error: &S3Error) -> Self {
        let permission = match &error.kind {
            Kind::Refused(refusal) => refusal.action.clone(),
            _ => None,
        };
        Self {
            sentence: error.sentence(),
            way_out: way_out(&error.kind),
            permission,
            details: error.details().lines().map(str::to_owned).collect(),
            // Who asked is told once somebody wants to know why.
            refused: error.refused_request(None, true, "").map(Box::new),
        }
    }
}

impl From<VerifyError> for Trouble {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Source(SourceError::Store(error)) => error.into(),
            VerifyError::Source(SourceError::NoImages(place)) => {
                let sentence = format!("{place} names no images. Its pages can be checked instead");
                Self::new(sentence, WayOut::ChooseAnother)
            }
            other => {
                let way_out = match &other {
                    VerifyError::Source(SourceError::Broken(_)) | VerifyError::Broken(_) => WayOut::Report,
                    VerifyError::Source(_) | VerifyError::Write { .. } | VerifyError::Baseline { .. } => {
                        WayOut::ChooseAnother
                    }
                    VerifyError::Results(_) => WayOut::Retry,
                };
                Self::new(other.to_string(), way_out)
            }
        }
    }
}

/// Every kind has its way out; a new kind does not compile until it has one.
fn way_out(kind: &Kind) -> WayOut {
    match kind {
        Kind::Unreachable(_) | Kind::Timeout | Kind::Busy | Kind::Conflict | Kind::Damaged | Kind::Cancelled => {
            WayOut::Retry
        }
        Kind::BadAddress(_)
        | Kind::Tls
        | Kind::NotS3
        | Kind::NoCredentials
        | Kind::BadKey
        | Kind::BadSecret
        | Kind::Expired
        | Kind::ClockSkew { .. }
        | Kind::WrongRegion { .. } => WayOut::EditConnection,
        Kind::Refused(_) => WayOut::AskForPermission,
        Kind::NotOffered => WayOut::NotOffered,
        Kind::NotThere(_)
        | Kind::NotConfigured
        | Kind::NameTaken
        | Kind::AlreadyYours
        | Kind::NotEmpty
        | Kind::PreconditionFailed
        | Kind::Archived
        | Kind::BadDocument
        | Kind::TooLarge
        | Kind::BadRequest
        | Kind::LocalFile { .. } => WayOut::ChooseAnother,
        Kind::Other => WayOut::Report,
    }
}
