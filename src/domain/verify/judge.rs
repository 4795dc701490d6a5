//! What is to say about one file.

use super::expect::{Access, Bounds, Expectations, Rule};
use super::observed::{Answered, Content, Observed, Outcome};
use super::report::{Check, Finding, Severity};
use crate::domain::format::{count, counted, duration, size};
use crate::domain::media_type::{self, Kind};
use std::time::Duration;

/// Everything that is not as expected of a file, or could not be told. What compares files with each other is judged
/// apart, when all of them are known.
#[must_use]
pub fn judge(expectations: &Expectations, seen: &Observed) -> Vec<Finding> {
    // Once it is told who gets the file, or what the answer is, other rules need not say that they saw nothing of it.
    let tells = |rule: &&Rule| (rule.access.is_some() && seen.stranger.is_none()) || !rule.status.is_empty();
    let told = expectations.about(&seen.path).filter(tells).map(|rule| rule.severity).max();
    expectations.about(&seen.path).flat_map(|rule| Judge { rule, seen, told, findings: Vec::new() }.all()).collect()
}

struct Judge<'a> {
    rule: &'a Rule,
    seen: &'a Observed,
    /// The weightiest rule that says who gets the file, or what the answer is.
    told: Option<Severity>,
    findings: Vec<Finding>,
}

