//! What is expected, as it is ticked and typed in the form, without a word of TOML.

use crate::domain::verify::typed::{age_secs, origin, pattern, size_bytes, status, variant};
use crate::domain::verify::{Access, Bounds, Expectations, Glob, Rule};

use super::{Field, Problem};

/// What is expected of every file.
const FILES: &str = "all files";
/// What is expected of those that are named like images.
const IMAGES: &str = "images";
/// Names of images, as cameras and programs write them.
const IMAGE_NAMES: &str = "*.{jpg,jpeg,jfif,png,gif,webp,avif,svg,bmp,ico,tif,tiff,JPG,JPEG,PNG,GIF,WEBP,SVG}";

/// What is ticked and typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Who can see the files.
    pub access: Option<Access>,
    /// `Content-Type` is what the bytes are.
    pub matches_bytes: bool,
    /// Images can be decoded to their end.
    pub decodes: bool,
    /// Addresses begin with `https://`.
    pub https: bool,
    /// No two files have the same content.
    pub unique: bool,
    /// Statuses of HTTP.
    pub status: String,
    /// Size of a file.
    pub bytes: Pair,
    /// Pixels across, of images.
    pub width: Pair,
    /// Pixels down, of images.
    pub height: Pair,
    /// How long browsers keep a file, at least.
    pub max_age: String,
    /// Origins whose pages may read a file.
    pub cors: String,
    /// The pattern of names.
    pub key: String,
    /// Other files that must be there for each image.
    pub variants: String,
}

/// From and to; empty where it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pair {
    /// At least.
    pub min: String,
    /// At most.
    pub max: String,
}

impl Default for Expected {
    fn default() -> Self {
        Self { access: Some(Access::Public), matches_bytes: true, decodes: true, ..Self::nothing() }
    }
}

impl Expected {
    fn nothing() -> Self {
        Self {
            access: None,
            matches_bytes: false,
            decodes: false,
            https: false,
            unique: false,
            status: String::new(),
            bytes: Pair::default(),
            width: Pair::default(),
            height: Pair::default(),
            max_age: String::new(),
            cors: String::new(),
            key: String::new(),
            variants: String::new(),
        }
    }

    /// The rules that it stands for.
    ///
    /// # Errors
    /// Each field that cannot be read, and why.
    pub fn read(&self) -> Result<Expectations, Vec<Problem>> {
        let mut reader = Reader(Vec::new());
        let files = Rule {
            access: self.access,
            status: reader.each(Field::Status, &self.status, |text| {
                let number = text.parse().map_err(|_| "a status is a number, such as 200".to_owned())?;
                status(number)
            }),
            https: self.https,
            matches_bytes: self.matches_bytes,
            bytes: reader.bounds((Field::BytesMin, Field::BytesMax), &self.bytes, size_bytes),
            max_age_secs: reader.one(Field::MaxAge, &self.max_age, age_secs),
            cors: reader.each(Field::Cors, &self.cors, origin),
            key: reader.one(Field::Key, &self.key, pattern).into_iter().collect(),
            unique: self.unique,
            ..named(FILES, "**")
        };
        let images = Rule {
            decodes: self.decodes,
            width: reader.bounds((Field::WidthMin, Field::WidthMax), &self.width, pixels),
            height: reader.bounds((Field::HeightMin, Field::HeightMax), &self.height, pixels),
            variants: reader.each(Field::Variants, &self.variants, variant),
            ..named(IMAGES, IMAGE_NAMES)
        };
        let rules: Vec<Rule> = [files, images].into_iter().filter(|rule| *rule != nothing_of(rule)).collect();
        if rules.is_empty() && reader.0.is_empty() {
            reader.say(Field::Expected, "Nothing is expected: tick or fill in at least one line");
        }
        if reader.0.is_empty() { Ok(Expectations { rules }) } else { Err(reader.0) }
    }

    /// The form that stands for these rules; `None` where they say more than it can show.
    #[must_use]
    pub fn of(expectations: &Expectations) -> Option<Self> {
        let mut expected = Self::nothing();
        for rule in &expectations.rules {
            expected.access = expected.access.or(rule.access);
            expected.matches_bytes |= rule.matches_bytes;
            expected.decodes |= rule.decodes;
            expected.https |= rule.https;
            expected.unique |= rule.unique;
            put(&mut expected.status, joined(&rule.status));
            put_bounds(&mut expected.bytes, rule.bytes, exact_size);
            put_bounds(&mut expected.width, rule.width, |pixels| pixels.to_string());
            put_bounds(&mut expected.height, rule.height, |pixels| pixels.to_string());
            put(&mut expected.max_age, rule.max_age_secs.map(exact_age).unwrap_or_default());
            put(&mut expected.cors, rule.cors.join(", "));
            put(&mut expected.key, joined(&rule.key));
            put(&mut expected.variants, rule.variants.join(", "));
        }
        (expected.read().ok().as_ref() == Some(expectations)).then_some(expected)
    }
}

fn named(name: &str, matches: &str) -> Rule {
    Rule { name: name.to_owned(), matches: Glob::parse(matches).into_iter().collect(), ..Rule::default() }
}

fn nothing_of(rule: &Rule) -> Rule {
    Rule { name: rule.name.clone(), matches: rule.matches.clone(), ..Rule::default() }
}

fn put(field: &mut String, text: String) {
    if !text.is_empty() {
        *field = text;
    }
}

fn put_bounds(pair: &mut Pair, bounds: Bounds, words: impl Fn(u64) -> String) {
    put(&mut pair.min, bounds.min.map(&words).unwrap_or_default());
    put(&mut pair.max, bounds.max.map(&words).unwrap_or_default());
}

