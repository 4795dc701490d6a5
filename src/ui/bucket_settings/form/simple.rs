//! Settings that are a choice: Block Public Access, Object Ownership, versions, encryption, who pays, acceleration.

use egui::{Ui, vec2};

use super::super::body::{note_ui, warn_ui};
use crate::domain::bucket_settings::{
    self, DefaultEncryption, EncryptionAlgorithm, SettingKind, SettingValue, Status, Versioning,
};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use crate::model::bucket_settings::{First, Reading};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Banner, BannerTone, FieldNote, OptionCard, TextField, checkbox, paint};

fn explain_ui(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    let frame = egui::Frame::new().inner_margin(egui::Margin { left: 24, right: 0, top: 0, bottom: 4 });
    frame.show(ui, |ui| paint::label(ui, Type::Small.rich(words), t.text_2));
}

/// The four flags.
#[derive(Debug)]
pub(in super::super) struct Flags {
    of_account: bool,
    flags: BlockPublicAccess,
    was_set: bool,
}

impl Flags {
    pub(super) fn of(kind: SettingKind, start: Option<&SettingValue>) -> Self {
        let flags = match start {
            Some(SettingValue::BlockPublicAccess(flags)) => *flags,
            _ => BlockPublicAccess::NONE,
        };
        Self { of_account: kind == SettingKind::AccountBlockPublicAccess, flags, was_set: start.is_some() }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        if self.of_account {
            let rest = "It wins over what the buckets themselves say, and reaches buckets you may not even see.";
            Banner::new(BannerTone::Danger, "This is for every bucket of the account.", rest).show(ui);
            ui.add_space(4.0);
        }
        let flags = &mut self.flags;
        let rows: [(&mut bool, &str, &str); 4] = [
            (
                &mut flags.block_public_acls,
                "Refuse public ACLs",
                "Access lists that let the public in are refused when written. Those there are stay. BlockPublicAcls",
            ),
            (
                &mut flags.ignore_public_acls,
                "Ignore public ACLs",
                "Access lists that let the public in have no effect, those there are included. IgnorePublicAcls",
            ),
            (
                &mut flags.block_public_policy,
                "Refuse public policies",
                "A policy that lets the public in is refused when written. One that is there stays. BlockPublicPolicy",
            ),
            (
                &mut flags.restrict_public_buckets,
                "Restrict public buckets",
                "A policy that lets the public in serves only this account and AWS services. RestrictPublicBuckets",
            ),
        ];
        for (on, label, words) in rows {
            checkbox(ui, on, label);
            explain_ui(ui, words);
        }
        if self.flags.permits_public_policy() && self.flags.block_public_acls && self.flags.ignore_public_acls {
            note_ui(
                ui,
                icons::INFO,
                "This is what a bucket needs that is opened by its policy: nothing more is lifted",
            );
        }
    }

    pub(super) fn value(&self) -> Option<SettingValue> {
        let nothing = !self.was_set && self.flags == BlockPublicAccess::NONE;
        (!nothing).then_some(SettingValue::BlockPublicAccess(self.flags))
    }
}

/// Who owns uploads.
#[derive(Debug)]
pub(in super::super) struct Ownership {
    to: ObjectOwnership,
    /// Not chosen: nothing is stored.
    unset: bool,
    /// The access list grants something to others, which stands against switching access lists off.
    acl_grants: bool,
    reset_acl: bool,
}

