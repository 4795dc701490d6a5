//! From wanted and found to the calls between them.

use super::consequence::every_file;
use super::{
    BucketState, Encryption, Found, Setting, Step, StepAction, StepId, StepState, StoreAbilities, Visibility, Wanted,
};
use crate::domain::arn::Partition;
use crate::domain::policy::{Policy, Statement, template};
use crate::domain::preset::Support;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use crate::domain::{cors, format, lifecycle, region};

/// Something to know before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much it weighs.
    pub kind: RemarkKind,
    /// In plain words, without full stop when it is one sentence.
    pub sentence: String,
}

/// How much a remark weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// Nothing can be run.
    Stop,
    /// It will run, but not lead where it should.
    Warning,
    /// Good to know.
    Note,
}

/// Everything that will be called, in order, and what to know about it.
#[derive(Debug, Clone, PartialEq)]
pub struct SetupPlan {
    /// In the order they are made.
    pub steps: Vec<Step>,
    /// The weightiest first.
    pub remarks: Vec<Remark>,
    /// It takes back what an earlier one has changed.
    pub takes_back: bool,
}

impl SetupPlan {
    /// Whether it may be run at all.
    #[must_use]
    pub fn can_run(&self) -> bool {
        self.remarks.iter().all(|r| r.kind != RemarkKind::Stop)
    }

    /// One of its steps.
    #[must_use]
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }
}

/// Lets anyone read the objects below a prefix (every object for the empty one), and nothing else.
#[must_use]
pub fn public_read_statement(bucket: &str, region: &str, prefix: &str) -> Statement {
    template::public_read(bucket, Partition::from_region(region), Some(prefix))
}

/// Makes the plan. It holds what is already so as well (so that it can be shown as done), and leaves out what the
/// store does not offer, saying so. Running a plan made from the settings found afterwards does nothing twice.
///
/// [`super::check`] comes first: the plan takes the choices as they are.
#[must_use]
pub fn plan(wanted: &Wanted, found: &Found, store: &StoreAbilities) -> SetupPlan {
    let new = found.bucket == BucketState::Missing;
    let real = match &found.bucket {
        BucketState::Mine { region: Some(region) } => region.clone(),
        _ => wanted.region.clone(),
    };
    let settled = if new && store.like_amazon { found.as_new_on_amazon(wanted.ownership) } else { found.clone() };
    let mut planner = Planner { wanted, store, region: real, new, steps: Vec::new(), remarks: Vec::new() };
    match &found.bucket {
        BucketState::Taken => {
            planner.remark(RemarkKind::Stop, format!("{} belongs to someone else; choose another name", wanted.name));
            return planner.finish();
        }
        BucketState::Unknown => {
            planner.remark(RemarkKind::Stop, format!("Whether {} exists could not be found out", wanted.name));
            return planner.finish();
        }
        BucketState::Mine { region } => {
            planner
                .remark(RemarkKind::Note, format!("{} is yours already: it is kept, and set up further", wanted.name));
            if region.as_ref().is_some_and(|r| *r != wanted.region) {
                let words = format!("It lies in {}, and stays there", region::name(&planner.region));
                planner.remark(RemarkKind::Note, words);
            }
        }
        BucketState::Missing => planner.create(),
    }
    planner.public_access_block(&settled);
    planner.ownership(&settled);
    planner.versioning(&settled);
    planner.encryption(&settled);
    planner.policy(&settled);
    planner.cors(&settled);
    planner.lifecycle(&settled);
    planner.website(&settled);
    planner.tags(&settled);
    planner.proof();
    planner.finish()
}

struct Planner<'a> {
    wanted: &'a Wanted,
    store: &'a StoreAbilities,
    region: String,
    new: bool,
    steps: Vec<Step>,
    remarks: Vec<Remark>,
}

