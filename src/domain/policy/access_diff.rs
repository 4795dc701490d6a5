//! What another policy changes for people: what becomes possible, what stops, what becomes public, and
//! whether one could still change it back.
//!
//! Both policies are asked the same requests, which stand for all others; what they answer differently is
//! told. A policy written differently that answers the same is no change.

mod control;
mod merge;
mod sentence;

pub use control::Control;

use super::explain::condition_words;
use super::public::public_reason;
use super::reach::{
    Answer, Cast, Described, Grid, Hearing, Oracle, Quick, Surroundings, casts, deed_classes, situations, spots,
};
use super::{Asker, Policy, Words};

/// One change for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChange {
    /// For whom.
    pub who: Vec<Asker>,
    /// What, as a policy names it: everyday actions first.
    pub actions: Vec<String>,
    /// The patterns of keys it is about; empty where it is about the bucket itself.
    pub keys: Vec<String>,
    /// The change as a sentence: "Anyone on the internet can view files under photos/".
    pub words: Words,
    /// What was before, or what stays: "Until now only files under photos/2026/".
    pub detail: Option<Words>,
    /// The statement of the policy afterwards that brings it, counted from 0.
    pub statement: Option<usize>,
}

/// All that changes for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDiff {
    /// What anyone on the internet will be able to do.
    pub becomes_public: Vec<AccessChange>,
    /// What else becomes possible.
    pub becomes_possible: Vec<AccessChange>,
    /// What no longer works.
    pub stops: Vec<AccessChange>,
    /// Whether whoever saves can still change the policy afterwards.
    pub control: Control,
    /// What could not be compared, as sentences.
    pub unsure: Vec<Words>,
}

impl AccessDiff {
    /// Whether nothing changes for anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.becomes_public.is_empty() && self.becomes_possible.is_empty() && self.stops.is_empty()
    }

    /// Whether saving needs a person to say that they know what it does.
    #[must_use]
    pub fn needs_acknowledgement(&self) -> bool {
        !self.becomes_public.is_empty() || self.control.is_lost()
    }
}

/// What changes for people when `after` takes the place of `before`; `None` is no policy.
#[must_use]
pub fn access_diff(before: Option<&Policy>, after: Option<&Policy>, around: &Surroundings<'_>) -> AccessDiff {
    let policies: Vec<&Policy> = before.into_iter().chain(after).collect();
    let (spots, classes) = (spots(&policies, &around.scene), deed_classes(&policies));
    let situations = situations(&policies, around);
    let grid = Grid { around, classes: &classes, spots: &spots, situations: &situations };
    let terms = |policy: Option<&Policy>| {
        let statements = policy.map(|policy| policy.statements.as_slice()).unwrap_or_default();
        statements.iter().map(|s| Words::list(s.conditions.iter().map(condition_words), "and")).collect()
    };
    let stage = Stage {
        grid,
        after,
        oracles: (Oracle::new(before, grid), Oracle::new(after, grid)),
        terms: (terms(before), terms(after)),
    };
    let mut news: Vec<News> = Vec::new();
    for cast in casts(&policies, around) {
        let heard = Heard { cast: &cast, before: stage.oracles.0.hear(&cast), after: stage.oracles.1.hear(&cast) };
        for class in 0..classes.len() {
            news.extend(stage.news(&heard, class));
        }
    }
    let mut diff = AccessDiff {
        becomes_public: Vec::new(),
        becomes_possible: Vec::new(),
        stops: Vec::new(),
        control: control::control(before, after, around),
        unsure: sentence::unsure(&spots.variable),
    };
    for news in merge::merge(news) {
        let change = sentence::change(&news, &stage);
        let list = match news.turn {
            Turn::Public => &mut diff.becomes_public,
            Turn::Possible => &mut diff.becomes_possible,
            Turn::Stops => &mut diff.stops,
        };
        list.push(change);
    }
    diff
}

/// Both policies and the requests they are asked.
struct Stage<'a> {
    grid: Grid<'a>,
    after: Option<&'a Policy>,
    /// Before and after.
    oracles: (Oracle<'a>, Oracle<'a>),
    /// The conditions of each statement, before and after.
    terms: (Vec<Words>, Vec<Words>),
}

/// One asker before both policies.
struct Heard<'a> {
    cast: &'a Cast,
    before: Hearing<'a>,
    after: Hearing<'a>,
}

/// Where a change belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Public,
    Possible,
    Stops,
}

/// One request that is answered differently.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    /// Its place in the list of spots; `None` for the bucket itself.
    spot: Option<usize>,
    situation: usize,
    from: Answer,
    to: Answer,
    turn: Turn,
    /// The conditions of the statement that makes the difference.
    when: Words,
    /// The statement of the later policy that makes the difference.
    statement: Option<usize>,
}

/// Events that are told in one sentence.
#[derive(Debug, Clone, PartialEq)]
struct News {
    who: Vec<Asker>,
    actions: Vec<String>,
    turn: Turn,
    from: Answer,
    to: Answer,
    when: Words,
    place: Option<Described>,
    /// Within the place, where it was so before (or stays so).
    already: Vec<usize>,
    /// Within the place, where it is not so.
    but: Vec<usize>,
    /// Other terms under which it still works.
    still: Vec<Words>,
    statement: Option<usize>,
}

