//! One card: icon, name, state, what it means, and the way to change it.

use egui::{Ui, vec2};

use super::body;
use super::tester::Tester;
use crate::domain::bucket_settings::{self, BadgeTone, SettingKind, SettingValue};
use crate::model::Trouble;
use crate::model::bucket_settings::{BucketSettingsCommand, BucketSettingsModel, Reading};
use crate::model::command::FrameCommand;
use crate::theme::text::Spans;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Button, Card, Level, Tone, card_header, paint};

/// The card of a setting.
pub(super) fn card_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, tester: &mut Tester, kind: SettingKind) {
    let model = cx.model;
    let reading = model.bucket_settings.reading(kind);
    let standing = (kind == SettingKind::Acl).then(|| AclStanding::of(&model.bucket_settings));
    let is_disabled = standing == Some(AclStanding::Disabled);
    Card::new().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let state = |ui: &mut Ui| match reading {
            Some(_) if is_disabled => {
                Badge::new(Tone::Neutral, "Disabled").show(ui);
            }
            Some(reading) => {
                badge(kind, reading).show(ui);
            }
            None => {
                crate::ui::widgets::level_icon(ui, Level::Unknown, 16.0, kind.title());
            }
        };
        let mut pressed = false;
        let mut asked = None;
        card_header(ui, icon(kind), kind.title(), state, |ui| match reading {
            _ if matches!(standing, Some(AclStanding::Disabled | AclStanding::Unread)) => {}
            Some(reading @ (Reading::Is(_) | Reading::NotSet)) if is_edited(kind) => {
                pressed = edit_button(kind, reading).show(ui).clicked();
            }
            Some(Reading::MayNotRead(trouble)) => {
                let button =
                    Button::secondary("Copy a request").small().name(format!("Copy a request for {}", kind.title()));
                if let Some(request) = &trouble.refused {
                    if button.show(ui).clicked() {
                        asked = Some(FrameCommand::CopyRefusal(request.clone()));
                    }
                    if Button::quiet_accent("Why?")
                        .small()
                        .name(format!("Why may I not read {}?", kind.title()))
                        .show(ui)
                        .clicked()
                    {
                        asked = Some(FrameCommand::WhyRefused(request.clone()));
                    }
                }
            }
            _ => {}
        });
        if pressed {
            cx.push(BucketSettingsCommand::Edit { kind, start: None });
        }
        if let Some(wish) = asked {
            cx.push(wish);
        }
        ui.add_space(4.0);
        // Under the title, not under the icon.
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 26, right: 0, top: 0, bottom: 0 });
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            match reading {
                Some(_) if is_disabled => {
                    let t = Tokens::of(ui);
                    let words = "ACLs are disabled by Object Ownership (BucketOwnerEnforced): the policy alone decides \
                                 who gets in, and no list can be written";
                    paint::label(ui, Type::Body.rich(words), t.text_2);
                }
                Some(Reading::Is(value)) => {
                    // Rules and tags speak for themselves.
                    if !matches!(value, SettingValue::Lifecycle(_) | SettingValue::Tags(_)) {
                        meaning_ui(ui, kind, Some(value));
                    }
                    body::body_ui(ui, cx, tester, kind, Some(value));
                }
                Some(Reading::NotSet) => {
                    meaning_ui(ui, kind, None);
                    body::body_ui(ui, cx, tester, kind, None);
                }
                Some(Reading::MayNotRead(trouble)) => unreadable_ui(ui, trouble),
                Some(Reading::NotOffered) => {
                    let t = Tokens::of(ui);
                    paint::label(ui, Type::Body.rich(not_offered(kind)), t.text_3);
                }
                None => {
                    let t = Tokens::of(ui);
                    paint::label(ui, Type::Body.rich("Being read"), t.text_3);
                }
            }
        });
    });
}

/// Whether an access list counts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AclStanding {
    /// Whether it does is being asked.
    Unread,
    /// Object Ownership switches lists off.
    Disabled,
    /// It counts, or what is known says nothing else.
    Counts,
}

