//! What is offered at each place of a policy.

use super::super::actions::{ActionScope, known_actions};
use super::super::condition_keys::{self, Key, known_keys};
use super::super::explain::deed_of;
use super::super::{Comparison, Operator, Quantifier, Scene, Version, has_wildcard};
use super::scan::{Cursor, Role};

/// Something that may stand at the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) label: String,
    pub(super) detail: String,
}

fn offer(label: impl Into<String>, detail: impl Into<String>) -> Offer {
    Offer { label: label.into(), detail: detail.into() }
}

const DOCUMENT: [(&str, &str); 3] =
    [("Version", "the dialect, 2012-10-17"), ("Statement", "who may do what"), ("Id", "a name without effect")];

const STATEMENT: [(&str, &str); 9] = [
    ("Sid", "a name for the statement"),
    ("Effect", "allow or deny"),
    ("Principal", "who"),
    ("Action", "what they do"),
    ("Resource", "the bucket or its files"),
    ("Condition", "only if"),
    ("NotPrincipal", "everyone but"),
    ("NotAction", "everything but"),
    ("NotResource", "all but these files"),
];

const PRINCIPALS: [(&str, &str); 4] = [
    ("AWS", "an account, a user or a role"),
    ("Service", "a service of Amazon, such as CloudFront"),
    ("CanonicalUser", "an account by its canonical id"),
    ("Federated", "users of an identity provider"),
];

const SERVICES: [(&str, &str); 6] = [
    ("cloudfront.amazonaws.com", "a CloudFront distribution"),
    ("logging.s3.amazonaws.com", "server access logs"),
    ("s3.amazonaws.com", "inventory and replication reports"),
    ("delivery.logs.amazonaws.com", "logs of load balancers and VPCs"),
    ("cloudtrail.amazonaws.com", "audit logs"),
    ("config.amazonaws.com", "AWS Config"),
];

/// All that may stand at the place.
pub(super) fn offers(cursor: &Cursor, scene: &Scene<'_>, folders: &[String]) -> Vec<Offer> {
    let path: Vec<&str> = cursor.path.iter().map(String::as_str).collect();
    let list = |table: &[(&str, &str)]| table.iter().map(|(name, detail)| offer(*name, *detail)).collect::<Vec<_>>();
    let mut out = match (cursor.role, path.as_slice()) {
        (Role::Name, []) => list(&DOCUMENT),
        (Role::Name, ["Statement"]) => members(cursor),
        (Role::Name, ["Statement", "Principal" | "NotPrincipal"]) => list(&PRINCIPALS),
        (Role::Name, ["Statement", "Condition"]) => operators(),
        (Role::Name, ["Statement", "Condition", operator]) => keys(operator, cursor),
        (Role::Value, ["Version"]) => {
            vec![
                offer(Version::V2012.as_str(), "the current one"),
                offer(Version::V2008.as_str(), "the old one, without variables"),
            ]
        }
        (Role::Value, ["Statement", "Effect"]) => {
            vec![offer("Allow", "lets the request in"), offer("Deny", "refuses it, whatever else allows it")]
        }
        (Role::Value, ["Statement", "Principal" | "NotPrincipal"]) => {
            vec![offer("*", "anyone, also without sign-in")]
        }
        (Role::Value, ["Statement", "Principal" | "NotPrincipal", "AWS"]) => identities(scene),
        (Role::Value, ["Statement", "Principal" | "NotPrincipal", "Service"]) => list(&SERVICES),
        (Role::Value, ["Statement", "Action" | "NotAction"]) => actions(),
        (Role::Value, ["Statement", "Resource" | "NotResource"]) => resources(scene, folders),
        (Role::Value, ["Statement", "Condition", operator, key]) => values(operator, key, scene, folders),
        _ => Vec::new(),
    };
    out.retain(|offer| !cursor.siblings.iter().any(|sibling| sibling.eq_ignore_ascii_case(&offer.label)));
    out
}

