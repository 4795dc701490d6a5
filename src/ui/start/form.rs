use std::collections::BTreeSet;

use egui::{Align, Layout, Ui, Vec2, vec2};

use crate::model::connect::{
    ConnectCommand, ConnectModel, Door, Draft, Field, Form, Problem, Problems, SecretsKept, Typed, TypedKeys,
    TypedTarget,
};
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::start::{amazon, frame, report, store};
use crate::ui::widgets::{Button, FieldNote, FieldResponse, Level, TextField, paint};

/// Width of the column with the report.
const SIDE: f32 = 352.0;
const BETWEEN: f32 = 32.0;
/// Below this the report goes under the form.
const TWO_COLUMNS_FROM: f32 = 800.0;

/// What is typed into a form, and which problems may be shown already.
#[derive(Debug)]
pub(super) struct FormState {
    pub(super) typed: Typed,
    pub(super) seen: Seen,
    /// What was last tested.
    tested: Option<Typed>,
    /// A field had the keyboard: Esc leaves the field first, then the form.
    in_field: bool,
    /// Of the list of regions.
    pub(super) region_filter: String,
}

/// Which problems may be shown: not before the person has left a field or tried to go on.
#[derive(Debug, Default)]
pub(super) struct Seen {
    problems: Problems,
    left: BTreeSet<Field>,
    tried: bool,
}

impl Seen {
    /// What is wrong with a field, if it is time to say so.
    pub(super) fn problem(&self, field: Field) -> Option<&Problem> {
        self.problems.get(&field).filter(|_| self.tried || self.left.contains(&field))
    }

    /// The line below a field.
    pub(super) fn note<'a>(&self, field: Field, help: &'a str) -> FieldNote<'a> {
        match self.problem(field) {
            Some(problem) => FieldNote::Error {
                sentence: problem.sentence.clone().into(),
                mend: problem.mend.as_ref().map(|mend| format!("Use {mend}").into()),
            },
            None if help.is_empty() => FieldNote::None,
            None => FieldNote::Help(help.into()),
        }
    }

    /// Notes that a field was left, and takes the mend over where it was asked for.
    pub(super) fn after(&mut self, field: Field, shown: &FieldResponse, text: &mut String) {
        if shown.mended
            && let Some(mend) = self.problems.get(&field).and_then(|problem| problem.mend.as_ref())
        {
            text.clone_from(mend);
        }
        if shown.response.lost_focus() && !text.is_empty() {
            self.left.insert(field);
        }
    }
}

impl FormState {
    pub(super) fn of(form: &Form) -> Self {
        let typed = form.editing.as_ref().map_or_else(|| Typed::new(form.door), Typed::of);
        Self { typed, seen: Seen::default(), tested: None, in_field: false, region_filter: String::new() }
    }
}

/// The page of a form.
pub(super) fn form_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, form: &Form, state: &mut FormState) {
    if !state.typed.own_name {
        state.typed.name = state.typed.suggested_name();
    }
    let checked = state.typed.check();
    state.seen.problems = checked.as_ref().err().cloned().unwrap_or_default();
    if secret_is_gone(&cx.model.connect, form, &state.typed) {
        let gone = "The secret key is not on this computer any more: type it again";
        state.seen.problems.insert(Field::Secret, Problem { sentence: gone.to_owned(), mend: None });
        state.seen.left.insert(Field::Secret);
    }
    let draft = checked.ok().filter(|_| state.seen.problems.is_empty());
    frame::page_ui(ui, cx, "form", true, |ui, cx| {
        ui.add_space(20.0);
        let escaped = !cx.model.has_dialog()
            && !egui::Popup::is_any_open(ui.ctx())
            && !state.in_field
            && ui.input(|input| input.key_pressed(egui::Key::Escape));
        if frame::back_ui(ui, "All connections", "Esc") || escaped {
            cx.push(ConnectCommand::CloseForm);
        }
        ui.add_space(8.0);
        let (title, lead) = words(form);
        frame::title_ui(ui, &title, lead);
        ui.add_space(24.0);
        let width = ui.available_width();
        if width >= TWO_COLUMNS_FROM {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing = Vec2::ZERO;
                column(ui, width - SIDE - BETWEEN, |ui| fields_ui(ui, cx, form, state, draft.as_ref()));
                ui.add_space(BETWEEN);
                column(ui, SIDE, |ui| side_ui(ui, cx, form, state, draft));
            });
        } else {
            fields_ui(ui, cx, form, state, draft.as_ref());
            ui.add_space(24.0);
            side_ui(ui, cx, form, state, draft);
        }
    });
    state.in_field = ui.memory(|memory| memory.focused().is_some());
    let other = state.tested.as_ref().is_some_and(|tested| *tested != state.typed);
    if other {
        state.tested = None;
        cx.push(ConnectCommand::ForgetTest);
    }
}

