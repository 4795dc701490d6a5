use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::time::{Duration, Instant};

use super::*;

#[derive(Debug, PartialEq)]
struct Trouble(String);

impl Crashed for Trouble {
    fn crashed(text: String) -> Self {
        Self(text)
    }
}

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn settle<T: Send + 'static>(request: &mut Request<T, Trouble>) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !request.poll() {
        assert!(Instant::now() < deadline, "no answer in ten seconds");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn an_answer_arrives_and_wakes_once() {
    let worker = Worker::<()>::start().unwrap();
    let count = Arc::new(Count(AtomicUsize::new(0)));
    worker.wake_slot().set(Arc::clone(&count).into());
    let mut request: Request<u32, Trouble> = worker.ask(async { Ok(7) });
    settle(&mut request);
    assert!(matches!(request.status(), Status::Ready(7)));
    assert!(!request.poll(), "the change is told once");
    let deadline = Instant::now() + Duration::from_secs(5);
    while count.0.load(Ordering::SeqCst) == 0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(count.0.load(Ordering::SeqCst), 1);
}

#[test]
fn a_refresh_keeps_the_stale_answer_and_a_failure_does_too() {
    let worker = Worker::<()>::start().unwrap();
    let mut request: Request<u32, Trouble> = worker.ask(async { Ok(7) });
    settle(&mut request);
    worker.ask_again(&mut request, async { Err(Trouble("refused".into())) });
    assert_eq!(request.known(), Some(&7));
    settle(&mut request);
    assert_eq!(request.known(), Some(&7));
    assert_eq!(request.error(), Some(&Trouble("refused".into())));
}

#[test]
fn a_panic_in_a_question_is_an_answer() {
    let worker = Worker::<()>::start().unwrap();
    let mut request: Request<u32, Trouble> = worker.ask(async { panic!("the sky fell") });
    settle(&mut request);
    assert_eq!(request.error(), Some(&Trouble("the sky fell".into())));
}

#[test]
fn a_panic_in_a_job_is_an_event() {
    let worker = Worker::<String>::start().unwrap();
    worker.job(async { panic!("the sky fell") }, |text| format!("crashed: {text}"));
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let events = worker.drain(10);
        if !events.is_empty() {
            assert_eq!(events, ["crashed: the sky fell"]);
            break;
        }
        assert!(Instant::now() < deadline, "no event in ten seconds");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn dropping_a_question_aborts_its_work() {
    struct OnDrop(Arc<AtomicUsize>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let worker = Worker::<()>::start().unwrap();
    let dropped = Arc::new(AtomicUsize::new(0));
    let guard = OnDrop(Arc::clone(&dropped));
    let request: Request<(), Trouble> = worker.ask(async move {
        let _guard = guard;
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Ok(())
    });
    drop(request);
    let deadline = Instant::now() + Duration::from_secs(10);
    while dropped.load(Ordering::SeqCst) == 0 {
        assert!(Instant::now() < deadline, "the work went on");
        std::thread::sleep(Duration::from_millis(2));
    }
}
