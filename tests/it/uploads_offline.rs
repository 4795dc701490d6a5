//! The network goes while files are on their way: the window says so, loses nothing, and goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use brimful::app::core::Core;
use brimful::domain::connection::ConnectionId;
use brimful::model::command::{FrameCommand, Screen};
use brimful::model::upload::transfers::{Batch, Direction, OFFLINE, Pace, RowState};
use brimful::model::upload::{TransferCommand, UploadCommand, UploadSource};
use brimful::practice::{Options, Server};
use test_case::test_case;

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

#[test]
fn a_store_that_is_gone_for_a_while_is_waited_for() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.goes_to(BUCKET, "");
    let dir = tempfile::tempdir().unwrap();
    let sources = (1..=3).map(|number| {
        let path = dir.path().join(format!("{number}.txt"));
        std::fs::write(&path, format!("file {number}")).unwrap();
        UploadSource::Path(path)
    });
    let sources: Vec<_> = sources.collect();
    person.core(|core| {
        core.dispatch(TransferCommand::PauseAll.into());
        core.dispatch(UploadCommand::Bring(sources).into());
    });
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    person.clicks("Upload 3 files");
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 3);

    let (handle, server) = person.core(|core| (core.worker.handle(), core.practice.take().unwrap()));
    let (folder, port) = (server.dir().to_owned(), server.port());
    handle.block_on(Arc::into_inner(server).unwrap().shutdown());
    person.clicks("Go on with all transfers");
    person.sees(OFFLINE);
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    person.sees("3.txt, Waiting for the network at 0 %");
    person.waits_until("nothing has failed", |model| {
        let counts = model.upload.transfers.counts();
        (counts.running, counts.failed) == (3, 0)
    });

    let again = handle.block_on(Server::start(Options { dir: folder, port: Some(port) })).unwrap();
    person.core(|core| core.practice = Some(Arc::new(again)));
    person.waits_until("all have arrived", |model| model.upload.transfers.counts().done == 3);
    person.no_longer_sees(OFFLINE);
    person.sees("3 files uploaded");
}

#[test_case(Window::default(), "transfers_offline_light"; "light")]
#[test_case(Window { dark: true, ..Window::default() }, "transfers_offline_dark"; "dark")]
#[test_case(Window { width: 1024.0, height: 700.0, dark: false }, "transfers_offline_1024"; "small")]
fn waiting_for_the_network_looks_as_it_should(window: Window, name: &str) {
    let mut person = Person::practises_in(window);
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.goes_to(BUCKET, "");
    person.core(stage);
    person.sees(OFFLINE);
    (0..6).for_each(|_| person.waits_a_moment());
    person.looks_like(name);
}

/// Three files under way that nobody takes, and some beside them.
fn stage(core: &mut Core) {
    let transfers = &mut core.model.upload.transfers;
    let batch = Batch {
        direction: Direction::Up,
        connection: ConnectionId::PRACTICE,
        bucket: BUCKET.into(),
        folder: "photos/2026/".into(),
        files: 5,
        told: true,
        closed: false,
        began: Duration::ZERO,
        ended: None,
        before: false,
    };
    transfers.batches.insert(1, batch);
    let rows = [
        ("showroom-tour.mp4", 4_100, 2_900, RowState::Running),
        ("snow-pass.tif", 186, 71, RowState::Running),
        ("ridges-fog.tif", 164, 0, RowState::Running),
        ("stool-oak.jpg", 2, 0, RowState::Waiting),
        ("lake-morning.jpg", 2, 2, RowState::Done),
    ];
    for (id, (name, size, moved, state)) in (1_000..).zip(rows) {
        let row = transfers.row_or_new(id);
        (row.batch, row.key) = (1, format!("photos/2026/{name}"));
        (row.size_bytes, row.moved_bytes) = (size * 1_000_000, moved * 1_000_000);
        row.offline = state == RowState::Running;
        row.state = state;
    }
    let graph: Vec<f64> = (0..120).map(|at| if at < 100 { 2.0e7 } else { 0.0 }).collect();
    transfers.set_pace(Pace { rate: None, left: None, graph: graph.into() });
    transfers.offline = true;
    transfers.updated(Duration::from_secs(60));
    core.dispatch(FrameCommand::Show(Screen::Transfers).into());
}
