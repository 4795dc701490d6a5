//! Keys that the editor takes before the text field does.

use egui::text_edit::TextEditState;
use egui::{Event, Id, Key, Modifiers, Ui};

use crate::domain::policy::wrap_statement;
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::reading::Told;
use crate::ui::UiCtx;

use super::completion::Completion;
use super::typing::{self, Typed, put};
use super::{Editor, bytes};

/// What the keys of one pass came to, apart from text.
#[derive(Default)]
struct Wishes {
    undo: usize,
    redo: usize,
    next_finding: Option<bool>,
    /// What is told of a finding is to go.
    close: bool,
    /// The keyboard is to leave the text, since Tab does not.
    leave: bool,
}

/// What came of the keys of one pass.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pass {
    /// The text changed.
    pub(super) changed: bool,
    /// What may stand at the cursor is to be offered.
    pub(super) offers: bool,
}

impl Editor {
    /// Takes in what was typed, as far as it means something else here than in any text field.
    pub(super) fn take_in(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, id: Id, told: &[Told]) -> Pass {
        if self.completion.was_clicked()
            && let Some(typed) = self.completion.accept(&self.text)
        {
            self.text = typed.text;
            self.caret = typed.selection;
            return Pass { changed: true, offers: false };
        }
        if !ui.memory(|memory| memory.has_focus(id)) || cx.model.has_dialog() {
            return Pass::default();
        }
        let range = TextEditState::load(ui.ctx(), id).and_then(|state| state.cursor.char_range());
        let selection = range.map_or(0..0, |range| bytes(&self.text, range));
        let mut now = Typed { text: std::mem::take(&mut self.text), selection };
        let mut wishes = Wishes::default();
        let mut pass = Pass::default();
        let popover = self.popover.is_open();
        let completion = &mut self.completion;
        // Once an event is left to the text field, all that follow are, so that none overtakes another.
        let mut ours = true;
        ui.input_mut(|input| {
            input.events.retain(|event| {
                if !ours {
                    return true;
                }
                let taken = match complete(event, &now, completion, &mut pass) {
                    Some(taken) => taken,
                    None => take(event, &now, &mut wishes, popover),
                };
                match taken {
                    Taken::Typed(typed) => {
                        now = typed;
                        pass.offers |= is_letter(event) && is_in_string(&now);
                        pass.changed = true;
                        false
                    }
                    Taken::Wish => false,
                    Taken::Left { moves_on } => {
                        ours = !moves_on;
                        true
                    }
                }
            });
        });
        self.text = now.text;
        if pass.changed {
            self.caret = now.selection;
        }
        for _ in 0..wishes.undo {
            cx.push(PermissionsCommand::Undo);
        }
        for _ in 0..wishes.redo {
            cx.push(PermissionsCommand::Redo);
        }
        if wishes.close {
            self.popover.close();
        }
        if wishes.leave {
            ui.memory_mut(|memory| memory.surrender_focus(id));
        }
        if let Some(back) = wishes.next_finding {
            self.step_finding(told, back);
        }
        pass
    }
}

/// Whether a single letter was typed.
fn is_letter(event: &Event) -> bool {
    matches!(event, Event::Text(text) if text.chars().count() == 1)
}

fn is_in_string(now: &Typed) -> bool {
    now.text.get(..now.selection.start).is_some_and(typing::is_in_string)
}

/// Keys that belong to the list of offers, or open it.
fn complete(event: &Event, now: &Typed, completion: &mut Completion, pass: &mut Pass) -> Option<Taken> {
    let Event::Key { key, pressed: true, modifiers, .. } = event else { return None };
    if *key == Key::Space && modifiers.command && !modifiers.alt {
        pass.offers = true;
        return Some(Taken::Wish);
    }
    if !completion.is_open() || !modifiers.is_none() {
        return None;
    }
    match key {
        Key::ArrowDown | Key::ArrowUp => completion.step(*key == Key::ArrowDown),
        Key::Escape => completion.close(),
        Key::Enter | Key::Tab => return completion.accept(&now.text).map(Taken::Typed),
        _ => return None,
    }
    Some(Taken::Wish)
}

enum Taken {
    /// The text changed.
    Typed(Typed),
    /// Something else than the text was meant.
    Wish,
    /// It is for the text field.
    Left {
        /// It changes the text or moves the cursor there.
        moves_on: bool,
    },
}

fn take(event: &Event, now: &Typed, wishes: &mut Wishes, popover: bool) -> Taken {
    let press = |key| match typing::press(&now.text, &now.selection, key) {
        Some(typed) => Taken::Typed(typed),
        None => Taken::Left { moves_on: true },
    };
    match event {
        Event::Text(text) => match press(typing::Key::Text(text)) {
            Taken::Typed(typed) => Taken::Typed(typed),
            Taken::Wish | Taken::Left { .. } if text != "\n" && text != "\r" => Taken::Typed(replace(now, text)),
            Taken::Wish | Taken::Left { .. } => Taken::Wish,
        },
        Event::Paste(text) => Taken::Typed(paste(now, text)),
        Event::Key { key, pressed: true, modifiers, .. } => {
            let plain = modifiers.is_none() || *modifiers == Modifiers::SHIFT;
            match key {
                Key::Z if modifiers.command && !modifiers.alt => {
                    if modifiers.shift {
                        wishes.redo += 1;
                    } else {
                        wishes.undo += 1;
                    }
                    Taken::Wish
                }
                Key::Y if modifiers.command && !modifiers.alt => {
                    wishes.redo += 1;
                    Taken::Wish
                }
                Key::F8 => {
                    wishes.next_finding = Some(modifiers.shift);
                    Taken::Wish
                }
                Key::Escape if modifiers.is_none() => {
                    wishes.close |= popover;
                    wishes.leave |= !popover;
                    Taken::Wish
                }
                Key::Enter if plain => press(typing::Key::Enter),
                Key::Backspace if modifiers.is_none() => press(typing::Key::Backspace),
                Key::Tab if plain => press(typing::Key::Tab { back: modifiers.shift }),
                _ => Taken::Left { moves_on: true },
            }
        }
        Event::Cut | Event::Copy | Event::Ime(_) | Event::PointerButton { .. } | Event::AccessKitActionRequest(_) => {
            Taken::Left { moves_on: true }
        }
        _ => Taken::Left { moves_on: false },
    }
}

fn replace(now: &Typed, text: &str) -> Typed {
    let before = now.text.get(..now.selection.start).unwrap_or_default();
    let after = now.text.get(now.selection.end..).unwrap_or_default();
    put(before, text, after)
}

/// A statement on its own becomes a policy where there is none yet; anything else is text.
fn paste(now: &Typed, text: &str) -> Typed {
    let text = text.replace("\r\n", "\n");
    if now.text.trim().is_empty()
        && let Some(policy) = wrap_statement(&text)
    {
        return Typed { selection: policy.len()..policy.len(), text: policy };
    }
    replace(now, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_pasted_into_nothing_becomes_a_policy() {
        let statement = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"}"#;
        let empty = Typed { text: " \n".to_owned(), selection: 0..0 };
        assert!(paste(&empty, statement).text.starts_with("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": ["));
        let some = Typed { text: "[x]".to_owned(), selection: 1..2 };
        assert_eq!(paste(&some, statement).text, format!("[{statement}]"), "over a selection it is text");
        assert_eq!(paste(&empty, "{\r\n}").text, "{\n} \n", "a policy is text too");
    }
}
