//! Between the SDK's clock values and ours.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The same instant, unless it lies outside the years we can write.
pub(super) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}
