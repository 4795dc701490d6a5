//! Ctrl+K: everything that can be asked for, found by typing.

use egui::{Align2, Key, Modifiers, Rect, Sense, Ui, pos2, vec2};

use crate::model::browse::Place;
use crate::model::check::many::ManyCommand;
use crate::model::command::{BrowseCommand, FrameCommand, Screen, Tab};
use crate::model::connection_page::{ConnectionPageCommand, Side};
use crate::model::upload::UploadCommand;
use crate::model::{Command, Model};
use crate::theme::{Icon, Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{key_cap, paint};

/// One thing to choose.
pub struct Entry {
    group: &'static str,
    icon: Icon,
    label: String,
    aside: String,
    keys: &'static str,
    command: Command,
}

impl Entry {
    /// An entry with its group, icon and label.
    pub fn new(group: &'static str, icon: Icon, label: impl Into<String>, command: impl Into<Command>) -> Self {
        Self { group, icon, label: label.into(), aside: String::new(), keys: "", command: command.into() }
    }

    /// A few quiet words behind the label.
    #[must_use]
    pub fn aside(mut self, words: impl Into<String>) -> Self {
        self.aside = words.into();
        self
    }

    /// The shortcut that does the same.
    #[must_use]
    pub fn keys(mut self, keys: &'static str) -> Self {
        self.keys = keys;
        self
    }
}

/// The palette and what has been typed into it.
#[derive(Debug, Default)]
pub struct Palette {
    typed: String,
    chosen: usize,
}

impl Palette {
    /// Shows it over everything.
    pub fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        let found = matching(entries(cx.model), &self.typed);
        let keys = ui.input_mut(|input| {
            (
                input.consume_key(Modifiers::NONE, Key::ArrowUp),
                input.consume_key(Modifiers::NONE, Key::ArrowDown),
                input.consume_key(Modifiers::NONE, Key::Enter),
                input.consume_key(Modifiers::NONE, Key::Escape),
            )
        });
        if !found.is_empty() {
            self.chosen = self.chosen.min(found.len() - 1);
            if keys.0 {
                self.chosen = self.chosen.checked_sub(1).unwrap_or(found.len() - 1);
            }
            if keys.1 {
                self.chosen = (self.chosen + 1) % found.len();
            }
        }
        let mut run = keys.2.then_some(self.chosen);
        let window = ui.ctx().content_rect();
        let width = 640.0_f32.min(window.width() - 32.0);
        let area = egui::Modal::default_area(egui::Id::unique("palette"))
            .anchor(Align2::CENTER_TOP, vec2(0.0, (window.height() * 0.13).min(104.0)))
            .accessible_name("Commands");
        let frame = egui::Frame::new()
            .fill(t.raised)
            .stroke(egui::Stroke::new(1.0, t.stroke_strong))
            .corner_radius(measure::radius::DIALOG)
            .shadow(t.shadow_dialog);
        let modal = egui::Modal::new(egui::Id::unique("palette")).area(area).frame(frame).backdrop_color(t.scrim);
        let shown = modal.show(ui.ctx(), |ui| {
            ui.set_width(width - 2.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            self.field_ui(ui);
            paint::hairline(ui);
            let most = (window.height() * 0.6).min(374.0);
            egui::ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
                ui.add_space(8.0);
                let mut group = "";
                for (index, entry) in found.iter().enumerate() {
                    if entry.group != group {
                        group = entry.group;
                        group_ui(ui, group);
                    }
                    let moved = keys.0 || keys.1;
                    if entry_ui(ui, entry, &self.typed, index == self.chosen, moved) {
                        run = Some(index);
                    }
                }
                if found.is_empty() {
                    ui.horizontal(|ui| {
                        ui.add_space(16.0);
                        ui.label(Type::Body.rich("Nothing by that name").color(t.text_3));
                    });
                }
                ui.add_space(8.0);
            });
            paint::hairline(ui);
            foot_ui(ui);
        });
        if let Some(entry) = run.and_then(|index| found.into_iter().nth(index)) {
            cx.push(FrameCommand::CloseModal);
            cx.commands.push(entry.command);
            *self = Self::default();
        } else if keys.3 || shown.backdrop_response.clicked() {
            cx.push(FrameCommand::CloseModal);
            *self = Self::default();
        }
    }

    fn field_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
        paint::icon_at(
            ui.painter(),
            pos2(rect.left() + 27.0, rect.center().y),
            icons::MAGNIFYING_GLASS,
            20.0,
            t.text_2,
        );
        // The hairline takes the last point, and capitals stand higher than the middle of their line.
        let inner = Rect::from_center_size(
            pos2((rect.left() + 48.0 + rect.right() - 16.0) / 2.0, rect.center().y),
            vec2(rect.width() - 64.0, 24.0),
        );
        let before = self.typed.clone();
        let edit = egui::TextEdit::singleline(&mut self.typed)
            .frame(egui::Frame::NONE)
            .font(Type::Heading.font())
            .hint_text("What would you like to do?")
            .margin(egui::Margin::ZERO)
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(inner.width());
        let response = ui.put(inner, edit);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find a command"));
        response.request_focus();
        if before != self.typed {
            self.chosen = 0;
        }
    }
}

