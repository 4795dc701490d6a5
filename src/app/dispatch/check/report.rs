//! The answer in words: on the clipboard, or in a file.

use super::super::saving::{self, Wish};
use crate::app::core::{Core, Effect};
use crate::model::check::{CheckModel, Found};
use crate::model::notices::Tone;

/// Puts it on the clipboard.
pub(super) fn copy(core: &mut Core) {
    if let Some((text, _)) = told(&core.model.check) {
        core.effects.push(Effect::Copy(text));
        core.say(Tone::Done, "The answer is copied");
    }
}

/// Asks where, and writes it down: as JSON where the name ends so, and as text else.
pub(super) fn save(core: &Core) {
    let check = &core.model.check;
    let (Some((text, json)), Some(found)) = (told(check), check.found.known()) else { return };
    let day = found.diagnosis.at.to_zoned_datetime(core.deps.zone.clone()).date();
    let file = found.target.spot.as_ref().and_then(|spot| spot.key.rsplit('/').find(|part| !part.is_empty()));
    let name = crate::domain::object_key::local_name(&format!("{}-check-{day}.txt", file.unwrap_or("address")));
    let wish = Wish { what: "report", title: "Save the report as .txt to read, or as .json", name: &name };
    saving::save_as(core, wish, move |path| {
        let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if is_json { json } else { text }
    });
}

/// The answer as text and as JSON.
fn told(check: &CheckModel) -> Option<(String, String)> {
    let found = check.found.known()?;
    let Found { asked, diagnosis, .. } = found;
    Some((diagnosis.to_text(asked), format!("{:#}\n", diagnosis.to_json(asked))))
}
