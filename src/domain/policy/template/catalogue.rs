//! The templates a person can choose from: what each does, what to fill in, and what to beware of.

use ipnet::IpNet;

use super::super::condition::parse_net;
use super::super::form::{FormEdit, FormError};
use super::super::{Scene, Statement, has_wildcard};
use crate::domain::arn::is_account_id;

/// A statement, or two that belong together, to be filled in for a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// Anyone may view files.
    PublicRead,
    /// Anyone may view and list files.
    PublicReadAndList,
    /// One CloudFront distribution may view files.
    CloudFront,
    /// Anyone may view files from some addresses.
    AddressesAllow,
    /// Everyone in an organization may view and list files.
    Organization,
    /// Another account may view and list files.
    OtherAccount,
    /// S3 may write access logs here.
    AccessLogs,
    /// Nobody may use plain HTTP.
    HttpsOnly,
    /// Nobody may use TLS older than 1.2.
    MinTls12,
    /// Nobody may do anything from other addresses.
    AddressesDeny,
    /// Uploads must ask for a KMS key.
    RequireKms,
    /// Signed links stop working after a while.
    SignedLinkAge,
}

/// What is to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// A prefix of keys, or nothing for every file.
    Folder,
    /// Twelve digits.
    Account,
    /// The id of a CloudFront distribution.
    Distribution,
    /// Addresses and ranges, divided by commas, spaces or lines.
    Addresses,
    /// The id of an organization.
    Organization,
    /// The name of another bucket.
    Bucket,
    /// A number of minutes.
    Minutes,
}

