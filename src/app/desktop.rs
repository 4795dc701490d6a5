//! What the desktop says where the window is not looked at.

use notify_rust::Notification;
use tokio::runtime::Handle;

/// Shows a sentence as a notification of the desktop. Where there is nobody to show it, nothing happens: the window says
/// the same.
pub(super) fn say(background: &Handle, sentence: String) {
    // The service is asked over a bus and may take its time.
    background.spawn_blocking(move || {
        let shown = Notification::new().appname("Brimful").summary(&sentence).icon("brimful").show();
        if let Err(error) = shown {
            tracing::debug!(%error, "no notification of the desktop");
        }
    });
}
