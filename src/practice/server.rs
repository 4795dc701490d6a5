//! Starting, serving and stopping.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use s3s::auth::{S3Auth, SecretKey};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::S3ServiceBuilder;
use s3s::{S3Result, validation::NameValidation};
use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::access::Gate;
use super::accounts::Accounts;
use super::api::{Api, Service};
use super::beside::Beside;
use super::connection::{Hall, Limits};
use super::error::{PracticeError, refuse};
use super::front::Front;
use super::home::{Credentials, Home, keep_users};
use super::lifecycle::{Event, run_one};
use super::logbook::Logbook;
use super::people::{People, User};
use super::store::Store;
use super::target::LocalHost;
use super::website::{self, Site};

/// Requests under way may take this long when the store stops.
const GRACE: Duration = Duration::from_secs(5);

/// Where a practice store lives.
#[derive(Debug, Clone)]
pub struct Options {
    /// Its folder; made where it is missing, readable by its owner only.
    pub dir: PathBuf,
    /// The port. `None`: the one that the folder had last time, or else any free one.
    pub port: Option<u16>,
}

/// Who can reach a practice store, and how much of it one of them can take.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// The address of the interface to listen on. Only this computer can reach the usual one, 127.0.0.1.
    pub address: IpAddr,
    /// What clients may take.
    pub limits: Limits,
}

impl Default for Reach {
    fn default() -> Self {
        Self { address: Ipv4Addr::LOCALHOST.into(), limits: Limits::default() }
    }
}

/// A running practice store. Dropping it stops it too, without waiting.
pub struct Server {
    address: SocketAddr,
    website: SocketAddr,
    hall: Hall,
    credentials: Credentials,
    people: Arc<People>,
    /// Until the last request has been answered.
    store: Weak<Store>,
    dir: PathBuf,
    moved_from: Option<u16>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Server {
    /// The region that signs requests and that new buckets are in unless they ask for another.
    pub const REGION: &str = "us-east-1";

    /// Starts a store on the current tokio runtime, for this computer only.
    ///
    /// # Errors
    /// [`PracticeError::InUse`] when another process serves the folder, [`PracticeError::PortTaken`] when the port
    /// asked for is taken, and the others when the folder or its metadata cannot be used.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        Self::start_within(options, Reach::default()).await
    }

