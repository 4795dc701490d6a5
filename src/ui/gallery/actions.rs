//! What can be done with the selection: menus, the bar below, keys and the palette.

use egui::{Align, Area, Event, Key, Layout, Modifiers, Order, Rect, Response, Ui};

use crate::domain::format;
use crate::domain::object::ObjectSummary;
use crate::domain::object_url;
use crate::model::Model;
use crate::model::browse::Session;
use crate::model::check::CheckCommand;
use crate::model::check::many::ManyCommand;
use crate::model::command::FrameCommand;
use crate::model::gallery::{GalleryCommand, Move, UrlText};
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::shell::palette::Entry;
use crate::ui::widgets::{Button, IconButton, MenuRow, context_menu, menu, menu_rule, popup_frame};

/// What a right click on an object offers.
pub(super) fn context_menu_ui(cx: &mut UiCtx<'_>, object: &ObjectSummary, response: &Response) {
    context_menu(response, 240.0, |ui| {
        let gallery = &cx.model.gallery;
        let keys: Vec<String> = match &cx.model.session {
            Some(session) if gallery.selection.contains(&object.key) => gallery.targets(&session.listing),
            Some(_) | None => vec![object.key.clone()],
        };
        let one = keys.len() == 1;
        if one && MenuRow::new("Open large").icon(icons::ARROWS_OUT_SIMPLE).keys("Space").show(ui).clicked() {
            cx.push(GalleryCommand::Open(object.key.clone()));
        }
        url_rows_ui(ui, cx, &keys);
        if one && MenuRow::new("Open in the browser").icon(icons::ARROW_SQUARE_OUT).show(ui).clicked() {
            cx.push(GalleryCommand::OpenInBrowser(object.key.clone()));
        }
        if one && MenuRow::new("Check who can see it").icon(icons::STETHOSCOPE).show(ui).clicked() {
            cx.push(CheckCommand::File(object.key.clone()));
        }
        if !one && MenuRow::new("Check these files…").icon(icons::STETHOSCOPE).show(ui).clicked() {
            cx.push(ManyCommand::Files(keys.clone()));
        }
        if MenuRow::new("Download…").icon(icons::DOWNLOAD_SIMPLE).show(ui).clicked() {
            cx.push(GalleryCommand::Download(keys.clone()));
        }
        menu_rule(ui);
        if MenuRow::new("Delete…").icon(icons::TRASH).keys("Del").danger().show(ui).clicked() {
            cx.push(GalleryCommand::AskDelete(keys));
        }
    });
}

/// What a right click on a folder offers.
pub(super) fn folder_menu_ui(cx: &mut UiCtx<'_>, prefix: &str, response: &Response) {
    context_menu(response, 240.0, |ui| {
        if MenuRow::new("Check these files…").icon(icons::STETHOSCOPE).show(ui).clicked() {
            cx.push(ManyCommand::Folder(prefix.to_owned()));
        }
    });
}

/// The ways to copy addresses.
pub(super) fn url_rows_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, keys: &[String]) {
    let label = match keys.len() {
        1 => "Copy URL".to_owned(),
        n => format!("Copy {} URLs", format::count(n as u64)),
    };
    let [_, others @ ..] = url_texts();
    let first = MenuRow::new(label).icon(icons::LINK_SIMPLE).keys("Ctrl Shift C");
    if first.show(ui).clicked() {
        cx.push(GalleryCommand::CopyUrls(keys.to_vec(), UrlText::Plain(None)));
    }
    for (label, icon, text) in others {
        if MenuRow::new(label).icon(icon).show(ui).clicked() {
            cx.push(GalleryCommand::CopyUrls(keys.to_vec(), text));
        }
    }
}

/// The texts that addresses can be copied as, the plain one first.
pub(super) fn url_texts() -> [(&'static str, Icon, UrlText); 4] {
    [
        ("Copy the URLs", icons::LINK_SIMPLE, UrlText::Plain(None)),
        ("Copy as HTML", icons::CODE, UrlText::Html),
        ("Copy as Markdown", icons::HASH, UrlText::Markdown),
        ("Copy the s3:// address", icons::STACK, UrlText::Plain(Some(object_url::Form::S3Uri))),
    ]
}

/// The bar that floats over the bottom of the grid while more than one is selected.
pub(super) fn selection_bar_ui(ui: &Ui, cx: &mut UiCtx<'_>, session: &Session, room: Rect) {
    let gallery = &cx.model.gallery;
    if gallery.selection.len() < 2 {
        return;
    }
    let t = Tokens::of(ui);
    let keys = || gallery.targets(&session.listing);
    let count = gallery.selection.len() as u64;
    let bytes = gallery.selected_bytes;
    let at = egui::pos2(room.center().x, room.bottom() - 14.0);
    let area = Area::new(egui::Id::unique("selection bar"))
        .order(Order::Middle)
        .pivot(egui::Align2::CENTER_BOTTOM)
        .fixed_pos(at)
        .accessible_name("Selection");
    area.show(ui.ctx(), |ui| {
        popup_frame(t).inner_margin(egui::Margin::symmetric(12, 7)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.label(Type::BodyMedium.rich(format!("{} selected", format::count(count))).color(t.text));
                ui.label(Type::Small.rich(format::size(bytes)).color(t.text_3));
                ui.add_space(4.0);
                let copy = Button::secondary(format!("Copy {} URLs", format::count(count))).icon(icons::COPY);
                if copy.show(ui).clicked() {
                    cx.push(GalleryCommand::CopyUrls(keys(), UrlText::Plain(None)));
                }
                let more = IconButton::new(icons::CARET_DOWN, "More ways to copy").edge().show(ui);
                menu(&more, 240.0, |ui| url_rows_ui(ui, cx, &keys()));
                if Button::secondary("Download…").icon(icons::DOWNLOAD_SIMPLE).show(ui).clicked() {
                    cx.push(GalleryCommand::Download(keys()));
                }
                if Button::danger_quiet("Delete…").icon(icons::TRASH).show(ui).clicked() {
                    cx.push(GalleryCommand::AskDelete(keys()));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    if IconButton::new(icons::X, "Clear the selection")
                        .small()
                        .tooltip("Clear   Esc")
                        .show(ui)
                        .clicked()
                    {
                        cx.push(GalleryCommand::ClearSelection);
                    }
                });
            });
        });
    });
}

