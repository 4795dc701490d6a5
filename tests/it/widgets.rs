//! The design system as a person meets it: what it looks like, and what keyboard and names do.

use std::io::Write as _;
use std::sync::Once;
use std::time::Duration;

use brimful::theme::{self, Tokens, Type, icons};
use brimful::ui::widgets::specimen::{Specimen, SpecimenPage};
use brimful::ui::widgets::{
    Button, Column, ControlSize, Dialog, FieldNote, IconButton, Level, MenuRow, OptionCard, RowSelection, SearchField,
    Segment, Table, TextField, TreeRow, check_box, menu, menu_rule, section, segmented, slider, switch,
};
use egui::{Key, Theme, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotOptions};
use futures_util::FutureExt as _;
use test_case::test_case;

/// Whether pictures can be made here. Says once why not, and is strict where a machine promises it.
fn can_render() -> bool {
    static SAY: Once = Once::new();
    let instance = eframe::wgpu::Instance::default();
    let adapters = instance.enumerate_adapters(eframe::wgpu::Backends::all()).now_or_never();
    let found = adapters.is_some_and(|adapters| !adapters.is_empty());
    if !found {
        let promised = std::env::var_os("BRIMFUL_REQUIRE_SNAPSHOTS").is_some_and(|value| value == "1");
        assert!(!promised, "BRIMFUL_REQUIRE_SNAPSHOTS=1, but there is no graphics adapter to render with");
        // Past the capture of test output: a skipped comparison must not look like one that was made.
        SAY.call_once(|| {
            let reason = "Pictures are not compared: there is no graphics adapter to render with";
            let _ = writeln!(std::io::stderr(), "{reason}");
        });
    }
    found
}

/// A window of the given size with the theme installed before its first frame.
fn window<'a, State: 'a>(
    size: egui::Vec2,
    theme: Theme,
    state: State,
    ui: impl FnMut(&mut egui::Ui, &mut State) + 'a,
) -> Harness<'a, State> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_render_cursor(false)
        .with_context_setup(move |ctx| {
            theme::install(ctx);
            ctx.set_theme(theme);
        })
        .build_ui_state(ui, state)
}

