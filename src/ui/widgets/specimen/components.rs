//! The page of single components.

use egui::{Rect, Ui, vec2};

use super::super::*;
use super::{Specimen, column, group};
use crate::theme::{Tokens, Type, icons};

impl Specimen {
    pub(super) fn components_ui(&mut self, ui: &mut Ui, rect: Rect) {
        let (top, left) = (rect.top() + 20.0, rect.left() + 24.0);
        column(ui, left, top, 392.0, |ui| {
            group(ui, "Buttons", buttons_ui);
            group(ui, "Text fields, with help and with an error", |ui| self.fields_ui(ui));
            group(ui, "Choice", |ui| self.choice_ui(ui));
            group(ui, "Badges and tokens", badges_ui);
        });
        column(ui, left + 420.0, top, 392.0, |ui| {
            group(ui, "Level icons and progress", levels_ui);
            group(ui, "Banners", banners_ui);
            group(ui, "Toast", |ui| {
                Toast::new(ToastTone::Ok, "12 files uploaded to photos/2026/")
                    .action("Copy 12 URLs")
                    .action("Show")
                    .show(ui);
            });
            group(ui, "Tree rows", tree_ui);
        });
        column(ui, left + 840.0, top, 392.0, |ui| {
            group(ui, "Table rows", table_ui);
            group(ui, "Thumbnail cells", |ui| self.cells_ui(ui));
            group(ui, "Menu", menu_ui);
        });
    }

    fn fields_ui(&mut self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            TextField::new("Name of the bucket", &mut self.name)
                .mono()
                .width(191.0)
                .note(FieldNote::Good("Free in Europe (Ireland)".into()))
                .show(ui);
            TextField::new("Name of the other bucket", &mut self.wrong_name)
                .mono()
                .width(191.0)
                .note(FieldNote::Error {
                    sentence: "Only a–z, 0–9, dots and hyphens.".into(),
                    mend: Some("Use acme-images".into()),
                })
                .show(ui);
        });
        ui.horizontal_top(|ui| {
            let first = self.empty.is_empty() && !ui.memory(|memory| memory.focused().is_some());
            let field = TextField::new("With the focus", &mut self.focused).label_hidden().width(191.0).show(ui);
            if first {
                field.response.request_focus();
            }
            TextField::new("Placeholder", &mut self.empty)
                .label_hidden()
                .placeholder("Placeholder")
                .width(191.0)
                .show(ui);
        });
        ui.horizontal_top(|ui| {
            SearchField::new("Filter by name", &mut self.search).key_cap("Ctrl F").width(191.0).show(ui);
            select(ui, "Who asks", "Anyone", 191.0, |ui| {
                MenuRow::new("Anyone").chosen(true).show(ui);
                MenuRow::new("The account owner").chosen(false).show(ui);
            });
        });
    }

    fn choice_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let conflict = [Segment::new(0, "Skip"), Segment::new(1, "Keep both"), Segment::new(2, "Overwrite")];
            segmented(ui, &conflict, &mut self.conflict, ControlSize::Regular);
            let form = [Segment::new(0, "JSON"), Segment::new(1, "Form")];
            segmented(ui, &form, &mut self.form, ControlSize::Small);
            let layout = [
                Segment::icon(0, icons::SQUARES_FOUR, "Show as gallery"),
                Segment::icon(1, icons::ROWS, "Show as list"),
            ];
            segmented(ui, &layout, &mut self.layout, ControlSize::Regular);
        });
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            check_box(ui, Some(false), "Empty");
            check_box(ui, Some(true), "Ticked");
            check_box(ui, None, "Some of them");
            checkbox(ui, &mut self.ticked, "With a label");
            radio(ui, false, "Off");
            radio(ui, true, "On");
            let mut off = false;
            switch(ui, &mut off, "A switch that is off");
            switch(ui, &mut self.on, "A switch that is on");
        });
        ui.horizontal(|ui| {
            slider(ui, &mut self.size, 96.0..=320.0, 1.0, 104.0, "Size of the thumbnails");
            ui.add_enabled_ui(false, |ui| {
                check_box(ui, Some(true), "Ticked and disabled");
                radio(ui, false, "Disabled");
                let mut on = true;
                switch(ui, &mut on, "A switch that is disabled");
            });
        });
    }

    fn cells_ui(&mut self, ui: &mut Ui) {
        let picture = |this: &mut Self, ui: &Ui, index: usize| {
            let texture = this.picture(ui, index);
            ThumbFace::Picture { texture: texture.id(), size: texture.size_vec2(), alpha: false }
        };
        let (first, second, third) = (picture(self, ui, 0), picture(self, ui, 1), picture(self, ui, 2));
        let mislabelled = Badge::new(Tone::Warn, "JPEG").icon(icons::WARNING);
        let cells = [
            ThumbCell::new(first.clone(), "at rest", "2400 × 1600"),
            ThumbCell::new(second, "selected", "1440 × 1080").selected(true),
            ThumbCell::new(first, "focus", "1440 × 1080").focused(true),
            ThumbCell::new(ThumbFace::Waiting, "waiting", "1.2 MB"),
            ThumbCell::new(ThumbFace::ComingIn(Level::Fraction(0.4)), "coming in", "1.2 MB"),
            ThumbCell::new(ThumbFace::Broken("Not an image".into()), "broken", "3.1 KB"),
            ThumbCell::new(third, "mislabelled", "640 KB").badge(mislabelled),
            ThumbCell::new(ThumbFace::Private("May not be read".into()), "private", "2.1 MB"),
            ThumbCell::new(ThumbFace::TooLarge("412 megapixels".into()), "too large", "1.1 GB"),
        ];
        let mut cells = cells.into_iter();
        ui.spacing_mut().item_spacing = vec2(12.0, 12.0);
        for _ in 0..3 {
            ui.horizontal(|ui| {
                for cell in cells.by_ref().take(3) {
                    cell.show(ui, 104.0);
                }
            });
        }
    }
}

