use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::DateTime;

use super::{look, names};
use crate::app::core::Core;
use crate::domain::arn::{Partition, object_arn};
use crate::domain::bucket::Exposure;
use crate::domain::key_template::Template;
use crate::domain::policy::{self, AnonymousRequest, Decision, Policy};
use crate::domain::upload_plan::{self, Choice, Existing, Note, OnConflict, Plan, PlanItem, PlanOptions, Source, Tone};
use crate::domain::upload_rules::{Rule, Rules};
use crate::model::Trouble;
use crate::model::upload::PlanModel;
use crate::model::upload::plan::{Audience, Found, Names, PlanCommand};
use crate::s3;
use crate::s3::settings::Readable;
use crate::s3::store::Family;
use crate::store::settings::{ConflictChoice, UploadMemory};
use crate::worker::Request;

/// So many files are planned within a frame; more in the background.
const AT_ONCE: usize = 300;
/// So many folders are asked of the policy.
const FOLDERS_JUDGED: usize = 64;

/// What the making of plans keeps for itself.
#[derive(Default)]
pub(super) struct PlanningPart {
    making: Request<Plan, Trouble>,
    judging: Request<PolicyRules, Trouble>,
    /// The moment the plan was opened, which its names may hold.
    now: Option<DateTime>,
}

/// What decides who may read.
#[derive(Debug)]
struct PolicyRules {
    /// The policy, if there is one.
    policy: Option<Policy>,
    /// Block Public Access takes its effect away.
    restricted: bool,
}

/// Opens an empty plan for the place; false where there is none.
pub(super) fn open(core: &mut Core, id: u64) -> bool {
    let (Some(session), Some(store)) = (&core.model.session, core.store.clone()) else { return false };
    let Some(place) = session.place.clone() else { return false };
    let connection = session.connection.id;
    let kept = core.model.settings.bucket(connection, &place.bucket);
    let (memory, rules) = kept.map(|it| (it.upload.clone(), it.rules.clone())).unwrap_or_default();
    let prefix = crate::model::upload::target_prefix(&core.model.settings, session).unwrap_or_default();
    let memory = memory.unwrap_or_default();
    let right_template = Template::parse(&memory.template).unwrap_or_default();
    let mut folders: BTreeSet<String> = session.listing.folders.iter().cloned().collect();
    folders.extend(place.crumbs().into_iter().map(|(_, place)| place.prefix));
    folders.extend([place.prefix.clone(), memory.prefix].into_iter().filter(|it| !it.is_empty()));
    let family = store.info().family;
    core.model.upload.plan = Some(Box::new(PlanModel {
        id,
        connection,
        bucket: place.bucket.clone(),
        reading: None,
        found: Found::default(),
        prefix,
        template: right_template.to_string(),
        template_error: None,
        right_template,
        on_conflict: match memory.on_conflict {
            ConflictChoice::Skip => OnConflict::Skip,
            ConflictChoice::Overwrite => OnConflict::Overwrite,
            ConflictChoice::Ask | ConflictChoice::Rename => OnConflict::KeepBoth,
        },
        images_only: false,
        remove_locations: None,
        locating: false,
        cache_control: memory.cache_control,
        tags: String::new(),
        rules,
        storage_class: None,
        offers_classes: family == Family::Amazon,
        choices: HashMap::new(),
        existing: Arc::default(),
        names: Names::Unasked,
        folders,
        plan: Arc::new(Plan { items: Vec::new(), totals: upload_plan::Totals::default(), cache_control: None }),
        planning: false,
        revision: 0,
        thumbs: HashMap::new(),
        audience: Audience::Unknown,
        exposed: false,
    }));
    let part = &mut core.parts.upload;
    part.names = names::NamesPart::default();
    part.planning = PlanningPart::default();
    part.planning.now = Some((core.deps.now)().to_zoned_datetime(core.deps.zone.clone()).datetime());
    part.planning.judging = core.worker.ask(async move { policy_rules(&store, &place.bucket).await });
    true
}

async fn policy_rules(store: &s3::store::Store, bucket: &str) -> Result<PolicyRules, Trouble> {
    let restricted = match s3::settings::get_public_access_block(store, bucket).await {
        Readable::Is(block) => block.restrict_public_buckets,
        Readable::NotSet | Readable::NotOffered | Readable::MayNotRead(_) => false,
    };
    let policy = match s3::policy::get_bucket_policy(store, bucket).await? {
        None => None,
        Some(text) => Some(Policy::parse(&text).map_err(|_| {
            let sentence = "The bucket's policy cannot be read as it is written";
            Trouble::new(sentence, crate::model::trouble::WayOut::NotOffered)
        })?),
    };
    Ok(PolicyRules { policy, restricted })
}

