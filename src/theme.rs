//! The look of the window: colours by role, type, icons and measures.
//!
//! [`tokens`] is the only place with colours and [`icons`] the only place with glyphs. A
//! panel asks for a role ("secondary text", "edge of a control"), never for a value, so light and
//! dark differ in one table and nowhere else. [`install`] is called once, before the first frame.

pub mod fonts;
pub mod icons;
pub mod mark;
pub mod measure;
mod style;
pub mod text;
pub mod tokens;

pub use icons::Icon;
pub use text::Type;
pub use tokens::Tokens;

/// Sets fonts, text styles, spacing and both styles, and follows the light or dark of the system.
///
/// Call it before the first frame: fonts and styles installed later show for one frame in the
/// stock look. It can be called again to reset everything.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in [egui::Theme::Light, egui::Theme::Dark] {
        ctx.set_style_of(theme, style::style(theme, reduced_motion(ctx)));
    }
    ctx.set_theme(egui::ThemePreference::System);
}

/// Turns motion off or on: with it off every change shows at once, and a level icon without a
/// known total stands still at one half.
pub fn set_reduced_motion(ctx: &egui::Context, reduced: bool) {
    ctx.data_mut(|data| data.insert_temp(motion_id(), reduced));
    ctx.all_styles_mut(|style| style::set_motion(style, reduced));
}

/// Whether motion is turned off (see [`set_reduced_motion`]).
pub fn reduced_motion(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp(motion_id()).unwrap_or(false))
}

fn motion_id() -> egui::Id {
    egui::Id::unique("brimful_reduced_motion")
}

#[cfg(test)]
mod tests;