/// A blank that was not filled in as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BlankError {
    /// Which blank, in the order of [`Template::blanks`].
    pub blank: usize,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl Template {
    /// Every template, in the order of the menu: first what lets people in, then what keeps them out.
    pub const ALL: [Self; 12] = [
        Self::PublicRead,
        Self::PublicReadAndList,
        Self::CloudFront,
        Self::AddressesAllow,
        Self::Organization,
        Self::OtherAccount,
        Self::AccessLogs,
        Self::HttpsOnly,
        Self::MinTls12,
        Self::AddressesDeny,
        Self::RequireKms,
        Self::SignedLinkAge,
    ];

    /// Its name in the menu.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PublicRead => "Anyone can view files",
            Self::PublicReadAndList => "Anyone can view and list files",
            Self::CloudFront => "A CloudFront distribution can view files",
            Self::AddressesAllow => "Some addresses can view files",
            Self::Organization => "An organization can view and list files",
            Self::OtherAccount => "Another account can view and list files",
            Self::AccessLogs => "S3 can write access logs here",
            Self::HttpsOnly => "HTTPS only",
            Self::MinTls12 => "TLS 1.2 or newer only",
            Self::AddressesDeny => "Nothing from other addresses",
            Self::RequireKms => "Uploads must be encrypted with KMS",
            Self::SignedLinkAge => "Signed links get old",
        }
    }

    /// What it does, in one sentence.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::PublicRead => "Anyone on the internet can open a file whose address they know",
            Self::PublicReadAndList => {
                "Anyone on the internet can see which files there are and open them; a missing file answers 404"
            }
            Self::CloudFront => "Files are seen through the distribution only, by origin access control",
            Self::AddressesAllow => "Anyone who asks from one of these addresses can open files",
            Self::Organization => {
                "Every account of the organization can list and open files, if its own rules allow it"
            }
            Self::OtherAccount => "The account can list and open files, and decides who of its people may",
            Self::AccessLogs => "The log delivery of S3 can put the access logs of a bucket here",
            Self::HttpsOnly => "Requests without encryption on the way are refused",
            Self::MinTls12 => "Requests with older encryption on the way are refused",
            Self::AddressesDeny => "Whoever asks from elsewhere is refused, whatever else allows it",
            Self::RequireKms => "An upload that does not ask for a KMS key is refused",
            Self::SignedLinkAge => "A signed link is refused when it is older than this",
        }
    }

    /// What to know before using it.
    #[must_use]
    pub const fn warning(self) -> Option<&'static str> {
        match self {
            Self::PublicRead => Some("Makes the bucket public. Block Public Access has to be off for policies"),
            Self::PublicReadAndList => Some(
                "Makes the bucket public, and shows the names of all files. Block Public Access has to be off for policies",
            ),
            Self::AddressesDeny => Some(
                "Locks out everyone who is elsewhere, you and the console included. Only the root of the account can undo it from there",
            ),
            Self::RequireKms => Some(
                "Also refuses uploads that rely on the default encryption of the bucket. Setting that default is usually better",
            ),
            Self::SignedLinkAge => Some("Counts for every signed request to a file, not only for links"),
            Self::CloudFront
            | Self::AddressesAllow
            | Self::Organization
            | Self::OtherAccount
            | Self::AccessLogs
            | Self::HttpsOnly
            | Self::MinTls12 => None,
        }
    }

    /// Whether it keeps people out rather than letting them in.
    #[must_use]
    pub const fn denies(self) -> bool {
        matches!(self, Self::HttpsOnly | Self::MinTls12 | Self::AddressesDeny | Self::RequireKms | Self::SignedLinkAge)
    }

    /// What is to be filled in.
    #[must_use]
    pub const fn blanks(self) -> &'static [Blank] {
        match self {
            Self::PublicRead | Self::PublicReadAndList => &[Blank::Folder],
            Self::CloudFront => &[Blank::Distribution, Blank::Account],
            Self::AddressesAllow => &[Blank::Addresses, Blank::Folder],
            Self::Organization => &[Blank::Organization],
            Self::OtherAccount => &[Blank::Account],
            Self::AccessLogs => &[Blank::Bucket, Blank::Account, Blank::Folder],
            Self::AddressesDeny => &[Blank::Addresses],
            Self::SignedLinkAge => &[Blank::Minutes],
            Self::HttpsOnly | Self::MinTls12 | Self::RequireKms => &[],
        }
    }

    /// What a blank holds at first.
    #[must_use]
    pub fn first_value(self, blank: Blank, scene: &Scene<'_>) -> String {
        match (self, blank) {
            (Self::CloudFront | Self::AccessLogs, Blank::Account) => scene.owner.unwrap_or_default().to_owned(),
            (Self::AccessLogs, Blank::Folder) => "logs/".to_owned(),
            (_, Blank::Minutes) => "10".to_owned(),
            _ => String::new(),
        }
    }

    /// The statements for a bucket, with the blanks filled in in the order of [`Self::blanks`].
    ///
    /// # Errors
    ///
    /// The first blank that is not filled in as it must be.
    pub fn statements(self, values: &[String], scene: &Scene<'_>) -> Result<Vec<Statement>, BlankError> {
        for (index, blank) in self.blanks().iter().enumerate() {
            let value = values.get(index).map(String::as_str).unwrap_or_default();
            blank.check(value).map_err(|message| BlankError { blank: index, message })?;
        }
        let value = |wanted: Blank| {
            let at = self.blanks().iter().position(|blank| *blank == wanted);
            at.and_then(|at| values.get(at)).map(|value| value.trim()).unwrap_or_default()
        };
        let (bucket, partition) = (scene.bucket, scene.partition);
        let folder = Some(value(Blank::Folder)).filter(|folder| !folder.is_empty());
        let addresses = || addresses(value(Blank::Addresses)).unwrap_or_default();
        Ok(match self {
            Self::PublicRead => vec![super::public_read(bucket, partition, folder)],
            Self::PublicReadAndList => {
                vec![super::public_read(bucket, partition, folder), super::public_list(bucket, partition, folder)]
            }
            Self::CloudFront => {
                let id = distribution(value(Blank::Distribution)).unwrap_or_default();
                vec![super::cloudfront_oac(bucket, partition, value(Blank::Account), id)]
            }
            Self::AddressesAllow => vec![super::ip_allow_list(bucket, partition, folder, &addresses())],
            Self::Organization => vec![super::org_read(bucket, partition, value(Blank::Organization))],
            Self::OtherAccount => vec![super::cross_account_read(bucket, partition, value(Blank::Account))],
            Self::AccessLogs => vec![super::server_access_logs(
                bucket,
                partition,
                folder.unwrap_or_default(),
                value(Blank::Bucket),
                value(Blank::Account),
            )],
            Self::HttpsOnly => vec![super::deny_insecure_transport(bucket, partition)],
            Self::MinTls12 => vec![super::min_tls_12(bucket, partition)],
            Self::AddressesDeny => vec![super::ip_deny_elsewhere(bucket, partition, &addresses())],
            Self::RequireKms => vec![super::require_kms(bucket, partition)],
            Self::SignedLinkAge => {
                let minutes: u64 = value(Blank::Minutes).parse().unwrap_or_default();
                vec![super::max_presign_age(bucket, partition, minutes.saturating_mul(60))]
            }
        })
    }
}

