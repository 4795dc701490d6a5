//! The configuration documents that a bucket has several of: inventory, metrics, analytics, Intelligent-Tiering.

use std::ops::Bound;

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::base64;
use super::super::documents::Numbered;
use super::super::error::{invalid_argument, refuse};
use super::{Service, ok};

/// A bucket has at most this many of a kind.
const MOST: usize = 1000;

/// A listing shows this many at a time.
const PAGE: usize = 100;

fn absent() -> s3s::S3Error {
    refuse("NoSuchConfiguration", "The specified configuration does not exist.")
}

fn get<D: Numbered>(service: &Service, bucket: &str, id: &str) -> S3Result<D> {
    let bucket = service.bucket(bucket)?;
    D::all(&bucket.config.documents).get(id).cloned().ok_or_else(absent)
}

async fn put<D: Numbered>(service: &Service, bucket: String, id: String, document: D) -> S3Result<()> {
    service.bucket(&bucket)?;
    document.check(&id)?;
    service
        .change(bucket, move |config| {
            let all = D::all_mut(&mut config.documents);
            if !all.contains_key(&id) && all.len() >= MOST {
                return Err(refuse(
                    "TooManyConfigurations",
                    "You are attempting to create a new configuration but have already reached the 1,000-configuration limit.",
                )
                .into());
            }
            all.insert(id, document);
            Ok(())
        })
        .await?;
    Ok(())
}

async fn delete<D: Numbered>(service: &Service, bucket: String, id: String) -> S3Result<()> {
    service
        .change(bucket, move |config| match D::all_mut(&mut config.documents).remove(&id) {
            Some(_) => Ok(()),
            None => Err(absent().into()),
        })
        .await?;
    Ok(())
}

/// One page of a listing, in the order of the ids.
struct Page<D> {
    documents: Vec<D>,
    next: Option<String>,
}

fn list<D: Numbered>(service: &Service, bucket: &str, token: Option<&str>) -> S3Result<Page<D>> {
    let bucket = service.bucket(bucket)?;
    let all = D::all(&bucket.config.documents);
    let after = match token {
        None => Bound::Unbounded,
        Some(token) => Bound::Excluded(
            base64::decode(token)
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| invalid_argument("The continuation token provided is incorrect"))?,
        ),
    };
    let mut rest = all.range::<String, _>((after, Bound::Unbounded)).map(|(_, document)| document);
    let documents: Vec<D> = rest.by_ref().take(PAGE).cloned().collect();
    let more = rest.next().is_some();
    let next = documents.last().filter(|_| more).map(|last| base64::encode(last.id().as_bytes()));
    Ok(Page { documents, next })
}

macro_rules! numbered {
    ($document:ident, $field:ident, $list:ident,
     $get:ident($get_in:ident -> $get_out:ident), $put:ident($put_in:ident -> $put_out:ident),
     $delete:ident($delete_in:ident -> $delete_out:ident), $all:ident($all_in:ident -> $all_out:ident)) => {
        pub(super) async fn $get(
            service: &Service,
            request: S3Request<dto::$get_in>,
        ) -> S3Result<S3Response<dto::$get_out>> {
            let found = get::<dto::$document>(service, &request.input.bucket, &request.input.id)?;
            ok(dto::$get_out { $field: Some(found) })
        }

        pub(super) async fn $put(
            service: &Service,
            request: S3Request<dto::$put_in>,
        ) -> S3Result<S3Response<dto::$put_out>> {
            let input = request.input;
            put(service, input.bucket, input.id, input.$field).await?;
            ok(dto::$put_out {})
        }

        pub(super) async fn $delete(
            service: &Service,
            request: S3Request<dto::$delete_in>,
        ) -> S3Result<S3Response<dto::$delete_out>> {
            delete::<dto::$document>(service, request.input.bucket, request.input.id).await?;
            Ok(S3Response::with_status(dto::$delete_out {}, http::StatusCode::NO_CONTENT))
        }

        pub(super) async fn $all(
            service: &Service,
            request: S3Request<dto::$all_in>,
        ) -> S3Result<S3Response<dto::$all_out>> {
            let input = request.input;
            let page = list::<dto::$document>(service, &input.bucket, input.continuation_token.as_deref())?;
            ok(dto::$all_out {
                $list: Some(page.documents),
                continuation_token: input.continuation_token,
                is_truncated: Some(page.next.is_some()),
                next_continuation_token: page.next,
            })
        }
    };
}

numbered!(
    InventoryConfiguration, inventory_configuration, inventory_configuration_list,
    get_inventory(GetBucketInventoryConfigurationInput -> GetBucketInventoryConfigurationOutput),
    put_inventory(PutBucketInventoryConfigurationInput -> PutBucketInventoryConfigurationOutput),
    delete_inventory(DeleteBucketInventoryConfigurationInput -> DeleteBucketInventoryConfigurationOutput),
    list_inventory(ListBucketInventoryConfigurationsInput -> ListBucketInventoryConfigurationsOutput)
);
numbered!(
    MetricsConfiguration, metrics_configuration, metrics_configuration_list,
    get_metrics(GetBucketMetricsConfigurationInput -> GetBucketMetricsConfigurationOutput),
    put_metrics(PutBucketMetricsConfigurationInput -> PutBucketMetricsConfigurationOutput),
    delete_metrics(DeleteBucketMetricsConfigurationInput -> DeleteBucketMetricsConfigurationOutput),
    list_metrics(ListBucketMetricsConfigurationsInput -> ListBucketMetricsConfigurationsOutput)
);
numbered!(
    AnalyticsConfiguration, analytics_configuration, analytics_configuration_list,
    get_analytics(GetBucketAnalyticsConfigurationInput -> GetBucketAnalyticsConfigurationOutput),
    put_analytics(PutBucketAnalyticsConfigurationInput -> PutBucketAnalyticsConfigurationOutput),
    delete_analytics(DeleteBucketAnalyticsConfigurationInput -> DeleteBucketAnalyticsConfigurationOutput),
    list_analytics(ListBucketAnalyticsConfigurationsInput -> ListBucketAnalyticsConfigurationsOutput)
);
numbered!(
    IntelligentTieringConfiguration, intelligent_tiering_configuration, intelligent_tiering_configuration_list,
    get_tiering(GetBucketIntelligentTieringConfigurationInput -> GetBucketIntelligentTieringConfigurationOutput),
    put_tiering(PutBucketIntelligentTieringConfigurationInput -> PutBucketIntelligentTieringConfigurationOutput),
    delete_tiering(DeleteBucketIntelligentTieringConfigurationInput -> DeleteBucketIntelligentTieringConfigurationOutput),
    list_tiering(ListBucketIntelligentTieringConfigurationsInput -> ListBucketIntelligentTieringConfigurationsOutput)
);
