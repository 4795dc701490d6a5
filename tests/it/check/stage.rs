//! Files put into a store as a row of the table says, and checks of them.

use aws_sdk_s3::types::{
    BucketCannedAcl, BucketVersioningStatus, ObjectCannedAcl, ObjectOwnership, Payer, RequestPaymentConfiguration,
    ServerSideEncryption, StorageClass, VersioningConfiguration,
};
use brimful::domain::check::{Diagnosis, Evidence, Fix, Remedy, Spot, Target, Write, diagnose};
use brimful::domain::connection::{
    Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target as Where,
};
use brimful::domain::public_access::BlockPublicAccess;
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::evidence::{gather, ground};
use brimful::s3::mend::apply;
use brimful::s3::presign::{Overrides, presign_get_object};
use brimful::s3::secrets::Secrets;
use brimful::s3::settings::put_account_public_access_block;
use brimful::s3::store::Store;
use image::ImageFormat;

use crate::s3_contract::Server;
use crate::s3_contract::policy::open_bucket;
use crate::s3_contract::public::{allow, block, classic, own};
use crate::support::pictures;

/// Where the file lies that rows ask for unless they say otherwise.
pub(super) const KEY: &str = "public/a.png";

/// Runs a test to its end.
pub(super) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

/// Runs a case at practice storage.
#[expect(clippy::needless_pass_by_value, reason = "a case reads best without a borrow sign before it")]
pub(super) fn practice(case: impl AsyncFn(&Server)) {
    run(async {
        let server = Server::practice().await;
        case(&server).await;
        server.clear_away().await;
    });
}

/// Runs a case at practice storage, and at the server that the environment names.
#[expect(clippy::needless_pass_by_value, reason = "a case reads best without a borrow sign before it")]
pub(super) fn everywhere(case: impl AsyncFn(&Server)) {
    practice(&case);
    run(async {
        if let Some(server) = Server::elsewhere().await {
            case(&server).await;
            server.clear_away().await;
        }
    });
}

/// A server as Brimful is connected to it.
pub(super) struct Yard<'a> {
    pub(super) server: &'a Server,
    pub(super) store: Store,
    target: Where,
    pub(super) bucket: String,
}

/// A small picture.
pub(super) fn picture() -> Vec<u8> {
    pictures::file(ImageFormat::Png, 1, 24, 16)
}

fn connection(server: &Server) -> Where {
    if server.strict() {
        return Where::Practice;
    }
    Where::Store(StoreTarget {
        preset: "custom".to_owned(),
        endpoint: server.endpoint.clone(),
        region: server.region.clone(),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Keys { access_key_id: server.keys.id.clone(), has_session_token: false },
        public_base_url: None,
    })
}

