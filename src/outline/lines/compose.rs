//! Composition: shortened sentences put together, in the article's order, into one or two sentences.
//!
//! In:  the sentences a part cites. Out: lines within the room there is, best first. A beam goes through the cited sentences in reading
//! order; each is left out or stands in one of its reductions.

use super::reduce::Reduction;
use super::select::{FIGURES, Selector};
use super::words::{ArticleWords, CitedAs, LineField, Word};
use crate::article::{Article, Language, letters};
use crate::brief::MOST_SENTENCES;
use crate::language::PerLanguage;
use crate::language::clauses::ByteSpan;

/// CitedAs sentences a line is made of at most: of a thesis, a challenge, a step. More gain nothing and read worse.
pub const MOST_PIECES: [usize; 3] = [1, 2, 1];
/// CitedAs sentences looked at.
pub const MOST_CITED: usize = 6;
/// Lines kept after each cited sentence.
const BEAM: usize = 24;
/// Letters an editor's line has; the mean of `training/lines`.
pub const USUAL_LETTERS: PerLanguage<f32> = PerLanguage {
    ko: 56.0,
    en: 145.0,
};

/// How much a line may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Characters.
    pub characters: usize,
    /// Letters, as the length of a note is counted.
    pub letters: usize,
    /// CitedAs sentences it is made of.
    pub pieces: usize,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct ComposedLine {
    /// What it reads.
    pub text: String,
    /// Indices of its sentences with the bytes taken of each, in the order of the text.
    pub parts: Vec<(usize, ByteSpan)>,
    /// Whether it is made of whole sentences.
    pub whole: bool,
    /// Its letters.
    pub letters: usize,
    /// What the selector judged it by.
    pub figures: [f32; FIGURES],
    /// How good the selector finds it.
    pub score: f32,
}

impl ComposedLine {
    /// A sentence as it stands.
    pub fn whole(sentence: usize, text: &str) -> ComposedLine {
        ComposedLine {
            text: text.to_string(),
            parts: vec![(sentence, (0, text.len()))],
            whole: true,
            letters: letters(text),
            figures: [0.0; FIGURES],
            score: 0.0,
        }
    }
}

/// A reduction of a cited sentence with what its words are worth.
struct CitedPiece<'w> {
    sentence: usize,
    cited: CitedAs,
    reduction: &'w Reduction,
    /// ArticleWords by what they are counted by, with their probability, their letters and whether they are figures.
    words: Vec<(u32, f32, usize, bool)>,
}

/// Composes lines of cited sentences, which come best first with how sure each is.
pub fn lines(
    article: &Article,
    words: &ArticleWords,
    held: &[(f32, f32)],
    cited: &[(usize, f32)],
    (field, room): (LineField, Room),
    selector: &Selector,
) -> Vec<ComposedLine> {
    let pieces = pieces(article, words, cited, field, selector);
    let maker = Maker {
        held,
        language: article.language,
        room,
        selector,
        pieces: &pieces,
    };
    let mut found = maker.search();
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.text.cmp(&b.text))
    });
    found.dedup_by(|a, b| a.text == b.text);
    found
}

fn pieces<'w>(
    article: &Article,
    words: &'w ArticleWords,
    cited: &[(usize, f32)],
    field: LineField,
    selector: &Selector,
) -> Vec<Vec<CitedPiece<'w>>> {
    let mut order: Vec<(usize, CitedAs)> = cited
        .iter()
        .take(MOST_CITED)
        .enumerate()
        .map(|(rank, &(i, sure))| (i, CitedAs { rank, sure }))
        .collect();
    order.sort_by_key(|(i, _)| *i);
    let said = |word: &Word| {
        let holds =
            |(i, _): &&(usize, CitedAs)| words.sentences[*i].iter().any(|w| w.id == word.id);
        order.iter().filter(holds).count()
    };
    let one = |&(i, cited): &(usize, CitedAs)| {
        let text = &article.sentences[i].text;
        let likely: Vec<(&Word, f32)> = words.sentences[i]
            .iter()
            .map(|w| {
                (
                    w,
                    words.probability(&selector.words, &words.figures(w, cited, field, said(w))),
                )
            })
            .collect();
        words
            .reductions(i, text)
            .iter()
            .map(|reduction| {
                let holds = |w: &Word| {
                    reduction
                        .parts
                        .iter()
                        .any(|p| p.0 <= w.span.0 && w.span.1 <= p.1)
                };
                let kept = likely.iter().filter(|(w, _)| holds(w));
                CitedPiece {
                    sentence: i,
                    cited,
                    words: kept.map(|(w, p)| (w.id, *p, w.letters, w.figure)).collect(),
                    reduction,
                }
            })
            .collect()
    };
    order.iter().map(one).collect()
}

struct Maker<'a> {
    /// Of each sentence of the article: how likely it is key, and the thesis.
    held: &'a [(f32, f32)],
    language: Language,
    room: Room,
    selector: &'a Selector,
    pieces: &'a [Vec<CitedPiece<'a>>],
}

/// Places of pieces: which cited sentence, which of its reductions.
type Chosen = Vec<(usize, usize)>;

