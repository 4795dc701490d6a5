//! Whether a policy lets a request in.
//!
//! Sources: AWS IAM User Guide, "Policy evaluation logic", "AWS JSON policy elements: Principal" and
//! "Policy variables".

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::glob::{self, Token};
use super::{
    ActionMatch, Condition, Effect, Policy, Principal, PrincipalMatch, ResourceMatch, Statement, Version, condition,
};

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestPrincipal {
    /// Nobody signed it.
    Anonymous,
    /// An identity of an account signed it.
    Account {
        /// Twelve digits.
        account_id: String,
        /// `arn:aws:iam::…:root`, `…:user/x`, or `arn:aws:sts::…:assumed-role/R/session`.
        arn: String,
        /// The account's canonical user id, where known.
        canonical_id: Option<String>,
    },
    /// An AWS service on its own behalf.
    Service {
        /// Such as `logging.s3.amazonaws.com`.
        name: String,
    },
}

/// Condition keys of a request with their values. Names have no case; a key may have several values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContextKeys(BTreeMap<String, Vec<String>>);

impl ContextKeys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key to one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    /// Adds a value to a key that may have several.
    pub fn add(&mut self, key: &str, value: impl Into<String>) {
        let values = self.0.entry(key.to_ascii_lowercase()).or_default();
        values.push(value.into());
    }

    /// The same keys with one more.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.set(key, value);
        self
    }

    /// The same keys without one.
    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        let mut rest = self.0.clone();
        rest.remove(&key.to_ascii_lowercase());
        Self(rest)
    }

    /// The values of a key, `None` when it is absent.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_ascii_lowercase()).map(Vec::as_slice)
    }
}

/// One request as a policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestContext {
    /// Who asks.
    pub principal: RequestPrincipal,
    /// What for, such as `s3:GetObject`.
    pub action: String,
    /// On what: an ARN without wildcards.
    pub resource: String,
    /// Condition keys. Those that follow from the principal (`aws:PrincipalArn`,
    /// `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:username` …) need not be given.
    pub keys: ContextKeys,
}

/// What is known of a request that nobody signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnonymousRequest {
    /// The address it comes from.
    pub ip: Option<IpAddr>,
    /// Whether it comes over TLS.
    pub https: bool,
    /// Such as `1.3`; only with `https`.
    pub tls_version: Option<String>,
    /// The `User-Agent` header, if sent.
    pub user_agent: Option<String>,
    /// The `Referer` header, if sent.
    pub referer: Option<String>,
    /// When it arrives.
    pub now: Option<jiff::Timestamp>,
}

/// The request context of an unsigned request: the keys that are there, and none of those that
/// only a signature brings (`aws:PrincipalArn`, `aws:PrincipalOrgID`, `s3:authType` …).
#[must_use]
pub fn anonymous_context(action: &str, resource: String, request: &AnonymousRequest) -> RequestContext {
    let mut keys = ContextKeys::new();
    keys.set("aws:SecureTransport", request.https.to_string());
    if let Some(ip) = request.ip {
        keys.set("aws:SourceIp", ip.to_canonical().to_string());
    }
    if let Some(version) = request.tls_version.as_ref().filter(|_| request.https) {
        keys.set("s3:TlsVersion", version);
    }
    if let Some(agent) = &request.user_agent {
        keys.set("aws:UserAgent", agent);
    }
    if let Some(referer) = &request.referer {
        keys.set("aws:Referer", referer);
    }
    if let Some(now) = request.now {
        keys.set("aws:CurrentTime", now.to_string());
        keys.set("aws:EpochTime", now.as_second().to_string());
    }
    RequestContext { principal: RequestPrincipal::Anonymous, action: action.to_owned(), resource, keys }
}

/// What a policy says to a request. The index is that of the statement that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// An `Allow` matches and no `Deny` does.
    Allow {
        /// The first allowing statement.
        statement: usize,
    },
    /// A `Deny` matches.
    Deny {
        /// The first denying statement.
        statement: usize,
    },
    /// Nothing matches: the policy leaves the decision to others, by default a refusal.
    NoMatch,
}

