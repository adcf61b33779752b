//! The figures, from what was kept and dropped to what the brief says and points at.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use super::{Figures, Gold};
use crate::article::{Article, Sentence, letters};
use crate::brief::{
    ArgumentPoint, Brief, Challenge, ClausePart, CritiquePoint, Origin, Outline, Role, Statement,
    Status,
};

/// Noise that still stands counts in runs of at least so many letters: shorter ones stand there by chance.
const RUN_LETTERS: usize = 12;

/// Says how many distinct sentences of thesis and argument a reader looks at, and `key` with them.
const SENTENCES_READ: usize = 12;

/// Says how many evidence sentences of the thesis count.
const THESIS_READ: usize = 2;

/// Share of the article's letters that a brief may hold, in per cent.
const LONGEST_BRIEF: usize = 40;

/// Letters of joints that a text of clauses may always hold, in jamo: six syllables.
const MOST_JOINTS: usize = 18;

/// A repeated sentence shorter than this says nothing.
const REPEAT_LETTERS: usize = 9;

/// All figures of one case. `text` is the decoded text the article's spans refer to.
pub fn score(gold: &Gold, text: &str, article: &Article, brief: &Brief) -> Figures {
    let mut figures = score_clean(gold, text, article);
    figures.extend(score_said(gold, &Said::by_brief(brief)));
    Figures(figures)
}

/// The figures of an outline of `article` that has not been verified.
pub fn score_outline(gold: &Gold, article: &Article, outline: &Outline) -> Figures {
    Figures(score_said(gold, &Said::by_outline(article, outline)))
}

/// What a brief or an outline says, and the sentences it cites.
struct Said<'a> {
    sentences: &'a [Sentence],
    thesis: Option<&'a Statement>,
    argument: &'a [ArgumentPoint],
    challenges: &'a [Challenge],
    critique: &'a [CritiquePoint],
}

impl<'a> Said<'a> {
    fn by_brief(brief: &'a Brief) -> Said<'a> {
        Said {
            sentences: &brief.article.sentences,
            thesis: brief.thesis.as_ref(),
            argument: &brief.argument,
            challenges: &brief.challenges,
            critique: &brief.critique,
        }
    }

    fn by_outline(article: &'a Article, outline: &'a Outline) -> Said<'a> {
        Said {
            sentences: &article.sentences,
            thesis: outline.thesis.as_ref(),
            argument: &outline.argument,
            challenges: &outline.challenges,
            critique: &outline.critique,
        }
    }
}

/// Letters and digits in lower case, nothing else.
fn norm(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn norms<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    texts.into_iter().map(|text| norm(text)).collect()
}

fn share(part: usize, whole: usize, of_nothing: f64) -> f64 {
    if whole == 0 {
        of_nothing
    } else {
        part as f64 / whole as f64
    }
}

fn yes(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

/// What was kept and dropped.
fn score_clean(gold: &Gold, text: &str, article: &Article) -> Vec<(&'static str, f64)> {
    let want = norms(&gold.sentences);
    let kept = norms(article.sentences.iter().map(|s| &s.text));
    let joined = kept.concat();
    let (wanted, found): (HashSet<_>, HashSet<_>) = (want.iter().collect(), kept.iter().collect());
    let exact = wanted.intersection(&found).count();
    let precision = share(exact, found.len(), 1.0);
    let recall = share(exact, wanted.len(), 1.0);
    let repeated =
        |w: &&String| w.chars().count() >= REPEAT_LETTERS && joined.matches(w.as_str()).count() > 1;
    let title = article.title.as_ref().map_or("", |t| &t.text);
    let noise = noise(gold, &want);
    let standing = want.iter().filter(|w| joined.contains(*w)).count();
    let repeated = want.iter().filter(repeated).count();
    let f1 = match exact {
        0 => 0.0,
        _ => 2.0 * precision * recall / (precision + recall),
    };
    vec![
        ("kept", share(standing, want.len(), 1.0)),
        ("leaked", leaked(&noise, &kept.join("\0"))),
        ("repeats", share(repeated, want.len(), 1.0)),
        ("exact_r", recall),
        ("exact_f1", f1),
        ("tiled", yes(tiles(text, article))),
        ("title", yes(norm(title) == norm(&gold.title))),
        ("reason", reasons(&noise, article)),
    ]
}

/// Kind and letters of each noise text, but for those that stand in the article itself.
fn noise<'a>(gold: &'a Gold, want: &[String]) -> Vec<(&'a str, String)> {
    let texts = gold
        .noise
        .iter()
        .flat_map(|n| n.text.iter().map(|t| (n.kind.as_str(), norm(t))));
    texts
        .filter(|(_, t)| !t.is_empty() && !want.iter().any(|w| w.contains(t)))
        .map(|(kind, t)| (if kind == "ad" { "advertisement" } else { kind }, t))
        .collect()
}

