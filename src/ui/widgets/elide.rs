//! Cutting text that is too wide: names at the end, keys in the middle.

use egui::Ui;

use super::paint;
use crate::theme::{Tokens, Type};

/// `text` cut in the middle so that it fits `width`: `https://acme…/lake-morning.jpg`.
///
/// The last part of a path is kept whole where at least a third of the room is left before it.
pub fn elide_middle(ui: &Ui, kind: Type, text: &str, width: f32) -> String {
    let color = Tokens::of(ui).text;
    let fits = |text: &str| paint::line(ui, kind, color, text).size().x <= width;
    if fits(text) {
        return text.to_owned();
    }
    cut_middle(text, fits)
}

/// The longest cut of `text` that `fits`, by halving the number of characters kept.
fn cut_middle(text: &str, fits: impl Fn(&str) -> bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let last_part = text.trim_end_matches('/').rfind('/').map_or(0, |at| text[at..].chars().count());
    let cut = |kept: usize| {
        let tail = if last_part > 0 && last_part <= kept * 2 / 3 { last_part } else { kept.div_ceil(2) };
        let head: String = chars[..kept - tail].iter().collect();
        let tail: String = chars[chars.len() - tail..].iter().collect();
        format!("{head}…{tail}")
    };
    let (mut most, mut too_many) = (0, chars.len());
    while most + 1 < too_many {
        let kept = usize::midpoint(most, too_many);
        if fits(&cut(kept)) {
            most = kept;
        } else {
            too_many = kept;
        }
    }
    cut(most)
}

#[cfg(test)]
mod tests {
    use super::cut_middle;
    use test_case::test_case;

    fn at_most(chars: usize) -> impl Fn(&str) -> bool {
        move |text| text.chars().count() <= chars
    }

    #[test_case("https://acme.example/photos/2026/lake.jpg", 22, "https://acme…/lake.jpg"; "the file name stays whole")]
    #[test_case("abcdefghijklmnop", 7, "abc…nop"; "without a path both ends are kept")]
    #[test_case("a/very-long-file-name-indeed.jpg", 11, "a/ver…d.jpg"; "a long last part is cut too")]
    #[test_case("photos/2026/summer/", 14, "photo…/summer/"; "a folder keeps its last part")]
    #[test_case("写真/二〇二六年/湖の朝.jpg", 13, "写真/二…/湖の朝.jpg"; "by characters, not bytes")]
    #[test_case("abc", 1, "…"; "no room at all")]
    fn cut(text: &str, room: usize, wanted: &str) {
        assert_eq!(cut_middle(text, at_most(room)), wanted);
    }
}
