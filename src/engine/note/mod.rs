//! The parts of a note (thesis, argument, each challenge, points of critique) as a model is asked for them, whoever runs it.
//!
//! `prompt` holds what is asked, `select` which sentences are read, `cite` how answers cite, `slots` the texts to be written, `written` what
//! came of them, and `assemble` makes the outline.

pub mod assemble;
pub mod cite;
pub mod options;
pub mod prompt;
pub mod select;
pub mod slots;
pub mod written;
