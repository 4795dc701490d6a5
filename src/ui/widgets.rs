//! The parts every panel is built from.
//!
//! A widget takes `&mut egui::Ui` and data and returns a [`egui::Response`] (or a small struct
//! around one); it never changes the model. Every one that can be acted on has a name for
//! assistive technology, works by keyboard and shows a focus ring.

mod badge;
mod button;
mod card;
mod choice;
mod code;
mod dialog;
mod elide;
mod empty;
mod field;
mod icon_button;
mod level;
mod menu;
pub mod paint;
mod rows;
mod section;
mod slider;
pub mod specimen;
mod table;
mod tabs;
mod text_area;
mod thumb;
mod toast;

pub use badge::{Badge, Tone, key_cap, token};
pub use button::{Button, ButtonKind, ControlSize};
pub use card::{Banner, BannerTone, Card, card_header, quiet_box};
pub use choice::{OptionCard, Segment, check_box, checkbox, radio, segmented, switch};
pub use code::CodeBlock;
pub use dialog::{Dialog, DialogResponse, DialogWidth, dialog_foot_left};
pub use elide::elide_middle;
pub use empty::{EmptyState, ErrorPage, REFUSED, bucket, centered_row};
pub use field::{FieldNote, FieldResponse, SearchField, TextField};
pub use icon_button::{IconButton, link};
pub use level::{Level, level_icon, progress_bar};
pub use menu::{MenuRow, context_menu, menu, menu_rule, popup_frame, select};
pub use rows::{RailStep, RowSelection, TreeRow, fact, folder_card, group_head, row, tile};
pub use section::{KeyValue, disclosure, key_values, section};
pub use slider::slider;
pub use table::{Column, ColumnWidth, SortOrder, Table, TableResponse, TableRow};
pub use tabs::{brim_line, tabs};
pub use text_area::text_area;
pub use thumb::{ThumbCell, ThumbFace, ThumbResponse, checkerboard, thumb_face};
pub use toast::{Toast, ToastResponse, ToastTone};
