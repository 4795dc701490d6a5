//! Regions of Amazon S3, as data: codes, names and what differs between them.
//!
//! The list follows the AWS endpoint metadata of August 2026. It is help for choosing, not a gate: a code that is
//! not listed is accepted where its shape fits a partition.

use super::arn::Partition;

/// The partition whose pattern a region code fits; `None` for codes of other stores, like `auto` or `fra1`.
#[must_use]
pub fn partition_of(code: &str) -> Option<Partition> {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let numbered = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = code.split('-').collect();
    match parts.as_slice() {
        ["us", "gov", place, n] if word(place) && numbered(n) => Some(Partition::AwsUsGov),
        ["eusc", country, place, n] if word(country) && word(place) && numbered(n) => Some(Partition::AwsEusc),
        ["cn", place, n] if word(place) && numbered(n) => Some(Partition::AwsCn),
        ["us" | "eu" | "ap" | "sa" | "ca" | "me" | "af" | "il" | "mx", place, n] if word(place) && numbered(n) => {
            Some(Partition::Aws)
        }
        _ => None,
    }
}

/// One region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// e.g. `eu-central-1`.
    pub code: &'static str,
    /// e.g. `Europe (Frankfurt)`.
    pub name: &'static str,
    /// Must be switched on in the account before anything works there.
    pub opt_in: bool,
}

const fn on(code: &'static str, name: &'static str) -> Region {
    Region { code, name, opt_in: false }
}

const fn opt(code: &'static str, name: &'static str) -> Region {
    Region { code, name, opt_in: true }
}

/// Every region known here, those of the commercial partition first.
pub const REGIONS: &[Region] = &[
    on("us-east-1", "US East (N. Virginia)"),
    on("us-east-2", "US East (Ohio)"),
    on("us-west-1", "US West (N. California)"),
    on("us-west-2", "US West (Oregon)"),
    on("ca-central-1", "Canada (Central)"),
    opt("ca-west-1", "Canada West (Calgary)"),
    opt("mx-central-1", "Mexico (Central)"),
    on("sa-east-1", "South America (São Paulo)"),
    on("eu-central-1", "Europe (Frankfurt)"),
    opt("eu-central-2", "Europe (Zurich)"),
    on("eu-west-1", "Europe (Ireland)"),
    on("eu-west-2", "Europe (London)"),
    on("eu-west-3", "Europe (Paris)"),
    on("eu-north-1", "Europe (Stockholm)"),
    opt("eu-south-1", "Europe (Milan)"),
    opt("eu-south-2", "Europe (Spain)"),
    opt("af-south-1", "Africa (Cape Town)"),
    opt("il-central-1", "Israel (Tel Aviv)"),
    opt("me-central-1", "Middle East (UAE)"),
    opt("me-south-1", "Middle East (Bahrain)"),
    on("ap-south-1", "Asia Pacific (Mumbai)"),
    opt("ap-south-2", "Asia Pacific (Hyderabad)"),
    opt("ap-east-1", "Asia Pacific (Hong Kong)"),
    opt("ap-east-2", "Asia Pacific (Taipei)"),
    on("ap-northeast-1", "Asia Pacific (Tokyo)"),
    on("ap-northeast-2", "Asia Pacific (Seoul)"),
    on("ap-northeast-3", "Asia Pacific (Osaka)"),
    on("ap-southeast-1", "Asia Pacific (Singapore)"),
    on("ap-southeast-2", "Asia Pacific (Sydney)"),
    opt("ap-southeast-3", "Asia Pacific (Jakarta)"),
    opt("ap-southeast-4", "Asia Pacific (Melbourne)"),
    opt("ap-southeast-5", "Asia Pacific (Malaysia)"),
    opt("ap-southeast-6", "Asia Pacific (New Zealand)"),
    opt("ap-southeast-7", "Asia Pacific (Thailand)"),
    on("cn-north-1", "China (Beijing)"),
    on("cn-northwest-1", "China (Ningxia)"),
    on("us-gov-east-1", "AWS GovCloud (US-East)"),
    on("us-gov-west-1", "AWS GovCloud (US-West)"),
    on("eusc-de-east-1", "European Sovereign Cloud (Germany)"),
];

impl Region {
    /// Which partition it belongs to.
    #[must_use]
    pub fn partition(&self) -> Partition {
        partition_of(self.code).unwrap_or(Partition::Aws)
    }
}

/// The listed region with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|r| r.code == code)
}

/// `Europe (Ireland)`, or the code itself where it is not listed.
#[must_use]
pub fn name(code: &str) -> &str {
    find(code).map_or(code, |r| r.name)
}

