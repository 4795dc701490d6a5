//! Where copies of objects go: the key of each, and what cannot be copied or moved there.

use super::location::Location;
use super::object_url::s3_uri;

/// From where to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    from: Location,
    /// The bucket that the copies go to.
    pub to_bucket: String,
    /// What takes the place of the first bytes of each key.
    prefix: String,
    replaced_bytes: usize,
}

/// How the two ends of a route lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Nothing that is written is read.
    Apart,
    /// It is copied onto itself.
    Same,
    /// What is written lies in what is read.
    Into,
    /// What is read lies in what is written, as where a folder is taken one level up.
    OutOf,
}

/// Why a route leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteProblem {
    /// A bucket where an object is meant.
    #[error("s3://{0} names a bucket, not an object. Add --recursive for everything in it")]
    NoObject(String),
    /// Source and destination are one.
    #[error("{0} would be copied onto itself")]
    Same(String),
    /// A folder moved into itself.
    #[error("{from} cannot be moved into itself: {to} lies in it")]
    Into {
        /// The source.
        from: String,
        /// The destination.
        to: String,
    },
}

impl Route {
    /// From `from` to `to`: one object, or everything whose key begins with the path of `from` (`deep`). A destination that
    /// is a folder keeps the name; a folder goes to a folder.
    ///
    /// # Errors
    /// [`RouteProblem::NoObject`].
    pub fn new(from: Location, to: Location, deep: bool) -> Result<Self, RouteProblem> {
        if !deep && from.path.is_empty() {
            return Err(RouteProblem::NoObject(from.bucket));
        }
        let mut prefix = to.path;
        let replaced_bytes = match (deep, prefix.is_empty() || prefix.ends_with('/')) {
            // The last name with the slash behind it, if there is one.
            (false, true) => from.path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1),
            (true, true) if !from.is_folder() => from.folder().len(),
            (true, false) if from.is_folder() => {
                prefix.push('/');
                from.path.len()
            }
            _ => from.path.len(),
        };
        Ok(Self { from, to_bucket: to.bucket, prefix, replaced_bytes })
    }

    /// The key of the copy of an object that the route reads.
    #[must_use]
    pub fn key_for(&self, key: &str) -> String {
        let rest = key.get(self.replaced_bytes..).unwrap_or_default();
        [&self.prefix, rest].concat()
    }

    /// How its ends lie to each other.
    #[must_use]
    pub fn relation(&self) -> Relation {
        let (from, to) = (&self.from.path, self.key_for(&self.from.path));
        match () {
            () if self.from.bucket != self.to_bucket => Relation::Apart,
            () if to == *from => Relation::Same,
            () if to.starts_with(from.as_str()) => Relation::Into,
            () if from.starts_with(&to) => Relation::OutOf,
            () => Relation::Apart,
        }
    }

    /// Refuses what cannot be done with everything beneath.
    ///
    /// # Errors
    /// [`RouteProblem::Same`], and [`RouteProblem::Into`] where the source is to go.
    pub fn check(&self, moves: bool) -> Result<(), RouteProblem> {
        let from = || s3_uri(&self.from.bucket, &self.from.path);
        match self.relation() {
            Relation::Same => Err(RouteProblem::Same(from())),
            Relation::Into if moves => {
                Err(RouteProblem::Into { from: from(), to: s3_uri(&self.to_bucket, &self.key_for(&self.from.path)) })
            }
            Relation::Into | Relation::OutOf | Relation::Apart => Ok(()),
        }
    }

    /// Where copies go that would be read again, and copying would never end: what lies there is left out.
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        (self.relation() == Relation::Into).then(|| self.key_for(&self.from.path))
    }

    /// Whether a copy would lie among what is still to be read, in the place of something that may not have been read yet.
    #[must_use]
    pub fn is_in_the_way(&self, copy_key: &str) -> bool {
        self.relation() == Relation::OutOf && copy_key.starts_with(&self.from.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn at(place: &str) -> Location {
        let (bucket, path) = place.split_once('/').unwrap_or((place, ""));
        Location { bucket: bucket.into(), path: path.into(), region: None }
    }

    #[test_case("a/x.png", "b/y.png", "x.png", "y.png"; "another name")]
    #[test_case("a/photos/x.png", "b/new/", "photos/x.png", "new/x.png"; "a folder keeps the name")]
    #[test_case("a/photos/x.png", "b", "photos/x.png", "x.png"; "a bucket keeps the name")]
    #[test_case("a/photos/2026/", "b/new/", "photos/2026/", "new/2026/"; "the marker of a folder")]
    #[test_case("a//", "b/new/", "/", "new//"; "nothing but a slash")]
    fn one_object_goes(from: &str, to: &str, key: &str, expected: &str) {
        assert_eq!(Route::new(at(from), at(to), false).unwrap().key_for(key), expected);
    }

    #[test_case("a", "b", "x/y.png", "x/y.png"; "a whole bucket")]
    #[test_case("a", "b/old", "x.png", "old/x.png"; "a bucket into a folder")]
    #[test_case("a/photos/", "b/pictures/", "photos/x/y.png", "pictures/x/y.png"; "what is in a folder")]
    #[test_case("a/photos/", "b/pictures", "photos/x.png", "pictures/x.png"; "a folder goes to a folder")]
    #[test_case("a/photos/", "b", "photos/x.png", "x.png"; "out of a folder")]
    #[test_case("a/photos", "b/all/", "photos/x.png", "all/photos/x.png"; "a folder keeps its name")]
    #[test_case("a/z/photos", "b", "z/photos-2/x.png", "photos-2/x.png"; "all that begins so keeps its name")]
    #[test_case("a/photos", "b/pictures", "photos-2/x.png", "pictures-2/x.png"; "the beginning is replaced")]
    #[test_case("a/é/", "b/e/", "é/ü.png", "e/ü.png"; "letters of several bytes")]
    #[test_case("a//", "b/x/", "//y", "x//y"; "an empty name")]
    fn many_objects_go(from: &str, to: &str, key: &str, expected: &str) {
        assert_eq!(Route::new(at(from), at(to), true).unwrap().key_for(key), expected);
    }

    #[test_case("a/x/", "b/x/", true, Relation::Apart; "another bucket")]
    #[test_case("a/x/", "a/y/", true, Relation::Apart; "beside")]
    #[test_case("a/x/", "a/x/", true, Relation::Same; "a folder onto itself")]
    #[test_case("a/x/", "a/x", true, Relation::Same; "a folder onto itself without the slash")]
    #[test_case("a/x", "a", true, Relation::Same; "a folder to where it is")]
    #[test_case("a/k", "a/k", false, Relation::Same; "an object onto itself")]
    #[test_case("a/f/k", "a/f/", false, Relation::Same; "an object to where it is")]
    #[test_case("a/x/", "a/x/y/", true, Relation::Into; "into itself")]
    #[test_case("a", "a/copy/", true, Relation::Into; "a bucket into itself")]
    #[test_case("a/x", "a/x-2", true, Relation::Into; "what is written begins like what is read")]
    #[test_case("a/x/y/", "a/x/", true, Relation::OutOf; "one level up")]
    fn ends_lie(from: &str, to: &str, deep: bool, expected: Relation) {
        assert_eq!(Route::new(at(from), at(to), deep).unwrap().relation(), expected);
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let route = |from, to| Route::new(at(from), at(to), true).unwrap();
        let said = |from, to, moves| route(from, to).check(moves).map_err(|problem| problem.to_string());
        assert_eq!(said("a/x/", "a/x", false), Err("s3://a/x/ would be copied onto itself".into()));
        let into = "s3://a/x/ cannot be moved into itself: s3://a/x/y/ lies in it";
        assert_eq!(said("a/x/", "a/x/y/", true), Err(into.into()));
        assert_eq!((said("a/x/", "a/x/y/", false), said("a/x/y/", "a/x/", true)), (Ok(()), Ok(())));
        let bucket = Route::new(at("a"), at("b"), false).unwrap_err().to_string();
        assert_eq!(bucket, "s3://a names a bucket, not an object. Add --recursive for everything in it");
    }

    #[test]
    fn copies_and_what_is_still_to_be_read_are_told_apart() {
        let into = Route::new(at("a/x/"), at("a/x/y/"), true).unwrap();
        assert_eq!((into.left_out().as_deref(), into.is_in_the_way("x/y/1")), (Some("x/y/"), false));
        let up = Route::new(at("a/x/y/"), at("a/x/"), true).unwrap();
        assert!(up.is_in_the_way("x/y/1") && !up.is_in_the_way("x/z") && up.left_out().is_none());
    }
}