fn leaked(noise: &[(&str, String)], kept: &str) -> f64 {
    let standing = noise.iter().map(|(_, t)| standing(t, kept)).sum();
    let all = noise.iter().map(|(_, t)| t.chars().count()).sum();
    share(standing, all, 0.0)
}

/// Letters of `text` that stand in `kept` in runs of at least [`RUN_LETTERS`]; of a shorter text, all or none.
fn standing(text: &str, kept: &str) -> usize {
    let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bounds.push(text.len());
    let count = bounds.len() - 1;
    if count <= RUN_LETTERS {
        return if kept.contains(text) { count } else { 0 };
    }
    let (mut standing, mut counted) = (0, 0);
    for start in 0..=count - RUN_LETTERS {
        let end = start + RUN_LETTERS;
        if kept.contains(&text[bounds[start]..bounds[end]]) {
            standing += end - start.max(counted);
            counted = end;
        }
    }
    standing
}

/// Tells whether title, sentences and removed spans do not overlap, hold every character that is not white space, and each
/// sentence's span holds its text.
fn tiles(text: &str, article: &Article) -> bool {
    let title = article.title.iter().map(|t| (t.start, t.end));
    let sentences = article.sentences.iter().map(|s| (s.start, s.end));
    let removed = article.removed.iter().map(|r| (r.start, r.end));
    let mut spans: Vec<_> = title.chain(sentences).chain(removed).collect();
    spans.sort_unstable();
    let mut at = 0;
    for (start, end) in spans {
        let Some(between) = text.get(at..start) else {
            return false;
        };
        if !between.trim().is_empty() || end < start {
            return false;
        }
        at = end;
    }
    let rest = text.get(at..).is_some_and(|rest| rest.trim().is_empty());
    rest && article.sentences.iter().all(|s| {
        text.get(s.start..s.end)
            .is_some_and(|span| norm(span) == norm(&s.text))
    })
}

/// Share of noise texts that a removed span covers under their own reason.
fn reasons(noise: &[(&str, String)], article: &Article) -> f64 {
    let removed: Vec<_> = article
        .removed
        .iter()
        .map(|r| (r.reason.name(), norm(&r.text)))
        .collect();
    let covers = |removed: &str, text: &str| {
        removed.contains(text) || removed.chars().count() > 3 && text.contains(removed)
    };
    let right = noise
        .iter()
        .filter(|(kind, text)| removed.iter().any(|(r, t)| r == kind && covers(t, text)))
        .count();
    share(right, noise.len(), 1.0)
}

/// The brief's sentences beside the gold ones.
struct Pairing<'a> {
    sentences: BTreeMap<u32, &'a str>,
    want: Vec<String>,
}

impl Pairing<'_> {
    /// Gold sentences that a cited one mostly consists of; one that swallowed others is no hit for them.
    fn hits(&self, id: u32) -> Vec<usize> {
        let cited = self.sentences.get(&id).map_or(String::new(), |s| norm(s));
        let mostly = |part: &str, whole: &str| {
            whole.contains(part) && 2 * part.chars().count() >= whole.chars().count()
        };
        let same = |w: &str| !w.is_empty() && (mostly(w, &cited) || mostly(&cited, w));
        if cited.is_empty() {
            return Vec::new();
        }
        (0..self.want.len())
            .filter(|&i| same(&self.want[i]))
            .collect()
    }

    fn hits_any(&self, id: Option<&u32>, gold: &[usize]) -> bool {
        id.is_some_and(|id| self.hits(*id).iter().any(|hit| gold.contains(hit)))
    }

    fn found(&self, ids: &[u32]) -> HashSet<usize> {
        ids.iter().flat_map(|id| self.hits(*id)).collect()
    }
}