impl Ownership {
    pub(super) fn of(start: Option<&SettingValue>, cx: &UiCtx<'_>) -> Self {
        let to = match start {
            Some(SettingValue::Ownership(to)) => Some(*to),
            _ => None,
        };
        let acl_grants = match cx.model.bucket_settings.reading(SettingKind::Acl) {
            Some(Reading::Is(SettingValue::Acl(acl))) => acl.grants_to_others(),
            _ => false,
        };
        Self { to: to.unwrap_or(ObjectOwnership::ObjectWriter), unset: to.is_none(), acl_grants, reset_acl: false }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let options = [
            (
                ObjectOwnership::BucketOwnerEnforced,
                "Access lists are off",
                "The bucket’s account owns every file, and only policies decide who gets in. Existing access lists have \
                 no effect. Uploads that carry one are refused. BucketOwnerEnforced",
            ),
            (
                ObjectOwnership::BucketOwnerPreferred,
                "Access lists count, uploads are handed over",
                "Uploads with bucket-owner-full-control belong to the bucket’s account; others stay with the uploader. \
                 Access lists set earlier take effect again. BucketOwnerPreferred",
            ),
            (
                ObjectOwnership::ObjectWriter,
                "Access lists count, uploaders own",
                "Whoever uploads a file owns it, and the policy does not reach what others own. Access lists set \
                 earlier take effect again. ObjectWriter",
            ),
        ];
        for (to, title, words) in options {
            if OptionCard::new(self.to == to, title, words).show(ui, |_| {}).clicked() {
                self.to = to;
                self.unset = false;
            }
        }
        if self.to == ObjectOwnership::BucketOwnerEnforced && self.acl_grants {
            warn_ui(
                ui,
                "The bucket’s access list grants something to others. S3 refuses to switch lists off like that",
            );
            checkbox(ui, &mut self.reset_acl, "First give everything to the owner alone (PutBucketAcl private)");
        }
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        if self.unset {
            return Ok(None);
        }
        if self.to == ObjectOwnership::BucketOwnerEnforced && self.acl_grants && !self.reset_acl {
            return Err("Tick that the access list is reset first".to_owned());
        }
        Ok(Some(SettingValue::Ownership(self.to)))
    }

    pub(super) fn first(&self) -> Option<First> {
        (self.reset_acl && self.to == ObjectOwnership::BucketOwnerEnforced).then_some(First::ResetAcl)
    }
}

/// Keeping old versions.
#[derive(Debug)]
pub(in super::super) struct Versions {
    on: bool,
    was: Option<Versioning>,
}

impl Versions {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let was = match start {
            Some(SettingValue::Versioning(versioning)) => Some(*versioning),
            _ => None,
        };
        Self { on: was.is_some_and(|it| it.is_on()), was }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        let on = "What is overwritten or deleted stays as an old version and can be brought back. Old versions cost space \
                  until they are cleared, by hand or by a lifecycle rule.";
        if OptionCard::new(self.on, "Keep old versions", on).show(ui, |_| {}).clicked() {
            self.on = true;
        }
        let (title, words) = match self.was {
            None => ("Keep none", "What is overwritten or deleted is gone at once."),
            Some(_) => (
                "Suspend",
                "Old versions that are there stay. From now on an overwritten or deleted file is gone, though deleting \
                 a file that has old versions only hides them. Once on, it can be suspended but never taken away.",
            ),
        };
        if OptionCard::new(!self.on, title, words).show(ui, |_| {}).clicked() {
            self.on = false;
        }
        if self.was.is_some_and(|it| it.asks_for_code()) {
            warn_ui(ui, "MFA delete is on: the store will refuse this, unless the account’s root asks with its code");
        }
        if !self.on && cx.model.bucket_settings.value(SettingKind::Replication).is_some() {
            warn_ui(ui, "Replication is set up here and stops without versions");
        }
    }

    pub(super) fn value(&self, base: Option<&SettingValue>) -> Option<SettingValue> {
        if !self.on && base.is_none() {
            return None;
        }
        let status = if self.on { Status::Enabled } else { Status::Suspended };
        let mfa_delete = self.was.and_then(|it| it.mfa_delete);
        Some(SettingValue::Versioning(Versioning { status, mfa_delete }))
    }
}

/// Default encryption.
#[derive(Debug)]
pub(in super::super) struct Encryption {
    /// `None` is not set.
    algorithm: Option<EncryptionAlgorithm>,
    key: String,
    bucket_key: bool,
    blocked: Vec<String>,
}