fn column(ui: &mut Ui, width: f32, contents: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::LEFT), |ui| {
        ui.set_width(width);
        contents(ui);
    });
}

fn words(form: &Form) -> (String, &'static str) {
    match (&form.editing, form.door) {
        (Some(connection), _) => {
            (format!("Edit {}", connection.name), "Buckets and files are not touched, only the way to them")
        }
        (None, Door::Amazon) => (
            "Sign in to Amazon S3".to_owned(),
            "One connection opens buckets in every region. Nothing is created by signing in.",
        ),
        (None, Door::Store) => (
            "Connect to another S3 store".to_owned(),
            "Choose what it is, and most of the rest is known. Nothing is created by connecting.",
        ),
    }
}

fn fields_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, form: &Form, state: &mut FormState, draft: Option<&Draft>) {
    ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
    match &state.typed.target {
        TypedTarget::Amazon(_) => amazon::fields_ui(ui, cx, form, state),
        TypedTarget::Store(_) => store::fields_ui(ui, cx, form, state),
    }
    ui.add_space(16.0);
    let note = state.seen.note(Field::Name, "How it is called in Brimful");
    let name = TextField::new("Name of the connection", &mut state.typed.name).note(note).id_salt("name").show(ui);
    if name.response.changed() {
        state.typed.own_name = true;
    }
    state.seen.after(Field::Name, &name, &mut state.typed.name);
    ui.add_space(24.0);
    ui.horizontal(|ui| {
        let busy = form.saving.then_some(Level::Unknown);
        let wants_open = Button::primary("Save and open").large().busy(busy).show(ui).clicked();
        let wants_save =
            Button::secondary("Save").large().disabled_because(form.saving.then_some("Being saved")).show(ui).clicked();
        if wants_open || wants_save {
            state.seen.tried = true;
            if let Some(draft) = draft {
                cx.push(ConnectCommand::Save { draft: Box::new(draft.clone()), open: wants_open });
            }
        }
        let count = state.seen.problems.len() as u64;
        if state.seen.tried && count > 0 {
            let t = Tokens::of(ui);
            let fields = crate::domain::format::counted(count, "field needs", "fields need");
            ui.add_space(4.0);
            ui.label(Type::Small.rich(format!("{fields} another look")).color(t.danger_text));
        }
    });
}

fn side_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, form: &Form, state: &mut FormState, draft: Option<Draft>) {
    if report::report_ui(ui, cx, &form.test) {
        state.seen.tried = true;
        if let Some(draft) = draft {
            state.tested = Some(state.typed.clone());
            cx.push(ConnectCommand::Test(Box::new(draft)));
        }
    }
    if let TypedTarget::Store(typed) = &state.typed.target {
        ui.add_space(12.0);
        store::notes_ui(ui, typed);
    }
}

/// The kept secret would be used, but it is not there.
fn secret_is_gone(connect: &ConnectModel, form: &Form, typed: &Typed) -> bool {
    let gone = form.editing.as_ref().is_some_and(|connection| connect.without_secret.contains(&connection.id));
    gone && typed.keeps_secret()
}

/// The fields of an access key.
pub(super) fn keys_ui(ui: &mut Ui, connect: &ConnectModel, keys: &mut TypedKeys, keeps: bool, seen: &mut Seen) {
    let id = TextField::new("Access key ID", &mut keys.access_key_id)
        .mono()
        .note(seen.note(Field::AccessKeyId, ""))
        .id_salt("access key id")
        .show(ui);
    seen.after(Field::AccessKeyId, &id, &mut keys.access_key_id);
    ui.add_space(12.0);
    let kept = match &connect.kept {
        SecretsKept::Keychain => "Kept in your system’s keychain, never in a file of Brimful",
        SecretsKept::Memory(reason) => reason.as_str(),
    };
    let help = if keeps { "Leave empty to go on with the one that is kept" } else { kept };
    let secret = TextField::new("Secret access key", &mut keys.secret.0)
        .mono()
        .password(true)
        .placeholder(if keeps { "Unchanged" } else { "" })
        .note(seen.note(Field::Secret, help))
        .id_salt("secret")
        .show(ui);
    seen.after(Field::Secret, &secret, &mut keys.secret.0);
}

/// The field for the token of temporary keys.
pub(super) fn token_ui(ui: &mut Ui, keys: &mut TypedKeys, seen: &mut Seen) {
    let token = TextField::new("Session token, for temporary keys", &mut keys.session_token.0)
        .mono()
        .password(true)
        .note(seen.note(Field::SessionToken, "Optional"))
        .id_salt("token")
        .show(ui);
    seen.after(Field::SessionToken, &token, &mut keys.session_token.0);
}

/// A small label above a choice.
pub(super) fn label_ui(ui: &mut Ui, label: &str) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::SmallMedium.rich(label), t.text_2);
    ui.add_space(4.0);
}
