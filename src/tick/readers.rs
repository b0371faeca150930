//! Connections to the store for those who read beside the one who writes.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::store::{Store, StoreError};

/// Reading connections, as many as are in use at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Store>>,
    damage: Mutex<Option<StoreError>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::default(), damage: Mutex::default() }
    }

    /// That the database is damaged, if a reader met that: no source is to blame for it.
    pub(super) fn damage(&self) -> Option<StoreError> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// [`Self::with`], all in one transaction: for those who read much beside nobody who writes as much. (Where one reader
    /// followed the other all the time, the log could not be begun anew.)
    pub(super) fn at_once<T>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with(|store| store.at_once(work))
    }

    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = match idle {
            Some(store) => store,
            None => Store::read_only(&self.path)?,
        };
        let result = work(&store);
        if let Err(error) = &result
            && error.is_damage()
        {
            let why = error.to_string();
            *self.damage.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(StoreError::Damaged { path: self.path.clone(), why });
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(store);
        result
    }
}
