//! The proof: the picture as a stranger got it, its addresses, and what is open and what is not.

use std::sync::Arc;

use egui::{
    Align, Align2, Color32, ColorImage, CornerRadius, Image, Label, Layout, Rect, Role, Sense, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::frame;
use crate::domain::format;
use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::setup::proof::{Address, ImageOrigin, Judgement, Picture, Proof, ProofState, Row, TestImage};
use crate::model::setup::{SetupCommand, WizardStep};
use crate::theme::{Icon, Tokens, Type, icons, measure, text};
use crate::ui::widgets::paint::{self, icon_at, icon_fill_at};
use crate::ui::widgets::{
    Badge, Banner, BannerTone, Button, CodeBlock, ControlSize, Level, Tone, disclosure, elide_middle, level_icon, row,
};
use crate::ui::{UiCtx, refusal};

/// Height of one other form of the address.
const FORM_ROW: f32 = 36.0;
/// Pictures stand in this shape.
const SHAPE: f32 = 2.0 / 3.0;

/// The picture on the graphics card, while it is the one to be shown.
#[derive(Default)]
pub(super) struct ProofView {
    texture: Option<(Picture, TextureHandle)>,
}

impl ProofView {
    /// The proof, over the width left.
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, state: &ProofState, bucket: &str) {
        match state {
            ProofState::None | ProofState::Looking => looking_ui(ui),
            ProofState::Failed(trouble) => failed_ui(ui, cx, trouble),
            ProofState::Ready(proof) => self.ready_ui(ui, cx, proof, bucket),
        }
    }

    fn ready_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, proof: &Proof, bucket: &str) {
        verdict_ui(ui, proof);
        ui.add_space(18.0);
        let full = ui.available_width();
        let picture_width = if full > 860.0 { 400.0 } else { (full * 0.4).floor() };
        let top = ui.cursor().min;
        let left = Rect::from_min_size(top, vec2(picture_width, f32::INFINITY));
        let right = Rect::from_min_max(top + vec2(picture_width + 24.0, 0.0), pos2(top.x + full, f32::INFINITY));
        let mut used = Rect::from_min_size(top, vec2(full, 0.0));
        let column = |ui: &mut Ui, salt: &str, rect: Rect| {
            let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect));
            child.spacing_mut().item_spacing.y = 0.0;
            child
        };
        let mut child = column(ui, "picture", left);
        self.picture_ui(&mut child, cx, proof);
        used = used.union(child.min_rect());
        let mut child = column(ui, "addresses", right);
        addresses_ui(&mut child, cx, proof, bucket);
        used = used.union(child.min_rect());
        ui.advance_cursor_after_rect(used);
        ui.add_space(18.0);
        frame::side_head(ui, "What is open, and what is not");
        ui.add_space(6.0);
        for row in &proof.rows {
            row_ui(ui, row);
        }
    }

    fn picture_ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>, proof: &Proof) {
        let t = Tokens::of(ui);
        let size = vec2(ui.available_width(), (ui.available_width() * SHAPE).round());
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let corner = CornerRadius::same(measure::radius::CARD);
        match &proof.picture {
            Some(picture) => {
                let texture = self.texture(ui, picture);
                ui.painter().rect_filled(rect, corner, t.sunken);
                let (inner, uv) = placed(rect, picture);
                let corner = if inner == rect { corner } else { CornerRadius::ZERO };
                Image::new(&texture).uv(uv).corner_radius(corner).paint_at(ui, inner);
                let name = format!("The image as it came back: {}", proof.key);
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
            }
            None => nothing_to_see_ui(ui, rect, proof, &response),
        }
        ui.painter().rect_stroke(rect, corner, Stroke::new(1.0, t.stroke), StrokeKind::Inside);
        ui.add_space(8.0);
        row(ui, 20.0, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let answer = &proof.answer;
            let good = answer.is_open() == proof.meant_public && answer.status != 0;
            let (tone, icon) = if good { (Tone::Ok, icons::CHECK) } else { (Tone::Warn, icons::WARNING) };
            Badge::new(tone, answer.evidence()).icon(icon).show(ui);
            let mut facts = Vec::new();
            if answer.is_open() {
                facts.extend(answer.content_type.clone());
                facts.push(format::size(answer.size_bytes));
            }
            if answer.status != 0 {
                facts.push(format::duration(answer.took));
            }
            let facts = facts.join(" · ");
            let clock = format::clock(proof.at, cx.zone);
            let whole = paint::line(ui, Type::Small, t.text_2, facts.as_str()).size().x;
            let mut right = paint::line(ui, Type::Small, t.text_3, format!("{clock}, no sign-in"));
            if whole + right.size().x + 8.0 > ui.available_width() {
                right = paint::line(ui, Type::Small, t.text_3, clock);
            }
            let room = ui.available_width() - right.size().x - 8.0;
            let facts = paint::line_within(ui, Type::Small, t.text_2, facts, room);
            let (at, response) = ui.allocate_exact_size(facts.size(), Sense::hover());
            let said = facts.text().to_owned();
            paint::galley_at(ui.painter(), Align2::LEFT_TOP, at.min, facts);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
            let end = pos2(ui.max_rect().right(), at.center().y);
            paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, end, right);
        });
    }

    fn texture(&mut self, ui: &Ui, picture: &Picture) -> TextureHandle {
        if let Some((shown, texture)) = &self.texture
            && Arc::ptr_eq(&shown.rgba, &picture.rgba)
        {
            return texture.clone();
        }
        let size = [picture.width as usize, picture.height as usize];
        let image = ColorImage::from_rgba_unmultiplied(size, &picture.rgba);
        let texture = ui.ctx().load_texture("proof", image, TextureOptions::LINEAR);
        self.texture = Some((picture.clone(), texture.clone()));
        texture
    }
}