impl Encryption {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        match start {
            Some(SettingValue::Encryption(it)) => Self {
                algorithm: Some(it.algorithm),
                key: it.key.clone().unwrap_or_default(),
                bucket_key: it.bucket_key.unwrap_or(false),
                blocked: it.blocked.clone(),
            },
            _ => Self { algorithm: None, key: String::new(), bucket_key: true, blocked: Vec::new() },
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        let options = [
            (
                EncryptionAlgorithm::Aes256,
                "SSE-S3",
                "Keys of the store; nothing to manage and nothing to pay. The only kind that fits public files. AES256",
            ),
            (
                EncryptionAlgorithm::Kms,
                "SSE-KMS",
                "A key of AWS KMS decides who can open files, besides the policy. Each use may cost. aws:kms",
            ),
            (
                EncryptionAlgorithm::KmsDsse,
                "DSSE-KMS",
                "Two layers with a key of AWS KMS, where rules ask for it. Slower and dearer. aws:kms:dsse",
            ),
        ];
        for (algorithm, title, words) in options {
            let chosen = self.algorithm == Some(algorithm);
            let card = OptionCard::new(chosen, title, words).show(ui, |ui| {
                if algorithm.needs_kms() {
                    let help = FieldNote::Help("Key ID, ARN or alias; empty for the account’s aws/s3 key".into());
                    let field = TextField::new("KMS key", &mut self.key).mono().note(help);
                    field.id_salt(algorithm.as_str()).show(ui);
                }
                if algorithm == EncryptionAlgorithm::Kms {
                    checkbox(ui, &mut self.bucket_key, "Use a bucket key: fewer calls to KMS, less to pay");
                }
            });
            if card.clicked() {
                self.algorithm = Some(algorithm);
            }
        }
        let around = cx.model.bucket_settings.surroundings();
        let kms = self.algorithm.is_some_and(EncryptionAlgorithm::needs_kms);
        if kms && (around.policy_is_public == Some(true) || around.acl_is_public == Some(true)) {
            warn_ui(ui, "This bucket is open to the public, but nobody can open new files then without signing in");
        }
        if kms && !self.key.trim().is_empty() && self.key.trim().contains("alias/aws/s3") {
            warn_ui(ui, "Other accounts can never be let in to files under aws/s3; take a key of your own for that");
        }
        note_ui(ui, icons::INFO, "Only for files that are written from now on. Those there are stay as they are");
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        let Some(algorithm) = self.algorithm else { return Ok(None) };
        let key = self.key.trim();
        if key.contains(char::is_whitespace) {
            return Err("A key has no blanks in its name".to_owned());
        }
        Ok(Some(SettingValue::Encryption(DefaultEncryption {
            algorithm,
            key: (algorithm.needs_kms() && !key.is_empty()).then(|| key.to_owned()),
            // S3 has no bucket keys for two layers.
            bucket_key: (algorithm == EncryptionAlgorithm::Kms).then_some(self.bucket_key),
            blocked: self.blocked.clone(),
        })))
    }
}

/// Who pays.
#[derive(Debug)]
pub(in super::super) struct Payer {
    requester: bool,
}

impl Payer {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let requester = matches!(start, Some(SettingValue::RequestPayment(bucket_settings::Payer::Requester)));
        Self { requester }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let owner = "As usual: storage, requests and traffic are on this account’s bill.";
        if OptionCard::new(!self.requester, "The bucket’s account pays", owner).show(ui, |_| {}).clicked() {
            self.requester = false;
        }
        let requester = "Whoever asks pays for requests and traffic and must sign in and say so. Public files, websites \
                         and links in pages stop working. Storage stays on this account’s bill.";
        if OptionCard::new(self.requester, "Whoever asks pays", requester).show(ui, |_| {}).clicked() {
            self.requester = true;
        }
    }

    pub(super) fn value(&self, base: Option<&SettingValue>) -> Option<SettingValue> {
        let payer =
            if self.requester { bucket_settings::Payer::Requester } else { bucket_settings::Payer::BucketOwner };
        (self.requester || base.is_some()).then_some(SettingValue::RequestPayment(payer))
    }
}

/// The faster way in.
#[derive(Debug)]
pub(in super::super) struct Acceleration {
    on: bool,
}

impl Acceleration {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let on = matches!(start, Some(SettingValue::Acceleration(it)) if it.status == Status::Enabled);
        Self { on }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        let words = "Uploads and downloads through the address BUCKET.s3-accelerate.amazonaws.com enter Amazon’s network at \
                     the nearest edge. What goes that way costs more; the usual address stays.";
        if OptionCard::new(self.on, "On", words).show(ui, |_| {}).clicked() {
            self.on = true;
        }
        let off = "Everything goes to the bucket’s region directly.";
        if OptionCard::new(!self.on, "Off", off).show(ui, |_| {}).clicked() {
            self.on = false;
        }
        if self.on && cx.model.bucket_settings.bucket.as_ref().is_some_and(|bucket| bucket.contains('.')) {
            warn_ui(ui, "S3 refuses this for a bucket with a dot in its name");
        }
    }

    pub(super) fn value(&self, base: Option<&SettingValue>) -> Option<SettingValue> {
        let status = if self.on { Status::Enabled } else { Status::Suspended };
        (self.on || base.is_some()).then_some(SettingValue::Acceleration(bucket_settings::Acceleration { status }))
    }
}
