//! Names for new buckets: the rules, advice, and names that keep them.
//!
//! Rules as in the Amazon S3 User Guide, "General purpose bucket naming rules" and "Namespaces for general purpose
//! buckets". They hold for *creating* only: older buckets may have names that break them and still open.

use super::ascii;

/// Longest name, in bytes.
pub const MAX_LEN: usize = 63;
/// Shortest name, in bytes.
pub const MIN_LEN: usize = 3;

/// Where a new name has to be the only one of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Namespace<'a> {
    /// Shared by all accounts of the partition.
    Global,
    /// The account's own names in one region: `<prefix>-<account>-<region>-an`.
    AccountRegional {
        /// Twelve digits.
        account: &'a str,
        /// The region the bucket will lie in.
        region: &'a str,
    },
}

/// One rule for names of new buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameRule {
    /// 3 to 63 bytes.
    Length,
    /// Only `a-z 0-9 . -`.
    Characters,
    /// Letter or digit first and last.
    Ends,
    /// No two dots side by side.
    AdjacentDots,
    /// Not written like an IPv4 address.
    IpAddress,
    /// Not starting with `xn--`.
    PrefixXn,
    /// Not starting with `sthree-`.
    PrefixSthree,
    /// Not starting with `amzn-s3-demo-`.
    PrefixDemo,
    /// Not ending with `-s3alias`.
    SuffixAlias,
    /// Not ending with `--ol-s3`.
    SuffixObjectLambda,
    /// Not ending with `.mrap`.
    SuffixMultiRegion,
    /// Not ending with `--x-s3`.
    SuffixDirectory,
    /// Not ending with `--table-s3`.
    SuffixTable,
    /// `-an` at the end belongs to names of an account-regional namespace, which end in account and region.
    AccountRegional,
}

/// A rule that a name breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProblem {
    /// Which rule.
    pub rule: NameRule,
    /// What is wrong, in one plain sentence without full stop.
    pub sentence: String,
    /// A name near the typed one that keeps every rule.
    pub mend: Option<String>,
}

impl NameProblem {
    /// The words of the link that mends it, e.g. `Use acme-images`.
    #[must_use]
    pub fn mend_label(&self) -> Option<String> {
        self.mend.as_ref().map(|name| format!("Use {name}"))
    }
}

/// Something to think about; the name is still allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameAdvice {
    /// Dots break the certificate of `https://name.s3.…`.
    DotsBreakHttps,
    /// Dots rule Transfer Acceleration out.
    DotsRefuseAcceleration,
    /// The one case where dots are wanted.
    DotsForOwnDomain,
    /// The name seems to hold an account number or an access key.
    HoldsSomethingPrivate,
    /// A single short word is probably taken.
    ProbablyTaken,
}

impl NameAdvice {
    /// What to know, in plain words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::DotsBreakHttps => {
                "With a dot in the name, https://name.s3… shows a certificate warning; only path-style addresses work"
            }
            Self::DotsRefuseAcceleration => "With a dot in the name, Transfer Acceleration cannot be used",
            Self::DotsForOwnDomain => "Dots are wanted only for a website whose bucket is named like its domain",
            Self::HoldsSomethingPrivate => {
                "The name can be read in every address and log; leave account numbers and keys out of it"
            }
            Self::ProbablyTaken => "A single short word is probably taken by someone; add the project or the year",
        }
    }
}

const PREFIXES: [(&str, NameRule, &str); 3] = [
    ("xn--", NameRule::PrefixXn, "A name must not start with xn--"),
    ("sthree-", NameRule::PrefixSthree, "Names starting with sthree- are kept for Amazon"),
    ("amzn-s3-demo-", NameRule::PrefixDemo, "Names starting with amzn-s3-demo- are kept for Amazon’s examples"),
];

const SUFFIXES: [(&str, NameRule, &str); 5] = [
    ("-s3alias", NameRule::SuffixAlias, "Names ending in -s3alias are kept for access points"),
    ("--ol-s3", NameRule::SuffixObjectLambda, "Names ending in --ol-s3 are kept for Object Lambda"),
    (".mrap", NameRule::SuffixMultiRegion, "Names ending in .mrap are kept for multi-region access points"),
    ("--x-s3", NameRule::SuffixDirectory, "Names ending in --x-s3 are kept for directory buckets"),
    ("--table-s3", NameRule::SuffixTable, "Names ending in --table-s3 are kept for table buckets"),
];

