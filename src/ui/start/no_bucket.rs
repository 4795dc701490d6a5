use std::time::Duration;

use egui::{Align, Align2, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::domain::bucket::{BucketSummary, Exposure};
use crate::domain::connection::{ConnectionId, SignIn};
use crate::domain::{format, region};
use crate::model::Trouble;
use crate::model::browse::{Place, Session};
use crate::model::command::{BrowseCommand, FrameCommand, Screen};
use crate::model::connect::ConnectCommand;
use crate::model::trouble::WayOut;
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type, icons};
use crate::ui::start::address::AddressField;
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{
    Button, Card, ControlSize, EmptyState, ErrorPage, Level, card_header, centered_row, level_icon,
};
use crate::ui::{UiCtx, refusal};
use crate::worker::Status;

/// After so long a way out is offered.
const CANCEL_AFTER: Duration = Duration::from_secs(2);
const PADDING: f32 = 24.0;

/// A connection is open, but no bucket: reaching it, refused, or a bucket is to be chosen.
pub(super) fn no_bucket_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, by_name: &mut AddressField) {
    if let Some(trouble) = session.opening.error() {
        page(ui, |ui| error_ui(ui, cx, session, trouble));
        return;
    }
    if !session.reached {
        waiting_ui(ui, cx, session, "Reaching");
        return;
    }
    match session.buckets.status() {
        Status::Idle | Status::Pending(None) if session.opened_by_name.is_empty() => {
            waiting_ui(ui, cx, session, "Reading the buckets of");
        }
        Status::Failed(trouble, None) => match trouble.way_out {
            WayOut::AskForPermission | WayOut::NotOffered => {
                page(ui, |ui| may_not_list_ui(ui, cx, session, trouble, by_name));
            }
            // Nothing else would work either.
            WayOut::Retry | WayOut::EditConnection => page(ui, |ui| error_ui(ui, cx, session, trouble)),
            WayOut::ChooseAnother | WayOut::Report => page(ui, |ui| {
                error_ui(ui, cx, session, trouble);
                ui.add_space(20.0);
                Card::new().show(ui, |ui| by_name_ui(ui, cx, by_name));
            }),
        },
        Status::Ready(list) if list.is_empty() && session.opened_by_name.is_empty() => {
            empty_ui(ui, cx, session, by_name);
        }
        Status::Idle | Status::Pending(_) | Status::Ready(_) | Status::Failed(_, Some(_)) => {
            page(ui, |ui| choose_ui(ui, cx, session, by_name));
        }
    }
}

/// A page with a margin, that scrolls.
fn page(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt("no bucket").auto_shrink(false).show(ui, |ui| {
        let width = (ui.available_width() - 2.0 * PADDING).clamp(280.0, 1008.0);
        let place = Rect::from_min_size(ui.cursor().min + vec2(PADDING, 16.0), vec2(width, f32::INFINITY));
        let builder = UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::LEFT));
        let used = ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            ui.set_width(width);
            contents(ui);
        });
        ui.advance_cursor_after_rect(used.response.rect);
        ui.add_space(PADDING);
    });
}

fn waiting_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, what: &str) {
    let t = Tokens::of(ui);
    let name = &session.connection.name;
    let id = egui::Id::unique("reaching").with(session.connection.id);
    let now = ui.input(|input| input.time);
    // Another wait may have ended long ago: a gap of a second begins a new one.
    let (since, last) = ui.data(|data| data.get_temp::<(f64, f64)>(id)).unwrap_or((now, now));
    let since = if now - last > 1.0 { now } else { since };
    ui.data_mut(|data| data.insert_temp(id, (since, now)));
    ui.add_space((ui.available_height() * 0.36).floor());
    centered_row(ui, "reaching", |ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        level_icon(ui, Level::Unknown, 20.0, &format!("{what} {name}"));
        ui.label(Type::Lead.rich(format!("{what} {name}")).color(t.text_2));
    });
    ui.add_space(16.0);
    let waited = Duration::from_secs_f64((now - since).max(0.0));
    if waited < CANCEL_AFTER {
        ui.ctx().request_repaint_after(CANCEL_AFTER - waited);
        return;
    }
    centered_row(ui, "cancel", |ui| {
        if Button::secondary("Stop and go back").show(ui).clicked() {
            cx.push(BrowseCommand::Leave);
        }
    });
}