/// Wide pictures fill the frame and lose their edges; tall ones are shown whole.
fn placed(rect: Rect, picture: &Picture) -> (Rect, Rect) {
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let (wide, high) = (picture.width.max(1) as f32, picture.height.max(1) as f32);
    let room = rect.width() / rect.height();
    let shape = wide / high;
    if shape >= room && shape < room * 1.6 {
        let part = room / shape;
        let uv = Rect::from_min_max(pos2(0.5 - part / 2.0, 0.0), pos2(0.5 + part / 2.0, 1.0));
        return (rect, uv);
    }
    let scale = (rect.width() / wide).min(rect.height() / high).min(1.0);
    (Rect::from_center_size(rect.center(), vec2(wide * scale, high * scale)), whole)
}

fn nothing_to_see_ui(ui: &Ui, rect: Rect, proof: &Proof, response: &egui::Response) {
    let t = Tokens::of(ui);
    ui.painter().rect_filled(rect, CornerRadius::same(measure::radius::CARD), t.sunken);
    let (icon, words): (Icon, String) = match (proof.answer.is_open(), proof.answer.status) {
        (true, _) => (icons::IMAGE, "It came back, but this kind of picture cannot be shown here".to_owned()),
        (false, 0) => {
            let why = proof.answer.unanswered.clone().unwrap_or_else(|| "Nobody answered".to_owned());
            (icons::LINK_BREAK, why)
        }
        (false, _) => (icons::LOCK_SIMPLE, "A stranger gets nothing".to_owned()),
    };
    icon_at(ui.painter(), rect.center() - vec2(0.0, 18.0), icon, 32.0, t.text_3);
    let galley = paint::wrapped(ui, Type::Body, t.text_2, words.as_str(), rect.width() - 48.0);
    paint::galley_at(ui.painter(), Align2::CENTER_TOP, rect.center() + vec2(0.0, 8.0), galley);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

fn verdict_ui(ui: &mut Ui, proof: &Proof) {
    let t = Tokens::of(ui);
    ui.label(Type::SmallMedium.rich(WizardStep::Proof.counted()).color(t.text_3));
    ui.add_space(2.0);
    let image = match proof.image {
        ImageOrigin::Drawn | ImageOrigin::FoundAgain => "this image",
        ImageOrigin::Chosen => "your image",
    };
    let answered = proof.answer.status != 0;
    let open = proof.answer.is_open();
    let (icon, color, title, sentence) = match (answered, open, proof.meant_public) {
        (true, true, true) => (
            icons::SEAL_CHECK,
            t.ok,
            format!("Anyone can see {image}"),
            "Brimful fetched it without signing in, as any browser would. This is what came back.",
        ),
        (true, false, false) => (
            icons::SEAL_CHECK,
            t.ok,
            format!("Nobody outside can see {image}"),
            "Brimful uploaded it signed in, then asked for it without signing in, and was refused.",
        ),
        (true, false, true) => (
            icons::WARNING,
            t.warn,
            format!("Strangers cannot see {image} yet"),
            proof.why_shut.unwrap_or(
                "It is there, but the request without sign-in was refused. A change may take minutes to reach every server.",
            ),
        ),
        (true, true, false) => (
            icons::WARNING,
            t.danger_icon(),
            format!("Anyone can see {image}, and should not"),
            "The bucket is open to strangers although this plan keeps it closed. Look at its policy and ACL.",
        ),
        (false, ..) => (
            icons::QUESTION,
            t.warn,
            "Nobody answered".to_owned(),
            "The address gave no answer from this computer, so what strangers see is not known.",
        ),
    };
    row(ui, 28.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(24.0, 24.0), Sense::hover());
        icon_fill_at(ui.painter(), rect.center(), icon, 24.0, color);
        ui.add(Label::new(text::title(title).color(t.text)).truncate());
    });
    ui.add_space(2.0);
    ui.add(Label::new(Type::Lead.rich(sentence).color(t.text_2)).wrap());
}

