//! Requests that stand still are given up, however long a moving one may take.

use std::{future::Future, time::Duration};

use crate::s3::{
    body::Meter,
    error::{Kind, S3Error},
};

/// Waits for a request whose bytes the meter counts, as long as they move. One that moves none for `patience`, and is
/// not answered, has stalled.
pub(super) async fn unless_stalled<T>(
    patience: Duration,
    operation: &'static str,
    meter: &Meter,
    request: impl Future<Output = Result<T, S3Error>>,
) -> Result<T, S3Error> {
    let mut request = std::pin::pin!(request);
    loop {
        let before = meter.bytes();
        match tokio::time::timeout(patience, &mut request).await {
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
        let patience = Duration::from_secs(60);
        let answer = unless_stalled(patience, "PutObject", &Meter::default(), async { Ok(7) }).await;
        assert_eq!(answer.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_stands_still_is_given_up() {
        let never = std::future::pending::<Result<(), S3Error>>();
        let error = unless_stalled(Duration::from_millis(5), "PutObject", &Meter::default(), never).await.unwrap_err();
        assert_eq!(error.kind, Kind::Timeout);
    }
}
