//! Forms that a browser posts to a bucket: checked against their policy and signature, then handed on as a write.
//!
//! Source of the rules: Amazon S3 API Reference, "POST Object" and "Browser-based uploads using POST".

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use http_body_util::BodyDataStream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::auth::S3Auth;
use s3s::{Body, S3Error, S3Result};

use super::super::error::{invalid_argument, invalid_request, malformed_xml, refuse};
use super::super::refusal::{element, unescape};
use super::super::{base64, intake};
use super::multipart_form;
use super::post_policy::PostPolicy;
use super::post_reply::{Action, Reply};
use super::signing::{self, Scope};
use super::{streamed, text};

/// Keys in addresses: everything but the unreserved letters of RFC 3986, and `/`.
pub(super) const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// Fields that become the header of the same name.
const HEADERS: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-type",
    "expires",
];

/// Fields that prove who signed, and say nothing about the object.
const PROOF: &[&str] =
    &["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token"];

/// Headers of the request itself that a bucket policy may ask for.
const KEPT: &[HeaderName] = &[header::HOST, header::USER_AGENT, header::REFERER, header::ORIGIN];

/// Whether the body is a form.
pub(super) fn is_form<B>(request: &Request<B>) -> bool {
    let kind = text(request, "content-type").unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn require(&self, name: &str) -> S3Result<&str> {
        self.get(name).ok_or_else(|| {
            invalid_argument(format!(
                "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
            ))
        })
    }
}

/// Makes of a form the write that it stands for, signed like the form, and tells what its answer has to be.
pub(super) async fn into_put(
    request: Request<Body>,
    bucket: &str,
    auth: &dyn S3Auth,
) -> S3Result<(Request<Body>, Reply)> {
    let boundary = text(&request, "content-type")
        .and_then(|kind| kind.split(';').find_map(|part| part.trim().strip_prefix("boundary=")))
        .map(|boundary| boundary.trim_matches('"').to_owned())
        .filter(|boundary| !boundary.is_empty())
        .ok_or_else(|| {
            refuse("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
        })?;
    let (mut parts, body) = request.into_parts();
    let form = multipart_form::read(BodyDataStream::new(body), &boundary).await?;
    let name = form.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fields = form.fields.into_iter().map(|(field, value)| match field.as_str() {
        "policy" => (field, value),
        _ => (field, value.replace("${filename}", name)),
    });
    let fields = Fields(fields.collect());
    let key = fields.require("key")?.to_owned();
    if key.is_empty() {
        return Err(invalid_argument("User key must have a length greater than 0."));
    }
    let now = jiff::Timestamp::now();
    let signer = signer(&fields, auth, now).await?;
    let (least, most) = match fields.get("policy") {
        None => (0, None),
        Some(policy) => {
            let json = base64::decode(policy)
                .ok_or_else(|| refuse("InvalidPolicyDocument", "Invalid Policy: Invalid JSON."))?;
            let policy = PostPolicy::read(&json, now)?;
            policy.check(&fields.0, bucket)?;
            policy.sizes()
        }
    };

    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let path = format!("{}/{}", parts.uri.path().trim_end_matches('/'), utf8_percent_encode(&key, ENCODED));
    let reply = Reply {
        bucket: bucket.to_owned(),
        key,
        location: format!("http://{host}{path}"),
        action: Action::of(
            fields.get("success_action_redirect").or_else(|| fields.get("redirect")),
            fields.get("success_action_status"),
        ),
    };
    parts.method = Method::PUT;
    parts.uri = path.parse::<Uri>().map_err(|_| refuse("InvalidURI", "Couldn't parse the specified URI."))?;
    parts.headers = headers(&fields, &parts.headers)?;
    let mut put = Request::from_parts(parts, streamed(form.file.within(least, most.unwrap_or(intake::MAX_BODY))));
    if let Some(signer) = signer {
        // Required with a signature; the length itself is known when the file has come.
        put.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        signing::sign_headers(&mut put, (&signer.access_key, &signer.secret), &signer.region, now)
            .map_err(|_| bad_field())?;
    }
    Ok((put, reply))
}

fn bad_field() -> S3Error {
    invalid_argument("A form field holds letters that a header cannot have.")
}

/// Everything that the fields say about the object.
fn headers(fields: &Fields, before: &HeaderMap) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for name in KEPT {
        if let Some(value) = before.get(name) {
            headers.insert(name, value.clone());
        }
    }
    for (field, value) in &fields.0 {
        let (name, value) = match field.as_str() {
            "acl" => ("x-amz-acl", value.clone()),
            "tagging" => ("x-amz-tagging", tags(value)?),
            name if HEADERS.contains(&name) => (name, value.clone()),
            name if name.starts_with("x-amz-") && !PROOF.contains(&name) => (name, value.clone()),
            _ => continue,
        };
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad_field())?;
        headers.insert(name, HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| bad_field())?);
    }
    Ok(headers)
}