/// What the brief says and points at.
fn score_said(gold: &Gold, said: &Said) -> Vec<(&'static str, f64)> {
    let pairing = Pairing {
        sentences: said
            .sentences
            .iter()
            .map(|s| (s.id, s.text.as_str()))
            .collect(),
        want: norms(&gold.sentences),
    };
    let mut figures = score_challenges(gold, said, &pairing);
    let thesis = said.thesis.map_or(&[][..], |t| &t.evidence);
    let read = pairing.found(&thesis[..thesis.len().min(THESIS_READ)]);
    let seen = pairing.found(&line_of_reasoning(said));
    let key: HashSet<_> = gold.key.iter().copied().collect();
    let found = key.intersection(&seen).count();
    let texts = texts(said);
    let sound = texts
        .iter()
        .filter(|t| t.is_sound(&pairing.sentences))
        .count();
    let length: usize = texts.iter().map(|t| letters(t.text)).sum();
    let whole: usize = pairing.want.iter().map(|w| w.chars().count()).sum();
    figures.extend([
        ("thesis", yes(gold.thesis.iter().any(|i| read.contains(i)))),
        ("key", share(found, key.len(), 1.0)),
        ("sound", share(sound, texts.len(), 1.0)),
        ("length", yes(length * 100 <= whole * LONGEST_BRIEF)),
        ("critique", yes(critique_holds(said))),
    ]);
    figures
}

/// Sums over the challenges of the gold answer.
#[derive(Default)]
struct Tally {
    right: usize,
    discussed: usize,
    first_right: usize,
    remedies_right: usize,
    cited: usize,
    cited_right: usize,
    gold: usize,
    gold_cited: usize,
}

fn score_challenges(gold: &Gold, said: &Said, pairing: &Pairing) -> Vec<(&'static str, f64)> {
    let own = said.challenges.iter().map(|c| &c.key);
    let keys: BTreeSet<&String> = gold.challenges.keys().chain(own).collect();
    let mut tally = Tally::default();
    for key in &keys {
        let challenge = said.challenges.iter().find(|c| c.key == **key);
        let ids = gold.challenges.get(*key).map_or(&[][..], |ids| ids);
        tally.add(challenge, ids, &gold.roles, pairing);
    }
    vec![
        ("presence", share(tally.right, keys.len(), 1.0)),
        ("top1", share(tally.first_right, tally.discussed, 1.0)),
        ("ev_p", share(tally.cited_right, tally.cited, 1.0)),
        ("ev_r", share(tally.gold_cited, tally.gold, 1.0)),
        ("remedy", share(tally.remedies_right, tally.discussed, 1.0)),
    ]
}

impl Tally {
    fn add(&mut self, said: Option<&Challenge>, gold: &[usize], roles: &[Role], pairing: &Pairing) {
        let evidence = said.map_or(&[][..], |c| &c.evidence);
        let claims = said.is_some_and(|c| c.status == Status::Discussed);
        let found = pairing.found(evidence);
        self.right += usize::from(claims != gold.is_empty());
        self.cited += evidence.len();
        self.cited_right += evidence
            .iter()
            .filter(|id| pairing.hits_any(Some(id), gold))
            .count();
        self.gold += gold.len();
        self.gold_cited += gold.iter().filter(|i| found.contains(i)).count();
        if gold.is_empty() {
            return;
        }
        self.discussed += 1;
        self.first_right += usize::from(pairing.hits_any(evidence.first(), gold));
        let cures: Vec<usize> = gold
            .iter()
            .copied()
            .filter(|&i| roles.get(i) == Some(&Role::Remedy))
            .collect();
        let remedy = said.and_then(|c| c.remedy.as_ref());
        self.remedies_right += usize::from(match (remedy, cures.is_empty()) {
            (remedy, true) => remedy.is_none(),
            (Some(remedy), false) => pairing.hits_any(remedy.evidence.first(), &cures),
            (None, false) => false,
        });
    }
}

