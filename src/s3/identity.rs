//! Who is signed in, on Amazon and in practice storage.

use aws_credential_types::provider::ProvideCredentials as _;

use super::{error::S3Error, store::Store};

/// Who signs the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// The ARN of the user or of the session of a role.
    pub arn: String,
}

impl Identity {
    /// What a person would call it: `user/web-uploader`, `role Photos`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.arn.rsplit_once(':').map_or(self.arn.as_str(), |(_, name)| name)
    }
}

/// Asks AWS STS; `None` where there is no such service (other stores, no sign-in).
pub async fn get_caller_identity(store: &Store) -> Option<Result<Identity, S3Error>> {
    let config = store.beside()?;
    let client = aws_sdk_sts::Client::new(config);
    let answer = client.get_caller_identity().send().await;
    Some(
        answer
            .map(|who| Identity { account: who.account.unwrap_or_default(), arn: who.arn.unwrap_or_default() })
            .map_err(|error| S3Error::from_sdk("GetCallerIdentity", error).about_endpoint("AWS STS")),
    )
}

/// The ID of the access key that signs, for telling who changed what; `None` without a sign-in. Never the secret.
pub async fn access_key_id(store: &Store) -> Option<String> {
    let credentials = store.credentials()?.provide_credentials().await.ok()?;
    Some(credentials.access_key_id().to_owned())
}

/// The account that is signed in to, asked once for each store.
pub(super) async fn account(store: &Store) -> Option<Result<String, S3Error>> {
    if let Some(known) = store.account_cell().get() {
        return Some(Ok(known.clone()));
    }
    let answer = get_caller_identity(store).await?;
    Some(answer.map(|who| {
        // Two askers at once get the same answer; whoever is second has nothing to add.
        store.account_cell().set(who.account.clone()).ok();
        who.account
    }))
}
