//! Unrelated stories: runs of sentences that share hardly a word with the headline and the rest.
//!
//! In:  the draft. Out: marks. Layout, wording and neighbours decide together; a run must stand apart clearly.

use super::Draft;

/// Marks the sentences of other stories.
pub fn mark(draft: &mut Draft) {
    let _ = draft;
}