/// The first distinct sentences that thesis, then argument cite.
fn line_of_reasoning(said: &Said) -> Vec<u32> {
    let thesis = said.thesis.iter().flat_map(|t| &t.evidence);
    let argument = said.argument.iter().flat_map(|a| &a.statement.evidence);
    let mut line = Vec::new();
    for id in thesis.chain(argument) {
        if !line.contains(id) {
            line.push(*id);
        }
    }
    line.truncate(SENTENCES_READ);
    line
}

/// A text of the brief and how many sentences it may have.
struct Text<'a> {
    text: &'a str,
    evidence: &'a [u32],
    origin: Origin,
    parts: &'a [ClausePart],
    most: usize,
}

fn texts<'a>(said: &Said<'a>) -> Vec<Text<'a>> {
    let thesis = said.thesis.iter().map(|s| Text::of(s, 1));
    let argument = said.argument.iter().map(|a| Text::of(&a.statement, 2));
    let challenges = said.challenges.iter().filter_map(|c| {
        Some(Text {
            text: c.text.as_deref()?,
            evidence: &c.evidence,
            origin: c.origin,
            parts: &c.parts,
            most: 2,
        })
    });
    let remedies = said.challenges.iter().filter_map(|c| c.remedy.as_ref());
    thesis
        .chain(argument)
        .chain(challenges)
        .chain(remedies.map(|s| Text::of(s, 2)))
        .collect()
}

