//! Where a bucket answers, worked out once.
//!
//! The SDK asks its rules twice for each request and remembers the last answer, but together with the key: for the
//! next file it works the same address out anew. The rules never look at the key, the prefix or the source of a copy.

use std::sync::{PoisonError, RwLock};

use aws_sdk_s3::config::endpoint::{DefaultResolver, Endpoint, EndpointFuture, Params, ResolveEndpoint};

/// The SDK's rules, and their last answer.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    rules: DefaultResolver,
    last: RwLock<Option<(Params, Endpoint)>>,
}

impl Endpoints {
    fn remembered(&self, params: &Params) -> Option<Endpoint> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|(of, _)| are_of_one_place(of, params)).map(|(_, endpoint)| endpoint.clone())
    }
}

impl ResolveEndpoint for Endpoints {
    fn resolve_endpoint<'a>(&'a self, params: &'a Params) -> EndpointFuture<'a> {
        if let Some(endpoint) = self.remembered(params) {
            return EndpointFuture::ready(Ok(endpoint));
        }
        EndpointFuture::new(async move {
            let found = ResolveEndpoint::resolve_endpoint(&self.rules, params).await?;
            let last = Some((params.clone(), found.clone()));
            *self.last.write().unwrap_or_else(PoisonError::into_inner) = last;
            Ok(found)
        })
    }
}

/// Whether everything is the same that the rules look at.
fn are_of_one_place(one: &Params, other: &Params) -> bool {
    one.bucket() == other.bucket()
        && one.region() == other.region()
        && one.endpoint() == other.endpoint()
        && one.force_path_style() == other.force_path_style()
        && one.use_fips() == other.use_fips()
        && one.use_dual_stack() == other.use_dual_stack()
        && one.accelerate() == other.accelerate()
        && one.use_global_endpoint() == other.use_global_endpoint()
        && one.use_object_lambda_endpoint() == other.use_object_lambda_endpoint()
        && one.disable_access_points() == other.disable_access_points()
        && one.disable_multi_region_access_points() == other.disable_multi_region_access_points()
        && one.use_arn_region() == other.use_arn_region()
        && one.use_s3_express_control_endpoint() == other.use_s3_express_control_endpoint()
        && one.disable_s3_express_session_auth() == other.disable_s3_express_session_auth()
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::config::endpoint::ParamsBuilder;

    use super::*;

    fn of(bucket: &str, key: &str) -> ParamsBuilder {
        Params::builder().region("eu-west-1").bucket(bucket).key(key)
    }

    #[tokio::test]
    async fn it_answers_as_the_rules_do() {
        let endpoints = Endpoints::default();
        let asked = [
            of("pictures", "a.jpg"),
            of("pictures", "b.jpg"),
            of("others", "b.jpg"),
            of("pictures", "b.jpg").region("us-east-2"),
            of("pictures", "b.jpg").force_path_style(true),
            of("pictures", "b.jpg").use_dual_stack(true),
            of("pictures", "b.jpg").use_fips(true),
            of("pictures", "b.jpg").accelerate(true),
            of("pictures", "b.jpg").endpoint("http://127.0.0.1:9000"),
            of("pictures--use1-az4--x-s3", "b.jpg"),
            of("pictures--use1-az4--x-s3", "b.jpg").use_s3_express_control_endpoint(true),
            of("pictures--use1-az4--x-s3", "b.jpg").disable_s3_express_session_auth(true),
            of("pictures", "b.jpg"),
        ];
        for params in asked.map(|params| params.build().unwrap()) {
            let rules = ResolveEndpoint::resolve_endpoint(&DefaultResolver::new(), &params).await.unwrap();
            for _ in 0..2 {
                let found = endpoints.resolve_endpoint(&params).await.unwrap();
                assert_eq!(found, rules, "{params:?}");
            }
        }
    }

    #[tokio::test]
    async fn another_key_of_the_bucket_is_not_asked_about_again() {
        let endpoints = Endpoints::default();
        endpoints.resolve_endpoint(&of("pictures", "a.jpg").build().unwrap()).await.unwrap();
        assert!(endpoints.remembered(&of("pictures", "b.jpg").prefix("p/").build().unwrap()).is_some());
        assert!(endpoints.remembered(&of("others", "a.jpg").build().unwrap()).is_none());
    }

    #[tokio::test]
    async fn what_the_rules_refuse_is_refused_each_time() {
        let endpoints = Endpoints::default();
        endpoints.resolve_endpoint(&of("pictures", "a.jpg").build().unwrap()).await.unwrap();
        let both = of("pictures", "a.jpg").accelerate(true).force_path_style(true).build().unwrap();
        for _ in 0..2 {
            assert!(endpoints.resolve_endpoint(&both).await.is_err());
        }
    }
}