/// Keys of the grid, while it has the keyboard.
pub(super) fn keys(ui: &Ui, cx: &mut UiCtx<'_>, session: &Session, step: isize, page_rows: isize) {
    let gallery = &cx.model.gallery;
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let page = page_rows * step;
    let moves = [
        (Key::ArrowLeft, Move::By(-1)),
        (Key::ArrowRight, Move::By(1)),
        (Key::ArrowUp, Move::By(-step)),
        (Key::ArrowDown, Move::By(step)),
        (Key::PageUp, Move::By(-page)),
        (Key::PageDown, Move::By(page)),
        (Key::Home, Move::First),
        (Key::End, Move::Last),
    ];
    for (key, to) in moves {
        if pressed(Modifiers::SHIFT, key) {
            cx.push(GalleryCommand::Move { to, extend: true });
        } else if pressed(Modifiers::NONE, key) {
            cx.push(GalleryCommand::Move { to, extend: false });
        }
    }
    if pressed(Modifiers::COMMAND, Key::A) {
        cx.push(GalleryCommand::SelectAll);
    }
    let targets = || gallery.targets(&session.listing);
    let copies =
        pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::C) || ui.input(|input| input.events.contains(&Event::Copy));
    let deletes = pressed(Modifiers::NONE, Key::Delete);
    if copies {
        cx.push(GalleryCommand::CopyUrls(targets(), UrlText::Plain(None)));
    }
    if deletes {
        cx.push(GalleryCommand::AskDelete(targets()));
    }
    if let Some(key) = gallery.focus.clone()
        && (pressed(Modifiers::NONE, Key::Space) || pressed(Modifiers::NONE, Key::Enter))
    {
        cx.push(GalleryCommand::Open(key));
    }
    if pressed(Modifiers::NONE, Key::Escape) {
        cx.push(GalleryCommand::ClearSelection);
    }
    if pressed(Modifiers::NONE, Key::Backspace) {
        cx.push(crate::model::command::BrowseCommand::Up);
    }
}

/// What the palette offers for the selection.
#[must_use]
pub fn palette_entries(model: &Model) -> Vec<Entry> {
    const GROUP: &str = "For the selection";
    let Some(session) = &model.session else { return Vec::new() };
    let keys = model.gallery.targets(&session.listing);
    if keys.is_empty() {
        return Vec::new();
    }
    let (url, delete) = match keys.len() {
        1 => ("Copy URL".to_owned(), "Delete the file…".to_owned()),
        n => (format!("Copy {} URLs", format::count(n as u64)), format!("Delete {} files…", format::count(n as u64))),
    };
    let copy = |text| GalleryCommand::CopyUrls(keys.clone(), text);
    let mut entries = vec![
        Entry::new(GROUP, icons::LINK_SIMPLE, url, copy(UrlText::Plain(None))).keys("Ctrl+Shift+C"),
        Entry::new(GROUP, icons::CODE, "Copy as HTML", copy(UrlText::Html)).aside("img tags"),
        Entry::new(GROUP, icons::HASH, "Copy as Markdown", copy(UrlText::Markdown)),
        Entry::new(
            GROUP,
            icons::COPY,
            "Copy keys",
            FrameCommand::CopyText { text: keys.join("\n"), said: "Keys copied".to_owned() },
        ),
        Entry::new(GROUP, icons::DOWNLOAD_SIMPLE, "Download…", GalleryCommand::Download(keys.clone())),
    ];
    if let [key] = keys.as_slice() {
        let open = GalleryCommand::Open(key.clone());
        entries.insert(0, Entry::new(GROUP, icons::ARROWS_OUT_SIMPLE, "Open large", open).keys("Space"));
        let browser = GalleryCommand::OpenInBrowser(key.clone());
        entries.insert(2, Entry::new(GROUP, icons::ARROW_SQUARE_OUT, "Open in the browser", browser));
    }
    if keys.len() > 1 {
        let label = format!("Check {} files…", format::count(keys.len() as u64));
        entries.push(Entry::new(GROUP, icons::STETHOSCOPE, label, ManyCommand::Files(keys.clone())));
    }
    entries.push(Entry::new(GROUP, icons::TRASH, delete, GalleryCommand::AskDelete(keys)).keys("Del"));
    entries
}

#[cfg(test)]
mod tests {
    use super::palette_entries;
    use crate::model::Model;

    #[test]
    fn nothing_selected_offers_nothing() {
        assert!(palette_entries(&Model::default()).is_empty());
    }
}
