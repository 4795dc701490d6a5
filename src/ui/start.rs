//! The start screen: three doors, recent connections, and the forms behind the doors.

mod address;
mod amazon;
mod doors;
mod form;
mod frame;
mod no_bucket;
mod recent;
mod region;
mod report;
mod store;

pub(in crate::ui) use frame::{back_ui, page_ui, title_ui};

use std::collections::BTreeMap;

use egui::Ui;

use crate::model::Model;
use crate::model::browse::Session;
use crate::model::command::BrowseCommand;
use crate::model::connect::{ConnectCommand, Door, FormId};
use crate::theme::icons;
use crate::ui::UiCtx;
use crate::ui::shell::palette::Entry;
use crate::ui::shell::sidebar::{target_icon, target_line};

/// The start screen and what is typed in it.
#[derive(Debug, Default)]
pub struct StartPanel {
    address: address::AddressField,
    /// What is typed into each form that was begun, also while another screen is shown.
    forms: BTreeMap<FormId, form::FormState>,
    by_name: address::AddressField,
}

impl StartPanel {
    /// Paints it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        self.forms.retain(|id, _| cx.model.connect.begun.contains(id));
        match &cx.model.connect.form {
            Some(form) => {
                let state = self.forms.entry(form.id).or_insert_with(|| form::FormState::of(form));
                form::form_ui(ui, cx, form, state);
            }
            None => self.doors_ui(ui, cx),
        }
    }

    fn doors_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        frame::water_ui(ui);
        frame::page_ui(ui, cx, "start", true, |ui, cx| {
            doors::doors_ui(ui, cx);
            ui.add_space(28.0);
            recent::recent_ui(ui, cx, &mut self.address);
        });
    }

    /// A connection is open, but no bucket: opening, failed, or to be chosen.
    pub fn no_bucket_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
        no_bucket::no_bucket_ui(ui, cx, session, &mut self.by_name);
    }
}

/// What the palette offers about connections.
#[must_use]
pub fn palette_entries(model: &Model) -> Vec<Entry> {
    const GROUP: &str = "Connections";
    let open = model.session.as_ref().map(|session| session.connection.id);
    let others = model.connect.connections.iter().filter(|connection| Some(connection.id) != open);
    let mut entries: Vec<Entry> = others
        .map(|connection| {
            let label = format!("Open {}", connection.name);
            Entry::new(GROUP, target_icon(&connection.target), label, BrowseCommand::Open(connection.id))
                .aside(target_line(connection))
        })
        .collect();
    if let Some(session) = model.session.as_ref().filter(|session| session.connection.target.sign_in().is_some()) {
        let edit = ConnectCommand::Edit(session.connection.id);
        entries.push(Entry::new(GROUP, icons::SLIDERS_HORIZONTAL, format!("Edit {}…", session.connection.name), edit));
    }
    entries.push(Entry::new(GROUP, icons::CLOUD, "Connect to Amazon S3…", ConnectCommand::New(Door::Amazon)));
    entries.push(Entry::new(
        GROUP,
        icons::HARD_DRIVES,
        "Connect to another S3 store…",
        ConnectCommand::New(Door::Store),
    ));
    entries
}
