//! What takes the place of the text, or stands over it: no policy, none that may be read, a store without policies.

use egui::{Event, Frame, Margin, Ui};

use crate::domain::format;
use crate::domain::policy::wrap_statement;
use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::permissions::draft::Draft;
use crate::model::permissions::found::Known;
use crate::model::permissions::review::{Proof, ReadBack};
use crate::model::permissions::{BucketKey, PermissionsCommand};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{
    Banner, BannerTone, Button, ControlSize, EmptyState, ErrorPage, Level, centered_row, key_cap, level_icon,
};
use crate::ui::{UiCtx, refusal};

use super::editor::Editor;
use super::templates::Templates;

/// What a new policy begins with.
const NEW: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    \n  ]\n}";
/// Where the first statement is written in it.
const NEW_AT: usize = NEW.len() - "\n  ]\n}".len();

/// Before the policy is read, or when reading it failed as a whole.
pub(super) fn without_text_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, key: &BucketKey) {
    match cx.model.permissions.found.error() {
        None => loading_ui(ui),
        Some(trouble) => failed_ui(ui, cx, key, trouble),
    }
}

fn loading_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.centered_and_justified(|ui| {
        centered_row(ui, "policy_loading", |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            level_icon(ui, Level::Unknown, 16.0, "Reading the policy");
            ui.label(Type::Body.rich("Reading the policy").color(t.text_2));
        });
    });
}

fn failed_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, key: &BucketKey, trouble: &Trouble) {
    let t = Tokens::of(ui);
    Frame::new().inner_margin(Margin::same(24)).show(ui, |ui| {
        let title = format!("The policy of {} could not be read", key.bucket);
        let mut page = ErrorPage::new(icons::WARNING, title, Type::Body.job(trouble.sentence.as_str(), t.text_2));
        for line in &trouble.details {
            let (label, value) = line.split_once(": ").unwrap_or(("", line));
            page = page.detail(label.to_owned(), value.to_owned());
        }
        let mut again = false;
        let copied = page.show(ui, |ui| {
            again = Button::primary("Try again").icon(icons::ARROW_CLOCKWISE).show(ui).clicked();
            refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
        });
        if again {
            cx.push(PermissionsCommand::Read);
        }
        if copied {
            cx.push(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
        }
    });
}

/// A store that has no policies; says whether it is one.
pub(super) fn not_offered_ui(ui: &mut Ui, cx: &UiCtx<'_>, key: &BucketKey) -> bool {
    let found = cx.model.permissions.found.known();
    let is_one = found.is_some_and(|found| matches!(found.policy, Known::NotOffered));
    if is_one {
        let sentence = format!("Who may do what with {} is set in the store's own way.", key.bucket);
        EmptyState::new("This store has no bucket policies", sentence).icon(icons::SHIELD_CHECK).show(
            ui,
            |_| {},
            |_| {},
        );
    }
    is_one
}

/// A bucket without a policy: what that means, and the ways to one.
pub(super) fn empty_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    key: &BucketKey,
    editor: &mut Editor,
    templates: &mut Templates,
) {
    let known = cx.model.permissions.found.known();
    let may_not_read = known.is_some_and(|found| matches!(found.policy, Known::MayNotRead(_)));
    let (title, sentence) = if may_not_read {
        ("A policy that you may not read", "You can write one here all the same. Saving it replaces whatever is there.")
    } else {
        (
            "No policy",
            "Only the account that owns this bucket can use it, by its own rules. A policy lets others in, or keeps them out.",
        )
    };
    let mut begin = false;
    EmptyState::new(title, sentence).icon(icons::SHIELD_CHECK).show(
        ui,
        |ui| {
            begin = Button::primary("Write a policy").icon(icons::CODE).large().show(ui).clicked();
            if let Some(around) = &cx.model.permissions.around {
                templates.button_ui(ui, around);
            }
        },
        |ui| {
            let t = Tokens::of(ui);
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.label(Type::Small.rich("or paste one, or a single statement, with").color(t.text_3));
            key_cap(ui, "Ctrl V");
        },
    );
    if begin {
        editor.begin(key);
        cx.push(PermissionsCommand::Replace { text: NEW.to_owned(), caret: Some(NEW_AT..NEW_AT) });
    }
    if !cx.model.has_dialog() && !ui.ctx().text_edit_focused() {
        let pasted = ui.input(|input| {
            input.events.iter().rev().find_map(|event| match event {
                Event::Paste(text) => Some(text.replace("\r\n", "\n")),
                _ => None,
            })
        });
        if let Some(text) = pasted.filter(|text| !text.trim().is_empty()) {
            editor.begin(key);
            let text = wrap_statement(&text).unwrap_or(text);
            cx.push(PermissionsCommand::Replace { text, caret: None });
        }
    }
}

