//! A time of the day as a person writes it: `8`, `8:30`, `22:00`.

use jiff::civil::Time;

/// Why a text is no time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Write hours and minutes, such as 8:30 or 22:00")]
pub struct HourProblem;

/// The time. `24:00` is midnight.
///
/// # Errors
/// When it is none.
pub fn hour(text: &str) -> Result<Time, HourProblem> {
    let (hours, minutes) = text.trim().split_once([':', '.']).unwrap_or((text.trim(), "00"));
    let number = |digits: &str, most: usize| {
        let whole = !digits.is_empty() && digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit());
        whole.then(|| digits.parse::<i8>().ok()).flatten().ok_or(HourProblem)
    };
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2).and_then(|it| two_digits(minutes, it))?);
    let hours = if (hours, minutes) == (24, 0) { 0 } else { hours };
    Time::new(hours, minutes, 0, 0).map_err(|_| HourProblem)
}

/// `8:3` may be three or thirty minutes past.
fn two_digits(digits: &str, value: i8) -> Result<i8, HourProblem> {
    if digits.len() == 2 { Ok(value) } else { Err(HourProblem) }
}

/// `08:30`.
#[must_use]
pub fn hour_written(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("8", "08:00"; "an hour")]
    #[test_case(" 8:30 ", "08:30"; "blanks")]
    #[test_case("22:00", "22:00"; "evening")]
    #[test_case("22.15", "22:15"; "with a point")]
    #[test_case("0:00", "00:00"; "midnight")]
    #[test_case("24:00", "00:00"; "midnight as an end")]
    fn reads(text: &str, written: &str) {
        assert_eq!(hour(text).map(hour_written), Ok(written.to_owned()));
    }

    #[test_case(""; "nothing")]
    #[test_case("25:00"; "no such hour")]
    #[test_case("24:30"; "after midnight of the same day")]
    #[test_case("8:60"; "no such minute")]
    #[test_case("8:3"; "three or thirty")]
    #[test_case("-8:00"; "a sign")]
    #[test_case("8 pm"; "words")]
    #[test_case("008:00"; "too many digits")]
    #[test_case("8:30:15"; "seconds")]
    fn refuses(text: &str) {
        assert_eq!(hour(text), Err(HourProblem));
    }
}
