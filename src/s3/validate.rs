//! What IAM Access Analyzer says of a bucket's policy. Only Amazon has it, and not everybody may ask.

use aws_sdk_accessanalyzer::Client;
use aws_sdk_accessanalyzer::types::{
    Location, PathElement, PolicyType, Position, ValidatePolicyFinding, ValidatePolicyFindingType,
    ValidatePolicyResourceType,
};

use super::error::S3Error;
use super::store::Store;
use crate::domain::policy::{Place, Severity, Validated};

const OPERATION: &str = "ValidatePolicy";

/// So many pages of findings are read.
const PAGES: usize = 5;

/// Asks Access Analyzer; `None` where there is none (other stores, no sign-in).
pub async fn validate_policy(store: &Store, text: &str) -> Option<Result<Vec<Validated>, S3Error>> {
    let config = store.beside().filter(|_| store.is_amazon())?;
    Some(ask(&Client::new(config), text).await)
}

async fn ask(client: &Client, text: &str) -> Result<Vec<Validated>, S3Error> {
    let mut found = Vec::new();
    let mut token = None;
    for _ in 0..PAGES {
        let answer = client
            .validate_policy()
            .policy_document(text)
            .policy_type(PolicyType::ResourcePolicy)
            .validate_policy_resource_type(ValidatePolicyResourceType::from("AWS::S3::Bucket"))
            .set_next_token(token)
            .send()
            .await
            .map_err(|error| S3Error::from_sdk(OPERATION, error).about_endpoint("IAM Access Analyzer"))?;
        found.extend(answer.findings.into_iter().map(from_sdk));
        token = answer.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(found)
}

fn from_sdk(finding: ValidatePolicyFinding) -> Validated {
    let severity = match finding.finding_type {
        ValidatePolicyFindingType::SecurityWarning => Severity::Security,
        ValidatePolicyFindingType::Suggestion => Severity::Suggestion,
        _ => Severity::Warning,
    };
    let location = finding.locations.first();
    Validated {
        severity,
        code: finding.issue_code,
        message: finding.finding_details,
        statement: location.and_then(statement),
        places: location.and_then(|location| {
            let span = location.span.as_ref()?;
            Some((place(span.start.as_ref()?)?, place(span.end.as_ref()?)?))
        }),
    }
}

/// A single statement may stand without a list.
fn statement(location: &Location) -> Option<usize> {
    let (PathElement::Value(name) | PathElement::Key(name)) = location.path.first()? else { return None };
    match location.path.get(1) {
        _ if name != "Statement" => None,
        Some(PathElement::Index(index)) => usize::try_from(*index).ok(),
        _ => Some(0),
    }
}

fn place(position: &Position) -> Option<Place> {
    Some(Place { line: usize::try_from(position.line).ok()?, column: usize::try_from(position.column).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::error::Kind;
    use crate::s3::testing::{Canned, serve};
    use aws_sdk_accessanalyzer::config::{BehaviorVersion, Credentials, Region};

    fn client(endpoint: &str) -> Client {
        let config = aws_sdk_accessanalyzer::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
            .http_client(crate::s3::http_client::http_client())
            .endpoint_url(endpoint);
        Client::from_conf(config.build())
    }

    /// An answer in the shape of the API Reference.
    const FIRST: &str = r#"{"findings":[{"findingDetails":"Using Allow with NotPrincipal can be overly permissive.",
        "findingType":"SECURITY_WARNING","issueCode":"ALLOW_WITH_NOT_PRINCIPAL","learnMoreLink":"https://docs.aws.amazon.com/",
        "locations":[{"path":[{"value":"Statement"},{"index":1},{"value":"NotPrincipal"}],
        "span":{"start":{"line":4,"column":2,"offset":40},"end":{"line":4,"column":9,"offset":47}}}]}],"nextToken":"more"}"#;
    const SECOND: &str = r#"{"findings":[{"findingDetails":"Add a version.","findingType":"ERROR","issueCode":"MISSING_VERSION",
        "learnMoreLink":"https://docs.aws.amazon.com/","locations":[]}]}"#;

    #[tokio::test]
    async fn findings_are_read_page_by_page_with_their_places() {
        let server = serve(vec![Canned::json(200, FIRST), Canned::json(200, SECOND)]).await;
        let found = ask(&client(&server.endpoint), "{}").await.unwrap();
        let places = Some((Place { line: 4, column: 2 }, Place { line: 4, column: 9 }));
        let first = found.first().unwrap();
        assert_eq!((first.severity, first.code.as_str()), (Severity::Security, "ALLOW_WITH_NOT_PRINCIPAL"));
        assert_eq!((first.statement, first.places), (Some(1), places));
        assert_eq!((found[1].severity, found[1].statement, found[1].places), (Severity::Warning, None, None));
        let seen = server.requests();
        let sent: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
        let wanted = serde_json::json!({
            "policyDocument": "{}", "policyType": "RESOURCE_POLICY", "validatePolicyResourceType": "AWS::S3::Bucket"
        });
        assert_eq!((sent, seen[0].path_and_query.as_str()), (wanted, "/policy/validation"));
        assert!(seen[1].path_and_query.contains("nextToken=more"), "{}", seen[1].path_and_query);
    }

    #[tokio::test]
    async fn whoever_may_not_ask_is_told_so() {
        let refused = Canned::json(403, r#"{"__type":"AccessDeniedException","message":"no"}"#)
            .header("x-amzn-errortype", "AccessDeniedException");
        let server = serve(vec![refused]).await;
        let error = ask(&client(&server.endpoint), "{}").await.unwrap_err();
        assert!(matches!(error.kind, Kind::Refused(_)), "{error:?}");
    }

    #[tokio::test]
    async fn other_stores_are_not_asked() {
        let server = serve(vec![Canned::json(200, SECOND)]).await;
        assert!(validate_policy(&server.store().await, "{}").await.is_none());
        assert!(server.requests().is_empty());
    }
}
