//! Every part and every role on pages of 1280 by 800, for comparing with the drawings and for
//! noticing, in a picture, what a change of a widget does to all the others.

mod components;
mod dialogs;
mod parts;
mod roles;

use egui::{ColorImage, Layout, Rect, TextureHandle, TextureOptions, Ui, UiBuilder, pos2, vec2};

use crate::theme::{Tokens, Type};

/// One page of the specimen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecimenPage {
    /// Buttons, fields, choices, badges, levels, banners, rows, cells, menu.
    Components,
    /// Option cards, sections, code, wizard steps, error page, empty state, table.
    Parts,
    /// Type scale, icons and colours.
    Roles,
    /// A confirmation over the components.
    Confirm,
    /// A plan over the components.
    Plan,
}

/// What is typed and chosen on the pages.
#[derive(Default)]
pub struct Specimen {
    name: String,
    wrong_name: String,
    focused: String,
    typed: String,
    empty: String,
    search: String,
    conflict: usize,
    form: usize,
    layout: usize,
    ticked: bool,
    on: bool,
    size: f32,
    tab: usize,
    pictures: Vec<TextureHandle>,
}

impl Specimen {
    /// The pages as they open.
    pub fn new() -> Self {
        Self {
            name: "acme-site-images-2026".to_owned(),
            wrong_name: "Acme_Images".to_owned(),
            focused: "With the focus".to_owned(),
            typed: "acme-site-ima".to_owned(),
            conflict: 1,
            ticked: true,
            on: true,
            size: 190.0,
            ..Self::default()
        }
    }

    /// Shows a page over all of `ui`.
    pub fn ui(&mut self, ui: &mut Ui, page: SpecimenPage) {
        let t = Tokens::of(ui);
        // The whole window, past any margin.
        let rect = ui.content_rect();
        ui.set_clip_rect(rect);
        ui.painter().rect_filled(rect, 0, t.surface);
        match page {
            SpecimenPage::Components => self.components_ui(ui, rect),
            SpecimenPage::Parts => self.parts_ui(ui, rect),
            SpecimenPage::Roles => roles::roles_ui(ui, rect),
            SpecimenPage::Confirm => {
                self.components_ui(ui, rect);
                self.confirm_ui(ui);
            }
            SpecimenPage::Plan => {
                self.components_ui(ui, rect);
                self.plan_ui(ui);
            }
        }
    }

    /// A picture to crop, made once: a sky, a hill and a sun.
    fn picture(&mut self, ui: &Ui, index: usize) -> TextureHandle {
        while self.pictures.len() <= index {
            let name = format!("specimen picture {}", self.pictures.len());
            let image = landscape(self.pictures.len());
            self.pictures.push(ui.load_texture(name, image, TextureOptions::LINEAR));
        }
        self.pictures[index].clone()
    }
}

fn landscape(variant: usize) -> ColorImage {
    const WIDTH: usize = 240;
    const HEIGHT: usize = 160;
    let t = Tokens::for_theme(egui::Theme::Light);
    let (sky, hill, sun) = match variant {
        0 => (t.water_pale, t.accent, t.warn_soft),
        1 => (t.warn_soft, t.warn, t.surface),
        _ => (t.public_soft, t.ok, t.warn),
    };
    let pixels = (0..WIDTH * HEIGHT).map(|at| {
        let (x, y) = ((at % WIDTH) as f32, (at / WIDTH) as f32);
        let ridge = 100.0 + 18.0 * (x / 38.0).sin() + 9.0 * (x / 15.0 + 1.0).sin();
        if (pos2(x, y) - pos2(170.0, 50.0)).length() < 22.0 {
            sun
        } else if y > ridge {
            hill
        } else {
            sky
        }
    });
    ColorImage::new([WIDTH, HEIGHT], pixels.collect())
}

/// A column of the page, laid out downwards.
fn column(ui: &mut Ui, left: f32, top: f32, width: f32, contents: impl FnOnce(&mut Ui)) {
    let place = Rect::from_min_size(pos2(left, top), vec2(width, 2000.0));
    let layout = Layout::top_down(egui::Align::LEFT);
    let mut child = ui.new_child(UiBuilder::new().id_salt(left as i32).max_rect(place).layout(layout));
    child.set_width(width);
    contents(&mut child);
}

/// A group with its title.
fn group(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
    ui.label(Type::CaptionMedium.rich(title).color(t.text_3));
    ui.scope(contents);
    ui.add_space(14.0);
}