impl Planner<'_> {
    fn finish(mut self) -> SetupPlan {
        self.remarks.sort_by_key(|r| r.kind);
        SetupPlan { steps: self.steps, remarks: self.remarks, takes_back: false }
    }

    fn remark(&mut self, kind: RemarkKind, sentence: String) {
        self.remarks.push(Remark { kind, sentence });
    }

    fn push(&mut self, words: String, action: StepAction, state: StepState, support: Support, needs: &[StepId]) {
        let after_wait = self.new && !matches!(action, StepAction::CreateBucket { .. } | StepAction::WaitForBucket);
        let mut all = if after_wait { vec![StepId::Wait] } else { Vec::new() };
        // Only what is in the plan can be needed.
        all.extend(needs.iter().filter(|id| self.steps.iter().any(|s| s.id == **id)));
        self.steps.push(Step {
            id: action.id(),
            words,
            api: action.api(),
            iam_actions: action.iam_actions(),
            action,
            state,
            needs: all,
            may_lack: support == Support::Unknown,
            bucket: self.wanted.name.clone(),
            region: self.region.clone(),
            endpoint: self.store.endpoint.clone(),
            profile: self.store.profile.clone(),
        });
    }

    /// Whether the store may be asked; if not, and it was wanted, that is said.
    fn offered<T>(&mut self, support: Support, setting: &Setting<T>, what: Option<&str>) -> bool {
        let offered = support != Support::No && !matches!(setting, Setting::NotOffered);
        if !offered && let Some(what) = what {
            self.remark(RemarkKind::Note, format!("{what}: not offered by {}", self.store.label));
        }
        offered
    }

    fn create(&mut self) {
        let place = match region::find(&self.region) {
            Some(region) if self.store.like_amazon => format!(" in {}", region.name),
            _ => String::new(),
        };
        // Other stores take the place from the endpoint; us-east-1 must not be named.
        let location = (self.store.like_amazon && self.region != "us-east-1").then(|| self.region.clone());
        let action = StepAction::CreateBucket {
            location,
            ownership: self.store.like_amazon.then_some(self.wanted.ownership),
            account_regional: self.wanted.account_namespace.is_some(),
        };
        self.push(format!("Create the bucket{place}"), action, StepState::ToDo, Support::Yes, &[]);
        let wait = StepAction::WaitForBucket;
        self.push("Wait until it answers".into(), wait, StepState::ToDo, Support::Yes, &[StepId::Create]);
    }

    fn public_access_block(&mut self, found: &Found) {
        let support = self.store.abilities.public_access_block;
        let public = self.wanted.public_prefix().is_some();
        if public {
            match &found.account_block {
                Setting::Is(block) if !block.permits_public_policy() => self.remark(
                    RemarkKind::Warning,
                    "Block Public Access is on for the whole account, and wins: nobody outside will see the files until it is lifted there".into(),
                ),
                Setting::Unreadable => self.remark(
                    RemarkKind::Note,
                    "The account’s own Block Public Access may not be read (needs s3:GetAccountPublicAccessBlock); if it is on, it wins".into(),
                ),
                Setting::Is(_) | Setting::NotSet | Setting::NotOffered => {}
            }
        }
        if !self.offered(support, &found.block, None) {
            return;
        }
        let now = match &found.block {
            Setting::Is(block) => Some(*block),
            Setting::NotSet => Some(BlockPublicAccess::NONE),
            Setting::Unreadable | Setting::NotOffered => None,
        };
        let to = match &self.wanted.visibility {
            Visibility::OwnPolicy => return,
            Visibility::Nobody if self.store.like_amazon => BlockPublicAccess::ALL,
            // Ceph's gateway refuses every upload, also those without an ACL, while BlockPublicAcls is on.
            // IgnorePublicAcls keeps ACLs from opening anything all the same.
            Visibility::Nobody => BlockPublicAccess {
                block_public_acls: now.is_some_and(|block| block.block_public_acls),
                ..BlockPublicAccess::ALL
            },
            Visibility::Anyone { .. } => {
                now.map_or(BlockPublicAccess::FOR_PUBLIC_POLICY, BlockPublicAccess::lifted_for_public_policy)
            }
        };
        let words = match (public, now) {
            (false, Some(now)) if now == to && to == BlockPublicAccess::ALL => {
                "Keep all four public access blocks on".into()
            }
            (false, Some(now)) if now == to => "Keep the public access blocks on".into(),
            (false, _) if to != BlockPublicAccess::ALL => "Switch three of four public access blocks on".into(),
            (false, _) => "Switch all four public access blocks on".into(),
            (true, Some(now)) if now == to => "No public access block stands in the way".into(),
            (true, Some(now)) if !(now.block_public_policy && now.restrict_public_buckets) => {
                "Lift one of four public access blocks".into()
            }
            (true, _) => "Lift two of four public access blocks".into(),
        };
        let state = if now == Some(to) { StepState::AlreadySo } else { StepState::ToDo };
        self.push(words, StepAction::PutPublicAccessBlock(to), state, support, &[]);
    }

    fn ownership(&mut self, found: &Found) {
        let support = self.store.abilities.ownership;
        let wanted = self.wanted.ownership;
        // The header of CreateBucket has said it.
        if self.new && self.store.like_amazon || !self.offered(support, &found.ownership, None) {
            return;
        }
        let state = if found.ownership.value() == Some(&wanted) { StepState::AlreadySo } else { StepState::ToDo };
        let words = match wanted {
            ObjectOwnership::BucketOwnerEnforced => "Turn ACLs off: the bucket’s owner owns every file",
            ObjectOwnership::BucketOwnerPreferred => "Let ACLs count, the bucket’s owner owning files given to it",
            ObjectOwnership::ObjectWriter => "Let ACLs count, each file belonging to its uploader",
        };
        self.push(words.into(), StepAction::PutOwnershipControls(wanted), state, support, &[]);
    }

    fn versioning(&mut self, found: &Found) {
        let support = self.store.abilities.versioning;
        if !self.wanted.versioning || !self.offered(support, &found.versioning, Some("Keeping old versions")) {
            return;
        }
        let state = if found.versioning.value() == Some(&true) { StepState::AlreadySo } else { StepState::ToDo };
        self.push("Keep old versions of files".into(), StepAction::EnableVersioning, state, support, &[]);
    }

    fn encryption(&mut self, found: &Found) {
        let support = self.store.abilities.encryption;
        let wanted = &self.wanted.encryption;
        let (what, words) = match wanted {
            Encryption::SseS3 => (None, "Encrypt files with SSE-S3".to_owned()),
            Encryption::SseKms { key: Some(key), .. } => {
                (Some("Encryption with KMS"), format!("Encrypt files with the KMS key {key}"))
            }
            Encryption::SseKms { key: None, .. } => {
                (Some("Encryption with KMS"), "Encrypt files with the account’s KMS key aws/s3".to_owned())
            }
        };
        if !self.offered(support, &found.encryption, what) {
            return;
        }
        let state = if found.encryption.value() == Some(wanted) { StepState::AlreadySo } else { StepState::ToDo };
        self.push(words, StepAction::PutEncryption(wanted.clone()), state, support, &[]);
    }

    fn policy(&mut self, found: &Found) {
        let Some(prefix) = self.wanted.public_prefix() else { return };
        let support = self.store.abilities.policy;
        if !self.offered(support, &found.policy, Some("Bucket policies")) {
            return;
        }
        let statement = public_read_statement(&self.wanted.name, &self.region, prefix);
        let (policy, state) = match &found.policy {
            Setting::Is(policy) => match with_statement(policy, statement) {
                Some(merged) => (merged, StepState::ToDo),
                None => (policy.clone(), StepState::AlreadySo),
            },
            Setting::NotSet | Setting::NotOffered => (Policy::new(vec![statement]), StepState::ToDo),
            Setting::Unreadable => (Policy::new(vec![statement]), StepState::Held),
        };
        self.held(state, "The policy that is there may not be read (needs s3:GetBucketPolicy)");
        let every = every_file(prefix);
        let seen = every.strip_prefix("every file under ").filter(|_| prefix.ends_with('/')).unwrap_or(&every);
        let words = format!("Let anyone view {seen}");
        self.push(words, StepAction::PutPolicy(policy), state, support, &[StepId::PublicAccessBlock]);
    }

    fn cors(&mut self, found: &Found) {
        let support = self.store.abilities.cors;
        let rules = &self.wanted.cors;
        if rules.is_empty() || !self.offered(support, &found.cors, Some("CORS for a bucket")) {
            return;
        }
        let there = found.cors.value().map_or(&[][..], Vec::as_slice);
        let (merged, state) = match (cors::merge(there, rules), &found.cors) {
            (_, Setting::Unreadable) => (rules.clone(), StepState::Held),
            (Some(merged), _) => (merged, StepState::ToDo),
            (None, _) => (there.to_vec(), StepState::AlreadySo),
        };
        self.held(state, "The CORS rules that are there may not be read (needs s3:GetBucketCORS)");
        let mut origins: Vec<&str> = rules.iter().flat_map(|r| &r.allowed_origins).map(String::as_str).collect();
        origins.dedup();
        let pages = match origins.as_slice() {
            [] | ["*"] => "any page".to_owned(),
            [one] => format!("pages of {one}"),
            many => format!("pages of {}", format::counted(many.len() as u64, "site", "sites")),
        };
        self.push(format!("Let scripts on {pages} use the files"), StepAction::PutCors(merged), state, support, &[]);
    }

    fn lifecycle(&mut self, found: &Found) {
        let support = self.store.abilities.lifecycle;
        let Some(days) = self.wanted.abort_unfinished_days else { return };
        if !self.offered(support, &found.lifecycle, Some("Clearing unfinished uploads")) {
            return;
        }
        let there = found.lifecycle.value().map_or(&[][..], Vec::as_slice);
        let (merged, state) = match (lifecycle::merge_abort(there, days), &found.lifecycle) {
            (_, Setting::Unreadable) => (vec![lifecycle::abort_rule(days)], StepState::Held),
            (Some(merged), _) => (merged, StepState::ToDo),
            (None, _) => (there.to_vec(), StepState::AlreadySo),
        };
        self.held(state, "The lifecycle rules that are there may not be read (needs s3:GetLifecycleConfiguration)");
        let days = format::counted(u64::from(days.unsigned_abs()), "day", "days");
        self.push(
            format!("Clear unfinished uploads after {days}"),
            StepAction::PutLifecycle(merged),
            state,
            support,
            &[],
        );
    }

    fn website(&mut self, found: &Found) {
        let support = self.store.abilities.website;
        let Some(website) = &self.wanted.website else { return };
        if !self.offered(support, &found.website, Some("Websites")) {
            return;
        }
        let there = found.website.value();
        let whole = website.over(there);
        let state = if there == Some(&whole) { StepState::AlreadySo } else { StepState::ToDo };
        let instead = there.and_then(|there| there.redirect_all_requests_to.as_ref());
        let instead = instead.map(|to| format!(", and no longer send every visitor to {}", to.host_name));
        let words = format!("Serve it as a website that starts at {}{}", website.index, instead.unwrap_or_default());
        self.push(words, StepAction::PutWebsite(whole), state, support, &[]);
    }

    fn tags(&mut self, found: &Found) {
        let support = self.store.abilities.tagging;
        if self.wanted.tags.is_empty() || !self.offered(support, &found.tags, Some("Tags on a bucket")) {
            return;
        }
        let there = found.tags.value().map_or(&[][..], Vec::as_slice);
        let mut merged = there.to_vec();
        for (key, value) in &self.wanted.tags {
            match merged.iter_mut().find(|(other, _)| other == key) {
                Some((_, old)) => old.clone_from(value),
                None => merged.push((key.clone(), value.clone())),
            }
        }
        let state = match &found.tags {
            Setting::Unreadable => StepState::Held,
            _ if merged == there => StepState::AlreadySo,
            _ => StepState::ToDo,
        };
        self.held(state, "The tags that are there may not be read (needs s3:GetBucketTagging)");
        let count = format::counted(self.wanted.tags.len() as u64, "tag", "tags");
        self.push(format!("Add {count}"), StepAction::PutTags(merged), state, support, &[]);
    }

    fn proof(&mut self) {
        let prefix = self.wanted.public_prefix();
        let key = format!("{}brimful-test.png", prefix.unwrap_or(""));
        let words = if prefix.is_some() {
            "Upload an image and fetch it without sign-in"
        } else {
            "Upload an image and see that strangers are refused"
        };
        let action = StepAction::Prove { key, public: prefix.is_some() };
        self.push(words.into(), action, StepState::ToDo, Support::Yes, &[StepId::Policy]);
    }

    fn held(&mut self, state: StepState, what: &str) {
        if state == StepState::Held {
            self.remark(RemarkKind::Warning, format!("{what}, so it is not written over"));
        }
    }
}

/// The policy with one more statement, under a name of its own. `None` when one that says the same is there.
fn with_statement(policy: &Policy, mut statement: Statement) -> Option<Policy> {
    if policy.statements.iter().any(|other| other.same_meaning(&statement)) {
        return None;
    }
    let base = statement.sid.clone().unwrap_or_default();
    let taken = |sid: &str| policy.statements.iter().any(|s| s.sid.as_deref() == Some(sid));
    if taken(&base) {
        statement.sid = (2..=policy.statements.len() + 2).map(|n| format!("{base}{n}")).find(|sid| !taken(sid));
    }
    let mut merged = policy.clone();
    merged.statements.push(statement);
    Some(merged)
}
