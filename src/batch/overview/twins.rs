//! Near-duplicates: articles that are the same text, told apart from articles about the same event.
//!
//! In:  rows in plan order. Out: for each the row that speaks for its group, itself where it stands alone.

use super::nearest::Nearest;
use super::{Row, Sketch};

/// Share of the shorter text's grams that must stand in the longer. On reprinted news true pairs reach .75, others stay
/// below .56.
const CONTAINED: f32 = 0.75;
/// Ten rare grams of which each stands in two hundred other articles fit, and of a true twin's nearly all ten are shared.
const BUDGET: usize = 2_048;

/// For each row the index of the first row of its group.
///
/// An article joins the group of the first article it is contained in, or contains; so an article that reprints two
/// others whole joins the one it shares more with, and the other stays alone, unless it came before them.
pub fn groups(rows: &[Row]) -> Vec<usize> {
    let mut nearest = Nearest::new(BUDGET);
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

#[cfg(test)]
mod tests {
    use super::super::row::tests::row;
    use super::*;

    /// An article of sentences `from..to` of an endless text.
    fn text(from: usize, to: usize) -> String {
        let word = |n: usize| format!("{:x} ", n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24);
        (10 * from..10 * to).map(word).collect()
    }

    fn check(texts: &[String], expected: &[usize]) {
        let rows: Vec<Row> = texts
            .iter()
            .map(|text| Row {
                sketch: Sketch::of([text.as_str()]),
                ..row("a", &[])
            })
            .collect();
        assert_eq!(groups(&rows), expected);
    }

    #[test]
    fn a_reprint_cut_short_or_carried_on_is_a_twin() {
        check(
            &[
                text(0, 20),
                text(50, 70),
                text(0, 10),
                text(48, 75),
                text(100, 120),
            ],
            &[0, 1, 0, 1, 4],
        );
    }

    #[test]
    fn articles_that_share_a_third_are_not() {
        check(&[text(0, 30), text(20, 50), text(40, 70)], &[0, 1, 2]);
    }

    #[test]
    fn twins_are_found_among_thousands_built_of_the_same_sentences() {
        // Articles of five out of a hundred paragraphs: every gram stands in a twentieth of them.
        let mut texts: Vec<String> = (0..3_000)
            .map(|n: usize| {
                let place = |k: usize| (n * 31 + k * k * (n / 100 + 7)) % 100;
                (0..5)
                    .map(|k| text(3 * place(k), 3 * place(k) + 3))
                    .collect()
            })
            .collect();
        texts.truncate(2_000);
        let alone: Vec<String> = (0..50)
            .map(|n| text(1_000 + 20 * n, 1_010 + 20 * n))
            .collect();
        texts.extend(alone.clone());
        texts.extend(alone);
        let rows: Vec<Row> = texts
            .iter()
            .map(|text| Row {
                sketch: Sketch::of([text.as_str()]),
                ..row("a", &[])
            })
            .collect();
        let expected: Vec<usize> = (2_000..2_050).collect();
        assert_eq!(groups(&rows)[2_050..], expected);
    }

    #[test]
    fn nothing_groups_what_has_no_text() {
        check(&[String::new(), String::new(), "a b".into()], &[0, 1, 2]);
    }
}