fn small_window<'a, State: 'a>(state: State, ui: impl FnMut(&mut egui::Ui, &mut State) + 'a) -> Harness<'a, State> {
    window(vec2(400.0, 300.0), Theme::Light, state, ui)
}

#[test_case(SpecimenPage::Components, Theme::Light, "components_light")]
#[test_case(SpecimenPage::Components, Theme::Dark, "components_dark")]
#[test_case(SpecimenPage::Parts, Theme::Light, "parts_light")]
#[test_case(SpecimenPage::Parts, Theme::Dark, "parts_dark")]
#[test_case(SpecimenPage::Roles, Theme::Light, "roles_light")]
#[test_case(SpecimenPage::Roles, Theme::Dark, "roles_dark")]
#[test_case(SpecimenPage::Confirm, Theme::Light, "confirm_light")]
#[test_case(SpecimenPage::Plan, Theme::Dark, "plan_dark")]
fn every_part_looks_as_drawn(page: SpecimenPage, theme: Theme, name: &str) {
    let draw = move |ui: &mut egui::Ui, specimen: &mut Specimen| specimen.ui(ui, page);
    let mut window = window(vec2(1280.0, 800.0), theme, Specimen::new(), draw);
    window.run();
    if page == SpecimenPage::Parts {
        // The details of the refusal; the other "Details" is a section of the inspector.
        if let Some(details) = window.get_all_by_label("Details").last() {
            details.click();
        }
        window.run();
        window.remove_cursor();
        window.run();
        assert!(window.query_by_label("Request id").is_some());
    }
    if can_render() {
        window.snapshot_options(format!("widgets/{name}"), &SnapshotOptions::new().max_failed_pixels(40));
    }
}

#[test]
fn a_disabled_button_says_why_and_does_nothing() {
    let mut window = small_window(0, |ui, clicks| {
        let button = Button::primary("Continue").disabled_because(Some("Tick the box first"));
        if button.show(ui).clicked() {
            *clicks += 1;
        }
    });
    window.run();
    window.get_by_label("Continue").click();
    window.run();
    window.get_by_label("Continue").hover();
    for _ in 0..4 {
        window.step();
    }
    assert!(window.query_by_label("Tick the box first").is_some(), "the reason is in the tooltip");
    assert_eq!(*window.state(), 0);
}

#[test]
fn a_busy_button_takes_no_second_click() {
    let mut window = small_window(0, |ui, clicks| {
        let busy = (*clicks > 0).then_some(Level::Fraction(0.3));
        if Button::secondary("Check").busy(busy).show(ui).clicked() {
            *clicks += 1;
        }
    });
    for _ in 0..3 {
        window.run();
        window.get_by_label("Check").click();
    }
    window.run();
    assert_eq!(*window.state(), 1);
}

#[test_case(Key::Space)]
#[test_case(Key::Enter)]
fn buttons_and_switches_work_by_keyboard(key: Key) {
    let mut window = small_window((0, false, false, false), |ui, (clicks, on, open, chosen)| {
        if IconButton::new(icons::TRASH, "Delete cat.png").show(ui).clicked() {
            *clicks += 1;
        }
        switch(ui, on, "Follow links");
        if TreeRow::new(icons::FOLDER_SIMPLE, "photos/").show(ui).clicked() {
            *open = true;
        }
        if OptionCard::new(*chosen, "Only people who sign in", "Nobody outside").show(ui, |_| {}).clicked() {
            *chosen = true;
        }
    });
    window.run();
    for name in ["Delete cat.png", "Follow links", "photos/", "Only people who sign in"] {
        window.get_by_label(name).focus();
        window.run();
        window.key_press(key);
        window.run();
    }
    assert_eq!(*window.state(), (1, true, true, true));
}

#[test]
fn a_segment_is_chosen_by_click_and_by_space() {
    let mut window = small_window("keep", |ui, value| {
        let segments = [Segment::new("skip", "Skip"), Segment::new("keep", "Keep both")];
        segmented(ui, &segments, value, ControlSize::Regular);
    });
    window.run();
    window.get_by_label("Skip").click();
    window.run();
    assert_eq!(*window.state(), "skip");
    window.get_by_label("Keep both").focus();
    window.run();
    window.key_press(Key::Space);
    window.run();
    assert_eq!(*window.state(), "keep");
}

#[test_case(&[Key::ArrowRight, Key::ArrowRight], 120.0; "right is more")]
#[test_case(&[Key::ArrowDown], 90.0; "down is less")]
#[test_case(&[Key::End], 200.0; "end is the most")]
#[test_case(&[Key::Home, Key::ArrowLeft], 50.0; "home is the least")]
fn the_slider_moves_by_keys(keys: &[Key], wanted: f32) {
    let mut window = small_window(100.0_f32, |ui, value| {
        slider(ui, value, 50.0..=200.0, 10.0, 104.0, "Size of the thumbnails");
    });
    window.run();
    window.get_by_label("Size of the thumbnails").focus();
    window.run();
    for &key in keys {
        window.key_press(key);
        window.run();
    }
    assert_eq!(*window.state(), wanted);
}

#[test]
fn a_field_is_typed_into_and_mended() {
    let mut window = small_window(String::from("Acme"), |ui, name| {
        let wrong = name.chars().any(char::is_uppercase);
        let sentence = "Only a–z, 0–9, dots and hyphens.".into();
        let note = FieldNote::Error { sentence, mend: Some("Use acme".into()) };
        let note = if wrong { note } else { FieldNote::Good("Free".into()) };
        if TextField::new("Name of the bucket", name).note(note).show(ui).mended {
            *name = name.to_lowercase();
        }
    });
    window.run();
    window.get_by_label("Use acme").click();
    window.run();
    assert_eq!(window.state(), "acme");
    window.get_by_role_and_label(egui::Role::TextInput, "Name of the bucket").focus();
    window.run();
    window.get_by_role_and_label(egui::Role::TextInput, "Name of the bucket").type_text("-2");
    window.run();
    assert!(window.state().contains("-2"));
    assert!(window.query_by_label("Free").is_some());
}

#[test]
fn escape_in_the_search_field_gives_the_keyboard_back() {
    let mut window = small_window(String::new(), |ui, text| {
        SearchField::new("Filter by name", text).key_cap("Ctrl F").show(ui);
    });
    window.run();
    window.get_by_label("Filter by name").focus();
    window.run();
    window.get_by_label("Filter by name").type_text("lake");
    window.run();
    assert_eq!(window.state(), "lake");
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(window.state(), "", "Esc clears");
}

#[test]
fn escape_closes_a_dialog_and_a_click_beside_it_does_not() {
    let mut window = small_window((false, false), |ui, (closed, entered)| {
        let dialog = Dialog::new("delete", "Delete acme-invoices?");
        let answer = dialog.show(
            ui,
            |ui| {
                ui.label("This deletes 3 files for good");
            },
            |ui| {
                Button::danger("Delete").large().show(ui);
            },
        );
        *closed |= answer.close;
        *entered |= answer.enter;
    });
    window.run();
    window.drag_at(egui::pos2(4.0, 4.0));
    window.run();
    window.drop_at(egui::pos2(4.0, 4.0));
    window.run();
    assert_eq!(*window.state(), (false, false));
    window.get_by_label("Delete").focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert_eq!(*window.state(), (false, false), "Enter on a button is for that button");
    window.key_press(Key::Escape);
    window.run();
    assert_eq!(*window.state(), (true, false));
}

#[test]
fn enter_in_a_field_of_a_dialog_asks_for_the_primary_button() {
    let mut window = small_window((String::new(), false), |ui, (name, entered)| {
        let dialog = Dialog::new("create", "Create a folder");
        let answer = dialog.show(ui, |ui| TextField::new("Name", name).show(ui).mended, |_| {});
        *entered |= answer.enter;
    });
    window.run();
    window.get_by_role(egui::Role::TextInput).focus();
    window.run();
    window.key_press(Key::Enter);
    window.run();
    assert!(window.state().1);
}

/// A window with a tooltip, an open menu or a pressed button in it.
#[test_case(Theme::Light, "light")]
#[test_case(Theme::Dark, "dark")]
fn tooltips_menus_and_pressed_buttons_look_as_drawn(theme: Theme, name: &str) {
    let mut window = window(vec2(420.0, 220.0), theme, (), |ui, ()| {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(ui.clip_rect(), 0, t.surface);
        ui.horizontal(|ui| {
            let button = Button::secondary("Copy").trailing_icon(icons::CARET_DOWN).show(ui);
            menu(&button, 220.0, |ui| {
                MenuRow::new("Copy URL").icon(icons::LINK_SIMPLE).keys("Ctrl Shift C").show(ui);
                MenuRow::new("Copy as Markdown").icon(icons::COPY).show(ui);
                menu_rule(ui);
                MenuRow::new("Delete…").icon(icons::TRASH).keys("Del").danger().show(ui);
            });
            IconButton::new(icons::PAUSE, "Pause all").show(ui);
            Button::primary("Upload").icon(icons::UPLOAD_SIMPLE).show(ui);
        });
    });
    let compare = |window: &mut Harness<'_, ()>, what: &str| {
        if can_render() {
            window.snapshot_options(format!("widgets/{what}_{name}"), &SnapshotOptions::new().max_failed_pixels(40));
        }
    };
    window.run();
    window.get_by_label("Pause all").hover();
    for _ in 0..5 {
        window.step();
    }
    assert_eq!(window.get_all_by_label("Pause all").count(), 2, "the button and its tooltip");
    compare(&mut window, "tooltip");
    window.get_by_label("Copy").click();
    window.run();
    window.get_by_label("Copy URL").focus();
    window.run();
    compare(&mut window, "menu");
}

