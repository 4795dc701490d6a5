//! Random policies that any server should take, and random requests that they speak about.

use brimful::domain::arn::{Partition, bucket_arn, object_arn};
use brimful::domain::policy::{ContextKeys, RequestContext, RequestPrincipal};
use serde_json::{Value, json};

use crate::s3_contract::Server;

/// Random numbers that follow from a seed (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One to three of them, each once.
    fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        let count = 1 + self.below(3);
        let mut taken: Vec<&str> = Vec::new();
        for _ in 0..count {
            let one = *self.one(of);
            if !taken.contains(&one) {
                taken.push(one);
            }
        }
        taken
    }
}

/// Who is who at a server.
pub(super) struct Names {
    /// The second account's user.
    pub(super) second: RequestPrincipal,
    /// Every way to name it in a policy.
    named: Vec<String>,
    /// Somebody who never asks.
    absent: String,
    /// Whether the server takes policies with variables.
    variables: bool,
}

impl Names {
    pub(super) fn of(server: &Server) -> Self {
        let user = |account_id: &str, arn: &str| RequestPrincipal::Account {
            account_id: account_id.to_owned(),
            arn: arn.to_owned(),
            canonical_id: None,
        };
        if server.strict() {
            let (id, arn) = ("210987654321", "arn:aws:iam::210987654321:user/stranger");
            let root = format!("arn:aws:iam::{id}:root");
            return Self {
                second: user(id, arn),
                named: vec![arn.to_owned(), id.to_owned(), root],
                absent: "arn:aws:iam::999988887777:root".to_owned(),
                variables: true,
            };
        }
        // Ceph: users without an account have ARNs without an id.
        let arn = std::env::var("BRIMFUL_TEST_SECOND_ARN").unwrap_or_else(|_| "arn:aws:iam:::user/other".to_owned());
        let absent = "arn:aws:iam:::user/nobody-asks".to_owned();
        Self { second: user("", &arn), named: vec![arn], absent, variables: false }
    }
}

const OBJECT_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:GetObjectTagging",
    "s3:GetObjectAcl",
    "s3:Get*",
    "s3:*Object",
    "s3:?etObject",
    "s3:getobject",
    "s3:*",
];
const BUCKET_ACTIONS: &[&str] =
    &["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:GetBucketAcl", "s3:List*", "s3:GetBucket*"];
const LISTING: &[&str] = &["s3:ListBucket", "s3:ListBucketVersions"];
const TAGGED: &[&str] = &["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectAcl"];
const PATTERNS: &[&str] = &[
    "*",
    "*",
    "*",
    "*",
    "photos/*",
    "*.jpg",
    "photos/?.jpg",
    "Photos/*",
    "a.jpg",
    "*/*",
    "ü/*",
    "private/*",
    "other/*",
    "a b*",
];

const VARIABLES: &[&str] = &["${aws:username}/*", "${aws:principaltype}/*", "photos/${aws:Referer, 'b'}*"];

fn one_or_many(mut list: Vec<String>) -> Value {
    if list.len() == 1 { list.remove(0).into() } else { list.into() }
}

/// A policy of one to four statements that S3 takes and that leaves the owner in charge of the policy.
pub(super) fn policy(dice: &mut Dice, bucket: &str, names: &Names) -> String {
    let count = 1 + dice.below(4);
    let statements: Vec<Value> = (0..count).map(|i| statement(dice, bucket, names, i)).collect();
    let version = if dice.percent(85) { "2012-10-17" } else { "2008-10-17" };
    json!({"Version": version, "Statement": statements}).to_string()
}