/// Connects as the window and the command line do.
pub(super) async fn connected(server: &Server, target: &Where) -> Store {
    let secrets = Secrets::new(&server.keys.secret, None);
    let connection = Connection {
        id: ConnectionId::random(),
        name: server.name.clone(),
        target: target.clone(),
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let practice = PracticeAccess {
        endpoint: server.endpoint.clone(),
        access_key_id: server.keys.id.clone(),
        secrets: secrets.clone(),
    };
    connect(&connection, Some(secrets), Some(practice)).await.unwrap()
}

impl<'a> Yard<'a> {
    /// In front of a bucket that is there.
    pub(super) async fn at(server: &'a Server, bucket: String) -> Self {
        let target = connection(server);
        Self { server, store: connected(server, &target).await, target, bucket }
    }

    /// Stages a row: flags of the account, of the bucket, ownership, list of the file, statements of the policy, file.
    pub(super) async fn staged(server: &'a Server, row: &str) -> Self {
        let [account, flags, ownership, acl, statements, file] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("six columns: {row}");
        };
        let by_default = ownership == "E" && matches!(acl, "priv" | "none");
        let bucket = if by_default { open_bucket(server).await } else { classic(server).await };
        let yard = Self::at(server, bucket).await;
        yard.put(file, acl).await;
        let bucket = yard.bucket.as_str();
        if acl == "list" {
            server.s3.put_bucket_acl().bucket(bucket).acl(BucketCannedAcl::PublicRead).send().await.unwrap();
        }
        match ownership {
            "E" if !by_default => own(server, bucket, ObjectOwnership::BucketOwnerEnforced).await,
            "P" => own(server, bucket, ObjectOwnership::BucketOwnerPreferred).await,
            _ => {}
        }
        if statements != "-" {
            allow(server, bucket, statements).await;
        }
        if flags != "-" {
            block(server, bucket, flags).await;
        }
        if account != "-" {
            let block = BlockPublicAccess {
                block_public_acls: account.contains('A'),
                ignore_public_acls: account.contains('I'),
                block_public_policy: account.contains('P'),
                restrict_public_buckets: account.contains('R'),
            };
            put_account_public_access_block(&yard.store, block).await.unwrap();
        }
        yard
    }

    /// `KEY` alone, or with how it is put there: `KEY=kms`, `=sse`, `=glacier`, `=glacier-ir`, `=missing`, `=deleted`,
    /// `=foreign`, `=payer`.
    async fn put(&self, file: &str, acl: &str) {
        let (key, how) = file.split_once('=').unwrap_or((file, ""));
        let (server, bucket) = (self.server, self.bucket.as_str());
        if how == "missing" {
            return;
        }
        if how == "deleted" {
            let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
            server.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(on).send().await.unwrap();
        }
        let client = match how {
            "foreign" => {
                let statement = r#"{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::BUCKET/*"}"#;
                let policy = crate::s3_contract::policy::policy_of(bucket, statement);
                server.s3.put_bucket_policy().bucket(bucket).policy(policy).send().await.unwrap();
                server.client_as(server.second().unwrap())
            }
            _ => server.s3.clone(),
        };
        let put = client.put_object().bucket(bucket).key(key).content_type("image/png").body(picture().into());
        let put = match acl {
            "pub" => put.acl(ObjectCannedAcl::PublicRead),
            "auth" => put.acl(ObjectCannedAcl::AuthenticatedRead),
            _ => put,
        };
        let put = match how {
            "kms" => put.server_side_encryption(ServerSideEncryption::AwsKms),
            "sse" => put.server_side_encryption(ServerSideEncryption::Aes256),
            "glacier" => put.storage_class(StorageClass::Glacier),
            "glacier-ir" => put.storage_class(StorageClass::GlacierIr),
            _ => put,
        };
        put.send().await.unwrap();
        match how {
            "deleted" => {
                server.s3.delete_object().bucket(bucket).key(key).send().await.unwrap();
            }
            "payer" => {
                let requester = RequestPaymentConfiguration::builder().payer(Payer::Requester).build().unwrap();
                let call = server.s3.put_bucket_request_payment().bucket(bucket);
                call.request_payment_configuration(requester).send().await.unwrap();
            }
            "foreign" => {
                server.s3.delete_bucket_policy().bucket(bucket).send().await.unwrap();
            }
            _ => {}
        }
    }

    /// The address of a file, with what follows it.
    pub(super) fn url(&self, key_and_query: &str) -> String {
        format!("{}/{}/{key_and_query}", self.server.endpoint, self.bucket)
    }

    pub(super) async fn read(&self, text: &str) -> Target {
        let here = ground(&self.store, &self.target, None).await;
        Target::parse(text, &here.context(Some(&self.bucket))).unwrap()
    }

    /// Checks what a text names.
    pub(super) async fn check(&self, text: &str) -> (Diagnosis, Evidence) {
        let target = self.read(text).await;
        self.check_target(&target).await
    }

    pub(super) async fn check_target(&self, target: &Target) -> (Diagnosis, Evidence) {
        let here = ground(&self.store, &self.target, Some(&self.bucket)).await;
        let evidence = gather(&self.store, target, here).await;
        (diagnose(target, &evidence), evidence)
    }

    /// What a stranger is answered, asked by hand.
    pub(super) async fn status(&self, url: &str) -> u16 {
        let path = url.strip_prefix(&self.server.endpoint).unwrap_or(url);
        self.server.ask("GET", path).send().await.status
    }

    /// Carries a fix out as whoever pressed it would; gives the address that shall open, and what takes it back.
    pub(super) async fn mend(&self, fix: &Fix, url: &str, key: &str) -> (String, Vec<Write>) {
        let spot = self.spot(key);
        match &fix.remedy {
            Remedy::Write(writes) => {
                let mended = apply(&self.store, &spot, writes)
                    .await
                    .unwrap_or_else(|error| panic!("{}: {} ({writes:?})", fix.title, error.why));
                (fix.address.clone().unwrap_or_else(|| url.to_owned()), mended.undo)
            }
            Remedy::Link => {
                let week = std::time::Duration::from_secs(3600);
                let link =
                    presign_get_object(&self.store, &spot.bucket, key, week, &Overrides::default()).await.unwrap();
                (link.url().to_owned(), Vec::new())
            }
            Remedy::Address(address) => (address.clone(), Vec::new()),
            Remedy::Upload | Remedy::Advice => panic!("{} is not done from here", fix.title),
        }
    }

    pub(super) fn spot(&self, key: &str) -> Spot {
        Spot { bucket: self.bucket.clone(), key: key.to_owned() }
    }

    pub(super) async fn take_back(&self, undo: &[Write], key: &str) {
        apply(&self.store, &self.spot(key), undo).await.unwrap_or_else(|error| panic!("not taken back: {}", error.why));
    }
}
