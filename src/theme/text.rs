//! The type scale: size, line height and weight of every kind of text.
//!
//! ```
//! use brimful::theme::{Type, text};
//! let question = text::title("Who may see the files?");
//! let key = Type::Mono.rich("photos/2026/lake.jpg");
//! # let _ = (question, key);
//! ```

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontFamily, FontId, RichText, Stroke};

use super::fonts;
use super::icons::Icon;

/// A kind of text. The number pair is size and line height in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// 28/36, 600: start screen, drop overlay, total of transfers.
    Display,
    /// 20/28, 600: question of a step, verdict, empty state.
    Title,
    /// 16/24, 600: dialog and page heading.
    Heading,
    /// 14/22, 400: sentence under a title.
    Lead,
    /// 14/22, 500: title of an option, large button.
    LeadMedium,
    /// 14/22, 600: title of a card.
    LeadStrong,
    /// 13/20, 400: default.
    Body,
    /// 13/20, 500: labels and buttons.
    BodyMedium,
    /// 13/20, 600: numbers that matter in a sentence.
    BodyStrong,
    /// 12/18, 400: values in the inspector, notes, strip.
    Small,
    /// 12/18, 500: table heads, small buttons, labels of fields.
    SmallMedium,
    /// 12/18, 600: section heads of the inspector.
    SmallStrong,
    /// 11/16, 400: meta under a name.
    Caption,
    /// 11/16, 500: badges, section heads.
    CaptionMedium,
    /// 12/18, mono 400: keys, ARNs, policies, command lines, codes.
    Mono,
    /// 12/18, mono 500: the part of code that matters.
    MonoMedium,
    /// 13/20, mono 400: code in a verdict or a large field.
    MonoLarge,
}

impl Type {
    /// Every kind, largest first.
    pub const ALL: [Self; 17] = [
        Self::Display,
        Self::Title,
        Self::Heading,
        Self::Lead,
        Self::LeadMedium,
        Self::LeadStrong,
        Self::Body,
        Self::BodyMedium,
        Self::BodyStrong,
        Self::Small,
        Self::SmallMedium,
        Self::SmallStrong,
        Self::Caption,
        Self::CaptionMedium,
        Self::Mono,
        Self::MonoMedium,
        Self::MonoLarge,
    ];

    /// Size in points.
    pub const fn size(self) -> f32 {
        match self {
            Self::Display => 28.0,
            Self::Title => 20.0,
            Self::Heading => 16.0,
            Self::Lead | Self::LeadMedium | Self::LeadStrong => 14.0,
            Self::Body | Self::BodyMedium | Self::BodyStrong | Self::MonoLarge => 13.0,
            Self::Small | Self::SmallMedium | Self::SmallStrong | Self::Mono | Self::MonoMedium => 12.0,
            Self::Caption | Self::CaptionMedium => 11.0,
        }
    }

    /// Height of one line in points.
    pub const fn line_height(self) -> f32 {
        match self {
            Self::Display => 36.0,
            Self::Title => 28.0,
            Self::Heading => 24.0,
            Self::Lead | Self::LeadMedium | Self::LeadStrong => 22.0,
            Self::Body | Self::BodyMedium | Self::BodyStrong | Self::MonoLarge => 20.0,
            Self::Small | Self::SmallMedium | Self::SmallStrong | Self::Mono | Self::MonoMedium => 18.0,
            Self::Caption | Self::CaptionMedium => 16.0,
        }
    }

    /// Family, which carries the weight.
    pub fn family(self) -> FontFamily {
        match self {
            Self::Display | Self::Title | Self::Heading => fonts::semibold(),
            Self::LeadStrong | Self::BodyStrong | Self::SmallStrong => fonts::semibold(),
            Self::LeadMedium | Self::BodyMedium | Self::SmallMedium | Self::CaptionMedium => fonts::medium(),
            Self::Lead | Self::Body | Self::Small | Self::Caption => FontFamily::Proportional,
            Self::Mono | Self::MonoLarge => FontFamily::Monospace,
            Self::MonoMedium => fonts::mono_medium(),
        }
    }

    /// Size and family.
    pub fn font(self) -> FontId {
        FontId::new(self.size(), self.family())
    }

    /// Text of this kind; its colour is that of the place it stands in until one is set.
    pub fn rich(self, text: impl Into<String>) -> RichText {
        RichText::new(text).font(self.font()).line_height(Some(self.line_height()))
    }