impl<'a> Text<'a> {
    fn of(statement: &'a Statement, most: usize) -> Text<'a> {
        Text {
            text: &statement.text,
            evidence: &statement.evidence,
            origin: statement.origin,
            parts: &statement.parts,
            most,
        }
    }

    /// Tells whether it cites existing sentences only and is made of them word for word, or holds no figure they lack.
    fn is_sound(&self, sentences: &BTreeMap<u32, &str>) -> bool {
        let cited = self.evidence.iter().map(|id| sentences.get(id).copied());
        match cited.collect::<Option<Vec<&str>>>() {
            None => false,
            Some(cited) if cited.is_empty() => false,
            Some(cited) if self.origin == Origin::Source => self.quotes(&cited),
            Some(_) if self.origin == Origin::Clauses => self.is_composed(sentences),
            Some(cited) => {
                let have: HashSet<_> = cited.iter().flat_map(|s| numbers(s)).collect();
                numbers(self.text).is_subset(&have)
            }
        }
    }

    /// Tells whether it is made of its parts, which stand in cited sentences, and of few other letters, none of them a digit.
    fn is_composed(&self, sentences: &BTreeMap<u32, &str>) -> bool {
        let whole = jamo(self.text);
        let (mut at, mut others) = (0, String::new());
        for part in self.parts {
            let words = jamo(&part.text);
            let stands = sentences
                .get(&part.sentence)
                .is_some_and(|s| jamo(s).contains(&words));
            if words.is_empty() || !stands || !self.evidence.contains(&part.sentence) {
                return false;
            }
            // The last syllable may have changed for the joint.
            let ends = words.char_indices().rev().map(|(i, _)| i).take(2);
            let forms = std::iter::once(words.len()).chain(ends);
            let found = forms
                .filter(|end| *end > 0)
                .find_map(|end| Some((whole[at..].find(&words[..end])? + at, end)));
            let Some((start, length)) = found else {
                return false;
            };
            others.push_str(&whole[at..start]);
            at = start + length;
        }
        others.push_str(&whole[at..]);
        let (count, all) = (others.chars().count(), whole.chars().count());
        let digits = others.contains(char::is_numeric);
        !self.parts.is_empty() && !digits && count <= MOST_JOINTS.max(all / 10)
    }

    fn quotes(&self, cited: &[&str]) -> bool {
        let mut cited: Vec<String> = cited.iter().map(|s| norm(s)).collect();
        cited.sort_by_key(|s| std::cmp::Reverse(s.len()));
        let (mut rest, mut used) = (norm(self.text), 0);
        for sentence in cited.iter().filter(|s| !s.is_empty()) {
            if rest.contains(sentence) {
                rest = rest.replacen(sentence, "", 1);
                used += 1;
            }
        }
        rest.is_empty() && used <= self.most
    }
}

/// Letters and digits alone, syllables taken apart.
fn jamo(text: &str) -> String {
    let folded = text.nfkd().flat_map(char::to_lowercase);
    folded.filter(|c| c.is_alphanumeric()).collect()
}

/// The figures of a text, thousands marks left out.
fn numbers(text: &str) -> HashSet<String> {
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d+(?:[.,]\d+)*").expect("the pattern is sound"));
    NUMBER
        .find_iter(text)
        .map(|n| n.as_str().replace(',', ""))
        .collect()
}

/// At least one point, each with a text and existing sentences, and no two alike.
fn critique_holds(said: &Said) -> bool {
    let ids: HashSet<u32> = said.sentences.iter().map(|s| s.id).collect();
    let own = said.challenges.iter().flat_map(|c| &c.critique);
    let mut seen = HashSet::new();
    let mut points = said
        .critique
        .iter()
        .chain(own)
        .map(|p| &p.statement)
        .peekable();
    points.peek().is_some()
        && points.all(|p| {
            let text = norm(&p.text);
            let cites = !p.evidence.is_empty() && p.evidence.iter().all(|id| ids.contains(id));
            cites && !text.is_empty() && seen.insert(text)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Source;
    use crate::brief::{ArgumentPoint, CritiqueKind, CritiquePoint};
    use crate::clean::{CleanOptions, clean};
    use crate::input::Document;
    use crate::outline::{Lens, OutlineOptions, outline};
    use crate::verify::verify;

    const KO: [&str; 4] = [
        "해솔시는 버스 노선을 세 개 줄였다.",
        "전력 요금이 한 해에 30% 올랐기 때문이다.",
        "시는 차고지 지붕에 태양광을 얹어야 한다.",
        "기다리는 사람에게 버스는 시간표가 아니라 약속이다.",
    ];
    const EN: [&str; 4] = [
        "Wexmoor has cut three bus routes this winter.",
        "Power for the depot costs 30% more than a year ago.",
        "The town should put panels on the depot roof.",
        "To those who wait, a bus is a promise and not a timetable.",
    ];

    fn gold(sentences: [&str; 4]) -> Gold {
        let json = serde_json::json!({
            "id": "own", "title": "", "sentences": sentences,
            "roles": ["context", "evidence", "remedy", "conclusion"],
            "noise": [{"kind": "ad", "text": ["Sleep better on a Cloudnine mattress today"]}],
            "thesis": [3], "key": [1, 2, 3],
            "challenges": {"ecosystem": [], "power": [1, 2], "talent": [], "regulation": [], "speed": []},
        });
        Gold::from_json(&json.to_string()).expect("a sound gold answer")
    }

    /// An article of just these sentences, and a brief without any statement.
    fn read(lines: &[&str]) -> (String, Article, Brief) {
        let text = lines.join("\n");
        let source = Source {
            name: "own".into(),
            bytes: 0,
            encoding: "utf-8".into(),
            sha256: String::new(),
        };
        let document = Document {
            source,
            text: text.clone(),
            form: Default::default(),
            page: None,
            warnings: Vec::new(),
        };
        let mut article = clean(&document, &CleanOptions::default());
        let mut start = 0;
        article.title = None;
        article.removed.clear();
        article.sentences.clear();
        for (id, line) in (1..).zip(lines) {
            let end = start + line.len();
            article.sentences.push(crate::article::Sentence {
                id,
                text: (*line).into(),
                start,
                end,
                spans: Vec::new(),
            });
            start = end + 1;
        }
        let lens = Lens::builtin("five-challenges").expect("a built-in lens");
        let mut brief = verify(
            &article,
            outline(
                &article,
                &OutlineOptions {
                    lens,
                    output_language: None,
                },
            ),
        );
        brief.thesis = None;
        brief.argument.clear();
        brief.challenges.clear();
        brief.critique.clear();
        (text, article, brief)
    }

    fn statement(text: &str, evidence: &[u32]) -> Statement {
        Statement {
            text: text.into(),
            evidence: evidence.into(),
            origin: Origin::Source,
            parts: Vec::new(),
        }
    }

    fn power(text: &str, evidence: &[u32], remedy: Option<Statement>) -> Challenge {
        Challenge {
            key: "power".into(),
            label: "power".into(),
            status: Status::Discussed,
            text: Some(text.into()),
            evidence: evidence.into(),
            origin: Origin::Source,
            parts: Vec::new(),
            remedy,
            critique: Vec::new(),
        }
    }

    fn check(figures: &Figures, expected: &[(&str, f64)]) {
        for (name, value) in expected {
            let found = figures.get(name).expect("a figure of that name");
            assert!(
                (found - value).abs() < 1e-9,
                "{name}: {found}, expected {value}; {figures:?}"
            );
        }
    }

    #[test]
    fn a_right_answer_scores_full_marks() {
        for lines in [KO, EN] {
            let (text, article, mut brief) = read(&lines);
            brief.thesis = Some(statement(lines[3], &[4]));
            let claim = ArgumentPoint {
                role: Role::Claim,
                statement: statement(lines[2], &[3, 2]),
            };
            brief.argument.push(claim);
            brief
                .challenges
                .push(power(lines[1], &[2, 3], Some(statement(lines[2], &[3]))));
            let point = statement("Who counted the 30%?", &[2]);
            brief.critique.push(CritiquePoint {
                kind: CritiqueKind::UnsourcedFigure,
                statement: point,
            });
            let figures = score(&gold(lines), &text, &article, &brief);
            let ones = [
                "kept", "exact_r", "exact_f1", "tiled", "title", "presence", "top1", "ev_p",
                "ev_r", "remedy",
            ];
            check(&figures, &ones.map(|name| (name, 1.0)));
            check(
                &figures,
                &["thesis", "key", "sound", "critique"].map(|name| (name, 1.0)),
            );
            check(
                &figures,
                &[
                    ("leaked", 0.0),
                    ("repeats", 0.0),
                    ("reason", 0.0),
                    ("length", 0.0),
                ],
            );
        }
    }

    #[test]
    fn losses_leaks_and_repeats_are_counted() {
        for lines in [KO, EN] {
            let ad = "Sleep better on a Cloudnine mattress today";
            let (text, article, brief) = read(&[lines[0], lines[0], lines[1], ad]);
            let figures = score(&gold(lines), &text, &article, &brief);
            check(
                &figures,
                &[
                    ("kept", 0.5),
                    ("leaked", 1.0),
                    ("repeats", 0.25),
                    ("exact_r", 0.5),
                    ("tiled", 1.0),
                ],
            );
            check(
                &figures,
                &[
                    ("presence", 0.8),
                    ("ev_r", 0.0),
                    ("ev_p", 1.0),
                    ("critique", 0.0),
                    ("thesis", 0.0),
                ],
            );
        }
    }

    #[test]
    fn a_gap_or_an_overlap_is_no_tiling() {
        for lines in [KO, EN] {
            let (text, article, _) = read(&lines);
            assert!(tiles(&text, &article));
            let mut gap = article.clone();
            gap.sentences.pop();
            assert!(!tiles(&text, &gap));
            let mut overlap = article.clone();
            overlap.sentences[1].start -= 2;
            assert!(!tiles(&text, &overlap));
        }
    }

    #[test]
    fn a_text_must_be_made_of_what_it_cites() {
        for lines in [KO, EN] {
            let (_, _, brief) = read(&lines);
            let sentences = brief
                .article
                .sentences
                .iter()
                .map(|s| (s.id, s.text.as_str()))
                .collect();
            let sound = |text: &str, evidence: &[u32], origin| {
                let statement = Statement {
                    origin,
                    ..statement(text, evidence)
                };
                Text::of(&statement, 2).is_sound(&sentences)
            };
            let two = format!("{} {}", lines[0], lines[1]);
            let three = format!("{two} {}", lines[2]);
            assert!(sound(&two, &[1, 2, 3], Origin::Source));
            assert!(!sound(&two, &[1, 3], Origin::Source));
            assert!(!sound(&three, &[1, 2, 3], Origin::Source));
            assert!(!sound(&two, &[1, 2, 9], Origin::Source));
            assert!(sound("30% more", &[2], Origin::Model));
            assert!(!sound("31% more", &[2], Origin::Model));
            assert!(!sound("", &[], Origin::Model));
        }
    }

    #[test]
    fn only_runs_leak() {
        assert_eq!(standing("abcdefghijklmnop", "xxabcdefghijklmyy"), 13);
        assert_eq!(standing("abcdefghijklmnop", "abcdefghijk"), 0);
        assert_eq!(standing("광고", "이 광고"), 2);
    }
}
