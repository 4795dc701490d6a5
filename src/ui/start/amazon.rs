use egui::{Align2, Sense, Ui, pos2, vec2};

use crate::domain::format;
use crate::model::connect::{AmazonWay, ConnectCommand, Field, Form, Profile, TypedAmazon, TypedTarget};
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::start::form::{FormState, Seen, keys_ui, label_ui, token_ui};
use crate::ui::start::region::region_field;
use crate::ui::widgets::paint::{self, focus_ring};
use crate::ui::widgets::{FieldNote, Level, OptionCard, level_icon, link};
use crate::worker::Status;

/// So many profiles are shown before the list scrolls.
const PROFILES_SHOWN: f32 = 5.0;
const ROW: f32 = 32.0;

/// How to sign in, and where to begin.
pub(super) fn fields_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, _form: &Form, state: &mut FormState) {
    let keeps = state.typed.keeps_secret();
    let FormState { typed, seen, region_filter, .. } = state;
    let TypedTarget::Amazon(amazon) = &mut typed.target else { return };
    choose_first_profile(cx, amazon);
    label_ui(ui, "How to sign in");
    let mut way = amazon.way;
    let found = cx.model.connect.profiles.known().map_or(0, Vec::len) as u64;
    let body = match found {
        0 => "From the AWS configuration files. None was found so far".to_owned(),
        n => format!("{} in the AWS configuration files", format::counted(n, "profile", "profiles")),
    };
    let card =
        OptionCard::new(way == AmazonWay::Profile, "A profile on this computer", body).icon(icons::IDENTIFICATION_CARD);
    if card.show(ui, |ui| profiles_ui(ui, cx, amazon, seen)).clicked() {
        way = AmazonWay::Profile;
    }
    ui.add_space(8.0);
    let body = "AWS_ACCESS_KEY_ID and its kin, else the role of this machine";
    let card = OptionCard::new(way == AmazonWay::Environment, "Environment and instance role", body);
    if card.icon(icons::TERMINAL_WINDOW).show(ui, |_| {}).clicked() {
        way = AmazonWay::Environment;
    }
    ui.add_space(8.0);
    let card = OptionCard::new(
        way == AmazonWay::Keys,
        "Type an access key",
        "An access key ID and its secret, made in the AWS console under IAM",
    );
    let unfolded = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(12.0);
        keys_ui(ui, &cx.model.connect, &mut amazon.keys, keeps, seen);
        ui.add_space(12.0);
        token_ui(ui, &mut amazon.keys, seen);
    };
    if card.icon(icons::KEY).show(ui, unfolded).clicked() {
        way = AmazonWay::Keys;
    }
    ui.add_space(8.0);
    let body = "Public buckets only, each opened by its name";
    let card = OptionCard::new(way == AmazonWay::Anonymous, "No sign-in", body);
    if card.icon(icons::USER_CIRCLE).show(ui, |_| {}).clicked() {
        way = AmazonWay::Anonymous;
    }
    amazon.way = way;
    ui.add_space(16.0);
    let (empty, help) = match way {
        AmazonWay::Profile => match profile_region(cx, amazon) {
            Some(region) => (format!("As the profile says: {region}"), ""),
            None => {
                ("As the profile says".to_owned(), "The profile names no region; us-east-1 is where requests begin")
            }
        },
        AmazonWay::Environment => ("As the environment says".to_owned(), ""),
        AmazonWay::Keys => ("Choose a region".to_owned(), "Where requests begin; buckets of all regions open"),
        AmazonWay::Anonymous => ("Found out for each bucket".to_owned(), ""),
    };
    let note = seen.note(Field::Region, help);
    let optional = way != AmazonWay::Keys;
    region_field(ui, "Region", &mut amazon.region, &empty, optional, region_filter, &note);
}