/// Members of a statement that do not stand against one that is there.
fn members(cursor: &Cursor) -> Vec<Offer> {
    let base = |name: &str| name.strip_prefix("Not").unwrap_or(name).to_owned();
    STATEMENT
        .iter()
        .filter(|(name, _)| !cursor.siblings.iter().any(|sibling| base(sibling) == base(name)))
        .map(|(name, detail)| offer(*name, *detail))
        .collect()
}

fn identities(scene: &Scene<'_>) -> Vec<Offer> {
    let mut out = vec![offer("*", "anyone, also without sign-in")];
    if let Some(owner) = scene.owner {
        let arn = |rest: &str| format!("arn:{}:iam::{owner}:{rest}", scene.partition);
        out.push(offer(arn("root"), "the bucket's own account"));
        out.push(offer(arn("role/"), "a role of the account, its name to be added"));
        out.push(offer(arn("user/"), "a user of the account, its name to be added"));
    }
    out
}

fn actions() -> Vec<Offer> {
    let everyday = ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject", "s3:*"];
    let detail = |action: &str, scope: ActionScope| match (deed_of(action), scope) {
        (Some(deed), ActionScope::Object) => format!("{} files", deed.words().to_string().trim()),
        (Some(deed), _) => deed.words().to_string(),
        (None, ActionScope::Object) => "works on files".to_owned(),
        (None, _) => "works on the bucket".to_owned(),
    };
    let known: Vec<Offer> = known_actions()
        .filter(|(_, scope)| *scope != ActionScope::Elsewhere)
        .map(|(name, scope)| {
            let action = format!("s3:{name}");
            let detail = detail(&action, scope);
            offer(action, detail)
        })
        .collect();
    let mut out: Vec<Offer> = everyday
        .iter()
        .map(|action| {
            known.iter().find(|offer| offer.label == *action).cloned().unwrap_or_else(|| offer(*action, "everything"))
        })
        .collect();
    out.extend(known.into_iter().filter(|offer| !everyday.contains(&offer.label.as_str())));
    out
}

fn resources(scene: &Scene<'_>, folders: &[String]) -> Vec<Offer> {
    let mut out =
        vec![offer(scene.object_arn("*"), "every file"), offer(scene.bucket_arn(), "the bucket itself, for listing")];
    out.extend(
        folders.iter().map(|folder| offer(scene.object_arn(&format!("{folder}*")), format!("files under {folder}"))),
    );
    out
}

fn operators() -> Vec<Offer> {
    let first = ["StringEquals", "StringLike", "Bool", "IpAddress", "ArnLike", "NumericLessThan", "Null"];
    let mut plain: Vec<Operator> = Operator::plain().collect();
    let place = |operator: &Operator| {
        let name = operator.to_string();
        first.iter().position(|known| *known == name).unwrap_or(first.len())
    };
    plain.sort_by_key(place);
    let many = |quantifier| {
        [Comparison::StringEquals, Comparison::StringLike]
            .map(|comparison| Operator { quantifier: Some(quantifier), ..Operator::new(comparison) })
    };
    let if_exists = plain
        .iter()
        .filter(|operator| operator.comparison != Comparison::Null)
        .map(|operator| Operator { if_exists: true, ..*operator })
        .collect::<Vec<_>>();
    plain
        .into_iter()
        .chain(many(Quantifier::ForAnyValue))
        .chain(many(Quantifier::ForAllValues))
        .chain(if_exists)
        .map(|operator| offer(operator.to_string(), operator_detail(operator)))
        .collect()
}

