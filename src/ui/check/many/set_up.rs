//! What is to be checked, how it is asked, and what else belongs to it.

use egui::{Align, Frame, Layout, Panel, ScrollArea, Ui, UiBuilder, pos2, vec2};

use super::{ManyPanel, group_ui, indented, note, problem_ui, problems, top_ui};
use crate::domain::connection::SignIn;
use crate::domain::format::{count, counted};
use crate::model::check::many::{AskedAs, Every, Field, Form, Many, ManyCommand, Problem, Side, What};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, IconButton, MenuRow, TextField, checkbox, paint, radio, row, select};

/// Height of the buttons below.
pub(in super::super) const FOOT: f32 = 60.0;
const PADDING: f32 = 24.0;
/// Between the columns.
const GAP: f32 = 40.0;
/// Wider, the lines of a column would be hard to follow.
const WIDEST: f32 = 480.0;
const SCHEDULE_WIDTH: f32 = 190.0;

impl ManyPanel {
    pub(super) fn set_up_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many) {
        let before = self.form.clone();
        let problems = problems(many, &self.form);
        top_ui(ui, cx, "Check many files", |ui, cx| {
            if many.run.is_some() && Button::secondary("Show results").show(ui).clicked() {
                cx.push(ManyCommand::Turn(Side::Results));
            }
        });
        let foot = Panel::bottom("many_foot").exact_size(FOOT).resizable(false).show_separator_line(false);
        foot.frame(Frame::NONE).show(ui, |ui| foot_ui(ui, cx, many, &problems));
        ScrollArea::vertical().id_salt("many_set_up").auto_shrink(false).show(ui, |ui| {
            let room = ui.available_rect_before_wrap();
            let width = ((room.width() - 2.0 * PADDING - GAP) / 2.0).min(WIDEST);
            let top = room.top() + 20.0;
            let mut bottom = top;
            let mut column = |ui: &mut Ui, left: f32, contents: &mut dyn FnMut(&mut Ui)| {
                let rect = egui::Rect::from_min_size(pos2(left, top), vec2(width, f32::INFINITY));
                let builder = UiBuilder::new().id_salt(left.to_bits()).max_rect(rect);
                let mut child = ui.new_child(builder.layout(Layout::top_down(Align::Min)));
                child.set_width(width);
                contents(&mut child);
                bottom = bottom.max(child.min_rect().bottom());
            };
            let form = &mut self.form;
            column(ui, room.left() + PADDING, &mut |ui| {
                what_ui(ui, cx, many, form, &problems);
                ui.add_space(16.0);
                asked_ui(ui, cx, form, &problems);
            });
            column(ui, room.left() + PADDING + width + GAP, &mut |ui| {
                super::expected::expected_ui(ui, cx, many, &mut form.expected, &problems);
                ui.add_space(16.0);
                besides_ui(ui, cx, form, &problems);
            });
            ui.allocate_space(vec2(room.width(), bottom - room.top() + 24.0));
        });
        if self.form != before {
            cx.push(ManyCommand::Edit(Box::new(self.form.clone())));
        }
    }
}

fn what_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many, form: &mut Form, problems: &[Problem]) {
    ui.spacing_mut().item_spacing.y = 6.0;
    group_ui(ui, "What");
    let chosen = match many.chosen.len() as u64 {
        0 => "The files chosen in the gallery".to_owned(),
        1 => "The file chosen in the gallery".to_owned(),
        number => format!("The {} files chosen in the gallery", count(number)),
    };
    let choices = [
        (What::Bucket, "Everything in this bucket"),
        (What::Folder, "A folder"),
        (What::Chosen, chosen.as_str()),
        (What::List, "The addresses or keys that a file names"),
        (What::Sitemap, "What a sitemap names"),
    ];
    for (what, label) in choices {
        let enabled = what != What::Chosen || !many.chosen.is_empty();
        let response = ui.add_enabled_ui(enabled, |ui| radio(ui, form.what == what, label)).inner;
        let response = match enabled {
            true => response,
            false => paint::tooltip(response, "Choose files in the gallery first, and Check these files in their menu"),
        };
        if response.clicked() {
            form.what = what;
        }
        if form.what == what && !matches!(what, What::Bucket | What::Chosen) {
            indented(ui, |ui| which_ui(ui, cx, form, problems));
        }
    }
}

/// What belongs to the choice.
fn which_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, form: &mut Form, problems: &[Problem]) {
    let t = Tokens::of(ui);
    match form.what {
        What::Bucket | What::Chosen => {}
        What::Folder => {
            let field = TextField::new("Folder", &mut form.prefix).label_hidden().placeholder("photos/").mono();
            field.note(note(problems, Field::Prefix, "Every key that begins so")).show(ui);
        }
        What::List => {
            row(ui, 30.0, |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                if Button::secondary("Choose file…").icon(icons::FILE_TEXT).show(ui).clicked() {
                    cx.push(ManyCommand::PickList);
                }
                if let Some(name) = form.list.as_ref().and_then(|path| path.file_name()) {
                    ui.add(egui::Label::new(Type::Mono.rich(name.to_string_lossy()).color(t.text)).truncate());
                }
            });
            problem_ui(ui, problems, Field::List);
            let help = "A table with a column url or key, or a name a line. Keys lie in this bucket";
            paint::label(ui, Type::Small.rich(help), t.text_3);
        }
        What::Sitemap => {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let width = ui.available_width() - 128.0;
                let field = TextField::new("Sitemap", &mut form.sitemap).label_hidden().mono().width(width);
                let field = field.placeholder("https://www.example.com/sitemap.xml");
                field.note(note(problems, Field::Sitemap, "")).show(ui);
                if Button::secondary("Choose file…").name("Choose a sitemap…").show(ui).clicked() {
                    cx.push(ManyCommand::PickSitemap);
                }
            });
            checkbox(ui, &mut form.pages, "Check its pages instead of its images");
        }
    }
}

