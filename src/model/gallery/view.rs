use std::cmp::Ordering;

use super::{GalleryModel, Pick, SortBy};
use crate::domain::object::ObjectSummary;
use crate::images::may_be_image;
use crate::model::browse::{Listing, Place};

/// Where the keyboard goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// So many objects on (or back).
    By(isize),
    /// The first.
    First,
    /// The last.
    Last,
}

impl GalleryModel {
    /// Filters and orders the listing anew, and lets go of what is no longer there.
    pub fn rebuild(&mut self, place: &Place, listing: &Listing) {
        let wanted = self.filter.trim().to_lowercase();
        let fits = |name: &str| wanted.is_empty() || name.to_lowercase().contains(&wanted);
        let name_of = |folder: &str| folder.strip_prefix(&place.prefix).unwrap_or(folder).to_owned();
        self.folders = (0..listing.folders.len()).filter(|&index| fits(&name_of(&listing.folders[index]))).collect();
        self.folders.sort_by(|&a, &b| natural(&listing.folders[a], &listing.folders[b]));
        self.shown = (0..listing.objects.len()).filter(|&index| fits(listing.objects[index].name())).collect();
        let (sort, descending) = (self.sort, self.descending);
        self.shown.sort_by(|&a, &b| {
            let order = compare(sort, &listing.objects[a], &listing.objects[b]);
            if descending { order.reverse() } else { order }
        });
        if !self.selection.is_empty() || self.focus.is_some() {
            let there: std::collections::HashSet<&str> =
                self.shown.iter().map(|&index| listing.objects[index].key.as_str()).collect();
            self.selection.retain(|key| there.contains(key.as_str()));
            self.focus.take_if(|key| !there.contains(key.as_str()));
            self.anchor.take_if(|key| !there.contains(key.as_str()));
        }
        let objects = &listing.objects;
        self.images = self.shown.iter().copied().filter(|&index| may_be_image(&objects[index].key)).collect();
        self.weigh_selection(listing);
    }

    /// Sums up what is selected, so that nobody has to in every frame.
    pub fn weigh_selection(&mut self, listing: &Listing) {
        self.selected_bytes = if self.selection.is_empty() {
            0
        } else {
            let selected = listing.objects.iter().filter(|object| self.selection.contains(&object.key));
            selected.map(|object| object.size_bytes).sum()
        };
    }

    /// The image so many steps on from a key, among those whose names promise a picture.
    #[must_use]
    pub fn image_from<'a>(&self, listing: &'a Listing, key: &str, steps: isize) -> Option<&'a str> {
        let here = self.image_position(listing, key)?;
        let index = *self.images.get(here.checked_add_signed(steps)?)?;
        Some(listing.objects[index].key.as_str())
    }

    /// Where a key stands among the images.
    #[must_use]
    pub fn image_position(&self, listing: &Listing, key: &str) -> Option<usize> {
        self.images.iter().position(|&index| listing.objects[index].key == key)
    }

    /// Where a key is shown.
    #[must_use]
    pub fn position(&self, listing: &Listing, key: &str) -> Option<usize> {
        self.shown.iter().position(|&index| listing.objects[index].key == key)
    }

    /// Changes the selection as a click does.
    pub fn select(&mut self, listing: &Listing, key: &str, pick: Pick) {
        match pick {
            Pick::Only => {
                self.selection = [key.to_owned()].into();
                self.anchor = Some(key.to_owned());
            }
            Pick::Toggle => {
                if !self.selection.remove(key) {
                    self.selection.insert(key.to_owned());
                }
                self.anchor = Some(key.to_owned());
            }
            Pick::Range => {
                let anchor = self.anchor.clone().or_else(|| self.focus.clone()).unwrap_or_else(|| key.to_owned());
                let ends = (self.position(listing, &anchor), self.position(listing, key));
                if let (Some(from), Some(to)) = ends {
                    let range = from.min(to)..=from.max(to);
                    self.selection =
                        self.shown[range].iter().map(|&index| listing.objects[index].key.clone()).collect();
                }
                self.anchor = Some(anchor);
            }
        }
        self.focus = Some(key.to_owned());
        self.weigh_selection(listing);
    }

    /// Moves the keyboard, and the selection with it.
    pub fn move_focus(&mut self, listing: &Listing, to: Move, extend: bool) {
        let Some(last) = self.shown.len().checked_sub(1) else { return };
        let here = self.focus.as_deref().and_then(|key| self.position(listing, key));
        let target = match (to, here) {
            (Move::First, _) => 0,
            (Move::Last, _) => last,
            (Move::By(_), None) => 0,
            (Move::By(steps), Some(here)) => {
                let Some(target) = here.checked_add_signed(steps).filter(|target| *target <= last) else {
                    // A step past the last row lands on the last image, one past the first stays.
                    if steps > 0 && here != last {
                        return self.move_focus(listing, Move::Last, extend);
                    } else {
                        return;
                    };
                };
                target
            }
        };
        let key = listing.objects[self.shown[target]].key.clone();
        self.select(listing, &key, if extend { Pick::Range } else { Pick::Only });
        self.scroll_wishes += 1;
    }
}

fn compare(sort: SortBy, a: &ObjectSummary, b: &ObjectSummary) -> Ordering {
    match sort {
        SortBy::Name => natural(&a.key, &b.key),
        SortBy::Modified => a.modified.cmp(&b.modified).then_with(|| natural(&a.key, &b.key)),
        SortBy::Size => a.size_bytes.cmp(&b.size_bytes).then_with(|| natural(&a.key, &b.key)),
    }
}

/// The order of names as people expect it: without regard to case, and 2 before 10.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        let order = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (m, n) = (number(&mut left), number(&mut right));
            m.len().cmp(&n.len()).then_with(|| m.cmp(n))
        } else {
            (left, right) = (&left[x.len_utf8()..], &right[y.len_utf8()..]);
            if x.is_ascii() && y.is_ascii() {
                x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase())
            } else {
                x.to_lowercase().cmp(y.to_lowercase())
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes off the digits that come next, without the zeros before them: the longer is the larger, however long.
fn number<'a>(rest: &mut &'a str) -> &'a str {
    let text: &'a str = rest;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    *rest = &text[end..];
    text[..end].trim_start_matches('0')
}