/// Tags in a form are the document of PutObjectTagging; in a header they are a query.
fn tags(document: &str) -> S3Result<String> {
    let set = element(document, "TagSet").ok_or_else(malformed_xml)?;
    let tags = set.split("<Tag>").skip(1).map(|tag| {
        let part =
            |name| element(tag, name).map(|text| utf8_percent_encode(&unescape(text), NON_ALPHANUMERIC).to_string());
        Some(format!("{}={}", part("Key")?, part("Value")?))
    });
    Ok(tags.collect::<Option<Vec<_>>>().ok_or_else(malformed_xml)?.join("&"))
}

struct Signer {
    access_key: String,
    secret: String,
    region: String,
}

/// Checks the signature of a form. `None`: nobody signed it.
async fn signer(fields: &Fields, auth: &dyn S3Auth, now: jiff::Timestamp) -> S3Result<Option<Signer>> {
    if fields.get("signature").is_some() || fields.get("awsaccesskeyid").is_some() {
        return Err(invalid_request(
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ));
    }
    if fields.get("policy").is_none() && !PROOF.iter().any(|name| fields.get(name).is_some()) {
        return Ok(None);
    }
    let policy = fields.require("policy")?;
    let named = |name: &str| fields.require(name);
    let (algorithm, credential) = (named("x-amz-algorithm")?, named("x-amz-credential")?);
    let (date, signature) = (named("x-amz-date")?, named("x-amz-signature")?);
    if algorithm != signing::ALGORITHM {
        return Err(invalid_request("Please use AWS4-HMAC-SHA256."));
    }
    let scope = Scope::parse(credential).filter(|scope| scope.service == "s3" && date.starts_with(scope.day));
    let scope = scope.ok_or_else(|| {
        invalid_argument("The Credential is malformed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\".")
    })?;
    let signed = jiff::Timestamp::strptime("%Y%m%dT%H%M%S%z", date.replace('Z', "+0000"))
        .map_err(|_| invalid_argument("X-Amz-Date must be formatted as ISO8601 basic: YYYYMMDDTHHMMSSZ"))?;
    // A week, as for the keys that signatures are made with.
    if now.duration_since(signed) > jiff::SignedDuration::from_hours(7 * 24) {
        return Err(refuse("AccessDenied", "Request has expired"));
    }
    let secret = auth.get_secret_key(scope.access_key).await?;
    if !signing::same(&scope.sign(secret.expose(), policy), signature) {
        return Err(refuse(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        ));
    }
    Ok(Some(Signer {
        access_key: scope.access_key.to_owned(),
        secret: secret.expose().to_owned(),
        region: scope.region.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("<Tagging><TagSet><Tag><Key>a b</Key><Value>1&amp;2</Value></Tag></TagSet></Tagging>", Some("a%20b=1%262"); "one tag")]
    #[test_case("<Tagging><TagSet></TagSet></Tagging>", Some(""); "none")]
    #[test_case("a=b", None; "no document")]
    #[test_case("<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", None; "no value")]
    fn tags_of_a_form(document: &str, expected: Option<&str>) {
        assert_eq!(tags(document).ok().as_deref(), expected);
    }
}
