//! The open connection: its buckets, where one stands, and what is there.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::bucket::{BucketSummary, Exposure};
use crate::domain::connection::Connection;
use crate::domain::exposure::Audit;
use crate::domain::object::{ListingPage, ObjectSummary};
use crate::worker::Request;

use super::Trouble;
use super::command::Tab;

/// A bucket and a prefix in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The bucket's name.
    pub bucket: String,
    /// Empty for the whole bucket, else ends in `/`.
    pub prefix: String,
}

impl Place {
    /// The whole bucket.
    pub fn bucket(name: impl Into<String>) -> Self {
        Self { bucket: name.into(), prefix: String::new() }
    }

    /// The folder above, if this is not the whole bucket.
    #[must_use]
    pub fn up(&self) -> Option<Self> {
        let inner = self.prefix.strip_suffix('/').unwrap_or(&self.prefix);
        if inner.is_empty() && self.prefix.len() <= 1 {
            return (!self.prefix.is_empty()).then(|| Self::bucket(&self.bucket));
        }
        let prefix = inner.rfind('/').map_or("", |at| &inner[..=at]).to_owned();
        Some(Self { bucket: self.bucket.clone(), prefix })
    }

    /// Each folder on the way with its own place, outermost first.
    #[must_use]
    pub fn crumbs(&self) -> Vec<(String, Self)> {
        let mut crumbs = Vec::new();
        let mut end = 0;
        for part in self.prefix.split_inclusive('/') {
            end += part.len();
            let name = part.strip_suffix('/').unwrap_or(part);
            let place = Self { bucket: self.bucket.clone(), prefix: self.prefix[..end].to_owned() };
            crumbs.push((if name.is_empty() { "/".to_owned() } else { name.to_owned() }, place));
        }
        crumbs
    }
}

/// What is at a place, as far as it has been read.
#[derive(Debug, Default)]
pub struct Listing {
    /// Whole prefixes, each ending in `/`.
    pub folders: Vec<String>,
    /// Objects directly here, without folder markers.
    pub objects: Vec<ObjectSummary>,
    /// How far the reading is.
    pub state: ListingState,
    /// Changes with every question, so that late pages of an earlier one are dropped.
    pub generation: u64,
    /// Changes whenever the content does, so that sorted views know to sort again.
    pub revision: u64,
    /// Read again from the beginning: what comes takes the place of what is shown.
    pub restarting: bool,
    /// What has come of a list that is read again, until all of it is there: nothing jumps meanwhile.
    pub coming: Option<ListingPage>,
}

/// How far a listing is.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum ListingState {
    /// Nothing asked.
    #[default]
    Empty,
    /// Pages are coming.
    Loading,
    /// All read.
    Complete,
    /// Stopped at the limit of what is read at once; more can be asked for.
    More(String),
    /// Could not be read, or not to the end.
    Failed(Trouble),
}

impl Listing {
    /// Takes a page in.
    pub fn add(&mut self, page: ListingPage) {
        if std::mem::take(&mut self.restarting) {
            let shows_something = !(self.folders.is_empty() && self.objects.is_empty());
            self.coming = shows_something.then(ListingPage::default);
        }
        let objects = page.objects.into_iter().filter(|object| !object.is_folder_marker());
        if let Some(coming) = &mut self.coming {
            coming.folders.extend(page.folders);
            coming.objects.extend(objects);
            return;
        }
        self.folders.extend(page.folders);
        self.objects.extend(objects);
        self.revision += 1;
    }

    /// Takes the end of the reading in. What failed half-way leaves the list as it was.
    pub fn finish(&mut self, state: ListingState) {
        if let Some(coming) = self.coming.take()
            && !matches!(state, ListingState::Failed(_))
        {
            self.folders = coming.folders;
            self.objects = coming.objects;
        }
        self.revision += 1;
        self.state = state;
    }

    /// Takes objects that are gone out of the list.
    pub fn remove(&mut self, gone: &std::collections::HashSet<&str>) {
        let stays = |object: &ObjectSummary| !gone.contains(object.key.as_str());
        self.objects.retain(stays);
        if let Some(coming) = &mut self.coming {
            coming.objects.retain(stays);
        }
        self.revision += 1;
    }

    /// Whether there is nothing to see, for sure.
    #[must_use]
    pub fn is_empty_for_sure(&self) -> bool {
        self.state == ListingState::Complete && self.folders.is_empty() && self.objects.is_empty()
    }
}

/// Who gets into a bucket, from its settings.
#[derive(Debug, Clone)]
pub struct Audited {
    /// What was found out.
    pub audit: Audit,
    /// Since when it is open, where it was opened with Brimful.
    pub since: Option<Timestamp>,
}