impl Blank {
    /// What stands above the field.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Folder => "Only files under (empty for every file)",
            Self::Account => "Account",
            Self::Distribution => "Distribution",
            Self::Addresses => "Addresses or ranges",
            Self::Organization => "Organization",
            Self::Bucket => "The bucket whose requests are logged",
            Self::Minutes => "Oldest age in minutes",
        }
    }

    /// What it may look like.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Folder => "photos/",
            Self::Account => "111122223333",
            Self::Distribution => "E1A2B3C4D5E6F7",
            Self::Addresses => "203.0.113.0/24, 2001:db8::/48",
            Self::Organization => "o-a1b2c3d4e5",
            Self::Bucket => "acme-images",
            Self::Minutes => "10",
        }
    }

    /// Whether the text fills the blank.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in one sentence.
    pub fn check(self, text: &str) -> Result<(), String> {
        let text = text.trim();
        match self {
            Self::Folder if text.starts_with('/') => Err("Keys have no slash in front. Leave it out".to_owned()),
            Self::Folder if has_wildcard(text) || text.contains("${") => {
                Err("Write the start of the names only, without * and ?".to_owned())
            }
            Self::Folder if text.len() > 1024 => Err("A key has at most 1,024 bytes".to_owned()),
            Self::Folder => Ok(()),
            Self::Account if is_account_id(text) => Ok(()),
            Self::Account => Err("An account id is twelve digits".to_owned()),
            Self::Distribution => distribution(text).map(|_| ()),
            Self::Addresses => addresses(text).map(|_| ()),
            Self::Organization => {
                let id = text.strip_prefix("o-").unwrap_or_default();
                let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                if letters && (10..=32).contains(&id.len()) {
                    Ok(())
                } else {
                    Err("An organization's id is o- and 10 to 32 small letters or digits".to_owned())
                }
            }
            // Names from before 2018 may be longer, with capitals and underscores.
            Self::Bucket
                if (3..=255).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) =>
            {
                Ok(())
            }
            Self::Bucket => Err("This is no name of a bucket".to_owned()),
            Self::Minutes => match text.parse::<u64>() {
                Ok(1..=10_080) => Ok(()),
                _ => Err("A number from 1 to 10080, which is seven days".to_owned()),
            },
        }
    }
}

/// The id of a distribution, also out of its ARN.
fn distribution(text: &str) -> Result<&str, String> {
    let id = text.rsplit('/').next().unwrap_or_default();
    if !id.is_empty() && id.len() <= 32 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        Ok(id)
    } else {
        Err("A distribution's id is capital letters and digits, such as E1A2B3C4D5E6F7".to_owned())
    }
}

fn addresses(text: &str) -> Result<Vec<IpNet>, String> {
    let words: Vec<&str> = text.split([',', ' ', '\n', '\t', ';']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Err("At least one address is needed, such as 203.0.113.0/24".to_owned());
    }
    words
        .into_iter()
        .map(|word| parse_net(word).map(|net| net.trunc()).ok_or_else(|| format!("{word} is no address or range")))
        .collect()
}