/// Every rule that `name` breaks as the name of a new bucket; empty when it may be asked for. Whether it is still
/// free only the store knows.
#[must_use]
pub fn check_for_create(name: &str, namespace: &Namespace<'_>) -> Vec<NameProblem> {
    let mut found: Vec<(NameRule, String)> = Vec::new();
    if name.len() < MIN_LEN {
        found.push((NameRule::Length, format!("At least {MIN_LEN} characters are needed")));
    } else if name.len() > MAX_LEN {
        let over = name.len() - MAX_LEN;
        found.push((NameRule::Length, format!("{over} too many: at most {MAX_LEN} characters")));
    }
    if !name.chars().all(legal_char) {
        found.push((NameRule::Characters, "Only a–z, 0–9, dots and hyphens".into()));
    }
    let ends = [name.chars().next(), name.chars().next_back()];
    if ends.iter().flatten().any(|c| matches!(c, '.' | '-')) {
        found.push((NameRule::Ends, "The first and the last character must be a letter or digit".into()));
    }
    if name.contains("..") {
        found.push((NameRule::AdjacentDots, "Two dots must not stand side by side".into()));
    }
    if is_ipv4_shape(name) {
        found.push((NameRule::IpAddress, "A name must not look like an IP address".into()));
    }
    for (prefix, rule, words) in PREFIXES {
        if name.starts_with(prefix) {
            found.push((rule, words.into()));
        }
    }
    for (suffix, rule, words) in SUFFIXES {
        if name.ends_with(suffix) {
            found.push((rule, words.into()));
        }
    }
    found.extend(namespace_problem(name, namespace).map(|words| (NameRule::AccountRegional, words)));
    if found.is_empty() {
        return Vec::new();
    }
    let mend = mend(name, namespace);
    found.into_iter().map(|(rule, sentence)| NameProblem { rule, sentence, mend: mend.clone() }).collect()
}

/// What is worth knowing about a name that is allowed.
#[must_use]
pub fn advice(name: &str) -> Vec<NameAdvice> {
    let mut advice = Vec::new();
    if name.contains('.') {
        advice.extend([NameAdvice::DotsBreakHttps, NameAdvice::DotsRefuseAcceleration, NameAdvice::DotsForOwnDomain]);
    }
    if holds_account_number(name) || holds_access_key(name) {
        advice.push(NameAdvice::HoldsSomethingPrivate);
    }
    if !name.is_empty() && name.len() <= 10 && name.chars().all(|c| c.is_ascii_lowercase()) {
        advice.push(NameAdvice::ProbablyTaken);
    }
    advice
}

/// The nearest name that keeps every rule of the global namespace. Never empty.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in ascii::fold(text).chars() {
        let c = c.to_ascii_lowercase();
        match c {
            'a'..='z' | '0'..='9' => name.push(c),
            '\'' | '’' => {}
            // One separator between words is enough; a dot gives way to a hyphen.
            '.' if name.ends_with(['.', '-']) || name.is_empty() => {}
            '.' => name.push('.'),
            _ if name.ends_with('.') => {
                name.pop();
                name.push('-');
            }
            // Two hyphens are legal, and part of no rule but those about the ends of a name.
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    make_legal(name)
}

/// Names made from a project, a word for the purpose and the year, best first. All are legal, none is in `taken`.
#[must_use]
pub fn suggest(project: &str, purpose: &str, year: i16, taken: &[impl AsRef<str>]) -> Vec<String> {
    const WANTED: usize = 4;
    let (project, purpose) = (ascii::slug(project), ascii::slug(purpose));
    let base = match (project.is_empty(), purpose.is_empty()) {
        (false, false) => format!("{project}-{purpose}"),
        (false, true) => project,
        (true, false) => purpose,
        (true, true) => "my-bucket".to_owned(),
    };
    let is_taken = |name: &str| taken.iter().any(|t| t.as_ref() == name);
    let fixed = ["".to_owned(), format!("-{year}"), "-web".to_owned(), format!("-{year}-web"), "-store".to_owned()];
    let numbered = (2..).map(|n: u32| format!("-{n}"));
    let mut names: Vec<String> = Vec::new();
    // The bound only ends the search in a namespace where every number is taken.
    for suffix in fixed.into_iter().chain(numbered).take(taken.len() + 64) {
        let name = with_suffix(&base, &suffix);
        if !is_taken(&name) && !names.contains(&name) {
            names.push(name);
            if names.len() == WANTED {
                break;
            }
        }
    }
    names
}

