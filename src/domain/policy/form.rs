//! A policy as cards to fill in, one for each statement, without losing what the cards do not know.
//!
//! The text stays the document. A card is read from it, and each change of a card is a change of the
//! text that touches only what it names: members the form does not know, their order, layout and
//! spelling stay as they are. A statement that cannot be read is shown as it is written.

mod apply;
mod deed;
mod json_text;
mod limit;
mod place;

pub use apply::{FormEdit, FormError, StatementChange};
pub use deed::Deed;
pub use json_text::edit_between;
pub use limit::{Limit, LimitKind};
pub use place::Place;

use super::json::{self, Node, Value};
use super::{ActionMatch, Effect, Finding, Principal, PrincipalMatch, ResourceMatch, Scene, Span, Statement, parse};

/// A policy's text as cards.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// One for each statement, in the order of the text.
    pub cards: Vec<Card>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Where it stands in the text.
    pub span: Span,
    /// What it says.
    pub content: CardContent,
}

/// What a card shows.
#[derive(Debug, Clone, PartialEq)]
pub enum CardContent {
    /// A statement that can be filled in.
    Fields(Box<Fields>),
    /// A statement that the form cannot represent. It stays as it is; only the text can change it.
    AsWritten {
        /// The statement's own text.
        text: String,
        /// What the form stumbled over.
        findings: Vec<Finding>,
    },
}

/// The fields of a card.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields {
    /// Its name.
    pub sid: Option<String>,
    /// Lets in, or refuses.
    pub effect: Effect,
    /// Whose requests.
    pub who: Who,
    /// What they do.
    pub what: What,
    /// To which files.
    pub which: Which,
    /// Only if all of these hold.
    pub only_if: Vec<Limit>,
}

/// Whose requests a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Everyone but these (`NotPrincipal`).
    pub except: bool,
    /// In the order of the text.
    pub people: Vec<Principal>,
}

impl Who {
    /// Whether it is simply everyone.
    #[must_use]
    pub fn is_anyone(&self) -> bool {
        !self.except && self.people.iter().any(Principal::is_everyone)
    }
}

/// What a statement lets or forbids to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct What {
    /// Everything but these (`NotAction`).
    pub except: bool,
    /// As the policy writes them, in the order of the text.
    pub actions: Vec<String>,
}

impl What {
    /// Whether the group is named.
    #[must_use]
    pub fn has(&self, deed: Deed) -> bool {
        self.actions.iter().any(|action| deed.is(action))
    }

    /// The actions without an everyday name.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(String::as_str).filter(|action| !Deed::ALL.iter().any(|deed| deed.is(action)))
    }
}

/// Which files a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Which {
    /// Everything but these (`NotResource`).
    pub except: bool,
    /// In the order of the text.
    pub places: Vec<Place>,
}

impl Form {
    /// Reads the cards of a policy's text. An empty text is a form without cards.
    ///
    /// # Errors
    ///
    /// What is wrong with a text that is no JSON object; nothing can be shown of it.
    pub fn read(text: &str, scene: &Scene<'_>) -> Result<Self, Box<Finding>> {
        if text.trim().is_empty() {
            return Ok(Self { cards: Vec::new() });
        }
        let mut reading = parse::read(text, parse::Kind::Bucket);
        let Ok(document) = json::read(text) else {
            return Err(Box::new(reading.document.swap_remove(0)));
        };
        if !matches!(document.root.value, Value::Object(_)) {
            return Err(Box::new(reading.document.swap_remove(0)));
        }
        let nodes = statements(&document.root);
        let cards = nodes
            .iter()
            .zip(reading.statements)
            .map(|(node, read)| Card {
                span: node.span,
                content: match read.statement {
                    Some(statement) => CardContent::Fields(Box::new(Fields::of(&statement, scene))),
                    None => CardContent::AsWritten {
                        text: text.get(node.span.start..node.span.end).unwrap_or_default().to_owned(),
                        findings: read.findings,
                    },
                },
            })
            .collect();
        Ok(Self { cards })
    }

    /// The fields of a card that can be filled in.
    #[must_use]
    pub fn fields(&self, index: usize) -> Option<&Fields> {
        match &self.cards.get(index)?.content {
            CardContent::Fields(fields) => Some(fields),
            CardContent::AsWritten { .. } => None,
        }
    }
}

/// The statements of a document, whether they stand in a list or alone.
fn statements(root: &Node) -> Vec<&Node> {
    match json_text::member(root, "Statement").map(|member| &member.value) {
        Some(Node { value: Value::Array(items), .. }) => items.iter().collect(),
        Some(node @ Node { value: Value::Object(_), .. }) => vec![node],
        _ => Vec::new(),
    }
}

impl Fields {
    /// The fields of a statement.
    #[must_use]
    pub fn of(statement: &Statement, scene: &Scene<'_>) -> Self {
        let (except, actions) = match &statement.action {
            ActionMatch::Only(list) => (false, list),
            ActionMatch::Except(list) => (true, list),
        };
        let what = What { except, actions: actions.clone() };
        let except = matches!(statement.resource, ResourceMatch::Except(_));
        let places = statement.resource.named().iter().map(|resource| Place::read(resource, scene)).collect();
        Self {
            sid: statement.sid.clone(),
            effect: statement.effect,
            who: Who {
                except: matches!(statement.principal, PrincipalMatch::Except(_)),
                people: statement.principal.named().to_vec(),
            },
            what,
            which: Which { except, places },
            only_if: statement.conditions.iter().map(Limit::read).collect(),
        }
    }

    /// The place that the actions ticked need and that is not named: listing works on the bucket
    /// itself, everything else of the everyday words on files.
    #[must_use]
    pub fn missing_place(&self) -> Option<Place> {
        if self.what.except || self.which.except || self.which.places.iter().any(|p| matches!(p, Place::Other(_))) {
            return None;
        }
        let files = [Deed::View, Deed::Upload, Deed::Delete].into_iter().any(|deed| self.what.has(deed));
        let bucket = self.what.has(Deed::List);
        let has_bucket = self.which.places.contains(&Place::Bucket);
        let has_files = self.which.places.iter().any(|place| *place != Place::Bucket);
        if files && !has_files {
            Some(Place::AllFiles)
        } else if bucket && !has_bucket {
            Some(Place::Bucket)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
