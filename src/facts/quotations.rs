//! Quotations: the words a text gives as another's.
//!
//! In:  text. Out: what stands between its quotation marks.

/// Returns what stands between curly quotation marks, the outermost ones.
pub(crate) fn quotations(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '“' => {
                if depth == 0 {
                    start = at + c.len_utf8();
                }
                depth += 1;
            }
            '”' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push(&text[start..at]);
                }
            }
            _ => {}
        }
    }
    found
}
