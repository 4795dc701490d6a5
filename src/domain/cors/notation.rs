//! The three notations of CORS rules: the console's bare list, the CLI's `{"CORSRules": […]}` and the API's XML.

use roxmltree::{Document, Node, ParsingOptions};
use serde::Deserialize;

use super::CorsRule;

/// Why a text is no CORS configuration.
#[derive(Debug, thiserror::Error)]
pub enum CorsParseError {
    /// It is JSON, but of something else, or it breaks off.
    #[error("This is no list of CORS rules: {0}")]
    Json(#[from] serde_json::Error),
    /// It is not well-formed XML.
    #[error("This XML breaks off: {0}")]
    Xml(#[from] roxmltree::Error),
    /// It is XML of something else.
    #[error("<{0}> does not belong into CORS rules")]
    Element(String),
    /// A number is none.
    #[error("MaxAgeSeconds is a number of seconds, not “{0}”")]
    Age(String),
}

/// Reads both spellings in JSON: the console's bare list and the CLI's `{"CORSRules": […]}`.
///
/// # Errors
/// With the place in the text.
pub fn parse_json(text: &str) -> Result<Vec<CorsRule>, CorsParseError> {
    #[derive(Deserialize)]
    struct Wrapped {
        #[serde(rename = "CORSRules")]
        rules: Vec<CorsRule>,
    }
    Ok(if text.trim_start().starts_with('[') {
        serde_json::from_str(text)?
    } else {
        serde_json::from_str::<Wrapped>(text)?.rules
    })
}

/// Reads any of the three notations.
///
/// # Errors
/// With what does not belong there.
pub fn parse(text: &str) -> Result<Vec<CorsRule>, CorsParseError> {
    if text.trim_start().starts_with('<') { parse_xml(text) } else { parse_json(text) }
}

fn parse_xml(text: &str) -> Result<Vec<CorsRule>, CorsParseError> {
    // No entities: nothing grows out of a small text.
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start(), options)?;
    let root = document.root_element();
    expect(root, "CORSConfiguration")?;
    root.children().filter(Node::is_element).map(rule).collect()
}

fn expect(node: Node<'_, '_>, name: &str) -> Result<(), CorsParseError> {
    if node.tag_name().name() == name {
        return Ok(());
    }
    Err(CorsParseError::Element(node.tag_name().name().to_owned()))
}

fn rule(node: Node<'_, '_>) -> Result<CorsRule, CorsParseError> {
    expect(node, "CORSRule")?;
    let mut rule = CorsRule::default();
    for part in node.children().filter(Node::is_element) {
        let text = part.text().unwrap_or_default().to_owned();
        match part.tag_name().name() {
            "ID" => rule.id = Some(text),
            "AllowedHeader" => rule.allowed_headers.push(text),
            "AllowedMethod" => rule.allowed_methods.push(text),
            "AllowedOrigin" => rule.allowed_origins.push(text),
            "ExposeHeader" => rule.expose_headers.push(text),
            "MaxAgeSeconds" => {
                rule.max_age_secs = Some(text.trim().parse().map_err(|_| CorsParseError::Age(text.clone()))?);
            }
            other => return Err(CorsParseError::Element(other.to_owned())),
        }
    }
    Ok(rule)
}

/// As XML, the way the API takes it.
#[must_use]
pub fn to_xml(rules: &[CorsRule]) -> String {
    let mut out = String::from("<CORSConfiguration>\n");
    for rule in rules {
        out.push_str("  <CORSRule>\n");
        let mut add = |name: &str, text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            // XML reads it as a line feed where it stands by itself.
            let text = text.replace('\r', "&#13;");
            out.push_str(&format!("    <{name}>{text}</{name}>\n"));
        };
        rule.id.iter().for_each(|id| add("ID", id));
        rule.allowed_headers.iter().for_each(|it| add("AllowedHeader", it));
        rule.allowed_methods.iter().for_each(|it| add("AllowedMethod", it));
        rule.allowed_origins.iter().for_each(|it| add("AllowedOrigin", it));
        rule.expose_headers.iter().for_each(|it| add("ExposeHeader", it));
        rule.max_age_secs.iter().for_each(|secs| add("MaxAgeSeconds", &secs.to_string()));
        out.push_str("  </CORSRule>\n");
    }
    out.push_str("</CORSConfiguration>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rules() -> Vec<CorsRule> {
        vec![CorsRule {
            id: Some("a & b\r\n<c>".into()),
            allowed_headers: vec!["*".into()],
            allowed_methods: vec!["GET".into(), "HEAD".into()],
            allowed_origins: vec!["https://app.example.com".into()],
            expose_headers: vec!["ETag".into()],
            max_age_secs: Some(3000),
        }]
    }

    #[test]
    fn all_three_notations_are_read() {
        let bare = serde_json::to_string(&rules()).unwrap();
        assert_eq!(parse(&bare).unwrap(), rules());
        assert_eq!(parse(&format!("{{\"CORSRules\":{bare}}}")).unwrap(), rules());
        assert_eq!(parse(&to_xml(&rules())).unwrap(), rules());
        let named = "<?xml version=\"1.0\"?><CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
            <CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>";
        assert_eq!(parse(named).unwrap()[0].allowed_origins, ["*"]);
    }

    #[test_case("<CORSConfiguration>" ; "breaks off")]
    #[test_case("<LifecycleConfiguration/>" ; "something else")]
    #[test_case("<CORSConfiguration><CORSRule><Origin>*</Origin></CORSRule></CORSConfiguration>" ; "another element")]
    #[test_case("<CORSConfiguration><CORSRule><MaxAgeSeconds>1h</MaxAgeSeconds></CORSRule></CORSConfiguration>" ; "no number")]
    #[test_case("<!DOCTYPE x [<!ENTITY a \"b\">]><CORSConfiguration>&a;</CORSConfiguration>" ; "entities")]
    #[test_case("{\"Rules\":[]}" ; "other json")]
    #[test_case("words" ; "no notation at all")]
    fn what_is_none_of_them_is_refused(text: &str) {
        assert!(parse(text).is_err());
    }
}
