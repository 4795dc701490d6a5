use egui::{Align, CornerRadius, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, Vec2, vec2};

use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::model::command::{BrowseCommand, Command};
use crate::model::connect::{ConnectCommand, ConnectModel, Door, SecretsKept};
use crate::theme::measure::radius;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::start::frame;
use crate::ui::widgets::paint;
use crate::ui::widgets::{Badge, Button, Tone, tile};
use crate::worker::Status;

const HEIGHT: f32 = 282.0;
/// In narrow doors titles and sentences take more lines.
const HEIGHT_NARROW: f32 = 330.0;
const NARROW_BELOW: f32 = 264.0;
const GAP: f32 = 16.0;

struct DoorFace {
    icon: Icon,
    title: &'static str,
    body: &'static str,
    points: Vec<String>,
    button: &'static str,
    first: bool,
    command: Command,
}

/// Title, lead and the three doors.
pub(super) fn doors_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    ui.add_space(28.0);
    let lead = "Begin on this computer and move to the cloud when you are ready. Nothing is public until you say so.";
    frame::title_ui(ui, "Where should your files live?", lead);
    ui.add_space(24.0);
    let faces = faces(&cx.model.connect);
    let width = ui.available_width();
    let each = ((width - 2.0 * GAP) / 3.0).floor();
    let height = if each < NARROW_BELOW { HEIGHT_NARROW } else { HEIGHT };
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
    for (index, face) in faces.into_iter().enumerate() {
        let left = rect.left() + (each + GAP) * index as f32;
        let place = Rect::from_min_size(egui::pos2(left, rect.top()), vec2(each, height));
        door_ui(ui, cx, place, face);
    }
}

fn faces(connect: &ConnectModel) -> [DoorFace; 3] {
    let points = |points: &[&str]| points.iter().map(|point| (*point).to_owned()).collect();
    let profiles = match connect.profiles.status() {
        Status::Ready(found) | Status::Pending(Some(found)) if !found.is_empty() => {
            format!("{} found", format::counted(found.len() as u64, "profile", "profiles"))
        }
        Status::Ready(_) | Status::Pending(Some(_)) => "No profiles found on this computer".to_owned(),
        Status::Failed(..) => "The profile files could not be read".to_owned(),
        Status::Idle | Status::Pending(None) => "Looking for profiles".to_owned(),
    };
    let kept = match connect.kept {
        SecretsKept::Keychain => "Keys stay in your system keychain",
        SecretsKept::Memory(_) => "Typed keys are held in memory only",
    };
    let found = connect.profiles.known().is_some_and(|found| !found.is_empty());
    [
        DoorFace {
            icon: icons::DESKTOP,
            title: "Practice on this computer",
            body: "A real S3 store inside Brimful, to try everything without risk",
            points: points(&[
                "No account and no cost",
                "Nothing leaves this computer",
                "Same screens, same rules as Amazon S3",
            ]),
            button: "Start practising",
            first: true,
            command: BrowseCommand::Open(ConnectionId::PRACTICE).into(),
        },
        DoorFace {
            icon: icons::CLOUD,
            title: "Amazon S3",
            body: "Use a profile found on this computer, or type access keys",
            points: vec![profiles, kept.to_owned()],
            button: if found { "Choose a profile…" } else { "Sign in…" },
            first: false,
            command: ConnectCommand::New(Door::Amazon).into(),
        },
        DoorFace {
            icon: icons::HARD_DRIVES,
            title: "Another S3 store",
            body: "Any store that speaks S3, with presets for the common ones",
            points: points(&["Cloudflare R2, Backblaze B2, Wasabi", "MinIO, Ceph, DigitalOcean Spaces, Google"]),
            button: "Set up a store…",
            first: false,
            command: ConnectCommand::New(Door::Store).into(),
        },
    ]
}

fn door_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, rect: Rect, face: DoorFace) {
    let t = Tokens::of(ui);
    let (edge, width) = if face.first { (t.chosen_edge(), 2.0) } else { (t.stroke, 1.0) };
    let stroke = Stroke::new(width, edge);
    ui.painter().rect(rect, CornerRadius::same(radius::CARD), t.surface, stroke, StrokeKind::Inside);
    let inner = rect.shrink(21.0);
    let layout = Layout::top_down(Align::LEFT);
    let mut column = ui.new_child(UiBuilder::new().id_salt(face.title).max_rect(inner).layout(layout));
    let ui = &mut column;
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    ui.horizontal(|ui| {
        tile(ui, face.icon);
        if face.first {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| Badge::new(Tone::Accent, "Start here").show(ui));
        }
    });
    ui.add_space(14.0);
    paint::label(ui, Type::Heading.rich(face.title), t.text);
    ui.add_space(2.0);
    paint::label(ui, Type::Body.rich(face.body), t.text_2);
    ui.add_space(10.0);
    for point in &face.points {
        point_ui(ui, point);
        ui.add_space(2.0);
    }
    let foot = Rect::from_min_max(egui::pos2(inner.left(), inner.bottom() - 36.0), inner.max);
    let mut foot_ui = ui.new_child(UiBuilder::new().id_salt("foot").max_rect(foot));
    let button = if face.first { Button::primary(face.button) } else { Button::secondary(face.button) };
    if button.large().min_width(foot.width()).show(&mut foot_ui).clicked() {
        cx.commands.push(face.command);
    }
}

fn point_ui(ui: &mut Ui, point: &str) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), egui::Sense::hover());
    let y = rect.center().y;
    paint::icon_at(ui.painter(), egui::pos2(rect.left() + 7.0, y), icons::CHECK, 14.0, t.text_3);
    let text = paint::line_within(ui, Type::Small, t.text_2, point, rect.width() - 22.0);
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, egui::pos2(rect.left() + 22.0, y), text);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, point));
}