impl Maker<'_> {
    fn search(&self) -> Vec<ComposedLine> {
        let mut beam: Vec<(Chosen, f32)> = vec![(Vec::new(), f32::MIN)];
        let mut found = Vec::new();
        for (n, reductions) in self.pieces.iter().enumerate() {
            let mut next = beam.clone();
            for (chosen, _) in &beam {
                if chosen.len() == self.room.pieces {
                    continue;
                }
                for k in 0..reductions.len() {
                    let mut longer = chosen.clone();
                    longer.push((n, k));
                    if let Some(figures) = self.figures(&longer) {
                        let score = self.selector.score(&figures, self.language);
                        next.push((longer, score));
                    }
                }
            }
            next.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            next.truncate(BEAM);
            if next.iter().all(|(chosen, _)| !chosen.is_empty()) {
                next.push((Vec::new(), f32::MIN));
            }
            beam = next;
        }
        for (chosen, score) in beam {
            found.extend(self.line(&chosen, score));
        }
        found
    }

    fn piece(&self, place: (usize, usize)) -> &CitedPiece<'_> {
        &self.pieces[place.0][place.1]
    }

    /// What the selector judges; nothing where the pieces do not fit or one leans on what is not there.
    fn figures(&self, chosen: &[(usize, usize)]) -> Option<[f32; FIGURES]> {
        let pieces: Vec<&CitedPiece> = chosen.iter().map(|p| self.piece(*p)).collect();
        let sum = |of: fn(&CitedPiece) -> usize| pieces.iter().map(|p| of(p)).sum::<usize>();
        let (letters, characters) = (
            sum(|p| p.reduction.letters),
            sum(|p| p.reduction.characters) + pieces.len() - 1,
        );
        if letters > self.room.letters || characters > self.room.characters {
            return None;
        }
        if sum(|p| p.reduction.ends) > MOST_SENTENCES && pieces.len() > 1 {
            return None;
        }
        for (n, piece) in pieces.iter().enumerate() {
            let before = n.checked_sub(1).map(|b| pieces[b].sentence);
            let explained = before.is_some_and(|b| b + 1 == piece.sentence);
            let stands = match n {
                0 => !piece.reduction.leans_back || piece.sentence == 0,
                _ => piece.reduction.stands_alone,
            };
            if !stands && !explained {
                return None;
            }
        }
        Some(self.judged(&pieces, letters))
    }

    fn judged(&self, pieces: &[&CitedPiece], letters: usize) -> [f32; FIGURES] {
        let mut seen: Vec<u32> = Vec::new();
        let (mut hit, mut figures, mut others, mut again, mut all) =
            (0.0, 0.0, 0.0, 0usize, 0usize);
        for &(id, likely, size, figure) in pieces.iter().flat_map(|p| &p.words) {
            all += 1;
            if seen.contains(&id) {
                again += 1;
                continue;
            }
            seen.push(id);
            hit += likely * size as f32;
            if figure {
                figures += likely;
            } else {
                others += likely;
            }
        }
        let usual = USUAL_LETTERS[self.language];
        let long = letters as f32 / usual;
        let count = pieces.len() as f32;
        let mean =
            |of: &dyn Fn(&CitedPiece) -> f32| pieces.iter().map(|p| of(p)).sum::<f32>() / count;
        let number =
            |of: &dyn Fn(&CitedPiece) -> bool| pieces.iter().filter(|p| of(p)).count() as f32;
        [
            2.0 * hit / (letters as f32 + usual),
            figures,
            others / 3.0,
            long,
            long * long,
            count - 1.0,
            number(&|p| p.reduction.closed),
            number(&|p| p.reduction.dropped > 0),
            number(&|p| p.cited.rank == 0),
            mean(&|p| p.cited.sure),
            mean(&|p| self.held[p.sentence].0),
            mean(&|p| self.held[p.sentence].1),
            again as f32 / all.max(1) as f32,
            number(&|p| p.reduction.whole) / count,
        ]
    }

    /// Writes the line.
    fn line(&self, chosen: &[(usize, usize)], score: f32) -> Option<ComposedLine> {
        if chosen.is_empty() {
            return None;
        }
        let figures = self.figures(chosen)?;
        let pieces: Vec<&CitedPiece> = chosen.iter().map(|p| self.piece(*p)).collect();
        let (mut text, mut parts, mut marked) = (String::new(), Vec::new(), false);
        for (n, piece) in pieces.iter().enumerate() {
            let mut said = piece.reduction.text.clone();
            if n + 1 < pieces.len() {
                // A sentence that lost its mark gets one, so that two do not read as one.
                if said.ends_with(char::is_alphanumeric) {
                    said.push('.');
                    marked = true;
                }
                said.push(' ');
            }
            text.push_str(&said);
            let spans = piece.reduction.parts.iter();
            parts.extend(spans.map(|span| (piece.sentence, *span)));
        }
        Some(ComposedLine {
            letters: letters(&text),
            whole: !marked && pieces.iter().all(|p| p.reduction.whole),
            text,
            parts,
            figures,
            score,
        })
    }
}
