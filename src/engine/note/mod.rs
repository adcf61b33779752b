//! The parts of a note that a model writes: what is asked, what an answer cites and says, and the outline made of it.

pub mod assemble;
pub mod cite;
pub mod prompt;
pub mod select;
pub mod slots;
pub mod written;
