//! The parts of a card: who, what, which files, only if.

use egui::{Ui, vec2};

use crate::domain::policy::Principal;
use crate::domain::policy::form::{Deed, Fields, LimitKind, Place, StatementChange};
use crate::model::permissions::meaning::Around;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, IconButton, MenuRow, TextField, check_box, link, menu, menu_rule, paint};
use crate::ui::words;

use super::{FormView, Wishes, change};

/// Something that is being added to a card.
#[derive(Debug)]
pub(in crate::ui::permissions) struct Adding {
    card: usize,
    kind: AddKind,
    text: String,
    /// Not shown yet: its field gets the keyboard.
    fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AddKind {
    Account,
    Identity,
    Service,
    Action,
    Under,
    File,
    Other,
    Limit(LimitKind),
}

impl AddKind {
    fn label(self) -> &'static str {
        match self {
            Self::Account => "Account id",
            Self::Identity => "ARN of a user or role",
            Self::Service => "Name of the service",
            Self::Action => "Action",
            Self::Under => "Files under",
            Self::File => "One file",
            Self::Other => "ARN with * and ?",
            Self::Limit(kind) => kind.label(),
        }
    }

    fn example(self, around: &Around) -> String {
        let account = around.owner.as_deref().unwrap_or("111122223333");
        match self {
            Self::Account => "111122223333".to_owned(),
            Self::Identity => format!("arn:{}:iam::{account}:role/uploader", around.partition),
            Self::Service => "cloudfront.amazonaws.com".to_owned(),
            Self::Action => "s3:GetObjectTagging".to_owned(),
            Self::Under => "photos/".to_owned(),
            Self::File => "photos/lake.jpg".to_owned(),
            Self::Other => around.scene().object_arn("*.jpg"),
            Self::Limit(kind) => kind.example().to_owned(),
        }
    }

    /// What the text adds.
    fn change(self, text: &str, around: &Around) -> StatementChange {
        let text = text.trim().to_owned();
        match self {
            Self::Account => {
                StatementChange::AddPerson(Principal::Aws(format!("arn:{}:iam::{text}:root", around.partition)))
            }
            Self::Identity => StatementChange::AddPerson(Principal::Aws(text)),
            Self::Service => StatementChange::AddPerson(Principal::Service(text)),
            Self::Action => StatementChange::AddAction(text),
            Self::Under => StatementChange::AddPlace(Place::Under(text)),
            Self::File => StatementChange::AddPlace(Place::File(text)),
            Self::Other => StatementChange::AddPlace(Place::Other(text)),
            Self::Limit(kind) => StatementChange::AddLimit(kind, values(&text)),
        }
    }

    /// Which part of a card it belongs to.
    const fn part(self) -> Part {
        match self {
            Self::Account | Self::Identity | Self::Service => Part::Who,
            Self::Action => Part::What,
            Self::Under | Self::File | Self::Other => Part::Which,
            Self::Limit(_) => Part::OnlyIf,
        }
    }