impl Judge<'_> {
    fn all(mut self) -> Vec<Finding> {
        self.name();
        self.address();
        self.access();
        self.status();
        let is_told = self.told.is_some_and(|told| told >= self.rule.severity);
        match &self.seen.outcome {
            Outcome::Answered(answer) if answer.is_success() => self.inside(answer),
            // Whoever is refused as was expected sees nothing more.
            _ if is_told || !self.rule.looks_inside() => {}
            outcome => {
                let (severity, sentence) = match outcome {
                    Outcome::Unanswered(why) => (Severity::Unknown, why.clone()),
                    Outcome::Answered(answer) if answer.is_passing() => {
                        (Severity::Unknown, format!("The server answers {}, so nothing could be told", words(answer)))
                    }
                    Outcome::Answered(answer) => {
                        (self.rule.severity, format!("It cannot be fetched: the answer is {}", words(answer)))
                    }
                };
                self.say_as(Check::Status, severity, sentence);
            }
        }
        self.findings
    }

    fn say(&mut self, check: Check, sentence: String) {
        self.say_as(check, self.rule.severity, sentence);
    }

    fn say_as(&mut self, check: Check, severity: Severity, sentence: String) {
        self.findings.push(Finding { rule: self.rule.name.clone(), check, severity, sentence, change: None });
    }

    fn name(&mut self) {
        let path = &self.seen.path;
        if !self.rule.key.is_empty() && !self.rule.key.iter().any(|glob| glob.matches(path)) {
            self.say(Check::Key, format!("The name is not of the pattern {}", either(&self.rule.key)));
        }
        if let Some((allowed, set)) = &self.rule.key_characters {
            let mut odd: Vec<char> = path.chars().filter(|letter| !set.has(*letter)).collect();
            odd.sort_unstable();
            odd.dedup();
            if !odd.is_empty() {
                let odd: Vec<String> = odd.iter().take(8).map(|letter| shown(*letter)).collect();
                self.say(Check::Key, format!("The name holds {}, and only {allowed} may be in it", odd.join(" ")));
            }
        }
    }

    fn address(&mut self) {
        if self.rule.https && !self.seen.url.starts_with("https://") {
            let sentence = "The address begins with http://: whoever is on the way can read and change the file";
            self.say(Check::Https, sentence.to_owned());
        }
    }

    fn access(&mut self) {
        let Some(access) = self.rule.access else { return };
        let (check, error) = (Check::Access, self.rule.severity);
        let (severity, sentence) = match (self.seen.stranger(), access) {
            (Outcome::Unanswered(why), _) => (Severity::Unknown, why.clone()),
            (Outcome::Answered(answer), _) if answer.is_passing() => (
                Severity::Unknown,
                format!("Whether strangers can see it could not be told: the server answers {}", words(answer)),
            ),
            (Outcome::Answered(answer), Access::Public) => match answer.status {
                200..300 => return,
                401 | 403 => (error, format!("Strangers are refused with {}, and anyone should see it", words(answer))),
                404 | 410 => (error, format!("It is not there for strangers: the answer is {}", words(answer))),
                _ => (error, format!("Strangers do not get the file: the answer is {}", words(answer))),
            },
            (Outcome::Answered(answer), Access::Private) => match answer.status {
                200..300 => (error, "Anyone on the internet can see it, and nobody should".to_owned()),
                401 | 403 => return,
                // Seen with a sign-in it is there, so it is hidden.
                404 if self.seen.stranger.is_some() => return,
                _ => (
                    Severity::Unknown,
                    format!(
                        "The answer is {}, which says neither that it is private nor that it is not",
                        words(answer)
                    ),
                ),
            },
        };
        self.say_as(check, severity, sentence);
    }

    fn status(&mut self) {
        if self.rule.status.is_empty() {
            return;
        }
        match &self.seen.outcome {
            Outcome::Unanswered(why) => self.say_as(Check::Status, Severity::Unknown, why.clone()),
            Outcome::Answered(answer) if !self.rule.status.contains(&answer.status) => {
                let sentence = format!("The answer is {} instead of {}", words(answer), either(&self.rule.status));
                self.say(Check::Status, sentence);
            }
            Outcome::Answered(_) => {}
        }
    }

    fn inside(&mut self, answer: &Answered) {
        self.content_type(answer);
        self.size_of_file(answer);
        self.cache(answer.cache_control.as_deref());
        self.cors();
        if let Some(content) = &self.seen.content {
            self.bytes_and_type(answer, content);
            self.picture(content);
        }
    }

    fn content_type(&mut self, answer: &Answered) {
        if self.rule.content_type.is_empty() {
            return;
        }
        let allowed = either(&self.rule.content_type);
        match answer.content_type.as_deref() {
            None => self.say(Check::ContentType, format!("It has no Content-Type; it should be {allowed}")),
            Some(found) if !self.rule.content_type.iter().any(|wanted| is_of(found, wanted)) => {
                self.say(Check::ContentType, format!("Its Content-Type is {found}; it should be {allowed}"));
            }
            Some(_) => {}
        }
    }

    fn bytes_and_type(&mut self, answer: &Answered, content: &Content) {
        if !self.rule.matches_bytes {
            return;
        }
        if let Some(problem) = content.problem.as_ref().filter(|_| content.is_undecided && content.kind.is_none()) {
            self.say_as(Check::MatchesBytes, Severity::Unknown, problem.clone());
            return;
        }
        let declared = answer.content_type.as_deref().map(bare).unwrap_or_default();
        if let Some(what) = contradiction(&declared, content.kind) {
            let declared = if declared.is_empty() { "missing".to_owned() } else { declared };
            self.say(Check::MatchesBytes, format!("Its Content-Type is {declared}, but the bytes are {what}"));
        }
    }

    fn size_of_file(&mut self, answer: &Answered) {
        if self.rule.bytes.is_open() {
            return;
        }
        match answer.size_bytes {
            None => self.say_as(Check::Bytes, Severity::Unknown, "The server does not tell how large it is".to_owned()),
            Some(bytes) => {
                if let Some((than, limit)) = out_of(self.rule.bytes, bytes) {
                    let exactly = |bytes| counted(bytes, "byte", "bytes");
                    let (found, limit) = match (size(bytes), size(limit)) {
                        // Rounded they are the same.
                        (found, wanted) if found == wanted => (exactly(bytes), exactly(limit)),
                        sizes => sizes,
                    };
                    self.say(Check::Bytes, format!("It is {found}, {than} than {limit}"));
                }
            }
        }
    }

    fn cache(&mut self, found: Option<&str>) {
        let rule = self.rule;
        let shown =
            || found.map_or_else(|| "It has no Cache-Control".to_owned(), |it| format!("Cache-Control is {it}"));
        let has = |wanted: &String| {
            let mut parts = found.unwrap_or_default().split(',').map(str::trim);
            parts.any(|part| part.eq_ignore_ascii_case(wanted))
        };
        let missing: Vec<&String> = rule.cache_control.iter().filter(|wanted| !has(wanted)).collect();
        if !missing.is_empty() {
            self.say(Check::CacheControl, format!("{}; {} is missing", shown(), list(&missing)));
        }
        if let Some(wanted) = rule.max_age_secs {
            let age = max_age(found.unwrap_or_default());
            if age.is_none_or(|age| age < wanted) {
                let wanted = duration(Duration::from_secs(wanted));
                self.say(Check::CacheControl, format!("{}; it should be kept for {wanted} at least", shown()));
            }
        }
    }

    fn cors(&mut self) {
        for origin in &self.rule.cors {
            let answer = self.seen.cors.iter().find(|(asked, _)| asked == origin).map(|(_, answer)| answer.as_deref());
            let sentence = match answer {
                Some(Some(allowed)) if allowed == "*" || allowed == origin => continue,
                Some(Some(allowed)) => format!("Pages of {origin} may not read it: only those of {allowed} may"),
                Some(None) => {
                    format!("Pages of {origin} may not read it: the answer has no Access-Control-Allow-Origin")
                }
                None => {
                    let sentence = format!("Whether pages of {origin} may read it could not be asked");
                    self.say_as(Check::Cors, Severity::Unknown, sentence);
                    continue;
                }
            };
            self.say(Check::Cors, sentence);
        }
    }

    fn picture(&mut self, content: &Content) {
        let rule = self.rule;
        let severity = if content.is_undecided { Severity::Unknown } else { rule.severity };
        if rule.decodes
            && let Some(problem) = &content.problem
        {
            self.say_as(Check::Decodes, severity, problem.clone());
        }
        let sides = [(Check::Width, rule.width, 0), (Check::Height, rule.height, 1)];
        let Some((width, height)) = content.size else {
            let wanted = sides.iter().filter(|(_, bounds, _)| !bounds.is_open()).map(|(check, ..)| *check);
            let wanted = wanted.chain((!rule.aspect.is_empty()).then_some(Check::Aspect)).next();
            // Once is enough, and where it does not decode that is said already.
            if let Some(check) = wanted.filter(|_| !(rule.decodes && content.problem.is_some())) {
                let why = content.problem.clone().unwrap_or_else(|| "It is no image that is known".to_owned());
                let sentence = format!("Its size in pixels cannot be read. {}", ended(&why));
                self.say_as(check, severity, sentence);
            }
            return;
        };
        for (check, bounds, side) in sides {
            let (pixels, direction) = if side == 0 { (width, "wide") } else { (height, "high") };
            if let Some((than, limit)) = out_of(bounds, pixels.into()) {
                let sentence =
                    format!("It is {} pixels {direction}, {than} than {}", count(pixels.into()), count(limit));
                self.say(check, sentence);
            }
        }
        if !rule.aspect.is_empty() && !rule.aspect.iter().any(|it| it.fits(width, height, rule.aspect_tolerance)) {
            let sentence = format!("It is {width} × {height} pixels, which is not {}", either(&rule.aspect));
            self.say(Check::Aspect, sentence);
        }
    }
}