/// What went wrong, the ways out, and everything a support desk asks for.
fn error_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, trouble: &Trouble) {
    let t = Tokens::of(ui);
    let title = format!("{} could not be opened", session.connection.name);
    let icon = match trouble.way_out {
        WayOut::AskForPermission => icons::LOCK_SIMPLE,
        WayOut::Retry | WayOut::EditConnection | WayOut::NotOffered | WayOut::ChooseAnother | WayOut::Report => {
            icons::WARNING_CIRCLE
        }
    };
    let mut page = ErrorPage::new(icon, title, Type::Body.job(&trouble.sentence, t.text_2));
    if let Some(action) = &trouble.permission {
        page = page.permission(action.as_str(), "the store");
    }
    for line in trouble.details.iter().skip_while(|line| **line == trouble.sentence) {
        page = match line.split_once(": ") {
            Some((label, value)) => page.detail(label, value),
            None => page.detail("Note", line.as_str()),
        };
    }
    let text = page.details_text();
    let id = session.connection.id;
    let can_edit = session.connection.target.sign_in().is_some();
    let edit_first = can_edit && trouble.way_out == WayOut::EditConnection;
    let copied = page.show(ui, |ui| {
        let again = || Button::new(kind(!edit_first), "Try again").icon(icons::ARROW_CLOCKWISE);
        let edit = || Button::new(kind(edit_first), "Edit the connection…").icon(icons::SLIDERS_HORIZONTAL);
        if edit_first && edit().show(ui).clicked() {
            cx.push(ConnectCommand::Edit(id));
        }
        if again().show(ui).clicked() {
            cx.push(BrowseCommand::Open(id));
        }
        if !edit_first && can_edit && edit().show(ui).clicked() {
            cx.push(ConnectCommand::Edit(id));
        }
        if id == ConnectionId::PRACTICE
            && Button::secondary("Practice folder…").icon(icons::FOLDER_SIMPLE).show(ui).clicked()
        {
            cx.push(FrameCommand::Show(Screen::Settings));
        }
        if Button::quiet("Other connections").show(ui).clicked() {
            cx.push(BrowseCommand::Leave);
        }
        refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
    });
    if copied {
        cx.push(FrameCommand::CopyText {
            text: format!("{}\n{text}", trouble.sentence),
            said: "Details copied".to_owned(),
        });
    }
}

fn kind(primary: bool) -> crate::ui::widgets::ButtonKind {
    if primary { crate::ui::widgets::ButtonKind::Primary } else { crate::ui::widgets::ButtonKind::Secondary }
}

/// The list may not be read: no error, a bucket known by name opens all the same.
fn may_not_list_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, trouble: &Trouble, by_name: &mut AddressField) {
    let t = Tokens::of(ui);
    ui.add_space(8.0);
    paint::label(ui, Type::Title.rich("Open a bucket by its name"), t.text);
    ui.add_space(4.0);
    let anonymous = session.connection.target.sign_in() == Some(&SignIn::Anonymous);
    let lead = if anonymous {
        "Without a sign-in there is no list of buckets. Public ones open by name."
    } else if trouble.way_out == WayOut::NotOffered {
        "This store has no list of buckets. Those you know open by name."
    } else {
        "This sign-in may not list the buckets of the account. Those you know open by name."
    };
    paint::label(ui, Type::Lead.rich(lead), t.text_2);
    if let (false, Some(action)) = (anonymous, &trouble.permission) {
        ui.add_space(4.0);
        let words = format!("The permission for the list is {action}");
        paint::label(ui, Type::Small.rich(words), t.text_3);
    }
    ui.add_space(20.0);
    Card::new().show(ui, |ui| by_name_ui(ui, cx, by_name));
    if !session.opened_by_name.is_empty() {
        ui.add_space(20.0);
        rows_ui(ui, cx, session);
    }
    ui.add_space(16.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if Button::secondary("Read the list again").icon(icons::ARROW_CLOCKWISE).show(ui).clicked() {
            cx.push(BrowseCommand::RefreshBuckets);
        }
        if !anonymous && Button::quiet("Set up a bucket").icon(icons::PLUS).show(ui).clicked() {
            cx.push(FrameCommand::Show(Screen::Setup));
        }
        if !anonymous {
            refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
        }
    });
}

fn by_name_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, by_name: &mut AddressField) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
    card_header(ui, icons::KEY, "Open a bucket you know", |_| {}, |_| {});
    ui.add_space(4.0);
    paint::label(ui, Type::Small.rich("Its name, an s3:// address, a URL or an ARN"), t.text_3);
    ui.add_space(8.0);
    by_name_row(ui, cx, by_name, (ui.available_width() - 80.0).min(480.0));
}