fn group_ui(ui: &mut Ui, group: &str) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.set_height(26.0);
        ui.add_space(16.0);
        ui.label(Type::CaptionMedium.rich(group).color(t.text_3));
    });
}

fn entry_ui(ui: &mut Ui, entry: &Entry, typed: &str, chosen: bool, scroll: bool) -> bool {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), measure::height::ROW_PALETTE);
    let response = paint::allocate(ui, size, Sense::click(), true);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, &entry.label));
    if chosen && scroll {
        response.scroll_to_me(None);
    }
    let rect = response.rect.shrink2(vec2(8.0, 0.0));
    if chosen || response.hovered() {
        ui.painter().rect_filled(rect, measure::radius::CONTROL, if chosen { t.selected } else { t.hover });
    }
    paint::icon_at(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), entry.icon, 16.0, t.text_2);
    let label = paint::wrapped_job(ui, highlighted(&entry.label, typed, t), f32::INFINITY);
    let mut x = rect.left() + 36.0;
    x = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, rect.center().y), label).right() + 10.0;
    let room = rect.right() - 130.0 - x;
    if !entry.aside.is_empty() && room > 40.0 {
        let aside = paint::line_within(ui, Type::Small, t.text_3, &entry.aside, room);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, rect.center().y), aside);
    }
    if !entry.keys.is_empty() {
        let place = Rect::from_min_max(pos2(rect.right() - 128.0, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let mut keys = ui.new_child(egui::UiBuilder::new().max_rect(place).layout(layout));
        for key in entry.keys.rsplit('+') {
            key_cap(&mut keys, key);
        }
    }
    response.clicked()
}

/// The label with the typed letters strong.
fn highlighted(label: &str, typed: &str, t: &Tokens) -> egui::text::LayoutJob {
    let mut job = egui::text::LayoutJob::default();
    let at = position(label, typed).filter(|_| !typed.is_empty());
    let (before, hit, after) = match at {
        Some((from, to)) => (&label[..from], &label[from..to], &label[to..]),
        None => (label, "", ""),
    };
    for (text, kind) in [(before, Type::Body), (hit, Type::BodyStrong), (after, Type::Body)] {
        if !text.is_empty() {
            job.append(text, 0.0, kind.format(t.text));
        }
    }
    job
}

/// Where `typed` stands in `label`, whatever the case of either.
fn position(label: &str, typed: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = typed.trim().chars().flat_map(char::to_lowercase).collect();
    label.char_indices().find_map(|(from, _)| {
        let mut rest = label[from..].char_indices();
        let mut end = from;
        for want in &wanted {
            let (at, c) = rest.next()?;
            if c.to_lowercase().next() != Some(*want) {
                return None;
            }
            end = from + at + c.len_utf8();
        }
        Some((from, end))
    })
}

fn matching(entries: Vec<Entry>, typed: &str) -> Vec<Entry> {
    entries.into_iter().filter(|entry| typed.trim().is_empty() || position(&entry.label, typed).is_some()).collect()
}

/// All that can be asked for now.
fn entries(model: &Model) -> Vec<Entry> {
    const EVERYWHERE: &str = "Everywhere";
    let mut all = crate::ui::gallery::palette_entries(model);
    let Some(session) = &model.session else { return all };
    if let Some(place) = &session.place {
        const HERE: &str = "In this bucket";
        all.push(Entry::new(HERE, icons::UPLOAD_SIMPLE, "Upload files…", UploadCommand::PickFiles).keys("Ctrl+U"));
        all.push(Entry::new(HERE, icons::FOLDER_PLUS, "Upload a folder…", UploadCommand::PickFolder));
        all.push(Entry::new(HERE, icons::ARROWS_CLOCKWISE, "Read again", BrowseCommand::Refresh).keys("F5"));
        all.push(Entry::new(HERE, icons::STETHOSCOPE, "Check many files…", ManyCommand::Open));
        if place.up().is_some() {
            all.push(Entry::new(HERE, icons::ARROW_UP, "Go to the folder above", BrowseCommand::Up).keys("Alt+Up"));
        }
        let copy = |text: String, said: &str| FrameCommand::CopyText { text, said: said.to_owned() };
        let address = format!("s3://{}/{}", place.bucket, place.prefix);
        all.push(
            Entry::new(HERE, icons::COPY, "Copy the s3:// address", copy(address.clone(), "Address copied"))
                .aside(address),
        );
    }
    let show = |screen| FrameCommand::Show(screen);
    all.push(Entry::new(EVERYWHERE, icons::PLUS, "Set up a bucket", show(Screen::Setup)));
    all.push(Entry::new(EVERYWHERE, icons::ARROWS_DOWN_UP, "Show transfers", show(Screen::Transfers)));
    all.push(Entry::new(EVERYWHERE, icons::BELL, "Show notices", show(Screen::Notices)));
    all.push(Entry::new(EVERYWHERE, icons::GEAR_SIX, "Show settings", show(Screen::Settings)).keys("Ctrl+,"));
    all.push(Entry::new(EVERYWHERE, icons::SIDEBAR_SIMPLE, "Fold or unfold the sidebar", FrameCommand::ToggleSidebar));
    all.push(Entry::new(EVERYWHERE, icons::STACK, "Read the list of buckets again", BrowseCommand::RefreshBuckets));
    all.push(Entry::new(EVERYWHERE, icons::ARROW_LEFT, "Go to another connection", BrowseCommand::Leave));
    let side = ConnectionPageCommand::Show;
    all.push(Entry::new(EVERYWHERE, icons::STETHOSCOPE, "Check this connection", side(Side::Can)));
    all.push(Entry::new(EVERYWHERE, icons::GLOBE_SIMPLE, "Who can get in?", side(Side::Open)));
    for name in session.bucket_names() {
        all.push(Entry::new("Buckets", icons::STACK, name, BrowseCommand::Go(Place::bucket(name))));
    }
    for name in session.bucket_names() {
        let side = |label: &str, icon, tab| {
            Entry::new("Buckets", icon, format!("{label} of {name}"), BrowseCommand::GoToTab(Place::bucket(name), tab))
        };
        all.push(side("Permissions", icons::SHIELD_CHECK, Tab::Permissions));
        all.push(side("Settings", icons::SLIDERS_HORIZONTAL, Tab::Settings));
        all.push(side("Check", icons::STETHOSCOPE, Tab::Check));
    }
    all.extend(crate::ui::start::palette_entries(model));
    all
}

fn foot_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.set_height(36.0);
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(16.0);
        for (keys, does) in [(["Up", "Down"].as_slice(), "choose"), (&["Enter"], "run"), (&["Esc"], "close")] {
            for key in keys {
                key_cap(ui, key);
            }
            ui.label(Type::Small.rich(does).color(t.text_3));
            ui.add_space(10.0);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::position;
    use test_case::test_case;

    #[test_case("Copy 3 URLs", "copy", Some((0, 4)); "case does not matter")]
    #[test_case("photocopy-archive", "copy", Some((5, 9)); "inside a word")]
    #[test_case("Straße", "SSE", None; "no guessing at letters")]
    #[test_case("日本", "本", Some((3, 6)); "whole characters")]
    #[test_case("abc", "", Some((0, 0)); "nothing typed")]
    fn finds_what_was_typed(label: &str, typed: &str, at: Option<(usize, usize)>) {
        assert_eq!(position(label, typed), at);
    }
}
