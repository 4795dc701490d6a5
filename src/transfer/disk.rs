//! Reading and writing beside everything else, or in place where that takes no longer than handing it over.

use std::{
    io,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Up to so much is read or written where it is needed, as long as the disk answers at once: handing so little to another
/// thread takes longer, and what has just been received lies near this processor only.
const IN_PLACE_BYTES: u64 = 512 << 10;
/// A disk that takes longer is not waited for in place.
const AT_ONCE: Duration = Duration::from_millis(2);
/// After a slow answer so many pieces are left to other threads before it is tried again.
const SLOW_FOR: u32 = 512;

/// Whether the disk answers at once.
#[derive(Debug, Default)]
pub(super) struct Disk {
    slow_for: AtomicU32,
}

impl Disk {
    /// Does something with about so many bytes: in place where they are few and the disk has been quick.
    pub(super) async fn do_little<T: Send + 'static>(
        &self,
        bytes: u64,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        if bytes <= IN_PLACE_BYTES && self.is_quick() { self.timed(work) } else { blocking(work).await }
    }

    fn is_quick(&self) -> bool {
        let counted = self.slow_for.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        counted.is_err()
    }

    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        if begun.elapsed() > AT_ONCE {
            self.slow_for.store(SLOW_FOR, Ordering::Relaxed);
        }
        done
    }
}

/// Waits for the disk beside everything else.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_disk_is_left_to_other_threads_for_a_while() {
        let disk = Disk::default();
        assert!(disk.is_quick());
        disk.timed(|| std::thread::sleep(AT_ONCE * 2));
        assert_eq!((0..SLOW_FOR).filter(|_| disk.is_quick()).count(), 0);
        assert!(disk.is_quick());
    }

    #[tokio::test]
    async fn little_is_done_in_place_and_much_elsewhere() {
        let here = std::thread::current().id();
        let disk = Disk::default();
        let whose = async |bytes| disk.do_little(bytes, || Ok(std::thread::current().id())).await.unwrap();
        assert_eq!(whose(IN_PLACE_BYTES).await, here);
        assert_ne!(whose(IN_PLACE_BYTES + 1).await, here);
        disk.timed(|| std::thread::sleep(AT_ONCE * 2));
        assert_ne!(whose(1).await, here);
    }
}
