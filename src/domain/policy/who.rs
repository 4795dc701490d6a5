//! Who can do what: the answers to what people ask about a bucket, as a table.

use super::explain::{condition_words, everyday_deeds, place_words};
use super::reach::{
    Answer, Cast, DeedClass, Grid, Hearing, Oracle, Quick, Surroundings, ask, casts, deed_classes, situations, spots,
};
use super::{Asker, Effect, Policy, Principal, PrincipalMatch, Scene, Statement, Words};

/// The first column: who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// Somebody.
    Asker(Asker),
    /// Whoever asks over plain HTTP.
    OverHttp,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoRow {
    /// Who asks.
    pub kind: RowKind,
    /// A short name for the first column.
    pub name: String,
    /// The whole name.
    pub who: Words,
    /// View, list, upload, delete: in the order of [`Deed::SINGLE`](super::form::Deed::SINGLE).
    pub cells: [WhoCell; 4],
}

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellState {
    /// They can.
    Yes,
    /// Anyone on the internet can.
    Public,
    /// They cannot.
    No,
    /// Some files, or on some terms.
    Partly,
    /// Anyone on the internet can, with some files.
    PartlyPublic,
    /// It depends on rules of the account that cannot be read.
    Depends,
    /// The policy means to let them, but as it is written nothing matches.
    Broken,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoCell {
    /// What the cell shows.
    pub state: CellState,
    /// Why, in one or two sentences.
    pub reason: Words,
    /// The statement that decides, counted from 0.
    pub statement: Option<usize>,
}

/// The table. Rows are anyone, the account's owner, whoever the policy names, another account, and over
/// plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoTable {
    /// The rows.
    pub rows: Vec<WhoRow>,
}

impl WhoTable {
    /// Whether a cell depends on what cannot be read.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.state == CellState::Depends)
    }
}

/// Answers who can do what under the policy; `None` is no policy.
#[must_use]
pub fn who_can(policy: Option<&Policy>, around: &Surroundings<'_>) -> WhoTable {
    let policies: Vec<&Policy> = policy.into_iter().collect();
    let (spots, classes) = (spots(&policies, &around.scene), deed_classes(&policies));
    let situations = situations(&policies, around);
    let grid = Grid { around, classes: &classes, spots: &spots, situations: &situations };
    let oracle = Oracle::new(policy, grid);
    let desk = Desk { policy, grid };
    let casts = casts(&policies, around);
    let mut rows: Vec<WhoRow> = Vec::new();
    for cast in &casts {
        let heard = Heard { cast, hearing: oracle.hear(cast) };
        let cells = everyday_deeds().map(|deed| desk.cell(&heard, deed.action));
        for asker in cast.everyone() {
            rows.push(WhoRow {
                kind: RowKind::Asker(asker.clone()),
                name: short_name(asker),
                who: asker.words(&around.scene).capital(),
                cells: cells.clone(),
            });
        }
    }
    rows.push(desk.over_http(&casts, &oracle));
    WhoTable { rows }
}

fn short_name(asker: &Asker) -> String {
    match asker {
        Asker::Anyone => "Anyone".to_owned(),
        Asker::Owner => "Account owner".to_owned(),
        Asker::OtherAccount => "Other account".to_owned(),
        Asker::Named(Principal::Everyone) => "Anyone".to_owned(),
        Asker::Named(Principal::Service(name)) => match name.as_str() {
            "cloudfront.amazonaws.com" => "CloudFront".to_owned(),
            "logging.s3.amazonaws.com" => "Log delivery".to_owned(),
            name => name.split('.').next().unwrap_or(name).to_owned(),
        },
        Asker::Named(Principal::Aws(name) | Principal::Federated(name) | Principal::CanonicalUser(name)) => {
            match super::evaluate::root_account(name) {
                Some(account) => account.to_owned(),
                None => name.rsplit(['/', ' ']).next().unwrap_or(name).to_owned(),
            }
        }
    }
}

struct Desk<'a> {
    policy: Option<&'a Policy>,
    grid: Grid<'a>,
}

