//! Where Brimful's own files lie.
//!
//! `BRIMFUL_HOME=DIR` puts them all under `DIR`; otherwise the platform's usual folders are used (the XDG base
//! directories on Linux, Known Folders on Windows, the Standard Directories on macOS).

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// The variable that puts everything under one folder.
pub const HOME_VARIABLE: &str = "BRIMFUL_HOME";

/// Why no home could be had.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The system names no home folder for this user.
    #[error("No home folder was found. Set BRIMFUL_HOME to a folder that Brimful may use")]
    NoHomeFolder,
    /// A folder could not be made.
    #[error("The folder {} could not be made: {source}. Set BRIMFUL_HOME to a folder that Brimful may use", path.display())]
    Create {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The folders that Brimful keeps its own things in. They exist, and on Unix only their owner may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    config: PathBuf,
    state: PathBuf,
    cache: PathBuf,
    practice: PathBuf,
}

impl Home {
    /// Finds the folders and makes those that are missing.
    ///
    /// # Errors
    /// When the system names no home folder, or a folder cannot be made.
    pub fn find() -> Result<Self, HomeError> {
        Self::find_with(std::env::var_os(HOME_VARIABLE).as_deref())
    }

    fn find_with(variable: Option<&OsStr>) -> Result<Self, HomeError> {
        if let Some(dir) = variable.filter(|dir| !dir.is_empty()) {
            return Self::at(Path::new(dir));
        }
        let dirs = directories::ProjectDirs::from("", "", "brimful").ok_or(HomeError::NoHomeFolder)?;
        Self {
            config: dirs.config_dir().to_owned(),
            // Only Linux knows a folder for state.
            state: dirs.state_dir().map_or_else(|| dirs.data_local_dir().join("state"), Path::to_owned),
            cache: dirs.cache_dir().to_owned(),
            practice: dirs.data_dir().join("practice"),
        }
        .create()
    }

    /// Puts everything under one folder: `config/`, `state/`, `cache/` and `practice/`.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn at(dir: &Path) -> Result<Self, HomeError> {
        let dir = std::path::absolute(dir).map_err(|source| HomeError::Create { path: dir.to_owned(), source })?;
        Self {
            config: dir.join("config"),
            state: dir.join("state"),
            cache: dir.join("cache"),
            practice: dir.join("practice"),
        }
        .create()
    }

    fn create(self) -> Result<Self, HomeError> {
        for path in [&self.config, &self.state, &self.cache, &self.practice] {
            create_private_dir(path)
                .and_then(|()| close_to_others(path))
                .map_err(|source| HomeError::Create { path: path.clone(), source })?;
        }
        Ok(self)
    }

    /// Settings and the list of connections.
    #[must_use]
    pub fn config_dir(&self) -> &Path {
        &self.config
    }

    /// Logs, reports, what was being done.
    #[must_use]
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    /// What can be made again.
    #[must_use]
    pub fn cache_dir(&self) -> &Path {
        &self.cache
    }

    /// Where practice storage keeps its data unless the settings name another folder.
    #[must_use]
    pub fn practice_dir(&self) -> &Path {
        &self.practice
    }

    /// Log files.
    #[must_use]
    pub fn logs_dir(&self) -> PathBuf {
        self.state.join("logs")
    }

    /// Reports of panics.
    #[must_use]
    pub fn reports_dir(&self) -> PathBuf {
        self.state.join("reports")
    }

    /// What checks of many files found, a file for each bucket.
    #[must_use]
    pub fn checks_dir(&self) -> PathBuf {
        self.state.join("checks")
    }

    /// Thumbnails.
    #[must_use]
    pub fn thumbnails_dir(&self) -> PathBuf {
        self.cache.join("thumbnails")
    }
}

/// Makes a folder and those above it; what is newly made may be entered by its owner only.
pub(super) fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A folder of ours that was made by hand, or by an unpacked backup, may be open to others.
#[cfg_attr(not(unix), expect(unused_variables, clippy::unnecessary_wraps, reason = "folders have no mode bits here"))]
fn close_to_others(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path)?.permissions().mode();
        if mode & 0o077 != 0 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_variable_puts_everything_under_one_folder() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("not/there/yet");
        let home = Home::find_with(Some(root.as_os_str())).unwrap();
        for path in [home.config_dir(), home.state_dir(), home.cache_dir(), home.practice_dir()] {
            assert!(path.starts_with(&root) && path.is_dir(), "{}", path.display());
        }
        assert!(home.logs_dir().starts_with(home.state_dir()));
        assert!(home.reports_dir().starts_with(home.state_dir()));
        assert!(home.checks_dir().starts_with(home.state_dir()));
        assert!(home.thumbnails_dir().starts_with(home.cache_dir()));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_enter() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        std::fs::create_dir(dir.path().join("config")).unwrap();
        std::fs::set_permissions(dir.path().join("config"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let home = Home::at(dir.path()).unwrap();
        for path in [home.config_dir(), home.state_dir(), home.cache_dir(), home.practice_dir()] {
            assert_eq!(mode(path), 0o700, "{}", path.display());
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let error = Home::at(&file).unwrap_err();
        assert!(matches!(&error, HomeError::Create { path, .. } if path.starts_with(&file)), "{error}");
    }
}
