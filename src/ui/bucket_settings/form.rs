//! The forms: one for each setting, from its value and back to one.

mod acl;
mod cors;
mod lifecycle;
mod lock;
mod place;
mod simple;
mod tags;

use egui::Ui;

use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::public_access::AclOf;
use crate::model::bucket_settings::First;
use crate::ui::UiCtx;

pub(in crate::ui) use acl::AccessForm;

/// A form with what is filled in.
#[derive(Debug)]
pub(super) enum Form {
    /// Block Public Access, of the bucket or of the account.
    Flags(simple::Flags),
    /// Object Ownership.
    Ownership(simple::Ownership),
    /// The access list.
    Acl(AccessForm),
    /// Versions.
    Versions(simple::Versions),
    /// Default encryption.
    Encryption(simple::Encryption),
    /// Tags.
    Tags(tags::Tags),
    /// CORS rules.
    Cors(cors::Cors),
    /// Lifecycle rules.
    Lifecycle(lifecycle::Lifecycle),
    /// Website.
    Website(place::Website),
    /// Access log.
    Logging(place::Logging),
    /// Who pays.
    Payer(simple::Payer),
    /// Transfer acceleration.
    Acceleration(simple::Acceleration),
    /// Object Lock.
    Lock(lock::Lock),
    /// An earlier value as a whole: nothing to fill in.
    Whole(Option<SettingValue>),
}

impl Form {
    /// Begins with a value.
    pub(super) fn of(kind: SettingKind, start: Option<&SettingValue>, cx: &UiCtx<'_>) -> Self {
        match kind {
            SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess => {
                Self::Flags(simple::Flags::of(kind, start))
            }
            SettingKind::Ownership => Self::Ownership(simple::Ownership::of(start, cx)),
            SettingKind::Acl => match start {
                Some(SettingValue::Acl(acl)) => Self::Acl(AccessForm::of(AclOf::Bucket, acl, acl.owner.as_deref())),
                other => Self::Whole(other.cloned()),
            },
            SettingKind::Versioning => Self::Versions(simple::Versions::of(start)),
            SettingKind::Encryption => Self::Encryption(simple::Encryption::of(start)),
            SettingKind::Tags => Self::Tags(tags::Tags::of(start)),
            SettingKind::Cors => Self::Cors(cors::Cors::of(start)),
            SettingKind::Lifecycle => Self::Lifecycle(lifecycle::Lifecycle::of(start)),
            SettingKind::Website => Self::Website(place::Website::of(start)),
            SettingKind::Logging => Self::Logging(place::Logging::of(start, cx)),
            SettingKind::RequestPayment => Self::Payer(simple::Payer::of(start)),
            SettingKind::Acceleration => Self::Acceleration(simple::Acceleration::of(start)),
            SettingKind::ObjectLock => Self::Lock(lock::Lock::of(start)),
            SettingKind::Policy | SettingKind::Notification | SettingKind::Replication => Self::Whole(start.cloned()),
        }
    }

    /// Shows the fields.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        match self {
            Self::Flags(form) => form.ui(ui),
            Self::Ownership(form) => form.ui(ui),
            Self::Acl(form) => form.ui(ui, &cx.model.bucket_settings.block()),
            Self::Versions(form) => form.ui(ui, cx),
            Self::Encryption(form) => form.ui(ui, cx),
            Self::Tags(form) => form.ui(ui),
            Self::Cors(form) => form.ui(ui),
            Self::Lifecycle(form) => form.ui(ui),
            Self::Website(form) => form.ui(ui),
            Self::Logging(form) => form.ui(ui, cx),
            Self::Payer(form) => form.ui(ui),
            Self::Acceleration(form) => form.ui(ui, cx),
            Self::Lock(form) => form.ui(ui, cx),
            Self::Whole(_) => {}
        }
    }

    /// What it says; the error is why it cannot be saved like that.
    pub(super) fn value(&self, base: Option<&SettingValue>) -> Result<Option<SettingValue>, String> {
        match self {
            Self::Flags(form) => Ok(form.value()),
            Self::Ownership(form) => form.value(),
            Self::Acl(form) => form.value().map(|acl| Some(SettingValue::Acl(acl))),
            Self::Versions(form) => Ok(form.value(base)),
            Self::Encryption(form) => form.value(),
            Self::Tags(form) => form.value(),
            Self::Cors(form) => form.value(),
            Self::Lifecycle(form) => form.value(),
            Self::Website(form) => form.value(),
            Self::Logging(form) => form.value(),
            Self::Payer(form) => Ok(form.value(base)),
            Self::Acceleration(form) => Ok(form.value(base)),
            Self::Lock(form) => form.value(),
            Self::Whole(value) => Ok(value.clone()),
        }
    }

    /// What has to be done before it is written.
    pub(super) fn first(&self) -> Option<First> {
        match self {
            Self::Ownership(form) => form.first(),
            Self::Logging(form) => form.first(),
            _ => None,
        }
    }
}
