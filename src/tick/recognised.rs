//! What an entry is recognised by after an edit: those who come later tell what it says now, not what it said at first.

use crate::store::{Recognised, Store, StoreError};
use crate::stories::Features;
use crate::stories::judge::Habits;

/// What to write beside an entry that reads differently now, where it is recognised by anything else than before.
///
/// Its date stays: it was frozen at first sight. Its earlier addresses stay as well, for they still lead to it. What waits
/// for its story has no keys yet and keeps what it has.
pub(super) fn anew(store: &Store, key: i64, now: &Features) -> Result<Option<Recognised>, StoreError> {
    if store.stories_of_entries(&[key])?.is_empty() {
        return Ok(None);
    }
    let Some((_, bytes)) = store.features(&[key])?.pop() else { return Ok(None) };
    let Some(old) = Features::from_bytes(&bytes) else { return Ok(None) };
    let mut new = now.clone();
    new.published = old.published;
    new.addresses.extend(old.addresses.iter().take(ADDRESSES));
    new.addresses.sort_unstable();
    new.addresses.dedup();
    if new == old {
        return Ok(None);
    }
    let mut habits = Habits::default();
    habits.extend(store.habits(&new.habits())?);
    let keys = |features: &Features, is_furniture: &dyn Fn(u64) -> bool| -> Vec<i64> {
        features.postings(key, is_furniture).into_iter().map(|posting| posting.key).collect()
    };
    let (had, has) = (keys(&old, &|_| false), keys(&new, &|_| false));
    let told = keys(&new, &|sentence| habits.is_furniture(new.source, sentence));
    let (old_habits, new_habits) = (old.habits(), new.habits());
    Ok(Some(Recognised {
        features: new.to_bytes(),
        keys_gone: without(&had, &has),
        keys_new: without(&told, &had),
        habits_gone: without(&old_habits, &new_habits),
        habits_new: without(&new_habits, &old_habits),
    }))
}

/// Earlier addresses that are kept.
const ADDRESSES: usize = 8;

/// What is in one sorted list and not in the other.
fn without(some: &[i64], others: &[i64]) -> Vec<i64> {
    some.iter().copied().filter(|key| others.binary_search(key).is_err()).collect()
}