fn addresses_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, proof: &Proof, bucket: &str) {
    let t = Tokens::of(ui);
    let head = if proof.meant_public {
        "The address for your site"
    } else {
        "Its address; only links that are signed open it"
    };
    frame::side_head(ui, head);
    ui.add_space(8.0);
    let url = proof.address();
    CodeBlock::new(ui, url).show(ui);
    ui.add_space(8.0);
    row(ui, 30.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if Button::primary("Copy URL").icon(icons::COPY).show(ui).clicked() {
            cx.push(FrameCommand::CopyText { text: url.to_owned(), said: "Address copied".to_owned() });
        }
        if Button::secondary("Open in browser").icon(icons::ARROW_SQUARE_OUT).show(ui).clicked() {
            cx.push(FrameCommand::OpenUrl(url.to_owned()));
        }
    });
    if let Some(note) = proof.addresses.first().and_then(|address| address.note) {
        ui.add_space(6.0);
        ui.add(Label::new(Type::Small.rich(note).color(t.text_3)).wrap());
    }
    ui.add_space(16.0);
    frame::side_head(ui, "Other forms");
    ui.add_space(6.0);
    paint::hairline(ui);
    for address in proof.addresses.iter().skip(1) {
        form_ui(ui, cx, address);
    }
    if !proof.answer.is_open() && proof.meant_public && proof.why_shut.is_none() {
        ui.add_space(12.0);
        let words = format!("{bucket} is set up as asked; look again in a minute.");
        let link = Banner::new(BannerTone::Warn, "Not open yet.", words).link("Look again").show(ui);
        if link.is_some_and(|link| link.clicked()) {
            cx.push(SetupCommand::ProveAgain);
        }
    }
}

fn form_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, address: &Address) {
    let t = Tokens::of(ui);
    let line = ui.available_rect_before_wrap();
    row(ui, FORM_ROW - 1.0, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let label = paint::line_within(ui, Type::Small, t.text_3, address.label.as_str(), 92.0);
        let (rect, _) = ui.allocate_exact_size(vec2(92.0, 18.0), Sense::hover());
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center(), label);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let name = format!("Copy {}", address.label);
            if Button::secondary("Copy").small().icon(icons::COPY).name(name).show(ui).clicked() {
                let said = format!("{} copied", address.label);
                cx.push(FrameCommand::CopyText { text: address.text.clone(), said });
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let cut = elide_middle(ui, Type::Mono, &address.text, ui.available_width() - 4.0);
                let response = ui.add(Label::new(Type::Mono.rich(cut).color(t.text)).truncate());
                let whole = match address.note {
                    Some(note) => format!("{}\n{note}", address.text),
                    None => address.text.clone(),
                };
                paint::tooltip(response, &whole);
            });
        });
    });
    ui.painter().hline(line.x_range(), line.top() + FORM_ROW - 0.5, Stroke::new(1.0, t.stroke));
    ui.add_space(1.0);
}