#[test]
fn a_menu_opens_acts_and_closes() {
    let mut window = small_window(Vec::new(), |ui, done: &mut Vec<&str>| {
        let button = Button::secondary("Copy").show(ui);
        menu(&button, 200.0, |ui| {
            if MenuRow::new("Copy URL").icon(icons::LINK_SIMPLE).show(ui).clicked() {
                done.push("url");
            }
            let reason = Some("This bucket is private");
            if MenuRow::new("Copy as Markdown").disabled_because(reason).show(ui).clicked() {
                done.push("markdown");
            }
        });
    });
    window.run();
    assert!(window.query_by_label("Copy URL").is_none());
    window.get_by_label("Copy").click();
    window.run();
    window.get_by_label("Copy as Markdown").click();
    window.run();
    if window.query_by_label("Copy URL").is_none() {
        window.get_by_label("Copy").click();
        window.run();
    }
    window.get_by_label("Copy URL").click();
    window.run();
    assert_eq!(*window.state(), ["url"]);
    assert!(window.query_by_label("Copy URL").is_none(), "the menu is closed");
}

#[test]
fn a_section_opens_and_shuts() {
    let mut window = small_window((), |ui, ()| {
        section(ui, "tags", "Tags", None, false, |ui| {
            ui.label("team = web");
        });
    });
    window.run();
    assert!(window.query_by_label("team = web").is_none());
    window.get_by_label("Tags").click();
    window.run();
    assert!(window.query_by_label("team = web").is_some());
}

