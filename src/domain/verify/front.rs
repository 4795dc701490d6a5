//! An address that answers in front of a bucket, such as that of a CDN.

/// What to write where none was read.
pub const NO_FRONT: &str = "write it with its beginning, such as https://cdn.example";

/// Reads scheme and host, and a path where the bucket is answered for beneath one. Without its last slash.
#[must_use]
pub fn front(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    (!rest.is_empty() && !rest.contains(['?', '#', ' '])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("https://cdn.example/", Some("https://cdn.example"); "a slash")]
    #[test_case("http://127.0.0.1:9000/b", Some("http://127.0.0.1:9000/b"); "a port and a path")]
    #[test_case("cdn.example", None; "no beginning")]
    #[test_case("https://", None; "nothing behind")]
    #[test_case("https://a/?x", None; "a query")]
    fn fronts(text: &str, read: Option<&str>) {
        assert_eq!(front(text), read);
    }
}
