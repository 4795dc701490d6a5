//! Settings that name files or buckets: the website and the access log.

use egui::Ui;

use super::super::body::{note_ui, warn_ui};
use crate::domain::bucket_settings::{
    self, ErrorDocument, IndexDocument, LogKeyFormat, RedirectAll, SettingKind, SettingValue,
};
use crate::model::bucket_settings::First;
use crate::theme::icons;
use crate::ui::UiCtx;
use crate::ui::widgets::{FieldNote, OptionCard, TextField, checkbox};

/// What the website does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serves {
    Nothing,
    Pages,
    Elsewhere,
}

/// Serving the bucket as a website.
#[derive(Debug)]
pub(in super::super) struct Website {
    serves: Serves,
    index: String,
    error: String,
    host: String,
    https: bool,
    /// What the form does not know stays as it is.
    start: bucket_settings::Website,
}

impl Website {
    pub(super) fn of(start: Option<&SettingValue>) -> Self {
        let start = match start {
            Some(SettingValue::Website(website)) => Some(website.clone()),
            _ => None,
        };
        let serves = match &start {
            None => Serves::Nothing,
            Some(website) if website.redirect_all_requests_to.is_some() => Serves::Elsewhere,
            Some(_) => Serves::Pages,
        };
        let start = start.unwrap_or_default();
        let to = start.redirect_all_requests_to.clone();
        Self {
            serves,
            index: start.index_document.as_ref().map_or("index.html".to_owned(), |it| it.suffix.clone()),
            error: start.error_document.as_ref().map(|it| it.key.clone()).unwrap_or_default(),
            https: to.as_ref().is_none_or(|to| to.protocol.as_deref() == Some("https")),
            host: to.map(|to| to.host_name).unwrap_or_default(),
            start,
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui) {
        if OptionCard::new(self.serves == Serves::Nothing, "No website", "Files are fetched by their own address.")
            .show(ui, |_| {})
            .clicked()
        {
            self.serves = Serves::Nothing;
        }
        let words = "Folders show a start page, and what is missing an error page, at an address of its own. Over http only, \
                     and only for files that are open to anyone.";
        let pages = OptionCard::new(self.serves == Serves::Pages, "Pages", words).show(ui, |ui| {
            let note = match self.index_problem() {
                Some(sentence) => FieldNote::Error { sentence: sentence.into(), mend: None },
                None => FieldNote::Help("In every folder, e.g. index.html".into()),
            };
            TextField::new("Start page", &mut self.index).mono().note(note).show(ui);
            let help = FieldNote::Help("Its whole key, e.g. 404.html; empty for the store’s own page".into());
            TextField::new("Error page", &mut self.error).mono().note(help).show(ui);
            if !self.start.routing_rules.is_empty() {
                let count =
                    crate::domain::format::counted(self.start.routing_rules.len() as u64, "redirect", "redirects");
                note_ui(ui, icons::ARROW_U_UP_RIGHT, &format!("{count} written elsewhere stay as they are"));
            }
        });
        if pages.clicked() {
            self.serves = Serves::Pages;
        }
        let words = "Every address of the website answers with the same path on another host.";
        let away = OptionCard::new(self.serves == Serves::Elsewhere, "Lead to another host", words).show(ui, |ui| {
            TextField::new("Host", &mut self.host).mono().placeholder("www.example.com").show(ui);
            checkbox(ui, &mut self.https, "Over https");
        });
        if away.clicked() {
            self.serves = Serves::Elsewhere;
        }
    }

    fn index_problem(&self) -> Option<String> {
        let index = self.index.trim();
        if index.is_empty() {
            return Some("A website needs a start page".to_owned());
        }
        index.contains('/').then(|| "The start page is a name without folders, like index.html".to_owned())
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        let website = match self.serves {
            Serves::Nothing => return Ok(None),
            Serves::Pages => {
                if let Some(problem) = self.index_problem() {
                    return Err(problem);
                }
                let error = self.error.trim();
                bucket_settings::Website {
                    index_document: Some(IndexDocument { suffix: self.index.trim().to_owned() }),
                    error_document: (!error.is_empty()).then(|| ErrorDocument { key: error.to_owned() }),
                    redirect_all_requests_to: None,
                    routing_rules: self.start.routing_rules.clone(),
                }
            }
            Serves::Elsewhere => {
                let host = self.host.trim();
                if host.is_empty() || host.contains('/') || host.contains(char::is_whitespace) {
                    return Err("Name the host alone, like www.example.com".to_owned());
                }
                let protocol = if self.https { "https" } else { "http" };
                bucket_settings::Website {
                    redirect_all_requests_to: Some(RedirectAll {
                        host_name: host.to_owned(),
                        protocol: Some(protocol.to_owned()),
                    }),
                    ..bucket_settings::Website::default()
                }
            }
        };
        Ok(Some(SettingValue::Website(website)))
    }
}

/// The access log.
#[derive(Debug)]
pub(in super::super) struct Logging {
    on: bool,
    bucket: String,
    prefix: String,
    by_date: bool,
    let_in: bool,
    /// What the form does not know stays as it is.
    start: Option<bucket_settings::Logging>,
    here: String,
}

impl Logging {
    pub(super) fn of(start: Option<&SettingValue>, cx: &UiCtx<'_>) -> Self {
        let start = match start {
            Some(SettingValue::Logging(logging)) => Some(logging.clone()),
            _ => None,
        };
        let here = cx.model.bucket_settings.bucket.clone().unwrap_or_default();
        Self {
            on: start.is_some(),
            bucket: start.as_ref().map(|it| it.target_bucket.clone()).unwrap_or_default(),
            prefix: start.as_ref().map_or_else(|| format!("{here}/"), |it| it.target_prefix.clone()),
            by_date: matches!(start.as_ref().and_then(|it| it.key_format.as_ref()), Some(LogKeyFormat::Partitioned(_))),
            let_in: start.is_none(),
            start,
            here,
        }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>) {
        let off = "Nobody writes down who asks for what.";
        if OptionCard::new(!self.on, "Off", off).show(ui, |_| {}).clicked() {
            self.on = false;
        }
        let on = "Who asked for what, when, from where and with which answer, as text files. They come within hours, and \
                  some may be missing.";
        let card = OptionCard::new(self.on, "Write an access log", on).show(ui, |ui| {
            TextField::new("Bucket that takes the log", &mut self.bucket).mono().show(ui);
            TextField::new("Names begin with", &mut self.prefix).mono().show(ui);
            checkbox(ui, &mut self.by_date, "A folder for account, region, bucket and day");
            checkbox(
                ui,
                &mut self.let_in,
                "Let the log service write there (adds a statement to that bucket’s policy)",
            );
        });
        if card.clicked() {
            self.on = true;
        }
        if !self.on {
            return;
        }
        if self.bucket.trim() == self.here {
            warn_ui(ui, "Into itself: every log file is logged again. Take another bucket");
        }
        if self.start.as_ref().is_some_and(|it| !it.target_grants.is_empty()) {
            note_ui(ui, icons::USER_CIRCLE, "Who else may read the log files stays as it is");
        }
        let lock = cx.model.bucket_settings.value(SettingKind::ObjectLock).is_some();
        if lock && self.bucket.trim() == self.here {
            warn_ui(ui, "Logs are not delivered into a bucket with a default lock");
        }
        note_ui(ui, icons::INFO, "That bucket must lie in the same region and account, without Requester pays");
    }

