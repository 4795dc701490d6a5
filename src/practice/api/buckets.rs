//! Buckets: list, create, look up, delete.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::access::Caller;
use super::super::acl::{Acl, Parties};
use super::super::error::{invalid_argument, no_such_bucket, refuse};
use super::super::people::Account;
use super::super::store::buckets::{self, Config, Versioning};
use super::super::store::lock::BucketLock;
use super::{Service, ok, timestamp};
use crate::domain::bucket_name::{Namespace, check_for_create};
use crate::domain::public_access::ObjectOwnership;
use crate::domain::region;

pub(super) async fn list(
    service: &Service,
    request: S3Request<dto::ListBucketsInput>,
) -> S3Result<S3Response<dto::ListBucketsOutput>> {
    let account = super::caller(&request).map_or_else(Account::nobody, Caller::account);
    let input = request.input;
    let limit = match input.max_buckets {
        None => usize::MAX,
        Some(limit @ 1..=10_000) => usize::try_from(limit).unwrap_or(usize::MAX),
        Some(_) => return Err(invalid_argument("max-buckets must be between 1 and 10000")),
    };
    let prefix = input.prefix.clone().unwrap_or_default();
    let after = match &input.continuation_token {
        None => String::new(),
        Some(token) => super::listing::read_token(token)?,
    };
    let mut found = service.store.buckets.all();
    found.retain(|bucket| {
        *service.owner_of(bucket) == account
            && bucket.name.starts_with(&prefix)
            && bucket.name > after
            && input.bucket_region.as_ref().is_none_or(|region| *region == bucket.region)
    });
    let more = found.len() > limit;
    found.truncate(limit);
    let continuation_token = found.last().filter(|_| more).map(|last| super::listing::make_token(&last.name));
    let buckets = found
        .iter()
        .map(|bucket| dto::Bucket {
            bucket_region: Some(bucket.region.clone()),
            creation_date: Some(timestamp(bucket.created)),
            name: Some(bucket.name.clone()),
        })
        .collect();
    ok(dto::ListBucketsOutput {
        buckets: Some(buckets),
        continuation_token,
        owner: Some(account.owner()),
        prefix: input.prefix,
    })
}

/// The region of a new bucket from where the request was signed for and what it asks (Amazon S3 API Reference,
/// "CreateBucket"). The endpoint of this store stands for those of all regions: the signature tells which.
fn region_for(signed: &str, constraint: Option<&str>) -> S3Result<String> {
    let illegal = |asked: &str| {
        refuse(
            "IllegalLocationConstraintException",
            format!(
                "The {asked} location constraint is incompatible for the region specific endpoint this request was sent to."
            ),
        )
    };
    match (signed, constraint) {
        ("us-east-1", None) => Ok("us-east-1".to_owned()),
        ("us-east-1", Some(asked)) => {
            let asked = if asked == "EU" { "eu-west-1" } else { asked };
            if asked == "us-east-1" || !region::is_plausible(asked) {
                return Err(refuse("InvalidLocationConstraint", "The specified location-constraint is not valid"));
            }
            Ok(asked.to_owned())
        }
        (_, None) => Err(illegal("unspecified")),
        ("eu-west-1", Some("EU")) => Ok("eu-west-1".to_owned()),
        (signed, Some(asked)) if signed == asked => Ok(asked.to_owned()),
        (_, Some(asked)) => Err(illegal(asked)),
    }
}

