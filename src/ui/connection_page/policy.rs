//! What somebody shall be able to do, and the least policy that lets them.

use egui::{Sense, Ui, Vec2};

use crate::domain::checkup::{Feature, IdentityPolicy, MANAGED_POLICY_CHARACTERS};
use crate::domain::connection::Target;
use crate::domain::format;
use crate::model::connection_page::{Ability, ConnectionPageCommand};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{CodeBlock, FieldNote, Level, TextField, checkbox, paint, row};

/// The form, and what is being typed in it.
#[derive(Debug, Default)]
pub(super) struct PolicyForm {
    places: String,
    /// Which places of the model were taken over last.
    number: u64,
}

impl PolicyForm {
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        let draft = &cx.model.connection_page.draft;
        if self.number != draft.number {
            self.number = draft.number;
            self.places.clone_from(&draft.places);
        }
        ui.add_space(16.0);
        paint::label(ui, Type::LeadStrong.rich("A policy for somebody"), t.text);
        ui.add_space(2.0);
        let lead = "Tick what a user or role shall be able to do, and give them this policy in IAM";
        ui.add(egui::Label::new(Type::Small.rich(lead).color(t.text_2)).wrap());
        ui.add_space(8.0);
        for feature in Feature::ALL {
            feature_ui(ui, cx, feature);
        }
        ui.add_space(10.0);
        let problem = cx.model.connection_page.draft.made.as_ref().err();
        let note = match problem {
            Some(problem) => FieldNote::Error { sentence: problem.as_str().into(), mend: None },
            None => FieldNote::Help("Buckets or folders, divided by commas. * stands for any letters".into()),
        };
        let field = TextField::new("Where", &mut self.places).mono().note(note).placeholder("Every bucket");
        if field.width(ui.available_width()).show(ui).response.changed() {
            cx.push(ConnectionPageCommand::Places(self.places.clone()));
        }
        ui.add_space(12.0);
        match &cx.model.connection_page.draft.made {
            Ok(Some(made)) => made_ui(ui, cx, made),
            Ok(None) => {
                paint::label(ui, Type::Small.rich("Nothing is ticked, so there is nothing to allow"), t.text_3);
            }
            Err(_) => {}
        }
    }
}

/// A feature to tick, and whether the connection itself can do it.
fn feature_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, feature: Feature) {
    let t = Tokens::of(ui);
    let page = &cx.model.connection_page;
    let mut ticked = page.draft.features.contains(&feature);
    let ability = page.checkup.known().map(|checkup| Ability::of(feature, checkup));
    row(ui, 26.0, |ui| {
        if checkbox(ui, &mut ticked, feature.title()).changed() {
            cx.push(ConnectionPageCommand::Tick(feature, ticked));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
            let said = match ability {
                Some(Ability::Can) => {
                    Level::Done.paint(ui, rect.center(), 14.0);
                    "This connection can do it"
                }
                Some(Ability::Cannot) => {
                    paint::icon_at(ui.painter(), rect.center(), icons::PROHIBIT, 14.0, t.danger_icon());
                    "This connection cannot do all of it"
                }
                Some(Ability::Unknown) => {
                    Level::Waiting.paint(ui, rect.center(), 14.0);
                    "Whether this connection can do it is not known: it would write"
                }
                None => return,
            };
            paint::tooltip(response, said);
        });
    });
}

fn made_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, made: &IdentityPolicy) {
    let t = Tokens::of(ui);
    let (has, may) = (format::count(made.characters as u64), format::count(MANAGED_POLICY_CHARACTERS as u64));
    let (size, color) = if made.fits() {
        (format!("{has} of the {may} characters that a managed policy may have"), t.text_3)
    } else {
        (format!("{has} characters: more than the {may} of a managed policy"), t.danger_text)
    };
    if CodeBlock::new(ui, &made.text).copy("Copy the policy").show(ui) {
        cx.push(ConnectionPageCommand::CopyPolicy);
    }
    ui.add_space(6.0);
    ui.add(egui::Label::new(Type::Small.rich(size).color(color)).wrap());
    let is_other = cx.model.session.as_ref().is_some_and(|it| matches!(it.connection.target, Target::Store(_)));
    if is_other {
        ui.add_space(4.0);
        let note = "This store may have other users and policies than IAM of Amazon";
        ui.add(egui::Label::new(Type::Small.rich(note).color(t.text_3)).wrap());
    }
}
