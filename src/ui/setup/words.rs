//! Longer words for what the wizard does.

use crate::domain::public_access::BlockPublicAccess;
use crate::domain::setup::{Purpose, StepAction, Visibility, Wanted};
use crate::model::setup::run::Call;

/// What a call means, in a sentence or two, with the permission that it takes.
pub(super) fn meaning(call: &Call) -> String {
    let what = match &call.step.action {
        StepAction::CreateBucket { location, .. } => match location {
            Some(_) => "The name is reserved and an empty bucket is made in that region. Neither can be changed later.",
            None => "The name is reserved and an empty bucket is made. The name cannot be changed later.",
        },
        StepAction::WaitForBucket => {
            "A new bucket may take a few seconds until every server knows it. Brimful asks until it answers."
        }
        _ if call.is_way_back => way_back(&call.step.action),
        StepAction::PutPublicAccessBlock(block) if block.permits_public_policy() => {
            "A new bucket refuses public policies. Only the two switches that refuse them are turned off; \
             the two that refuse public ACLs stay on."
        }
        StepAction::PutPublicAccessBlock(block) if *block != BlockPublicAccess::ALL => {
            "No policy and no ACL can open the bucket to strangers, not even by mistake. The switch that refuses public \
             ACLs stays as it is: some stores refuse every upload while it is on."
        }
        StepAction::PutPublicAccessBlock(_) => {
            "All four switches on: no policy and no ACL can open the bucket to strangers, not even by mistake."
        }
        StepAction::PutOwnershipControls(_) => {
            "Decides whether ACLs of single files count. With ACLs off, the bucket policy alone says who may do what."
        }
        StepAction::EnableVersioning => {
            "What is overwritten or deleted is kept as an old version and can be brought back. Old versions cost space."
        }
        StepAction::PutEncryption(_) => {
            "Files are encrypted where they lie when an upload says nothing else. Reading them stays as it is."
        }
        StepAction::PutPolicy(_) => {
            "Whoever has the address of a file may read it, without signing in. Nobody may list, upload, change or \
             delete. Statements that are there already are kept."
        }
        StepAction::PutCors(_) => {
            "Scripts on these pages may load the files. It opens nothing that the policy keeps closed. Rules that \
             are there already are kept."
        }
        StepAction::PutLifecycle(_) => {
            "Parts of large uploads that were never finished cost space without being seen; they are cleared after \
             these days. Rules that are there already are kept."
        }
        StepAction::PutWebsite(_) => {
            "The bucket also answers as a website, over plain http, with a start page and a page for what is missing."
        }
        action @ (StepAction::DeleteOwnershipControls
        | StepAction::SuspendVersioning
        | StepAction::DeleteEncryption
        | StepAction::DeletePolicy
        | StepAction::DeleteWebsite
        | StepAction::DeleteTestImage { .. }
        | StepAction::DeleteBucket) => way_back(action),
        StepAction::PutTags(_) => "Tags help to find and to bill buckets. Tags that are there already are kept.",
        StepAction::Prove { public: true, .. } => {
            "Brimful uploads a test image, then asks for it as a stranger would. What comes back is shown."
        }
        StepAction::Prove { public: false, .. } => {
            "Brimful uploads a test image, then asks for it as a stranger would, and expects to be refused."
        }
    };
    match call.step.iam_actions {
        [] => what.to_owned(),
        actions => format!("{what} It takes {}.", actions.join(" and ")),
    }
}

/// The same for a call that takes something back.
fn way_back(action: &StepAction) -> &'static str {
    match action {
        StepAction::DeletePolicy => "There was no policy before, so strangers can open nothing by one afterwards.",
        StepAction::DeleteTestImage { .. } => "Only the image that Brimful put there for the proof.",
        StepAction::DeleteBucket => {
            "The bucket that this set-up has made, if it is empty. The name is free for anyone afterwards."
        }
        StepAction::SuspendVersioning => {
            "Versions cannot be switched off again, only suspended: new ones are not kept, those that are there stay."
        }
        _ => "As it was read before the first change.",
    }
}

/// A longer sentence for a purpose than its card has.
pub(super) fn begins_with(purpose: Purpose) -> Vec<(&'static str, String)> {
    let wanted = Wanted::new(purpose, "", "");
    let see = match &wanted.visibility {
        Visibility::Anyone { .. } => "Anyone with the address, after you have said so",
        Visibility::Nobody | Visibility::OwnPolicy => "Only people who sign in",
    };
    let versions = if wanted.versioning { "Kept" } else { "Not kept" };
    let mut lines = vec![
        ("Who may see the files", see.to_owned()),
        ("Old versions", versions.to_owned()),
        ("Encryption", "With keys of the store, SSE-S3".to_owned()),
    ];
    if let Some(days) = wanted.abort_unfinished_days {
        lines.push(("Unfinished uploads", format!("Cleared after {days} days")));
    }
    if let Some(website) = wanted.website {
        lines.push(("Website", format!("Starts at {}", website.index)));
    }
    lines
}
