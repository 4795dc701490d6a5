//! Tags: a name and a value each.

use egui::{Ui, vec2};

use super::super::body::note_ui;
use crate::domain::bucket_settings::{MAX_TAGS, SettingValue, is_system_tag, tag_problems};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, IconButton, TextField, paint};

/// The rows of the form.
#[derive(Debug)]
pub(in super::super) struct Tags {
    rows: Vec<(String, String)>,
    /// Tags of Amazon's own services; they go with every change as they are.
    system: Vec<(String, String)>,
}

impl Tags {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let tags = match start {
            Some(SettingValue::Tags(tags)) => tags.clone(),
            _ => Vec::new(),
        };
        let (system, mut rows): (Vec<_>, Vec<_>) = tags.into_iter().partition(|(key, _)| is_system_tag(key));
        if rows.is_empty() {
            rows.push(Default::default());
        }
        Self { rows, system }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        for (key, value) in &self.system {
            note_ui(ui, icons::LOCK_SIMPLE, &format!("{key} = {value} is Amazon’s own and stays"));
        }
        let mut gone = None;
        for (at, (key, value)) in self.rows.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                let width = ((ui.available_width() - 46.0) / 2.0).floor();
                let field = TextField::new(format!("Name of tag {}", at + 1), key).label_hidden();
                field.placeholder("Name").width(width).id_salt(("tag name", at)).show(ui);
                let field = TextField::new(format!("Value of tag {}", at + 1), value).label_hidden();
                field.placeholder("Value").width(width).id_salt(("tag value", at)).show(ui);
                let name = format!("Remove tag {}", at + 1);
                if IconButton::new(icons::X, name).show(ui).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.rows.remove(at);
        }
        ui.horizontal(|ui| {
            let full = (self.rows.len() >= MAX_TAGS).then_some("A bucket takes 50 tags");
            if Button::quiet("Add a tag").icon(icons::PLUS).disabled_because(full).flush_left().show(ui).clicked() {
                self.rows.push(Default::default());
            }
        });
        if let Err(why) = self.value() {
            paint::label(ui, Type::Small.rich(why), t.danger_text);
        }
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        let tags: Vec<(String, String)> =
            self.rows.iter().filter(|(key, value)| !(key.is_empty() && value.is_empty())).cloned().collect();
        match tag_problems(&tags).into_iter().next() {
            Some(problem) => Err(problem),
            None => {
                let mut all = self.system.clone();
                all.extend(tags);
                Ok((!all.is_empty()).then_some(SettingValue::Tags(all)))
            }
        }
    }
}
