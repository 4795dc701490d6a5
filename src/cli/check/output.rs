//! A diagnosis in a terminal: as lines to read, or as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::super::plain::{one_line, plain};
use crate::domain::check::{
    Agreement, Asked, Detail, Diagnosis, Fix, LayerReport, LayerState, Predicted, Remedy, Seen, Undo,
};
use crate::domain::format;

/// Lines to read.
pub(super) fn tell(out: &mut impl Write, target: &str, diagnosis: &Diagnosis) -> io::Result<()> {
    writeln!(out, "{}", one_line(target))?;
    writeln!(out, "  {}. {}", diagnosis.headline, plain(&diagnosis.sentence.to_string()))?;
    if let Some(seen) = seen(diagnosis) {
        writeln!(out, "  {seen}")?;
    }
    if let Agreement::Differs(words) = &diagnosis.agreement {
        writeln!(out, "  {}", plain(words))?;
    }
    writeln!(out)?;
    for report in &diagnosis.layers {
        let call = report.evidence.as_ref().map(|asked| format!("  [{}]", asked.words())).unwrap_or_default();
        let sentence = report.sentence.to_string();
        writeln!(out, "  {:<10} {:<16} {}{call}", word(report.state), report.layer.title(), plain(&sentence))?;
    }
    for remark in &diagnosis.remarks {
        writeln!(out, "  note       {}", plain(&remark.sentence()))?;
    }
    if !diagnosis.fixes.is_empty() {
        writeln!(out, "\n  Ways to mend it, least exposure first:")?;
    }
    for (at, fix) in diagnosis.fixes.iter().enumerate() {
        writeln!(out, "  {}. {}", at + 1, plain(&fix.title))?;
        writeln!(out, "     {}", plain(&fix.consequence))?;
        for line in fix.caution.iter().chain(fix.address.iter()) {
            writeln!(out, "     {}", plain(line))?;
        }
        for line in fix.cli.lines() {
            writeln!(out, "       {}", plain(line))?;
        }
    }
    writeln!(out)
}

/// What came back; that nothing did stands in the sentence.
fn seen(diagnosis: &Diagnosis) -> Option<String> {
    Some(match &diagnosis.observed {
        Seen::Answer { status, code, asked } => {
            let code = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            let agrees = match diagnosis.agreement {
                Agreement::Agrees => ", as predicted from the settings",
                Agreement::Differs(_) => ", not as predicted from the settings",
                Agreement::NotCompared => "",
            };
            let (at, took) = (asked.at, format::duration(asked.took));
            format!("{status}{}: asked without sign-in at {at:.0}, in {took}{agrees}", one_line(&code))
        }
        Seen::Nothing(_) => return None,
    })
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

/// One object.
pub(super) fn json(target: &str, diagnosis: &Diagnosis, as_intended: bool) -> Value {
    json!({
        "target": target,
        "address": diagnosis.address,
        "verdict": diagnosis.verdict.as_str(),
        "as_intended": as_intended,
        "headline": diagnosis.headline,
        "sentence": diagnosis.sentence.to_string(),
        "cause": diagnosis.cause.map(|layer| layer.as_str()),
        "symptom": diagnosis.symptom.map(|symptom| symptom.as_str()),
        "observed": observed(&diagnosis.observed),
        "predicted": predicted(&diagnosis.predicted),
        "agreement": agreement(&diagnosis.agreement),
        "layers": diagnosis.layers.iter().map(layer).collect::<Vec<_>>(),
        "remarks": diagnosis.remarks.iter().map(|remark| remark.sentence()).collect::<Vec<_>>(),
        "fixes": diagnosis.fixes.iter().map(fix).collect::<Vec<_>>(),
        "at": diagnosis.at,
    })
}

fn asked(asked: &Asked) -> Value {
    json!({
        "operation": asked.operation, "status": asked.status, "code": asked.code, "at": asked.at,
        "took_ms": u64::try_from(asked.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn observed(seen: &Seen) -> Value {
    match seen {
        Seen::Answer { status, code, asked: request } => {
            json!({ "status": status, "code": code, "request": asked(request) })
        }
        Seen::Nothing(why) => json!({ "status": null, "why": why }),
    }
}

fn predicted(predicted: &Predicted) -> Value {
    match predicted {
        Predicted::Served { reason } => json!({ "answer": "served", "reason": reason }),
        Predicted::Refused { status, layer, reason } => json!({
            "answer": "refused", "status": status, "layer": layer.map(|layer| layer.as_str()), "reason": reason,
        }),
        Predicted::Unknown { depends_on } => json!({
            "answer": "unknown", "depends_on": depends_on.iter().map(|layer| layer.as_str()).collect::<Vec<_>>(),
        }),
    }
}

fn agreement(agreement: &Agreement) -> Value {
    match agreement {
        Agreement::Agrees => json!({ "state": "agrees" }),
        Agreement::Differs(why) => json!({ "state": "differs", "why": why }),
        Agreement::NotCompared => json!({ "state": "not-compared" }),
    }
}

fn layer(report: &LayerReport) -> Value {
    json!({
        "layer": report.layer.as_str(),
        "state": report.state.as_str(),
        "sentence": report.sentence.to_string(),
        "evidence": report.evidence.as_ref().map(asked),
        "detail": report.detail.as_ref().map(detail),
    })
}

fn detail(detail: &Detail) -> Value {
    match detail {
        Detail::Beside { opens, key, statement, .. } => json!({ "opens": opens, "key": key, "statement": statement }),
        Detail::Statement { index, json: text } => json!({ "statement": index, "json": text }),
        Detail::Differs { labels, values } => json!({ labels.0: values.0, labels.1: values.1 }),
        Detail::Lines(lines) => Value::Object(lines.iter().map(|(name, value)| (name.clone(), json!(value))).collect()),
    }
}

fn fix(fix: &Fix) -> Value {
    let remedy = match &fix.remedy {
        Remedy::Write(_) => "write",
        Remedy::Link => "link",
        Remedy::Address(_) => "address",
        Remedy::Upload => "upload",
        Remedy::Advice => "advice",
    };
    let undo = match fix.undo {
        Undo::Nothing => "nothing",
        Undo::PutBack => "put-back",
        Undo::EndsByItself => "ends-by-itself",
    };
    json!({
        "title": fix.title, "consequence": fix.consequence, "exposure": fix.exposure.as_str(), "remedy": remedy,
        "address": fix.address, "caution": fix.caution, "wait": fix.wait, "undo": undo, "cli": fix.cli,
    })
}
