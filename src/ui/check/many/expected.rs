//! What is expected of the files, ticked and typed, or loaded from a file.

use egui::{Align, Layout, Ui, vec2};

use super::{group_ui, note, problem_ui};
use crate::domain::format::counted;
use crate::domain::verify::Access;
use crate::model::check::many::{Expected, Field, Loaded, Many, ManyCommand, Pair, Problem};
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, ControlSize, Segment, TextField, checkbox, disclosure, paint, quiet_box, segmented};

/// So many rules of a file are named.
const NAMED: usize = 8;

pub(super) fn expected_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many, expected: &mut Expected, problems: &[Problem]) {
    ui.spacing_mut().item_spacing.y = 8.0;
    head_ui(ui, cx);
    if let Some(loaded) = &many.loaded {
        loaded_ui(ui, cx, loaded);
        return;
    }
    let t = Tokens::of(ui);
    paint::label(ui, Type::SmallMedium.rich("Who can see them"), t.text_2);
    let who = [
        Segment::new(Some(Access::Public), "Anyone"),
        Segment::new(Some(Access::Private), "Only with a sign-in"),
        Segment::new(None, "Does not matter"),
    ];
    segmented(ui, &who, &mut expected.access, ControlSize::Regular);
    checkbox(ui, &mut expected.matches_bytes, "Content-Type is what the bytes are");
    checkbox(ui, &mut expected.decodes, "Images can be decoded to their end");
    problem_ui(ui, problems, Field::Expected);
    // What is filled in cannot be folded away.
    if has_more(expected) {
        paint::label(ui, Type::SmallMedium.rich("More expectations"), t.text_2);
        more_ui(ui, expected, problems);
    } else if disclosure(ui, "many_more", "More expectations") {
        more_ui(ui, expected, problems);
    }
}

fn head_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let size = vec2(ui.available_width(), 24.0);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 4.0;
        if Button::quiet("Save…").small().name("Save expectations…").show(ui).clicked() {
            cx.push(ManyCommand::SaveExpectations);
        }
        if Button::quiet("Load…").small().name("Load expectations…").show(ui).clicked() {
            cx.push(ManyCommand::LoadExpectations);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| group_ui(ui, "Expected"));
    });
}

/// What a file expects that the form cannot show.
fn loaded_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, loaded: &Loaded) {
    let t = Tokens::of(ui);
    quiet_box(ui, 12, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let rules = &loaded.expectations.rules;
        let words = format!("{} of {}", counted(rules.len() as u64, "rule", "rules"), loaded.name);
        paint::label(ui, Type::BodyMedium.rich(words), t.text);
        for rule in rules.iter().take(NAMED) {
            ui.add(egui::Label::new(Type::Small.rich(rule.name.as_str()).color(t.text_2)).truncate());
        }
        if rules.len() > NAMED {
            paint::label(ui, Type::Small.rich(format!("and {} more", rules.len() - NAMED)), t.text_3);
        }
        ui.add_space(4.0);
        if Button::secondary("Tick them here instead").small().show(ui).clicked() {
            cx.push(ManyCommand::DropLoaded);
        }
    });
}

/// Whether something is filled in that would be folded away.
fn has_more(expected: &Expected) -> bool {
    let Expected { access, matches_bytes, decodes, .. } = expected.clone();
    *expected != Expected { access, matches_bytes, decodes, ..bare() }
}

fn bare() -> Expected {
    Expected { access: None, matches_bytes: false, decodes: false, ..Expected::default() }
}

fn more_ui(ui: &mut Ui, expected: &mut Expected, problems: &[Problem]) {
    checkbox(ui, &mut expected.https, "Addresses begin with https://");
    checkbox(ui, &mut expected.unique, "No two files have the same content");
    two(ui, |ui, at, width| {
        let field =
            match at {
                0 => TextField::new("Status", &mut expected.status).placeholder("200").note(note(
                    problems,
                    Field::Status,
                    "",
                )),
                _ => TextField::new("Kept by browsers for at least", &mut expected.max_age)
                    .placeholder("30d")
                    .note(note(problems, Field::MaxAge, "")),
            };
        field.width(width).show(ui);
    });
    pair_ui(ui, "Size of a file", ["10 KB", "2 MB"], &mut expected.bytes, [Field::BytesMin, Field::BytesMax], problems);
    pair_ui(ui, "Width of images", ["800", "4000"], &mut expected.width, [Field::WidthMin, Field::WidthMax], problems);
    let fields = [Field::HeightMin, Field::HeightMax];
    pair_ui(ui, "Height of images", ["600", "4000"], &mut expected.height, fields, problems);
    let field = TextField::new("Pages of these origins may read them", &mut expected.cors).mono();
    field.placeholder("https://shop.example.com").note(note(problems, Field::Cors, "")).show(ui);
    let field = TextField::new("Names are of the pattern", &mut expected.key).mono();
    field.placeholder("*.{jpg,webp}").note(note(problems, Field::Key, "")).show(ui);
    let field = TextField::new("Beside each image there is", &mut expected.variants).mono();
    let help = "{stem} {ext} {name} {folder} stand for parts of its key";
    field.placeholder("{stem}.webp").note(note(problems, Field::Variants, help)).show(ui);
}

/// At least and at most.
fn pair_ui(ui: &mut Ui, what: &str, hints: [&str; 2], pair: &mut Pair, fields: [Field; 2], problems: &[Problem]) {
    two(ui, |ui, at, width| {
        let (text, words) = if at == 0 { (&mut pair.min, "at least") } else { (&mut pair.max, "at most") };
        let field = TextField::new(format!("{what}, {words}"), text).placeholder(hints[at]).width(width);
        field.note(note(problems, fields[at], "")).show(ui);
    });
}

/// Two fields side by side.
fn two(ui: &mut Ui, mut one: impl FnMut(&mut Ui, usize, f32)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let width = ((ui.available_width() - 12.0) / 2.0).floor();
        for at in 0..2 {
            one(ui, at, width);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_never_folded_away() {
        assert!(!has_more(&Expected::default()));
        assert!(!has_more(&Expected { access: None, decodes: false, ..Expected::default() }));
        assert!(has_more(&Expected { unique: true, ..Expected::default() }));
        assert!(has_more(&Expected { max_age: "1d".to_owned(), ..Expected::default() }));
    }
}
