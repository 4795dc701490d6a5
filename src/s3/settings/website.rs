use aws_sdk_s3::types::{
    Condition, ErrorDocument, IndexDocument, Protocol, Redirect, RedirectAllRequestsTo, RoutingRule as SdkRule,
    WebsiteConfiguration,
};

use super::{Readable, not_whole, patiently};
use crate::domain::bucket_settings::{
    self as domain, RedirectAll, RoutingCondition, RoutingRedirect, RoutingRule, Website,
};
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// How the bucket is served as a website; not set means that it is not.
pub async fn get_bucket_website(store: &Store, bucket: &str) -> Readable<Website> {
    let answer = store
        .ask("GetBucketWebsite", bucket, |client| client.get_bucket_website().bucket(bucket).send())
        .await
        .map(|answer| {
            let website = Website {
                index_document: answer.index_document.map(|index| domain::IndexDocument { suffix: index.suffix }),
                error_document: answer.error_document.map(|error| domain::ErrorDocument { key: error.key }),
                redirect_all_requests_to: answer.redirect_all_requests_to.map(|to| RedirectAll {
                    host_name: to.host_name,
                    protocol: to.protocol.map(|protocol| protocol.as_str().to_owned()),
                }),
                routing_rules: answer.routing_rules.unwrap_or_default().into_iter().map(from_sdk).collect(),
            };
            (website != Website::default()).then_some(website)
        });
    Readable::of(answer)
}

fn from_sdk(rule: SdkRule) -> RoutingRule {
    let redirect = rule.redirect.map(|to| RoutingRedirect {
        host_name: to.host_name,
        http_redirect_code: to.http_redirect_code,
        protocol: to.protocol.map(|protocol| protocol.as_str().to_owned()),
        replace_key_prefix_with: to.replace_key_prefix_with,
        replace_key_with: to.replace_key_with,
    });
    RoutingRule {
        condition: rule.condition.map(|when| RoutingCondition {
            http_error_code_returned_equals: when.http_error_code_returned_equals,
            key_prefix_equals: when.key_prefix_equals,
        }),
        redirect: redirect.unwrap_or_default(),
    }
}

fn to_sdk(rule: &RoutingRule) -> SdkRule {
    let to = &rule.redirect;
    let condition = rule.condition.as_ref().map(|when| {
        Condition::builder()
            .set_http_error_code_returned_equals(when.http_error_code_returned_equals.clone())
            .set_key_prefix_equals(when.key_prefix_equals.clone())
            .build()
    });
    let redirect = Redirect::builder()
        .set_host_name(to.host_name.clone())
        .set_http_redirect_code(to.http_redirect_code.clone())
        .set_protocol(to.protocol.as_deref().map(Protocol::from))
        .set_replace_key_prefix_with(to.replace_key_prefix_with.clone())
        .set_replace_key_with(to.replace_key_with.clone())
        .build();
    SdkRule::builder().set_condition(condition).redirect(redirect).build()
}

/// Serves the bucket as a website.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_website(store: &Store, bucket: &str, website: &Website) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketWebsite";
    let index = website.index_document.as_ref().map(|index| IndexDocument::builder().suffix(&index.suffix).build());
    let error = website.error_document.as_ref().map(|error| ErrorDocument::builder().key(&error.key).build());
    let elsewhere = website.redirect_all_requests_to.as_ref().map(|to| {
        let protocol = to.protocol.as_deref().map(Protocol::from);
        RedirectAllRequestsTo::builder().host_name(&to.host_name).set_protocol(protocol).build()
    });
    let rules: Vec<_> = website.routing_rules.iter().map(to_sdk).collect();
    let document = WebsiteConfiguration::builder()
        .set_index_document(index.transpose().map_err(not_whole(OPERATION))?)
        .set_error_document(error.transpose().map_err(not_whole(OPERATION))?)
        .set_redirect_all_requests_to(elsewhere.transpose().map_err(not_whole(OPERATION))?)
        .set_routing_rules((!rules.is_empty()).then_some(rules))
        .build();
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_website().bucket(bucket).website_configuration(document.clone()).send()
        })
    })
    .await
}

/// Serves the bucket as a website no longer.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_bucket_website(store: &Store, bucket: &str) -> Result<(), S3Error> {
    store
        .ask("DeleteBucketWebsite", bucket, |client| client.delete_bucket_website().bucket(bucket).send())
        .await
        .map(|_| ())
}
