//! What is set for whole accounts: their Block Public Access, kept in `accounts.json` of the folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};

use super::error::Outcome;
use super::home::write_private;
use crate::domain::public_access::BlockPublicAccess;

type Blocks = BTreeMap<String, BlockPublicAccess>;

/// Block Public Access of each account that has set it.
pub(super) struct Accounts {
    file: PathBuf,
    blocks: RwLock<Blocks>,
    /// Held while the file is written, so that the last writer wins in both places.
    writing: Mutex<()>,
}

impl Accounts {
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        let file = dir.join("accounts.json");
        let blocks = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Blocks::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { file, blocks: RwLock::new(blocks), writing: Mutex::new(()) })
    }

    /// What an account has set, if it has.
    pub(super) fn block(&self, account_id: &str) -> Option<BlockPublicAccess> {
        self.blocks.read().unwrap_or_else(PoisonError::into_inner).get(account_id).copied()
    }

    /// Sets or (`None`) removes the setting of an account, durably. Blocks.
    pub(super) fn set_block(&self, account_id: &str, block: Option<BlockPublicAccess>) -> Outcome<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner).clone();
        match block {
            Some(block) => blocks.insert(account_id.to_owned(), block),
            None => blocks.remove(account_id),
        };
        write_private(&self.file, &serde_json::to_vec_pretty(&blocks)?)?;
        *self.blocks.write().unwrap_or_else(PoisonError::into_inner) = blocks;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_outlives_the_store_and_is_each_accounts_own() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Accounts::open(dir.path()).unwrap();
        assert_eq!(accounts.block("1"), None);
        accounts.set_block("1", Some(BlockPublicAccess::ALL)).unwrap();
        accounts.set_block("2", Some(BlockPublicAccess::NONE)).unwrap();
        accounts.set_block("2", None).unwrap();
        let again = Accounts::open(dir.path()).unwrap();
        assert_eq!((again.block("1"), again.block("2")), (Some(BlockPublicAccess::ALL), None));
    }
}
