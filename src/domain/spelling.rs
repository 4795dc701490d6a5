//! What somebody probably meant to write.

/// The known name most like the one given: the same but for case, or at most two letters away.
pub(super) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let folded = name.to_ascii_lowercase();
    let limit = if name.len() < 6 { 1 } else { 2 };
    known
        .iter()
        .map(|candidate| (distance(&folded, &candidate.to_ascii_lowercase()), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, removed, changed or swapped with their neighbour (optimal string alignment). Long texts
/// count as far.
pub(in crate::domain) fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("width", Some("width"); "the same")]
    #[test_case("WIDTH", Some("width"); "in capitals")]
    #[test_case("widht", Some("width"); "two swapped")]
    #[test_case("widt", Some("width"); "one forgotten")]
    #[test_case("with", Some("width"); "one forgotten inside")]
    #[test_case("hight", Some("height"); "one forgotten at the front")]
    #[test_case("heigthh", Some("height"); "two slips in a longer word")]
    #[test_case("colour", None; "another word")]
    #[test_case("", None; "nothing")]
    fn meant(written: &str, meant: Option<&str>) {
        assert_eq!(nearest(written, &["width", "height"]), meant);
    }
}