impl Decision {
    /// Whether this policy lets the request in.
    #[must_use]
    pub const fn is_allow(self) -> bool {
        matches!(self, Self::Allow { .. })
    }

    /// Whether this policy refuses the request whatever others say.
    #[must_use]
    pub const fn is_deny(self) -> bool {
        matches!(self, Self::Deny { .. })
    }
}

/// Evaluates one policy for one request: a matching `Deny` wins over every `Allow`.
#[must_use]
pub fn evaluate(policy: &Policy, request: &RequestContext) -> Decision {
    let find = |effect: Effect| {
        policy.statements.iter().position(|statement| {
            statement.effect == effect && statement_matches(statement, policy.effective_version(), request)
        })
    };
    if let Some(statement) = find(Effect::Deny) {
        return Decision::Deny { statement };
    }
    match find(Effect::Allow) {
        Some(statement) => Decision::Allow { statement },
        None => Decision::NoMatch,
    }
}

fn statement_matches(statement: &Statement, version: Version, request: &RequestContext) -> bool {
    principal_matches(&statement.principal, &request.principal)
        && action_matches(&statement.action, &request.action)
        && resource_matches(&statement.resource, version, request)
        && statement.conditions.iter().all(|condition| condition_holds(condition, version, request))
}

pub(super) fn principal_matches(wanted: &PrincipalMatch, principal: &RequestPrincipal) -> bool {
    match wanted {
        PrincipalMatch::Only(list) => list.iter().any(|p| is_principal(p, principal)),
        PrincipalMatch::Except(list) => !list.iter().any(|p| is_principal(p, principal)),
    }
}

fn is_principal(named: &Principal, principal: &RequestPrincipal) -> bool {
    if named.is_everyone() {
        return true;
    }
    match (named, principal) {
        (Principal::Aws(name), RequestPrincipal::Account { account_id, arn, .. }) => {
            name == account_id
                || root_account(name).is_some_and(|id| id == account_id)
                || name == arn
                || session_of(arn).is_some_and(|(account, role)| names_role(name, account, role))
        }
        (Principal::Service(name), RequestPrincipal::Service { name: asked }) => name.eq_ignore_ascii_case(asked),
        (Principal::CanonicalUser(id), RequestPrincipal::Account { canonical_id, .. }) => {
            canonical_id.as_ref() == Some(id)
        }
        _ => false,
    }
}

/// The account of `arn:…:iam::ID:root`.
pub(super) fn root_account(arn: &str) -> Option<&str> {
    let rest = arn.strip_prefix("arn:")?;
    let (_, rest) = rest.split_once(':')?;
    rest.strip_prefix("iam::")?.strip_suffix(":root")
}

/// The account and role of `arn:…:sts::ID:assumed-role/ROLE/SESSION`.
fn session_of(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:")?;
    let (_, rest) = rest.split_once(':')?;
    let (account, resource) = rest.strip_prefix("sts::")?.split_once(':')?;
    let (role, _) = resource.strip_prefix("assumed-role/")?.split_once('/')?;
    Some((account, role))
}

/// Whether `name` is the ARN of this role, whatever its path (a session's ARN does not tell it).
fn names_role(name: &str, account: &str, role: &str) -> bool {
    let Some((_, rest)) = name.strip_prefix("arn:").and_then(|r| r.split_once(':')) else {
        return false;
    };
    rest.strip_prefix("iam::")
        .and_then(|r| r.strip_prefix(account))
        .and_then(|r| r.strip_prefix(":role/"))
        .is_some_and(|path| path.rsplit('/').next() == Some(role))
}

fn action_matches(wanted: &ActionMatch, action: &str) -> bool {
    let covers = |list: &[String]| list.iter().any(|pattern| glob::matches_ignoring_case(pattern, action));
    match wanted {
        ActionMatch::Only(list) => covers(list),
        ActionMatch::Except(list) => !covers(list),
    }
}

pub(super) fn resource_matches(wanted: &ResourceMatch, version: Version, request: &RequestContext) -> bool {
    let covers = |pattern: &String| {
        expand(pattern, version, request).is_some_and(|e| glob::matches_tokens(&e.tokens, &request.resource))
    };
    match wanted {
        ResourceMatch::Only(list) => list.iter().any(covers),
        ResourceMatch::Except(list) => !list.iter().any(covers),
    }
}