pub(super) async fn create(
    service: &Service,
    request: S3Request<dto::CreateBucketInput>,
) -> S3Result<S3Response<dto::CreateBucketOutput>> {
    let account = super::caller(&request).map_or_else(Account::nobody, Caller::account);
    let name = request.input.bucket;
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    let wanted = request.input.create_bucket_configuration.unwrap_or_default();
    let signed = request.region.as_ref().map_or("us-east-1", |region| region.as_str());
    let constraint =
        wanted.location_constraint.as_ref().map(dto::BucketLocationConstraint::as_str).filter(|text| !text.is_empty());
    let region = region_for(signed, constraint)?;
    let namespace = match header("x-amz-bucket-namespace") {
        Some("account-regional") => Namespace::AccountRegional { account: &account.id, region: &region },
        None | Some("global") => Namespace::Global,
        Some(_) => return Err(invalid_argument("Invalid x-amz-bucket-namespace header")),
    };
    if !check_for_create(&name, &namespace).is_empty() {
        return Err(refuse("InvalidBucketName", "The specified bucket is not valid."));
    }
    if wanted.bucket.is_some() || wanted.location.is_some() {
        return Err(refuse("NotImplemented", "Directory buckets are not implemented"));
    }
    let ownership = match header("x-amz-object-ownership") {
        None => ObjectOwnership::BucketOwnerEnforced,
        Some(text) => ObjectOwnership::parse(text)
            .ok_or_else(|| invalid_argument(format!("Invalid x-amz-object-ownership header: {text}")))?,
    };
    let owner = Some(&account).filter(|account| *account != service.people.account()).cloned();
    let mut config = Config { owner, ownership: Some(ownership), ..Config::default() };
    if request.input.object_lock_enabled_for_bucket == Some(true) {
        config.versioning = Versioning::Enabled;
        config.object_lock = Some(BucketLock::default());
    }
    let parties = Parties {
        owner: &account.canonical_id,
        bucket_owner: &account.canonical_id,
        knows: &|id| service.people.knows(id),
    };
    if let Some(asked) = Acl::from_headers(&request.headers, &parties)? {
        if asked.acl.grants_to_others() && !ownership.acls_count() {
            return Err(refuse(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            ));
        }
        if asked.acl.grants().is_public() {
            // Block Public Access is on for a new bucket.
            return Err(super::super::error::access_denied());
        }
        config.acl = asked.acl;
    }
    let location = if region == "us-east-1" {
        format!("/{name}")
    } else {
        let host = request.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        format!("http://{host}/{name}")
    };
    let all = std::sync::Arc::clone(&service.store.buckets);
    service.store.write(move |tx| buckets::create(tx, &all, &name, &region, config)).await?;
    ok(dto::CreateBucketOutput { location: Some(location) })
}

pub(super) async fn head(
    service: &Service,
    request: S3Request<dto::HeadBucketInput>,
) -> S3Result<S3Response<dto::HeadBucketOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    ok(dto::HeadBucketOutput { bucket_region: Some(bucket.region.clone()), ..Default::default() })
}

pub(super) async fn location(
    service: &Service,
    request: S3Request<dto::GetBucketLocationInput>,
) -> S3Result<S3Response<dto::GetBucketLocationOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let constraint = (bucket.region != "us-east-1").then(|| dto::BucketLocationConstraint::from(bucket.region.clone()));
    ok(dto::GetBucketLocationOutput { location_constraint: constraint })
}

pub(super) async fn delete(
    service: &Service,
    request: S3Request<dto::DeleteBucketInput>,
) -> S3Result<S3Response<dto::DeleteBucketOutput>> {
    let name = request.input.bucket;
    if service.bucket(&name).is_err() {
        return Err(no_such_bucket());
    }
    let all = std::sync::Arc::clone(&service.store.buckets);
    service.store.write(move |tx| buckets::delete(tx, &all, &name)).await?;
    Ok(S3Response::with_status(dto::DeleteBucketOutput {}, http::StatusCode::NO_CONTENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("us-east-1", None, Ok("us-east-1"); "default region, none")]
    #[test_case("us-east-1", Some("us-east-1"), Err("InvalidLocationConstraint"); "default region named")]
    #[test_case("us-east-1", Some("eu-west-1"), Ok("eu-west-1"); "default endpoint forwards")]
    #[test_case("us-east-1", Some("bar"), Err("InvalidLocationConstraint"); "default endpoint, no region")]
    #[test_case("eu-west-1", Some("eu-west-1"), Ok("eu-west-1"); "same region")]
    #[test_case("eu-west-1", Some("EU"), Ok("eu-west-1"); "old name of Ireland")]
    #[test_case("us-west-1", Some("EU"), Err("IllegalLocationConstraintException"); "old name elsewhere")]
    #[test_case("us-west-2", None, Err("IllegalLocationConstraintException"); "none elsewhere")]
    #[test_case("us-west-2", Some("us-west-1"), Err("IllegalLocationConstraintException"); "other region")]
    #[test_case("eu-west-1", Some("bar"), Err("IllegalLocationConstraintException"); "no region elsewhere")]
    fn regions(signed: &str, constraint: Option<&str>, expected: Result<&str, &str>) {
        let found = region_for(signed, constraint);
        let found = found.as_deref().map_err(|error| error.code().as_str());
        assert_eq!(found, expected);
    }
}
