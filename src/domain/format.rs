//! Sizes, counts, times and rates as they stand on screen.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

/// `1.8 MB`, `412 KB`, `512 bytes`: decimal units, as file managers and price lists count.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KB", "MB", "GB", "TB", "PB", "EB"];
    match bytes {
        1 => return "1 byte".into(),
        0..1000 => return format!("{bytes} bytes"),
        _ => {}
    }
    let mut value = bytes as f64 / 1000.0;
    for (at, unit) in UNITS.iter().enumerate() {
        // Kilobytes from ten on, and everything from a hundred on, need no decimal.
        let decimals = usize::from(value < if at == 0 { 9.95 } else { 99.95 });
        let shown = format!("{value:.decimals$}");
        if value < 999.5 || at + 1 == UNITS.len() {
            return format!("{shown} {unit}");
        }
        value /= 1000.0;
    }
    format!("{bytes} bytes")
}

/// Reads a number of bytes with a unit: `k`, `m`, `g`, with `B` for powers of 1000 and `iB` for powers of 1024.
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "ki" | "kib" => 1 << 10,
        "mi" | "mib" => 1 << 20,
        "gi" | "gib" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// `1,204`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `1 file`, `12 files`, `1,204 files`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `Today, 09:12`, `Yesterday, 18:03`, else `14 Mar 2026, 09:41`.
#[must_use]
pub fn date_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, today) = (at.to_zoned_datetime(zone.clone()), now.to_zoned_datetime(zone.clone()));
    let clock = format!("{:02}:{:02}", then.hour(), then.minute());
    if then.date() == today.date() {
        format!("Today, {clock}")
    } else if today.date().yesterday().is_ok_and(|d| d == then.date()) {
        format!("Yesterday, {clock}")
    } else {
        format!("{}, {clock}", day(at, zone))
    }
}

/// `14 Mar 2026`.
#[must_use]
pub fn day(at: Timestamp, zone: &TimeZone) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = at.to_zoned_datetime(zone.clone()).date();
    let month = usize::try_from(date.month()).ok().and_then(|m| MONTHS.get(m - 1)).copied().unwrap_or("");
    format!("{} {month} {}", date.day(), date.year())
}

/// `09:44:07`.
#[must_use]
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let then = at.to_zoned_datetime(zone.clone());
    format!("{:02}:{:02}:{:02}", then.hour(), then.minute(), then.second())
}

/// How long something took: `62 ms`, `0.4 s`, `12 s`, `2 min 5 s`, `1 h 10 min`.
#[must_use]
pub fn duration(took: Duration) -> String {
    let millis = took.as_millis();
    let secs = took.as_secs();
    match secs {
        0 if millis < 100 => format!("{millis} ms"),
        0..10 => format!("{:.1} s", took.as_secs_f64()),
        10..60 => format!("{secs} s"),
        60..3600 if secs.is_multiple_of(60) => format!("{} min", secs / 60),
        60..3600 => format!("{} min {} s", secs / 60, secs % 60),
        _ => hours(secs / 60),
    }
}

/// An estimate, rounded so that it does not flicker: `a few seconds left`, `about 40 s left`, `about 2 min left`.
#[must_use]
pub fn time_left(left: Duration) -> String {
    let secs = left.as_secs();
    match secs {
        0..5 => "a few seconds left".into(),
        5..55 => format!("about {} s left", secs.div_ceil(5) * 5),
        55..3570 => format!("about {} min left", ((secs + 30) / 60).max(1)),
        _ => format!("about {} left", hours((secs + 30) / 60)),
    }
}

/// `24.6 MB/s`.
#[must_use]
pub fn rate(bytes_per_sec: f64) -> String {
    let whole = bytes_per_sec.clamp(0.0, 1e18) as u64;
    format!("{}/s", size(whole))
}

