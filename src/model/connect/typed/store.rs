use std::collections::BTreeMap;

use crate::domain::connection::{Addressing, ChecksumMode, SignIn, StoreTarget, Target};
use crate::domain::preset::{self, Endpoint, EndpointProblem, PRESETS, Preset, endpoint_check};

use super::{DraftSecret, Field, Problem, Problems, Typed, TypedKeys};

/// What is typed behind the door to another store.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedStore {
    /// Which preset, by its id.
    pub preset: String,
    /// What the endpoint's pattern asks for, by the field's name; kept when another preset is chosen.
    pub values: BTreeMap<&'static str, String>,
    /// What to sign for, where the pattern does not ask for it.
    pub region: String,
    /// Where the bucket's name stands.
    pub addressing: Addressing,
    /// When checksums are sent.
    pub checksums: ChecksumMode,
    /// The host that the public uses, if another.
    pub public_url: String,
    /// Keys, or no sign-in.
    pub signs_in: bool,
    /// The access key.
    pub keys: TypedKeys,
}

impl Default for TypedStore {
    fn default() -> Self {
        let mut typed = Self {
            preset: String::new(),
            values: BTreeMap::new(),
            region: String::new(),
            addressing: Addressing::Path,
            checksums: ChecksumMode::WhenRequired,
            public_url: String::new(),
            signs_in: true,
            keys: TypedKeys::default(),
        };
        if let Some(first) = PRESETS.first() {
            typed.choose(first);
        }
        typed
    }
}

impl TypedStore {
    pub(super) fn of(store: &StoreTarget) -> Self {
        let mut typed = Self::default();
        // An endpoint that does not fit its preset's pattern any more is shown whole.
        let fitting = preset::find(&store.preset).and_then(|preset| Some((preset, value_in(preset, &store.endpoint)?)));
        match fitting {
            Some((preset, value)) => {
                typed.choose(preset);
                if let (Some(field), false) = (preset.fields.first(), value.is_empty()) {
                    typed.values.insert(field.name, value);
                }
            }
            None => {
                if let Some(custom) = preset::find("custom") {
                    typed.choose(custom);
                }
                typed.values.insert("host", store.endpoint.clone());
            }
        }
        typed.region.clone_from(&store.region);
        typed.addressing = store.addressing;
        typed.checksums = store.checksums;
        typed.public_url = store.public_base_url.clone().unwrap_or_default();
        match &store.sign_in {
            SignIn::Keys { access_key_id, .. } => typed.keys.access_key_id.clone_from(access_key_id),
            SignIn::Anonymous => typed.signs_in = false,
            SignIn::Profile { .. } | SignIn::Environment => {}
        }
        typed
    }

    /// Chooses a preset: what it knows takes the place of what was set, what was typed stays.
    pub fn choose(&mut self, preset: &'static Preset) {
        preset.id.clone_into(&mut self.preset);
        self.addressing = preset.addressing;
        self.checksums = preset.checksums;
        preset.default_region.clone_into(&mut self.region);
        for field in preset.fields {
            let value = self.values.entry(field.name).or_default();
            // Regions are the provider's own: one of another provider leads nowhere.
            if field.name == "region" && !preset.regions.contains(&value.as_str()) {
                preset.regions.first().copied().unwrap_or_default().clone_into(value);
                if preset.regions.contains(&preset.default_region) {
                    preset.default_region.clone_into(value);
                }
            }
        }
    }

    /// The preset that is chosen.
    #[must_use]
    pub fn chosen(&self) -> Option<&'static Preset> {
        preset::find(&self.preset)
    }

    /// The pattern asks for the region itself, so that there is no other field for it.
    #[must_use]
    pub fn region_is_in_pattern(&self) -> bool {
        self.chosen().is_some_and(|preset| preset.fields.iter().any(|field| field.name == "region"))
    }

    /// What the address field would be checked as; `None` while the pattern is not filled in.
    pub fn endpoint(&self) -> Option<Result<Endpoint, EndpointProblem>> {
        let values: Vec<(&str, &str)> = self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.chosen()?.endpoint_for(&values).map(|text| endpoint_check(&text))
    }

    pub(super) fn suggested_name(&self) -> String {
        match self.chosen() {
            Some(preset) if preset.id != "custom" => preset.label.to_owned(),
            _ => match self.endpoint() {
                Some(Ok(endpoint)) => endpoint.url.split("://").last().unwrap_or_default().to_owned(),
                Some(Err(_)) | None => "Another S3 store".to_owned(),
            },
        }
    }

    fn signing_region(&self) -> String {
        let Some(preset) = self.chosen() else { return self.region.trim().to_owned() };
        let in_pattern =
            self.values.get("region").filter(|_| self.region_is_in_pattern() && !preset.regions.is_empty());
        // Where the provider signs for one region whatever the host says, that one is its default.
        let chosen = match in_pattern {
            Some(value) if preset.regions.contains(&preset.default_region) => value.as_str(),
            Some(_) => preset.default_region,
            None => self.region.as_str(),
        };
        preset.signing_region(chosen).to_owned()
    }

    pub(super) fn check(&self, typed: &Typed, problems: &mut Problems) -> (Target, DraftSecret) {
        let endpoint = match self.endpoint() {
            Some(Ok(endpoint)) => endpoint.url,
            Some(Err(problem)) => {
                let mend = problem.mend().map(str::to_owned);
                problems.insert(Field::Endpoint, Problem { sentence: problem.to_string(), mend });
                String::new()
            }
            None => {
                let label =
                    self.chosen().and_then(|preset| preset.fields.first()).map_or("address", |field| field.label);
                let sentence = match label {
                    "Address" => EndpointProblem::Empty.to_string(),
                    label => format!("{label} is missing"),
                };
                problems.insert(Field::Endpoint, Problem::new(sentence));
                String::new()
            }
        };
        let public = self.public_url.trim();
        let public_base_url = (!public.is_empty()).then(|| match endpoint_check(public) {
            // A CDN may serve a bucket below a path.
            Ok(_) | Err(EndpointProblem::HasPath { .. } | EndpointProblem::HasBucket { .. }) => {
                public.trim_end_matches('/').to_owned()
            }
            Err(problem) => {
                let mend = problem.mend().map(str::to_owned);
                problems.insert(Field::PublicUrl, Problem { sentence: problem.to_string(), mend });
                String::new()
            }
        });
        let (sign_in, secret) = if self.signs_in {
            self.keys.check(typed, false, problems)
        } else {
            (SignIn::Anonymous, DraftSecret::NotNeeded)
        };
        let target = StoreTarget {
            preset: self.preset.clone(),
            endpoint,
            region: self.signing_region(),
            addressing: self.addressing,
            checksums: self.checksums,
            sign_in,
            public_base_url,
        };
        (Target::Store(target), secret)
    }
}

/// What stood in the pattern's one field to make this endpoint; empty where it has none. `None` if it does not fit.
fn value_in(preset: &Preset, endpoint: &str) -> Option<String> {
    let Some(field) = preset.fields.first() else { return (preset.endpoint == endpoint).then(String::new) };
    let mark = format!("{{{}}}", field.name);
    let (before, after) = preset.endpoint.split_once(&mark)?;
    if let Some(value) = endpoint.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) {
        return (!value.is_empty() && (preset.endpoint == mark || !value.contains('.'))).then(|| value.to_owned());
    }
    preset
        .regions
        .iter()
        .find(|region| preset.endpoint_for(&[(field.name, region)]).as_deref() == Some(endpoint))
        .map(|region| (*region).to_owned())
}