/// Regions whose code or name holds every word of `text`, in the order of the list; codes that begin with the text
/// come first. All of them when nothing is typed.
#[must_use]
pub fn search(text: &str) -> Vec<&'static Region> {
    let words: Vec<String> = super::ascii::fold(text).to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |r: &Region| {
        let hay = format!("{} {}", r.code, super::ascii::fold(r.name).to_lowercase());
        words.iter().all(|w| hay.contains(w.as_str()))
    };
    let mut hits: Vec<_> = REGIONS.iter().filter(|r| fits(r)).collect();
    hits.sort_by_key(|r| !words.first().is_some_and(|w| r.code.starts_with(w.as_str())));
    hits
}

/// Whether a code may be sent as a region: listed, or of the right shape.
#[must_use]
pub fn is_plausible(code: &str) -> bool {
    find(code).is_some() || partition_of(code).is_some()
}

/// Regions whose website host is written `s3-website-REGION` (all others: `s3-website.REGION`); the same ones answer
/// at `s3-REGION` (Amazon S3 User Guide, "Website endpoints").
const DASHED: [&str; 9] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-gov-west-1",
];

/// The host that serves a bucket as a website, e.g. `site.s3-website.eu-central-1.amazonaws.com`. Plain HTTP only.
#[must_use]
pub fn website_host(bucket: &str, region: &str) -> String {
    let separator = if DASHED.contains(&region) { '-' } else { '.' };
    let suffix = partition_of(region).unwrap_or(Partition::Aws).dns_suffix();
    format!("{bucket}.s3-website{separator}{region}.{suffix}")
}

/// Whether `https://bucket.s3.amazonaws.com` (without region) leads there. Regions that came after 20 March 2019
/// answer 400 instead.
#[must_use]
pub fn answers_on_global_host(region: &str) -> bool {
    find(region).is_some_and(|r| !r.opt_in && r.partition() == Partition::Aws)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("eu-central-1", Some(Partition::Aws); "commercial")]
    #[test_case("mx-nowhere-7", Some(Partition::Aws); "not listed yet")]
    #[test_case("cn-north-1", Some(Partition::AwsCn); "china")]
    #[test_case("us-gov-west-1", Some(Partition::AwsUsGov); "govcloud")]
    #[test_case("eusc-de-east-1", Some(Partition::AwsEusc); "sovereign")]
    #[test_case("auto", None; "of another store")]
    #[test_case("us-east", None; "no number")]
    #[test_case("us-east-1a", None; "a zone")]
    #[test_case("US-EAST-1", None; "capitals")]
    #[test_case("a b", None; "space")]
    fn partitions(code: &str, partition: Option<Partition>) {
        assert_eq!(partition_of(code), partition);
    }

    #[test]
    fn the_list_is_whole_and_fits_its_partitions() {
        assert_eq!(REGIONS.iter().filter(|r| r.partition() == Partition::Aws).count(), 34);
        assert_eq!(REGIONS.iter().filter(|r| r.opt_in).count(), 17);
        for (at, region) in REGIONS.iter().enumerate() {
            assert!(partition_of(region.code).is_some(), "{}", region.code);
            assert!(REGIONS[..at].iter().all(|r| r.code != region.code && r.name != region.name), "{}", region.code);
        }
    }

    #[test_case("frankfurt", &["eu-central-1"]; "by place")]
    #[test_case("eu-c", &["eu-central-1", "eu-central-2"]; "by code")]
    #[test_case("sao paulo", &["sa-east-1"]; "without accents")]
    #[test_case("US west ore", &["us-west-2"]; "several words")]
    #[test_case("atlantis", &[]; "nowhere")]
    fn searches(text: &str, codes: &[&str]) {
        assert_eq!(search(text).iter().map(|r| r.code).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn nothing_typed_shows_all() {
        assert_eq!(search(" ").len(), REGIONS.len());
        assert_eq!(search("us-e")[0].code, "us-east-1");
    }

    #[test_case("us-east-1", "b.s3-website-us-east-1.amazonaws.com"; "dash")]
    #[test_case("us-gov-west-1", "b.s3-website-us-gov-west-1.amazonaws.com"; "dash in govcloud")]
    #[test_case("us-east-2", "b.s3-website.us-east-2.amazonaws.com"; "dot")]
    #[test_case("eu-central-1", "b.s3-website.eu-central-1.amazonaws.com"; "dot in frankfurt")]
    #[test_case("cn-north-1", "b.s3-website.cn-north-1.amazonaws.com.cn"; "china")]
    fn website_hosts(region: &str, host: &str) {
        assert_eq!(website_host("b", region), host);
    }

    #[test]
    fn names_and_hosts_of_old() {
        assert_eq!((name("eu-west-1"), name("xx-1")), ("Europe (Ireland)", "xx-1"));
        assert!(answers_on_global_host("eu-west-1") && !answers_on_global_host("eu-south-1"));
        assert!(!answers_on_global_host("cn-north-1") && is_plausible("eu-west-9") && !is_plausible("nyc3"));
    }
}