/// Takes the files in that were found.
pub(super) fn found(core: &mut Core, found: Found) {
    let exposure = exposure(core);
    let Some(plan) = &mut core.model.upload.plan else { return };
    let first = plan.found.sources.len();
    plan.found.add(found);
    plan.reading = None;
    if first == 0 {
        plan.images_only = exposure == Exposure::Public && looks_like_pictures(&plan.found.sources);
    }
    replan(core);
    look::locate(core, first);
}

/// Pictures with perhaps a stray file among them, not a website and not documents.
fn looks_like_pictures(sources: &[Source]) -> bool {
    let images = sources.iter().filter(|it| it.media.is_image).count();
    let page = |it: &Source| {
        ["text/html", "text/css", "text/javascript"].iter().any(|mime| it.media.content_type.starts_with(mime))
    };
    images * 2 >= sources.len() && images > 0 && !sources.iter().any(page)
}

fn exposure(core: &Core) -> Exposure {
    let bucket = core.model.upload.plan.as_ref().map(|plan| plan.bucket.clone());
    let session = core.model.session.as_ref();
    session.zip(bucket).map_or(Exposure::Unasked, |(session, bucket)| session.exposure_of(&bucket))
}

/// Carries out a choice of the person.
pub(super) fn change(core: &mut Core, change: PlanCommand) {
    if let PlanCommand::SetRules(rules) = &change {
        remember(core, rules);
    }
    let Some(plan) = &mut core.model.upload.plan else { return };
    match change {
        PlanCommand::SetPrefix(prefix) => plan.prefix = prefix,
        PlanCommand::SetTemplate(template) => {
            match Template::parse(&template) {
                Ok(right) => (plan.right_template, plan.template_error) = (right, None),
                Err(error) => plan.template_error = Some(error),
            }
            plan.template = template;
        }
        PlanCommand::SetOnConflict(choice) => {
            plan.on_conflict = choice;
            // What was chosen for single files before was about another whole.
            for choice in plan.choices.values_mut() {
                choice.on_conflict = None;
            }
        }
        PlanCommand::SetImagesOnly(on) => plan.images_only = on,
        PlanCommand::SetCacheControl(header) => plan.cache_control = header,
        PlanCommand::SetTags(tags) => return plan.tags = tags,
        PlanCommand::SetRules(rules) => plan.rules = rules,
        PlanCommand::SetStorageClass(class) => return plan.storage_class = class,
        PlanCommand::Include(index, on) => plan.choices.entry(index).or_default().included = Some(on),
        PlanCommand::IncludeAll(on) => {
            for index in 0..plan.found.sources.len() {
                plan.choices.entry(index).or_default().included = Some(on);
            }
        }
        PlanCommand::RemoveLocations(on) => {
            plan.remove_locations = Some(on);
            for choice in plan.choices.values_mut() {
                choice.remove_location = None;
            }
            look::forget_sums(plan);
        }
        PlanCommand::RemoveLocation(index, on) => {
            plan.choices.entry(index).or_default().remove_location = Some(on);
            look::forget_sums(plan);
        }
        PlanCommand::Resolve(index, how) => {
            let choice = plan.choices.entry(index).or_default();
            choice.on_conflict = Some(how);
            choice.included = choice.included.filter(|included| *included);
        }
        PlanCommand::StopReading | PlanCommand::Cancel | PlanCommand::Start | PlanCommand::Look(_) => return,
    }
    replan(core);
}

/// Everything a plan is made of, ready for another thread.
struct Making {
    sources: Arc<Vec<Source>>,
    choices: HashMap<usize, Choice>,
    existing: Arc<HashMap<String, Existing>>,
    options: PlanOptions,
    warn_above_bytes: Option<u64>,
}

impl Making {
    fn make(self) -> Plan {
        let mut plan = upload_plan::plan(&self.sources, &self.choices, &self.existing, &self.options);
        // A large picture is worth a word, but it goes.
        if let Some(limit_bytes) = self.warn_above_bytes {
            for item in &mut plan.items {
                let image = self.sources.get(item.source).is_some_and(|source| source.media.is_image);
                if image && item.size_bytes > limit_bytes {
                    let at = item.notes.iter().position(|note| note.tone() == Tone::Quiet).unwrap_or(item.notes.len());
                    item.notes.insert(at, Note::OverLimit { limit_bytes });
                }
            }
        }
        plan
    }
}

/// Rules hold for later uploads to the bucket, whether this one is sent or not.
fn remember(core: &mut Core, rules: &[Rule]) {
    let Some(plan) = &core.model.upload.plan else { return };
    let (connection, bucket) = (plan.connection, plan.bucket.clone());
    core.change_settings(|settings| settings.bucket_mut(connection, &bucket).rules = rules.to_vec());
}

