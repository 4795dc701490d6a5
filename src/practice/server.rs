//! Starting, serving and stopping.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use s3s::auth::{S3Auth, SecretKey};
use s3s::service::S3ServiceBuilder;
use s3s::{S3Result, validation::NameValidation};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::access::Gate;
use super::api::{Account, Api, Service};
use super::error::{PracticeError, refuse};
use super::front::{Front, LocalHost};
use super::home::{Credentials, Home};
use super::store::Store;

/// A client that is silent for this long before its request is complete in its headers is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Requests under way may take this long when the store stops.
const GRACE: Duration = Duration::from_secs(5);

/// Where a practice store lives.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder; made where it is missing, readable by its owner only.
    pub dir: PathBuf,
    /// The port on 127.0.0.1. `None`: the one that the folder had last time, or else any free one.
    pub port: Option<u16>,
}

/// A running practice store. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    credentials: Credentials,
    account_id: String,
    dir: PathBuf,
    moved_from: Option<u16>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// The region that signs requests and that new buckets are in unless they ask for another.
    pub const REGION: &str = "us-east-1";

    /// Starts a store on the current tokio runtime.
    ///
    /// # Errors
    /// [`PracticeError::InUse`] when another process serves the folder, [`PracticeError::PortTaken`] when the port
    /// asked for is taken, and the others when the folder or its metadata cannot be used.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        let dir = options.dir.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let home = Home::open(&dir)?;
            let credentials = home.credentials()?;
            let store = Store::open(&home.dir)?;
            Ok::<_, PracticeError>((home, credentials, store))
        });
        let (home, credentials, store) =
            opened.await.map_err(|error| PracticeError::Listen(io::Error::other(error)))??;
        let (listener, moved_from) = listen(&home, options.port).await?;
        let address = listener.local_addr().map_err(PracticeError::Listen)?;
        if moved_from.is_none() {
            home.remember_port(address.port())?;
        }

        let account = Account::of(&credentials.access_key_id);
        let account_id = account.id.clone();
        let service = Arc::new(Service { store: Arc::new(store), account });
        let mut builder = S3ServiceBuilder::new(Api(Arc::clone(&service)));
        builder.set_auth(OneKey(credentials.clone()));
        builder.set_access(Gate(Arc::clone(&service)));
        builder.set_host(LocalHost);
        builder.set_validation(AnyName);
        let front = Front { s3: builder.build(), service };

        let stop = CancellationToken::new();
        let dir = home.dir.clone();
        let task = tokio::spawn(serve(listener, front, home, stop.clone()));
        Ok(Self { address, credentials, account_id, dir, moved_from, stop, task: Some(task) })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port of the endpoint.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The key that signs requests; made at the first start, kept in the folder.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The account that owns everything: twelve digits.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The region of the endpoint. Every bucket can be reached through it, whatever its region.
    #[must_use]
    pub fn region(&self) -> &'static str {
        Self::REGION
    }

    /// The folder with everything in it.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The port that the folder had before and that another program holds now: URLs with it do not lead here.
    #[must_use]
    pub fn moved_from(&self) -> Option<u16> {
        self.moved_from
    }

    /// Stops: no new requests, a few seconds for those under way, then the folder is free.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listen(home: &Home, asked: Option<u16>) -> Result<(TcpListener, Option<u16>), PracticeError> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let Some(port) = asked.or_else(|| home.port()) else {
        return Ok((bind(0).await.map_err(PracticeError::Listen)?, None));
    };
    match bind(port).await {
        Ok(listener) => Ok((listener, None)),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => match asked {
            Some(port) => Err(PracticeError::PortTaken { port }),
            None => Ok((bind(0).await.map_err(PracticeError::Listen)?, Some(port))),
        },
        Err(error) => Err(PracticeError::Listen(error)),
    }
}

async fn serve(listener: TcpListener, front: Front, home: Home, stop: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection to the practice store was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let _ = stream.set_nodelay(true);
        let front = front.clone();
        let answer = service_fn(move |request| {
            let front = front.clone();
            async move { Ok::<_, std::convert::Infallible>(Box::pin(front.answer(request, peer.ip())).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), answer);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection to the practice store ended early");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests to the practice store were still under way when it stopped");
    }
    let store = Arc::clone(&front.service.store);
    let _ = tokio::task::spawn_blocking(move || store.close()).await;
    drop(home);
}

/// The one key of this store.
struct OneKey(Credentials);

#[async_trait::async_trait]
impl S3Auth for OneKey {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.0.access_key_id {
            Ok(SecretKey::from(self.0.secret_access_key.as_str()))
        } else {
            Err(refuse("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."))
        }
    }
}

/// Names are checked where buckets are made; elsewhere a bucket is there or not.
struct AnyName;

impl NameValidation for AnyName {
    fn validate_bucket_name(&self, name: &str) -> bool {
        !name.is_empty()
    }
}
