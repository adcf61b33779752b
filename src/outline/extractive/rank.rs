//! Ranking: the best sentences of any article, for a plain summary.
//!
//! In:  `Article`. Out: ids. No lens and no weights: what a sentence shares with the others, how much it says, and
//! how early it stands. Linear in the length of the article.

use rustc_hash::FxHashMap;

use super::text;
use crate::article::Article;
use crate::language::{Language, PerLanguage};

/// What a long sentence is worth beside centrality; annotators mark sentences that say much. This and the two below
/// were set on the middle of a wide plateau over Korean science news.
const LENGTH: f32 = 0.4;
/// What the first sentence is worth beside centrality; the worth falls to nothing over the first part.
const LEAD: f32 = 0.5;
/// The part of the article that counts as its lead.
const LEAD_PART: f32 = 0.4;

/// The ids of the `count` best sentences for a summary, in reading order.
pub fn best_sentences(article: &Article, count: usize) -> Vec<u32> {
    let folded: Vec<String> = article
        .sentences
        .iter()
        .map(|s| text::fold(&s.text).0)
        .collect();
    let bags: Vec<Vec<&str>> = folded.iter().map(|p| units(p, article.language)).collect();
    let scores = scores(&bags);
    let mut ranked: Vec<usize> = (0..scores.len()).collect();
    ranked.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    ranked.truncate(count);
    ranked.sort_unstable();
    ranked
        .into_iter()
        .map(|i| article.sentences[i].id)
        .collect()
}

/// What the words of a language are compared by.
const WORD_UNITS: PerLanguage<for<'t> fn(&'t str, &mut Vec<&'t str>)> = PerLanguage {
    ko: syllable_pairs,
    en: |word, out| out.push(word),
};

/// Returns the units of a folded sentence, each once.
fn units(folded: &str, language: Language) -> Vec<&str> {
    let mut out = Vec::new();
    for word in folded.split_ascii_whitespace() {
        WORD_UNITS[language](word, &mut out);
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn syllable_pairs<'t>(word: &'t str, out: &mut Vec<&'t str>) {
    let ends: Vec<usize> = word
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    if ends.len() < 2 {
        return out.push(word);
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    out.extend(starts.zip(&ends[1..]).map(|(from, &to)| &word[from..to]));
}

/// The sum of TextRank's overlaps (Mihalcea and Tarau 2004) with all other sentences, taken with their mean length in
/// place of each one's, so that it needs no pairs; then length and lead.
fn scores(bags: &[Vec<&str>]) -> Vec<f32> {
    let mut frequency: FxHashMap<&str, u32> = FxHashMap::default();
    for &unit in bags.iter().flatten() {
        *frequency.entry(unit).or_default() += 1;
    }
    let size = |bag: &Vec<&str>| (bag.len().max(2) as f32).ln();
    let n = bags.len().max(1) as f32;
    let mean = bags.iter().map(size).sum::<f32>() / n;
    let shared = |bag: &Vec<&str>| bag.iter().map(|unit| frequency[unit] - 1).sum::<u32>() as f32;
    let central: Vec<f32> = bags
        .iter()
        .map(|bag| shared(bag) / (size(bag) + mean))
        .collect();
    let top = central.iter().copied().fold(1e-6, f32::max);
    let longest = bags.iter().map(Vec::len).max().unwrap_or(0).max(1) as f32;
    bags.iter()
        .zip(central)
        .enumerate()
        .map(|(i, (bag, central))| {
            let lead = (1.0 - i as f32 / (LEAD_PART * n)).max(0.0);
            central / top + LENGTH * bag.len() as f32 / longest + LEAD * lead
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn article(language: Language, sentences: &[&str]) -> Article {
        Article::of_lines("x", language, "", sentences.iter().map(|s| s.to_string()))
    }

    fn check(language: Language, sentences: &[&str], count: usize, expected: &[u32]) {
        assert_eq!(
            best_sentences(&article(language, sentences), count),
            expected
        );
    }

    #[test]
    fn the_sentence_that_shares_most_is_best() {
        check(
            Language::Ko,
            &[
                "점심은 국수였다.",
                "바람이 불었다.",
                "비가 왔다.",
                "항구의 새 크레인이 멈췄다.",
                "새 크레인은 항구의 전압이 낮아 멈춘다고 한다.",
            ],
            1,
            &[5],
        );
        check(
            Language::En,
            &[
                "Lunch was soup.",
                "Wind came.",
                "Rain fell.",
                "The harbour crane stopped.",
                "The harbour crane stopped because the voltage was low.",
            ],
            1,
            &[5],
        );
    }

    #[test]
    fn no_more_than_there_are_and_in_reading_order() {
        check(Language::Ko, &["하나가 있다.", "둘이 있다."], 9, &[1, 2]);
        check(Language::En, &[], 3, &[]);
        check(Language::En, &["One.", "Two."], 0, &[]);
    }
}