/// What a table of files saw: rows laid out in the last frame, the row clicked, and boxes ticked.
#[derive(Default)]
struct Seen {
    laid_out: usize,
    clicked: Option<usize>,
    ticked: Option<usize>,
    sort: Option<usize>,
    scroll_to: Option<usize>,
}

fn table_window<'a>() -> Harness<'a, Seen> {
    let columns = || vec![Column::exact("", 36.0), Column::share("Name", 1.0, 80.0).sortable(None)];
    small_window(Seen::default(), move |ui, seen: &mut Seen| {
        let t = Tokens::of(ui);
        seen.laid_out = 0;
        let table = Table::new("files", "Files", columns()).scroll_to(seen.scroll_to.take());
        let answer = table.show(ui, 100_000, |row, index| {
            seen.laid_out += 1;
            let name = format!("{index}.jpg");
            row.state(&name, RowSelection::None, false);
            if row.ui(0, |ui| check_box(ui, Some(false), &format!("Select {name}"))).clicked() {
                seen.ticked = Some(index);
            }
            row.text(1, Type::Body, t.text, &name);
            if row.response().clicked() {
                seen.clicked = Some(index);
            }
        });
        seen.sort = seen.sort.or(answer.head_clicked);
    })
}

#[test]
fn a_table_lays_out_only_the_rows_in_sight() {
    let mut window = table_window();
    window.run();
    assert!((5..20).contains(&window.state().laid_out), "{} rows", window.state().laid_out);
    window.state_mut().scroll_to = Some(50_000);
    window.run();
    window.run();
    assert!(window.query_by_label("50000.jpg").is_some());
    assert!(window.state().laid_out < 20);
}

#[test]
fn a_row_its_box_and_its_head_are_clicked_each_for_itself() {
    let mut window = table_window();
    window.run();
    window.get_by_label("3.jpg").click();
    window.run();
    assert_eq!(window.state().clicked, Some(3));
    window.state_mut().clicked = None;
    window.get_by_label("Select 2.jpg").click();
    window.run();
    assert_eq!((window.state().ticked, window.state().clicked), (Some(2), None));
    window.get_by_label("Sort by Name").click();
    window.run();
    assert_eq!(window.state().sort, Some(1));
}

/// How long the window rests after the last frame.
fn rest<State>(window: &Harness<'_, State>) -> Duration {
    window.output().viewport_output.values().map(|output| output.repaint_delay).min().unwrap_or_default()
}

#[test]
fn a_level_without_a_known_total_steps_and_the_others_paint_nothing() {
    let mut window = small_window(Level::Fraction(0.4), |ui, level| {
        level.paint(ui, egui::pos2(50.0, 50.0), 16.0);
    });
    window.run();
    window.step();
    assert_eq!(rest(&window), Duration::MAX);
    *window.state_mut() = Level::Unknown;
    window.step();
    let step = rest(&window);
    assert!(Duration::from_millis(10) < step && step <= Duration::from_millis(400), "{step:?}");
    theme::set_reduced_motion(&window.ctx, true);
    window.run();
    window.step();
    assert_eq!(rest(&window), Duration::MAX, "with motion turned off it stands still");
}
