//! What a failure is known as, and the request behind a refusal.

use jiff::Timestamp;

use super::{Kind, S3Error, Unreached};
use crate::domain::arn::Partition;
use crate::domain::check::{NoAnswer, RefusedRequest, Said, Symptom, recognise};

impl S3Error {
    /// What it is known as; `None` for what nothing is known of, and for what went wrong on this computer.
    #[must_use]
    pub fn symptom(&self, signed: bool) -> Option<Symptom> {
        let no_answer = match &self.kind {
            Kind::Unreachable(Unreached::UnknownHost) => Some(NoAnswer::UnknownHost),
            Kind::Unreachable(Unreached::NothingListens) => Some(NoAnswer::NothingListens),
            Kind::Unreachable(Unreached::Broken | Unreached::NoRoute) => Some(NoAnswer::Broken),
            Kind::Tls => Some(NoAnswer::Tls),
            Kind::Timeout if self.http_status.is_none() => Some(NoAnswer::Timeout),
            Kind::NotS3 => return Some(Symptom::NotAStore),
            Kind::ClockSkew { .. } => return Some(Symptom::ClockSkew),
            Kind::WrongRegion { .. } if self.code.is_none() => return Some(Symptom::WrongRegion),
            _ => None,
        };
        recognise(&Said {
            status: self.http_status,
            code: self.code.as_deref(),
            message: self.message.as_deref().unwrap_or_default(),
            operation: self.operation,
            signed,
            no_answer,
            ..Said::default()
        })
    }

    /// The request behind a refusal, for finding out why; `None` for every other failure. `who` is the ARN of whoever asked.
    #[must_use]
    pub fn refused_request(&self, who: Option<String>, signed: bool, region: &str) -> Option<RefusedRequest> {
        let Kind::Refused(refusal) = &self.kind else { return None };
        Some(RefusedRequest {
            operation: self.operation.to_owned(),
            action: refusal.action.clone(),
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            code: self.code.clone(),
            status: self.http_status,
            message: self.message.clone().unwrap_or_default(),
            request_id: self.request_id.clone(),
            who,
            signed,
            store: self.endpoint.clone().unwrap_or_else(|| "the store".to_owned()),
            partition: Partition::from_region(region),
            at: Timestamp::now(),
        })
    }
}
