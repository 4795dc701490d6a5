//! Which store a command talks to: the options that name it, and what environment and profiles say.

use crate::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use crate::s3::connect::connect;
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// The options of every command that asks a store. Credentials come from the environment, a profile, or the computer's
/// own role, as for the AWS CLI; none is ever taken from an option.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Options {
    /// A profile of the shared AWS configuration files
    #[arg(long, value_name = "NAME", conflicts_with = "no_sign_request")]
    profile: Option<String>,
    /// A store other than Amazon S3 [default: AWS_ENDPOINT_URL_S3, else Amazon S3]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The region [default: AWS_REGION, else the profile's, else us-east-1]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Put the bucket into the path of the address (with --endpoint-url; the default there)
    #[arg(long, overrides_with = "virtual_hosted")]
    path_style: bool,
    /// Put the bucket before the host of the address (with --endpoint-url)
    #[arg(long)]
    virtual_hosted: bool,
    /// Ask as a stranger, without credentials
    #[arg(long)]
    no_sign_request: bool,
}

impl Options {
    /// The endpoint, where one is named.
    pub(super) fn endpoint(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }

    pub(super) fn target(&self) -> Target {
        let region = self.region.clone().unwrap_or_default();
        let sign_in = match &self.profile {
            _ if self.no_sign_request => SignIn::Anonymous,
            Some(name) => SignIn::Profile { name: name.clone() },
            None => SignIn::Environment,
        };
        // The SDK reads its surroundings only where somebody signs in by them.
        let endpoint = self.endpoint_url.clone().or_else(|| surroundings().filter(|_| self.no_sign_request));
        match &endpoint {
            None => Target::Amazon { region, sign_in },
            Some(endpoint) => Target::Store(StoreTarget {
                preset: "custom".to_owned(),
                endpoint: endpoint.clone(),
                region,
                addressing: if self.virtual_hosted { Addressing::VirtualHosted } else { Addressing::Path },
                checksums: ChecksumMode::WhenRequired,
                sign_in,
                public_base_url: None,
            }),
        }
    }

    /// A store that is ready to be asked.
    ///
    /// # Errors
    /// An address that cannot be used.
    pub(super) async fn connect(&self) -> Result<Store, S3Error> {
        connect_to(self.target()).await
    }
}

/// The endpoint that the environment names.
fn surroundings() -> Option<String> {
    let names = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
    names.iter().find_map(|name| std::env::var(name).ok().filter(|url| !url.is_empty()))
}

/// A store that is ready to be asked.
///
/// # Errors
/// An address that cannot be used.
pub(super) async fn connect_to(target: Target) -> Result<Store, S3Error> {
    let connection = Connection {
        id: ConnectionId::random(),
        name: "command line".to_owned(),
        target,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    Box::pin(connect(&connection, None, None)).await
}
