//! What clients ask beside S3 itself, at the same address: Block Public Access of the account (S3 Control) and who
//! signs (AWS STS).
//!
//! Sources: Amazon S3 API Reference, "GetPublicAccessBlock", "PutPublicAccessBlock" and "DeletePublicAccessBlock" of
//! Amazon S3 Control; AWS Security Token Service API Reference, "GetCallerIdentity".

use std::sync::Arc;

use http::{Extensions, HeaderMap, Method, StatusCode, Uri, header};
use s3s::dto::PublicAccessBlockConfiguration;
use s3s::route::S3Route;
use s3s::xml::{Deserialize as _, Deserializer};
use s3s::{Body, S3Error, S3Request, S3Response, S3Result};
use uuid::Uuid;

use super::access::may_act;
use super::api::{Service, block_from};
use super::error::{access_denied, invalid_request, malformed_xml, refuse};
use super::people::Identity;
use super::store::blocking;
use crate::domain::public_access::BlockPublicAccess;

const ACCOUNT_BLOCK: &str = "/v20180820/configuration/publicAccessBlock";

/// Documents here are a few hundred bytes.
const MAX_BODY: usize = 16 << 10;

/// Whether errors of this address come in the wrapping that the other services have.
pub(super) fn is_beside(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    uri.path() == ACCOUNT_BLOCK || is_sts(method, uri, headers)
}

fn is_sts(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let form = "application/x-www-form-urlencoded";
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    method == Method::POST && uri.path() == "/" && kind.starts_with(form)
}

/// The services beside S3.
pub(super) struct Beside(pub(super) Arc<Service>);

#[async_trait::async_trait]
impl S3Route for Beside {
    fn is_match(&self, method: &Method, uri: &Uri, headers: &HeaderMap, _: &mut Extensions) -> bool {
        is_beside(method, uri, headers)
    }

    async fn check_access(&self, request: &mut S3Request<Body>) -> S3Result<()> {
        self.signer(request).map(|_| ())
    }

    async fn call(&self, mut request: S3Request<Body>) -> S3Result<S3Response<Body>> {
        let who = self.signer(&request)?;
        let body = request.input.store_all_limited(MAX_BODY).await;
        let body = body.map_err(|_| refuse("MaxMessageLengthExceeded", "Your request was too big."))?;
        if is_sts(&request.method, &request.uri, &request.headers) {
            return caller_identity(&who, &body);
        }
        self.account_block(&who, &request, &body).await
    }
}

impl Beside {
    fn signer(&self, request: &S3Request<Body>) -> S3Result<Arc<Identity>> {
        let key = request.credentials.as_ref().map(|credentials| credentials.access_key.as_str());
        key.and_then(|key| self.0.people.identity(key)).ok_or_else(access_denied)
    }

    async fn account_block(
        &self,
        who: &Identity,
        request: &S3Request<Body>,
        body: &[u8],
    ) -> S3Result<S3Response<Body>> {
        let account = request.headers.get("x-amz-account-id").and_then(|value| value.to_str().ok());
        match account {
            None => return Err(invalid_request("Missing required header for this request: x-amz-account-id")),
            Some(account) if account != who.account.id => return Err(access_denied()),
            Some(_) => {}
        }
        let action = match request.method {
            Method::GET => "s3:GetAccountPublicAccessBlock",
            Method::PUT | Method::DELETE => "s3:PutAccountPublicAccessBlock",
            _ => return Err(refuse("MethodNotAllowed", "The specified method is not allowed against this resource.")),
        };
        may_act(who, action)?;
        let id = &who.account.id;
        match request.method {
            Method::GET => {
                let block = self.0.accounts.block(id).ok_or_else(|| {
                    let code = "NoSuchPublicAccessBlockConfiguration";
                    refuse(code, "The public access block configuration was not found")
                })?;
                Ok(xml(&block_document(block)))
            }
            Method::PUT => {
                let wanted = read_document(body)?;
                self.keep(id, Some(block_from(&wanted)?)).await?;
                Ok(S3Response::new(Body::empty()))
            }
            _ => {
                self.keep(id, None).await?;
                Ok(S3Response::with_status(Body::empty(), StatusCode::NO_CONTENT))
            }
        }
    }

    async fn keep(&self, account_id: &str, block: Option<BlockPublicAccess>) -> S3Result<()> {
        let (service, id) = (Arc::clone(&self.0), account_id.to_owned());
        Ok(blocking(move || service.accounts.set_block(&id, block)).await?)
    }
}

fn read_document(body: &[u8]) -> S3Result<PublicAccessBlockConfiguration> {
    let mut reader = Deserializer::new(body);
    let document = PublicAccessBlockConfiguration::deserialize(&mut reader).map_err(|_| malformed_xml())?;
    reader.expect_eof().map_err(|_| malformed_xml())?;
    Ok(document)
}

fn block_document(block: BlockPublicAccess) -> String {
    let flags: String = [
        ("BlockPublicAcls", block.block_public_acls),
        ("IgnorePublicAcls", block.ignore_public_acls),
        ("BlockPublicPolicy", block.block_public_policy),
        ("RestrictPublicBuckets", block.restrict_public_buckets),
    ]
    .iter()
    .map(|(name, on)| format!("<{name}>{on}</{name}>"))
    .collect();
    format!(
        "<PublicAccessBlockConfiguration xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\">{flags}</PublicAccessBlockConfiguration>"
    )
}

fn xml(document: &str) -> S3Response<Body> {
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}");
    let mut response = S3Response::new(Body::from(text));
    response.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/xml"));
    response
}

/// Everyone may ask who they are, whatever policies say.
fn caller_identity(who: &Identity, body: &[u8]) -> S3Result<S3Response<Body>> {
    let form = String::from_utf8_lossy(body);
    let field = |name: &str| form.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
    match field("Action") {
        Some((_, "GetCallerIdentity")) => {}
        other => return Err(no_such_action(other.map_or("", |(_, action)| action))),
    }
    Ok(xml(&format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>{}</Arn><UserId>{}</UserId><Account>{}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
        who.arn,
        who.user_id,
        who.account.id,
        Uuid::new_v4()
    )))
}

fn no_such_action(name: &str) -> S3Error {
    refuse("InvalidAction", format!("Could not find operation {name} for version 2011-06-15"))
}