/// Makes the plan anew from what is chosen and known.
pub(super) fn replan(core: &mut Core) {
    let user = core.deps.user_name.clone();
    let warn_above_bytes = core.model.settings.warn_above_bytes;
    let part = &mut core.parts.upload;
    let Some(plan) = &mut core.model.upload.plan else { return };
    let now = part.planning.now.unwrap_or_default();
    let options = PlanOptions {
        template: plan.right_template.clone(),
        rules: Rules::new(&plan.rules),
        on_conflict: plan.on_conflict,
        images_only: plan.images_only,
        remove_locations: plan.removes_locations(),
        cache_control: plan.cache_control.clone(),
        user,
        ..PlanOptions::new(&plan.prefix, now)
    };
    let making = Making {
        sources: Arc::clone(&plan.found.sources),
        choices: plan.choices.clone(),
        existing: Arc::clone(&plan.existing),
        options,
        warn_above_bytes,
    };
    if making.sources.len() <= AT_ONCE {
        part.planning.making = Request::Idle;
        return planned(core, making.make());
    }
    plan.planning = true;
    part.planning.making = core.worker.ask(async move {
        tokio::task::spawn_blocking(move || making.make())
            .await
            .map_err(|error| <Trouble as crate::worker::Crashed>::crashed(error.to_string()))
    });
}

fn planned(core: &mut Core, made: Plan) {
    let Some(plan) = &mut core.model.upload.plan else { return };
    plan.plan = Arc::new(made);
    plan.planning = false;
    plan.revision += 1;
    judge(core);
    names::check(core);
    look::compare(core);
}

/// Looks for answers, once a frame.
pub(super) fn tick(core: &mut Core) {
    let part = &mut core.parts.upload;
    if part.planning.judging.poll() {
        judge(core);
    }
    let part = &mut core.parts.upload;
    if part.planning.making.poll() {
        match std::mem::take(&mut part.planning.making) {
            Request::Ready(made) => planned(core, made),
            Request::Failed { error, .. } => {
                core.model.notices.trouble("The plan could not be made", &error);
                super::close(core);
            }
            Request::Idle | Request::Pending { .. } => {}
        }
    }
}

/// Who will see the files, from the policy as it stands.
fn judge(core: &mut Core) {
    let exposure = exposure(core);
    let region = core.model.session.as_ref().and_then(|session| {
        let bucket = &core.model.upload.plan.as_ref()?.bucket;
        session.regions.get(bucket).cloned()
    });
    let Some(plan) = &mut core.model.upload.plan else { return };
    let partition = Partition::from_region(region.as_deref().unwrap_or("us-east-1"));
    let removed_locations = plan.removes_locations();
    plan.audience = match (core.parts.upload.planning.judging.known(), exposure) {
        (None, Exposure::Private) => Audience::Private,
        (None, Exposure::Public | Exposure::Unasked | Exposure::Unknown) => Audience::Unknown,
        (Some(rules), _) => {
            let arn = |key: &str| object_arn(partition, &plan.bucket, key);
            let all = audience(rules, plan.plan.items.iter().filter(|item| item.can_include()), arn);
            plan.exposed = matches!(all, Audience::Anyone | Audience::Partly);
            audience(rules, plan.plan.items.iter().filter(|item| item.included()), arn)
        }
    };
    // Who can see them decides what is preset for pictures that tell a place.
    if plan.removes_locations() != removed_locations && plan.found.sources.iter().any(|it| it.holds_location) {
        look::forget_sums(plan);
        replan(core);
    }
}

/// One file of each folder is asked about: policies speak of prefixes.
fn audience<'a>(
    rules: &PolicyRules,
    items: impl Iterator<Item = &'a PlanItem>,
    arn: impl Fn(&str) -> String,
) -> Audience {
    let Some(policy) = rules.policy.as_ref().filter(|_| !rules.restricted) else { return Audience::Private };
    let mut folders: HashMap<&str, &str> = HashMap::new();
    for item in items {
        folders.entry(names::folder_of(&item.key)).or_insert(&item.key);
        if folders.len() >= FOLDERS_JUDGED {
            break;
        }
    }
    let request = AnonymousRequest { https: true, ..AnonymousRequest::default() };
    let open = |key: &&str| {
        let context = policy::anonymous_context("s3:GetObject", arn(key), &request);
        matches!(policy::evaluate(policy, &context), Decision::Allow { .. })
    };
    let all = folders.len();
    match folders.values().filter(|key| open(key)).count() {
        0 => Audience::Private,
        n if n == all => Audience::Anyone,
        _ => Audience::Partly,
    }
}

/// The choices worth remembering for this bucket.
pub(super) fn memory(plan: &PlanModel) -> UploadMemory {
    UploadMemory {
        prefix: plan.target_prefix(),
        template: plan.right_template.to_string(),
        on_conflict: match plan.on_conflict {
            OnConflict::Skip => ConflictChoice::Skip,
            OnConflict::KeepBoth => ConflictChoice::Rename,
            OnConflict::Overwrite => ConflictChoice::Overwrite,
        },
        cache_control: plan.cache_control.clone(),
    }
}
