//! What the headers of a write say about the object.

use std::collections::BTreeMap;

use http::HeaderMap;
use s3s::{S3Request, S3Result, dto};

use super::super::access::{Caller, Holder};
use super::super::acl::{Acl, Parties};
use super::super::checksum::{Algorithm, Checksum, Kind};
use super::super::error::{access_denied, detailed, invalid_argument, invalid_request, refuse};
use super::super::people::{Account, People};
use super::super::store::buckets::{Bucket, Config};
use super::super::store::versions::{Encryption, Meta, Tags};
use super::{Service, tags};
use crate::domain::public_access::ObjectOwnership;

/// User metadata may have this many bytes, names and values together (Amazon S3 User Guide, "Working with object
/// metadata").
const MAX_USER_METADATA: usize = 2048;

/// The storage classes that an object can be put in.
const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];

/// A header as text: UTF-8 where it is, Latin-1 otherwise.
pub(super) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let bytes = headers.get(name)?.as_bytes();
    Some(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    })
}

/// Who writes an object, and whose bucket it goes to.
pub(super) struct Writer<'a> {
    pub(super) account: Account,
    pub(super) holder: Holder,
    pub(super) people: &'a People,
}

impl<'a> Writer<'a> {
    pub(super) fn of<T>(service: &'a Service, bucket: &Bucket, request: &S3Request<T>) -> Self {
        let account = super::caller(request).map_or_else(Account::nobody, Caller::account);
        Self { account, holder: service.holder(bucket), people: &service.people }
    }
}

/// Reads everything that a write says about its object besides the bytes.
pub(super) fn describe(
    writer: &Writer<'_>,
    bucket: &Bucket,
    headers: &HeaderMap,
    user: Option<dto::Metadata>,
) -> S3Result<(Meta, Tags)> {
    let config = &bucket.config;
    let text = |name: &str| text(headers, name);
    let user: BTreeMap<String, String> = user.into_iter().flatten().collect();
    let size: usize = user.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MAX_USER_METADATA {
        return Err(detailed(
            refuse("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"),
            &[("Size", size.to_string()), ("MaxSizeAllowed", MAX_USER_METADATA.to_string())],
        ));
    }
    let website_redirect = text("x-amz-website-redirect-location");
    if let Some(to) = &website_redirect
        && !["/", "http://", "https://"].iter().any(|start| to.starts_with(start))
    {
        return Err(refuse(
            "InvalidRedirectLocation",
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
        ));
    }
    let storage_class = match text("x-amz-storage-class") {
        Some(class) if !STORAGE_CLASSES.contains(&class.as_str()) => {
            return Err(detailed(
                refuse("InvalidStorageClass", "The storage class you specified is not valid"),
                &[("StorageClassRequested", class)],
            ));
        }
        class => class.filter(|class| class != "STANDARD"),
    };
    let content_encoding = text("content-encoding").and_then(|value| {
        // `aws-chunked` describes the transfer, not the object.
        let kept: Vec<_> = value.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
        Some(kept.join(",")).filter(|kept| !kept.is_empty())
    });
    let (owner, acl) = ownership(writer, config, headers)?;
    let meta = Meta {
        content_type: text("content-type").filter(|value| !value.is_empty()),
        content_encoding,
        content_language: text("content-language"),
        content_disposition: text("content-disposition"),
        cache_control: text("cache-control"),
        expires: text("expires"),
        website_redirect,
        storage_class,
        user,
        encryption: encryption(&writer.holder.account, bucket, headers)?,
        acl,
        owner,
        lock: super::lock::from_headers(config, headers)?,
        ..Meta::default()
    };
    let tags = match text("x-amz-tagging") {
        None => Tags::new(),
        Some(value) => tags::from_header(&value)?,
    };
    Ok((meta, tags))
}

/// The encryption that an object is told to have: as asked, or else the default of its bucket.
fn encryption(account: &Account, bucket: &Bucket, headers: &HeaderMap) -> S3Result<Option<Encryption>> {
    customer_key(headers)?;
    let key_id = text(headers, "x-amz-server-side-encryption-aws-kms-key-id");
    let bucket_key = text(headers, "x-amz-server-side-encryption-bucket-key-enabled")
        .map(|value| match value.to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(invalid_argument("x-amz-server-side-encryption-bucket-key-enabled must be true or false.")),
        })
        .transpose()?;
    let full = |key_id: Option<String>| Some(key_arn(account, &bucket.region, key_id.as_deref()));
    match text(headers, "x-amz-server-side-encryption").as_deref() {
        None | Some("AES256") if key_id.is_some() => Err(argument(
            "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
            "x-amz-server-side-encryption",
            text(headers, "x-amz-server-side-encryption"),
        )),
        Some("AES256") => Ok(None),
        Some(algorithm @ ("aws:kms" | "aws:kms:dsse")) => {
            Ok(Some(Encryption { algorithm: algorithm.to_owned(), key_id: full(key_id), bucket_key }))
        }
        Some(other) => Err(argument(
            "The encryption method specified is not supported",
            "x-amz-server-side-encryption",
            Some(other.to_owned()),
        )),
        None => {
            let rule = bucket.config.encryption.as_ref().and_then(|encryption| encryption.rules.first());
            let default = rule.and_then(|rule| rule.apply_server_side_encryption_by_default.as_ref());
            Ok(default.filter(|default| default.sse_algorithm.as_str() != "AES256").map(|default| Encryption {
                algorithm: default.sse_algorithm.as_str().to_owned(),
                key_id: full(default.kms_master_key_id.clone()),
                bucket_key: bucket_key.or_else(|| rule.and_then(|rule| rule.bucket_key_enabled)),
            }))
        }
    }
}

