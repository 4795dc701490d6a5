//! One request, tried on a policy.

use super::asker::Cast;
use super::{Answer, Asker, Situation, Surroundings, ask};
use crate::domain::policy::actions::{ActionScope, action_scope};
use crate::domain::policy::explain::variable_names;
use crate::domain::policy::{Policy, Version};

/// What a request would be answered (predicted).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether it is let in.
    pub answer: Answer,
    /// Why, in one sentence.
    pub reason: String,
    /// The statement that decides, counted from 0.
    pub statement: Option<usize>,
}

/// Tries a request: by this asker, for this action, on this key (not looked at for actions on the bucket
/// itself), over TLS or not, with these condition keys besides those that every request has. `None` for
/// somebody who sends no requests under that name.
#[must_use]
pub fn try_request(
    policy: Option<&Policy>,
    around: &Surroundings<'_>,
    asker: &Asker,
    action: &str,
    key: &str,
    https: bool,
    keys: &[(String, String)],
) -> Option<Trial> {
    let cast = Cast::of(asker, around)?;
    let resource = match action_scope(action) {
        Some(ActionScope::Bucket) => around.scene.bucket_arn(),
        _ => around.scene.object_arn(key),
    };
    let verdict = ask(policy, around, &cast, action, &resource, &Situation::with(around, https, keys));
    Some(Trial { answer: verdict.answer, reason: verdict.reason, statement: verdict.statement })
}

/// Keys that a trial has by itself or that follow from who asks.
const GIVEN: [&str; 8] = [
    "aws:SourceIp",
    "aws:Referer",
    "aws:SecureTransport",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
];

/// The keys that a policy looks at besides those that every trial has, as it spells them first: what a trial can be
/// given to try all of its statements.
#[must_use]
pub fn keys_asked(policy: &Policy) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for statement in &policy.statements {
        let variables = variable_names(statement).into_iter().filter(|_| policy.version == Some(Version::V2012));
        let variables = variables.map(|name| name.split_once(',').map_or(name, |(name, _)| name).trim());
        for key in statement.conditions.iter().map(|condition| condition.key.as_str()).chain(variables) {
            let known = GIVEN.iter().copied().chain(keys.iter().map(String::as_str));
            if !known.into_iter().any(|known| known.eq_ignore_ascii_case(key)) {
                keys.push(key.to_owned());
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::permission::Layers;
    use crate::domain::policy::{Principal, Scene, template};
    use test_case::test_case;

    fn answer(asker: &Asker, action: &str, key: &str, https: bool, address: &str) -> (Answer, Option<usize>) {
        let office =
            template::ip_allow_list("b", Partition::Aws, Some("photos/"), &["203.0.113.0/24".parse().unwrap()]);
        let policy = Policy::new(vec![office, template::deny_insecure_transport("b", Partition::Aws)]);
        let around = Surroundings {
            scene: Scene { bucket: "b", partition: Partition::Aws, owner: Some("111122223333") },
            layers: Layers::default(),
            caller: None,
            now: None,
        };
        let keys = [("aws:SourceIp".to_owned(), address.to_owned())];
        let trial = try_request(Some(&policy), &around, asker, action, key, https, &keys).unwrap();
        (trial.answer, trial.statement)
    }

    #[test_case(&Asker::Anyone, "s3:GetObject", "photos/a", true, "203.0.113.9", (Answer::Yes, Some(0)); "from the office")]
    #[test_case(&Asker::Anyone, "s3:GetObject", "photos/a", true, "198.51.100.7", (Answer::No, None); "from elsewhere")]
    #[test_case(&Asker::Anyone, "s3:GetObject", "private/a", true, "203.0.113.9", (Answer::No, None); "another folder")]
    #[test_case(&Asker::Owner, "s3:ListBucket", "", false, "203.0.113.9", (Answer::No, Some(1)); "the owner over plain http")]
    #[test_case(&Asker::Owner, "s3:DeleteObject", "photos/a", true, "198.51.100.7", (Answer::Yes, None); "the owner")]
    #[test_case(&Asker::Named(Principal::Aws("arn:aws:iam::111122223333:role/up".to_owned())), "s3:PutObject", "x", true, "198.51.100.7", (Answer::Depends, None); "a role of the account")]
    fn trials(asker: &Asker, action: &str, key: &str, https: bool, address: &str, expected: (Answer, Option<usize>)) {
        assert_eq!(answer(asker, action, key, https, address), expected);
    }

    #[test_case("2012-10-17", &["s3:ExistingObjectTag/team", "aws:username", "aws:PrincipalTag/home"]; "variables")]
    #[test_case("2008-10-17", &["s3:ExistingObjectTag/team"]; "before there were variables")]
    fn what_a_policy_looks_at(version: &str, expected: &[&str]) {
        let text = format!(
            r#"{{"Version":"{version}","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
            "Resource":"arn:aws:s3:::b/${{aws:username}}/${{*}}",
            "Condition":{{"StringEquals":{{"s3:ExistingObjectTag/team":"web","aws:sourceip":"x"}},
            "StringLike":{{"S3:existingobjecttag/TEAM":"${{aws:PrincipalTag/home, 'none'}}"}}}}}}]}}"#
        );
        assert_eq!(keys_asked(&Policy::parse(&text).unwrap()), expected);
    }
}