/// One asker before the policy.
struct Heard<'a> {
    cast: &'a Cast,
    hearing: Hearing<'a>,
}

/// All answers to one question, with the place in the list of spots each is about.
type Answers = Vec<(Option<usize>, Quick)>;

impl Desk<'_> {
    fn scene(&self) -> &Scene<'_> {
        &self.grid.around.scene
    }

    fn statement(&self, index: Option<usize>) -> Option<&Statement> {
        self.policy?.statements.get(index?)
    }

    /// The kind of actions that one is of, counted in the grid.
    fn class(&self, action: &str) -> Option<(usize, &DeedClass)> {
        self.grid.classes.iter().enumerate().find(|(_, class)| class.actions.iter().any(|a| a == action))
    }

    /// All answers for one action in one situation; none where the asker cannot be in it.
    fn answers(&self, heard: &Heard<'_>, action: &str, situation: usize) -> Answers {
        let Some((index, class)) = self.class(action) else { return Vec::new() };
        let places: Vec<Option<usize>> =
            if class.files { (0..self.grid.spots.all.len()).map(Some).collect() } else { vec![None] };
        let answer = |spot| Some((spot, heard.hearing.answer(index, spot, situation)?));
        places.into_iter().filter_map(answer).collect()
    }

    /// Why a request is answered so.
    fn reason(&self, heard: &Heard<'_>, action: &str, spot: Option<usize>, situation: usize) -> String {
        let bucket = self.scene().bucket_arn();
        let resource = spot.and_then(|at| self.grid.spots.all.get(at)).map_or(bucket.as_str(), |spot| &spot.resource);
        match self.grid.situations.get(situation) {
            Some(at) => ask(self.policy, self.grid.around, heard.cast, action, resource, at).reason,
            None => String::new(),
        }
    }

    fn cell(&self, heard: &Heard<'_>, action: &str) -> WhoCell {
        let answers = self.answers(heard, action, 0);
        if let Some(cell) = self.plain_cell(heard, action, &answers) {
            return cell;
        }
        if let Some(cell) = self.on_terms(heard, action) {
            return cell;
        }
        if let Some(cell) = self.broken(heard.cast, action) {
            return cell;
        }
        let depends = answers.iter().find(|(_, quick)| quick.answer == Answer::Depends);
        let state = if depends.is_some() { CellState::Depends } else { CellState::No };
        match depends.or(answers.first()) {
            Some((spot, quick)) => {
                let reason = Words::plain(self.reason(heard, action, *spot, 0));
                WhoCell { state, reason, statement: quick.statement }
            }
            None => WhoCell { state, reason: Words::default(), statement: None },
        }
    }

    /// What is answered without special terms, where something is let in.
    fn plain_cell(&self, heard: &Heard<'_>, action: &str, answers: &Answers) -> Option<WhoCell> {
        let public = heard.cast.asker == Asker::Anyone;
        let (spot, first) = answers.iter().find(|(_, quick)| quick.answer == Answer::Yes)?;
        let why = self.reason(heard, action, *spot, 0);
        if answers.iter().all(|(_, quick)| quick.answer == Answer::Yes) {
            let state = if public { CellState::Public } else { CellState::Yes };
            return Some(WhoCell { state, reason: Words::plain(why), statement: first.statement });
        }
        let chosen = |at: usize| answers.get(at).is_some_and(|(_, quick)| quick.answer == Answer::Yes);
        let place = self.grid.spots.describe(chosen);
        let mut reason = Words::plain("Only ").and(self.grid.spots.described(&place, "every file", self.scene()));
        if !place.inner.is_empty() {
            reason = reason.then(", but not ").and(self.grid.spots.words(&place.inner, "every file", self.scene()));
        }
        let state = if public { CellState::PartlyPublic } else { CellState::Partly };
        Some(WhoCell { state, reason: reason.then(format!(". {why}")), statement: first.statement })
    }

    /// What is let in on terms that a statement names.
    fn on_terms(&self, heard: &Heard<'_>, action: &str) -> Option<WhoCell> {
        for situation in 2..self.grid.situations.len() {
            let answers = self.answers(heard, action, situation);
            let Some((_, quick)) = answers.iter().find(|(_, quick)| quick.answer == Answer::Yes) else { continue };
            let Some(statement) = self.statement(quick.statement).filter(|s| !s.conditions.is_empty()) else {
                continue;
            };
            let terms = Words::list(statement.conditions.iter().map(condition_words), "and");
            let public = heard.cast.asker == Asker::Anyone && super::public::public_reason(statement).is_some();
            let state = if public { CellState::PartlyPublic } else { CellState::Partly };
            let files: Vec<Words> = statement
                .resource
                .named()
                .iter()
                .filter(|resource| self.scene().reach(resource).files)
                .map(|resource| place_words(resource, self.scene()))
                .collect();
            let mut reason = Words::plain("Only if ").and(terms);
            if self.class(action).is_some_and(|(_, class)| class.files) {
                reason = reason.then(": ").and(Words::list(files, "and"));
            }
            return Some(WhoCell { state, reason, statement: quick.statement });
        }
        None
    }

    /// A statement that means to let them do this, and whose resources do not fit the action.
    fn broken(&self, cast: &Cast, action: &str) -> Option<WhoCell> {
        let (_, class) = self.class(action)?;
        let (index, statement) = self.policy?.statements.iter().enumerate().find(|(_, statement)| {
            let named = match &statement.principal {
                PrincipalMatch::Only(_) => super::evaluate::principal_matches(&statement.principal, &cast.principal),
                PrincipalMatch::Except(_) => false,
            };
            let mut reach = statement.resource.named().iter().map(|resource| self.scene().reach(resource));
            let fits = reach.any(|reach| if class.files { reach.files } else { reach.bucket });
            let literal = match &statement.action {
                super::ActionMatch::Only(list) => list.iter().any(|a| a.eq_ignore_ascii_case(action)),
                super::ActionMatch::Except(_) => false,
            };
            statement.effect == Effect::Allow
                && named
                && literal
                && !fits
                && matches!(statement.resource, super::ResourceMatch::Only(_))
        })?;
        let line = match statement.source.resource.line {
            0 => "The statement".to_owned(),
            line => format!("Line {line}"),
        };
        let why =
            if class.files { "names the bucket, not the files in it" } else { "names files, not the bucket itself" };
        let reason = Words::plain(format!("Nothing matches: {line} {why}"));
        Some(WhoCell { state: CellState::Broken, reason, statement: Some(index) })
    }

    /// Whether anyone, or at least somebody, can do it over plain HTTP.
    fn over_http(&self, casts: &[Cast], oracle: &Oracle<'_>) -> WhoRow {
        let heard: Vec<Heard<'_>> = casts.iter().map(|cast| Heard { cast, hearing: oracle.hear(cast) }).collect();
        let cells = everyday_deeds().map(|deed| {
            let mut refusal = None;
            for heard in &heard {
                let answers = self.answers(heard, deed.action, 1);
                if let Some((_, quick)) = answers.iter().find(|(_, quick)| quick.answer == Answer::Yes) {
                    let public = heard.cast.asker == Asker::Anyone;
                    let state = if public { CellState::Public } else { CellState::Yes };
                    let who = heard.cast.asker.words(self.scene()).capital();
                    let reason = who.then(" can, also without encryption on the way");
                    return WhoCell { state, reason, statement: quick.statement };
                }
                let denied = answers.first().filter(|(_, quick)| quick.denied);
                refusal = refusal.or_else(|| {
                    let (spot, quick) = denied?;
                    Some((self.reason(heard, deed.action, *spot, 1), quick.statement))
                });
            }
            let (reason, statement) = refusal.unwrap_or_else(|| ("Nobody is let in".to_owned(), None));
            WhoCell { state: CellState::No, reason: Words::plain(reason), statement }
        });
        WhoRow {
            kind: RowKind::OverHttp,
            name: "Over http".to_owned(),
            who: Words::plain("Whoever asks over plain http"),
            cells,
        }
    }
}

#[cfg(test)]
mod tests;