    /// Why the text cannot be added, if so.
    fn wrong(self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        match self {
            _ if text.is_empty() => Some("Something has to be filled in"),
            Self::Account if !crate::domain::arn::is_account_id(text) => Some("An account id is twelve digits"),
            Self::Identity if !text.starts_with("arn:") => Some("An ARN begins with arn:"),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Who,
    What,
    Which,
    OnlyIf,
}

/// Values divided by commas.
fn values(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// Width of the words at the left of a card.
const LABELS: f32 = 84.0;

impl FormView {
    /// All parts of a card.
    pub(super) fn parts_ui(&mut self, ui: &mut Ui, card: usize, fields: &Fields, around: &Around, wishes: &mut Wishes) {
        let who = if fields.who.except { "Anyone but" } else { "Who" };
        part_ui(ui, who, |ui| self.who_ui(ui, card, fields, around, wishes));
        let what = if fields.what.except { "All but" } else { "What" };
        part_ui(ui, what, |ui| self.what_ui(ui, card, fields, around, wishes));
        let which = if fields.which.except { "All files but" } else { "Which files" };
        part_ui(ui, which, |ui| self.which_ui(ui, card, fields, around, wishes));
        part_ui(ui, "Only if", |ui| self.only_if_ui(ui, card, fields, around, wishes));
    }

    fn who_ui(&mut self, ui: &mut Ui, card: usize, fields: &Fields, around: &Around, wishes: &mut Wishes) {
        let t = Tokens::of(ui);
        let only_one = fields.who.people.len() == 1;
        for (index, person) in fields.who.people.iter().enumerate() {
            ui.horizontal(|ui| {
                let (icon, color) = if person.is_everyone() {
                    (icons::GLOBE_SIMPLE, t.public_icon())
                } else {
                    (icons::IDENTIFICATION_BADGE, t.text_3)
                };
                sign(ui, icon, color);
                let said = if person.is_everyone() {
                    crate::domain::policy::Words::plain("Anyone, also without sign-in")
                } else {
                    crate::domain::policy::principal_words(person, &around.scene()).capital()
                };
                let name = said.to_string();
                words::label(ui, &said, Type::Body, t.text);
                if !only_one && remove_ui(ui, &name) {
                    wishes.push((card, change(card, StatementChange::RemovePerson(index))));
                }
            });
        }
        let button = Button::quiet_accent("Change")
            .small()
            .flush_left()
            .name(format!("Change who, statement {}", card + 1))
            .show(ui);
        let mut chosen = None;
        menu(&button, 260.0, |ui| {
            if !fields.who.is_anyone()
                && MenuRow::new("Anyone, also without sign-in").icon(icons::GLOBE_SIMPLE).show(ui).clicked()
            {
                wishes.push((card, change(card, StatementChange::Anyone)));
            }
            if let Some(owner) = &around.owner {
                let root = Principal::Aws(format!("arn:{}:iam::{owner}:root", around.partition));
                if MenuRow::new("Only the bucket's own account").icon(icons::USER_CIRCLE).show(ui).clicked() {
                    wishes.push((card, change(card, StatementChange::OnlyPerson(root))));
                }
            }
            menu_rule(ui);
            for (label, kind) in [
                ("Add an account…", AddKind::Account),
                ("Add a user or role…", AddKind::Identity),
                ("Add a service…", AddKind::Service),
            ] {
                if MenuRow::new(label).show(ui).clicked() {
                    chosen = Some(kind);
                }
            }
        });
        self.begin(card, chosen);
        self.adding_ui(ui, card, Part::Who, around, wishes);
    }

    fn what_ui(&mut self, ui: &mut Ui, card: usize, fields: &Fields, around: &Around, wishes: &mut Wishes) {
        let t = Tokens::of(ui);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
            for deed in Deed::ALL {
                let on = fields.what.has(deed);
                let name = format!("{}, statement {}", deed.label(), card + 1);
                if check_box(ui, Some(on), &name).clicked() {
                    wishes.push((card, change(card, StatementChange::Deed(deed, !on))));
                }
                ui.label(Type::Body.rich(deed.label()).color(t.text));
                ui.add_space(8.0);
            }
        });
        let others: Vec<&str> = fields.what.others().collect();
        for action in others {
            ui.horizontal(|ui| {
                ui.label(Type::Mono.rich(action).color(t.text));
                if fields.what.actions.len() > 1 && remove_ui(ui, action) {
                    wishes.push((card, change(card, StatementChange::RemoveAction(action.to_owned()))));
                }
            });
        }
        let name = format!("Another action, statement {}", card + 1);
        if Button::quiet_accent("Another action…").small().flush_left().name(name).show(ui).clicked() {
            self.begin(card, Some(AddKind::Action));
        }
        self.adding_ui(ui, card, Part::What, around, wishes);
    }

    fn which_ui(&mut self, ui: &mut Ui, card: usize, fields: &Fields, around: &Around, wishes: &mut Wishes) {
        let t = Tokens::of(ui);
        let only_one = fields.which.places.len() == 1;
        for (index, place) in fields.which.places.iter().enumerate() {
            ui.horizontal(|ui| {
                let (said, text) = match place {
                    Place::Bucket => ("The bucket itself", None),
                    Place::AllFiles => ("Every file", None),
                    Place::Under(start) => ("Files under", Some(start)),
                    Place::File(key) => ("The file", Some(key)),
                    Place::Other(resource) => ("Files that fit", Some(resource)),
                };
                ui.label(Type::Body.rich(said).color(t.text));
                if let Some(text) = text {
                    let label = format!("{said}, statement {}", card + 1);
                    let key = format!("{card} place {index}");
                    if let Some(new) = self.field_ui(ui, &key, &label, text, "", Some(260.0), true) {
                        let place = match place {
                            Place::Under(_) => Place::Under(new),
                            Place::File(_) => Place::File(new),
                            _ => Place::Other(new),
                        };
                        wishes.push((card, change(card, StatementChange::SetPlace(index, place))));
                    }
                }
                if !only_one && remove_ui(ui, said) {
                    wishes.push((card, change(card, StatementChange::RemovePlace(index))));
                }
            });
        }
        if let Some(missing) = fields.missing_place() {
            let words = match missing {
                Place::Bucket => "Listing works on the bucket itself. Add it",
                _ => "What is ticked works on files. Add every file",
            };
            if link(ui, Type::Small, words).clicked() {
                wishes.push((card, change(card, StatementChange::AddPlace(missing))));
            }
        }
        let button = Button::quiet_accent("Add")
            .small()
            .flush_left()
            .name(format!("Add files, statement {}", card + 1))
            .show(ui);
        let mut chosen = None;
        menu(&button, 240.0, |ui| {
            for (label, place) in [("The bucket itself", Place::Bucket), ("Every file", Place::AllFiles)] {
                if !fields.which.places.contains(&place) && MenuRow::new(label).show(ui).clicked() {
                    wishes.push((card, change(card, StatementChange::AddPlace(place))));
                }
            }
            for (label, kind) in
                [("Files under…", AddKind::Under), ("One file…", AddKind::File), ("A pattern…", AddKind::Other)]
            {
                if MenuRow::new(label).show(ui).clicked() {
                    chosen = Some(kind);
                }
            }
        });
        self.begin(card, chosen);
        self.adding_ui(ui, card, Part::Which, around, wishes);
    }

    fn only_if_ui(&mut self, ui: &mut Ui, card: usize, fields: &Fields, around: &Around, wishes: &mut Wishes) {
        let t = Tokens::of(ui);
        for (index, limit) in fields.only_if.iter().enumerate() {
            ui.horizontal(|ui| {
                let joined = limit.values().join(", ");
                let name = match limit.kind {
                    Some(LimitKind::Https) => {
                        let https = joined.eq_ignore_ascii_case("true");
                        let said = if https { "Over HTTPS" } else { "Over plain http" };
                        ui.label(Type::Body.rich(said).color(t.text));
                        said.to_owned()
                    }
                    Some(kind) => {
                        let said = capital(kind.label());
                        ui.label(Type::Body.rich(said.as_str()).color(t.text));
                        let label = format!("{said}, statement {}", card + 1);
                        let key = format!("{card} limit {index}");
                        if let Some(new) = self.field_ui(ui, &key, &label, &joined, kind.example(), Some(260.0), true) {
                            wishes.push((card, change(card, StatementChange::SetLimit(index, values(&new)))));
                        }
                        said
                    }
                    None => {
                        let said = crate::domain::policy::condition_words(&limit.condition).capital();
                        words::label(ui, &said, Type::Body, t.text);
                        said.to_string()
                    }
                };
                if remove_ui(ui, &name) {
                    wishes.push((card, change(card, StatementChange::RemoveLimit(index))));
                }
            });
        }
        let button = Button::quiet_accent("Add a limit")
            .small()
            .flush_left()
            .name(format!("Add a limit, statement {}", card + 1))
            .show(ui);
        let mut chosen = None;
        menu(&button, 280.0, |ui| {
            for (label, value) in [("Over HTTPS", "true"), ("Over plain http", "false")] {
                if MenuRow::new(label).show(ui).clicked() {
                    let add = StatementChange::AddLimit(LimitKind::Https, vec![value.to_owned()]);
                    wishes.push((card, change(card, add)));
                }
            }
            for kind in LimitKind::ALL.into_iter().filter(|kind| *kind != LimitKind::Https) {
                if MenuRow::new(format!("{}…", capital(kind.label()))).show(ui).clicked() {
                    chosen = Some(AddKind::Limit(kind));
                }
            }
        });
        self.begin(card, chosen);
        self.adding_ui(ui, card, Part::OnlyIf, around, wishes);
    }

    fn begin(&mut self, card: usize, kind: Option<AddKind>) {
        if let Some(kind) = kind {
            self.adding = Some(Adding { card, kind, text: String::new(), fresh: true });
        }
    }

    /// The field of what is being added, where it belongs.
    fn adding_ui(&mut self, ui: &mut Ui, card: usize, part: Part, around: &Around, wishes: &mut Wishes) {
        let Some(adding) = self.adding.as_mut().filter(|adding| adding.card == card && adding.kind.part() == part)
        else {
            return;
        };
        let (mut add, mut stop) = (false, false);
        let kind = adding.kind;
        ui.horizontal(|ui| {
            let field = TextField::new(kind.label(), &mut adding.text).label_hidden().placeholder(kind.example(around));
            let shown = field.mono().width(300.0).id_salt("policy_adding").show(ui);
            if std::mem::take(&mut adding.fresh) {
                shown.response.request_focus();
            }
            let entered = shown.response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let wrong = kind.wrong(&adding.text);
            let button = Button::secondary("Add").name(format!("Add {}", kind.label())).disabled_because(wrong);
            add = button.show(ui).clicked() || (entered && wrong.is_none());
            stop = IconButton::new(icons::X, "Do not add it").show(ui).clicked();
        });
        if add {
            wishes.push((card, change(card, kind.change(&adding.text, around))));
        }
        if add || stop {
            self.adding = None;
        }
    }

    /// A field with a value of the text; gives a new one when it is left.
    #[expect(clippy::too_many_arguments, reason = "each says how one field looks")]
    pub(super) fn field_ui(
        &mut self,
        ui: &mut Ui,
        key: &str,
        label: &str,
        value: &str,
        placeholder: &str,
        width: Option<f32>,
        mono: bool,
    ) -> Option<String> {
        let mut text = self.fields.get(key).cloned().unwrap_or_else(|| value.to_owned());
        let mut field = TextField::new(label, &mut text).label_hidden().placeholder(placeholder).small();
        if mono {
            field = field.mono();
        }
        if let Some(width) = width {
            field = field.width(width);
        }
        let response = field.id_salt(key).show(ui).response;
        if response.has_focus() {
            self.fields.insert(key.to_owned(), text);
            return None;
        }
        let written = self.fields.remove(key)?;
        let written = if response.lost_focus() { text } else { written };
        (written != value).then_some(written)
    }
}

fn part_ui(ui: &mut Ui, label: &str, contents: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.allocate_ui_with_layout(vec2(LABELS, 20.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
            ui.set_width(LABELS);
            ui.label(Type::SmallMedium.rich(label).color(t.text_3));
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            contents(ui);
        });
    });
}

fn sign(ui: &mut Ui, icon: crate::theme::Icon, color: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), egui::Sense::hover());
    paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
}

fn remove_ui(ui: &mut Ui, what: &str) -> bool {
    IconButton::new(icons::X, format!("Remove: {what}")).small().show(ui).clicked()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
