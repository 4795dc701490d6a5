//! What can be asked for rows of the queue: to hold, to go on, to go first, to be called off, to be tried again.

use super::{
    engine::Engine,
    row::{Row, RowState, Work},
    types::{Resolution, RowId, Selection},
};
use crate::s3::object::Guard;

impl Engine {
    /// Holds files. Requests under way are finished; a file that goes in parts stops between two of them and keeps
    /// what is there. With [`Selection::All`] nothing that is added later starts either.
    pub fn pause(&self, selection: &Selection) {
        self.0.with(|shared, table| {
            if *selection == Selection::All {
                table.paused = true;
                table.touch();
            }
            let whole = *selection == Selection::All;
            // A queue that is held holds what waits in it: nothing changes for those, however many they are.
            let wanted = |row: &Row| match row.state {
                RowState::Running => true,
                RowState::Waiting => !whole,
                _ => false,
            };
            for id in table.select(selection, wanted) {
                table.change(id, &shared.limits, |row| match row.state {
                    RowState::Running => row.control.set_hold(true),
                    _ => row.state = RowState::Paused,
                });
            }
        });
    }

    /// Lets held files go on, and with [`Selection::All`] the queue.
    pub fn resume(&self, selection: &Selection) {
        self.0.with(|shared, table| {
            if *selection == Selection::All {
                table.paused = false;
                table.touch();
            }
            for id in table.select(selection, |row| matches!(row.state, RowState::Running | RowState::Paused)) {
                table.change(id, &shared.limits, |row| match row.state {
                    RowState::Running => row.control.set_hold(false),
                    _ => row.state = RowState::Waiting,
                });
            }
        });
    }

    /// Lets waiting files of the selection go before all others that wait.
    pub fn put_first(&self, selection: &Selection) {
        self.0.with(|shared, table| {
            let ids = table.select(selection, |row| matches!(row.state, RowState::Waiting));
            table.put_first(&ids, &shared.limits);
        });
    }

    /// Calls files off. Running ones stop as soon as nothing half-done would stay behind; one whose last byte has left
    /// may still arrive. Failed ones and those with a taken name are given up where they are named one by one.
    pub fn cancel(&self, selection: &Selection) {
        let one_by_one = matches!(selection, Selection::Rows(_));
        self.0.with(|shared, table| {
            let wanted = |row: &Row| row.state.is_open() || (one_by_one && row.state.needs_attention());
            for id in table.select(selection, wanted) {
                let mut dropped = None;
                table.change(id, &shared.limits, |row| {
                    if matches!(row.state, RowState::Running) {
                        row.control.cancel.cancel();
                    } else {
                        row.state = RowState::Cancelled;
                        dropped = row.kept.take();
                    }
                });
                if let Some(dropped) = dropped {
                    shared.abort(table, id, dropped);
                }
            }
        });
    }

    /// Sends failed and called-off files of the selection again.
    pub fn retry(&self, selection: &Selection) {
        self.0.with(|shared, table| {
            let wanted = |row: &Row| matches!(row.state, RowState::Failed { .. } | RowState::Cancelled);
            for id in table.select(selection, wanted) {
                table.change(id, &shared.limits, |row| row.state = RowState::Waiting);
            }
        });
    }

    /// Sends everything that failed again.
    pub fn retry_failed(&self) {
        self.0.with(|shared, table| {
            for id in table.select(&Selection::All, |row| matches!(row.state, RowState::Failed { .. })) {
                table.change(id, &shared.limits, |row| row.state = RowState::Waiting);
            }
        });
    }

    /// Decides on a file whose name is taken. Does nothing to others.
    pub fn resolve(&self, row: RowId, resolution: Resolution) {
        self.0.with(|shared, table| {
            if !table.row(row).is_some_and(|row| matches!(row.state, RowState::Conflict)) {
                return;
            }
            table.change(row, &shared.limits, |row| {
                row.replanned = true;
                let Work::Upload { guard, .. } = &mut row.work else { return };
                row.state = RowState::Waiting;
                match resolution {
                    Resolution::Skip => row.state = RowState::Skipped,
                    Resolution::Overwrite => *guard = Guard::Overwrite,
                    Resolution::KeepBoth(key) => {
                        *guard = Guard::IfNoneMatch;
                        row.key = key.into();
                    }
                }
            });
        });
    }
}
