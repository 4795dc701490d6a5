//! An access control list, of the bucket or of a file: the canned lists, and who is granted what.

use egui::{Ui, vec2};

use super::super::body::{note_ui, warn_ui};
use crate::domain::bucket_settings::acl::{self, Acl, MAX_GRANTS, WrittenGrant, canned_words, choices, meaning, short};
use crate::domain::public_access::{AclOf, BlockLevels, CannedAcl, Grant, Grantee, Grants, Permission};
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, FieldNote, IconButton, MenuRow, TextField, fact, paint, select};

/// Whom a grant is for, before it is known which account that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Owner,
    BucketOwner,
    Anyone,
    AnyAccount,
    LogDelivery,
    Account,
}

impl Who {
    const fn title(self) -> &'static str {
        match self {
            Self::Owner => "The owner",
            Self::BucketOwner => "The bucket’s owner",
            Self::Anyone => "Anyone on the internet",
            Self::AnyAccount => "Anyone with any AWS account",
            Self::LogDelivery => "The log delivery of S3",
            Self::Account => "Another account",
        }
    }
}

/// A grant as it is typed.
#[derive(Debug)]
struct Row {
    who: Who,
    /// The canonical ID of another account.
    id: String,
    permission: Permission,
}

/// The list as it is filled in.
#[derive(Debug)]
pub(in crate::ui) struct AccessForm {
    of: AclOf,
    /// The list as it was.
    before: Acl,
    /// Whose the bucket is, where the file is somebody else's.
    bucket_owner: Option<String>,
    rows: Vec<Row>,
    others: Vec<WrittenGrant>,
}

impl AccessForm {
    /// Begins with a list.
    pub(in crate::ui) fn of(of: AclOf, start: &Acl, bucket_owner: Option<&str>) -> Self {
        let bucket_owner = bucket_owner.filter(|id| Some(*id) != start.owner.as_deref()).map(str::to_owned);
        let mut form = Self { of, before: start.clone(), bucket_owner, rows: Vec::new(), others: start.others.clone() };
        form.rows = start.grants.0.iter().map(|grant| form.row(grant)).collect();
        form
    }

    fn row(&self, grant: &Grant) -> Row {
        let (who, id) = match &grant.grantee {
            Grantee::AllUsers => (Who::Anyone, String::new()),
            Grantee::AuthenticatedUsers => (Who::AnyAccount, String::new()),
            Grantee::LogDelivery => (Who::LogDelivery, String::new()),
            Grantee::CanonicalUser(id) if Some(id) == self.before.owner.as_ref() => (Who::Owner, String::new()),
            Grantee::CanonicalUser(id) if Some(id) == self.bucket_owner.as_ref() => (Who::BucketOwner, String::new()),
            Grantee::CanonicalUser(id) => (Who::Account, id.clone()),
        };
        Row { who, id, permission: grant.permission }
    }

    /// The grant of a row; `None` while the account is not named.
    fn grant(&self, row: &Row) -> Option<Grant> {
        let account = |id: &Option<String>| id.clone().map(Grantee::CanonicalUser);
        let grantee = match row.who {
            Who::Owner => account(&self.before.owner)?,
            Who::BucketOwner => account(&self.bucket_owner)?,
            Who::Anyone => Grantee::AllUsers,
            Who::AnyAccount => Grantee::AuthenticatedUsers,
            Who::LogDelivery => Grantee::LogDelivery,
            Who::Account => Grantee::CanonicalUser(Some(row.id.trim()).filter(|id| !id.is_empty())?.to_owned()),
        };
        Some(Grant { grantee, permission: row.permission })
    }

    /// The canned list that the rows make; what is not understood stays beside any of them.
    fn chosen(&self) -> Option<CannedAcl> {
        let grants = self.rows.iter().map(|row| self.grant(row)).collect::<Option<_>>()?;
        let list = Acl { owner: self.before.owner.clone(), grants: Grants(grants), others: Vec::new() };
        list.canned(self.of, self.bucket_owner.as_deref())
    }

    fn choose(&mut self, canned: CannedAcl) {
        let Some(owner) = self.before.owner.clone() else { return };
        let bucket_owner = self.bucket_owner.as_deref().unwrap_or(&owner);
        let list = Acl::of_canned(canned, &owner, bucket_owner);
        self.rows = list.grants.0.iter().map(|grant| self.row(grant)).collect();
    }

    fn offers(&self, row: &Row) -> Vec<Who> {
        let mut all = vec![Who::Owner, Who::Anyone, Who::AnyAccount, Who::Account];
        if self.bucket_owner.is_some() {
            all.insert(1, Who::BucketOwner);
        }
        if self.of == AclOf::Bucket || row.who == Who::LogDelivery {
            all.push(Who::LogDelivery);
        }
        all
    }

