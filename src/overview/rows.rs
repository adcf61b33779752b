//! Where the rows of an overview stand: in memory, or on the disk and read back one by one.
//!
//! In:  a number. Out: the row of that article. Whoever makes or writes an overview asks for one row after the other and keeps
//! none, so that ten thousand articles need no more memory than a thousand.

use std::borrow::Cow;
use std::io;

use serde::{Serialize, Serializer, ser};

use super::{ArticleRow, GramSketch};

/// Rows in plan order.
pub trait ArticleRows: Sync {
    /// Returns how many there are.
    fn len(&self) -> usize;

    /// Tells whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns one of them, numbered from 0.
    fn row(&self, number: usize) -> io::Result<Cow<'_, ArticleRow>>;
}

impl ArticleRows for Vec<ArticleRow> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn row(&self, number: usize) -> io::Result<Cow<'_, ArticleRow>> {
        let row = self.get(number).ok_or(io::ErrorKind::NotFound)?;
        Ok(Cow::Borrowed(row))
    }
}

/// All rows, written one by one, without their sketches.
pub(super) struct Articles<'a>(pub &'a dyn ArticleRows);

impl Serialize for Articles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use ser::SerializeSeq;
        let mut articles = serializer.serialize_seq(Some(self.0.len()))?;
        for number in 0..self.0.len() {
            let row = self.0.row(number).map_err(ser::Error::custom)?;
            let row = ArticleRow {
                sketch: GramSketch::default(),
                ..row.into_owned()
            };
            articles.serialize_element(&row)?;
        }
        articles.end()
    }
}
