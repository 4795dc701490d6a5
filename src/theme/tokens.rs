//! Colours by role, once for light and once for dark.
//!
//! This is the only file that names colours. Contrast of every pair in use is computed and
//! checked by a test against WCAG 2.2 (4.5 for text, 3 for marks and control edges).

use egui::{Color32, Shadow, Theme};

/// All colours and shadows of one theme, named by what they are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Whether this is the dark set.
    pub dark: bool,
    /// Sidebar, wizard rail, transfer strip, film strip.
    pub window: Color32,
    /// Main area, inspector, cards, text fields in light.
    pub surface: Color32,
    /// Code, thumbnail bed, quiet boxes, text fields in dark.
    pub sunken: Color32,
    /// Dialog, menu, toast, palette, selection bar.
    pub raised: Color32,
    /// Behind an opened image.
    pub canvas: Color32,
    /// Row or quiet button under the pointer, neutral badge, bed of a segmented control.
    pub hover: Color32,
    /// The same, held down.
    pub pressed: Color32,
    /// Selected row or step, highlighted menu row.
    pub selected: Color32,
    /// Selected row while another pane has the focus.
    pub selected_quiet: Color32,
    /// Over everything under a dialog.
    pub scrim: Color32,
    /// Hairlines and card edges.
    pub stroke: Color32,
    /// Edge of a secondary button, menu, dialog or option card.
    pub stroke_strong: Color32,
    /// Edge of a text field, checkbox or radio; a switch that is off.
    pub stroke_control: Color32,
    /// Focus ring.
    pub focus: Color32,
    /// Everything read first.
    pub text: Color32,
    /// Explanations and quiet buttons.
    pub text_2: Color32,
    /// Captions, column heads, placeholders.
    pub text_3: Color32,
    /// Disabled, and nothing else.
    pub text_off: Color32,
    /// On accent, danger and public fills.
    pub text_on_accent: Color32,
    /// Primary button, checked box, switch that is on.
    pub accent: Color32,
    /// The same, under the pointer.
    pub accent_hover: Color32,
    /// The same, held down.
    pub accent_pressed: Color32,
    /// Links and icons that act.
    pub accent_text: Color32,
    /// Tile behind an icon, template token.
    pub accent_soft: Color32,
    /// Progress, level icons, brim line, graph line, folder icon.
    pub water: Color32,
    /// Rest of a bar, graph area, vessel.
    pub water_pale: Color32,
    /// Tick or bang inside a filled level icon.
    pub level_mark: Color32,
    /// Water in the product mark.
    pub mark_water: Color32,
    /// Globe: open to the internet.
    pub public: Color32,
    /// Text that says "open to the internet".
    pub public_text: Color32,
    /// Behind such text.
    pub public_soft: Color32,
    /// Proved or added: icons and fills.
    pub ok: Color32,
    /// Proved or added: text.
    pub ok_text: Color32,
    /// Proved or added: area.
    pub ok_soft: Color32,
    /// Look at this, it goes on anyway: icons and fills.
    pub warn: Color32,
    /// Look at this: text.
    pub warn_text: Color32,
    /// Look at this: area.
    pub warn_soft: Color32,
    /// Dangerous button, failed level.
    pub danger: Color32,
    /// Dangerous button under the pointer.
    pub danger_hover: Color32,
    /// Failed, refused, lost: text.
    pub danger_text: Color32,
    /// Failed, refused, lost: area.
    pub danger_soft: Color32,
    /// Keys in code.
    pub code_key: Color32,
    /// Strings in code.
    pub code_string: Color32,
    /// Numbers and literals in code.
    pub code_number: Color32,
    /// Brackets, commas and line numbers in code.
    pub code_punct: Color32,
    /// Checkerboard behind transparent images.
    pub check_a: Color32,
    /// The other squares of the checkerboard.
    pub check_b: Color32,
    /// Under a menu, toast or selection bar.
    pub shadow_popup: Shadow,
    /// Under a dialog.
    pub shadow_dialog: Shadow,
}

