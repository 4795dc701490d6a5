//! How fast files may go: a limit for each direction, and others that take its place at certain hours.

use jiff::civil::Time;
use jiff::{ToSpan as _, ZonedDateTime};
use serde::{Deserialize, Serialize};

mod hours;
mod rate;

pub use hours::{HourProblem, hour, hour_written};
pub use rate::{RateProblem, in_bits, parse, written};

/// No limit is lower: below it a request would run into the store's own time-out (Amazon S3 answers `RequestTimeout`
/// after some 20 seconds without a byte).
pub const LEAST_BYTES_PER_SEC: u64 = 1_000;

/// Bytes a second for each direction; `None` for as fast as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Into buckets.
    pub upload: Option<u64>,
    /// To this computer.
    pub download: Option<u64>,
}

impl Limits {
    /// In few words, for a button.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.upload.map(written), self.download.map(written)) {
            (None, None) => "No speed limit".to_owned(),
            (Some(up), None) => format!("At most {up} up"),
            (None, Some(down)) => format!("At most {down} down"),
            (Some(up), Some(down)) => format!("At most {up} up, {down} down"),
        }
    }
}

/// Other limits at certain hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Whether it counts.
    pub on: bool,
    /// From when, by the clock of this computer.
    pub from: Time,
    /// Until when. Not later than [`Self::from`] means on the next day.
    pub to: Time,
    /// The days on which it begins, Monday first.
    pub days: [bool; 7],
    /// What holds then.
    pub limits: Limits,
}

impl Default for Schedule {
    /// Office hours, off.
    fn default() -> Self {
        Self {
            on: false,
            from: Time::constant(8, 0, 0, 0),
            to: Time::constant(18, 0, 0, 0),
            days: [true, true, true, true, true, false, false],
            limits: Limits { upload: Some(1_000_000), download: None },
        }
    }
}

/// What a person wants of the speed of transfers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// What holds at all other times.
    pub limits: Limits,
    /// What takes their place at certain hours.
    pub schedule: Schedule,
}

impl Wanted {
    /// What holds at this instant.
    #[must_use]
    pub fn at(&self, now: &ZonedDateTime) -> Limits {
        if self.schedule.holds(now) { self.schedule.limits } else { self.limits }
    }

    /// When something else begins to hold; `None` where nothing ever does.
    #[must_use]
    pub fn next_change(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        let holds = self.at(now);
        // A week has every day once; the window that began yesterday may still be open.
        let mut edges: Vec<ZonedDateTime> =
            (-1..=8).filter_map(|day| self.schedule.window(now, day)).flatten().collect();
        edges.sort();
        edges.into_iter().find(|edge| edge > now && self.at(edge) != holds)
    }
}

impl Schedule {
    fn holds(&self, now: &ZonedDateTime) -> bool {
        (-1..=0).filter_map(|day| self.window(now, day)).any(|[from, to]| from <= *now && *now < to)
    }

