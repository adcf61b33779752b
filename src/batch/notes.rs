//! The notes an item gets: in which forms, and what each is called.
//!
//! In:  an item. Out: the names of its notes below the output folder, in the order of their forms.

use super::names::{NoteLayout, note_stem};
use super::plan::{Item, ItemSource};
use crate::render::Format;

/// The forms of each note, and how notes are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteForms {
    /// The forms.
    pub formats: Vec<Format>,
    /// Folders as the inputs have them, or one.
    pub layout: NoteLayout,
}

impl NoteForms {
    /// Returns the names of an item's notes, each with its form.
    pub(super) fn names(&self, item: &Item) -> impl ExactSizeIterator<Item = (String, Format)> {
        // The id of a JSON line is a name and no path, whatever slashes it has.
        let stem = match item.source {
            ItemSource::File(_) => note_stem(&item.id, self.layout),
            ItemSource::Line { .. } => note_stem(&item.id, NoteLayout::Flat),
        };
        self.formats.iter().map(move |format| {
            let name = format!("{stem}.{}", format.extension());
            (name, *format)
        })
    }

    /// Returns the name of the note an overview links to: the one that reads best.
    pub(super) fn best_name(&self, item: &Item) -> String {
        let of = |wanted| self.names(item).find(|(_, format)| *format == wanted);
        let best = of(Format::Html).or_else(|| of(Format::Markdown));
        let best = best.or_else(|| self.names(item).next());
        best.map_or(String::new(), |(name, _)| name)
    }
}
