//! Object Lock: how long new versions cannot be deleted.

use egui::Ui;

use super::super::body::{note_ui, warn_ui};
use crate::domain::bucket_settings::{
    DefaultRetention, EventHold, ObjectLock, RetentionMode, SettingKind, SettingValue,
};
use crate::theme::icons;
use crate::ui::UiCtx;
use crate::ui::widgets::{ControlSize, OptionCard, Segment, TextField, segmented};

/// What is filled in.
#[derive(Debug)]
pub(in super::super) struct Lock {
    mode: Option<RetentionMode>,
    span: String,
    years: bool,
    hold: Option<EventHold>,
    was_on: bool,
    /// The form says "on" even where nothing is locked by itself.
    on: bool,
}

impl Lock {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let lock = match start {
            Some(SettingValue::ObjectLock(lock)) => Some(lock),
            _ => None,
        };
        let retention = lock.and_then(|lock| lock.default.as_ref());
        Self {
            mode: retention.map(|it| it.mode),
            span: retention.and_then(|it| it.days.or(it.years)).unwrap_or(30).to_string(),
            years: retention.is_some_and(|it| it.years.is_some()),
            hold: retention.and_then(|it| it.default_event_hold),
            was_on: lock.is_some(),
            on: lock.is_some(),
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        if !self.was_on {
            let words = "As now: versions can be deleted at any time by those who may.";
            if OptionCard::new(!self.on, "Off", words).show(ui, |_| {}).clicked() {
                self.on = false;
            }
        }
        let none = "Versions can be locked one by one; none is by itself.";
        let chosen = self.on && self.mode.is_none();
        if OptionCard::new(chosen, "On, lock nothing by itself", none).show(ui, |_| {}).clicked() {
            (self.on, self.mode) = (true, None);
        }
        let modes = [
            (
                RetentionMode::Governance,
                "Lock new versions, some may lift it",
                "People with s3:BypassGovernanceRetention can still delete them. GOVERNANCE",
            ),
            (
                RetentionMode::Compliance,
                "Lock new versions for everybody",
                "Nobody can delete them or shorten the time, not even the account’s root. They cost space until then. \
                 COMPLIANCE",
            ),
        ];
        for (mode, title, words) in modes {
            let chosen = self.on && self.mode == Some(mode);
            let card = OptionCard::new(chosen, title, words).show(ui, |ui| {
                ui.horizontal(|ui| {
                    let field = TextField::new("For how long", &mut self.span).label_hidden().width(80.0);
                    field.id_salt(("span", mode as u8)).show(ui);
                    let units = [Segment::new(false, "Days"), Segment::new(true, "Years")];
                    segmented(ui, &units, &mut self.years, ControlSize::Regular);
                });
            });
            if card.clicked() {
                (self.on, self.mode) = (true, Some(mode));
            }
        }
        let versions = cx.model.bucket_settings.value(SettingKind::Versioning);
        let keeps = matches!(versions, Some(SettingValue::Versioning(versioning)) if versioning.is_on());
        if self.on && !self.was_on && !keeps {
            warn_ui(ui, "Object Lock needs versions to be kept; switch them on first");
        }
        note_ui(ui, icons::INFO, "Only for versions that are written from now on");
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        if !self.on {
            return Ok(None);
        }
        let Some(mode) = self.mode else {
            return Ok(Some(SettingValue::ObjectLock(ObjectLock { default: None })));
        };
        let most = if self.years { 100 } else { 36_500 };
        let span: i32 = self.span.trim().parse().unwrap_or_default();
        if !(1..=most).contains(&span) {
            return Err(format!("The time is a number from 1 to {most}"));
        }
        let (days, years) = if self.years { (None, Some(span)) } else { (Some(span), None) };
        let retention = DefaultRetention { mode, days, years, default_event_hold: self.hold };
        Ok(Some(SettingValue::ObjectLock(ObjectLock { default: Some(retention) })))
    }
}
