//! The answer as JSON, for programs. Names of fields and values never change.

use serde_json::{Value, json};

use super::{Agreement, Asked, Detail, Diagnosis, Fix, LayerReport, Predicted, Remedy, Seen, Undo};

impl Diagnosis {
    /// One object with everything that was found out; `asked` is what was asked, without what signs it.
    #[must_use]
    pub fn to_json(&self, asked: &str) -> Value {
        json!({
            "target": asked,
            "address": self.address,
            "verdict": self.verdict.as_str(),
            "headline": self.headline,
            "sentence": self.sentence.to_string(),
            "cause": self.cause.map(|layer| layer.as_str()),
            "symptom": self.symptom.map(|symptom| symptom.as_str()),
            "observed": observed(&self.observed),
            "predicted": predicted(&self.predicted),
            "agreement": agreement(&self.agreement),
            "layers": self.layers.iter().map(layer).collect::<Vec<_>>(),
            "remarks": self.remarks.iter().map(|remark| remark.sentence()).collect::<Vec<_>>(),
            "fixes": self.fixes.iter().map(fix).collect::<Vec<_>>(),
            "at": self.at,
        })
    }
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
