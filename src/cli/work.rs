//! Much work of one kind: so much at once, until it is done or interrupted.

use std::ops::ControlFlow;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::end::INTERRUPTED;

/// Notices Ctrl-C. The first one ends the work in good order, the second one at once.
#[expect(clippy::disallowed_methods, reason = "at once is without tidying up")]
pub(super) fn interruptible() -> CancellationToken {
    let token = CancellationToken::new();
    let interrupt = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.cancel();
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(INTERRUPTED.into());
            }
        }
    });
    token
}

/// Does `work` with each of `items`, `at_once` at a time, and gives each outcome to `told`, which may break it off. What
/// was begun is brought to its end, also where it is interrupted.
///
/// # Errors
/// A part of the work ended early.
pub(super) async fn each<I, T, F>(
    mut items: mpsc::Receiver<I>,
    at_once: usize,
    interrupt: &CancellationToken,
    work: impl Fn(I) -> F,
    mut told: impl FnMut(T) -> ControlFlow<()>,
) -> Result<(), JoinError>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut under_way = JoinSet::new();
    let mut open = true;
    loop {
        tokio::select! {
            biased;
            () = interrupt.cancelled(), if open => open = false,
            Some(outcome) = under_way.join_next() => open &= told(outcome?).is_continue(),
            item = items.recv(), if open && under_way.len() < at_once => match item {
                Some(item) => {
                    under_way.spawn(work(item));
                }
                None => open = false,
            },
            else => return Ok(()),
        }
        if !open {
            // Whoever brings more is not kept waiting.
            items.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn done(count: u32, at_once: usize, stop_at: u32, by_interrupt: bool) -> Vec<u32> {
        let (send, items) = mpsc::channel(1);
        tokio::spawn(async move {
            for number in 0..count {
                if send.send(number).await.is_err() {
                    return;
                }
            }
        });
        let (interrupt, mut seen) = (CancellationToken::new(), Vec::new());
        let told = |number| {
            seen.push(number);
            match number {
                number if number != stop_at => return ControlFlow::Continue(()),
                _ if !by_interrupt => return ControlFlow::Break(()),
                _ => interrupt.cancel(),
            }
            ControlFlow::Continue(())
        };
        each(items, at_once, &interrupt, |number| async move { number }, told).await.unwrap();
        seen.sort_unstable();
        seen
    }

    #[tokio::test]
    async fn all_of_it_is_done_once() {
        assert_eq!(done(100, 7, u32::MAX, false).await, (0..100).collect::<Vec<_>>());
        assert!(done(0, 7, u32::MAX, false).await.is_empty());
    }

    #[tokio::test]
    async fn what_was_begun_is_brought_to_its_end() {
        for by_interrupt in [false, true] {
            let seen = done(1000, 4, 10, by_interrupt).await;
            assert!((11..=15).contains(&seen.len()), "{seen:?}");
        }
    }
}
