//! What a camera wrote into a picture. kamadak-exif is used: pure Rust, kept up since 2016, one tiny dependency; the
//! image crate itself reads the orientation only.

use ::exif::{Exif, In, Reader, Tag, Value};
use jiff::civil::DateTime;

/// The few facts that matter to someone who is about to publish a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Maker and model, e.g. `Canon EOS R6`.
    pub camera: Option<String>,
    /// When it was taken, by the camera's own clock.
    pub taken: Option<DateTime>,
    /// Whether it tells where it was taken: a thing to know before it becomes public.
    pub has_location: bool,
}

/// Reads the summary from a whole file (JPEG, PNG, WebP, TIFF, HEIC). A file without any gives an empty one.
#[must_use]
pub fn summary(file: &[u8]) -> Summary {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let exif = reader
        .read_from_container(&mut std::io::Cursor::new(file))
        .or_else(|error| error.distill_partial_result(|_| {}));
    exif.as_ref().map(of).unwrap_or_default()
}

fn of(exif: &Exif) -> Summary {
    let text = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => {
            let text = String::from_utf8_lossy(lines.first()?);
            let text: String = text.chars().filter(|it| !it.is_control()).take(80).collect();
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        }
        _ => None,
    };
    let camera = match (text(Tag::Make), text(Tag::Model)) {
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.or(make),
    };
    let taken = text(Tag::DateTimeOriginal).or_else(|| text(Tag::DateTime));
    let has_location = [Tag::GPSLatitude, Tag::GPSLongitude].iter().all(|tag| {
        // Cameras without reception write the tags with nothing, or zeros, in them.
        exif.get_field(*tag, In::PRIMARY).is_some_and(|field| match &field.value {
            Value::Rational(parts) => parts.iter().any(|part| part.num != 0 && part.denom != 0),
            _ => false,
        })
    });
    Summary { camera, taken: taken.and_then(|it| DateTime::strptime("%Y:%m:%d %H:%M:%S", it).ok()), has_location }
}
