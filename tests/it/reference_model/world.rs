//! A server and its model, side by side, and what a crash may do to both.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::model::{Asked, Bucket, Line, UNTOLD, Versioning};
use super::pages;
use super::plan::{BUCKETS, KEYS, Listing, Op, Which};
use super::step::{Checked, apply, call, ensure};
use super::wire::{Answer, Call, Wire, elements, inner};

pub(super) struct World {
    wire: Wire,
    dir: TempDir,
    buckets: Vec<Bucket>,
}

impl World {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let wire = Wire::start(&dir.path().join("store"));
        let world = Self { wire, dir, buckets: vec![Bucket::default(); BUCKETS.len()] };
        for bucket in BUCKETS {
            let answer = world.wire.send(&Call::new("PUT", bucket, "")).await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        world
    }

    /// Does one step to both and compares.
    pub(super) async fn step(&mut self, op: &Op) -> Checked {
        match op {
            Op::Crash => {
                self.restart();
                self.check_files(&self.buckets)?;
                let mut same = self.buckets.clone();
                self.same(&mut same).await?;
                self.check_bytes(&same, &[0, 3, 6, 9, 12, 15]).await
            }
            Op::CrashDuring(op, delay) => self.crash_during(op, *delay).await,
            Op::List { .. } => pages::list(&self.wire, &self.buckets, op).await,
            Op::Parts { .. } => pages::parts(&self.wire, &self.buckets, op).await,
            Op::Renew { bucket } => {
                pages::empty(&self.wire, BUCKETS[*bucket], 1 + bucket).await?;
                self.buckets[*bucket].keys.clear();
                self.remove(*bucket).await
            }
            Op::Remove { bucket } => self.remove(*bucket).await,
            op => {
                let answer = self.wire.send(&call(&self.buckets, op)).await?;
                apply(&mut self.buckets, op, Some(&answer))
            }
        }
    }

    /// Deletes a bucket, which goes only when it is empty, and makes it anew.
    async fn remove(&mut self, bucket: usize) -> Checked {
        let answer = self.wire.send(&Call::new("DELETE", BUCKETS[bucket], "")).await?;
        if !self.buckets[bucket].is_empty() {
            ensure!(answer.status == 409 && answer.code() == "BucketNotEmpty", "{}", answer.text());
            return Ok(());
        }
        ensure!(answer.status == 204, "{}", answer.text());
        let answer = self.wire.send(&Call::new("PUT", BUCKETS[bucket], "")).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        self.buckets[bucket] = Bucket::default();
        Ok(())
    }

    fn restart(&mut self) {
        self.wire.kill();
        self.wire = Wire::start(&self.dir.path().join("store"));
    }

    /// Kills the server while it works on `op`. What was answered must be there; what was not may be there as a whole
    /// or not at all.
    async fn crash_during(&mut self, op: &Op, delay: u64) -> Checked {
        let call = call(&self.buckets, op);
        let answer = {
            let sent = self.wire.send(&call);
            tokio::pin!(sent);
            tokio::select! {
                answer = &mut sent => answer.ok(),
                () = tokio::time::sleep(Duration::from_micros(delay)) => None,
            }
        };
        self.restart();
        let mut after = self.buckets.clone();
        apply(&mut after, op, answer.as_ref())?;
        let mut candidates = vec![after];
        if answer.is_none() {
            candidates.push(self.buckets.clone());
        }
        let touched = touched(op);
        let mut complaints = Vec::new();
        for mut candidate in candidates {
            let outcome = match self.check_files(&candidate) {
                Ok(()) => match self.same(&mut candidate).await {
                    Ok(()) => self.check_bytes(&candidate, &touched).await,
                    wrong => wrong,
                },
                wrong => wrong,
            };
            match outcome {
                Ok(()) => {
                    self.buckets = candidate;
                    return Ok(());
                }
                Err(complaint) => complaints.push(complaint),
            }
        }
        Err(format!("after the crash the store is neither before nor after: {complaints:#?}"))
    }

    /// A start leaves a file for each object and part, and no other.
    fn check_files(&self, buckets: &[Bucket]) -> Checked {
        let store = self.dir.path().join("store");
        let mut found = Vec::new();
        for dir in ["buckets", "uploads", "incoming"] {
            files(&store.join(dir), &mut found);
        }
        let expected: usize = buckets.iter().map(Bucket::files).sum();
        ensure!(found.len() == expected, "{} files instead of {expected}: {found:#?}", found.len());
        Ok(())
    }

