//! What a check of many files was asked to do: kept with its results, so that a later session can go on.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::connection::{Addressing, SignIn, Target};
use crate::domain::format::counted;
use crate::domain::shell::quote;

/// What expectations are saved as where nobody says otherwise.
pub const EXPECTATIONS_FILE: &str = "expectations.toml";

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// What is checked.
    pub what: WantedWhat,
    /// How it is asked.
    pub asked: WantedAsked,
    /// What is expected, as TOML.
    pub expectations: String,
    /// The file that they come from.
    pub expectations_name: Option<String>,
    /// The report to compare with.
    pub baseline: Option<PathBuf>,
    /// Requests a second, at most.
    pub rate: Option<u32>,
}

/// What is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WantedWhat {
    /// Everything beneath; all of the bucket where it is empty.
    Prefix(String),
    /// These files.
    Chosen(Vec<String>),
    /// What a file names.
    List(PathBuf),
    /// What a sitemap names.
    Sitemap {
        /// Its address, or a file.
        place: String,
        /// Its pages, and not its images.
        pages: bool,
    },
}

/// How it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WantedAsked {
    /// Without a sign-in, at the bucket's own address.
    Anyone,
    /// Without a sign-in, at this address in front of the bucket.
    Front(String),
    /// With the sign-in of the connection.
    SignedIn,
}

impl Wanted {
    /// The name of the file with the expectations.
    #[must_use]
    pub fn expectations_name(&self) -> &str {
        self.expectations_name.as_deref().unwrap_or(EXPECTATIONS_FILE)
    }

    /// What is checked and how, e.g. `Everything in photos/, as anyone on the internet`.
    #[must_use]
    pub fn words(&self, bucket: &str) -> String {
        let what = match &self.what {
            WantedWhat::Prefix(prefix) if prefix.is_empty() => format!("Everything in {bucket}"),
            WantedWhat::Prefix(prefix) => format!("Everything in {prefix}"),
            WantedWhat::Chosen(keys) => counted(keys.len() as u64, "chosen file", "chosen files"),
            WantedWhat::List(path) => format!("What {} names", file_name(path)),
            WantedWhat::Sitemap { place, pages: true } => format!("The pages of {place}"),
            WantedWhat::Sitemap { place, pages: false } => format!("The images of {place}"),
        };
        match &self.asked {
            WantedAsked::Anyone => format!("{what}, as anyone on the internet"),
            WantedAsked::Front(front) => format!("{what}, at {front}"),
            WantedAsked::SignedIn => format!("{what}, with the sign-in"),
        }
    }

    /// What would do the same in a terminal. `endpoint` is that of practice storage; the expectations lie in a file.
    #[must_use]
    pub fn command(&self, bucket: &str, target: &Target, endpoint: Option<&str>, expectations: &Path) -> String {
        let mut line = String::new();
        let place = |prefix: &str| quote(&format!("s3://{bucket}/{prefix}"));
        let what = match &self.what {
            WantedWhat::Prefix(prefix) => place(prefix),
            WantedWhat::Chosen(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| quote(key)).collect();
                line = format!("printf '%s\\n' {} | ", keys.join(" "));
                "-".to_owned()
            }
            WantedWhat::List(path) => quote(&path.display().to_string()),
            WantedWhat::Sitemap { place, .. } => quote(place),
        };
        line.push_str(&format!("brimful verify {what}"));
        let mut add = |option: &str, value: &str| line.push_str(&format!(" {option} {}", quote(value)));
        add("--expect", &expectations.display().to_string());
        add("--report", "report");
        if matches!(self.what, WantedWhat::Chosen(_) | WantedWhat::List(_)) {
            add("--keys-in", &format!("s3://{bucket}/"));
        }
        if let WantedAsked::Front(front) = &self.asked {
            add("--host", front);
        }
        if let Some(baseline) = &self.baseline {
            add("--baseline", &baseline.display().to_string());
        }
        if let Some(rate) = self.rate {
            add("--limit-rate", &rate.to_string());
        }
        if let Some(SignIn::Profile { name }) = target.sign_in() {
            add("--profile", name);
        }
        let (endpoint, region) = match target {
            Target::Practice => (endpoint, ""),
            Target::Amazon { region, .. } => (None, region.as_str()),
            Target::Store(store) => (Some(store.endpoint.as_str()), store.region.as_str()),
        };
        if let Some(endpoint) = endpoint {
            add("--endpoint-url", endpoint);
        }
        if !region.is_empty() {
            add("--region", region);
        }
        let flags = [
            ("--pages", matches!(self.what, WantedWhat::Sitemap { pages: true, .. })),
            ("--signed", self.asked == WantedAsked::SignedIn),
            ("--virtual-hosted", matches!(target, Target::Store(it) if it.addressing == Addressing::VirtualHosted)),
            ("--no-sign-request", target.sign_in() == Some(&SignIn::Anonymous)),
        ];
        for (flag, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
            line.push_str(&format!(" {flag}"));
        }
        line
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn wanted(what: WantedWhat, asked: WantedAsked) -> Wanted {
        let expectations = "[[rule]]\nhttps = true\n".to_owned();
        Wanted { what, asked, expectations, expectations_name: None, baseline: None, rate: None }
    }

