//! Where results are kept while a run is under way: in the folder of the report, so that another run can go on with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::Trouble;
use crate::store::verification::Results;
use crate::verify::VerifyError;

/// What an interrupted run leaves behind.
const FILE: &str = "unfinished.sqlite";

pub(super) struct State {
    pub(super) results: Arc<Results>,
    /// Whether there are results already that it goes on with.
    pub(super) resumes: bool,
    path: PathBuf,
    /// Without a report nothing is left behind.
    _temporary: Option<TempDir>,
}

impl State {
    /// Opens what an interrupted run for the same purpose left behind, where it is to go on; begins anew otherwise.
    pub(super) fn open(report: Option<&Path>, purpose: &str, resume: bool) -> Result<Self, Trouble> {
        let failed = |path: &Path, source| VerifyError::Write { path: path.to_owned(), source };
        let (folder, temporary) = match report {
            Some(folder) => (folder.to_owned(), None),
            None => {
                let made = tempfile::tempdir().map_err(|source| failed(&std::env::temp_dir(), source))?;
                (made.path().to_owned(), Some(made))
            }
        };
        fs::create_dir_all(&folder).map_err(|source| failed(&folder, source))?;
        let path = folder.join(FILE);
        let results = Results::open(&path)?;
        let resumes = match results.run()?.map(|run| run.purpose) {
            Some(left) if resume && left == purpose => true,
            Some(_) if resume => return Err(Trouble::AnotherRun { folder }),
            _ => {
                results.begin(purpose, false)?;
                false
            }
        };
        Ok(Self { results: Arc::new(results), resumes, path, _temporary: temporary })
    }

    /// Nothing is left to go on with.
    pub(super) fn finish(&self) {
        for beside in ["", "-wal", "-shm"] {
            let mut name = self.path.clone().into_os_string();
            name.push(beside);
            // What SQLite keeps beside it is not always there.
            drop(fs::remove_file(name));
        }
    }
}