fn joined(all: &[impl ToString]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// In the largest unit that leaves nothing over.
fn exact_size(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1_000_000 && bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        _ if bytes >= 1_000 && bytes.is_multiple_of(1_000) => format!("{} KB", bytes / 1_000),
        _ => bytes.to_string(),
    }
}

fn exact_age(secs: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(unit, _)| secs >= *unit && secs.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{secs}s"), |(unit, letter)| format!("{}{letter}", secs / unit))
}

fn pixels(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a whole number of pixels, such as 800".to_owned())
}

/// Reads fields and remembers what is wrong with them.
struct Reader(Vec<Problem>);

impl Reader {
    fn say(&mut self, field: Field, sentence: &str) {
        let mut letters = sentence.chars();
        let sentence = match letters.next() {
            // An address stays as it was written.
            Some(first) if !sentence.starts_with("http") => first.to_uppercase().chain(letters).collect(),
            _ => sentence.to_owned(),
        };
        self.0.push(Problem { field, sentence });
    }

    fn one<T>(&mut self, field: Field, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        read(text).map_err(|sentence| self.say(field, &sentence)).ok()
    }

    /// Several with commas between them.
    fn each<T>(&mut self, field: Field, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        text.split(',').filter_map(|part| self.one(field, part, &read)).collect()
    }

    fn bounds(
        &mut self,
        (least, most): (Field, Field),
        pair: &Pair,
        read: impl Fn(&str) -> Result<u64, String>,
    ) -> Bounds {
        let bounds = Bounds { min: self.one(least, &pair.min, &read), max: self.one(most, &pair.max, &read) };
        if matches!(bounds, Bounds { min: Some(min), max: Some(max) } if min > max) {
            self.say(most, "Less than the least, so nothing fits");
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verify::{parse, write};
    use test_case::test_case;

    #[test]
    fn what_is_ticked_at_first() {
        let text = write(&Expected::default().read().unwrap());
        let wanted = format!(
            "[[rule]]\nname = \"all files\"\nmatch = \"**\"\naccess = \"public\"\ncontent_type_matches_bytes = true\n\n\
             [[rule]]\nname = \"images\"\nmatch = \"{IMAGE_NAMES}\"\ndecodes = true\n"
        );
        assert_eq!(text, wanted);
    }

    fn filled() -> Expected {
        Expected {
            access: Some(Access::Private),
            https: true,
            status: "200, 304".to_owned(),
            bytes: Pair { min: "1".to_owned(), max: "2 MB".to_owned() },
            width: Pair { min: "100".to_owned(), max: String::new() },
            max_age: "30d".to_owned(),
            cors: "https://a.example, https://b.example".to_owned(),
            key: "*.{jpg,webp}".to_owned(),
            variants: "{stem}.webp, /small/{name}".to_owned(),
            ..Expected::default()
        }
    }

    #[test_case(&Expected::default(); "as at first")]
    #[test_case(&filled(); "much of it")]
    #[test_case(&Expected { unique: true, ..Expected::nothing() }; "one line")]
    fn it_survives_being_saved_and_loaded(expected: &Expected) {
        let text = write(&expected.read().unwrap());
        assert_eq!(Expected::of(&parse(&text).unwrap()).as_ref(), Some(expected));
    }

    #[test_case("[[rule]]\naccess = \"public\"\nmatch = \"photos/**\""; "of some files")]
    #[test_case("[[rule]]\nname = \"all files\"\nhttps = true\nseverity = \"warning\""; "that only warns")]
    #[test_case("[[rule]]\nname = \"all files\"\nkey_characters = \"a-z\""; "of characters")]
    fn what_says_more_is_not_squeezed_into_it(text: &str) {
        assert_eq!(Expected::of(&parse(text).unwrap()), None);
    }

    fn with(change: impl FnOnce(&mut Expected)) -> Expected {
        let mut expected = Expected::default();
        change(&mut expected);
        expected
    }

    #[test_case(&Expected::nothing(), Field::Expected, "Nothing is expected: tick or fill in at least one line"; "nothing")]
    #[test_case(&with(|it| it.status = "ok".into()), Field::Status, "A status is a number, such as 200"; "no number")]
    #[test_case(&with(|it| it.status = "200, 999".into()), Field::Status, "A status of HTTP lies between 100 and 599"; "no status")]
    #[test_case(&with(|it| it.bytes.max = "2 parsecs".into()), Field::BytesMax, "A size is a whole number and a unit, such as \"500 KB\""; "no size")]
    #[test_case(&with(|it| it.width = Pair { min: "5".into(), max: "4".into() }), Field::WidthMax, "Less than the least, so nothing fits"; "upside down")]
    #[test_case(&with(|it| it.height.min = "tall".into()), Field::HeightMin, "A whole number of pixels, such as 800"; "no pixels")]
    #[test_case(&with(|it| it.max_age = "soon".into()), Field::MaxAge, "A time is seconds, or a text with s, m, h or d, such as \"30d\""; "no time")]
    #[test_case(&with(|it| it.cors = "https://a.example/".into()), Field::Cors, "https://a.example/ has a path, so it never matches"; "an origin with a path")]
    #[test_case(&with(|it| it.key = "[a".into()), Field::Key, "\"[a\" is no pattern: a [ has no ]; write \\[ for the character itself"; "no pattern")]
    #[test_case(&with(|it| it.variants = "{stam}.webp".into()), Field::Variants, "There is no {stam}; {stem}, {ext}, {name} and {folder} are known. Did you mean {stem}?"; "no placeholder")]
    fn a_mistake_is_said_at_its_field(expected: &Expected, field: Field, sentence: &str) {
        assert_eq!(expected.read().unwrap_err(), [Problem { field, sentence: sentence.to_owned() }]);
    }
}