/// The open connection.
#[derive(Debug)]
pub struct Session {
    /// Which one.
    pub connection: Connection,
    /// Why the store could not be reached, if so.
    pub opening: Request<(), Trouble>,
    /// Whether requests can be made.
    pub reached: bool,
    /// Its buckets; failing to list them is no reason not to open one by name.
    pub buckets: Request<Vec<BucketSummary>, Trouble>,
    /// Who gets into each bucket, as far as it was asked.
    pub audits: BTreeMap<String, Audited>,
    /// About so many buckets it is still to be asked.
    pub to_audit: usize,
    /// Buckets opened by name that the list does not hold.
    pub opened_by_name: Vec<String>,
    /// Where one stands.
    pub place: Option<Place>,
    /// Which side of the bucket is shown.
    pub tab: Tab,
    /// Where one was.
    pub back: Vec<Place>,
    /// Where one came back from.
    pub forward: Vec<Place>,
    /// What is at the place.
    pub listing: Listing,
    /// The bucket's region as found out, for the header.
    pub regions: BTreeMap<String, String>,
}

impl Session {
    /// A session about to open.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self {
            connection,
            opening: Request::Idle,
            reached: false,
            buckets: Request::Idle,
            audits: BTreeMap::new(),
            to_audit: 0,
            opened_by_name: Vec::new(),
            place: None,
            tab: Tab::default(),
            back: Vec::new(),
            forward: Vec::new(),
            listing: Listing::default(),
            regions: BTreeMap::new(),
        }
    }

    /// All bucket names to show: the list, then those opened by name.
    pub fn bucket_names(&self) -> impl Iterator<Item = &str> {
        let listed = self.buckets.known().map(Vec::as_slice).unwrap_or_default();
        let extra = self.opened_by_name.iter().filter(|name| !listed.iter().any(|bucket| &bucket.name == *name));
        listed.iter().map(|bucket| bucket.name.as_str()).chain(extra.map(String::as_str))
    }

    /// Who can see into a bucket.
    #[must_use]
    pub fn exposure_of(&self, bucket: &str) -> Exposure {
        self.audits.get(bucket).map_or(Exposure::Unasked, |audited| audited.audit.exposure())
    }

    /// The buckets that were asked about, the worst first, and then by name.
    #[must_use]
    pub fn audited(&self) -> Vec<(&str, &Audited)> {
        let mut all: Vec<_> = self.bucket_names().filter_map(|name| Some((name, self.audits.get(name)?))).collect();
        all.sort_by(|(one, a), (two, b)| b.audit.weight().cmp(&a.audit.weight()).then_with(|| one.cmp(two)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("", None; "the bucket is the top")]
    #[test_case("photos/", Some(""); "one level")]
    #[test_case("photos/2026/", Some("photos/"); "two levels")]
    #[test_case("/", Some(""); "a lone slash is a folder with an empty name")]
    #[test_case("a//", Some("a/"); "an empty segment")]
    fn up_leads_one_folder_out(prefix: &str, above: Option<&str>) {
        let place = Place { bucket: "b".into(), prefix: prefix.into() };
        assert_eq!(place.up().map(|place| place.prefix).as_deref(), above);
    }

    fn page(names: &[&str]) -> ListingPage {
        let object = |name: &&str| ObjectSummary {
            key: (*name).to_owned(),
            size_bytes: 1,
            modified: None,
            etag: None,
            storage_class: None,
        };
        ListingPage { objects: names.iter().map(object).collect(), ..ListingPage::default() }
    }

    fn keys(listing: &Listing) -> Vec<&str> {
        listing.objects.iter().map(|object| object.key.as_str()).collect()
    }

    #[test]
    fn a_first_reading_shows_page_after_page() {
        let mut listing = Listing { restarting: true, ..Listing::default() };
        listing.add(page(&["a"]));
        assert_eq!(keys(&listing), ["a"]);
        listing.add(page(&["b"]));
        listing.finish(ListingState::Complete);
        assert_eq!(keys(&listing), ["a", "b"]);
    }

    #[test]
    fn a_second_reading_takes_its_place_as_a_whole_or_not_at_all() {
        let mut listing = Listing { objects: page(&["a", "b"]).objects, restarting: true, ..Listing::default() };
        listing.add(page(&["b"]));
        listing.add(page(&["c"]));
        assert_eq!(keys(&listing), ["a", "b"], "what is shown stays until all has come");
        listing.remove(&["c"].into());
        listing.finish(ListingState::Complete);
        assert_eq!(keys(&listing), ["b"]);
        listing.restarting = true;
        listing.add(page(&["z"]));
        listing.finish(ListingState::Failed(Trouble::new("away", crate::model::trouble::WayOut::Retry)));
        assert_eq!(keys(&listing), ["b"]);
    }

    #[test]
    fn crumbs_name_every_folder() {
        let place = Place { bucket: "b".into(), prefix: "photos//2026/".into() };
        let crumbs: Vec<_> = place.crumbs().into_iter().map(|(name, place)| (name, place.prefix)).collect();
        let expected = [("photos", "photos/"), ("/", "photos//"), ("2026", "photos//2026/")];
        assert_eq!(crumbs, expected.map(|(name, prefix)| (name.to_owned(), prefix.to_owned())));
    }
}
