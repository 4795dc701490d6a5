//! The profiles of the shared AWS files, for choosing one. Honours `AWS_CONFIG_FILE`,
//! `AWS_SHARED_CREDENTIALS_FILE` and `AWS_PROFILE`, as the SDK does.

use aws_config::profile::Profile;

use super::error::{Kind, S3Error};

#[expect(deprecated, reason = "its new name is in a crate that is otherwise not needed here")]
type ProfileFiles = aws_config::profile::profile_file::ProfileFiles;

/// A profile, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileInfo {
    /// Its name.
    pub name: String,
    /// How it signs in.
    pub kind: ProfileKind,
    /// The region it names.
    pub region: Option<String>,
    /// Whether `AWS_PROFILE` (or, failing that, its name `default`) makes it the one in use.
    pub selected: bool,
}

/// How a profile signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileKind {
    /// Keys that stand in the file.
    Keys,
    /// IAM Identity Center; begins with `aws sso login`.
    Sso,
    /// Takes on a role.
    Role {
        /// The role's ARN.
        arn: String,
    },
    /// Asks a program.
    Process,
    /// Exchanges a token of another identity provider.
    WebIdentity,
    /// Says nothing about signing in that is known here.
    Unknown,
}

/// Reads the files. Without files there are no profiles, which is no error.
///
/// # Errors
/// A file that cannot be read or understood.
pub async fn profiles() -> Result<Vec<ProfileInfo>, S3Error> {
    profiles_in(&ProfileFiles::default()).await
}

async fn profiles_in(files: &ProfileFiles) -> Result<Vec<ProfileInfo>, S3Error> {
    let set = aws_config::profile::load(&Default::default(), &Default::default(), files, None)
        .await
        .map_err(|error| S3Error::new("ReadProfiles", Kind::Other).caused_by(error))?;
    let mut profiles: Vec<_> = set
        .profiles()
        .filter_map(|name| set.get_profile(name))
        .map(|profile| ProfileInfo {
            name: profile.name().to_owned(),
            kind: kind(profile),
            region: profile.get("region").map(str::to_owned),
            selected: profile.name() == set.selected_profile(),
        })
        .collect();
    profiles.sort_by(|a, b| (a.name != "default", &a.name).cmp(&(b.name != "default", &b.name)));
    Ok(profiles)
}

/// In the order of precedence of the SDKs (AWS SDKs and Tools Reference Guide, "Credential provider chain").
fn kind(profile: &Profile) -> ProfileKind {
    let has = |name| profile.get(name).is_some();
    match profile.get("role_arn") {
        Some(_) if has("web_identity_token_file") => ProfileKind::WebIdentity,
        Some(arn) => ProfileKind::Role { arn: arn.to_owned() },
        None if has("sso_session") || has("sso_start_url") => ProfileKind::Sso,
        None if has("aws_access_key_id") => ProfileKind::Keys,
        None if has("credential_process") => ProfileKind::Process,
        None => ProfileKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(deprecated, reason = "its new name is in a crate that is otherwise not needed here")]
    type ProfileFileKind = aws_config::profile::profile_file::ProfileFileKind;

    const CONFIG: &str = "
[profile media]
region = eu-central-1
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Photos

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1

[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
source_profile = default

[profile ci]
role_arn = arn:aws:iam::123456789012:role/ci
web_identity_token_file = /token

[profile vault]
credential_process = /usr/bin/vault creds

[default]
region = us-west-2
[profile bare]
output = json
";
    const CREDENTIALS: &str = "
[default]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret
";

    #[tokio::test]
    async fn profiles_are_told_by_name_kind_and_region() {
        let files = ProfileFiles::builder()
            .with_contents(ProfileFileKind::Config, CONFIG)
            .with_contents(ProfileFileKind::Credentials, CREDENTIALS)
            .build();
        let found = profiles_in(&files).await.unwrap();
        let told: Vec<_> = found.iter().map(|p| (p.name.as_str(), &p.kind, p.region.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("default", &ProfileKind::Keys, Some("us-west-2")),
                ("bare", &ProfileKind::Unknown, None),
                ("ci", &ProfileKind::WebIdentity, None),
                ("deploy", &ProfileKind::Role { arn: "arn:aws:iam::123456789012:role/deploy".into() }, None),
                ("media", &ProfileKind::Sso, Some("eu-central-1")),
                ("vault", &ProfileKind::Process, None),
            ]
        );
    }

    #[tokio::test]
    async fn a_broken_file_is_an_error_that_names_the_line() {
        let files = ProfileFiles::builder().with_contents(ProfileFileKind::Config, "[default\nregion").build();
        let error = profiles_in(&files).await.unwrap_err();
        assert!(error.details().contains("line"), "{}", error.details());
    }
}
