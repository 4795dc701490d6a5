//! Tags of an object as a person writes them.

/// `a=1, b=2` as pairs. At most ten, keys of at most 128 and values of at most 256 characters, each key once (Amazon
/// S3 User Guide, "Categorizing your objects using tags").
///
/// # Errors
/// A sentence about the first tag that cannot be.
pub fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for piece in text.split([',', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let (key, value) = piece.split_once('=').map_or((piece, ""), |(key, value)| (key.trim(), value.trim()));
        let legal = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '+' | '-' | '=' | '.' | '_' | ':' | '/' | '@');
        if key.is_empty() {
            return Err(format!("A tag needs a name before the =, as in project=site: {piece}"));
        }
        if key.to_lowercase().starts_with("aws:") {
            return Err(format!("Names that begin with aws: belong to Amazon: {key}"));
        }
        if key.chars().count() > 128 {
            return Err("The name of a tag has at most 128 characters".to_owned());
        }
        if value.chars().count() > 256 {
            return Err(format!("The value of {key} has more than 256 characters"));
        }
        if let Some(bad) = key.chars().chain(value.chars()).find(|c| !legal(*c)) {
            return Err(format!("A tag cannot hold {bad}"));
        }
        if tags.iter().any(|(known, _)| known == key) {
            return Err(format!("{key} is there twice"));
        }
        tags.push((key.to_owned(), value.to_owned()));
    }
    if tags.len() > 10 { Err("A file has at most 10 tags".to_owned()) } else { Ok(tags) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("", Ok(&[]); "none")]
    #[test_case("project=site, year = 2026", Ok(&[("project", "site"), ("year", "2026")]); "two")]
    #[test_case("draft", Ok(&[("draft", "")]); "without a value")]
    #[test_case("a=b=c", Ok(&[("a", "b=c")]); "an equals sign in the value")]
    #[test_case("=x", Err("A tag needs a name before the =, as in project=site: =x"); "without a name")]
    #[test_case("a=1,a=2", Err("a is there twice"); "twice")]
    #[test_case("aws:x=1", Err("Names that begin with aws: belong to Amazon: aws:x"); "reserved")]
    #[test_case("a=1;b", Err("A tag cannot hold ;"); "a character that is not allowed")]
    fn tags(text: &str, expected: Result<&[(&str, &str)], &str>) {
        let expected: Result<Vec<(String, String)>, String> = expected
            .map(|pairs| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
            .map_err(str::to_owned);
        assert_eq!(parse(text), expected);
    }
}