/// `403 AccessDenied`, `301 to https://…`.
fn words(answer: &Answered) -> String {
    let mut words = answer.status.to_string();
    if let Some(code) = &answer.code {
        words.push_str(&format!(" {code}"));
    }
    if let Some(location) = answer.location.as_ref().filter(|_| (300..400).contains(&answer.status)) {
        words.push_str(&format!(" to {location}"));
    }
    words
}

/// `a`, `a or b`, `a, b or c`.
fn either(all: &[impl ToString]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    match all.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

fn list(all: &[&String]) -> String {
    all.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(", ")
}

fn ended(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    format!("{sentence}.")
}

/// What cannot be seen is spelled out.
fn shown(letter: char) -> String {
    match letter {
        ' ' => "a blank".to_owned(),
        letter if letter.is_control() => letter.escape_default().to_string(),
        letter => letter.to_string(),
    }
}

/// Without parameters, in lower case.
fn bare(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_of(found: &str, wanted: &str) -> bool {
    let found = bare(found);
    match wanted.strip_suffix('*') {
        Some(start) => found.starts_with(start),
        None => found == wanted,
    }
}

/// What the bytes are instead of what was declared.
fn contradiction(declared: &str, kind: Option<Kind>) -> Option<String> {
    match kind {
        Some(kind) if media_type::same_type(kind.mime, declared) => None,
        // Containers hide what they hold; pictures, PDFs and web pages do not.
        Some(kind) if kind.is_image() || matches!(kind.mime, "application/pdf" | "text/html") => Some(kind.phrase()),
        Some(kind) if media_type::has_known_bytes(declared) => Some(kind.phrase()),
        None if media_type::has_known_bytes(declared) => Some("no image that is known".to_owned()),
        _ => None,
    }
    .map(|phrase| lower_article(&phrase))
}

/// `A JPEG` inside a sentence.
fn lower_article(phrase: &str) -> String {
    match phrase.split_once(' ') {
        Some((article @ ("A" | "An"), rest)) => format!("{} {rest}", article.to_lowercase()),
        _ => phrase.to_owned(),
    }
}

fn out_of(bounds: Bounds, value: u64) -> Option<(&'static str, u64)> {
    match bounds {
        Bounds { min: Some(min), .. } if value < min => Some(("less", min)),
        Bounds { max: Some(max), .. } if value > max => Some(("more", max)),
        _ => None,
    }
}

/// How long browsers keep it (RFC 9111, section 5.2.2); nothing is kept with `no-store`.
fn max_age(cache_control: &str) -> Option<u64> {
    let directives = || cache_control.split(',').map(|part| part.trim().to_ascii_lowercase());
    if directives().any(|part| part == "no-store") {
        return Some(0);
    }
    directives().find_map(|part| part.strip_prefix("max-age=")?.trim_matches('"').parse().ok())
}
