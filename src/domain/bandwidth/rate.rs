//! A rate as a person writes it: `5 MB/s`, `800 KB/s`, `20 Mbit/s`.

use super::LEAST_BYTES_PER_SEC;

/// Why a text is no rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateProblem {
    /// No number, or no unit that is known.
    #[error("Write a number and a unit, such as 5 MB/s, 800 KB/s or 20 Mbit/s")]
    NotARate,
    /// A number alone: bytes would be far too slow, so it is asked.
    #[error("The unit is missing")]
    NoUnit {
        /// What it may have meant.
        perhaps: String,
    },
    /// A comma, which means thousands to some and decimals to others.
    #[error("Write decimals with a point, and thousands without anything")]
    Comma,
    /// So little that nothing would arrive.
    #[error("At least 1 KB/s. To stop transfers, pause them")]
    TooSlow,
}

/// Units with bytes a second, in lower case, without what comes after the `/`. `b` alone is a byte here; bits are written
/// out, or `bps` as network people do.
const UNITS: [(&str, f64); 26] = [
    ("b", 1.0),
    ("byte", 1.0),
    ("bytes", 1.0),
    ("k", 1e3),
    ("kb", 1e3),
    ("m", 1e6),
    ("mb", 1e6),
    ("g", 1e9),
    ("gb", 1e9),
    ("kib", 1_024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
    ("bit", 0.125),
    ("bits", 0.125),
    ("bps", 0.125),
    ("kbit", 125.0),
    ("kbits", 125.0),
    ("kbps", 125.0),
    ("mbit", 125e3),
    ("mbits", 125e3),
    ("mbps", 125e3),
    ("gbit", 125e6),
    ("gbits", 125e6),
    ("gbps", 125e6),
    ("kibit", 128.0),
    ("mibit", 131_072.0),
];

/// Bytes a second; `None` for no limit, which is an empty text.
///
/// # Errors
/// When it cannot be understood, or is too slow to be of use.
pub fn parse(text: &str) -> Result<Option<u64>, RateProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.contains(',') {
        return Err(RateProblem::Comma);
    }
    let number = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (number, unit) = (&text[..number], text[number..].trim());
    let value: f64 = number.parse().map_err(|_| RateProblem::NotARate)?;
    if unit.is_empty() {
        return Err(RateProblem::NoUnit { perhaps: format!("{number} MB/s") });
    }
    let unit: String = unit.to_ascii_lowercase().split_whitespace().collect();
    let unit = unit.strip_suffix("/s").or_else(|| unit.strip_suffix("/sec")).unwrap_or(&unit);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(RateProblem::NotARate)?;
    let bytes = (value * factor).round();
    if bytes < LEAST_BYTES_PER_SEC as f64 {
        return Err(RateProblem::TooSlow);
    }
    Ok(Some(bytes as u64))
}

/// As [`parse`] reads it back, to the byte: `2.5 MB/s`.
#[must_use]
pub fn written(bytes_per_sec: u64) -> String {
    for (unit, size) in [("GB/s", 1_000_000_000), ("MB/s", 1_000_000), ("KB/s", 1_000)] {
        // With at most three decimals nothing may get lost.
        if bytes_per_sec >= size && bytes_per_sec.is_multiple_of(size / 1_000) {
            let (whole, rest) = (bytes_per_sec / size, (bytes_per_sec % size) / (size / 1_000));
            let decimals = format!(".{rest:03}");
            return format!("{whole}{} {unit}", decimals.trim_end_matches('0').trim_end_matches('.'));
        }
    }
    format!("{bytes_per_sec} bytes/s")
}

/// The same as network people say it, to compare with what a line is sold as: `40 Mbit/s`.
#[must_use]
pub fn in_bits(bytes_per_sec: u64) -> String {
    let bits = bytes_per_sec as f64 * 8.0;
    let (value, unit) = match bits {
        1e9.. => (bits / 1e9, "Gbit/s"),
        1e6.. => (bits / 1e6, "Mbit/s"),
        _ => (bits / 1e3, "kbit/s"),
    };
    let shown = format!("{value:.1}");
    format!("{} {unit}", shown.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    #[test_case("", None; "nothing")]
    #[test_case("  ", None; "blanks")]
    #[test_case("5 MB/s", Some(5_000_000); "megabytes")]
    #[test_case("800 KB/s", Some(800_000); "kilobytes")]
    #[test_case("20 Mbit/s", Some(2_500_000); "megabits")]
    #[test_case("20 Mbps", Some(2_500_000); "megabits of network people")]
    #[test_case("1.5GB", Some(1_500_000_000); "without blank and second")]
    #[test_case("2 MiB/s", Some(2_097_152); "binary")]
    #[test_case("500k", Some(500_000); "as curl and wget take it")]
    #[test_case("5 mb / s", Some(5_000_000); "blanks around the slash")]
    #[test_case("1000 bytes/s", Some(1_000); "the least")]
    fn reads(text: &str, bytes: Option<u64>) {
        assert_eq!(parse(text), Ok(bytes));
    }

    #[test_case("fast", RateProblem::NotARate; "a word")]
    #[test_case("5 apples", RateProblem::NotARate; "an unknown unit")]
    #[test_case("1.2.3 MB/s", RateProblem::NotARate; "two points")]
    #[test_case("-5 MB/s", RateProblem::NotARate; "below nothing")]
    #[test_case("5", RateProblem::NoUnit { perhaps: "5 MB/s".into() }; "no unit")]
    #[test_case("1,5 MB/s", RateProblem::Comma; "a comma")]
    #[test_case("0 MB/s", RateProblem::TooSlow; "nothing at all")]
    #[test_case("999 B/s", RateProblem::TooSlow; "just too slow")]
    fn refuses(text: &str, problem: RateProblem) {
        assert_eq!(parse(text), Err(problem));
    }

    #[test_case(5_000_000, "5 MB/s"; "whole")]
    #[test_case(2_500_000, "2.5 MB/s"; "a half")]
    #[test_case(1_234_000, "1.234 MB/s"; "three decimals")]
    #[test_case(2_097_152, "2097.152 KB/s"; "binary")]
    #[test_case(1_234_567_891, "1234567.891 KB/s"; "odd")]
    #[test_case(1_001, "1.001 KB/s"; "a byte more")]
    fn writes(bytes: u64, text: &str) {
        assert_eq!(written(bytes), text);
    }

    #[test_case(5_000_000, "40 Mbit/s"; "whole")]
    #[test_case(800_000, "6.4 Mbit/s"; "a decimal")]
    #[test_case(1_000, "8 kbit/s"; "the least")]
    #[test_case(125_000_000, "1 Gbit/s"; "a gigabit")]
    #[test_case(1_250_000, "10 Mbit/s"; "no nought is lost")]
    fn bits(bytes: u64, text: &str) {
        assert_eq!(in_bits(bytes), text);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes in LEAST_BYTES_PER_SEC..1_000_000_000_000_u64) {
            prop_assert_eq!(parse(&written(bytes)), Ok(Some(bytes)));
        }

        #[test]
        fn no_text_makes_it_stumble(text in ".*") {
            let _ = parse(&text);
        }
    }
}
