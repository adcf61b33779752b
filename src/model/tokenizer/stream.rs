//! Streaming: token by token, the text that is complete.
//!
//! In:  ids, one at a time. Out: text. A character of several bytes may be spread over tokens; its bytes wait until the
//! last has come. Bytes that cannot become a character are U+FFFD as soon as that is certain, so that all texts
//! together are what `decode` gives at once.

use super::Tokenizer;

/// Decodes tokens as they come.
#[derive(Debug)]
pub struct TextStream<'t> {
    tokenizer: &'t Tokenizer,
    /// The beginning of a character, at most three bytes between two calls.
    waiting: Vec<u8>,
}

impl<'t> TextStream<'t> {
    pub(super) fn new(tokenizer: &'t Tokenizer) -> TextStream<'t> {
        TextStream {
            tokenizer,
            waiting: Vec::new(),
        }
    }

    /// Takes the next token and gives the text that became complete with it, which may be none.
    pub fn push(&mut self, id: u32) -> String {
        self.waiting.extend_from_slice(self.tokenizer.spoken(id));
        let complete = self.waiting.len() - unfinished(&self.waiting);
        let text = String::from_utf8_lossy(&self.waiting[..complete]).into_owned();
        self.waiting.drain(..complete);
        text
    }

    /// Ends the text: a character that was never finished is U+FFFD.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.waiting).into_owned()
    }
}

/// Returns the number of bytes at the end that begin a character and could still become one.
fn unfinished(bytes: &[u8]) -> usize {
    match bytes.utf8_chunks().last() {
        Some(chunk) if could_go_on(chunk.invalid()) => chunk.invalid().len(),
        _ => 0,
    }
}

/// Returns whether bytes that are no character are only too few.
fn could_go_on(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
