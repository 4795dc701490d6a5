//! What may be done, and with which files, in words.

use crate::domain::policy::actions::{self, ActionScope};
use crate::domain::policy::scene::Reach;
use crate::domain::policy::{ActionMatch, Effect, ResourceMatch, Scene, Statement, Style, Words, glob};

/// Words for an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::policy) struct Deed {
    /// Such as `s3:GetObject`.
    pub(in crate::domain::policy) action: &'static str,
    /// The verb, which stands out.
    pub(in crate::domain::policy) verb: &'static str,
    /// What belongs to the verb.
    rest: &'static str,
    /// Whether the files follow.
    pub(in crate::domain::policy) files: bool,
}

const fn deed(action: &'static str, verb: &'static str, rest: &'static str, files: bool) -> Deed {
    Deed { action, verb, rest, files }
}

const DEEDS: &[Deed] = &[
    deed("s3:GetObject", "view", "", true),
    deed("s3:ListBucket", "list", " the files", false),
    deed("s3:PutObject", "upload", "", true),
    deed("s3:DeleteObject", "delete", "", true),
    deed("s3:GetObjectVersion", "view", " older versions of", true),
    deed("s3:DeleteObjectVersion", "delete", " for good", true),
    deed("s3:GetObjectTagging", "read", " the tags of", true),
    deed("s3:PutObjectTagging", "tag", "", true),
    deed("s3:PutObjectAcl", "change", " the access of", true),
    deed("s3:GetObjectAcl", "read", " the access of", true),
    deed("s3:AbortMultipartUpload", "stop", " uploads of", true),
    deed("s3:ListMultipartUploadParts", "list", " the parts of uploads of", true),
    deed("s3:RestoreObject", "restore", " from the archive", true),
    deed("s3:ListBucketVersions", "list", " the versions of the files", false),
    deed("s3:ListBucketMultipartUploads", "list", " unfinished uploads", false),
    deed("s3:GetBucketLocation", "see", " the region", false),
    deed("s3:GetBucketPolicy", "read", " the policy", false),
    deed("s3:PutBucketPolicy", "replace", " the policy", false),
    deed("s3:DeleteBucketPolicy", "remove", " the policy", false),
    deed("s3:GetBucketAcl", "read", " the bucket's access list", false),
    deed("s3:PutBucketAcl", "change", " the bucket's access list", false),
    deed("s3:PutBucketPublicAccessBlock", "change", " Block Public Access", false),
    deed("s3:DeleteBucket", "delete", " the bucket", false),
];

impl Deed {
    /// The verb and what belongs to it, without the files.
    pub(in crate::domain::policy) fn words(&self) -> Words {
        Words::strong(self.verb).then(self.rest)
    }
}

/// The words of an action, where it has some of its own.
pub(in crate::domain::policy) fn deed_of(action: &str) -> Option<&'static Deed> {
    DEEDS.iter().find(|deed| deed.action.eq_ignore_ascii_case(action))
}

/// View, list, upload, delete.
pub(in crate::domain::policy) fn everyday_deeds() -> [&'static Deed; 4] {
    let [view, list, upload, delete, ..] = DEEDS else { return [&FALLBACK; 4] };
    [view, list, upload, delete]
}

const FALLBACK: Deed = deed("s3:GetObject", "view", "", true);

/// What the resources of a statement can cover in this bucket.
pub(super) fn resources(statement: &Statement, scene: &Scene<'_>) -> Reach {
    match &statement.resource {
        ResourceMatch::Only(list) => {
            list.iter().map(|resource| scene.reach(resource)).fold(Reach::default(), |all, one| Reach {
                bucket: all.bucket || one.bucket,
                files: all.files || one.files,
            })
        }
        ResourceMatch::Except(list) => {
            let whole = scene.object_arn("*");
            Reach {
                bucket: !list.iter().any(|resource| scene.reach(resource).bucket),
                files: !list.iter().any(|resource| *resource == whole || resource == "*"),
            }
        }
    }
}

/// The actions of a statement, parted by whether a resource of it fits.
pub(super) struct Deeds {
    kind: Kind,
    reach: Reach,
}

enum Kind {
    Everything,
    AllBut(Vec<String>),
    Named { fit: Vec<Named>, misfit: Vec<Named> },
}

struct Named {
    words: Words,
    files: bool,
    /// An action without words of its own: "use `s3:X` on".
    bare: bool,
}

/// Words for one action or pattern, and whether it works on files and on the bucket.
fn named(action: &str) -> (Named, Reach) {
    let covered = actions::covered(action);
    let has = |scope| covered.iter().any(|(_, found)| *found == scope);
    let on = match covered.is_empty() {
        // Not known: the server decides.
        true => Reach { bucket: true, files: true },
        false => Reach { bucket: has(ActionScope::Bucket), files: has(ActionScope::Object) },
    };
    let named = match deed_of(action) {
        Some(deed) => Named { words: deed.words(), files: deed.files, bare: false },
        None => Named { words: Words::plain("use ").with(action, Style::Mono), files: on.files, bare: true },
    };
    (named, on)
}

pub(super) fn deeds(statement: &Statement, scene: &Scene<'_>) -> Deeds {
    let reach = resources(statement, scene);
    let kind = match &statement.action {
        ActionMatch::Except(list) => Kind::AllBut(list.clone()),
        ActionMatch::Only(list) if list.iter().any(|a| a == "*" || a.eq_ignore_ascii_case("s3:*")) => Kind::Everything,
        ActionMatch::Only(list) => {
            let (mut fit, mut misfit) = (Vec::new(), Vec::new());
            for action in list {
                let (named, on) = named(action);
                if (on.files && reach.files) || (on.bucket && reach.bucket) {
                    // A pattern such as s3:List* may reach the bucket alone.
                    fit.push(Named { files: named.files && reach.files, ..named });
                } else {
                    misfit.push(named);
                }
            }
            Kind::Named { fit, misfit }
        }
    };
    Deeds { kind, reach }
}