fn asked_ui(ui: &mut Ui, cx: &UiCtx<'_>, form: &mut Form, problems: &[Problem]) {
    ui.spacing_mut().item_spacing.y = 6.0;
    group_ui(ui, "Asked");
    let sign_in = cx.model.session.as_ref().and_then(|session| session.connection.target.sign_in());
    let anonymous = sign_in == Some(&SignIn::Anonymous);
    let choices = [
        (AskedAs::Anyone, "As anyone on the internet"),
        (AskedAs::Front, "As anyone, at an address in front of it, such as a CDN"),
        (AskedAs::SignedIn, "With the sign-in of this connection"),
    ];
    for (asked, label) in choices {
        let enabled = asked != AskedAs::SignedIn || !anonymous;
        let response = ui.add_enabled_ui(enabled, |ui| radio(ui, form.asked == asked, label)).inner;
        let response =
            if enabled { response } else { paint::tooltip(response, "This connection asks without a sign-in") };
        if response.clicked() {
            form.asked = asked;
        }
        if form.asked != asked || asked == AskedAs::Anyone {
            continue;
        }
        indented(ui, |ui| match asked {
            AskedAs::Anyone => {}
            AskedAs::Front => {
                let field = TextField::new("Address in front", &mut form.front).label_hidden().mono();
                let field = field.placeholder("https://cdn.example.com");
                field.note(note(problems, Field::Front, "The key follows it")).show(ui);
            }
            AskedAs::SignedIn => {
                let help = "Who can see a file is asked without it all the same";
                paint::label(ui, Type::Small.rich(help), Tokens::of(ui).text_3);
            }
        });
    }
}

fn besides_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, form: &mut Form, problems: &[Problem]) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    group_ui(ui, "Besides");
    row(ui, 30.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let name = form.baseline.as_ref().map(|path| path.display().to_string());
        match &name {
            None => {
                if Button::secondary("Compare with an earlier report…").icon(icons::GIT_DIFF).show(ui).clicked() {
                    cx.push(ManyCommand::PickBaseline);
                }
            }
            Some(path) => {
                let shown = crate::ui::widgets::elide_middle(ui, Type::Mono, path, ui.available_width() - 170.0);
                paint::label(ui, Type::Body.rich("Compared with"), t.text);
                let label = ui.add(egui::Label::new(Type::Mono.rich(shown).color(t.text)).truncate());
                paint::tooltip(label, path);
                if IconButton::new(icons::X, "Compare with nothing").small().show(ui).clicked() {
                    form.baseline = None;
                }
            }
        }
    });
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let field = TextField::new("Requests a second, at most", &mut form.rate).width(190.0);
        field.placeholder("as many as the server takes").note(note(problems, Field::Rate, "")).show(ui);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            paint::label(ui, Type::SmallMedium.rich("Check again by itself"), t.text_2);
            let shown = form.every.map_or("Not by itself", Every::words);
            select(ui, "Check again by itself", shown, SCHEDULE_WIDTH, |ui| every_ui(ui, &mut form.every));
        });
    });
    if form.every.is_some() {
        let help = "While Brimful runs: it ends when Brimful is closed. It compares with the time before, and tells what is new";
        paint::label(ui, Type::Small.rich(help), t.text_3);
    }
}

/// The rows that say how often.
pub(super) fn every_ui(ui: &mut Ui, every: &mut Option<Every>) {
    let choices = std::iter::once(None).chain(Every::ALL.map(Some));
    for choice in choices {
        let label = choice.map_or("Not by itself", Every::words);
        if MenuRow::new(label).chosen(*every == choice).show(ui).clicked() {
            *every = choice;
        }
    }
}

fn foot_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, many: &Many, problems: &[Problem]) {
    let t = Tokens::of(ui);
    let rect = ui.max_rect();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.stroke));
    let inner = rect.shrink2(vec2(PADDING, 0.0));
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center));
    let mut ui = ui.new_child(builder);
    ui.spacing_mut().item_spacing.x = 12.0;
    let busy = many.run.as_ref().is_some_and(|run| run.state.is_busy());
    let why = busy.then_some("A check is under way. It has to be stopped first");
    if Button::primary("Start checking").large().disabled_because(why).show(&mut ui).clicked() {
        cx.push(ManyCommand::Begin);
    }
    let copy = Button::quiet_accent("Copy the command").icon(icons::TERMINAL_WINDOW);
    if copy.tooltip("The same for a terminal or a pipeline: brimful verify").show(&mut ui).clicked() {
        cx.push(ManyCommand::CopyCommand);
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| match problems.len() as u64 {
        0 if many.run.is_some() && !busy => {
            paint::label(ui, Type::Small.rich("What was found before is forgotten then"), t.text_3);
        }
        0 => {}
        number => {
            let words = format!("{} first", counted(number, "field needs you", "fields need you"));
            paint::label(ui, Type::Small.rich(words), t.danger_text);
        }
    });
}
