//! Themes: what several articles say alike of a challenge, and where they say otherwise.
//!
//! In:  claims, the strongest first. Out: themes with their voices, and pairs that oppose each other. Each claim is
//! compared with the few first claims of themes it shares most words with, so the work grows with the claims, not with
//! their pairs.

use rustc_hash::FxHashSet;

use super::claim::{Claim, Opposition, Relation};
use super::nearest::Nearest;

/// Sentences have ten words, not sixty grams, and there are more of them than articles.
const BUDGET: usize = 512;

/// Claims that agree with the first of them.
#[derive(Debug)]
pub struct Theme {
    /// Indices of claims of different articles and groups, the first of the theme first.
    pub claims: Vec<usize>,
}

/// Two claims that oppose each other, by index.
#[derive(Debug)]
pub struct Opposed {
    /// The first claim of a theme.
    pub one: usize,
    /// The other.
    pub other: usize,
    /// On what.
    pub on: Opposition,
}

/// Returns the themes of claims, those of most voices first, and the pairs that oppose, those that oppose most voices first.
///
/// Claims of one row never meet: an article neither agrees nor disagrees with itself here.
pub fn themes(claims: &[Claim<'_>]) -> (Vec<Theme>, Vec<Opposed>) {
    let mut nearest = Nearest::new(BUDGET);
    let mut themes: Vec<Theme> = Vec::new();
    let mut opposed: Vec<Opposed> = Vec::new();
    for (number, claim) in claims.iter().enumerate() {
        let mut own = true;
        for found in nearest.of(&claim.keys) {
            let first = themes[found].claims[0];
            if claims[first].row == claim.row {
                continue;
            }
            match claims[first].relation(claim) {
                Relation::Agree => {
                    if own {
                        themes[found].claims.push(number);
                    }
                    own = false;
                }
                Relation::Same => own = false,
                Relation::Oppose(on) => opposed.push(Opposed {
                    one: first,
                    other: number,
                    on,
                }),
                Relation::Unclear => {}
            }
        }
        if own {
            nearest.insert(&claim.keys);
            themes.push(Theme {
                claims: vec![number],
            });
        }
    }
    (voiced(themes, claims), heard(opposed, claims))
}

/// Keeps themes of several articles, each article and each wording once, those of most articles first.
fn voiced(mut themes: Vec<Theme>, claims: &[Claim<'_>]) -> Vec<Theme> {
    for theme in &mut themes {
        let mut rows = FxHashSet::default();
        let mut wordings = FxHashSet::default();
        theme.claims.retain(|&number| {
            let claim = &claims[number];
            !rows.contains(&claim.row) && wordings.insert(claim.wording) && rows.insert(claim.row)
        });
    }
    themes.retain(|theme| theme.claims.len() > 1);
    themes.sort_by_key(|theme| (usize::MAX - theme.claims.len(), theme.claims[0]));
    themes
}

/// Keeps each pair of articles once, the pairs of the strongest claims first: themes are led by the strongest.
fn heard(mut opposed: Vec<Opposed>, claims: &[Claim<'_>]) -> Vec<Opposed> {
    opposed.sort_by_key(|pair| (pair.one, pair.other));
    let mut pairs = FxHashSet::default();
    opposed.retain(|pair| {
        let (a, b) = (claims[pair.one].row, claims[pair.other].row);
        pairs.insert((a.min(b), a.max(b)))
    });
    opposed
}