fn statement(dice: &mut Dice, bucket: &str, names: &Names, index: usize) -> Value {
    let effect = if dice.percent(80) { "Allow" } else { "Deny" };
    let on_bucket = dice.percent(35);
    let patterns = if names.variables && dice.percent(10) { VARIABLES } else { PATTERNS };
    let kind = dice.below(10);
    let mut statement = json!({"Sid": format!("S{index}"), "Effect": effect});
    let (name, who) = principal(dice, names, effect);
    statement[name] = who;
    // Some statements ask for what only these actions have.
    let conditions: &[Make] = match (on_bucket, kind) {
        (true, 0..=3) => &[prefix, max_keys],
        (false, 0..=1) => &[tag],
        _ => &[],
    };
    let actions = match (on_bucket, conditions.is_empty()) {
        (true, false) => LISTING,
        (false, false) => TAGGED,
        (true, true) => BUCKET_ACTIONS,
        (false, true) => OBJECT_ACTIONS,
    };
    // A policy that nobody may change any more would end the test.
    let safe = effect == "Allow" || !on_bucket;
    let name = if safe && conditions.is_empty() && dice.percent(8) { "NotAction" } else { "Action" };
    statement[name] = one_or_many(dice.some(actions).into_iter().map(str::to_owned).collect());
    if on_bucket {
        statement["Resource"] = bucket_arn(Partition::Aws, bucket).into();
    } else {
        let arns: Vec<String> =
            dice.some(patterns).into_iter().map(|pattern| object_arn(Partition::Aws, bucket, pattern)).collect();
        // Without the bucket itself among those excepted it would cover it.
        let name = if dice.percent(8) && effect == "Allow" { "NotResource" } else { "Resource" };
        statement[name] = one_or_many(arns);
    }
    let mut condition = json!({});
    if !conditions.is_empty() {
        let make = *dice.one(conditions);
        add(&mut condition, make(dice));
    }
    while dice.percent(25) {
        let make = *dice.one(ANYWHERE);
        add(&mut condition, make(dice));
    }
    if condition != json!({}) {
        statement["Condition"] = condition;
    }
    statement
}

fn principal(dice: &mut Dice, names: &Names, effect: &str) -> (&'static str, Value) {
    let second = dice.one(&names.named).clone();
    match dice.below(10) {
        0..=3 => ("Principal", json!("*")),
        4 => ("Principal", json!({"AWS": "*"})),
        5..=7 => ("Principal", json!({"AWS": second})),
        8 => ("Principal", json!({"AWS": [names.absent, second]})),
        _ if effect == "Allow" => ("NotPrincipal", json!({"AWS": second})),
        _ => ("Principal", json!({"AWS": names.absent})),
    }
}

/// An operator and its `{key: values}`.
type Made = (Value, Value);
type Make = fn(&mut Dice) -> Made;

/// Adds to the conditions of a statement; an operator that is there already gets one key more.
fn add(condition: &mut Value, (operator, keys): Made) {
    let operator = operator.as_str().unwrap();
    for (key, values) in keys.as_object().unwrap() {
        condition[operator][key] = values.clone();
    }
}

fn with(operator: &str, key: &str, values: impl Into<Value>) -> Made {
    (json!(operator), json!({key: values.into()}))
}

const TEXTS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringLikeIfExists",
    "StringNotEqualsIfExists",
];

fn texts(dice: &mut Dice, key: &str, values: &[&str]) -> Made {
    let operator = *dice.one(TEXTS);
    let values = dice.some(values).into_iter().map(str::to_owned).collect();
    with(operator, key, one_or_many(values))
}

fn prefix(dice: &mut Dice) -> Made {
    texts(dice, "s3:prefix", &["photos/", "photos/*", "Photos/", "", "p*"])
}

fn max_keys(dice: &mut Dice) -> Made {
    let operator = dice.one(&["NumericLessThan", "NumericGreaterThanEquals", "NumericEquals", "NumericNotEquals"]);
    with(operator, "s3:max-keys", json!(*dice.one(&["10", "2", "1000"])))
}

fn tag(dice: &mut Dice) -> Made {
    texts(dice, "s3:ExistingObjectTag/team", &["web", "w*", "WEB"])
}