fn by_name_row(ui: &mut Ui, cx: &mut UiCtx<'_>, by_name: &mut AddressField, width: f32) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let typed = by_name.ui(ui, cx, "Bucket, s3:// address, URL or ARN", width);
        let off = (!typed).then_some("Type a name first");
        if Button::secondary("Open").disabled_because(off).show(ui).clicked() {
            by_name.open(cx);
        }
    });
}

fn empty_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, by_name: &mut AddressField) {
    let t = Tokens::of(ui);
    let practice = session.connection.id == ConnectionId::PRACTICE;
    let sentence = if practice {
        "A bucket holds files. Set one up here first:\nnothing leaves this computer, and nothing can break"
    } else {
        "A bucket holds files. Set one up, and Brimful tells each step before it is taken"
    };
    let mut wants_setup = false;
    EmptyState::new("No bucket yet", sentence).bucket().show(
        ui,
        |ui| wants_setup = Button::primary("Set up a bucket").icon(icons::PLUS).large().show(ui).clicked(),
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 6.0;
                ui.label(Type::Small.rich("Or open one that you know").color(t.text_3));
                by_name_row(ui, cx, by_name, 320.0);
            });
        },
    );
    if wants_setup {
        cx.push(FrameCommand::Show(Screen::Setup));
    }
}

/// A calm page to choose from.
fn choose_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, by_name: &mut AddressField) {
    let t = Tokens::of(ui);
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        paint::label(ui, Type::Title.rich("Choose a bucket"), t.text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if Button::primary("Set up a bucket").icon(icons::PLUS).show(ui).clicked() {
                cx.push(FrameCommand::Show(Screen::Setup));
            }
        });
    });
    ui.add_space(2.0);
    let count = session.bucket_names().count() as u64;
    let lead = format!("{} in {}", format::counted(count, "bucket", "buckets"), session.connection.name);
    paint::label(ui, Type::Lead.rich(lead), t.text_2);
    ui.add_space(16.0);
    rows_ui(ui, cx, session);
    ui.add_space(20.0);
    Card::new().show(ui, |ui| by_name_ui(ui, cx, by_name));
}

fn rows_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    let known = session.buckets.known().map(Vec::as_slice).unwrap_or_default();
    paint::hairline(ui);
    for name in session.bucket_names() {
        let summary = known.iter().find(|bucket| bucket.name == name);
        row_ui(ui, cx, session, name, summary);
        paint::hairline(ui);
    }
}

fn row_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, name: &str, summary: Option<&BucketSummary>) {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(ui.available_width(), height::ROW_TABLE_TWO), Sense::click(), true);
    let rect = response.rect;
    let fill = paint::mix(egui::Color32::TRANSPARENT, t.hover, paint::hover_part(ui, &response));
    ui.painter().rect_filled(rect, radius::CONTROL, fill);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, radius::CONTROL, t);
    }
    let (icon, color, said) = match session.exposure_of(name) {
        Exposure::Public => (icons::GLOBE_SIMPLE, t.public_icon(), "Open to anyone"),
        Exposure::Private => (icons::LOCK_SIMPLE, t.text_3, "Private"),
        Exposure::Unasked => (icons::QUESTION, t.text_3, "Not asked yet"),
        Exposure::Unknown => (icons::QUESTION, t.text_3, "Who may see it could not be read"),
    };
    let y = rect.center().y;
    icon_at(ui.painter(), pos2(rect.left() + 20.0, y), icon, 18.0, color);
    let place = session.regions.get(name).map(String::as_str).or_else(|| summary?.region.as_deref());
    let created = summary.and_then(|bucket| bucket.created).map(|at| format::day(at, cx.zone));
    let date = created.map_or_else(|| "Opened by name".to_owned(), |day| format!("Created {day}"));
    let date = paint::line(ui, Type::Small, t.text_3, date);
    let right = paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(rect.right() - 12.0, y), date).left();
    let left = rect.left() + 44.0;
    let title = paint::line_within(ui, Type::BodyMedium, t.text, name, right - left - 16.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(left, y - 8.0), title);
    let line = match place.map(|code| (code, region::name(code))) {
        Some((code, full)) if full != code => format!("{said} · {full} · {code}"),
        Some((code, _)) => format!("{said} · {code}"),
        None => said.to_owned(),
    };
    let words = paint::line_within(ui, Type::Caption, t.text_3, &line, right - left - 16.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(left, y + 9.0), words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {name}, {line}")));
    if response.clicked() {
        cx.push(BrowseCommand::Go(Place::bucket(name)));
    }
}
