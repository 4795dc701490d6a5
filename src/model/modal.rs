//! At most one dialog at a time, with what it needs to know.

use super::Command;
use super::settings::PracticeUser;
use crate::domain::check::WhyRefused;

/// The dialog on screen.
#[derive(Debug, Clone)]
pub enum Modal {
    /// The command palette.
    Palette,
    /// A dangerous action, asked first.
    Confirm(Confirm),
    /// The plan of an upload; its content is in the upload's own model.
    UploadPlan,
    /// What a user of practice storage is to be: as it is now, or a new one.
    PracticeUser(Option<PracticeUser>),
    /// A setting of the bucket is being changed; its content is in the settings' own model.
    BucketSetting,
    /// The access list of a file is being changed; its content is in the gallery's model.
    ObjectAccess,
    /// The bucket's settings as other tools can make them.
    BucketExport,
    /// The bucket is being emptied or deleted; its content is in the settings' own model.
    BucketRemoval,
    /// Uploads that were begun and not finished; its content is in the settings' own model.
    UnfinishedUploads,
    /// What the bucket's lifecycle rules would do; its content is in the settings' own model.
    LifecycleDryRun,
    /// What saving a policy would do; its content is in the model of permissions.
    PolicyReview,
    /// Earlier versions of a policy; its content is in the model of permissions.
    PolicyHistory,
    /// A way to make a file visible, before it is done; its content is in the model of the check.
    CheckFix,
    /// Why a request was refused.
    WhyRefused(Box<WhyRefused>),
}

/// What a confirmation says and does.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// The question, e.g. "Delete cat.png?".
    pub title: String,
    /// What is lost or changed, in full sentences.
    pub body: String,
    /// Things to bear in mind, one line each.
    pub notes: Vec<String>,
    /// The names concerned; the first few are shown.
    pub names: Vec<String>,
    /// The label of the dangerous button, e.g. "Delete 3 files".
    pub button: String,
    /// When set, this has to be typed before the button opens.
    pub type_name: Option<String>,
    /// What happens on yes.
    pub then: Box<Command>,
}
