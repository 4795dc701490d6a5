//! Keys that work wherever one is, unless a text field or a dialog has a use for them.

use egui::{Key, KeyboardShortcut, Modifiers, Ui};

use crate::model::command::{BrowseCommand, FrameCommand, Screen, Tab};
use crate::model::connection_page::ConnectionPageCommand;
use crate::model::gallery::GalleryCommand;
use crate::model::permissions::PermissionsCommand;
use crate::model::upload::UploadCommand;
use crate::model::{Command, Model};

const fn with(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

/// Turns keys into wishes.
pub(super) fn take_in(ui: &Ui, model: &Model, commands: &mut Vec<Command>) {
    let pressed = |shortcut: KeyboardShortcut| ui.input_mut(|input| input.consume_shortcut(&shortcut));
    let mut push = |command: Command| commands.push(command);
    if pressed(with(Modifiers::COMMAND, Key::K)) && model.session.is_some() {
        push(FrameCommand::OpenPalette.into());
    }
    if model.has_dialog() {
        return;
    }
    if pressed(with(Modifiers::COMMAND, Key::Comma)) {
        push(FrameCommand::Show(Screen::Settings).into());
    }
    let Some(session) = &model.session else { return };
    let in_bucket = model.screen == Screen::Browse && session.place.is_some();
    if !in_bucket {
        // The list of buckets is all that there is to read again.
        if model.screen == Screen::Browse && pressed(with(Modifiers::NONE, Key::F5)) {
            push(BrowseCommand::RefreshBuckets.into());
        }
        if model.screen == Screen::Connection && pressed(with(Modifiers::NONE, Key::F5)) {
            push(ConnectionPageCommand::Again.into());
        }
        return;
    }
    let of_tab: &[(KeyboardShortcut, Command)] = match session.tab {
        Tab::Gallery => &[
            (with(Modifiers::COMMAND, Key::U), Command::Upload(UploadCommand::PickFiles)),
            (with(Modifiers::COMMAND, Key::F), Command::Gallery(GalleryCommand::FocusFilter)),
            (with(Modifiers::COMMAND, Key::I), Command::Frame(FrameCommand::ToggleInspector)),
        ],
        Tab::Permissions => &[(with(Modifiers::COMMAND, Key::F), Command::Permissions(PermissionsCommand::Find))],
        Tab::Settings | Tab::Check => &[],
    };
    for (shortcut, command) in of_tab {
        if pressed(*shortcut) {
            push(command.clone());
        }
    }
    if session.tab == Tab::Permissions && !ui.ctx().text_edit_focused() {
        // Where a field has the keyboard, these are about what was typed into it. Redo goes first: undo would take its
        // keys.
        for (modifiers, key, command) in [
            (Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z, PermissionsCommand::Redo),
            (Modifiers::COMMAND, Key::Y, PermissionsCommand::Redo),
            (Modifiers::COMMAND, Key::Z, PermissionsCommand::Undo),
        ] {
            if pressed(with(modifiers, key)) {
                push(command.into());
            }
        }
    }
    let always: [(KeyboardShortcut, Command); 4] = [
        (with(Modifiers::NONE, Key::F5), BrowseCommand::Refresh.into()),
        (with(Modifiers::ALT, Key::ArrowLeft), BrowseCommand::Back.into()),
        (with(Modifiers::ALT, Key::ArrowRight), BrowseCommand::Forward.into()),
        (with(Modifiers::ALT, Key::ArrowUp), BrowseCommand::Up.into()),
    ];
    for (shortcut, command) in always {
        if pressed(shortcut) {
            push(command);
        }
    }
}