    /// Format for one section of a [`LayoutJob`].
    pub fn format(self, color: Color32) -> TextFormat {
        TextFormat {
            font_id: self.font(),
            color,
            line_height: Some(self.line_height()),
            valign: Align::Center,
            ..TextFormat::default()
        }
    }

    /// A job with one section.
    pub fn job(self, text: impl Into<String>, color: Color32) -> LayoutJob {
        LayoutJob::single_section(text.into(), self.format(color))
    }
}

/// 28/36, 600.
pub fn display(text: impl Into<String>) -> RichText {
    Type::Display.rich(text)
}

/// 20/28, 600.
pub fn title(text: impl Into<String>) -> RichText {
    Type::Title.rich(text)
}

/// 16/24, 600.
pub fn heading(text: impl Into<String>) -> RichText {
    Type::Heading.rich(text)
}

/// 14/22, 400.
pub fn lead(text: impl Into<String>) -> RichText {
    Type::Lead.rich(text)
}

/// 14/22, 500.
pub fn lead_medium(text: impl Into<String>) -> RichText {
    Type::LeadMedium.rich(text)
}

/// 14/22, 600.
pub fn lead_strong(text: impl Into<String>) -> RichText {
    Type::LeadStrong.rich(text)
}

/// 13/20, 400.
pub fn body(text: impl Into<String>) -> RichText {
    Type::Body.rich(text)
}

/// 13/20, 500.
pub fn body_medium(text: impl Into<String>) -> RichText {
    Type::BodyMedium.rich(text)
}

/// 13/20, 600.
pub fn body_strong(text: impl Into<String>) -> RichText {
    Type::BodyStrong.rich(text)
}

/// 12/18, 400.
pub fn small(text: impl Into<String>) -> RichText {
    Type::Small.rich(text)
}

/// 12/18, 500.
pub fn small_medium(text: impl Into<String>) -> RichText {
    Type::SmallMedium.rich(text)
}

/// 12/18, 600.
pub fn small_strong(text: impl Into<String>) -> RichText {
    Type::SmallStrong.rich(text)
}

/// 11/16, 400.
pub fn caption(text: impl Into<String>) -> RichText {
    Type::Caption.rich(text)
}

/// 11/16, 500.
pub fn caption_medium(text: impl Into<String>) -> RichText {
    Type::CaptionMedium.rich(text)
}

/// 12/18, mono 400.
pub fn mono(text: impl Into<String>) -> RichText {
    Type::Mono.rich(text)
}

/// 12/18, mono 500.
pub fn mono_medium(text: impl Into<String>) -> RichText {
    Type::MonoMedium.rich(text)
}

/// 13/20, mono 400.
pub fn mono_large(text: impl Into<String>) -> RichText {
    Type::MonoLarge.rich(text)
}

/// An outlined icon of the given size in points.
pub fn icon(icon: Icon, size: f32) -> RichText {
    RichText::new(icon.char()).font(FontId::new(size, fonts::icons()))
}

/// A filled icon of the given size in points.
pub fn icon_fill(icon: Icon, size: f32) -> RichText {
    RichText::new(icon.char()).font(FontId::new(size, fonts::icons_fill()))
}

/// A paragraph of differently formatted parts, such as a sentence with a key in mono.
///
/// ```
/// use brimful::theme::{Tokens, Type, text::Spans};
/// let t = Tokens::for_theme(egui::Theme::Light);
/// let job = Spans::new()
///     .push(Type::Body, t.text_2, "The sign-in ")
///     .push(Type::Mono, t.text, "web-uploader")
///     .push(Type::Body, t.text_2, " lacks the permission")
///     .job();
/// assert_eq!(job.sections.len(), 3);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Spans {
    job: LayoutJob,
}

impl Spans {
    /// An empty paragraph.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part.
    #[must_use]
    pub fn push(mut self, kind: Type, color: Color32, text: impl AsRef<str>) -> Self {
        self.job.append(text.as_ref(), 0.0, kind.format(color));
        self
    }

    /// Adds a part, with `space` points before it.
    #[must_use]
    pub fn push_after(mut self, space: f32, kind: Type, color: Color32, text: impl AsRef<str>) -> Self {
        self.job.append(text.as_ref(), space, kind.format(color));
        self
    }

    /// Adds an underlined part.
    #[must_use]
    pub fn push_underlined(mut self, kind: Type, color: Color32, underline: Stroke, text: impl AsRef<str>) -> Self {
        let format = TextFormat { underline, ..kind.format(color) };
        self.job.append(text.as_ref(), 0.0, format);
        self
    }

    /// The paragraph, for `ui.label` or a painter.
    pub fn job(self) -> LayoutJob {
        self.job
    }
}
