//! What was found lately is not looked for anew: on a voting day thousands ask the same in the same words, and each of them is
//! compared with the same tickets that wait.
//!
//! Texts themselves are not kept, only what tells them apart: two hashes with keys of their own (SipHash, Aumasson and
//! Bernstein 2012), so that nobody can write a text that is taken for another.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::OnceLock;

use quick_cache::sync::Cache;

/// The findings about the latest texts, `KEPT` of them; what is asked most stays longest (S3-FIFO). A copy begins with none, for
/// whoever copies means to change what is found.
pub struct Memo<V, const KEPT: usize> {
    keys: [RandomState; 2],
    found: OnceLock<Cache<[u64; 2], V>>,
}

impl<V: Clone, const KEPT: usize> Memo<V, KEPT> {
    /// What `look` finds about `what`, or found lately. Of several who ask at once one looks, and the others wait for it.
    pub fn find(&self, what: impl Hash, look: impl FnOnce() -> V) -> V {
        let key = [self.keys[0].hash_one(&what), self.keys[1].hash_one(&what)];
        let found = self.found.get_or_init(|| Cache::new(KEPT));
        match found.get_or_insert_with(&key, || Ok::<V, std::convert::Infallible>(look())) {
            Ok(found) => found,
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<V, const KEPT: usize> Default for Memo<V, KEPT> {
    fn default() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], found: OnceLock::new() }
    }
}

impl<V, const KEPT: usize> Clone for Memo<V, KEPT> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<V, const KEPT: usize> std::fmt::Debug for Memo<V, KEPT> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_once_for_the_same() {
        let memo = Memo::<usize, 9>::default();
        let mut looks = 0;
        for text in ["kapan", "di mana", "kapan"] {
            let found = memo.find((text, 1), || {
                looks += 1;
                text.len()
            });
            assert_eq!(found, text.len());
        }
        assert_eq!(looks, 2);
        assert_eq!(memo.find(("kapan", 2), || 7), 7, "another day");
    }

    #[test]
    fn a_copy_and_what_was_cleared_look_anew() {
        let mut memo = Memo::<u8, 9>::default();
        assert_eq!(memo.find("kapan", || 1), 1);
        assert_eq!(memo.clone().find("kapan", || 2), 2);
        memo.clear();
        assert_eq!(memo.find("kapan", || 3), 3);
    }
}
