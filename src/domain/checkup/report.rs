//! A check-up as text and as JSON, to be sent to somebody. It holds no secret: no secret key, no session token, and of the
//! access key only its ends.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{BucketCheckup, Checkup, Finding, Group, Outcome, Tried};
use crate::domain::format;

/// How many capabilities came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Can be done.
    pub can: usize,
    /// Cannot be done: refused, or not offered.
    pub cannot: usize,
    /// Not tried, because it would write.
    pub not_tried: usize,
    /// Cannot be told.
    pub unclear: usize,
}

impl Counts {
    /// Counts.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match finding.outcome {
                Outcome::Can => &mut counts.can,
                Outcome::Cannot { .. } | Outcome::NotOffered => &mut counts.cannot,
                Outcome::NotTried(_) => &mut counts.not_tried,
                Outcome::Unclear(_) => &mut counts.unclear,
            } += 1;
        }
        counts
    }

    /// How much was asked about.
    #[must_use]
    pub fn all(&self) -> usize {
        self.can + self.cannot + self.not_tried + self.unclear
    }

    /// `12 can, 3 cannot, 20 not tried`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = [
            (self.can, "can"),
            (self.cannot, "cannot"),
            (self.not_tried, "not tried"),
            (self.unclear, "cannot be told"),
        ];
        let told = parts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
        told.collect::<Vec<_>>().join(", ")
    }
}

/// The whole check-up as text.
#[must_use]
pub fn text(checkup: &Checkup) -> String {
    let mut out = format!("What this connection can do at {}, asked at {:.0}\n", checkup.store, checkup.at);
    match (&checkup.who, &checkup.key) {
        (Some(who), Some(key)) => out += &format!("Signed in as {who}, with the access key {key}\n"),
        (Some(who), None) => out += &format!("Signed in as {who}\n"),
        (None, Some(key)) => out += &format!("Signed in with the access key {key}\n"),
        (None, None) => out += "Without a sign-in\n",
    }
    out += "Nothing was written: what would write was not tried, and only predicted\n";
    findings_text(&mut out, &checkup.account);
    for BucketCheckup { scope, region, findings } in &checkup.buckets {
        let place = region.as_deref().map(|region| format!(", {region}")).unwrap_or_default();
        out += &format!("\ns3://{scope}{place}\n");
        match findings {
            Ok(findings) => findings_text(&mut out, findings),
            Err(why) => out += &format!("  {why}\n"),
        }
    }
    out
}

fn findings_text(out: &mut String, findings: &[Finding]) {
    for group in Group::ALL {
        let mut of_group = findings.iter().filter(|it| it.capability.group == group).peekable();
        if of_group.peek().is_some() {
            *out += &format!("\n{}\n", group.title());
        }
        for finding in of_group {
            let Finding { capability, outcome, tried } = finding;
            // Writing to a String cannot fail.
            let _ = write!(out, "  {:48} {}", capability.words, outcome.words());
            if let Some(why) = outcome.why() {
                *out += &format!(". {why}");
            }
            if !tried.is_empty() {
                let calls: Vec<String> = tried.iter().map(Tried::words).collect();
                *out += &format!("  [{}]", calls.join(", "));
            }
            out.push('\n');
        }
    }
}

impl Tried {
    /// The request, what it was about, and its answer: `HeadObject photos/a.jpg · 403 AccessDenied`.
    #[must_use]
    pub fn words(&self) -> String {
        let asked = &self.asked;
        // A key may hold anything, also what ends a line.
        let on =
            self.on.as_deref().map(|on| format!(" {}", on.replace(char::is_control, "\u{fffd}"))).unwrap_or_default();
        let answer = match (asked.status, &asked.code) {
            (Some(status), Some(code)) => format!("{status} {code}"),
            (Some(status), None) => status.to_string(),
            (None, _) => "no answer".to_owned(),
        };
        format!("{}{on} · {answer}", asked.operation)
    }
}

/// The whole check-up as JSON.
#[must_use]
pub fn json(checkup: &Checkup) -> Value {
    let bucket = |BucketCheckup { scope, region, findings }: &BucketCheckup| {
        let (findings, problem) = match findings {
            Ok(findings) => (findings_json(findings), None),
            Err(why) => (Value::Array(Vec::new()), Some(why)),
        };
        json!({
            "bucket": scope.bucket, "prefix": scope.prefix, "region": region, "problem": problem,
            "kms_key": scope.key.as_ref().map(|key| &key.named), "capabilities": findings,
        })
    };
    json!({
        "at": checkup.at.to_string(),
        "store": checkup.store,
        "signed_in_as": checkup.who,
        "access_key": checkup.key,
        "capabilities": findings_json(&checkup.account),
        "buckets": checkup.buckets.iter().map(bucket).collect::<Vec<_>>(),
    })
}