fn operator_detail(operator: Operator) -> String {
    let what = match operator.comparison {
        Comparison::StringEquals => "the same text",
        Comparison::StringEqualsIgnoreCase => "the same text, in capitals or not",
        Comparison::StringLike => "a text with * and ?",
        Comparison::NumericEquals => "the same number",
        Comparison::NumericLessThan => "a smaller number",
        Comparison::NumericLessThanEquals => "a smaller number or the same",
        Comparison::NumericGreaterThan => "a greater number",
        Comparison::NumericGreaterThanEquals => "a greater number or the same",
        Comparison::DateEquals => "the same time",
        Comparison::DateLessThan => "an earlier time",
        Comparison::DateLessThanEquals => "an earlier time or the same",
        Comparison::DateGreaterThan => "a later time",
        Comparison::DateGreaterThanEquals => "a later time or the same",
        Comparison::Bool => "true or false",
        Comparison::BinaryEquals => "the same bytes",
        Comparison::IpAddress => "an address in a range",
        Comparison::ArnEquals | Comparison::ArnLike => "an ARN with * and ?",
        Comparison::Null => "the key is missing (true) or there (false)",
    };
    let not = if operator.negated { "not " } else { "" };
    let absent = match (operator.if_exists, operator.quantifier) {
        (true, _) => ", or the key is missing",
        (false, Some(Quantifier::ForAllValues)) => ", for every value, also for none",
        (false, Some(Quantifier::ForAnyValue)) => ", for one of several values",
        (false, None) if operator.negated => "; also when the key is missing",
        (false, None) => "",
    };
    format!("{not}{what}{absent}")
}

/// What most policies need.
const COMMON: &[(&str, &str)] = &[
    ("aws:SecureTransport", "over HTTPS"),
    ("aws:SourceIp", "the address the request comes from"),
    ("aws:PrincipalOrgID", "the organization of whoever asks"),
    ("aws:SourceArn", "what a service acts for"),
    ("aws:SourceAccount", "the account a service acts for"),
    ("aws:SourceVpce", "the VPC endpoint it comes through"),
    ("aws:SourceVpc", "the VPC it comes from"),
    ("aws:PrincipalArn", "the user or role that asks"),
    ("aws:PrincipalAccount", "the account of whoever asks"),
    ("aws:PrincipalTag/", "a tag of whoever asks"),
    ("aws:Referer", "the page that asks; easily faked"),
    ("aws:UserAgent", "the program that asks; easily faked"),
    ("aws:CurrentTime", "when the request comes"),
    ("aws:ViaAWSService", "a service passes on somebody's request"),
    ("aws:MultiFactorAuthPresent", "signed in with a second factor"),
    ("s3:prefix", "what is to be listed"),
    ("s3:delimiter", "how a listing is cut into folders"),
    ("s3:max-keys", "how many are listed at once"),
    ("s3:x-amz-acl", "the access list an upload asks for"),
    ("s3:x-amz-server-side-encryption", "the encryption an upload asks for"),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", "the key an upload is encrypted with"),
    ("s3:x-amz-storage-class", "the storage class an upload asks for"),
    ("s3:ExistingObjectTag/", "a tag of the file"),
    ("s3:RequestObjectTag/", "a tag an upload brings"),
    ("s3:TlsVersion", "the version of the encryption on the way"),
    ("s3:signatureAge", "how old a signed link is, in milliseconds"),
    ("s3:authType", "how the request is signed"),
    ("s3:if-none-match", "an upload that must not overwrite"),
    ("s3:versionid", "the version asked for"),
];

/// Keys, those that all actions of the statement have before those that some lack, and of these the
/// ones the operator is made for first.
fn keys(operator: &str, cursor: &Cursor) -> Vec<Offer> {
    let comparison = Operator::parse(operator).map(|operator| operator.comparison);
    let named: Vec<&str> = cursor
        .actions
        .iter()
        .filter(|action| !has_wildcard(action))
        .filter_map(|action| action.split_once(':').map(|(_, name)| name))
        .collect();
    let mut out: Vec<((bool, bool, usize), Offer)> = known_keys()
        .map(|key| {
            let whole = if key.ends_with('/') { format!("{key}x") } else { key.to_owned() };
            let lacking = match condition_keys::look_up(&whole) {
                Key::Only(has) => named.iter().find(|action| !has(action)).copied(),
                _ => None,
            };
            let common = COMMON.iter().position(|(name, _)| *name == key);
            let detail = match (lacking, common.and_then(|at| COMMON.get(at))) {
                (Some(action), _) => format!("not for s3:{action}"),
                (None, Some((_, detail))) => (*detail).to_owned(),
                (None, None) => String::new(),
            };
            let fits = comparison.is_none_or(|comparison| fits(comparison, key));
            ((lacking.is_some(), !fits, common.unwrap_or(COMMON.len())), offer(key, detail))
        })
        .collect();
    out.sort_by_key(|(order, _)| *order);
    out.into_iter().map(|(_, offer)| offer).collect()
}