    pub(super) fn value(&self) -> Result<Option<SettingValue>, String> {
        if !self.on {
            return Ok(None);
        }
        let bucket = self.bucket.trim();
        if bucket.is_empty() {
            return Err("Name the bucket that takes the log".to_owned());
        }
        if bucket.contains('/') || bucket.contains(char::is_whitespace) {
            return Err(format!("{bucket} is no name of a bucket"));
        }
        let before = self.start.as_ref().and_then(|it| it.key_format.clone());
        let key_format = match (self.by_date, before) {
            (true, Some(format @ LogKeyFormat::Partitioned(_))) => Some(format),
            (true, _) => Some(LogKeyFormat::Partitioned(Some("EventTime".to_owned()))),
            (false, Some(LogKeyFormat::Partitioned(_))) => Some(LogKeyFormat::Simple),
            (false, other) => other,
        };
        Ok(Some(SettingValue::Logging(bucket_settings::Logging {
            target_bucket: bucket.to_owned(),
            target_prefix: self.prefix.clone(),
            target_grants: self.start.as_ref().map(|it| it.target_grants.clone()).unwrap_or_default(),
            key_format,
        })))
    }

    pub(super) fn first(&self) -> Option<First> {
        (self.on && self.let_in).then_some(First::LetLogIn)
    }
}