/// An `InvalidArgument` that names its header.
fn argument(message: &'static str, name: &str, value: Option<String>) -> s3s::S3Error {
    let value = value.unwrap_or_else(|| "null".to_owned());
    detailed(invalid_argument(message), &[("ArgumentName", name.to_owned()), ("ArgumentValue", value)])
}

/// The ARN of a key: answers never show a shorter name. Without a name it is the key that AWS keeps for S3.
fn key_arn(account: &Account, region: &str, key_id: Option<&str>) -> String {
    match key_id {
        Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
        Some(alias) if alias.starts_with("alias/") => format!("arn:aws:kms:{region}:{}:{alias}", account.id),
        Some(id) => format!("arn:aws:kms:{region}:{}:key/{id}", account.id),
        None => format!("arn:aws:kms:{region}:{}:alias/aws/s3", account.id),
    }
}

/// The ETag of bytes that came in one piece: their MD5, unless a key of KMS encrypts them (Amazon S3 API Reference,
/// "Object").
pub(super) fn etag_of(meta: &Meta, md5: String) -> String {
    match meta.encryption {
        None => md5,
        Some(_) => uuid::Uuid::new_v4().simple().to_string(),
    }
}

/// Keys of the customer's own travel in headers, so S3 refuses them on a connection that is not encrypted.
pub(super) fn customer_key(headers: &HeaderMap) -> S3Result<()> {
    let used = headers.keys().any(|name| name.as_str().contains("server-side-encryption-customer-"));
    if used {
        return Err(invalid_request(
            "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
        ));
    }
    Ok(())
}

/// The owner of a new object (`None`: that of its bucket), and the ACL that the write asks for, if the bucket has ACLs
/// and lets it be public. Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs".
fn ownership(writer: &Writer<'_>, config: &Config, headers: &HeaderMap) -> S3Result<(Option<Account>, Option<Acl>)> {
    let acls_count = config.ownership().acls_count();
    let bucket_owner = &writer.holder.account;
    let foreign = acls_count && writer.account != *bucket_owner;
    let owner = foreign.then(|| writer.account.clone());
    let parties = Parties {
        owner: &owner.as_ref().unwrap_or(bucket_owner).canonical_id,
        bucket_owner: &bucket_owner.canonical_id,
        knows: &|id| writer.people.knows(id),
    };
    let Some(asked) = Acl::from_headers(headers, &parties)? else { return Ok((owner, None)) };
    if !acls_count {
        return if asked.owner_only_form { Ok((None, None)) } else { Err(no_acls()) };
    }
    if asked.acl.grants().is_public() && writer.holder.block_of(config.block()).block_public_acls {
        return Err(access_denied());
    }
    if asked.hands_over && config.ownership() == ObjectOwnership::BucketOwnerPreferred {
        return Ok((None, None));
    }
    Ok((owner, Some(asked.acl)))
}

pub(super) fn no_acls() -> s3s::S3Error {
    refuse("AccessControlListNotSupported", "The bucket does not allow ACLs")
}

/// The name that an answer gives to the encryption of an object: S3 encrypts all of them.
pub(super) fn encryption_name(meta: &Meta) -> dto::ServerSideEncryption {
    let name = meta.encryption.as_ref().map_or("AES256", |encryption| encryption.algorithm.as_str());
    dto::ServerSideEncryption::from(name.to_owned())
}

/// A checksum spread over the fields of an answer.
#[derive(Default)]
pub(super) struct ChecksumFields {
    pub(super) crc32: Option<String>,
    pub(super) crc32c: Option<String>,
    pub(super) crc64nvme: Option<String>,
    pub(super) sha1: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) kind: Option<dto::ChecksumType>,
}

impl ChecksumFields {
    pub(super) fn of(checksum: Option<&Checksum>) -> Self {
        let Some(checksum) = checksum else { return Self::default() };
        let mut fields = Self::value(checksum.algorithm, Some(&checksum.value));
        fields.kind = Some(kind(checksum.kind));
        fields
    }

    /// As [`ChecksumFields::of`], without the kind.
    pub(super) fn value(algorithm: Algorithm, value: Option<&str>) -> Self {
        let mut fields = Self::default();
        let field = match algorithm {
            Algorithm::Crc32 => &mut fields.crc32,
            Algorithm::Crc32c => &mut fields.crc32c,
            Algorithm::Crc64Nvme => &mut fields.crc64nvme,
            Algorithm::Sha1 => &mut fields.sha1,
            Algorithm::Sha256 => &mut fields.sha256,
        };
        *field = value.map(str::to_owned);
        fields
    }
}

pub(super) fn kind(kind: Kind) -> dto::ChecksumType {
    dto::ChecksumType::from_static(kind.name())
}

pub(super) fn algorithm(algorithm: Algorithm) -> dto::ChecksumAlgorithm {
    dto::ChecksumAlgorithm::from_static(algorithm.name())
}
