//! One check, with what follows from its evidence at once.

use super::content::{self, Content, Received};
use super::evidence::{Answered, Evidence};
use super::layer::Layer;
use super::predict::{Forecast, forecast};
use super::symptom::{Said, Symptom, recognise};
use super::target::{BrowserSaid, Spot, Target};
use crate::domain::cors;
use crate::domain::policy::{Decision, Policy, RequestContext, Scene, anonymous_context, evaluate};
use crate::domain::public_access::ObjectOwnership;

/// A check under way.
pub(super) struct Case<'a> {
    pub(super) target: &'a Target,
    pub(super) evidence: &'a Evidence,
    pub(super) policy: Option<Policy>,
    /// What a stranger would be answered; not for signed links, and not where nothing but the address is known.
    pub(super) forecast: Option<Forecast>,
    /// What a browser makes of what came, or would make of what is stored.
    pub(super) content: Option<Content>,
    pub(super) symptom: Option<Symptom>,
}

impl<'a> Case<'a> {
    pub(super) fn new(target: &'a Target, evidence: &'a Evidence) -> Self {
        let text = evidence.policy.known().and_then(Option::as_deref);
        let policy = text.and_then(|text| Policy::parse(text).ok());
        let spot = target.spot.as_ref().filter(|_| target.link.is_none());
        let forecast = spot.map(|spot| forecast(target, spot, evidence, policy.as_ref()));
        let mut case = Self { target, evidence, policy, forecast, content: None, symptom: None };
        case.content = case.received().map(|received| content::judge(&case.key(), &received));
        case.symptom = case.recognised();
        case
    }

