use super::Transfers;
use crate::domain::format;

impl Transfers {
    /// The title of the window: how far everything is, first, since task bars cut titles at their end.
    #[must_use]
    pub fn window_title(&self) -> String {
        const NAME: &str = "Brimful";
        if self.counts().open() == 0 {
            return NAME.to_owned();
        }
        let counts = if self.recent().all == 0 { self.counts() } else { self.recent() };
        let percent = (counts.part() * 100.0).floor();
        let paused = if self.paused { "Paused at " } else { "" };
        let files = format::counted(counts.wanted(), "file", "files");
        format!("{paused}{percent:.0}% · {} of {files} – {NAME}", format::count(counts.done))
    }
}
