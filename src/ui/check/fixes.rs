//! The ways to mend it, least exposure first.

use egui::{Align, Layout, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use crate::domain::check::{Exposure, Fix, Remedy, Verdict};
use crate::model::check::{CheckCommand, Found};
use crate::model::command::FrameCommand;
use crate::model::upload::UploadCommand;
use crate::theme::{Tokens, Type, icons, measure::radius};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Button, Card, MenuRow, Tone, menu, paint};

/// How long a link may open a file: words and seconds.
const LINKS: [(&str, u64); 4] = [
    ("Opens for 1 hour", 3_600),
    ("Opens for 12 hours", 43_200),
    ("Opens for 1 day", 86_400),
    ("Opens for 7 days", 604_800),
];

pub(super) fn fixes_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, found: &Found, stale: bool) {
    let t = Tokens::of(ui);
    let fixes = &found.diagnosis.fixes;
    ui.spacing_mut().item_spacing.y = 0.0;
    super::head_ui(ui, "Ways to mend it", if fixes.len() > 1 { "least exposure first" } else { "" });
    ui.add_space(4.0);
    if fixes.is_empty() {
        let words = match found.diagnosis.verdict {
            Verdict::Visible => "There is nothing to mend",
            Verdict::Hampered | Verdict::NotVisible => "Nothing that Brimful can do mends this",
            Verdict::CannotTell => "First it has to be known what stands in the way",
        };
        paint::label(ui, Type::Small.rich(words), t.text_3);
        return;
    }
    let why = match (cx.model.check.mending, stale) {
        (true, _) => Some("Something is being done already"),
        (false, true) => Some("It is being checked again"),
        (false, false) => None,
    };
    for (index, fix) in fixes.iter().enumerate() {
        let card = Card::new().padding(12).show(ui, |ui| {
            ui.set_width(ui.available_width());
            fix_ui(ui, cx, fix, index, why);
        });
        if index == 0 {
            let edge = Stroke::new(2.0, t.chosen_edge());
            ui.painter().rect_stroke(card.response.rect, radius::CARD, edge, StrokeKind::Inside);
        }
        ui.add_space(12.0);
    }
}

fn fix_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, fix: &Fix, index: usize, why: Option<&'static str>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 10.0, t.hover);
        let number = paint::line(ui, Type::SmallMedium, t.text_2, (index + 1).to_string());
        paint::galley_at(ui.painter(), egui::Align2::CENTER_CENTER, rect.center(), number);
        ui.vertical(|ui| {
            let said = title_ui(ui, fix, index);
            ui.add(egui::Label::new(Type::Small.rich(fix.consequence.as_str()).color(t.text_2)).wrap());
            for line in fix.wait.iter().chain(&fix.caution) {
                ui.add(egui::Label::new(Type::Small.rich(line.as_str()).color(t.warn_text)).wrap());
            }
            if let Some(address) = &fix.address {
                ui.add(egui::Label::new(Type::Mono.rich(address.as_str()).color(t.text_2)).wrap());
            }
            ui.add_space(2.0);
            badges_ui(ui, fix, index == 0 && !said);
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| actions_ui(ui, cx, fix, index, why));
        });
    });
}

/// Beside the title of the first way, or under it where the title needs the whole line.
fn smallest() -> Badge<'static> {
    Badge::new(Tone::Ok, "Smallest change")
}

/// The title; whether there was room beside it to say that it is the smallest change.
fn title_ui(ui: &mut Ui, fix: &Fix, index: usize) -> bool {
    let t = Tokens::of(ui);
    let title = fix.title.as_str();
    let room = ui.available_width() - smallest().width(ui) - 8.0;
    if index > 0 || paint::line(ui, Type::BodyMedium, t.text, title).size().x > room {
        ui.add(egui::Label::new(Type::BodyMedium.rich(title).color(t.text)).wrap());
        return false;
    }
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(room, 20.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(room);
            paint::label(ui, Type::BodyMedium.rich(title), t.text);
        });
        smallest().show(ui);
    });
    true
}

/// Who sees more by it.
fn badges_ui(ui: &mut Ui, fix: &Fix, is_smallest: bool) {
    let (tone, words) = match fix.exposure {
        Exposure::Nothing => (Tone::Neutral, "Nobody sees more"),
        Exposure::ThisFile | Exposure::RuleForThisFile => (Tone::Ok, "Opens this file"),
        Exposure::Link => (Tone::Ok, "Opens to who has the link"),
        Exposure::Folder => (Tone::Public, "Opens a folder"),
        Exposure::Bucket => (Tone::Public, "May open the bucket"),
        Exposure::Account => (Tone::Warn, "May open other buckets"),
    };
    ui.horizontal_wrapped(|ui| {
        if is_smallest {
            smallest().show(ui);
        }
        Badge::new(tone, words).show(ui);
    });
}

fn actions_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, fix: &Fix, index: usize, why: Option<&'static str>) {
    let main = |label: &'static str| if index == 0 { Button::primary(label) } else { Button::secondary(label) };
    match &fix.remedy {
        Remedy::Write(_) => {
            let button = main("Preview and apply…").small().name(format!("Preview: {}", fix.title));
            if button.disabled_because(why).show(ui).clicked() {
                cx.push(CheckCommand::Preview(index));
            }
        }
        Remedy::Link => {
            let button = main("Make a link").small().trailing_icon(icons::CARET_DOWN).show(ui);
            menu(&button, 190.0, |ui| {
                for (words, seconds) in LINKS {
                    if MenuRow::new(words).show(ui).clicked() {
                        cx.push(CheckCommand::MakeLink(seconds));
                    }
                }
            });
        }
        Remedy::Address(url) => {
            if main("Copy URL").small().icon(icons::COPY).show(ui).clicked() {
                cx.push(FrameCommand::CopyText { text: url.clone(), said: "URL copied".into() });
            }
            if Button::secondary("Check it").small().show(ui).clicked() {
                let site = cx.model.check.site.clone();
                cx.push(CheckCommand::Run { text: url.clone(), site });
            }
        }
        Remedy::Upload => {
            if main("Choose files…").small().icon(icons::UPLOAD_SIMPLE).show(ui).clicked() {
                cx.push(UploadCommand::PickFiles);
            }
        }
        Remedy::Advice => {}
    }
    if !fix.cli.is_empty() {
        let button = Button::quiet("AWS CLI").small().icon(icons::TERMINAL_WINDOW);
        if button.name(format!("Copy for the AWS CLI: {}", fix.title)).tooltip(fix.cli.as_str()).show(ui).clicked() {
            cx.push(CheckCommand::CopyCli(index));
        }
    }
}
