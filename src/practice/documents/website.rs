//! What S3 refuses in a website configuration.
//!
//! Source: Amazon S3 API Reference, "PutBucketWebsite"; Amazon S3 User Guide, "(Optional) Configuring a webpage
//! redirect".

use s3s::{S3Result, dto};

use super::super::error::{invalid_argument, invalid_request, malformed_xml};

const MAX_ROUTING_RULES: usize = 50;

pub(super) fn check(website: &dto::WebsiteConfiguration) -> S3Result<()> {
    if let Some(everything) = &website.redirect_all_requests_to {
        let alone =
            website.index_document.is_none() && website.error_document.is_none() && website.routing_rules.is_none();
        if !alone {
            return Err(invalid_argument(
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
            ));
        }
        if everything.host_name.is_empty() {
            return Err(malformed_xml());
        }
        return check_protocol(everything.protocol.as_ref());
    }
    let Some(index) = &website.index_document else {
        return Err(invalid_argument(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        ));
    };
    if index.suffix.is_empty() || index.suffix.contains('/') {
        return Err(invalid_argument("The IndexDocument Suffix is not well formed"));
    }
    if website.error_document.as_ref().is_some_and(|document| document.key.is_empty()) {
        return Err(malformed_xml());
    }
    match website.routing_rules.as_deref() {
        None => Ok(()),
        Some([]) => Err(malformed_xml()),
        Some(rules) if rules.len() > MAX_ROUTING_RULES => Err(invalid_request(format!(
            "{} routing rules provided, the number of routing rules in a website configuration is limited to 50.",
            rules.len()
        ))),
        Some(rules) => rules.iter().try_for_each(check_rule),
    }
}

fn check_protocol(protocol: Option<&dto::Protocol>) -> S3Result<()> {
    match protocol.map(dto::Protocol::as_str) {
        None | Some("http" | "https") => Ok(()),
        Some(_) => Err(invalid_request(
            "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
        )),
    }
}

fn check_rule(rule: &dto::RoutingRule) -> S3Result<()> {
    if let Some(condition) = &rule.condition {
        if condition.key_prefix_equals.is_none() && condition.http_error_code_returned_equals.is_none() {
            return Err(invalid_request(
                "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
            ));
        }
        if let Some(code) = &condition.http_error_code_returned_equals
            && !code.parse::<u16>().is_ok_and(|code| (400..600).contains(&code))
        {
            return Err(invalid_request(format!(
                "The provided HTTP error code ({code}) is not valid. Valid codes are 4XX or 5XX."
            )));
        }
    }
    let redirect = &rule.redirect;
    if redirect.replace_key_with.is_some() && redirect.replace_key_prefix_with.is_some() {
        return Err(invalid_request("You can only define ReplaceKeyPrefix or ReplaceKey but not both."));
    }
    let anything = redirect.host_name.is_some()
        || redirect.protocol.is_some()
        || redirect.http_redirect_code.is_some()
        || redirect.replace_key_with.is_some()
        || redirect.replace_key_prefix_with.is_some();
    if !anything {
        return Err(malformed_xml());
    }
    if let Some(code) = &redirect.http_redirect_code
        && !code.parse::<u16>().is_ok_and(|code| (301..400).contains(&code))
    {
        return Err(invalid_request(format!(
            "The provided HTTP redirect code ({code}) is not valid. Valid codes are 3XX except 300."
        )));
    }
    check_protocol(redirect.protocol.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn site(suffix: &str) -> dto::WebsiteConfiguration {
        dto::WebsiteConfiguration {
            index_document: Some(dto::IndexDocument { suffix: suffix.to_owned() }),
            ..Default::default()
        }
    }

    fn elsewhere(host: &str, protocol: Option<&'static str>) -> dto::RedirectAllRequestsTo {
        dto::RedirectAllRequestsTo { host_name: host.to_owned(), protocol: protocol.map(dto::Protocol::from_static) }
    }

    fn routed(condition: Option<dto::Condition>, redirect: dto::Redirect) -> dto::WebsiteConfiguration {
        dto::WebsiteConfiguration { routing_rules: Some(vec![dto::RoutingRule { condition, redirect }]), ..site("i") }
    }

    fn to(host: &str) -> dto::Redirect {
        dto::Redirect { host_name: Some(host.to_owned()), ..Default::default() }
    }

    fn when(prefix: Option<&str>, code: Option<&str>) -> Option<dto::Condition> {
        Some(dto::Condition {
            key_prefix_equals: prefix.map(str::to_owned),
            http_error_code_returned_equals: code.map(str::to_owned),
        })
    }

    #[test_case(&dto::WebsiteConfiguration::default(), "InvalidArgument"; "nothing at all")]
    #[test_case(&site("index.html"), ""; "an index document")]
    #[test_case(&site("a/index.html"), "InvalidArgument"; "a suffix with a slash")]
    #[test_case(&site(""), "InvalidArgument"; "an empty suffix")]
    #[test_case(&dto::WebsiteConfiguration { error_document: Some(dto::ErrorDocument { key: String::new() }), ..site("i") }, "MalformedXML"; "an error document without name")]
    #[test_case(&dto::WebsiteConfiguration { redirect_all_requests_to: Some(elsewhere("example.com", None)), ..Default::default() }, ""; "all to another host")]
    #[test_case(&dto::WebsiteConfiguration { redirect_all_requests_to: Some(elsewhere("example.com", None)), ..site("i") }, "InvalidArgument"; "all to another host and an index")]
    #[test_case(&dto::WebsiteConfiguration { redirect_all_requests_to: Some(elsewhere("example.com", Some("ftp"))), ..Default::default() }, "InvalidRequest"; "all to another protocol")]
    #[test_case(&dto::WebsiteConfiguration { routing_rules: Some(Vec::new()), ..site("i") }, "MalformedXML"; "no rules in the list")]
    #[test_case(&routed(None, to("example.com")), ""; "a rule for all")]
    #[test_case(&routed(when(None, None), to("example.com")), "InvalidRequest"; "an empty condition")]
    #[test_case(&routed(when(Some("docs/"), Some("404")), to("example.com")), ""; "both conditions")]
    #[test_case(&routed(when(None, Some("200")), to("example.com")), "InvalidRequest"; "a condition on success")]
    #[test_case(&routed(None, dto::Redirect::default()), "MalformedXML"; "a redirect to nowhere")]
    #[test_case(&routed(None, dto::Redirect { http_redirect_code: Some("200".into()), ..to("a") }), "InvalidRequest"; "a redirect that is none")]
    #[test_case(&routed(None, dto::Redirect { replace_key_with: Some("a".into()), replace_key_prefix_with: Some("b".into()), ..Default::default() }), "InvalidRequest"; "key and prefix replaced")]
    fn checks(website: &dto::WebsiteConfiguration, code: &str) {
        let answer = check(website).map_or_else(|error| error.code().as_str().to_owned(), |()| String::new());
        assert_eq!(answer, code);
    }
}