/// The text of a policy with the statements at its end; nothing else in it changes.
///
/// # Errors
///
/// When the text is no JSON object, or all of the statements are there already.
pub fn insert(text: &str, statements: &[Statement], scene: &Scene<'_>) -> Result<String, FormError> {
    let mut out = text.to_owned();
    let mut added = false;
    for statement in statements {
        match FormEdit::Add(Box::new(statement.clone())).apply(&out, scene) {
            Ok(after) => {
                out = after;
                added = true;
            }
            Err(FormError::AlreadyThere) => {}
            Err(error) => return Err(error),
        }
    }
    if added || statements.is_empty() { Ok(out) } else { Err(FormError::AlreadyThere) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::policy::{LintContext, Policy, Severity, lint};
    use test_case::test_case;

    const SCENE: Scene<'static> =
        Scene { bucket: "acme-images", partition: Partition::AwsCn, owner: Some("111122223333") };

    #[test]
    fn every_template_makes_a_policy_s3_would_store() {
        for template in Template::ALL {
            let values: Vec<String> = template.blanks().iter().map(|blank| blank.example().to_owned()).collect();
            let statements = template.statements(&values, &SCENE).unwrap();
            let text = insert("", &statements, &SCENE).unwrap();
            let findings = lint(&text, &LintContext::new(SCENE.bucket, SCENE.partition));
            let refused: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
            assert!(refused.is_empty(), "{template:?}: {refused:#?}");
            let policy = Policy::parse(&text).unwrap();
            assert_eq!(policy.statements.len(), statements.len());
            let denies = policy.statements.iter().all(|s| s.effect == crate::domain::policy::Effect::Deny);
            assert_eq!(denies, template.denies(), "{template:?}");
            assert!(text.contains("arn:aws-cn:s3:::acme-images"), "{template:?} is for another bucket: {text}");
            assert_eq!(insert(&text, &statements, &SCENE), Err(FormError::AlreadyThere));
        }
    }

    #[test_case(Blank::Folder, "", true; "every file")]
    #[test_case(Blank::Folder, "photos/2026/", true; "a folder")]
    #[test_case(Blank::Folder, "/photos", false; "a slash in front")]
    #[test_case(Blank::Folder, "photos/*", false; "a star")]
    #[test_case(Blank::Account, "1111-2222-3333", false; "an account with dashes")]
    #[test_case(Blank::Distribution, "arn:aws:cloudfront::111122223333:distribution/E1A2", true; "an arn")]
    #[test_case(Blank::Distribution, "d111111abcdef8.cloudfront.net", false; "a domain")]
    #[test_case(Blank::Addresses, "203.0.113.7, 2001:db8::/48\n198.51.100.0/24", true; "addresses")]
    #[test_case(Blank::Addresses, "203.0.113.7/33", false; "no range")]
    #[test_case(Blank::Addresses, " ", false; "no address")]
    #[test_case(Blank::Organization, "o-a1b2c3d4e5", true; "organization")]
    #[test_case(Blank::Organization, "r-a1b2c3d4e5", false; "a root")]
    #[test_case(Blank::Bucket, "a/b", false; "no bucket")]
    #[test_case(Blank::Minutes, "0", false; "no time")]
    #[test_case(Blank::Minutes, "10080", true; "a week")]
    fn blanks(blank: Blank, text: &str, fits: bool) {
        assert_eq!(blank.check(text).is_ok(), fits);
        assert!(blank.check(blank.example()).is_ok());
    }

    #[test]
    fn the_blank_that_does_not_fit_is_named() {
        let error = Template::CloudFront.statements(&["E1".to_owned(), "1".to_owned()], &SCENE).unwrap_err();
        assert_eq!((error.blank, error.to_string().as_str()), (1, "An account id is twelve digits"));
    }

    #[test]
    fn a_template_changes_nothing_else() {
        let text = "{ \"Version\":\"2012-10-17\",\n\t\"Statement\" : [ {\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws-cn:s3:::acme-images/x\"} ] }";
        let after = insert(text, &Template::HttpsOnly.statements(&[], &SCENE).unwrap(), &SCENE).unwrap();
        let end = text.rfind('}').unwrap();
        assert!(after.starts_with(&text[..end - 4]), "{after}");
        assert!(Policy::parse(&after).is_ok());
    }
}
