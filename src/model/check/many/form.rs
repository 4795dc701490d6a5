//! What is filled in before many files are checked, and what is missing.

use std::path::PathBuf;

use crate::domain::verify::{NO_FRONT, front, parse, write};

use super::{Every, Expected, Loaded, Wanted, WantedAsked, WantedWhat};

/// More requests a second are not asked for.
const MOST_RATE: u32 = 100_000;

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// What is to be checked.
    pub what: What,
    /// The folder.
    pub prefix: String,
    /// The file that names addresses or keys.
    pub list: Option<PathBuf>,
    /// The address or file of the sitemap.
    pub sitemap: String,
    /// Check its pages, and not its images.
    pub pages: bool,
    /// How it is asked.
    pub asked: AskedAs,
    /// The address in front of the bucket.
    pub front: String,
    /// What is expected.
    pub expected: Expected,
    /// The report to compare with.
    pub baseline: Option<PathBuf>,
    /// Requests a second, at most.
    pub rate: String,
    /// How often it is checked again.
    pub every: Option<Every>,
}

/// What is to be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum What {
    /// Everything in the bucket.
    #[default]
    Bucket,
    /// Everything in a folder.
    Folder,
    /// The files that were chosen in the gallery.
    Chosen,
    /// What a file names.
    List,
    /// What a sitemap names.
    Sitemap,
}

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AskedAs {
    /// Without a sign-in, at the bucket's own address.
    #[default]
    Anyone,
    /// Without a sign-in, at another address in front of the bucket.
    Front,
    /// With the sign-in of the connection.
    SignedIn,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the fields themselves")]
pub enum Field {
    Prefix,
    List,
    Sitemap,
    Front,
    Rate,
    Expected,
    Status,
    BytesMin,
    BytesMax,
    WidthMin,
    WidthMax,
    HeightMin,
    HeightMax,
    MaxAge,
    Cors,
    Key,
    Variants,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which one.
    pub field: Field,
    /// What is the matter, and what to write.
    pub sentence: String,
}

impl Form {
    /// What it stands for.
    ///
    /// # Errors
    /// Each field that cannot be read, and why.
    pub fn read(&self, chosen: &[String], loaded: Option<&Loaded>) -> Result<Wanted, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut say = |field, sentence: &str| problems.push(Problem { field, sentence: sentence.to_owned() });
        let sitemap = self.sitemap.trim();
        let what = match self.what {
            What::Bucket => WantedWhat::Prefix(String::new()),
            What::Folder if self.prefix.is_empty() => {
                say(Field::Prefix, "Type the folder, such as photos/");
                WantedWhat::Prefix(String::new())
            }
            What::Folder => WantedWhat::Prefix(self.prefix.clone()),
            What::Chosen => WantedWhat::Chosen(chosen.to_vec()),
            What::List => {
                if self.list.is_none() {
                    say(Field::List, "Choose the file first");
                }
                WantedWhat::List(self.list.clone().unwrap_or_default())
            }
            What::Sitemap => {
                if sitemap.is_empty() {
                    say(Field::Sitemap, "Type the address of the sitemap, or choose its file");
                }
                WantedWhat::Sitemap { place: sitemap.to_owned(), pages: self.pages }
            }
        };
        let asked = match self.asked {
            AskedAs::Anyone => WantedAsked::Anyone,
            AskedAs::SignedIn => WantedAsked::SignedIn,
            AskedAs::Front => match front(&self.front) {
                Some(front) => WantedAsked::Front(front.to_owned()),
                None => {
                    say(Field::Front, &format!("An address in front of the bucket: {NO_FRONT}"));
                    WantedAsked::Anyone
                }
            },
        };
        let rate = match self.rate.trim() {
            "" => None,
            text => {
                let rate = text.parse().ok().filter(|rate| (1..=MOST_RATE).contains(rate));
                if rate.is_none() {
                    say(Field::Rate, "A whole number of requests, such as 50");
                }
                rate
            }
        };
        let expectations = match loaded {
            Some(loaded) => Ok(loaded.expectations.clone()),
            None => self.expected.read(),
        };
        let text = match expectations {
            Ok(expectations) => write(&expectations),
            Err(more) => {
                problems.extend(more);
                String::new()
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = loaded.map(|loaded| loaded.name.clone());
        Ok(Wanted { what, asked, expectations: text, expectations_name: name, baseline: self.baseline.clone(), rate })
    }

    /// The form that stands for what an earlier session wanted, with the files that were chosen, and the expectations that
    /// it cannot show.
    #[must_use]
    pub fn of(wanted: &Wanted) -> (Self, Vec<String>, Option<Loaded>) {
        let mut form = Self { baseline: wanted.baseline.clone(), ..Self::default() };
        let mut chosen = Vec::new();
        match &wanted.what {
            WantedWhat::Prefix(prefix) => {
                form.what = if prefix.is_empty() { What::Bucket } else { What::Folder };
                form.prefix.clone_from(prefix);
            }
            WantedWhat::Chosen(keys) => {
                form.what = What::Chosen;
                chosen.clone_from(keys);
            }
            WantedWhat::List(path) => {
                form.what = What::List;
                form.list = Some(path.clone());
            }
            WantedWhat::Sitemap { place, pages } => {
                (form.what, form.pages) = (What::Sitemap, *pages);
                form.sitemap.clone_from(place);
            }
        }
        match &wanted.asked {
            WantedAsked::Anyone => {}
            WantedAsked::Front(front) => {
                form.asked = AskedAs::Front;
                form.front.clone_from(front);
            }
            WantedAsked::SignedIn => form.asked = AskedAs::SignedIn,
        }
        form.rate = wanted.rate.map(|rate| rate.to_string()).unwrap_or_default();
        let mut loaded = None;
        if let Ok(expectations) = parse(&wanted.expectations) {
            match Expected::of(&expectations) {
                Some(expected) => form.expected = expected,
                None => loaded = Some(Loaded { name: wanted.expectations_name().to_owned(), expectations }),
            }
        }
        (form, chosen, loaded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn form(what: What) -> Form {
        Form {
            what,
            prefix: "photos/".to_owned(),
            list: Some("/tmp/list.csv".into()),
            sitemap: "https://x.example/sitemap.xml".to_owned(),
            ..Form::default()
        }
    }

    #[test_case(What::Bucket; "everything")]
    #[test_case(What::Folder; "a folder")]
    #[test_case(What::Chosen; "chosen files")]
    #[test_case(What::List; "a list")]
    #[test_case(What::Sitemap; "a sitemap")]
    fn what_was_wanted_fills_the_form_again(what: What) {
        let chosen = ["a b.jpg".to_owned()];
        let wanted = form(what).read(&chosen, None).unwrap();
        let (again, keys, loaded) = Form::of(&wanted);
        assert_eq!((again.what, loaded), (what, None));
        assert_eq!(again.read(&keys, None).unwrap(), wanted);
    }

    #[test]
    fn expectations_of_a_file_come_along() {
        let text = "[[rule]]\nname = \"r\"\nmatch = \"a/**\"\nhttps = true\n";
        let loaded = Loaded { name: "mine.toml".to_owned(), expectations: parse(text).unwrap() };
        let wanted = Form::default().read(&[], Some(&loaded)).unwrap();
        assert_eq!(wanted.expectations, text);
        assert_eq!(Form::of(&wanted).2, Some(loaded));
    }

    #[test_case(&Form { what: What::Folder, ..Form::default() }, Field::Prefix, "Type the folder, such as photos/"; "no folder")]
    #[test_case(&Form { what: What::List, ..Form::default() }, Field::List, "Choose the file first"; "no list")]
    #[test_case(&Form { what: What::Sitemap, ..Form::default() }, Field::Sitemap, "Type the address of the sitemap, or choose its file"; "no sitemap")]
    #[test_case(&Form { asked: AskedAs::Front, front: "cdn.example".into(), ..Form::default() }, Field::Front, "An address in front of the bucket: write it with its beginning, such as https://cdn.example"; "no beginning")]
    #[test_case(&Form { rate: "many".into(), ..Form::default() }, Field::Rate, "A whole number of requests, such as 50"; "no number")]
    #[test_case(&Form { rate: "0".into(), ..Form::default() }, Field::Rate, "A whole number of requests, such as 50"; "none a second")]
    fn what_is_missing_is_said(form: &Form, field: Field, sentence: &str) {
        assert_eq!(form.read(&[], None).unwrap_err(), [Problem { field, sentence: sentence.to_owned() }]);
    }
}
