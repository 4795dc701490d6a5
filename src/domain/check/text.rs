//! The answer as text, for a message to somebody else.

use std::fmt::Write as _;

use super::{Agreement, Diagnosis, LayerState, Seen};

impl Diagnosis {
    /// The whole answer in plain lines, without anything secret: addresses are told without what signs them.
    #[must_use]
    pub fn to_text(&self, asked: &str) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "{}\n{}", self.headline, self.sentence);
        let subject = self.address.as_deref().unwrap_or_else(|| asked.split('?').next().unwrap_or_default());
        let _ = writeln!(text, "{subject}");
        match &self.observed {
            Seen::Answer { status, code, asked } => {
                let code = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
                let _ = writeln!(text, "Asked without sign-in at {:.0}: {status}{code}", asked.at);
            }
            Seen::Nothing(why) => {
                let _ = writeln!(text, "{why}");
            }
        }
        if let Agreement::Differs(why) = &self.agreement {
            let _ = writeln!(text, "Not as predicted from the settings: {why}");
        }
        text.push('\n');
        for report in &self.layers {
            let call = report.evidence.as_ref().map(|asked| format!(" ({})", asked.words())).unwrap_or_default();
            let _ = writeln!(text, "{}: {}: {}{call}", report.layer.title(), word(report.state), report.sentence);
        }
        for remark in &self.remarks {
            let _ = writeln!(text, "Noticed: {}", remark.sentence());
        }
        if !self.fixes.is_empty() {
            text.push_str("\nWays to mend it, least exposure first:\n");
        }
        for (at, fix) in self.fixes.iter().enumerate() {
            let _ = writeln!(text, "{}. {}. {}", at + 1, fix.title, fix.consequence);
            if !fix.cli.is_empty() {
                let _ = writeln!(text, "{}", fix.cli);
            }
        }
        text
    }
}

const fn word(state: LayerState) -> &'static str {
    match state {
        LayerState::Passed => "passed",
        LayerState::Failed => "stops here",
        LayerState::Unknown => "not known",
        LayerState::NotApplicable => "has no say",
        LayerState::WouldPass => "would pass",
        LayerState::WouldFail => "would stop too",
    }
}
