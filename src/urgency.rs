//! Which threads come first when there are more of them than processors.

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// How urgent the background's threads are, out of 99: a little less than usual (nice 5 on Unix).
const BACKGROUND: u8 = 35;

/// Makes the current thread a little less urgent than the window's, so that the window answers while pictures are
/// decoded and files are read. Where the system refuses, all stay equal.
pub fn step_back() {
    if let Ok(urgency) = BACKGROUND.try_into() {
        let _ = set_current_thread_priority(ThreadPriority::Crossplatform(urgency));
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        // The fields after the name, which may hold spaces; niceness is the 19th of all.
        let (_, rest) = stat.rsplit_once(") ").unwrap();
        rest.split(' ').nth(16).unwrap().parse().unwrap()
    }

    #[test]
    fn only_the_thread_that_steps_back_is_nicer() {
        let before = niceness();
        let stepped_back = std::thread::spawn(|| {
            step_back();
            niceness()
        });
        assert_eq!(stepped_back.join().unwrap(), before.max(5));
        assert_eq!(niceness(), before);
    }
}
