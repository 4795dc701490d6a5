//! What a card shows below its sentence.

use egui::{Sense, Ui, vec2};

use super::dry_run;
use super::tester::Tester;
use crate::domain::bucket_settings::acl::{self, Acl};
use crate::domain::bucket_settings::{self, SettingKind, SettingValue};
use crate::domain::lifecycle::{self, LifecycleRule};
use crate::domain::public_access::{AclOf, BlockPublicAccess};
use crate::model::bucket_settings::{BucketSettingsCommand, Reading};
use crate::model::command::FrameCommand;
use crate::theme::text::Spans;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, CodeBlock, Tone, disclosure, fact, link, paint};

/// So many rules are shown on a card.
const RULES: usize = 6;

/// The part of a card below its sentence.
pub(super) fn body_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    tester: &mut Tester,
    kind: SettingKind,
    value: Option<&SettingValue>,
) {
    match (kind, value) {
        (SettingKind::BlockPublicAccess, value) => {
            let flags = match value {
                Some(SettingValue::BlockPublicAccess(flags)) => *flags,
                _ => BlockPublicAccess::NONE,
            };
            flags_ui(ui, flags);
            account_ui(ui, cx);
        }
        (SettingKind::Cors, value) => {
            let rules = match value {
                Some(SettingValue::Cors(rules)) => rules.as_slice(),
                _ => &[],
            };
            tester.ui(ui, cx, rules);
        }
        (_, Some(SettingValue::Acl(acl))) => acl_ui(ui, cx, acl),
        (_, Some(SettingValue::Lifecycle(rules))) => {
            rules_ui(ui, rules);
            dry_run::links_ui(ui, cx, rules);
        }
        (_, Some(SettingValue::Tags(tags))) => tags_ui(ui, tags),
        (_, Some(SettingValue::Versioning(versioning))) if versioning.asks_for_code() => {
            let words = "MFA delete is on: only the account’s root with its one-time code can change this";
            note_ui(ui, icons::KEY, words);
        }
        (_, Some(SettingValue::Encryption(encryption))) if encryption.algorithm.needs_kms() => {
            let t = Tokens::of(ui);
            let key = encryption.key.as_deref().unwrap_or("aws/s3");
            ui.add_space(4.0);
            ui.add(egui::Label::new(Type::Mono.rich(key).color(t.text_2)).truncate());
            if cx.model.bucket_settings.surroundings().policy_is_public == Some(true) {
                warn_ui(
                    ui,
                    "The policy opens files to anyone, but nobody can open what is encrypted so without signing in",
                );
            }
        }
        (SettingKind::Website, Some(SettingValue::Website(_))) => website_ui(ui, cx),
        (_, Some(SettingValue::Document(document))) => {
            ui.add_space(6.0);
            if disclosure(ui, ("document", kind.as_str()), "Show as JSON") {
                ui.add_space(6.0);
                let text = format!("{document:#}");
                let name = format!("Copy the JSON of {}", kind.title());
                if CodeBlock::new(ui, &text).copy(&name).show(ui) {
                    cx.push(FrameCommand::CopyText { text, said: "JSON copied".to_owned() });
                }
            }
        }
        _ => {}
    }
}

/// A line with an icon, in quiet colours.
pub(in crate::ui) fn note_ui(ui: &mut Ui, icon: Icon, words: &str) {
    let t = Tokens::of(ui);
    ui.add_space(6.0);
    fact(ui, icon, t.text_3, Type::Small.job(words, t.text_2));
}

/// A line to look at.
pub(super) fn warn_ui(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    ui.add_space(6.0);
    fact(ui, icons::WARNING, t.warn, Type::Small.job(words, t.text));
}

/// The four flags in two columns, each with its state.
fn flags_ui(ui: &mut Ui, flags: BlockPublicAccess) {
    let t = Tokens::of(ui);
    ui.add_space(6.0);
    let width = (ui.available_width() / 2.0).floor();
    let named = bucket_settings::flags(flags);
    for row in 0..2 {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for column in 0..2 {
                let Some((name, on)) = named.get(row + 2 * column).copied() else { continue };
                ui.allocate_ui_with_layout(vec2(width, 26.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.set_min_size(vec2(width, 26.0));
                    ui.spacing_mut().item_spacing.x = 8.0;
                    let (icon, color, text) = if on {
                        (icons::CHECK_CIRCLE, t.ok, t.text)
                    } else {
                        (icons::MINUS_CIRCLE, t.text_3, t.text_2)
                    };
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
                    paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
                    let state = if on { "on" } else { "off" };
                    let words = ui.label(Type::Body.rich(name).color(text));
                    words
                        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {state}")));
                    if !on {
                        Badge::new(Tone::Neutral, "Off").show(ui);
                    }
                });
            }
        });
    }
}

