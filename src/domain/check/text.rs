//! The answer as text: in a terminal, in a file, and for a message to somebody else.

use std::fmt::Write as _;

use super::{Agreement, Diagnosis, LayerState, Seen};
use crate::domain::format;

impl Diagnosis {
    /// The whole answer in plain lines; `asked` is what was asked, without what signs it.
    #[must_use]
    pub fn to_text(&self, asked: &str) -> String {
        let mut text = String::new();
        let mut line = |words: &str| {
            let _ = writeln!(text, "{}", words.trim_end());
        };
        line(asked);
        line(&format!("  {}. {}", self.headline, self.sentence));
        if let Some(address) = self.address.as_deref().filter(|address| *address != asked) {
            line(&format!("  {address}"));
        }
        if let Some(seen) = self.seen() {
            line(&format!("  {seen}"));
        }
        if let Agreement::Differs(why) = &self.agreement {
            line(&format!("  {why}"));
        }
        line("");
        for report in &self.layers {
            let call = report.evidence.as_ref().map(|asked| format!("  [{}]", asked.words())).unwrap_or_default();
            line(&format!("  {:<10} {:<16} {}{call}", word(report.state), report.layer.title(), report.sentence));
        }
        for remark in &self.remarks {
            line(&format!("  {:<10} {}", "noticed", remark.sentence()));
        }
        if !self.fixes.is_empty() {
            line("");
            line("  Ways to mend it, least exposure first:");
        }
        for (at, fix) in self.fixes.iter().enumerate() {
            line(&format!("  {}. {}", at + 1, fix.title));
            for words in [&fix.consequence].into_iter().chain(&fix.wait).chain(&fix.caution).chain(&fix.address) {
                line(&format!("     {words}"));
            }
            for command in fix.cli.lines() {
                line(&format!("       {command}"));
            }
        }
        text
    }

    /// What came back; that nothing did stands in the sentence.
    fn seen(&self) -> Option<String> {
        let Seen::Answer { status, code, asked } = &self.observed else { return None };
        let code = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
        let agrees = match self.agreement {
            Agreement::Agrees => ", as predicted from the settings",
            Agreement::Differs(_) => ", not as predicted from the settings",
            Agreement::NotCompared => "",
        };
        let (at, took) = (asked.at, format::duration(asked.took));
        Some(format!("{status}{code}: asked without sign-in at {at:.0}, in {took}{agrees}"))
    }
}

const fn word(state: LayerState) -> &'static str {
    match state {
        LayerState::Passed => "fine",
        LayerState::Failed => "STOPS",
        LayerState::Unknown => "unknown",
        LayerState::NotApplicable => "-",
        LayerState::WouldPass => "would pass",
        LayerState::WouldFail => "would stop",
    }
}