impl Stage<'_> {
    /// All that changes for one asker and one kind of action.
    fn events(&self, heard: &Heard<'_>, class: usize) -> Vec<Event> {
        let files = self.grid.classes.get(class).is_some_and(|class| class.files);
        let places: Vec<Option<usize>> =
            if files { (0..self.grid.spots.all.len()).map(Some).collect() } else { vec![None] };
        let mut out = Vec::new();
        for spot in places {
            for situation in 0..self.grid.situations.len() {
                let answers =
                    heard.before.answer(class, spot, situation).zip(heard.after.answer(class, spot, situation));
                if let Some((before, after)) = answers.filter(|(before, after)| before.answer != after.answer) {
                    out.push(self.event(heard.cast, spot, situation, before, after));
                }
            }
        }
        out
    }

    fn event(&self, cast: &Cast, spot: Option<usize>, situation: usize, before: Quick, after: Quick) -> Event {
        let gain = after.answer > before.answer;
        // A refusal that comes or goes makes the difference, else the statement that lets in.
        let later = match (gain, after.statement, after.denied) {
            (true, statement, _) => statement.is_some(),
            (false, _, denied) => denied,
        };
        let (terms, decides) = if later { (&self.terms.1, after.statement) } else { (&self.terms.0, before.statement) };
        let mut when = decides.and_then(|at| terms.get(at)).cloned().unwrap_or_default();
        if when.is_empty() && situation == 1 {
            when = Words::plain("the request comes over plain http");
        }
        let lets_in = || self.after.zip(after.statement).and_then(|(policy, at)| policy.statements.get(at));
        let public = gain && cast.asker == Asker::Anyone && lets_in().is_some_and(|s| public_reason(s).is_some());
        Event {
            spot,
            situation,
            from: before.answer,
            to: after.answer,
            turn: match (gain, public) {
                (true, true) => Turn::Public,
                (true, false) => Turn::Possible,
                (false, _) => Turn::Stops,
            },
            when,
            statement: if later { after.statement } else { None },
        }
    }

    /// What changes for one asker and one kind of action, put together by terms.
    fn news(&self, heard: &Heard<'_>, class: usize) -> Vec<News> {
        let events = self.events(heard, class);
        let Some(deeds) = self.grid.classes.get(class) else { return Vec::new() };
        // What changes at all times need not be told again for special ones.
        let always = |event: &Event| {
            let same = |other: &&Event| other.situation == 0 && other.spot == event.spot;
            events.iter().find(same).is_some_and(|other| (other.to > other.from) == (event.to > event.from))
        };
        let told: Vec<&Event> = events.iter().filter(|event| event.situation == 0 || !always(event)).collect();
        let alike = |a: &Event, b: &Event| a.turn == b.turn && a.from == b.from && a.to == b.to && a.when == b.when;
        let mut out: Vec<News> = Vec::new();
        for (index, event) in told.iter().enumerate() {
            if told.iter().take(index).any(|other| alike(other, event)) {
                continue;
            }
            let chosen: Vec<&&Event> = told.iter().filter(|other| alike(other, event)).collect();
            let place =
                deeds.files.then(|| self.grid.spots.describe(|at| chosen.iter().any(|other| other.spot == Some(at))));
            let (already, but) =
                place.as_ref().map_or_else(Default::default, |place| self.inside(heard, class, place, event));
            let gain = event.to > event.from;
            out.push(News {
                who: heard.cast.everyone().cloned().collect(),
                actions: deeds.actions.clone(),
                turn: event.turn,
                from: event.from,
                to: event.to,
                when: event.when.clone(),
                still: if gain { Vec::new() } else { self.still(heard, class, event) },
                place,
                already,
                but,
                statement: event.statement,
            });
        }
        out
    }

    /// Within a place: where it was so already (or stays), and where it is not so.
    fn inside(&self, heard: &Heard<'_>, class: usize, place: &Described, event: &Event) -> (Vec<usize>, Vec<usize>) {
        let gain = event.to > event.from;
        let (mut already, mut but) = (Vec::new(), Vec::new());
        for &pattern in &place.inner {
            let spot = self.grid.spots.spot_of(pattern);
            let before = heard.before.answer(class, spot, event.situation).map(|quick| quick.answer);
            let after = heard.after.answer(class, spot, event.situation).map(|quick| quick.answer);
            if before != after {
                continue;
            }
            // What was not possible and is not goes without saying where something stops.
            if after == Some(Answer::Yes) {
                already.push(pattern);
            } else if gain {
                but.push(pattern);
            }
        }
        (already, but)
    }

    /// Terms under which what stopped still works.
    fn still(&self, heard: &Heard<'_>, class: usize, event: &Event) -> Vec<Words> {
        let mut out: Vec<Words> = Vec::new();
        for situation in 0..self.grid.situations.len() {
            let Some(quick) = heard.after.answer(class, event.spot, situation) else { continue };
            if quick.answer < event.from {
                continue;
            }
            if let Some(terms) = quick.statement.and_then(|at| self.terms.1.get(at))
                && !terms.is_empty()
                && !out.contains(terms)
            {
                out.push(terms.clone());
            }
        }
        out
    }
}

#[cfg(test)]
mod tests;