/// Chooses the profile in use where none was chosen, so that the common case is two clicks.
fn choose_first_profile(cx: &UiCtx<'_>, amazon: &mut TypedAmazon) {
    if amazon.way != AmazonWay::Profile || !amazon.profile.is_empty() {
        return;
    }
    let Some(found) = cx.model.connect.profiles.known() else { return };
    if let Some(first) = found.iter().find(|profile| profile.selected).or_else(|| found.first()) {
        amazon.profile.clone_from(&first.name);
    }
}

fn profile_region<'a>(cx: &UiCtx<'a>, amazon: &TypedAmazon) -> Option<&'a str> {
    let found = cx.model.connect.profiles.known()?;
    found.iter().find(|profile| profile.name == amazon.profile)?.region.as_deref()
}

fn profiles_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, amazon: &mut TypedAmazon, seen: &Seen) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(8.0);
    let found = match cx.model.connect.profiles.status() {
        Status::Ready(found) | Status::Pending(Some(found)) | Status::Failed(_, Some(found)) => found.as_slice(),
        Status::Idle | Status::Pending(None) => {
            ui.horizontal(|ui| {
                level_icon(ui, Level::Unknown, 16.0, "Profiles");
                ui.label(Type::Body.rich("Reading the profiles").color(t.text_3));
            });
            return;
        }
        Status::Failed(trouble, None) => {
            paint::label(ui, Type::Body.rich(&trouble.sentence), t.danger_text);
            read_again_ui(ui, cx);
            return;
        }
    };
    if found.is_empty() {
        let words = "Profiles are made with “aws configure” or “aws configure sso”, and lie in the folder .aws";
        paint::label(ui, Type::Body.rich(words), t.text_2);
        ui.add_space(4.0);
        read_again_ui(ui, cx);
    } else {
        let most = ROW * PROFILES_SHOWN.min(found.len() as f32);
        let list = egui::ScrollArea::vertical().id_salt("profiles").max_height(most).min_scrolled_height(most);
        list.auto_shrink([false, true]).show(ui, |ui| {
            for profile in found {
                if profile_ui(ui, profile, amazon.profile == profile.name) {
                    amazon.profile.clone_from(&profile.name);
                }
            }
        });
        let chosen = found.iter().find(|profile| profile.name == amazon.profile);
        if chosen.is_some_and(|profile| profile.single_sign_on) {
            ui.add_space(8.0);
            let words = format!(
                "Single sign-on ends after some hours. “aws sso login --profile {}” begins it anew.",
                amazon.profile
            );
            paint::label(ui, Type::Small.rich(words), t.text_3);
        }
    }
    if let FieldNote::Error { sentence, .. } = seen.note(Field::Profile, "") {
        ui.add_space(4.0);
        paint::label(ui, Type::Small.rich(sentence), t.danger_text);
    }
}

fn read_again_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    if link(ui, Type::BodyMedium, "Look again").clicked() {
        cx.push(ConnectCommand::ReadProfiles);
    }
}

fn profile_ui(ui: &mut Ui, profile: &Profile, chosen: bool) -> bool {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(ui.available_width(), ROW), Sense::click(), true);
    let rect = response.rect;
    let fill = if chosen {
        t.selected
    } else {
        paint::mix(egui::Color32::TRANSPARENT, t.hover, paint::hover_part(ui, &response))
    };
    ui.painter().rect_filled(rect, radius::CONTROL, fill);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, radius::CONTROL, t);
    }
    let kind = if chosen { Type::BodyMedium } else { Type::Body };
    let y = rect.center().y;
    let aside = match &profile.region {
        Some(region) => format!("{} · {region}", profile.way),
        None => profile.way.clone(),
    };
    let aside_color = if chosen { t.text_2 } else { t.text_3 };
    let aside = paint::line_within(ui, Type::Small, aside_color, aside, rect.width() * 0.6);
    let left = paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(rect.right() - 8.0, y), aside).left();
    let name = paint::line_within(ui, kind, t.text, &profile.name, left - rect.left() - 20.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 8.0, y), name);
    let said = format!("Profile {}", profile.name);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, chosen, &said));
    response.clicked()
}