fn buttons_ui(ui: &mut Ui) {
    row(ui, 30.0, |ui| {
        Button::primary("Upload").icon(icons::UPLOAD_SIMPLE).show(ui);
        Button::secondary("Secondary").show(ui);
        Button::secondary("With icon").icon(icons::COPY).show(ui);
    });
    row(ui, 30.0, |ui| {
        Button::quiet("Quiet").show(ui);
        Button::quiet_accent("Link-like").show(ui);
        Button::danger("Delete bucket").show(ui);
        Button::danger_quiet("Cancel all…").show(ui);
    });
    row(ui, 30.0, |ui| {
        Button::secondary("Disabled").disabled_because(Some("Choose a bucket first")).show(ui);
        Button::primary("Disabled").disabled_because(Some("Choose a bucket first")).show(ui);
        Button::secondary("Checking").busy(Some(Level::Fraction(0.5))).show(ui);
    });
    row(ui, 36.0, |ui| {
        Button::secondary("Small 24").small().show(ui);
        Button::secondary("Regular 30").show(ui);
        Button::secondary("Large 36").large().show(ui);
        Button::secondary("Keep both").small().trailing_icon(icons::CARET_DOWN).show(ui);
    });
    row(ui, 30.0, |ui| {
        IconButton::new(icons::PAUSE, "Pause all").show(ui);
        IconButton::new(icons::INFO, "Show the inspector").on(true).show(ui);
        IconButton::new(icons::TRASH, "Delete lake.jpg").edge().color(Tokens::of(ui).danger_text).show(ui);
        IconButton::new(icons::ARROW_RIGHT, "Forward").disabled_because(Some("Nothing to go forward to")).show(ui);
        IconButton::new(icons::X, "Close").small().show(ui);
        Button::quiet("Commands").icon(icons::LIST_MAGNIFYING_GLASS).key_cap("Ctrl K").show(ui);
        link(ui, Type::BodyMedium, "A link");
    });
}

fn badges_ui(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        Badge::new(Tone::Neutral, "Neutral").show(ui);
        Badge::new(Tone::Public, "Open to anyone").icon(icons::GLOBE_SIMPLE).show(ui);
        Badge::new(Tone::Ok, "Seen just now").icon(icons::CHECK).show(ui);
        Badge::new(Tone::Warn, "JPEG, named .png").icon(icons::WARNING).show(ui);
        Badge::new(Tone::Danger, "403 AccessDenied").show(ui);
        Badge::new(Tone::Accent, "Start here").show(ui);
        Badge::new(Tone::Line, "Predicted").show(ui);
        token(ui, "clean name");
    });
}

