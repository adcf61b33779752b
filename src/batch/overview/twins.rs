//! Near-duplicates: articles that are the same text, told apart from articles about the same event.
//!
//! In:  rows in plan order. Out: for each the row that speaks for its group, itself where it stands alone.

use super::nearest::Nearest;
use super::{Row, Sketch};

/// Share of the shorter text's grams that must stand in the longer. On reprinted news true pairs reach .75, others stay
/// below .56.
const CONTAINED: f32 = 0.75;

/// For each row the index of the first row of its group.
///
/// An article joins the group of the first article it is contained in, or contains; so an article that reprints two
/// others whole joins the one it shares more with, and the other stays alone, unless it came before them.
pub fn groups(rows: &[Row]) -> Vec<usize> {
    let mut nearest = Nearest::default();
    let mut speakers: Vec<usize> = Vec::new();
    let mut groups = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate() {
        let found = nearest.of(row.sketch.hashes()).into_iter();
        let twin = found
            .map(|found| speakers[found])
            .find(|&speaker| same_text(&rows[speaker].sketch, &row.sketch));
        groups.push(twin.unwrap_or(number));
        if twin.is_none() {
            nearest.insert(row.sketch.hashes());
            speakers.push(number);
        }
    }
    groups
}

fn same_text(a: &Sketch, b: &Sketch) -> bool {
    a.containment(b).is_some_and(|share| share >= CONTAINED)
}
