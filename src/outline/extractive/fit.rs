//! Fitting: which line each part of the outline shows, so that a brief stays brief.
//!
//! In:  `Article` and `Analysis`. Out: `Texts`. What there is no room to show is still cited where its part is kept;
//! the thesis is always shown.

use rustc_hash::FxHashMap;

use super::Analysis;
use super::argument::{self, Point};
use super::challenges::ChallengeFinding;
use crate::article::{Article, letters};
use crate::brief::{MOST_LETTERS, MOST_POINTS};
use crate::language::PerLanguage;
use crate::outline::lines::compose::{MOST_PIECES, lines};
use crate::outline::lines::fields::{held, thesis_rows};
use crate::outline::lines::{ArticleWords, ComposedLine, LineField, Room, Selector};

/// Share of the article's letters that all texts together take where they can. Up to [`MOST_LETTERS`] is allowed;
/// others may count letters such as `㎿` twice.
const SHARE: f32 = 0.37;
/// Points an argument has even where the challenges would take the room.
const FEWEST_POINTS: usize = 3;
/// Characters a line has at most: what a busy reader reads.
const LONGEST_LINE: PerLanguage<usize> = PerLanguage { ko: 105, en: 215 };

/// The lines shown.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The thesis.
    pub thesis: Option<ComposedLine>,
    /// The points and the line each shows.
    pub points: Vec<(Point, ComposedLine)>,
    /// Per challenge of the lens.
    pub challenges: Vec<Shown>,
}

/// What is shown of a challenge; none where nothing is said of it, or in an article so short that there is no room.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    /// What the article says of it.
    pub text: Option<ComposedLine>,
    /// What it says should be done.
    pub remedy: Option<ComposedLine>,
}

/// What a reader beside the selector thinks of lines, by their text: how much better than the worst it read.
pub type Liked = FxHashMap<String, f32>;

/// Lines proposed for a part, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// Which challenge of the lens; none for the thesis.
    pub challenge: Option<usize>,
    /// Indices of the sentences that the lines are made of, in reading order.
    pub cited: Vec<usize>,
    /// Their texts.
    pub lines: Vec<String>,
    /// What the selector gives each.
    pub scores: Vec<f32>,
}

/// Proposes lines for thesis and challenges, at most `most` each.
pub fn proposed(article: &Article, analysis: &Analysis, most: usize) -> Vec<Proposed> {
    let none = Liked::default();
    let teller = Teller::of(article, analysis, &[], &none);
    let thesis = thesis_rows(&analysis.judgements);
    let parts = analysis.findings.iter().enumerate();
    let parts = parts.map(|(n, f)| (Some(n), f.evidence.clone(), LineField::Challenge));
    std::iter::once((None, thesis, LineField::Thesis))
        .chain(parts)
        .map(|(challenge, rows, field)| {
            let mut found = teller.lines(&rows, field, usize::MAX);
            found.truncate(most);
            let mut cited: Vec<usize> = found.iter().flat_map(|l| &l.parts).map(|p| p.0).collect();
            cited.sort_unstable();
            cited.dedup();
            Proposed {
                challenge,
                cited,
                scores: found.iter().map(|line| line.score).collect(),
                lines: found.into_iter().map(|line| line.text).collect(),
            }
        })
        .collect()
}

/// Chooses the lines shown.
pub fn texts(article: &Article, analysis: &Analysis, liked: &Liked) -> Texts {
    let sizes: Vec<usize> = article.sentences.iter().map(|s| letters(&s.text)).collect();
    let all: usize = sizes.iter().sum();
    let teller = Teller::of(article, analysis, &sizes, liked);
    let mut room = LetterBudget((SHARE * all as f32) as usize);
    let thesis = teller.thesis(&mut room);
    let mut reserve = teller.reserve_for_points(room.0 / 3);
    room.0 -= reserve;
    let challenges = teller.best_that_fit(&mut room).unwrap_or_else(|| {
        // Where there is little room, all of it is used, and challenges come before the argument.
        let taken = thesis.as_ref().map_or(0, |line| line.letters);
        room.0 = (all * MOST_LETTERS / 100).saturating_sub(taken);
        reserve = 0;
        teller.shortest_sentences(&mut room)
    });
    let points = teller.points(LetterBudget(reserve + room.0));
    Texts {
        thesis,
        points,
        challenges,
    }
}