impl Deeds {
    pub(super) const fn everything(&self) -> bool {
        matches!(self.kind, Kind::Everything)
    }

    /// Whether no action meets a resource.
    pub(super) fn nothing_fits(&self) -> bool {
        match &self.kind {
            Kind::Everything | Kind::AllBut(_) => self.reach == Reach::default(),
            Kind::Named { fit, .. } => fit.is_empty(),
        }
    }

    /// The actions that meet no resource, where others do.
    pub(super) fn misfit_words(&self, statement: &Statement) -> Option<Words> {
        let Kind::Named { misfit, .. } = &self.kind else { return None };
        if misfit.is_empty() {
            return None;
        }
        let files = misfit.iter().any(|named| named.files);
        let missing = if files {
            " works on files, and only the bucket is named"
        } else {
            " works on the bucket itself, and only files are named"
        };
        let words = Words::list(misfit.iter().map(|named| named.words.clone()), "and");
        Some(Words::plain(format!("{}: to ", super::place_of(statement))).and(words).then(missing))
    }

    /// "view and upload files under photos/".
    pub(super) fn words(&self, statement: &Statement, scene: &Scene<'_>) -> Words {
        let deny = statement.effect == Effect::Deny;
        match &self.kind {
            Kind::Everything => Words::strong(if deny { "do anything" } else { "do everything" })
                .then(" with ")
                .and(self.all(statement, scene)),
            Kind::AllBut(list) => {
                let but = list.iter().map(|action| deed_of(action).map_or_else(|| Words::mono(action), Deed::words));
                Words::strong(if deny { "do anything but" } else { "do everything but" })
                    .then(" ")
                    .and(Words::list(but, "and"))
                    .then(" with ")
                    .and(self.all(statement, scene))
            }
            Kind::Named { fit, .. } => {
                let (on_files, on_bucket): (Vec<&Named>, Vec<&Named>) = fit.iter().partition(|named| named.files);
                let files = !on_files.is_empty();
                // What the bucket is asked comes first, so that "which files" follows its verb.
                let verbs = on_bucket.into_iter().chain(on_files).map(|named| named.words.clone());
                let bare = fit.iter().rfind(|named| named.files).is_some_and(|named| named.bare);
                let verbs = Words::list(verbs, if deny { "or" } else { "and" });
                if files {
                    verbs.then(if bare { " on " } else { " " }).and(self.files(statement, scene))
                } else {
                    verbs.then(format!(" of {}", scene.bucket))
                }
            }
        }
    }

    /// The bucket and the files, for actions of every kind.
    fn all(&self, statement: &Statement, scene: &Scene<'_>) -> Words {
        let deny = statement.effect == Effect::Deny;
        let join = if deny { " or " } else { " and " };
        let files = || self.files(statement, scene);
        match (self.reach, &statement.resource) {
            (Reach { bucket: false, .. }, _) => files(),
            (Reach { files: false, .. }, _) => Words::plain(format!("{} itself", scene.bucket)),
            (_, ResourceMatch::Only(list)) if covers_every_file(list, scene) => {
                let end = if deny { "any file in it" } else { "every file in it" };
                Words::plain(format!("{}{join}{end}", scene.bucket))
            }
            _ => Words::plain(format!("{} itself{join}", scene.bucket)).and(files()),
        }
    }

    fn files(&self, statement: &Statement, scene: &Scene<'_>) -> Words {
        let every = match statement.effect {
            Effect::Allow => "every file of",
            Effect::Deny => "any file of",
        };
        match &statement.resource {
            ResourceMatch::Only(list) if covers_every_file(list, scene) => {
                Words::plain(format!("{every} {}", scene.bucket))
            }
            ResourceMatch::Only(list) => {
                let own = list.iter().filter(|resource| scene.reach(resource).files);
                Words::list(own.map(|resource| place_words(resource, scene)), "and")
            }
            ResourceMatch::Except(list) => Words::plain(format!("{every} {} but ", scene.bucket))
                .and(Words::list(list.iter().map(|resource| place_words(resource, scene)), "and")),
        }
    }
}

fn covers_every_file(list: &[String], scene: &Scene<'_>) -> bool {
    list.iter().any(|resource| resource == "*" || scene.key_of(resource) == Some("*"))
}

/// Which files a resource names: "files under photos/".
pub(in crate::domain::policy) fn place_words(resource: &str, scene: &Scene<'_>) -> Words {
    if resource == scene.bucket_arn() {
        return Words::plain("the bucket itself");
    }
    let Some(key) = scene.key_of(resource) else {
        return Words::mono(resource);
    };
    let (said, name) = match key.strip_suffix('*') {
        Some("") => return Words::plain("every file"),
        Some(start) if !glob::has_wildcard(start) && start.ends_with('/') => ("files under ", start),
        Some(start) if !glob::has_wildcard(start) => ("files whose name starts with ", start),
        _ => match key.strip_prefix('*') {
            Some(end) if !glob::has_wildcard(end) => ("files whose name ends in ", end),
            _ if glob::has_wildcard(key) => ("files whose name fits ", key),
            _ => ("the file ", key),
        },
    };
    Words::plain(said).with(name, Style::Mono)
}