    /// As [`Server::start`], for whom `reach` says.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_within(options: Options, reach: Reach) -> Result<Self, PracticeError> {
        let dir = options.dir.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let home = Home::open(&dir)?;
            let credentials = home.credentials()?;
            let people = Arc::new(People::new(credentials.clone(), home.users()?)?);
            let accounts = Accounts::open(&home.dir);
            let accounts = accounts.map_err(|source| PracticeError::Folder { dir: home.dir.clone(), source })?;
            let store = Arc::new(Store::open(&home.dir)?);
            Ok::<_, PracticeError>((home, credentials, Service { store, people, accounts }))
        });
        let (home, credentials, service) =
            opened.await.map_err(|error| PracticeError::Listen(io::Error::other(error)))??;
        let (listener, moved_from) = listen(home.port(), reach.address, options.port).await?;
        let address = listener.local_addr().map_err(PracticeError::Listen)?;
        let (websites, websites_moved) = listen(home.website_port(), Ipv4Addr::LOCALHOST.into(), None).await?;
        let website = websites.local_addr().map_err(PracticeError::Listen)?;
        if moved_from.is_none() {
            home.remember_port(address.port())?;
        }
        if websites_moved.is_none() {
            home.remember_website_port(website.port())?;
        }

        let service = Arc::new(service);
        let people = Arc::clone(&service.people);
        let mut builder = S3ServiceBuilder::new(Api(Arc::clone(&service)));
        let auth = Keys(Arc::clone(&people));
        builder.set_auth(auth.clone());
        builder.set_access(Gate(Arc::clone(&service)));
        builder.set_route(Beside(Arc::clone(&service)));
        builder.set_host(LocalHost);
        builder.set_validation(AnyName);
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(protocol_limits()))));
        let store = Arc::clone(&service.store);
        let lent = Arc::downgrade(&store);

        let stop = CancellationToken::new();
        let s3 = builder.build();
        let logbook = Logbook::new(Arc::clone(&service));
        let site = Site::new(s3.clone(), Arc::clone(&service), Arc::clone(&logbook));
        let hall = Hall::new(Front::new(s3, auth, service, Arc::clone(&logbook)), reach.limits, stop.clone());
        let dir = home.dir.clone();
        let visits = tokio::spawn(website::serve(websites, site, stop.clone()));
        tokio::spawn(Arc::clone(&logbook).keep(stop.clone()));
        let rest = Rest { visits, logbook, store, home };
        let task = tokio::spawn(serve(listener, hall.clone(), rest));
        Ok(Self { address, website, hall, credentials, people, store: lent, dir, moved_from, stop, task: Some(task) })
    }

    /// `http://127.0.0.1:PORT`, or with the address that the store listens on.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.port()))
    }

    /// The address that the store listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection from within this process: what is written to it meets what a client's bytes meet, without a
    /// socket. `buffer` is how many bytes each direction holds.
    #[must_use]
    pub fn connect(&self, buffer: usize) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(buffer);
        self.hall.admit(theirs, Ipv4Addr::LOCALHOST.into());
        ours
    }

    /// Where buckets with a website configuration are websites: `http://s3-website.localhost:PORT`, with the name of
    /// the bucket and a dot before the host. Loopback only; the port is kept over restarts.
    #[must_use]
    pub fn website_endpoint(&self) -> String {
        format!("http://s3-website.localhost:{}", self.website.port())
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

    /// The account of the store, whose root signs with [`Server::credentials`]: twelve digits.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.people.account().id
    }

    /// The users besides the owner.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.people.users()
    }

    /// Puts `users` in the place of those before, durably; counts from the next request on. Blocks for a moment.
    ///
    /// # Errors
    /// [`PracticeError::Users`] when one of them cannot be, and [`PracticeError::Folder`] when they cannot be kept.
    /// Then those before stay.
    pub fn set_users(&self, users: Vec<User>) -> Result<(), PracticeError> {
        self.people.check(&users)?;
        keep_users(&self.dir, &users)?;
        Ok(self.people.replace(users)?)
    }

    /// Lets the lifecycle rules of a bucket act once, as if it were `at`, and says what they did. Requests are served
    /// meanwhile: what they write after it was looked at is looked at again before anything is done to it.
    ///
    /// # Errors
    /// [`PracticeError::Lifecycle`] when there is no such bucket or the store is being stopped, and
    /// [`PracticeError::Metadata`] when the disk refuses. What was done before stays done.
    pub async fn run_lifecycle(&self, bucket: &str, at: jiff::Timestamp) -> Result<Vec<Event>, PracticeError> {
        let stopped = || PracticeError::Lifecycle("the store is being stopped".to_owned());
        let store = self.store.upgrade().ok_or_else(stopped)?;
        run_one(&store, &self.dir, bucket, at).await
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

async fn listen(
    kept: Option<u16>,
    address: IpAddr,
    asked: Option<u16>,
) -> Result<(TcpListener, Option<u16>), PracticeError> {
    let bind = |port| TcpListener::bind((address, port));
    let Some(port) = asked.or(kept) else {
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

/// What the protocol crate may hold in memory for one request.
fn protocol_limits() -> S3Config {
    let mut limits = S3Config::default();
    // The body has ended before: the crate answers InternalError to a document that is too long.
    limits.xml_max_body_size = 8 << 20;
    limits.form_max_field_size = 64 << 10;
    limits.form_max_fields_size = 1 << 20;
    limits.form_max_parts = 100;
    limits.post_object_max_file_size = 64 << 20;
    limits
}

/// What is put away when the last request has been answered.
struct Rest {
    visits: JoinHandle<()>,
    logbook: Arc<Logbook>,
    store: Arc<Store>,
    home: Home,
}

async fn serve(listener: TcpListener, hall: Hall, rest: Rest) {
    hall.open(listener).await;
    if tokio::time::timeout(GRACE, hall.empty()).await.is_err() {
        tracing::warn!("requests to the practice store were still under way when it stopped");
    }
    let Rest { visits, logbook, store, home } = rest;
    let _ = visits.await;
    logbook.deliver().await;
    let _ = tokio::task::spawn_blocking(move || store.close()).await;
    drop(home);
}

/// The keys of everyone who may sign.
#[derive(Clone)]
pub(super) struct Keys(Arc<People>);

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        let secret = self.0.secret(access_key).ok_or_else(|| {
            refuse("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        })?;
        Ok(SecretKey::from(secret))
    }
}

/// Names are checked where buckets are made; elsewhere a bucket is there or not.
struct AnyName;

impl NameValidation for AnyName {
    fn validate_bucket_name(&self, name: &str) -> bool {
        !name.is_empty()
    }
}