/// What is to be said over the text.
pub(super) fn banners_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, draft: &Draft) {
    let permissions = &cx.model.permissions;
    let known = permissions.found.known();
    if let Some(Known::MayNotRead(trouble)) = known.map(|found| &found.policy)
        && !draft.text().is_empty()
    {
        let lacks = trouble.permission.as_deref().unwrap_or("s3:GetBucketPolicy");
        let rest = format!("It needs {lacks}. What is written here replaces whatever is there when it is saved.");
        banner_ui(ui, Banner::new(BannerTone::Warn, "The policy of this bucket may not be read.", rest));
    }
    if permissions.found.error().is_some() {
        let banner =
            Banner::new(BannerTone::Warn, "The policy could not be read again.", "This is what was known before");
        if banner_ui(ui, banner.link("Try again")) {
            cx.push(PermissionsCommand::Read);
        }
    }
    if draft.theirs().is_some() {
        let rest = "Your draft stays as it is, and nothing is overwritten";
        let banner = Banner::new(BannerTone::Warn, "Somebody changed the policy of this bucket meanwhile.", rest);
        if banner_ui(ui, banner.link("Compare…")) {
            cx.push(PermissionsCommand::Review);
        }
    }
    if let Some(proof) = &permissions.proof {
        proof_ui(ui, cx, proof);
    }
}

/// What was found out after the last save.
fn proof_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, proof: &Proof) {
    let (first, rest) = proof.words();
    let mut words = vec![rest];
    match &proof.read_back {
        ReadBack::Same if proof.has_policy => words.push("the bucket keeps what was saved".to_owned()),
        ReadBack::Same => words.push("the bucket has no policy any more".to_owned()),
        ReadBack::Other => words.push("the store keeps something else than was sent: look at the text".to_owned()),
        ReadBack::Failed(trouble) => words.push(format!("it could not be read back: {}", trouble.sentence)),
    }
    match &proof.status {
        Known::Is(true) => words.push("the store calls it public".to_owned()),
        Known::Is(false) => words.push("the store calls it not public".to_owned()),
        Known::NotSet | Known::NotOffered | Known::MayNotRead(_) => {}
    }
    words.push(format::date_time(proof.at, cx.now, cx.zone));
    let tone = match (&proof.read_back, proof.is_open()) {
        (ReadBack::Other | ReadBack::Failed(_), _) => BannerTone::Warn,
        (ReadBack::Same, Some(true)) => BannerTone::Public,
        (ReadBack::Same, Some(false)) => BannerTone::Ok,
        (ReadBack::Same, None) => BannerTone::Quiet,
    };
    let icon = if proof.is_open() == Some(true) { icons::GLOBE_SIMPLE } else { icons::SEAL_CHECK };
    if banner_ui(ui, Banner::new(tone, format!("{first}:"), words.join(" · ")).icon(icon).link("Close")) {
        cx.push(PermissionsCommand::HideProof);
    }
}

fn banner_ui(ui: &mut Ui, banner: Banner<'_>) -> bool {
    ui.add_space(8.0);
    let clicked = banner.show(ui).is_some_and(|link| link.clicked());
    ui.add_space(8.0);
    clicked
}
