use egui::{Color32, Theme};

use super::*;

/// Relative luminance as WCAG 2.2 defines it.
fn luminance(color: Color32) -> f64 {
    let [r, g, b] = [color.r(), color.g(), color.b()].map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;

type Named = (&'static str, Color32);

macro_rules! roles {
    ($t:expr; $($role:ident)*) => { [$((stringify!($role), $t.$role)),*] };
}

/// Every pair in use: what is on top, what is below, and the least contrast.
fn pairs(t: &Tokens) -> Vec<(Named, Named, f64)> {
    let areas = roles!(t; window surface sunken raised hover selected selected_quiet);
    let softs = roles!(t; accent_soft water_pale public_soft ok_soft warn_soft danger_soft);
    let mut pairs = Vec::new();
    let mut all = |on: &[Named], below: &[Named], floor: f64| {
        for &on in on {
            pairs.extend(below.iter().map(|&below| (on, below, floor)));
        }
    };
    all(&roles!(t; text text_2 text_3 accent_text), &areas, TEXT);
    all(&roles!(t; text text_2), &roles!(t; pressed canvas), TEXT);
    all(&roles!(t; text text_2 accent_text), &softs, TEXT);
    let plain = roles!(t; window surface sunken raised hover selected);
    all(&roles!(t; public_text ok_text warn_text danger_text), &plain, TEXT);
    all(&roles!(t; public_text), &roles!(t; public_soft), TEXT);
    all(&roles!(t; ok_text), &roles!(t; ok_soft), TEXT);
    all(&roles!(t; warn_text), &roles!(t; warn_soft), TEXT);
    all(&roles!(t; danger_text), &roles!(t; danger_soft), TEXT);
    let fills = roles!(t; accent accent_hover accent_pressed danger danger_hover public);
    all(&roles!(t; text_on_accent), &fills, TEXT);
    all(&roles!(t; code_key code_string code_number code_punct), &roles!(t; sunken surface hover), TEXT);
    all(&roles!(t; surface), &roles!(t; text), TEXT);
    all(&roles!(t; stroke_control), &roles!(t; surface raised sunken window), MARK);
    all(&roles!(t; focus), &roles!(t; window surface sunken raised selected), MARK);
    all(&roles!(t; water public ok warn danger accent), &roles!(t; surface window raised), MARK);
    all(&roles!(t; level_mark), &roles!(t; water ok danger), MARK);
    let chosen = ("chosen edge", t.chosen_edge());
    let icons = [("public icon", t.public_icon()), ("danger icon", t.danger_icon()), chosen];
    all(&icons, &roles!(t; window surface sunken raised hover selected), MARK);
    pairs
}

#[test]
fn every_pair_in_use_can_be_read() {
    for theme in [Theme::Light, Theme::Dark] {
        let pairs = pairs(Tokens::for_theme(theme));
        assert!(pairs.len() > 100);
        for ((on, color), (below, area), floor) in pairs {
            let ratio = contrast(color, area);
            assert!(ratio >= floor, "{theme:?}: {on} on {below} has {ratio:.2}, under {floor}");
        }
    }
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast(Color32::WHITE, Color32::BLACK) - 21.0).abs() < 1e-9);
    // 160 of 255 is 0.3515 in linear light.
    assert!((contrast(Color32::GRAY, Color32::BLACK) - 8.03).abs() < 0.01);
}

#[test]
fn violet_is_not_taken_for_anything_but_public() {
    for theme in [Theme::Light, Theme::Dark] {
        let t = Tokens::for_theme(theme);
        let others = [t.accent, t.water, t.ok, t.warn, t.danger, t.text_2, t.text_3, t.focus];
        let violet = |c: Color32| c.b() > c.g().saturating_add(40) && c.r() > c.g();
        assert!(violet(t.public));
        assert!(others.into_iter().all(|color| !violet(color)));
    }
}

/// A context that has laid out one frame, so that fonts are there.
fn started() -> egui::Context {
    let ctx = egui::Context::default();
    install(&ctx);
    ctx.run_ui(egui::RawInput::default(), |_| {}).drop_without_applying_deltas();
    ctx
}

#[test]
fn every_icon_is_in_both_weights() {
    let ctx = started();
    for family in [fonts::icons(), fonts::icons_fill()] {
        let font = egui::FontId::new(16.0, family);
        for &(name, icon) in icons::ALL {
            assert!(ctx.fonts_mut(|fonts| fonts.has_glyph(&font, icon.char())), "{name} is missing");
        }
    }
}

#[test]
fn words_of_the_interface_have_glyphs_in_every_kind_of_text() {
    let ctx = started();
    for kind in Type::ALL {
        for c in "Aa0→…·×–’“”≤Žžßñøčλж".chars() {
            assert!(ctx.fonts_mut(|fonts| fonts.has_glyph(&kind.font(), c)), "{c} is missing in {kind:?}");
        }
    }
}

#[test]
fn digits_have_one_width_in_every_kind_of_text() {
    let ctx = started();
    for kind in Type::ALL {
        let widths = ctx.fonts_mut(|fonts| ('0'..='9').map(|c| fonts.glyph_width(&kind.font(), c)).collect::<Vec<_>>());
        assert!(widths.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.01), "{kind:?}: {widths:?}");
    }
}

#[test]
fn the_mark_makes_a_window_icon() {
    let icon = mark::icon_data().unwrap();
    assert_eq!(icon.rgba.len(), (icon.width * icon.height * 4) as usize);
    let middle = (icon.width * icon.height / 2 + icon.width / 2) as usize * 4;
    let t = Tokens::for_theme(Theme::Light);
    assert_eq!(icon.rgba[middle..middle + 4], t.accent.to_array());
    assert_eq!(icon.rgba[3], 0, "the corners are clear");
}

#[test]
fn motion_can_be_turned_off_and_on_again() {
    let ctx = egui::Context::default();
    install(&ctx);
    assert!(!reduced_motion(&ctx));
    set_reduced_motion(&ctx, true);
    assert!(reduced_motion(&ctx));
    assert_eq!(ctx.style_of(Theme::Dark).animation_time, 0.0);
    set_reduced_motion(&ctx, false);
    assert!(ctx.style_of(Theme::Light).animation_time > 0.0);
}
