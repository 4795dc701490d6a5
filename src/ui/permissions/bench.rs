//! Try a request: who, what, which file, and how it would be answered.

use std::collections::BTreeMap;

use egui::{Sense, Ui, vec2};
use jiff::Timestamp;

use crate::domain::policy::form::Deed;
use crate::domain::policy::{Answer, Asker, Policy, RowKind, Trial, WhoTable, keys_asked, try_request};
use crate::model::permissions::meaning::Around;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{MenuRow, TextField, checkbox, disclosure, paint, select};

/// Width of the menu of deeds.
const DEED: f32 = 88.0;

/// The request that is tried.
#[derive(Debug)]
pub(super) struct Bench {
    asker: Asker,
    deed: Deed,
    key: String,
    address: String,
    referer: String,
    plain_http: bool,
    /// What else the policy looks at, by the key in small letters.
    others: BTreeMap<String, String>,
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            asker: Asker::Anyone,
            deed: Deed::View,
            key: String::new(),
            address: String::new(),
            referer: String::new(),
            plain_http: false,
            others: BTreeMap::new(),
        }
    }
}

impl Bench {
    /// Fields and answer over the width left. The answer follows what is written at once.
    pub(super) fn ui(&mut self, ui: &mut Ui, who: &WhoTable, policy: Option<&Policy>, around: &Around, now: Timestamp) {
        let askers = who.rows.iter().filter_map(|row| match &row.kind {
            RowKind::Asker(asker) => Some((asker, row.name.as_str())),
            RowKind::OverHttp => None,
        });
        let askers: Vec<(&Asker, &str)> = askers.collect();
        // Whoever is no longer named cannot be chosen any more.
        let chosen = askers.iter().find(|(asker, _)| **asker == self.asker).map(|(_, name)| *name);
        let name = chosen.unwrap_or_else(|| {
            self.asker = Asker::Anyone;
            "Anyone"
        });
        ui.spacing_mut().item_spacing.y = 8.0;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let width = ui.available_width() - DEED - 8.0;
            let mut other = None;
            select(ui, "Who asks", name, width, |ui| {
                for (asker, name) in &askers {
                    if MenuRow::new(*name).chosen(**asker == self.asker).show(ui).clicked() {
                        other = Some((*asker).clone());
                    }
                }
            });
            self.asker = other.unwrap_or_else(|| self.asker.clone());
            let word = self.deed.label().to_lowercase();
            select(ui, "What for", &word, DEED, |ui| {
                for deed in Deed::SINGLE {
                    let word = deed.label().to_lowercase();
                    if MenuRow::new(word).chosen(deed == self.deed).show(ui).clicked() {
                        self.deed = deed;
                    }
                }
            });
        });
        if self.deed != Deed::List {
            let field = TextField::new("File to try", &mut self.key).label_hidden().placeholder("photos/lake.jpg");
            field.mono().id_salt("bench_key").show(ui);
        }
        let asked = policy.map(keys_asked).unwrap_or_default();
        let more = disclosure(ui, "bench_more", "More about the request");
        if more {
            let field = TextField::new("From the address", &mut self.address).placeholder("203.0.113.9").mono().small();
            field.id_salt("bench_address").show(ui);
            let field = TextField::new("Asked by the page", &mut self.referer).placeholder("https://www.example.com/");
            field.mono().small().id_salt("bench_referer").show(ui);
            for key in &asked {
                let value = self.others.entry(key.to_ascii_lowercase()).or_default();
                let field = TextField::new(key.as_str(), value).placeholder("Not in the request").mono().small();
                field.id_salt(("bench_other", key)).show(ui);
            }
            checkbox(ui, &mut self.plain_http, "Over plain http");
        }
        if self.deed != Deed::List && self.key.trim().is_empty() {
            let t = Tokens::of(ui);
            paint::label(ui, Type::Small.rich("Write the name of a file to see how it would be answered"), t.text_3);
            return;
        }
        answer_ui(ui, policy, self.trial(policy, around, now, more.then_some(&asked)).as_ref());
    }

    /// What is under `more` counts only while it is seen: there are the keys that the policy looks at.
    fn trial(
        &self,
        policy: Option<&Policy>,
        around: &Around,
        now: Timestamp,
        more: Option<&Vec<String>>,
    ) -> Option<Trial> {
        let key = self.key.trim();
        let others = more
            .into_iter()
            .flatten()
            .filter_map(|key| self.others.get(&key.to_ascii_lowercase()).map(|value| (key.as_str(), value)));
        let given = [("aws:SourceIp", &self.address), ("aws:Referer", &self.referer)];
        let keys: Vec<(String, String)> = given
            .into_iter()
            .chain(others)
            .filter(|(_, value)| more.is_some() && !value.trim().is_empty())
            .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
            .collect();
        let https = !(more.is_some() && self.plain_http);
        try_request(policy, &around.surroundings(now), &self.asker, self.deed.action(), key, https, &keys)
    }
}

fn answer_ui(ui: &mut Ui, policy: Option<&Policy>, trial: Option<&Trial>) {
    let t = Tokens::of(ui);
    let Some(trial) = trial else {
        paint::label(ui, Type::Small.rich("Nobody sends requests under this name"), t.text_3);
        return;
    };
    let (icon, color, word) = match trial.answer {
        Answer::Yes => (icons::CHECK_CIRCLE, t.ok, "Would be allowed"),
        Answer::No => (icons::PROHIBIT, t.text_3, "Would be refused"),
        Answer::Depends => (icons::QUESTION, t.text_3, "Depends on the account"),
    };
    let sid = trial.statement.and_then(|at| policy?.statements.get(at)?.sid.clone());
    let by = sid.map(|sid| format!(" by {sid}")).unwrap_or_default();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            paint::label(ui, Type::BodyMedium.rich(format!("{word}{by}")), t.text);
            paint::label(ui, Type::Small.rich(trial.reason.as_str()), t.text_2);
        });
    });
}
