//! Logs and reports of panics: what someone needs to find a mistake, without anything that is secret.

mod logging;
mod panic;
mod redact;

pub use logging::{LogGuard, LoggingError, start_logging};
pub use panic::{PanicNote, TaskPanicked, catch, install_panic_hook, on_panic, take_panics};
pub use redact::{redact_url, scrub};