impl AclStanding {
    fn of(settings: &BucketSettingsModel) -> Self {
        match settings.reading(SettingKind::Ownership) {
            None => Self::Unread,
            Some(_) if settings.acls_are_disabled() => Self::Disabled,
            Some(_) => Self::Counts,
        }
    }
}

fn meaning_ui(ui: &mut Ui, kind: SettingKind, value: Option<&SettingValue>) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::Body.rich(bucket_settings::meaning(kind, value)), t.text_2);
}

pub(super) fn unreadable_ui(ui: &mut Ui, trouble: &Trouble) {
    let t = Tokens::of(ui);
    let sentence = match &trouble.permission {
        Some(permission) => Spans::new()
            .push(Type::Body, t.text_2, "Needs ")
            .push(Type::Mono, t.text_2, permission)
            .push(Type::Body, t.text_2, ". It may be on or off."),
        None => Spans::new().push(Type::Body, t.text_2, &trouble.sentence),
    };
    ui.add(egui::Label::new(sentence.job()).wrap());
}

fn not_offered(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::BlockPublicAccess => "Only policy and access lists decide who gets in",
        _ => "There is nothing to set",
    }
}

/// What is only shown has no dialog.
pub(super) fn is_edited(kind: SettingKind) -> bool {
    !matches!(kind, SettingKind::Notification | SettingKind::Replication)
}

fn edit_button(kind: SettingKind, reading: &Reading) -> Button<'static> {
    let switched = matches!(
        kind,
        SettingKind::Website
            | SettingKind::Logging
            | SettingKind::Acceleration
            | SettingKind::ObjectLock
            | SettingKind::Versioning
    );
    let label = if switched && *reading == Reading::NotSet { "Switch on…" } else { "Edit…" };
    Button::secondary(label).small().name(format!("Edit {}", kind.title()))
}

fn badge(kind: SettingKind, reading: &Reading) -> Badge<'static> {
    let value = match reading {
        Reading::Is(value) => Some(value),
        Reading::NotSet => None,
        Reading::MayNotRead(trouble) => {
            let words = if trouble.permission.is_some() { "Cannot be read" } else { "Not read" };
            return Badge::new(Tone::Warn, words);
        }
        Reading::NotOffered => return Badge::new(Tone::Line, "Not offered by this store"),
    };
    let badge = bucket_settings::badge(kind, value);
    Badge::new(tone(badge.tone), badge.text)
}

pub(super) fn tone(tone: BadgeTone) -> Tone {
    match tone {
        BadgeTone::Neutral => Tone::Neutral,
        BadgeTone::Ok => Tone::Ok,
        BadgeTone::Public => Tone::Public,
    }
}

/// The icon of a setting.
pub(super) fn icon(kind: SettingKind) -> Icon {
    match kind {
        SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess | SettingKind::Policy => {
            icons::SHIELD_CHECK
        }
        SettingKind::Acl => icons::USER_CIRCLE,
        SettingKind::Ownership => icons::IDENTIFICATION_CARD,
        SettingKind::Versioning => icons::CLOCK_COUNTER_CLOCKWISE,
        SettingKind::Encryption => icons::LOCK_KEY,
        SettingKind::Cors => icons::SHARE_NETWORK,
        SettingKind::Lifecycle => icons::CLOCK_COUNTDOWN,
        SettingKind::Tags => icons::TAG,
        SettingKind::Website => icons::BROWSER,
        SettingKind::Logging => icons::LIST_MAGNIFYING_GLASS,
        SettingKind::RequestPayment => icons::BUILDINGS,
        SettingKind::Acceleration => icons::GAUGE,
        SettingKind::ObjectLock => icons::LOCK_SIMPLE,
        SettingKind::Notification => icons::BELL,
        SettingKind::Replication => icons::COPY_SIMPLE,
    }
}
