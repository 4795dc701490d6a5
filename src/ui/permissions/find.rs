//! Searching in the text.

use std::cell::RefCell;
use std::ops::Range;

use egui::{Align, Area, Id, Key, Layout, Margin, Order, Rect, Ui, pos2};

use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{IconButton, TextField, popup_frame};

/// Width of the bar in points.
const WIDTH: f32 = 344.0;

/// What is searched for, and where it was found.
#[derive(Debug, Default)]
pub(super) struct Find {
    is_open: bool,
    query: String,
    current: Option<usize>,
    take_focus: bool,
    found: RefCell<Found>,
}

/// What a search came to, kept until text or query change.
#[derive(Debug, Default)]
struct Found {
    text: String,
    query: String,
    at: Vec<Range<usize>>,
}

impl Find {
    /// Opens the bar, with what is selected as the query.
    pub(super) fn open(&mut self, selected: &str) {
        self.is_open = true;
        self.take_focus = true;
        if !selected.is_empty() && !selected.contains('\n') {
            selected.clone_into(&mut self.query);
        }
        self.current = None;
    }

    /// Where the query stands in the text, letters of either case.
    pub(super) fn matches(&self, text: &str) -> Vec<Range<usize>> {
        if !self.is_open || self.query.is_empty() {
            return Vec::new();
        }
        let mut found = self.found.borrow_mut();
        if found.text != text || found.query != self.query {
            found.at = search(text, &self.query);
            text.clone_into(&mut found.text);
            self.query.clone_into(&mut found.query);
        }
        found.at.clone()
    }

    /// Whether this is the match one is at.
    pub(super) fn is_current(&self, index: usize) -> bool {
        self.current == Some(index)
    }

    /// The bar in the upper right corner of `over`. Gives the part of the text to go to, if one was asked for, and
    /// whether the keyboard is to stay in the bar.
    pub(super) fn ui(&mut self, ui: &mut Ui, over: Rect, text: &str, caret: usize) -> Option<Wish> {
        if !self.is_open {
            return None;
        }
        let t = Tokens::of(ui);
        let matches = self.matches(text);
        let at = pos2(over.right() - WIDTH.min(over.width()) - 12.0, over.top() + 8.0);
        let area = Area::new(Id::unique("policy_find")).order(Order::Middle).fixed_pos(at);
        let mut step = None;
        let mut close = false;
        area.show(ui.ctx(), |ui| {
            popup_frame(t).inner_margin(Margin::same(5)).show(ui, |ui| {
                ui.set_width(WIDTH - 12.0);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 4.0;
                    let before = self.query.clone();
                    let field = TextField::new("Search in the policy", &mut self.query)
                        .label_hidden()
                        .placeholder("Search in the policy")
                        .icon(icons::MAGNIFYING_GLASS)
                        .mono()
                        .width(172.0);
                    let response = field.show(ui).response;
                    if std::mem::take(&mut self.take_focus) {
                        response.request_focus();
                    }
                    if self.query != before {
                        self.current = None;
                        step = Some(Step::First);
                    }
                    let (enter, back, escape) = ui.input(|input| {
                        (input.key_pressed(Key::Enter), input.modifiers.shift, input.key_pressed(Key::Escape))
                    });
                    if response.lost_focus() && enter {
                        step = Some(if back { Step::Back } else { Step::Next });
                        response.request_focus();
                    }
                    close |= response.lost_focus() && escape;
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.spacing_mut().item_spacing.x = 2.0;
                        close |= IconButton::new(icons::X, "Close the search").small().show(ui).clicked();
                        if IconButton::new(icons::CARET_DOWN, "Next match").small().show(ui).clicked() {
                            step = Some(Step::Next);
                        }
                        if IconButton::new(icons::CARET_UP, "Match before").small().show(ui).clicked() {
                            step = Some(Step::Back);
                        }
                        ui.add_space(4.0);
                        let words = match (self.current, matches.len()) {
                            _ if self.query.is_empty() => String::new(),
                            (_, 0) => "None".to_owned(),
                            (Some(current), all) if current < all => format!("{} of {all}", current + 1),
                            (_, all) => format!("{all}"),
                        };
                        ui.label(Type::Small.rich(words).color(t.text_3));
                    });
                });
            });
        });
        if close {
            self.is_open = false;
            return Some(Wish { at: None, close });
        }
        let matches = if step == Some(Step::First) { self.matches(text) } else { matches };
        let at = self.step(step?, &matches, caret)?;
        Some(Wish { at: Some(at), close: false })
    }

    fn step(&mut self, step: Step, matches: &[Range<usize>], caret: usize) -> Option<Range<usize>> {
        let last = matches.len().checked_sub(1)?;
        let next = match (step, self.current.filter(|current| *current <= last)) {
            (Step::First, _) | (Step::Next, None) => {
                matches.iter().position(|range| range.start >= caret).unwrap_or_default()
            }
            (Step::Next, Some(current)) => {
                if current == last {
                    0
                } else {
                    current + 1
                }
            }
            (Step::Back, None) => matches.iter().rposition(|range| range.start < caret).unwrap_or(last),
            (Step::Back, Some(current)) => current.checked_sub(1).unwrap_or(last),
        };
        self.current = Some(next);
        matches.get(next).cloned()
    }
}

/// What the bar wants of the text.
#[derive(Debug)]
pub(super) struct Wish {
    /// Scroll to this part.
    pub(super) at: Option<Range<usize>>,
    /// The search is over; the keyboard goes back to the text.
    pub(super) close: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The first from the cursor on: the query changed.
    First,
    Next,
    Back,
}

/// Every place of the query in the text, letters of either case, none over another.
fn search(text: &str, query: &str) -> Vec<Range<usize>> {
    let (text, query) = (text.to_ascii_lowercase(), query.to_ascii_lowercase());
    if query.is_empty() {
        return Vec::new();
    }
    text.match_indices(&query).map(|(at, found)| at..at + found.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_either_case_are_found() {
        assert_eq!(search("s3:Get s3:get é", "S3:G"), [0..4, 7..11]);
        assert_eq!(search("aaa", "aa").first(), Some(&(0..2)));
        assert_eq!(search("aaa", "aa").len(), 1, "none over another");
        assert!(search("abc", "").is_empty());
        assert_eq!(search("é", "é").first(), Some(&(0..2)));
    }

    #[test]
    fn steps_go_around() {
        let mut find = Find { is_open: true, query: "a".to_owned(), ..Find::default() };
        let matches = find.matches("a b a");
        assert_eq!(find.step(Step::Next, &matches, 1), Some(4..5), "the first after the cursor");
        assert_eq!(find.step(Step::Next, &matches, 1), Some(0..1));
        assert_eq!(find.step(Step::Back, &matches, 1), Some(4..5));
        assert_eq!(find.step(Step::Next, &[], 0), None);
    }
}
