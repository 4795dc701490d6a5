//! Block Public Access of the whole account.

use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_sdk_s3control::{Client, types::PublicAccessBlockConfiguration};

use super::Readable;
use crate::domain::public_access::BlockPublicAccess;
use crate::s3::error::{Kind, S3Error};
use crate::s3::identity;
use crate::s3::store::{Family, Store};

/// One address, whatever the account: the SDK would put the account's number before it, which only Amazon's own names
/// can lead to.
#[derive(Debug)]
struct At(String);

impl ResolveEndpoint for At {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

fn client(store: &Store) -> Option<Client> {
    let config = store.beside()?;
    let mut builder = aws_sdk_s3control::config::Builder::from(config);
    if let (Family::Practice, Some(endpoint)) = (store.info().family, &store.info().endpoint) {
        builder = builder.endpoint_resolver(At(endpoint.clone()));
    }
    Some(Client::from_conf(builder.build()))
}

/// The account's Block Public Access, which wins over the bucket's. `None` where there are no accounts to ask (stores
/// other than Amazon's and practice storage, and without a sign-in).
pub async fn get_account_public_access_block(store: &Store) -> Option<Readable<BlockPublicAccess>> {
    const OPERATION: &str = "GetAccountPublicAccessBlock";
    let client = client(store)?;
    let account = match identity::account(store).await? {
        Ok(account) => account,
        Err(error) => return Some(Readable::MayNotRead(error)),
    };
    let answer = client.get_public_access_block().account_id(account).send().await;
    let answer = answer.map_err(|error| S3Error::from_sdk(OPERATION, error).about_endpoint(store.address()));
    let answer = answer.map(|answer| {
        answer.public_access_block_configuration.map(|flags| BlockPublicAccess {
            block_public_acls: flags.block_public_acls.unwrap_or(false),
            ignore_public_acls: flags.ignore_public_acls.unwrap_or(false),
            block_public_policy: flags.block_public_policy.unwrap_or(false),
            restrict_public_buckets: flags.restrict_public_buckets.unwrap_or(false),
        })
    });
    Some(Readable::of(answer))
}

/// Sets all four flags for every bucket of the account.
///
/// # Errors
/// [`Kind::NotOffered`] where there are no accounts to ask, and whatever the service says.
pub async fn put_account_public_access_block(store: &Store, block: BlockPublicAccess) -> Result<(), S3Error> {
    const OPERATION: &str = "PutAccountPublicAccessBlock";
    let (Some(client), Some(account)) = (client(store), identity::account(store).await) else {
        return Err(S3Error::new(OPERATION, Kind::NotOffered).about_endpoint(store.address()));
    };
    let flags = PublicAccessBlockConfiguration::builder()
        .block_public_acls(block.block_public_acls)
        .ignore_public_acls(block.ignore_public_acls)
        .block_public_policy(block.block_public_policy)
        .restrict_public_buckets(block.restrict_public_buckets)
        .build();
    let request = client.put_public_access_block().account_id(account?).public_access_block_configuration(flags);
    let answer = request.send().await;
    answer.map(|_| ()).map_err(|error| S3Error::from_sdk(OPERATION, error).about_endpoint(store.address()))
}
