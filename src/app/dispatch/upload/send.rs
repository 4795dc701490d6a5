use super::{before, planning, read, transfers};
use crate::app::core::Core;
use crate::domain::object_tags;
use crate::domain::upload_plan::{LocationFate, PlanItem};
use crate::domain::upload_rules::{Field, metadata};
use crate::model::upload::plan::{Origin, PlanModel};
use crate::s3::object::{Guard, ObjectHeaders};
use crate::transfer::{Batch, Source, UploadItem};

/// Sends what the plan says, as it stands.
pub(super) fn start(core: &mut Core) {
    let Some(plan) = core.model.upload.plan.as_deref() else { return };
    let Some(store) = core.store.clone().filter(|_| plan.why_not().is_none()) else { return };
    let (connection, bucket, memory) = (plan.connection, plan.bucket.clone(), planning::memory(plan));
    core.change_settings(|settings| settings.bucket_mut(connection, &bucket).upload = Some(memory));
    let Some(plan) = core.model.upload.plan.take() else { return };
    super::close(core);
    if core.model.upload.transfers.from_before().is_some() {
        before::say_held(core);
    }
    transfers::hand_over(core, move || {
        let label = plan.target_prefix();
        Batch { store, bucket, label, items: items(&plan) }
    });
}

fn items(plan: &PlanModel) -> Vec<UploadItem> {
    let tags = plan.tag_pairs().unwrap_or_default();
    let included = plan.plan.items.iter().filter(|item| item.included());
    included.filter_map(|item| upload_item(plan, item, &tags)).collect()
}

fn upload_item(plan: &PlanModel, item: &PlanItem, tags: &[(String, String)]) -> Option<UploadItem> {
    let without_location = match item.location() {
        Some(fate) => fate == LocationFate::Removed,
        // Not searched yet: then it is when its turn comes.
        None => plan.locating && plan.removes_locations() && plan.found.sources.get(item.source)?.location_can_go(),
    };
    let source = match plan.found.origins.get(item.source)? {
        Origin::Bytes(bytes) if without_location => Source::Bytes(read::without_location(bytes)),
        Origin::Bytes(bytes) => Source::Bytes(bytes.clone()),
        Origin::Path(path) if without_location => {
            Source::Edited { path: path.clone(), edit: read::without_location_edit() }
        }
        Origin::Path(path) => Source::Path(path.clone()),
    };
    let given = |field| item.given(field).map(str::to_owned);
    Some(UploadItem {
        source,
        name: plan.found.sources.get(item.source)?.name.clone(),
        key: item.key.clone(),
        size_bytes: item.size_bytes,
        headers: ObjectHeaders {
            content_type: Some(item.content_type.clone()),
            cache_control: given(Field::CacheControl).or_else(|| plan.cache_control.clone()),
            content_disposition: given(Field::ContentDisposition),
            storage_class: given(Field::StorageClass).or_else(|| plan.storage_class.map(str::to_owned)),
            // Rules were right when they were made ready.
            metadata: given(Field::Metadata).and_then(|text| metadata(&text).ok()).unwrap_or_default(),
            tags: given(Field::Tags).and_then(|text| object_tags::parse(&text).ok()).unwrap_or_else(|| tags.to_vec()),
            ..ObjectHeaders::default()
        },
        // Without the guard only where the person chose to replace what is there.
        guard: if item.if_none_match() { Guard::IfNoneMatch } else { Guard::Overwrite },
    })
}