/// What the account's own block says, which wins.
fn account_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let model = cx.model;
    let (icon, color, words, edits) = match model.bucket_settings.reading(SettingKind::AccountBlockPublicAccess) {
        None | Some(Reading::NotOffered) => return,
        Some(Reading::MayNotRead(_)) => (
            icons::QUESTION,
            t.text_3,
            "The account’s own block cannot be read: needs s3:GetAccountPublicAccessBlock".to_owned(),
            false,
        ),
        Some(Reading::NotSet) => (icons::INFO, t.text_3, "The account’s own block is off".to_owned(), true),
        Some(Reading::Is(SettingValue::BlockPublicAccess(flags))) => {
            let on: Vec<_> = bucket_settings::flags(*flags).into_iter().filter(|(_, on)| *on).collect();
            match on.len() {
                0 => (icons::INFO, t.text_3, "The account’s own block is off".to_owned(), true),
                4 => (icons::INFO, t.text_3, "The account’s own block is on and wins over this one".to_owned(), true),
                n => (icons::INFO, t.text_3, format!("The account’s own block has {n} of 4 on, and they win"), true),
            }
        }
        Some(Reading::Is(_)) => return,
    };
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 14.0, color);
        ui.label(Type::Small.rich(words).color(t.text_2));
        if edits && link(ui, Type::SmallMedium, "Change it for the account…").clicked() {
            cx.push(BucketSettingsCommand::Edit { kind: SettingKind::AccountBlockPublicAccess, start: None });
        }
    });
}

/// Who is on the list, and what stands against it.
fn acl_ui(ui: &mut Ui, cx: &UiCtx<'_>, acl: &Acl) {
    ui.add_space(4.0);
    grants_ui(ui, AclOf::Bucket, acl);
    let settings = &cx.model.bucket_settings;
    if let Some(words) = acl::ignored(&settings.block()).filter(|_| acl.is_public()) {
        note_ui(ui, icons::SHIELD_CHECK, &words);
    }
    if matches!(settings.reading(SettingKind::Ownership), Some(Reading::MayNotRead(_))) {
        note_ui(ui, icons::QUESTION, "Whether it counts is not known: Object Ownership cannot be read");
    }
}

/// A list, a line for everybody on it.
pub(in crate::ui) fn grants_ui(ui: &mut Ui, of: AclOf, acl: &Acl) {
    let t = Tokens::of(ui);
    for entry in acl::entries(of, acl) {
        let (icon, color, text) = if entry.is_public {
            (icons::GLOBE_SIMPLE, t.public_icon(), t.public_text)
        } else {
            (icons::USER_CIRCLE, t.text_3, t.text)
        };
        let what = format!(": {}", entry.what.join(", "));
        let sentence = Spans::new().push(Type::Small, text, &entry.who).push(Type::Small, t.text_2, what);
        ui.add_space(4.0);
        fact(ui, icon, color, sentence.job());
    }
}

/// What each rule does, and on what.
fn rules_ui(ui: &mut Ui, rules: &[LifecycleRule]) {
    let t = Tokens::of(ui);
    ui.add_space(4.0);
    for rule in rules.iter().take(RULES) {
        for (at, deed) in lifecycle::deeds(rule).into_iter().enumerate() {
            let scope = if at == 0 { lifecycle::scope(rule) } else { String::new() };
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
            let scope_galley = paint::line_within(ui, Type::Small, t.text_3, scope.as_str(), rect.width() * 0.4);
            let room = rect.width() - scope_galley.size().x - 12.0;
            let color = if rule.enabled { t.text } else { t.text_3 };
            let words = if rule.enabled { deed.clone() } else { format!("Off: {deed}") };
            let galley = paint::line_within(ui, Type::Body, color, words.as_str(), room);
            paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
            paint::galley_at(ui.painter(), egui::Align2::RIGHT_CENTER, rect.right_center(), scope_galley);
            let name = if scope.is_empty() { words } else { format!("{words}, {scope}") };
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &name));
        }
    }
    if rules.len() > RULES {
        paint::label(ui, Type::Small.rich(format!("and {} more", rules.len() - RULES)), t.text_3);
    }
}

fn tags_ui(ui: &mut Ui, tags: &[(String, String)]) {
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        for (key, value) in tags {
            Badge::new(Tone::Neutral, format!("{key} = {value}")).show(ui);
        }
    });
}

/// Where the website answers, which is over http only.
fn website_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let Some(url) = cx.model.bucket_settings.website_url.clone() else { return };
    ui.add_space(6.0);
    if link(ui, Type::Mono, &url).clicked() {
        cx.push(FrameCommand::OpenUrl(url));
    }
    let words = "Over http only, and only for files that are open to anyone. For https put a CDN before it";
    note_ui(ui, icons::LOCK_SIMPLE_OPEN, words);
}
