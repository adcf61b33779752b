//! The nearest of those seen so far, by shared features, without comparing all with all.
//!
//! In:  numbered items, each a list of features. Out: for another list, the few items that share most of its rare features.
//! What is common says little of two items and costs most to go through, so it is looked at last, within a budget.

use rustc_hash::FxHashMap;

/// Items handed back: those that share most.
const MOST: usize = 16;

/// Which items have which features.
#[derive(Debug)]
pub struct Nearest {
    postings: FxHashMap<u32, Vec<u32>>,
    met: Met,
}

impl Nearest {
    /// Makes an index of no items.
    pub fn new(budget: usize) -> Nearest {
        Nearest {
            postings: FxHashMap::default(),
            met: Met::among(budget, 0),
        }
    }

    /// Adds an item; items are numbered from 0 as they come.
    pub fn insert(&mut self, features: &[u32]) {
        let number = self.met.met.len() as u32;
        self.met.met.push(0);
        for feature in features {
            self.postings.entry(*feature).or_default().push(number);
        }
    }

    /// Returns the items that share most with these, rare features above all, most first, then in the order they came.
    pub fn of(&mut self, features: &[u32]) -> Vec<usize> {
        let lists = features
            .iter()
            .filter_map(|feature| self.postings.get(feature).map(Vec::as_slice))
            .collect();
        self.met.most(lists)
    }
}

/// Whom a query meets, and how often.
#[derive(Debug)]
pub struct Met {
    /// Entries gone through for one query: what keeps the work near linear in the items.
    budget: usize,
    /// For each item, how much the query under way shares with it; all zero between queries.
    met: Vec<u32>,
}

impl Met {
    /// Counts items numbered from 0 to one less than this.
    pub fn among(budget: usize, items: usize) -> Met {
        Met {
            budget,
            met: vec![0; items],
        }
    }

    /// Returns the items that stand in most of the lists, one a feature, short lists above all, most first, then by number.
    pub fn most(&mut self, mut lists: Vec<&[u32]>) -> Vec<usize> {
        lists.sort_by_key(|list| list.len());
        let mut touched = Vec::new();
        let mut left = self.budget;
        for list in lists {
            // Half a list would favour those that came early; only where nothing rarer is shared it is better than none.
            if list.len() > left && !touched.is_empty() {
                break;
            }
            for &number in &list[..list.len().min(left)] {
                let met = &mut self.met[number as usize];
                if *met == 0 {
                    touched.push(number);
                }
                *met += weight(list.len());
            }
            left = left.saturating_sub(list.len());
        }
        let order = |number: &u32| (u32::MAX - self.met[*number as usize], *number);
        // Thousands are touched and a few wanted: they are picked out before they are sorted.
        let mut most = touched.clone();
        if most.len() > MOST {
            most.select_nth_unstable_by_key(MOST, order);
            most.truncate(MOST);
        }
        most.sort_unstable_by_key(order);
        for number in touched {
            self.met[number as usize] = 0;
        }
        most.into_iter().map(|number| number as usize).collect()
    }
}

/// Weighs a shared feature that so many items have: one bit less for twice as many (as in Spärck Jones 1972).
fn weight(items: usize) -> u32 {
    u32::BITS - items.ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_share_most_come_first_and_a_query_leaves_no_trace() {
        let mut nearest = Nearest::new(2_048);
        for features in [&[1, 2, 3][..], &[3, 4], &[2, 3, 4], &[9]] {
            nearest.insert(features);
        }
        for _ in 0..2 {
            assert_eq!(nearest.of(&[2, 3, 4]), [2, 0, 1]);
            assert_eq!(nearest.of(&[7]), [0usize; 0]);
        }
    }

    #[test]
    fn what_all_have_hides_nobody_who_shares_what_is_rare() {
        let mut nearest = Nearest::new(2_048);
        for n in 0..9_000 {
            nearest.insert(&[1, 2, 100 + n]);
        }
        assert_eq!(nearest.of(&[1, 2, 8_000])[0], 7_900);
    }
}
