//! The bundled fonts and the families made of them.
//!
//! Text in a script none of these covers (keys hold anything) falls through to a font of the
//! system, which the window's font provider finds when the first such character is laid out.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// Name of the family for labels and buttons (weight 500).
const MEDIUM: &str = "medium";
/// Name of the family for titles (weight 600).
const SEMIBOLD: &str = "semibold";
/// Name of the family for emphasised code (weight 500).
const MONO_MEDIUM: &str = "mono-medium";
/// Name of the family of outlined icons.
const ICONS: &str = "icons";
/// Name of the family of filled icons.
const ICONS_FILL: &str = "icons-fill";

/// IBM Plex Sans 500, for labels, buttons and table heads.
pub fn medium() -> FontFamily {
    FontFamily::Name(MEDIUM.into())
}

/// IBM Plex Sans 600, for titles.
pub fn semibold() -> FontFamily {
    FontFamily::Name(SEMIBOLD.into())
}

/// IBM Plex Mono 500.
pub fn mono_medium() -> FontFamily {
    FontFamily::Name(MONO_MEDIUM.into())
}

/// Phosphor Regular.
pub fn icons() -> FontFamily {
    FontFamily::Name(ICONS.into())
}

/// Phosphor Fill, for states and folders.
pub fn icons_fill() -> FontFamily {
    FontFamily::Name(ICONS_FILL.into())
}

/// Every bundled font file by name.
const FILES: [(&str, &[u8]); 7] = [
    ("plex-sans", include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf")),
    ("plex-sans-medium", include_bytes!("../../assets/fonts/IBMPlexSans-Medium.ttf")),
    ("plex-sans-semibold", include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf")),
    ("plex-mono", include_bytes!("../../assets/fonts/IBMPlexMono-Regular.ttf")),
    ("plex-mono-medium", include_bytes!("../../assets/fonts/IBMPlexMono-Medium.ttf")),
    ("phosphor", include_bytes!("../../assets/fonts/Phosphor.ttf")),
    ("phosphor-fill", include_bytes!("../../assets/fonts/Phosphor-Fill.ttf")),
];

/// The font files and the chain of each family.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in FILES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    // Mono covers less of Latin and Greek than Sans does, so Sans stands behind it.
    let chains: [(FontFamily, &[&str]); 7] = [
        (FontFamily::Proportional, &["plex-sans", "phosphor"]),
        (FontFamily::Monospace, &["plex-mono", "plex-sans", "phosphor"]),
        (medium(), &["plex-sans-medium", "phosphor"]),
        (semibold(), &["plex-sans-semibold", "phosphor"]),
        (mono_medium(), &["plex-mono-medium", "plex-sans-medium", "phosphor"]),
        (icons(), &["phosphor"]),
        (icons_fill(), &["phosphor-fill"]),
    ];
    for (family, chain) in chains {
        let chain = chain.iter().map(|&name| name.to_owned()).collect();
        fonts.families.insert(family, chain);
    }
    fonts
}