    pub(super) fn spot(&self) -> Option<&'a Spot> {
        self.target.spot.as_ref()
    }

    /// The key, or what the path of an unknown host ends in.
    pub(super) fn key(&self) -> String {
        match self.spot() {
            Some(spot) => spot.key.clone(),
            None => {
                let url = self.target.url().unwrap_or_default();
                url.split(['?', '#']).next().unwrap_or(url).rsplit('/').next().unwrap_or_default().to_owned()
            }
        }
    }

    pub(super) fn answer(&self) -> Option<&'a Answered> {
        self.evidence.observed.answer()
    }

    pub(super) fn open_answer(&self) -> Option<&'a Answered> {
        self.answer().filter(|answer| answer.is_open())
    }

    fn received(&self) -> Option<Received<'a>> {
        if let Some(answer) = self.open_answer() {
            let size_bytes = answer.size_bytes.or_else(|| self.details_seen().map(|details| details.size_bytes));
            return Some(Received { size_bytes, ..Received::from(answer) });
        }
        let head = self.evidence.head.known().map(Vec::as_slice).unwrap_or_default();
        self.details_seen().map(|details| Received::stored(details, head))
    }

    /// What is known of the very file that was handed out: not of the newest where the address names another version.
    fn details_seen(&self) -> Option<&'a crate::domain::object::ObjectDetails> {
        self.evidence.details().filter(|_| self.target.version_id.is_none())
    }

    pub(super) fn scene(&self) -> Option<Scene<'a>> {
        let spot = self.spot()?;
        Some(Scene { bucket: &spot.bucket, partition: self.evidence.ground.partition(), owner: None })
    }

    /// What a stranger asks for.
    pub(super) fn request(&self, key: &str) -> Option<RequestContext> {
        let scene = self.scene()?;
        let action = if self.target.version_id.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
        let request = super::predict::stranger(self.target, self.spot()?, self.evidence);
        Some(anonymous_context(action, scene.object_arn(key), &request))
    }

    /// What the policy alone says to a stranger who wants this key.
    pub(super) fn policy_says(&self, key: &str) -> Option<Decision> {
        Some(evaluate(self.policy.as_ref()?, &self.request(key)?))
    }

    /// Whether there is no such bucket.
    pub(super) fn is_bucket_missing(&self) -> bool {
        let told = matches!(self.evidence.bucket.known(), Some(super::BucketFound::Missing));
        told || self.symptom == Some(Symptom::NoSuchBucket)
    }

    /// Whether access lists count, where it is known.
    pub(super) fn lists_count(&self) -> Option<bool> {
        let own = self.evidence.ownership.known()?;
        Some(own.unwrap_or(ObjectOwnership::ObjectWriter).acls_count())
    }

    /// Whether a page of the given site may use the file, as the answer to the browser says; `None` without a site, or
    /// where the file is not handed out.
    pub(super) fn origin_may(&self) -> Option<bool> {
        let origin = self.origin()?;
        let answer = self.open_answer()?;
        let allowed = answer.header("access-control-allow-origin").map(str::trim);
        Some(matches!(allowed, Some("*")) || allowed == Some(origin))
    }

    pub(super) fn origin(&self) -> Option<&'a str> {
        self.target.origin()
    }

    /// What the page that uses the file forbids by itself, as its browser said.
    pub(super) fn page_forbids(&self) -> Option<String> {
        match self.target.page.as_ref()?.said.as_ref()? {
            said @ (BrowserSaid::ContentSecurityPolicy | BrowserSaid::MixedContent | BrowserSaid::HeldBack) => {
                Some(said.sentence())
            }
            BrowserSaid::CorsBlocked
            | BrowserSaid::PreflightFailed
            | BrowserSaid::Status(_)
            | BrowserSaid::UnknownHost
            | BrowserSaid::Certificate
            | BrowserSaid::NoConnection
            | BrowserSaid::WrongType
            | BrowserSaid::Other(_) => None,
        }
    }

    /// The request of a page of the given site.
    pub(super) fn origin_asks(&self) -> Option<cors::Question<'a>> {
        Some(cors::Question { origin: self.origin()?, method: "GET", headers: &[] })
    }

    /// Whether what was handed out is older than what is stored.
    pub(super) fn is_stale(&self) -> bool {
        let plain = |etag: &str| etag.trim_start_matches("W/").trim_matches('"').to_owned();
        let stored = self.details_seen().and_then(|details| details.etag.as_deref()).map(plain);
        let sent = self.open_answer().and_then(|answer| answer.header("etag")).map(plain);
        // A CDN that compresses makes an ETag of its own: only a cache that says so is believed.
        matches!((stored, sent), (Some(stored), Some(sent)) if stored != sent) && self.is_cached()
    }

    /// Whether a cache answered.
    pub(super) fn is_cached(&self) -> bool {
        let Some(answer) = self.open_answer() else { return false };
        let aged = answer.header("age").and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age > 0);
        let hit = ["x-cache", "cf-cache-status", "x-cache-status"]
            .iter()
            .filter_map(|name| answer.header(name))
            .any(|value| value.to_ascii_lowercase().contains("hit"));
        aged || hit
    }

    fn recognised(&self) -> Option<Symptom> {
        match &self.evidence.observed {
            super::Observed::Unanswered { why, .. } => recognise(&Said { no_answer: Some(*why), ..Said::default() }),
            super::Observed::Answered(answer) => {
                let elsewhere = answer.header("x-amz-bucket-region");
                let named = self.target.region.as_deref().unwrap_or_else(|| self.evidence.ground.region());
                recognise(&Said {
                    status: Some(answer.status),
                    code: answer.code.as_deref(),
                    message: answer.message.as_deref().unwrap_or_default(),
                    operation: "GET",
                    signed: self.target.link.is_some(),
                    delete_marker: answer.header("x-amz-delete-marker") == Some("true"),
                    other_region: elsewhere.is_some_and(|region| region != named),
                    no_answer: None,
                    is_page: answer.header("content-type").is_some_and(|it| it.starts_with("text/html")),
                })
            }
            super::Observed::NotAsked => None,
        }
    }

    /// The layers that may refuse, where what was observed leaves more than one.
    pub(super) fn suspects(&self) -> Vec<Layer> {
        let status = self.answer().map(|answer| answer.status);
        self.forecast.as_ref().map(|it| it.refusing(status).into_iter().collect()).unwrap_or_default()
    }
}

/// Whether a public policy is known to be set aside.
pub(super) fn restricts(evidence: &Evidence) -> bool {
    let bucket = evidence.bucket_block.known().copied().flatten().unwrap_or_default();
    let account = evidence.account_block.known().copied().unwrap_or_default();
    bucket.or(account).restrict_public_buckets
}