fn row_ui(ui: &mut Ui, proof: &Row) {
    let t = Tokens::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), measure::height::ROW_TABLE), Sense::hover());
    let (icon, color, judged): (Icon, Color32, &str) = match &proof.judgement {
        Judgement::AsAsked => (icons::CHECK_CIRCLE, t.ok, "As you asked"),
        Judgement::Note(note) if proof.open == Some(true) => (icons::WARNING, t.warn, note),
        Judgement::Note(note) => (icons::INFO, t.text_3, note),
        Judgement::NotAsAsked(why) => (icons::WARNING_CIRCLE, t.danger_icon(), why),
    };
    let open = match proof.open {
        Some(true) => "Open to anyone",
        Some(false) => "Refused",
        None => "Not known",
    };
    let evidence = proof.evidence.words();
    let wide = rect.width() > 860.0;
    let (what, state, proved) = if wide { (270.0, 140.0, 170.0) } else { (220.0, 116.0, 150.0) };
    let y = rect.center().y;
    icon_at(ui.painter(), pos2(rect.left() + 16.0, y), icon, 16.0, color);
    let mut x = rect.left() + 42.0;
    let cells = [
        (Type::Body, t.text, proof.what.as_str(), what),
        (Type::Body, t.text_2, open, state),
        (Type::Mono, t.text_3, evidence.as_str(), proved),
        (Type::Body, t.text_2, judged, rect.right() - x - what - state - proved),
    ];
    for (kind, color, words, width) in cells {
        let galley = paint::line_within(ui, kind, color, words, width - 8.0);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), galley);
        x += width;
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.stroke));
    let said = format!("{}: {open}, {evidence}, {judged}", proof.what);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    paint::tooltip(response, &said);
}

fn looking_ui(ui: &mut Ui) {
    frame::heading_ui(
        ui,
        WizardStep::Proof,
        "Looking from outside",
        "An image goes up with sign-in, and is fetched without.",
    );
    ui.add_space(24.0);
    row(ui, 20.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        level_icon(ui, Level::Unknown, 16.0, "Proof");
        ui.label(Type::Body.rich("Uploading and fetching the image").color(Tokens::of(ui).text_2));
    });
}

fn failed_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, trouble: &Trouble) {
    frame::heading_ui(
        ui,
        WizardStep::Proof,
        "There is no proof yet",
        "The bucket is set up; only the test did not come through.",
    );
    ui.add_space(20.0);
    Banner::new(BannerTone::Danger, "The test failed.", trouble.sentence.as_str()).show(ui);
    if !trouble.details.is_empty() {
        ui.add_space(10.0);
        if disclosure(ui, "proof details", "Details") {
            ui.add_space(4.0);
            if CodeBlock::new(ui, &trouble.details.join("\n")).copy("Copy the details").show(ui) {
                cx.push(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
            }
        }
    }
    ui.add_space(16.0);
    row(ui, 30.0, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if Button::secondary("Try again").icon(icons::ARROW_CLOCKWISE).show(ui).clicked() {
            cx.push(SetupCommand::ProveAgain);
        }
        refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
    });
}

/// The quiet actions at the left of the foot.
pub(super) fn foot_left_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, state: &ProofState) {
    let Some(proof) = state.ready() else { return };
    let own = Button::quiet("Try with an image of your own…").large().icon(icons::IMAGE);
    if own.show(ui).clicked() {
        cx.push(SetupCommand::ChooseImage);
    }
    match &proof.image_now {
        TestImage::There => {
            if Button::quiet("Delete the test image").large().icon(icons::TRASH).show(ui).clicked() {
                cx.push(SetupCommand::RemoveTestImage);
            }
        }
        TestImage::Going => {
            Button::quiet("Deleting the test image").large().busy(Some(Level::Unknown)).show(ui);
        }
        TestImage::Gone => frame::quiet_line(ui, "The test image is deleted"),
        TestImage::Stuck(trouble) => {
            let again = Button::danger_quiet("Delete the test image again").large().tooltip(trouble.sentence.as_str());
            if again.show(ui).clicked() {
                cx.push(SetupCommand::RemoveTestImage);
            }
        }
    }
}

/// The buttons at the right of the foot.
pub(super) fn foot_right_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    if Button::primary("Open the gallery").large().show(ui).clicked() {
        cx.push(SetupCommand::OpenGallery);
    }
    if Button::secondary("Back").large().show(ui).clicked() {
        cx.push(SetupCommand::Back);
    }
}