    fn prefix(prefix: &str) -> WantedWhat {
        WantedWhat::Prefix(prefix.to_owned())
    }

    fn amazon() -> Target {
        Target::Amazon { region: "eu-west-1".to_owned(), sign_in: SignIn::Profile { name: "shop".to_owned() } }
    }

    #[test_case(&wanted(prefix(""), WantedAsked::Anyone), &Target::Practice,
        "brimful verify s3://acme/ --expect expectations.toml --report report --endpoint-url http://127.0.0.1:9"; "practice storage")]
    #[test_case(&wanted(prefix("a b/"), WantedAsked::SignedIn), &amazon(),
        "brimful verify 's3://acme/a b/' --expect expectations.toml --report report --profile shop --region eu-west-1 --signed"; "a folder, signed")]
    #[test_case(&wanted(WantedWhat::Chosen(vec!["a.jpg".into(), "it's".into()]), WantedAsked::Front("https://cdn.example".into())), &amazon(),
        "printf '%s\\n' a.jpg 'it'\\''s' | brimful verify - --expect expectations.toml --report report --keys-in s3://acme/ --host https://cdn.example --profile shop --region eu-west-1"; "chosen files")]
    #[test_case(&Wanted { rate: Some(5), baseline: Some("old.json".into()), ..wanted(WantedWhat::Sitemap { place: "https://x/s.xml".into(), pages: true }, WantedAsked::Anyone) }, &Target::Practice,
        "brimful verify https://x/s.xml --expect expectations.toml --report report --baseline old.json --limit-rate 5 --endpoint-url http://127.0.0.1:9 --pages"; "a sitemap")]
    fn the_same_in_a_terminal(wanted: &Wanted, target: &Target, line: &str) {
        let command = wanted.command("acme", target, Some("http://127.0.0.1:9"), Path::new(EXPECTATIONS_FILE));
        assert_eq!(command, line);
    }

    #[test_case(&wanted(prefix(""), WantedAsked::Anyone), "Everything in acme, as anyone on the internet"; "everything")]
    #[test_case(&wanted(WantedWhat::Chosen(vec!["a".into()]), WantedAsked::SignedIn), "1 chosen file, with the sign-in"; "one")]
    #[test_case(&wanted(WantedWhat::List("/x/list.csv".into()), WantedAsked::Front("https://c".into())), "What list.csv names, at https://c"; "a list")]
    fn what_is_checked_in_words(wanted: &Wanted, words: &str) {
        assert_eq!(wanted.words("acme"), words);
    }

    #[test]
    fn it_survives_being_kept() {
        let wanted = wanted(WantedWhat::List("/x/list.csv".into()), WantedAsked::Front("https://c".to_owned()));
        let text = serde_json::to_string(&wanted).unwrap();
        assert_eq!(serde_json::from_str::<Wanted>(&text).unwrap(), wanted);
    }
}