/// The light set.
const LIGHT: Tokens = Tokens {
    dark: false,
    window: rgb(0xf1f4f5),
    surface: rgb(0xffffff),
    sunken: rgb(0xf7f9fa),
    raised: rgb(0xffffff),
    canvas: rgb(0xe4e9eb),
    hover: rgb(0xeaeff1),
    pressed: rgb(0xdde5e8),
    selected: rgb(0xd8edf3),
    selected_quiet: rgb(0xe4eaec),
    scrim: Color32::from_rgba_premultiplied(6, 12, 15, 107),
    stroke: rgb(0xdfe5e8),
    stroke_strong: rgb(0xc3cdd2),
    stroke_control: rgb(0x7f8e96),
    focus: rgb(0x0b6c86),
    text: rgb(0x14212a),
    text_2: rgb(0x465761),
    text_3: rgb(0x5b6b74),
    text_off: rgb(0x98a5ac),
    text_on_accent: rgb(0xffffff),
    accent: rgb(0x0b6c86),
    accent_hover: rgb(0x095c72),
    accent_pressed: rgb(0x074c5f),
    accent_text: rgb(0x0a6179),
    accent_soft: rgb(0xe3f2f6),
    water: rgb(0x1590b0),
    water_pale: rgb(0xc9e6ee),
    level_mark: rgb(0xffffff),
    mark_water: rgb(0x5cc8df),
    public: rgb(0x6a4fc4),
    public_text: rgb(0x5b40b4),
    public_soft: rgb(0xefebfb),
    ok: rgb(0x23824f),
    ok_text: rgb(0x196b40),
    ok_soft: rgb(0xe2f3e9),
    warn: rgb(0xb87700),
    warn_text: rgb(0x7d4f00),
    warn_soft: rgb(0xfbf0d8),
    danger: rgb(0xc23636),
    danger_hover: rgb(0xa92c2c),
    danger_text: rgb(0xad2626),
    danger_soft: rgb(0xfce9e7),
    code_key: rgb(0x0a6179),
    code_string: rgb(0x14212a),
    code_number: rgb(0x7d4f00),
    code_punct: rgb(0x5b6b74),
    check_a: rgb(0xffffff),
    check_b: rgb(0xe3e8ea),
    shadow_popup: shadow(6, 20, [2, 5, 6, 41]),
    shadow_dialog: shadow(16, 48, [3, 8, 10, 66]),
};

/// The dark set.
const DARK: Tokens = Tokens {
    dark: true,
    window: rgb(0x0f1417),
    surface: rgb(0x161d21),
    sunken: rgb(0x11181b),
    raised: rgb(0x1f282d),
    canvas: rgb(0x0a0e10),
    hover: rgb(0x263138),
    pressed: rgb(0x313e46),
    selected: rgb(0x143b48),
    selected_quiet: rgb(0x2a363d),
    scrim: Color32::from_rgba_premultiplied(2, 4, 5, 158),
    stroke: rgb(0x2a343a),
    stroke_strong: rgb(0x3b484f),
    stroke_control: rgb(0x74848c),
    focus: rgb(0x4fc0d9),
    text: rgb(0xe8eef0),
    text_2: rgb(0xb1bec4),
    text_3: rgb(0x94a3aa),
    text_off: rgb(0x5f6e76),
    text_on_accent: rgb(0xffffff),
    accent: rgb(0x127a95),
    accent_hover: rgb(0x0f6f88),
    accent_pressed: rgb(0x0c6076),
    accent_text: rgb(0x5cc8df),
    accent_soft: rgb(0x12323c),
    water: rgb(0x3bb3cf),
    water_pale: rgb(0x173f4b),
    level_mark: rgb(0x0b1114),
    mark_water: rgb(0x5cc8df),
    public: rgb(0x7a60d6),
    public_text: rgb(0xbcabf7),
    public_soft: rgb(0x2b2547),
    ok: rgb(0x3aa873),
    ok_text: rgb(0x71d3a1),
    ok_soft: rgb(0x143324),
    warn: rgb(0xd9982b),
    warn_text: rgb(0xecbe68),
    warn_soft: rgb(0x36290f),
    danger: rgb(0xc94444),
    danger_hover: rgb(0xb53939),
    danger_text: rgb(0xf5938b),
    danger_soft: rgb(0x3f1f1e),
    code_key: rgb(0x5cc8df),
    code_string: rgb(0xe8eef0),
    code_number: rgb(0xecbe68),
    code_punct: rgb(0x94a3aa),
    check_a: rgb(0x39454c),
    check_b: rgb(0x2a343a),
    shadow_popup: shadow(6, 20, [0, 0, 0, 128]),
    shadow_dialog: shadow(16, 48, [0, 0, 0, 163]),
};

/// Six hexadecimal digits, red first.
#[expect(clippy::disallowed_methods, reason = "this is the one place where colours are made")]
const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// A shadow straight below, with a premultiplied colour.
const fn shadow(down: i8, blur: u8, [red, green, blue, alpha]: [u8; 4]) -> Shadow {
    Shadow { offset: [0, down], blur, spread: 0, color: Color32::from_rgba_premultiplied(red, green, blue, alpha) }
}

impl Tokens {
    /// The set in use. Takes a `&Context`, and by dereference also a `&Ui`.
    pub fn of(ctx: &egui::Context) -> &'static Self {
        Self::for_theme(ctx.theme())
    }

    /// The set of a given theme.
    pub fn for_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    /// Edge of whatever is chosen among pictures or cards: the accent is too dim for it in dark.
    pub fn chosen_edge(&self) -> Color32 {
        if self.dark { self.water } else { self.accent }
    }

    /// A globe on an ordinary area: the fill is too dim for a thin line in dark.
    pub fn public_icon(&self) -> Color32 {
        if self.dark { self.public_text } else { self.public }
    }

    /// A red icon on an ordinary area: the fill is too dim for a thin line in dark.
    pub fn danger_icon(&self) -> Color32 {
        if self.dark { self.danger_text } else { self.danger }
    }

    /// Inside of a text field, checkbox or radio on the main area.
    pub fn field(&self) -> Color32 {
        if self.dark { self.sunken } else { self.surface }
    }
}
