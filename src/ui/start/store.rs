use egui::{Align2, CornerRadius, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::domain::connection::{Addressing, ChecksumMode};
use crate::domain::preset::{PRESETS, Preset};
use crate::model::connect::{Field, Form, TypedStore, TypedTarget};
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::start::form::{FormState, Seen, keys_ui, label_ui, token_ui};
use crate::ui::start::region::code_field;
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{Card, ControlSize, FieldNote, Segment, TextField, card_header, disclosure, segmented};

const PRESET_HEIGHT: f32 = 36.0;
const PRESETS_ACROSS: usize = 3;

/// Which store, where it is, and how to sign in.
pub(super) fn fields_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, _form: &Form, state: &mut FormState) {
    let keeps = state.typed.keeps_secret();
    let FormState { typed, seen, region_filter, .. } = state;
    let TypedTarget::Store(store) = &mut typed.target else { return };
    label_ui(ui, "Which store");
    presets_ui(ui, store);
    ui.add_space(16.0);
    if let Some(preset) = store.chosen() {
        endpoint_ui(ui, store, preset, seen, region_filter);
    }
    ui.add_space(16.0);
    label_ui(ui, "How to sign in");
    let ways = [Segment::new(true, "With an access key"), Segment::new(false, "Without sign-in")];
    segmented(ui, &ways, &mut store.signs_in, ControlSize::Regular);
    ui.add_space(12.0);
    if store.signs_in {
        keys_ui(ui, &cx.model.connect, &mut store.keys, keeps, seen);
    } else {
        let t = Tokens::of(ui);
        paint::label(ui, Type::Small.rich("Public buckets only, each opened by its name"), t.text_3);
    }
    ui.add_space(16.0);
    public_ui(ui, store, seen);
    ui.add_space(12.0);
    more_ui(ui, store, seen);
}

fn presets_ui(ui: &mut Ui, store: &mut TypedStore) {
    const GAP: f32 = 8.0;
    let width = ui.available_width();
    let each = ((width - GAP * (PRESETS_ACROSS - 1) as f32) / PRESETS_ACROSS as f32).floor();
    for (index, row) in PRESETS.chunks(PRESETS_ACROSS).enumerate() {
        if index > 0 {
            ui.add_space(GAP);
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            for preset in row {
                if preset_ui(ui, preset, store.preset == preset.id, each) && store.preset != preset.id {
                    store.choose(preset);
                }
            }
        });
    }
}

fn preset_ui(ui: &mut Ui, preset: &Preset, chosen: bool, width: f32) -> bool {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(width, PRESET_HEIGHT), Sense::click(), true);
    let rect = response.rect;
    let fill = paint::mix(t.surface, t.hover, paint::hover_part(ui, &response));
    let (edge_width, edge) = if chosen { (2.0, t.chosen_edge()) } else { (1.0, t.stroke_strong) };
    let stroke = Stroke::new(edge_width, edge);
    ui.painter().rect(rect, CornerRadius::same(radius::BOX), fill, stroke, StrokeKind::Inside);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, radius::BOX, t);
    }
    let kind = if chosen { Type::BodyMedium } else { Type::Body };
    let label = paint::line_within(ui, kind, t.text, preset.label, width - 16.0);
    paint::galley_at(ui.painter(), Align2::CENTER_CENTER, rect.center(), label);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, chosen, preset.label));
    response.clicked()
}