fn levels_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let levels = [
        Level::Waiting,
        Level::Fraction(0.2),
        Level::Fraction(0.5),
        Level::Fraction(0.85),
        Level::Done,
        Level::Proved,
        Level::Failed,
        Level::Paused,
        Level::Skipped,
    ];
    for row in levels.chunks(5) {
        ui.horizontal(|ui| {
            for level in row {
                ui.spacing_mut().item_spacing.x = 6.0;
                level_icon(ui, *level, 16.0, "Sample");
                ui.label(Type::Small.rich(level.words()).color(t.text_2));
                ui.add_space(6.0);
            }
        });
    }
    progress_bar(ui, 0.58, false, 4.0, "Sent");
    progress_bar(ui, 0.34, true, 4.0, "Sent before it failed");
    progress_bar(ui, 0.75, false, 6.0, "Sent in all");
}

fn banners_ui(ui: &mut Ui) {
    ui.spacing_mut().item_spacing.y = 6.0;
    Banner::new(BannerTone::Quiet, "Practice storage is running.", "Nothing leaves this computer.").show(ui);
    Banner::new(BannerTone::Warn, "Two files are not images.", "They are left out.").link("Show").show(ui);
    Banner::new(BannerTone::Danger, "The store did not answer.", "Tried 4 times.").link("Retry").show(ui);
    Banner::new(BannerTone::Public, "photos/ is open to anyone.", "Since 12 Mar 2026.").show(ui);
}

fn tree_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    group_head(ui, "Buckets", |ui| {
        IconButton::new(icons::PLUS, "Create a bucket").small().show(ui);
        IconButton::new(icons::FUNNEL_SIMPLE, "Filter buckets").small().show(ui);
    });
    let globe = t.public_icon();
    TreeRow::new(icons::GLOBE_SIMPLE, "acme-press-kit").icon_color(globe).show(ui);
    TreeRow::new(icons::LOCK_SIMPLE, "acme-invoices").selection(RowSelection::Quiet).show(ui);
    TreeRow::new(icons::GLOBE_SIMPLE, "acme-site-images-2026")
        .icon_color(globe)
        .selection(RowSelection::Selected)
        .show(ui);
    TreeRow::new(icons::FOLDER_SIMPLE, "photos/2026/").depth(1).count("148").show(ui);
    let long = "a-very-long-name-of-a-bucket-that-cannot-be-shown-as-a-whole";
    TreeRow::new(icons::QUESTION, long).count("1,204").show(ui);
}

fn table_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let columns = vec![
        Column::exact("", 36.0),
        Column::share("Name", 1.0, 80.0).sortable(Some(SortOrder::Ascending)),
        Column::exact("Size", 80.0).right(),
    ];
    let files = [("bowls-stack.jpg", "377 KB"), ("cactus-pot.jpg", "340 KB"), ("dunes-evening.jpg", "1.2 MB")];
    Table::new("files", "Files", columns).max_height(96.0).show(ui, files.len(), |row, index| {
        let (name, size) = files[index];
        let selected = index == 2;
        row.state(name, RowSelection::from_bool(selected), index == 1);
        row.ui(0, |ui| check_box(ui, Some(selected), &format!("Select {name}")));
        row.text(1, Type::Body, t.text, name);
        row.text(2, Type::Body, t.text_2, size);
    });
}

fn menu_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    popup_frame(t).show(ui, |ui| {
        ui.set_width(240.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        MenuRow::new("Open").icon(icons::EYE).keys("Space").show(ui);
        MenuRow::new("Copy URL").icon(icons::LINK_SIMPLE).keys("Ctrl Shift C").show(ui);
        MenuRow::new("Undo").icon(icons::ARROW_U_UP_LEFT).disabled_because(Some("Nothing to undo")).show(ui);
        menu_rule(ui);
        MenuRow::new("Delete…").icon(icons::TRASH).keys("Del").danger().show(ui);
    });
}