const ANYWHERE: &[Make] = &[
    |dice| texts(dice, "aws:Referer", &["https://acme.example/*", "https://acme.example/a", "*"]),
    |dice| texts(dice, "aws:UserAgent", &["probe/1.0", "probe/*", "PROBE/1.0"]),
    |dice| {
        let operator = dice.one(&["IpAddress", "NotIpAddress"]);
        let range = *dice.one(&["127.0.0.0/8", "127.0.0.1", "203.0.113.0/24", "2001:db8::/32", "0.0.0.0/0"]);
        with(operator, "aws:SourceIp", json!(range))
    },
    |dice| with("Bool", "aws:SecureTransport", json!(*dice.one(&["true", "false"]))),
    |dice| {
        let operator = dice.one(&["DateLessThan", "DateGreaterThan"]);
        with(operator, "aws:CurrentTime", json!(*dice.one(&["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])))
    },
    |dice| {
        let key = *dice.one(&["aws:Referer", "aws:UserAgent"]);
        with("Null", key, json!(*dice.one(&["true", "false"])))
    },
];

/// A request, whoever sends it.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) method: &'static str,
    pub(super) action: &'static str,
    pub(super) key: Option<&'static str>,
    /// Added to the key of what is written or deleted, so that what is read stays as it is.
    pub(super) aside: bool,
    pub(super) query: String,
    pub(super) referer: Option<&'static str>,
    pub(super) agent: Option<&'static str>,
    keys: Vec<(&'static str, String)>,
}

/// What lies in the bucket, and which of it has the tag `team=web`.
pub(super) const KEYS: &[(&str, bool)] = &[
    ("a.jpg", true),
    ("photos/a.jpg", true),
    ("photos/b.png", false),
    ("Photos/a.jpg", false),
    ("private/x", true),
    ("ü/é.txt", false),
    ("other/k", false),
    ("a b+c", false),
];

pub(super) fn question(dice: &mut Dice) -> Question {
    const OBJECT: &[(&str, &str, &str)] = &[
        ("GET", "s3:GetObject", ""),
        ("GET", "s3:GetObject", ""),
        ("HEAD", "s3:GetObject", ""),
        ("PUT", "s3:PutObject", ""),
        ("DELETE", "s3:DeleteObject", ""),
        ("GET", "s3:GetObjectTagging", "tagging"),
        ("GET", "s3:GetObjectAcl", "acl"),
    ];
    const BUCKET: &[(&str, &str, &str)] = &[
        ("GET", "s3:ListBucket", "list-type=2"),
        ("GET", "s3:ListBucket", ""),
        ("GET", "s3:ListBucketVersions", "versions"),
        ("GET", "s3:GetBucketLocation", "location"),
        ("GET", "s3:GetBucketAcl", "acl"),
    ];
    let referer = dice.percent(50).then(|| *dice.one(&["https://acme.example/a", "https://evil.example/"]));
    let agent = dice.percent(50).then(|| *dice.one(&["probe/1.0", "other"]));
    let mut keys = Vec::new();
    if dice.percent(65) {
        let (method, action, query) = *dice.one(OBJECT);
        let (key, tagged) = *dice.one(KEYS);
        if tagged && !matches!(action, "s3:PutObject" | "s3:DeleteObject") {
            keys.push(("s3:ExistingObjectTag/team", "web".to_owned()));
        }
        let aside = matches!(method, "PUT" | "DELETE");
        return Question { method, action, key: Some(key), aside, query: query.to_owned(), referer, agent, keys };
    }
    let (method, action, query) = *dice.one(BUCKET);
    let mut query = query.to_owned();
    if action.contains("List") {
        let mut more = |name: &str, key: &'static str, value: &str, sent: &str| {
            query.push_str(&format!("{}{name}={sent}", if query.is_empty() { "" } else { "&" }));
            keys.push((key, value.to_owned()));
        };
        if dice.percent(60) {
            let (value, sent) = *dice.one(&[("photos/", "photos%2F"), ("Photos/", "Photos%2F"), ("p", "p"), ("", "")]);
            more("prefix", "s3:prefix", value, sent);
        }
        if dice.percent(40) {
            let value = *dice.one(&["2", "5", "100"]);
            more("max-keys", "s3:max-keys", value, value);
        }
    }
    Question { method, action, key: None, aside: false, query, referer, agent, keys }
}

impl Question {
    /// The key that is asked for.
    pub(super) fn key(&self) -> Option<String> {
        self.key.map(|key| if self.aside { format!("{key}.aside") } else { key.to_owned() })
    }

    /// The request as policies see it.
    pub(super) fn context(&self, bucket: &str, principal: RequestPrincipal) -> RequestContext {
        let mut keys = ContextKeys::new()
            .with("aws:SourceIp", "127.0.0.1")
            .with("aws:SecureTransport", "false")
            .with("aws:CurrentTime", jiff::Timestamp::now().to_string());
        if let Some(referer) = self.referer {
            keys.set("aws:Referer", referer);
        }
        if let Some(agent) = self.agent {
            keys.set("aws:UserAgent", agent);
        }
        for (key, value) in &self.keys {
            keys.set(key, value);
        }
        let resource = match self.key() {
            Some(key) => object_arn(Partition::Aws, bucket, &key),
            None => bucket_arn(Partition::Aws, bucket),
        };
        RequestContext { principal, action: self.action.to_owned(), resource, keys }
    }
}