/// The whole name that `prefix` gets in the account-regional namespace, cut so that it fits.
#[must_use]
pub fn account_regional(prefix: &str, account: &str, region: &str) -> String {
    let suffix = format!("-{account}-{region}-an");
    let room = MAX_LEN.saturating_sub(suffix.len());
    let mut prefix = clean(prefix);
    prefix.truncate(room);
    format!("{}{suffix}", prefix.trim_end_matches(['-', '.']))
}

/// Whether the name can be the first label of a host name, so that `https://name.host/` works (TLS: no dots).
#[must_use]
pub fn is_virtual_hostable(name: &str, allow_dots: bool) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= MAX_LEN
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let whole = (MIN_LEN..=MAX_LEN).contains(&name.len()) && !is_ipv4_shape(name);
    whole && if allow_dots { name.split('.').all(label) } else { label(name) }
}

fn legal_char(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '-')
}

fn is_ipv4_shape(name: &str) -> bool {
    let mut parts = 0;
    name.split('.').all(|part| {
        parts += 1;
        (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    }) && parts == 4
}

fn namespace_problem(name: &str, namespace: &Namespace<'_>) -> Option<String> {
    match namespace {
        Namespace::Global => {
            name.ends_with("-an").then(|| "Names ending in -an belong to an account-regional namespace".into())
        }
        Namespace::AccountRegional { account, region } => {
            if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
                return Some("The account number has 12 digits".into());
            }
            let suffix = format!("-{account}-{region}-an");
            let whole = name.strip_suffix(&suffix).is_some_and(|prefix| !prefix.is_empty());
            (!whole).then(|| format!("In your account’s own namespace a name ends in {suffix}"))
        }
    }
}

fn mend(name: &str, namespace: &Namespace<'_>) -> Option<String> {
    let mended = match namespace {
        Namespace::Global => clean(name),
        Namespace::AccountRegional { account, region } => {
            let suffix = format!("-{account}-{region}-an");
            account_regional(name.strip_suffix(&suffix).unwrap_or(name), account, region)
        }
    };
    let anything_kept = ascii::fold(name).chars().any(|c| c.is_ascii_alphanumeric());
    let legal = |n: &str| {
        (MIN_LEN..=MAX_LEN).contains(&n.len()) && n.chars().all(legal_char) && namespace_problem(n, namespace).is_none()
    };
    (anything_kept && mended != name && legal(&mended)).then_some(mended)
}

fn with_suffix(base: &str, suffix: &str) -> String {
    let room = MAX_LEN - suffix.len();
    let short = base.get(..room).unwrap_or(base).trim_end_matches('-');
    clean(&format!("{short}{suffix}"))
}

/// Takes away what no rule lets stand, until nothing is left to take; then fills up what became too short.
fn make_legal(mut name: String) -> String {
    loop {
        let before = name.len();
        name.truncate(MAX_LEN);
        if is_ipv4_shape(&name) {
            name = name.replace('.', "-");
        }
        for (prefix, _, _) in PREFIXES {
            if let Some(rest) = name.strip_prefix(prefix) {
                name = rest.to_owned();
            }
        }
        for suffix in SUFFIXES.iter().map(|s| s.0).chain(["-an"]) {
            if let Some(rest) = name.strip_suffix(suffix) {
                name = rest.to_owned();
            }
        }
        name = name.trim_matches(['.', '-']).to_owned();
        if name.len() == before {
            break;
        }
    }
    match name.len() {
        0 => "my-bucket".to_owned(),
        1..MIN_LEN => format!("{name}-files"),
        _ => name,
    }
}

fn holds_account_number(name: &str) -> bool {
    name.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() == 12)
}

fn holds_access_key(name: &str) -> bool {
    name.split(['-', '.']).any(|part| part.len() == 20 && (part.starts_with("akia") || part.starts_with("asia")))
}

#[cfg(test)]
mod tests;
