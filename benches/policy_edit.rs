//! What writing in a policy of 20 KB costs: `cargo bench --bench policy_edit`.
//!
//! A frame is everything on the window's thread: keys, layout, paint and tessellation of the page, and taking the text
//! into the draft. What is said about the text is found out in the background; it is measured beside it.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and ends at the first surprise")]

use std::time::{Duration, Instant};

use brimful::domain::arn::Partition;
use brimful::domain::connection::ConnectionId;
use brimful::domain::policy::{LintContext, tidy};
use brimful::model::permissions::draft::{Base, Draft};
use brimful::model::permissions::found::{Found, Known};
use brimful::model::permissions::reading::Reading;
use brimful::model::permissions::{BucketKey, PermissionsCommand};
use brimful::model::{Command, Model};
use brimful::theme;
use brimful::ui::UiCtx;
use brimful::ui::permissions::PermissionsPanel;
use brimful::worker::Request;
use egui::{Context, Event, Key, Modifiers, RawInput, Rect, pos2, vec2};
use jiff::Timestamp;

const BUCKET: &str = "acme-site-images-2026";
const KEYS: usize = 400;

/// As many statements as fit.
fn policy() -> String {
    let statement = |number: usize| {
        format!(
            r#"{{"Sid":"Readers{number}","Effect":"Allow","Principal":{{"AWS":["arn:aws:iam::111122223333:role/reader-{number}",
            "arn:aws:iam::444455556666:root"]}},"Action":["s3:GetObject","s3:GetObjectVersion"],
            "Resource":"arn:aws:s3:::{BUCKET}/photos/{number}/*","Condition":{{"IpAddress":{{"aws:SourceIp":["192.0.2.0/24","198.51.100.0/24"]}}}}}}"#
        )
    };
    let mut statements = Vec::new();
    loop {
        statements.push(statement(statements.len()));
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        let text = tidy(&text).unwrap();
        if text.len() > 20_000 {
            return text;
        }
    }
}

fn context() -> LintContext {
    LintContext::new(BUCKET, Partition::Aws)
}

fn report(what: &str, mut took: Vec<Duration>) {
    took.sort();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!("{what:<44} median {:7.2} ms   p99 {:7.2} ms   longest {:7.2} ms", at(0.5), at(0.99), at(1.0));
}

fn main() {
    let text = policy();
    println!("{} bytes, {} lines", text.len(), text.lines().count());

    let reading = |text: &str| Reading::of(text.to_owned(), context());
    let took = (0..30).map(|_| {
        let begin = Instant::now();
        std::hint::black_box(reading(&text));
        begin.elapsed()
    });
    report("what is said about the text (background)", took.collect());

    let key = BucketKey { connection: ConnectionId::PRACTICE, bucket: BUCKET.to_owned() };
    let mut model = Model::default();
    model.permissions.here = Some(key.clone());
    model.permissions.drafts.insert(key.clone(), Draft::new(Base::Text(text.clone())));
    model.permissions.found = Request::Ready(Found { policy: Known::Is(text.clone()), at: Timestamp::UNIX_EPOCH });
    model.permissions.reading = Request::Ready(reading(&text));

    let ctx = Context::default();
    theme::install(&ctx);
    let mut panel = PermissionsPanel::default();
    let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1056.0, 708.0));
    let mut time = 0.0;
    let mut frame = |model: &mut Model, events: Vec<Event>| {
        time += 1.0 / 60.0;
        let begin = Instant::now();
        let input = RawInput { screen_rect: Some(screen), time: Some(time), events, ..RawInput::default() };
        let mut commands: Vec<Command> = Vec::new();
        let mut output = ctx.run_ui(input, |ui| {
            let mut cx = UiCtx {
                model,
                commands: &mut commands,
                thumbs: &mut Vec::new(),
                now: Timestamp::UNIX_EPOCH,
                zone: &jiff::tz::TimeZone::UTC,
            };
            panel.ui(ui, &mut cx);
        });
        for command in commands {
            if let Command::Permissions(PermissionsCommand::Typed { text, caret, .. }) = command {
                model.permissions.drafts.get_mut(&key).unwrap().typed(text, caret, Timestamp::UNIX_EPOCH);
            }
        }
        // No graphics card takes them here.
        output.textures_delta.clear();
        std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        begin.elapsed()
    };
    for _ in 0..10 {
        frame(&mut model, Vec::new());
    }
    report("a frame at rest", (0..100).map(|_| frame(&mut model, Vec::new())).collect());

    let press = |key, modifiers| {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        vec![event(true), event(false)]
    };
    let typed = (0..KEYS).map(|number| {
        let took = frame(&mut model, vec![Event::Text(if number % 8 == 7 { " " } else { "a" }.to_owned())]);
        // Every few keys the background has read the newest text.
        if number % 5 == 4 {
            let newest = model.permissions.draft().unwrap().text().to_owned();
            model.permissions.reading = Request::Ready(reading(&newest));
        }
        took
    });
    report("a key at the beginning", typed.collect());
    frame(&mut model, press(Key::End, Modifiers::COMMAND));
    let typed = (0..KEYS).map(|_| frame(&mut model, vec![Event::Text("a".to_owned())]));
    report("a key at the end, nothing read anew", typed.collect());
    let moved = (0..KEYS).map(|_| frame(&mut model, press(Key::ArrowUp, Modifiers::NONE)));
    report("a line up", moved.collect());
    report("all selected", (0..50).map(|_| frame(&mut model, press(Key::A, Modifiers::COMMAND))).collect());
}
