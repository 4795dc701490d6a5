//! Requests that stand still are given up, however long a moving one may take.

use std::{future::Future, time::Duration};

use crate::s3::{
    body::Meter,
    error::{Kind, S3Error},
};

/// A request that moves no byte, and is not answered, for so long has stalled.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a request whose bytes the meter counts, as long as they move.
pub(super) async fn unless_stalled<T>(
    operation: &'static str,
    meter: &Meter,
    request: impl Future<Output = Result<T, S3Error>>,
) -> Result<T, S3Error> {
    let mut request = std::pin::pin!(request);
    loop {
        let before = meter.bytes();
        match tokio::time::timeout(PATIENCE, &mut request).await {
            Ok(answer) => return answer,
            Err(_) if meter.bytes() != before || meter.is_held_back() => {}
            Err(_) => return Err(S3Error::new(operation, Kind::Timeout)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_handed_on() {
        let answer = unless_stalled("PutObject", &Meter::default(), async { Ok(7) }).await;
        assert_eq!(answer.unwrap(), 7);
    }
}