/// Whether the comparison is made for values of the key.
fn fits(comparison: Comparison, key: &str) -> bool {
    let truth = [
        "aws:SecureTransport",
        "aws:ViaAWSService",
        "aws:MultiFactorAuthPresent",
        "aws:PrincipalIsAWSService",
        "s3:ObjectCreationOperation",
    ];
    let number = [
        "s3:TlsVersion",
        "s3:max-keys",
        "s3:signatureAge",
        "aws:MultiFactorAuthAge",
        "aws:EpochTime",
        "s3:object-lock-remaining-retention-days",
    ];
    let date = ["aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime", "s3:object-lock-retain-until-date"];
    let address = ["aws:SourceIp", "aws:VpcSourceIp", "aws:Ec2InstanceSourcePrivateIPv4"];
    let arn = [
        "aws:SourceArn",
        "aws:PrincipalArn",
        "s3:DataAccessPointArn",
        "s3:AccessGrantsInstanceArn",
        "aws:SourceVpcArn",
    ];
    let key = |list: &[&str]| list.contains(&key);
    match comparison {
        Comparison::Null => true,
        Comparison::Bool => key(&truth),
        Comparison::IpAddress => key(&address),
        Comparison::ArnEquals | Comparison::ArnLike => key(&arn),
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => key(&number),
        Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => key(&date),
        Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::BinaryEquals => !key(&truth) && !key(&number) && !key(&date) && !key(&address),
    }
}

fn values(operator: &str, key: &str, scene: &Scene<'_>, folders: &[String]) -> Vec<Offer> {
    let comparison = Operator::parse(operator).map(|operator| operator.comparison);
    if matches!(comparison, Some(Comparison::Bool | Comparison::Null)) {
        return vec![offer("true", ""), offer("false", "")];
    }
    let plain = |list: &[&str]| list.iter().map(|value| offer(*value, "")).collect::<Vec<_>>();
    match key.to_ascii_lowercase().as_str() {
        "s3:prefix" => {
            folders.iter().map(|folder| offer(format!("{folder}*"), format!("what starts with {folder}"))).collect()
        }
        "s3:delimiter" => vec![offer("/", "folders")],
        "s3:tlsversion" => plain(&["1.2", "1.3"]),
        "s3:x-amz-acl" => plain(&[
            "private",
            "public-read",
            "bucket-owner-full-control",
            "bucket-owner-read",
            "authenticated-read",
            "public-read-write",
        ]),
        "s3:x-amz-server-side-encryption" => {
            vec![
                offer("AES256", "keys of S3's own"),
                offer("aws:kms", "a key of KMS"),
                offer("aws:kms:dsse", "twice by a key of KMS"),
            ]
        }
        "s3:x-amz-storage-class" => plain(&[
            "STANDARD",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE",
        ]),
        "s3:authtype" => plain(&["REST-HEADER", "REST-QUERY-STRING", "POST"]),
        "s3:signatureversion" => plain(&["AWS4-HMAC-SHA256"]),
        "aws:sourceaccount" | "aws:principalaccount" | "aws:resourceaccount" | "s3:resourceaccount" => {
            scene.owner.map(|owner| offer(owner, "the bucket's own account")).into_iter().collect()
        }
        "aws:sourcearn" => {
            let account = scene.owner.unwrap_or_default();
            let distribution = format!("arn:{}:cloudfront::{account}:distribution/", scene.partition);
            vec![
                offer(distribution, "a CloudFront distribution, its id to be added"),
                offer(scene.bucket_arn(), "this bucket"),
            ]
        }
        _ => Vec::new(),
    }
}