    /// Compares everything that listings show, and learns ids that were not told.
    async fn same(&self, buckets: &mut [Bucket]) -> Checked {
        for (number, bucket) in buckets.iter_mut().enumerate() {
            let name = BUCKETS[number];
            let versioning = self.get(Call::new("GET", name, "").query("versioning", "")).await?;
            let expected = match bucket.versioning {
                Versioning::Never => None,
                Versioning::Enabled => Some("Enabled"),
                Versioning::Suspended => Some("Suspended"),
            };
            ensure!(versioning.element("Status").as_deref() == expected, "{}", versioning.text());
            self.learn_versions(name, bucket).await?;
            self.learn_uploads(name, bucket).await?;
        }
        for (bucket, model) in buckets.iter().enumerate() {
            for listing in [Listing::V2, Listing::Versions, Listing::Uploads] {
                let op = Op::List { bucket, listing, prefix: "", delimiter: "", after: None, page: 1000, url: true };
                pages::list(&self.wire, buckets, &op).await?;
            }
            for upload in 0..model.uploads.len() {
                pages::parts(&self.wire, buckets, &Op::Parts { bucket, upload, page: 1000 }).await?;
            }
        }
        Ok(())
    }

    async fn get(&self, call: Call) -> Result<Answer, String> {
        let answer = self.wire.send(&call).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        Ok(answer)
    }

    async fn learn_versions(&self, name: &'static str, bucket: &mut Bucket) -> Checked {
        let untold = bucket.keys.values().flatten().any(|version| version.id == UNTOLD);
        if !untold {
            return Ok(());
        }
        let answer = self.get(Call::new("GET", name, "").query("versions", "")).await?;
        for (element, marker) in [("Version", false), ("DeleteMarker", true)] {
            let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for entry in elements(&answer.text(), element) {
                let key = inner(&entry, "Key").unwrap_or_default();
                ids.entry(key).or_default().push(inner(&entry, "VersionId").unwrap_or_default());
            }
            for (key, versions) in &mut bucket.keys {
                let known: Vec<_> = versions.iter().map(|version| version.id.clone()).collect();
                let shown = ids.get(key).into_iter().flatten().rev().filter(|id| !known.contains(id));
                let open = versions.iter_mut().filter(|version| version.id == UNTOLD && version.marker == marker);
                for (version, id) in open.zip(shown) {
                    version.id.clone_from(id);
                }
            }
        }
        Ok(())
    }

    async fn learn_uploads(&self, name: &'static str, bucket: &mut Bucket) -> Checked {
        let known: Vec<_> = bucket.uploads.iter().map(|upload| upload.id.clone()).collect();
        if !known.iter().any(|id| id == UNTOLD) {
            return Ok(());
        }
        let answer = self.get(Call::new("GET", name, "").query("uploads", "")).await?;
        let new = elements(&answer.text(), "Upload")
            .iter()
            .filter_map(|upload| inner(upload, "UploadId"))
            .find(|id| !known.contains(id));
        if let (Some(id), Some(upload)) = (new, bucket.uploads.iter_mut().find(|upload| upload.id == UNTOLD)) {
            upload.id = id;
        }
        bucket.uploads.sort_by(|one, other| (&one.key, &one.id).cmp(&(&other.key, &other.id)));
        Ok(())
    }

    /// Reads every version of these keys, with its bytes, its metadata and its tags.
    async fn check_bytes(&self, buckets: &[Bucket], keys: &[usize]) -> Checked {
        let mut copy = buckets.to_vec();
        for (bucket, model) in buckets.iter().enumerate() {
            for key in keys.iter().copied() {
                let count = model.keys.get(KEYS[key]).map_or(0, Vec::len);
                for number in 0..count {
                    let which = Which::Nth(number);
                    for op in
                        [Op::Get { bucket, key, which, range: false, head: false }, Op::Tags { bucket, key, which }]
                    {
                        let answer = self.wire.send(&call(&copy, &op)).await?;
                        apply(&mut copy, &op, Some(&answer))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// For the report of a failure: what the model shows of a bucket.
    pub(super) fn shown(&self) -> Vec<Vec<Line>> {
        let all = Asked { prefix: "", delimiter: "", after: None };
        self.buckets.iter().map(|bucket| bucket.versions(all)).collect()
    }
}

/// The keys that a step can have changed.
fn touched(op: &Op) -> Vec<usize> {
    match op {
        Op::Put { key, .. } | Op::Delete { key, .. } | Op::Tag { key, .. } => vec![*key],
        Op::DeleteMany { keys, .. } => keys.iter().map(|(key, _)| *key).collect(),
        Op::Copy { to, .. } => vec![to.1],
        Op::Complete { .. } => (0..KEYS.len()).collect(),
        _ => Vec::new(),
    }
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() { files(&entry.path(), found) } else { found.push(entry.path()) }
    }
}
