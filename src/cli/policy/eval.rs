//! `brimful policy eval`: one request, judged.

use super::input::{self, Bucket, Source, Unusable};
use super::request::{self, Acl};
use super::{Answer, Outcome, output};
use crate::domain::arn::{bucket_arn, object_arn};
use crate::domain::permission::{Access, Layers, ObjectOwner, judge};
use crate::domain::policy::{ActionScope, ContextKeys, RequestContext, RequestPrincipal, action_scope, meant_action};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct EvalArgs {
    /// The file with the policy; - is the standard input
    #[arg(long, value_name = "FILE")]
    policy: Source,
    /// The bucket that is asked [default: the one that the policy's resources name]
    #[arg(long, value_name = "BUCKET")]
    bucket: Option<String>,
    /// What is asked for, such as s3:GetObject
    #[arg(long, value_name = "ACTION")]
    action: String,
    /// The key of the file, for actions on files
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    key: Option<String>,
    /// Who asks: anonymous, an account id (its root), an ARN, or a service such as cloudfront.amazonaws.com
    #[arg(long, value_name = "WHO", default_value = "anonymous", value_parser = request::principal)]
    principal: RequestPrincipal,
    /// The canonical user id of the account that asks, 64 hex digits
    #[arg(long, value_name = "ID", value_parser = request::canonical_id)]
    canonical_id: Option<String>,
    /// What else is known of the request, such as aws:SourceIp=203.0.113.9; given again for several values, and
    /// without a value (aws:Referer=) for an empty one
    #[arg(long, value_name = "KEY=VALUE", num_args = 1.., value_parser = request::context)]
    context: Vec<(String, String)>,
    /// The account that owns the bucket
    #[arg(long, value_name = "ACCOUNT_ID", value_parser = request::account)]
    owner: Option<String>,
    /// Block Public Access of the bucket: all, none, or the names of flags with commas between them
    #[arg(long, value_name = "FLAGS", num_args = 0..=1, default_missing_value = "all", value_parser = request::block)]
    block_public_access: Option<BlockPublicAccess>,
    /// Block Public Access of the account, written in the same way
    #[arg(long, value_name = "FLAGS", num_args = 0..=1, default_missing_value = "all", value_parser = request::block)]
    account_block_public_access: Option<BlockPublicAccess>,
    /// Object Ownership: BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter
    #[arg(long, value_name = "SETTING", value_parser = request::ownership)]
    ownership: Option<ObjectOwnership>,
    /// The access control list that the action goes by, the file's or the bucket's: a canned one such as public-read
    #[arg(long, value_name = "CANNED", value_parser = request::acl)]
    acl: Option<Acl>,
    /// Whose the file is: bucket-owner, another, or the canonical user id of an account
    #[arg(long, value_name = "WHOSE", value_parser = request::object_owner)]
    object_owner: Option<ObjectOwner>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &EvalArgs) -> Result<Answer, Unusable> {
    let resource_kind = kind(args)?;
    let policy = args.policy.policy()?;
    let bucket = input::bucket_of(&policy, args.bucket.as_deref())?;
    let request = RequestContext {
        principal: principal(args)?,
        action: args.action.clone(),
        resource: resource(&bucket, resource_kind),
        keys: keys(&args.context),
    };
    let owner_grants = args.acl.as_ref().map(|acl| acl.grants());
    let layers = Layers {
        policy: Some(&policy),
        owner_account: args.owner.as_deref(),
        organization_block: None,
        account_block: args.account_block_public_access,
        bucket_block: args.block_public_access,
        ownership: args.ownership,
        bucket_acl: owner_grants.as_ref(),
        object_acl: owner_grants.as_ref(),
        object_owner: args.object_owner.as_ref(),
    };
    let judgement = judge(&layers, &request);
    let text = if args.json { output::judgement_json(&judgement, &policy) } else { output::judgement(&judgement) };
    let outcome = match judgement.access {
        Access::Allow => Outcome::Well,
        Access::Deny => Outcome::No,
    };
    Ok(Answer { text, outcome })
}

/// What the action is about: a file by its key, or the bucket.
fn kind(args: &EvalArgs) -> Result<Option<&str>, Unusable> {
    let action = &args.action;
    let bad = |text: String| Err(Unusable::BadOption(text));
    match (action_scope(action), args.key.as_deref()) {
        (None, _) => match meant_action(action) {
            Some(meant) => bad(format!("S3 has no action {action}, {meant} may be meant")),
            None => bad(format!("S3 has no action {action}")),
        },
        (Some(ActionScope::Object), None | Some("")) => {
            bad(format!("{action} is about a file: give its key with --key"))
        }
        (Some(ActionScope::Object), Some(key)) => Ok(Some(key)),
        (Some(ActionScope::Bucket), Some(_)) => bad(format!("{action} is about the bucket, which has no --key")),
        (Some(ActionScope::Bucket), None) => Ok(None),
        (Some(ActionScope::Elsewhere), _) => {
            bad(format!("{action} is about neither a bucket nor a file, so no bucket policy decides it"))
        }
    }
}

fn principal(args: &EvalArgs) -> Result<RequestPrincipal, Unusable> {
    match (&args.principal, &args.canonical_id) {
        (RequestPrincipal::Account { account_id, arn, .. }, Some(id)) => Ok(RequestPrincipal::Account {
            account_id: account_id.clone(),
            arn: arn.clone(),
            canonical_id: Some(id.clone()),
        }),
        (_, Some(_)) => Err(Unusable::BadOption("--canonical-id is for accounts and their identities".to_owned())),
        (principal, None) => Ok(principal.clone()),
    }
}

fn resource(bucket: &Bucket, key: Option<&str>) -> String {
    match key {
        Some(key) => object_arn(bucket.partition, &bucket.name, key),
        None => bucket_arn(bucket.partition, &bucket.name),
    }
}

fn keys(context: &[(String, String)]) -> ContextKeys {
    let mut keys = ContextKeys::new();
    for (key, value) in context {
        keys.add(key, value);
    }
    keys
}