    /// Shows the fields, and what stands against what they say.
    pub(in crate::ui) fn ui(&mut self, ui: &mut Ui, block: &BlockLevels) {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        self.canned_ui(ui);
        ui.add_space(8.0);
        let t = Tokens::of(ui);
        paint::label(ui, Type::SmallMedium.rich("Who may do what"), t.text_2);
        let mut gone = None;
        for at in 0..self.rows.len() {
            if self.row_ui(ui, at) {
                gone = Some(at);
            }
        }
        if let Some(at) = gone {
            self.rows.remove(at);
        }
        self.others_ui(ui);
        ui.horizontal(|ui| {
            let full = (self.rows.len() + self.others.len() >= MAX_GRANTS).then_some("A list takes 100 grants");
            let add = Button::quiet("Add a grant").icon(icons::PLUS).disabled_because(full).flush_left();
            if add.show(ui).clicked() {
                self.rows.push(Row { who: Who::Account, id: String::new(), permission: Permission::Read });
            }
        });
        if let Err(why) = self.value() {
            paint::label(ui, Type::Small.rich(why), t.danger_text);
        }
        self.warnings_ui(ui, block);
    }

    fn canned_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let chosen = self.chosen();
        let shown = chosen.map_or("A list of its own", |canned| canned_words(self.of, canned).title);
        paint::label(ui, Type::SmallMedium.rich("Canned list"), t.text_2);
        let mut wanted = None;
        select(ui, "Canned list", shown, ui.available_width(), |ui| {
            for canned in choices(self.of, self.bucket_owner.is_some()) {
                let words = canned_words(self.of, canned);
                let row = MenuRow::new(words.title).keys(canned.as_str()).chosen(chosen == Some(canned));
                if row.show(ui).clicked() {
                    wanted = Some(canned);
                }
            }
        });
        let words = chosen.map_or("The grants below are none of the lists that S3 has a name for.", |canned| {
            canned_words(self.of, canned).meaning
        });
        paint::label(ui, Type::Small.rich(words), t.text_2);
        if let Some(canned) = wanted {
            self.choose(canned);
        }
    }

    /// One grant; says whether it shall go.
    fn row_ui(&mut self, ui: &mut Ui, at: usize) -> bool {
        const WHO: f32 = 230.0;
        let t = Tokens::of(ui);
        let number = at + 1;
        let offers = self.offers(&self.rows[at]);
        let of = self.of;
        let row = &mut self.rows[at];
        let mut gone = false;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            select(ui, &format!("Who, grant {number}"), row.who.title(), WHO, |ui| {
                for who in offers {
                    if MenuRow::new(who.title()).chosen(row.who == who).show(ui).clicked() {
                        row.who = who;
                    }
                }
            });
            let width = ui.available_width() - 38.0;
            let shown = |permission: Permission| format!("{}: {}", permission.as_str(), short(of, permission));
            select(ui, &format!("What, grant {number}"), &shown(row.permission), width, |ui| {
                for permission in Permission::ALL {
                    // Files have none to write.
                    if of == AclOf::Object && permission == Permission::Write && row.permission != permission {
                        continue;
                    }
                    let choice = MenuRow::new(shown(permission)).chosen(row.permission == permission);
                    if choice.show(ui).clicked() {
                        row.permission = permission;
                    }
                }
            });
            gone = IconButton::new(icons::X, format!("Remove grant {number}")).show(ui).clicked();
        });
        if row.who == Who::Account {
            let help = FieldNote::Help("The canonical ID of the account, not its number of 12 digits".into());
            let name = format!("Canonical ID, grant {number}");
            TextField::new(name, &mut row.id).label_hidden().mono().note(help).id_salt(("acl", at)).show(ui);
        }
        if let Some(grant) = self.grant(&self.rows[at]) {
            let words = meaning(of, &self.before, &grant);
            if grant.grantee.is_public() {
                // What the public gets anew is red, what it had is violet.
                let had = self.before.grants.allows(&grant.grantee, grant.permission);
                let color = if had { t.public_text } else { t.danger_text };
                fact(ui, icons::GLOBE_SIMPLE, color, Type::Small.job(&words, color));
            } else {
                paint::label(ui, Type::Small.rich(words), t.text_3);
            }
        }
        ui.add_space(4.0);
        gone
    }

    /// What was written elsewhere and is not understood.
    fn others_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let mut gone = None;
        for (at, grant) in self.others.iter().enumerate() {
            ui.horizontal(|ui| {
                let words = format!("{}: {} was written elsewhere and stays as it is", grant.who(), grant.permission);
                let room = ui.available_width() - 38.0;
                ui.allocate_ui_with_layout(vec2(room, 30.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.set_min_size(vec2(room, 30.0));
                    ui.add(egui::Label::new(Type::Small.rich(words).color(t.text_2)).truncate());
                });
                if IconButton::new(icons::X, format!("Remove what {} is granted", grant.who())).show(ui).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.others.remove(at);
        }
    }

    fn warnings_ui(&self, ui: &mut Ui, block: &BlockLevels) {
        if let Ok(list) = self.value() {
            if list.is_public() {
                for words in [acl::refused(block), acl::ignored(block)].into_iter().flatten() {
                    warn_ui(ui, &words);
                }
            }
            if self.before.owner_has_all() && !list.owner_has_all() {
                warn_ui(
                    ui,
                    "The owner’s own FULL_CONTROL goes. Some stores then refuse the owner too, even to put it back",
                );
            }
        }
        let words = match self.of {
            AclOf::Bucket => "Who may open a file is said by the file’s own list and by the policy, not here",
            AclOf::Object => "The policy can let in others too, whatever is on this list",
        };
        note_ui(ui, icons::INFO, words);
    }

    /// What is filled in; the error is why it cannot be saved like that.
    pub(in crate::ui) fn value(&self) -> Result<Acl, String> {
        let mut grants: Vec<Grant> = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let number = at + 1;
            let grant =
                self.grant(row).ok_or_else(|| format!("Name the account of grant {number} by its canonical ID"))?;
            if let Grantee::CanonicalUser(id) = &grant.grantee {
                if id.contains('@') {
                    return Err(format!("Grant {number}: lists take no e-mail addresses any more, but canonical IDs"));
                }
                if id.contains(char::is_whitespace) {
                    return Err(format!("Grant {number}: a canonical ID has no spaces"));
                }
            }
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
        Ok(Acl { owner: self.before.owner.clone(), grants: Grants(grants), others: self.others.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bucket_settings::{SettingKind, SettingValue};
    use serde_json::json;
    use test_case::test_case;

    fn odd() -> Acl {
        let uri = |group: &Grantee| group.group_uri().unwrap();
        let json = json!({"Owner":{"ID":"me"},"Grants":[
            {"Grantee":{"Type":"CanonicalUser","ID":"me"},"Permission":"FULL_CONTROL"},
            {"Grantee":{"Type":"CanonicalUser","ID":"boss"},"Permission":"READ_ACP"},
            {"Grantee":{"Type":"CanonicalUser","ID":"you"},"Permission":"WRITE_ACP"},
            {"Grantee":{"Type":"Group","URI":uri(&Grantee::LogDelivery)},"Permission":"WRITE"},
            {"Grantee":{"Type":"Group","URI":uri(&Grantee::AuthenticatedUsers)},"Permission":"READ"},
            {"Grantee":{"Type":"Group","URI":uri(&Grantee::AllUsers)},"Permission":"WRITE"},
            {"Grantee":{"Type":"AmazonCustomerByEmail","EmailAddress":"a@b.example"},"Permission":"READ"},
            {"Grantee":{"Type":"CanonicalUser","ID":"you"},"Permission":"DANCE"}]});
        match SettingValue::from_json(SettingKind::Acl, &json) {
            Some(SettingValue::Acl(acl)) => acl,
            other => panic!("{other:?}"),
        }
    }

    #[test_case(AclOf::Bucket, None; "bucket")]
    #[test_case(AclOf::Object, Some("boss"); "file of somebody else")]
    fn the_form_loses_nothing(of: AclOf, bucket_owner: Option<&str>) {
        assert_eq!(AccessForm::of(of, &odd(), bucket_owner).value(), Ok(odd()));
    }

    #[test]
    fn a_canned_list_keeps_what_is_not_understood() {
        let mut form = AccessForm::of(AclOf::Bucket, &odd(), None);
        assert_eq!(form.chosen(), None);
        for canned in choices(AclOf::Bucket, false) {
            form.choose(canned);
            assert_eq!(form.chosen(), Some(canned));
            let list = form.value().unwrap();
            assert_eq!((list.grants, list.others), (Acl::of_canned(canned, "me", "me").grants, odd().others));
        }
    }

    #[test_case("" => "Name the account of grant 1 by its canonical ID"; "nobody")]
    #[test_case("a@b.example" => "Grant 1: lists take no e-mail addresses any more, but canonical IDs"; "an address")]
    #[test_case("a b" => "Grant 1: a canonical ID has no spaces"; "two words")]
    fn what_is_no_account(id: &str) -> String {
        let mut form = AccessForm::of(AclOf::Bucket, &Acl { owner: Some("me".into()), ..Acl::default() }, None);
        form.rows.push(Row { who: Who::Account, id: id.to_owned(), permission: Permission::Read });
        form.value().unwrap_err()
    }
}
