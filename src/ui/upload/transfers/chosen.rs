//! The rows that are chosen, and what can be done with all of them at once.

use std::collections::BTreeSet;

use egui::{Modifiers, Ui};

use crate::domain::format;
use crate::model::upload::TransferCommand;
use crate::model::upload::transfers::{Row, RowState, Transfers};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, IconButton, paint};

/// Chosen rows, by number.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    ids: BTreeSet<u64>,
    /// Where a range begins: the row that was chosen last.
    anchor: Option<u64>,
}

impl Chosen {
    pub(super) fn contains(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.ids.clear();
        self.anchor = None;
    }

    /// What a click on a row does: alone it chooses that row only, with Ctrl it adds or takes away, with Shift it
    /// chooses all from the last one to here. `shown` is every row in sight of the filter, in its order.
    pub(super) fn click(&mut self, id: u64, modifiers: Modifiers, shown: &[u64]) {
        let place = |id| shown.iter().position(|other| *other == id);
        let range = modifiers.shift.then(|| Some((place(self.anchor?)?, place(id)?))).flatten();
        if let Some((from, to)) = range {
            self.ids = shown[from.min(to)..=from.max(to)].iter().copied().collect();
            return;
        }
        if modifiers.command {
            self.toggle(id);
            return;
        }
        self.ids = BTreeSet::from([id]);
        self.anchor = Some(id);
    }

    pub(super) fn toggle(&mut self, id: u64) {
        if !self.ids.remove(&id) {
            self.ids.insert(id);
        }
        self.anchor = Some(id);
    }

    /// Forgets rows that the list no longer has.
    pub(super) fn keep_known(&mut self, transfers: &Transfers) {
        self.ids.retain(|id| transfers.row(*id).is_some());
    }

    /// How many are chosen and what can be done with them, from the right.
    pub(super) fn bar_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let transfers = &cx.model.upload.transfers;
        let of = |wanted: fn(&Row) -> bool| -> Vec<u64> {
            let rows = self.ids.iter().filter_map(|id| transfers.row(*id));
            rows.filter(|row| wanted(row)).map(|row| row.id).collect()
        };
        let may_go_on = !transfers.paused;
        let cancel = of(|row| row.state.is_open() || row.state.is_failed());
        let retry = of(|row| matches!(row.state, RowState::Failed(_) | RowState::Cancelled));
        let resume = if may_go_on { of(|row| row.state == RowState::Paused) } else { Vec::new() };
        let pause = of(|row| matches!(row.state, RowState::Running | RowState::Waiting) && !row.stopping);
        let first = of(|row| row.state == RowState::Waiting && !row.goes_first);
        if IconButton::new(icons::X, "Choose none").show(ui).clicked() {
            self.clear();
        }
        let acts = [
            (
                Button::danger_quiet("Cancel").name("Cancel the chosen files"),
                cancel,
                TransferCommand::Cancel as fn(_) -> _,
            ),
            (Button::secondary("Retry").name("Retry the chosen files"), retry, TransferCommand::Retry as fn(_) -> _),
            (
                Button::secondary("Go on").name("Go on with the chosen files"),
                resume,
                TransferCommand::Resume as fn(_) -> _,
            ),
            (Button::secondary("Pause").name("Pause the chosen files"), pause, TransferCommand::Pause as fn(_) -> _),
            (
                Button::secondary("Go first").name("Let the chosen files go first"),
                first,
                TransferCommand::PutFirst as fn(_) -> _,
            ),
        ];
        for (button, ids, command) in acts {
            if !ids.is_empty() && button.show(ui).clicked() {
                cx.push(command(ids));
            }
        }
        let t = Tokens::of(ui);
        let words = format!("{} chosen", format::count(self.ids.len() as u64));
        paint::label(ui, Type::BodyMedium.rich(words), t.text);
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    const NONE: Modifiers = Modifiers::NONE;
    const CTRL: Modifiers = Modifiers::COMMAND;
    const SHIFT: Modifiers = Modifiers::SHIFT;

    #[test_case(&[(4, NONE)] => vec![4]; "one")]
    #[test_case(&[(4, NONE), (1, NONE)] => vec![1]; "another instead")]
    #[test_case(&[(4, NONE), (1, CTRL)] => vec![1, 4]; "one more")]
    #[test_case(&[(4, NONE), (1, CTRL), (4, CTRL)] => vec![1]; "one less")]
    #[test_case(&[(4, NONE), (2, SHIFT)] => vec![2, 3, 4]; "up to a later one")]
    #[test_case(&[(2, NONE), (4, SHIFT)] => vec![2, 3, 4]; "up to an earlier one")]
    #[test_case(&[(4, NONE), (1, SHIFT), (3, SHIFT)] => vec![3, 4]; "a range is made anew from where it began")]
    #[test_case(&[(3, SHIFT)] => vec![3]; "a range from nowhere")]
    fn clicks(clicks: &[(u64, Modifiers)]) -> Vec<u64> {
        let mut chosen = Chosen::default();
        for (id, modifiers) in clicks {
            chosen.click(*id, *modifiers, &[4, 3, 2, 1]);
        }
        chosen.ids.into_iter().collect()
    }
}