pub(super) fn condition_holds(condition: &Condition, version: Version, request: &RequestContext) -> bool {
    let Some(values) =
        condition.values.iter().map(|value| expand(&value.as_text(), version, request)).collect::<Option<Vec<_>>>()
    else {
        // A variable without a value: AWS takes such a statement as not matching.
        return false;
    };
    let request = key_values(&condition.key, request);
    condition::holds(condition.operator, &values, request.as_deref())
}

/// The values of a key: those given, or else what follows from the principal.
fn key_values(key: &str, request: &RequestContext) -> Option<Vec<String>> {
    if let Some(values) = request.keys.get(key) {
        return Some(values.to_vec());
    }
    let one = |value: &str| Some(vec![value.to_owned()]);
    let key = key.to_ascii_lowercase();
    match &request.principal {
        RequestPrincipal::Anonymous => match key.as_str() {
            "aws:principalaccount" => one("anonymous"),
            "aws:principaltype" => one("Anonymous"),
            "aws:principalisawsservice" => one("false"),
            _ => None,
        },
        RequestPrincipal::Account { account_id, arn, .. } => match key.as_str() {
            "aws:principalaccount" => one(account_id),
            "aws:principalarn" => match session_of(arn) {
                Some((account, role)) => {
                    let partition = arn.split(':').nth(1).unwrap_or("aws");
                    Some(vec![format!("arn:{partition}:iam::{account}:role/{role}")])
                }
                None => one(arn),
            },
            "aws:principaltype" => one(principal_type(arn)),
            "aws:username" => {
                let (_, path) = arn.split_once(":user/")?;
                one(path.rsplit('/').next()?)
            }
            "aws:principalisawsservice" => one("false"),
            _ => None,
        },
        RequestPrincipal::Service { name } => match key.as_str() {
            "aws:principalisawsservice" => one("true"),
            "aws:principalservicename" => one(name),
            _ => None,
        },
    }
}

fn principal_type(arn: &str) -> &'static str {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    if resource.starts_with("user/") {
        "User"
    } else if resource.starts_with("assumed-role/") || resource.starts_with("role/") {
        "AssumedRole"
    } else if resource.starts_with("federated-user/") {
        "FederatedUser"
    } else {
        "Account"
    }
}

/// A policy's text after its variables were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expansion {
    /// As plain text, for comparisons without wildcards.
    pub(super) text: String,
    /// As a pattern: wildcards that came from a variable's value stand for themselves.
    pub(super) tokens: Vec<Token>,
}

/// Replaces `${key}`, `${key, 'default'}`, `${*}`, `${?}` and `${$}`; in the language of 2008 they
/// are plain text. `None` when a variable has no single value and no default.
fn expand(pattern: &str, version: Version, request: &RequestContext) -> Option<Expansion> {
    let mut out = Expansion { text: String::new(), tokens: Vec::new() };
    let mut rest = pattern;
    if version == Version::V2012 {
        while let Some((before, variable, after)) = next_variable(rest) {
            out.text.push_str(before);
            out.tokens.extend(glob::compile(before));
            let value = variable_value(variable, request)?;
            out.text.push_str(&value);
            out.tokens.extend(value.chars().map(Token::Literal));
            rest = after;
        }
    }
    out.text.push_str(rest);
    out.tokens.extend(glob::compile(rest));
    Some(out)
}

/// What stands before the next `${…}`, what it holds, and what stands after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, inside) = text.split_once("${")?;
    let (variable, after) = inside.split_once('}')?;
    Some((before, variable, after))
}

fn variable_value(variable: &str, request: &RequestContext) -> Option<String> {
    if matches!(variable, "*" | "?" | "$") {
        return Some(variable.to_owned());
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => {
            let default = default.trim();
            let quoted = default.strip_prefix('\'').and_then(|d| d.strip_suffix('\''));
            (key.trim(), quoted)
        }
        None => (variable.trim(), None),
    };
    match key_values(key, request).as_deref() {
        Some([value]) => Some(value.clone()),
        _ => default.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