/// What the preset's pattern asks for, and what comes of it.
fn endpoint_ui(ui: &mut Ui, store: &mut TypedStore, preset: &'static Preset, seen: &mut Seen, filter: &mut String) {
    let t = Tokens::of(ui);
    let doubt = store.endpoint().and_then(Result::ok).and_then(|endpoint| endpoint.doubt);
    for field in preset.fields {
        let value = store.values.entry(field.name).or_default();
        let note = seen.note(Field::Endpoint, field.help);
        if field.name == "region" && !preset.regions.is_empty() {
            code_field(ui, field.label, value, preset.regions, filter, &note);
            continue;
        }
        let placeholder =
            if field.example.is_empty() { String::new() } else { format!("For example {}", field.example) };
        let shown = TextField::new(field.label, value)
            .mono()
            .placeholder(placeholder)
            .note(note)
            .id_salt(("endpoint", field.name))
            .show(ui);
        seen.after(Field::Endpoint, &shown, value);
    }
    if let Some(doubt) = doubt {
        ui.add_space(6.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let (rect, _) = ui.allocate_exact_size(vec2(14.0, 18.0), Sense::hover());
            icon_at(ui.painter(), rect.center(), icons::WARNING, 14.0, t.warn);
            paint::label(ui, Type::Small.rich(doubt.sentence()), t.warn_text);
        });
    }
    if preset.endpoint != "{host}"
        && let Some(Ok(endpoint)) = store.endpoint()
    {
        ui.add_space(6.0);
        paint::label(ui, Type::Mono.rich(endpoint.url), t.text_3);
    }
}

/// The host that the public uses.
fn public_ui(ui: &mut Ui, store: &mut TypedStore, seen: &mut Seen) {
    let needed = store.chosen().is_some_and(|preset| preset.needs_public_host);
    let help = if needed {
        "The store’s own address asks everyone for a sign-in: without this, copied addresses do not open for others"
    } else {
        "Where a domain of your own stands before the store, copied addresses begin with it"
    };
    let note = seen.note(Field::PublicUrl, help);
    let shown = TextField::new("Public address, if there is another", &mut store.public_url)
        .mono()
        .placeholder("For example https://img.example.com")
        .note(note)
        .id_salt("public")
        .show(ui);
    seen.after(Field::PublicUrl, &shown, &mut store.public_url);
}

fn more_ui(ui: &mut Ui, store: &mut TypedStore, seen: &mut Seen) {
    if !disclosure(ui, "more of a store", "More") {
        return;
    }
    ui.add_space(8.0);
    if store.signs_in {
        token_ui(ui, &mut store.keys, seen);
        ui.add_space(12.0);
    }
    label_ui(ui, "Where the bucket’s name stands");
    let places =
        [Segment::new(Addressing::Path, "host/bucket"), Segment::new(Addressing::VirtualHosted, "bucket.host")];
    segmented(ui, &places, &mut store.addressing, ControlSize::Regular);
    ui.add_space(12.0);
    label_ui(ui, "Checksums");
    let modes = [
        Segment::new(ChecksumMode::WhenRequired, "Only where needed"),
        Segment::new(ChecksumMode::WhenSupported, "Wherever possible"),
    ];
    segmented(ui, &modes, &mut store.checksums, ControlSize::Regular);
    ui.add_space(4.0);
    let t = Tokens::of(ui);
    let words = "Many stores refuse the checksums that Amazon S3 takes; “only where needed” works everywhere";
    paint::label(ui, Type::Small.rich(words), t.text_3);
    if !store.region_is_in_pattern() {
        ui.add_space(12.0);
        let note =
            FieldNote::Help("What requests are signed for; us-east-1 or auto where the store does not care".into());
        TextField::new("Region", &mut store.region).mono().note(note).id_salt("signing region").width(240.0).show(ui);
    }
}

/// What to know about the chosen store.
pub(super) fn notes_ui(ui: &mut Ui, store: &TypedStore) {
    let t = Tokens::of(ui);
    let Some(preset) = store.chosen().filter(|preset| !preset.notes.is_empty()) else { return };
    Card::new().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let title = format!("About {}", if preset.id == "custom" { "other stores" } else { preset.label });
        card_header(ui, icons::INFO, &title, |_| {}, |_| {});
        for note in preset.notes {
            ui.add_space(8.0);
            ui.horizontal_top(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(8.0, 20.0), Sense::hover());
                ui.painter().circle_filled(pos2(rect.center().x, rect.center().y), 2.0, t.text_3);
                paint::label(ui, Type::Body.rich(*note), t.text_2);
            });
        }
    });
}