fn findings_json(findings: &[Finding]) -> Value {
    let tried = |Tried { on, asked, .. }: &Tried| {
        json!({
            "operation": asked.operation, "on": on, "status": asked.status, "code": asked.code,
            "at": asked.at.to_string(), "took": format::duration(asked.took),
        })
    };
    let one = |finding: &Finding| {
        let needs = match &finding.outcome {
            Outcome::Cannot { needs } => needs.clone(),
            _ => None,
        };
        json!({
            "capability": finding.capability.id,
            "outcome": finding.outcome.as_str(),
            "words": finding.outcome.words(),
            "why": finding.outcome.why(),
            "missing": needs,
            "permissions": finding.permissions(),
            "tried": finding.tried.iter().map(tried).collect::<Vec<_>>(),
        })
    };
    findings.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::Asked;
    use crate::domain::checkup::{Answer, Call, Scope, Surroundings, conclude};
    use std::time::Duration;
    use test_case::test_case;

    fn tried(operation: &'static str, answer: Answer, status: u16, code: Option<&str>) -> Tried {
        let asked = Asked {
            operation,
            status: Some(status),
            code: code.map(str::to_owned),
            at: "2026-03-14T09:41:00Z".parse().unwrap(),
            took: Duration::from_millis(12),
        };
        Tried { call: Call::of(operation), on: None, asked, answer }
    }

    fn checkup(tried: &[Tried], signed: bool) -> Checkup {
        let around = Surroundings { bucket: "acme".to_owned(), signed, policy: Some(None), ..Surroundings::default() };
        Checkup {
            at: "2026-03-14T09:41:00Z".parse().unwrap(),
            store: "Amazon S3".to_owned(),
            who: Some("arn:aws:iam::111122223333:user/mo".to_owned()),
            key: Some("AKIA…7QXZ".to_owned()),
            account: conclude(true, tried, &Surroundings { bucket: String::new(), ..around.clone() }),
            buckets: vec![BucketCheckup {
                scope: Scope::bucket("acme"),
                region: Some("eu-west-1".to_owned()),
                findings: Ok(conclude(false, tried, &around)),
            }],
        }
    }

    fn outcome(checkup: &Checkup, id: &str) -> Outcome {
        let all = checkup.account.iter().chain(checkup.buckets[0].findings.as_ref().unwrap());
        all.into_iter().find(|it| it.capability.id == id).unwrap().outcome.clone()
    }

    #[test_case("list-files", "can"; "let in")]
    #[test_case("open-files", "cannot"; "refused")]
    #[test_case("see-website", "not-offered"; "not there")]
    #[test_case("see-file-tags", "unclear"; "nothing to try it on")]
    #[test_case("upload-files", "not-tried"; "it would write")]
    #[test_case("copy-files", "cannot"; "the worst of what it takes")]
    #[test_case("see-others", "unclear"; "one of several is not known")]
    #[test_case("list-buckets", "can"; "of the account")]
    fn conclusions(id: &str, expected: &str) {
        let refused = Answer::Refused { needs: Some("s3:GetObject".to_owned()) };
        let all = [
            tried("ListBuckets", Answer::Done, 200, None),
            tried("ListObjectsV2", Answer::Done, 200, None),
            tried("GetObject", refused, 403, Some("AccessDenied")),
            tried("GetBucketWebsite", Answer::NotOffered, 501, Some("NotImplemented")),
            tried("GetBucketReplication", Answer::Done, 404, None),
        ];
        assert_eq!(outcome(&checkup(&all, true), id).as_str(), expected);
    }

    #[test]
    fn links_take_a_signature_whatever_strangers_may() {
        let all = [tried("GetObject", Answer::Done, 200, None)];
        assert_eq!(outcome(&checkup(&all, true), "share-links"), Outcome::Can);
        assert_eq!(outcome(&checkup(&all, false), "share-links").words(), "Cannot: needs a sign-in");
    }

    #[test]
    fn reports_say_what_was_asked_and_what_it_needs() {
        let needs = Some("s3:GetObject".to_owned());
        let checkup = checkup(&[tried("GetObject", Answer::Refused { needs }, 403, Some("AccessDenied"))], true);
        let text = text(&checkup);
        assert!(text.contains("user/mo, with the access key AKIA…7QXZ"), "{text}");
        assert!(text.contains("Cannot: needs s3:GetObject  [GetObject · 403 AccessDenied]"), "{text}");
        let json = json(&checkup);
        let of = |id: &str| {
            let all = json["buckets"][0]["capabilities"].as_array().unwrap();
            all.iter().find(|it| it["capability"] == id).unwrap().clone()
        };
        assert_eq!(
            (of("open-files")["missing"].as_str(), of("open-files")["tried"][0]["status"].as_u64()),
            (Some("s3:GetObject"), Some(403))
        );
        assert_eq!(of("upload-parts")["permissions"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn counts_are_told() {
        let checkup = checkup(&[tried("ListObjectsV2", Answer::Done, 200, None)], true);
        let words = Counts::of(checkup.buckets[0].findings.as_ref().unwrap()).words();
        assert!(words.starts_with("1 can, ") && words.contains(" not tried"), "{words}");
    }
}