/// Letters that may still be shown.
struct LetterBudget(usize);

impl LetterBudget {
    fn take(&mut self, size: usize) -> bool {
        let fits = size <= self.0;
        if fits {
            self.0 -= size;
        }
        fits
    }
}

/// Sentences with how sure each is of its part, surest first.
type Rows = [(usize, f32)];

/// Composes the lines of one article.
struct Teller<'a> {
    article: &'a Article,
    analysis: &'a Analysis,
    /// Letters of each sentence.
    sizes: &'a [usize],
    words: ArticleWords,
    held: Vec<(f32, f32)>,
    liked: &'a Liked,
}

impl<'a> Teller<'a> {
    fn of(
        article: &'a Article,
        analysis: &'a Analysis,
        sizes: &'a [usize],
        liked: &'a Liked,
    ) -> Teller<'a> {
        Teller {
            liked,
            words: ArticleWords::of(article, &analysis.judgements, &analysis.plan.thesis),
            held: held(&analysis.judgements),
            article,
            analysis,
            sizes,
        }
    }

    /// The best line of some sentences that has at most so many letters.
    fn line(&self, cited: &Rows, field: LineField, most: usize) -> Option<ComposedLine> {
        self.lines(cited, field, most).into_iter().next()
    }

    /// The lines of some sentences that have at most so many letters, best first.
    fn lines(&self, cited: &Rows, field: LineField, most: usize) -> Vec<ComposedLine> {
        let room = Room {
            characters: LONGEST_LINE[self.article.language],
            letters: most,
            pieces: MOST_PIECES[field as usize],
        };
        let (words, held) = (&self.words, &self.held);
        let asked = (field, room);
        let mut found = lines(self.article, words, held, cited, asked, Selector::builtin());
        if field != LineField::Step && !self.liked.is_empty() {
            for line in &mut found {
                line.score += self.liked.get(&line.text).copied().unwrap_or(0.0);
            }
            found.sort_by(|a, b| b.score.total_cmp(&a.score));
        }
        found
    }

    /// A sentence as it stands.
    fn whole(&self, i: usize) -> ComposedLine {
        ComposedLine::whole(i, &self.article.sentences[i].text)
    }

    /// The shortest of some sentences, as it stands.
    fn shortest(&self, rows: &Rows) -> Option<ComposedLine> {
        let sentences = rows.iter().map(|(i, _)| *i);
        sentences
            .min_by_key(|&i| self.sizes[i])
            .map(|i| self.whole(i))
    }

    /// The line of the likeliest thesis sentences, else any sentence that fits, else the shortest: an article of one sentence
    /// has a thesis longer than the limit, for there is always one, and nothing else is shown beside it.
    fn thesis(&self, room: &mut LetterBudget) -> Option<ComposedLine> {
        let rows = thesis_rows(&self.analysis.judgements);
        let fitting = || (0..self.sizes.len()).find(|&i| self.sizes[i] <= room.0);
        let shortest = || (0..self.sizes.len()).min_by_key(|&i| self.sizes[i]);
        let shown = self
            .line(&rows, LineField::Thesis, room.0)
            .or_else(|| fitting().or_else(shortest).map(|i| self.whole(i)))?;
        room.0 = room.0.saturating_sub(shown.letters);
        Some(shown)
    }

    /// Letters kept free for the fewest points, the shortest first.
    fn reserve_for_points(&self, most: usize) -> usize {
        let points = self.analysis.plan.points.iter();
        let mut own: Vec<usize> = points
            .flat_map(|p| &p.sentences)
            .map(|&i| self.sizes[i])
            .collect();
        own.sort_unstable();
        own.iter().take(FEWEST_POINTS + 1).sum::<usize>().min(most)
    }

    /// Texts and remedies of the challenges: the best lines that fit together.
    fn best_that_fit(&self, room: &mut LetterBudget) -> Option<Vec<Shown>> {
        /// Says how much longer than an even share a line may be; tried in turn.
        const STRETCH: [f32; 4] = [f32::INFINITY, 1.6, 1.3, 1.0];
        let parts = |f: &ChallengeFinding| {
            usize::from(!f.evidence.is_empty()) + usize::from(!f.remedies.is_empty())
        };
        let count: usize = self.analysis.findings.iter().map(parts).sum();
        let even = room.0 as f32 / count.max(1) as f32;
        for stretch in STRETCH {
            let shown = self.best_lines((even * stretch) as usize);
            let lines = shown.iter().flat_map(|s| [&s.text, &s.remedy]).flatten();
            if room.take(lines.map(|line| line.letters).sum()) {
                return Some(shown);
            }
        }
        None
    }

    /// The best line of each challenge that is no longer than `limit`, and of its remedies. Where all are longer, the shortest sentence.
    fn best_lines(&self, limit: usize) -> Vec<Shown> {
        let text = |rows: &Rows, field| {
            let line = self.line(rows, field, limit);
            line.or_else(|| self.shortest(rows))
        };
        let shown = |finding: &ChallengeFinding| Shown {
            text: text(&finding.evidence, LineField::Challenge),
            remedy: self.remedy(&finding.remedies, limit),
        };
        self.analysis.findings.iter().map(shown).collect()
    }

    /// The surest remedy that is no longer than `limit`, shortened where that pays; else the shortest.
    fn remedy(&self, rows: &Rows, limit: usize) -> Option<ComposedLine> {
        let line = |row: &(usize, f32)| self.line(&[*row], LineField::Step, limit);
        rows.iter().find_map(line).or_else(|| self.shortest(rows))
    }

    /// The shortest evidence of each challenge, then the shortest remedies, while there is room.
    fn shortest_sentences(&self, room: &mut LetterBudget) -> Vec<Shown> {
        let mut take = |rows: &Rows| self.shortest(rows).filter(|line| room.take(line.letters));
        let findings = &self.analysis.findings;
        let mut shown: Vec<Shown> = findings
            .iter()
            .map(|finding| Shown {
                text: take(&finding.evidence),
                remedy: None,
            })
            .collect();
        for (shown, finding) in shown.iter_mut().zip(findings) {
            shown.remedy = take(&finding.remedies);
        }
        shown
    }

    /// As many points as there is room for; the sentences of the others are cited by their neighbours.
    fn points(&self, room: LetterBudget) -> Vec<(Point, ComposedLine)> {
        let judgements = &self.analysis.judgements;
        let points = self.analysis.plan.points.iter();
        let chosen: Vec<usize> = points.flat_map(|p| &p.sentences).copied().collect();
        for count in (1..=MOST_POINTS.min(chosen.len())).rev() {
            let mut left = LetterBudget(room.0);
            let points: Vec<(Point, ComposedLine)> = argument::points(judgements, &chosen, count)
                .into_iter()
                .map(|mut point| {
                    let (shown, line) = self.step(&point, left.0 / 2);
                    point.role = judgements[shown].role();
                    // The shown sentence is cited first.
                    point.sentences.retain(|&i| i != shown);
                    point.sentences.insert(0, shown);
                    (point, line)
                })
                .collect();
            if points.iter().all(|(_, line)| left.take(line.letters)) {
                return points;
            }
        }
        Vec::new()
    }

    /// The line of the best sentence of a point that is no longer than `fair`, else its shortest sentence.
    fn step(&self, point: &Point, fair: usize) -> (usize, ComposedLine) {
        let key = |i: usize| self.held[i].0;
        let mut best = point.sentences.clone();
        best.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then(a.cmp(&b)));
        let line = |i: usize| Some((i, self.line(&[(i, key(i))], LineField::Step, fair)?));
        let short = || {
            point
                .sentences
                .iter()
                .copied()
                .min_by_key(|&i| self.sizes[i])
        };
        best.iter()
            .find_map(|&i| line(i))
            .or_else(|| short().map(|i| (i, self.whole(i))))
            .expect("a point has sentences")
    }
}