fn hours(mins: u64) -> String {
    match (mins / 60, mins % 60) {
        (h, m) if h >= 24 && m == 0 && h.is_multiple_of(24) => format!("{} d", h / 24),
        (h, _) if h >= 24 => format!("{} d {} h", h / 24, h % 24),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(0, "0 bytes"; "nothing")]
    #[test_case(1, "1 byte"; "one")]
    #[test_case(999, "999 bytes"; "bytes")]
    #[test_case(1000, "1.0 KB"; "first kilobyte")]
    #[test_case(3_100, "3.1 KB"; "few kilobytes")]
    #[test_case(9_960, "10 KB"; "ten kilobytes by rounding")]
    #[test_case(412_345, "412 KB"; "kilobytes")]
    #[test_case(999_499, "999 KB"; "just below")]
    #[test_case(999_600, "1.0 MB"; "never a thousand")]
    #[test_case(1_800_000, "1.8 MB"; "megabytes")]
    #[test_case(38_400_000, "38.4 MB"; "tens of megabytes")]
    #[test_case(412_000_000, "412 MB"; "hundreds")]
    #[test_case(2_300_000_000, "2.3 GB"; "gigabytes")]
    #[test_case(u64::MAX, "18.4 EB"; "the most")]
    fn sizes(bytes: u64, shown: &str) {
        assert_eq!(size(bytes), shown);
    }

    #[test_case("16MiB", Some(16 << 20); "binary")]
    #[test_case("5mb", Some(5_000_000); "decimal")]
    #[test_case("800 kB", Some(800_000); "a blank")]
    #[test_case("7", Some(7); "bytes")]
    #[test_case("", None; "nothing")]
    #[test_case("1.5MB", None; "a fraction")]
    #[test_case("99999999999GiB", None; "beyond counting")]
    fn sizes_are_read(text: &str, expected: Option<u64>) {
        assert_eq!(parse_size(text), expected);
    }

    #[test_case(0, "0"; "none")]
    #[test_case(999, "999"; "three digits")]
    #[test_case(1204, "1,204"; "four digits")]
    #[test_case(1_234_567, "1,234,567"; "seven digits")]
    fn counts(number: u64, shown: &str) {
        assert_eq!(count(number), shown);
    }

    #[test]
    fn counted_things() {
        assert_eq!(
            (counted(1, "file", "files"), counted(1204, "file", "files")),
            ("1 file".into(), "1,204 files".into())
        );
    }

    #[test_case("2026-03-14T09:41:00Z", "14 Mar 2026, 09:41"; "long ago")]
    #[test_case("2026-11-23T09:12:00Z", "Today, 09:12"; "today")]
    #[test_case("2026-11-22T18:03:00Z", "Yesterday, 18:03"; "yesterday")]
    #[test_case("2026-11-24T00:00:00Z", "24 Nov 2026, 00:00"; "tomorrow, by a wrong clock")]
    fn dates(at: &str, shown: &str) {
        let now: Timestamp = "2026-11-23T19:00:00Z".parse().unwrap();
        assert_eq!(date_time(at.parse().unwrap(), now, &TimeZone::UTC), shown);
    }

    #[test]
    fn the_zone_decides_the_day() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let (at, now) = ("2026-11-22T23:30:00Z".parse().unwrap(), "2026-11-23T01:00:00Z".parse().unwrap());
        assert_eq!(date_time(at, now, &zone), "Today, 01:30");
        assert_eq!(clock(at, &zone), "01:30:00");
    }

    #[test_case(62, "62 ms"; "milliseconds")]
    #[test_case(400, "0.4 s"; "tenths")]
    #[test_case(12_300, "12 s"; "seconds")]
    #[test_case(125_000, "2 min 5 s"; "minutes")]
    #[test_case(120_000, "2 min"; "whole minutes")]
    #[test_case(4_200_000, "1 h 10 min"; "hours")]
    #[test_case(90_000_000, "1 d 1 h"; "days")]
    fn durations(millis: u64, shown: &str) {
        assert_eq!(duration(Duration::from_millis(millis)), shown);
    }

    #[test_case(3, "a few seconds left"; "soon")]
    #[test_case(38, "about 40 s left"; "seconds")]
    #[test_case(58, "about 1 min left"; "a minute")]
    #[test_case(118, "about 2 min left"; "minutes")]
    #[test_case(3_590, "about 1 h left"; "an hour")]
    #[test_case(4_200, "about 1 h 10 min left"; "hours")]
    #[test_case(172_800, "about 2 d left"; "days")]
    fn times_left(secs: u64, shown: &str) {
        assert_eq!(time_left(Duration::from_secs(secs)), shown);
    }

    #[test]
    fn rates() {
        assert_eq!(rate(24_600_000.0), "24.6 MB/s");
        assert_eq!(rate(-1.0), "0 bytes/s");
    }
}