    /// Beginning and end of what begins so many days after today, if anything does.
    fn window(&self, now: &ZonedDateTime, day: i64) -> Option<[ZonedDateTime; 2]> {
        let date = now.date().checked_add(day.days()).ok()?;
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
        if !self.on || !self.days[weekday] {
            return None;
        }
        let last = if self.to > self.from { date } else { date.tomorrow().ok()? };
        // Where clocks are put forward over one of the times, jiff takes the instant that the clock would have shown.
        let at = |date: jiff::civil::Date, time| date.to_datetime(time).to_zoned_datetime(now.time_zone().clone()).ok();
        Some([at(date, self.from)?, at(last, self.to)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const SLOW: Limits = Limits { upload: Some(500_000), download: None };
    const FAST: Limits = Limits { upload: None, download: None };

    fn wanted(from: &str, to: &str, days: &str) -> Wanted {
        let days = std::array::from_fn(|day| days.as_bytes()[day] != b'-');
        let schedule = Schedule { on: true, from: from.parse().unwrap(), to: to.parse().unwrap(), days, limits: SLOW };
        Wanted { limits: FAST, schedule }
    }

    fn instant(text: &str) -> ZonedDateTime {
        format!("{text}[Europe/Berlin]").parse().unwrap()
    }

    // 9 March 2026 is a Monday.
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T07:59", false; "before it")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T08:00", true; "its first minute")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T17:59", true; "its last minute")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T18:00", false; "after it")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-14T12:00", false; "on a Saturday")]
    #[test_case("22:00", "06:00", "MTWTFSS", "2026-03-09T23:30", true; "before midnight")]
    #[test_case("22:00", "06:00", "MTWTFSS", "2026-03-10T05:59", true; "after midnight")]
    #[test_case("22:00", "06:00", "MTWTFSS", "2026-03-10T06:00", false; "in the morning")]
    #[test_case("22:00", "06:00", "----F--", "2026-03-14T03:00", true; "the night that began on Friday")]
    #[test_case("22:00", "06:00", "----F--", "2026-03-13T03:00", false; "the night that began on Thursday")]
    #[test_case("09:00", "09:00", "M------", "2026-03-10T08:59", true; "a whole day from nine")]
    #[test_case("09:00", "09:00", "M------", "2026-03-10T09:00", false; "and not longer")]
    #[test_case("00:00", "23:59", "-------", "2026-03-10T09:00", false; "on no day")]
    fn holds(from: &str, to: &str, days: &str, now: &str, slow: bool) {
        let limits = wanted(from, to, days).at(&instant(now));
        assert_eq!(limits, if slow { SLOW } else { FAST });
    }

    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T07:00", Some("2026-03-09T08:00"); "it begins")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-09T12:00", Some("2026-03-09T18:00"); "it ends")]
    #[test_case("08:00", "18:00", "MTWTF--", "2026-03-13T19:00", Some("2026-03-16T08:00"); "over a weekend")]
    #[test_case("08:00", "18:00", "M------", "2026-03-09T19:00", Some("2026-03-16T08:00"); "in a week")]
    #[test_case("22:00", "06:00", "MTWTFSS", "2026-03-10T01:00", Some("2026-03-10T06:00"); "a night ends")]
    #[test_case("09:00", "09:00", "MTWTFSS", "2026-03-10T01:00", None; "it always holds")]
    #[test_case("09:00", "09:00", "MT-----", "2026-03-09T10:00", Some("2026-03-11T09:00"); "two whole days are one")]
    #[test_case("08:00", "18:00", "-------", "2026-03-10T01:00", None; "on no day")]
    fn changes(from: &str, to: &str, days: &str, now: &str, next: Option<&str>) {
        assert_eq!(wanted(from, to, days).next_change(&instant(now)), next.map(instant));
    }

    #[test_case("2026-03-29T00:00", "2026-03-29T03:30"; "the hour that is left out in spring")]
    #[test_case("2026-10-25T00:00", "2026-10-25T02:30+02:00"; "the hour that comes twice in autumn")]
    fn half_past_two_when_clocks_are_changed(midnight: &str, begins: &str) {
        assert_eq!(wanted("02:30", "05:00", "MTWTFSS").next_change(&instant(midnight)), Some(instant(begins)));
    }

    #[test_case(None, None, "No speed limit"; "none")]
    #[test_case(Some(5_000_000), None, "At most 5 MB/s up"; "up")]
    #[test_case(None, Some(800_000), "At most 800 KB/s down"; "down")]
    #[test_case(Some(5_000_000), Some(2_500_000), "At most 5 MB/s up, 2.5 MB/s down"; "both")]
    fn in_words(upload: Option<u64>, download: Option<u64>, words: &str) {
        assert_eq!(Limits { upload, download }.words(), words);
    }

    #[test]
    fn what_is_off_or_the_same_never_changes_anything() {
        let now = instant("2026-03-09T12:00");
        let mut wanted = wanted("08:00", "18:00", "MTWTFSS");
        wanted.schedule.on = false;
        assert_eq!((wanted.at(&now), wanted.next_change(&now)), (FAST, None));
        wanted.schedule.on = true;
        wanted.limits = SLOW;
        assert_eq!((wanted.at(&now), wanted.next_change(&now)), (SLOW, None));
    }
}
