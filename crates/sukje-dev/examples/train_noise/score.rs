//! Scores of a cleaned page: what leaked, what was lost, and whether reasons are right.
//!
//! In:  a page and a chain. Out: counts, by kind.

use std::fmt::Write;

use sukje::clean::context::model::KINDS;
use sukje::clean::context::{ContextModels, Limits};
use sukje::clean::{CleanOptions, clean_with};
use sukje::input::document;

use super::pages::Page;

/// Counts over pages, by kind; the first kind is the article's own.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Letters, and those of them that stand.
    letters: [(usize, usize); KINDS.len()],
    /// Texts, and of them those that stand (the article's own) or went under their own reason.
    texts: [(usize, usize); KINDS.len()],
    pages: usize,
    /// Pages that lost an own text, and the clean ones among them.
    losing: usize,
    lost: Vec<String>,
    leaks: Vec<(usize, String)>,
    /// Noise letters and those standing, own letters and those standing, by manner.
    manners: std::collections::BTreeMap<String, [usize; 4]>,
}

impl Score {
    /// Cleans a page and counts.
    pub fn add(&mut self, page: &Page, chain: Option<(&ContextModels, Limits)>) {
        let document = document("page.txt".into(), page.text.clone().into_bytes(), None)
            .expect("a page is text");
        let article = clean_with(&document, &CleanOptions::default(), chain);
        let mut stands = vec![false; page.text.len()];
        for sentence in &article.sentences {
            stands[sentence.start..sentence.end].fill(true);
        }
        let mut losing = false;
        for (span, kind) in &page.spans {
            let text = &page.text[span.clone()];
            let (mut all, mut kept) = (0, 0);
            for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
                let _ = c;
                all += 1;
                kept += usize::from(stands[span.start + at]);
            }
            if all == 0 {
                continue;
            }
            let manner = self.manners.entry(page.manner.clone()).or_default();
            let at = if *kind == 0 { 2 } else { 0 };
            manner[at] += all;
            manner[at + 1] += kept;
            self.letters[*kind].0 += all;
            self.letters[*kind].1 += kept;
            self.texts[*kind].0 += 1;
            let right = if *kind == 0 {
                kept * 100 >= all * 98
            } else {
                article.removed.iter().any(|r| {
                    let shared = r.end.min(span.end).saturating_sub(r.start.max(span.start));
                    shared * 2 > span.len() && Some(r.reason) == KINDS[*kind]
                })
            };
            self.texts[*kind].1 += usize::from(right);
            if *kind == 0 && !right {
                losing = true;
                let by = article
                    .removed
                    .iter()
                    .find(|r| r.start < span.end && span.start < r.end);
                let by = by.map_or("title", |r| &r.rule);
                self.lost.push(format!(
                    "{by}\t{}\t{}",
                    page.manner,
                    text.replace('\n', " ")
                ));
            }
            if *kind > 0 && kept * 2 > all {
                self.leaks.push((
                    *kind,
                    format!("{}\t{}", page.manner, text.replace('\n', " ")),
                ));
            }
        }
        self.pages += 1;
        self.losing += usize::from(losing);
    }

    /// Adds another's counts.
    pub fn join(&mut self, other: &Score) {
        for k in 0..KINDS.len() {
            self.letters[k].0 += other.letters[k].0;
            self.letters[k].1 += other.letters[k].1;
            self.texts[k].0 += other.texts[k].0;
            self.texts[k].1 += other.texts[k].1;
        }
        self.pages += other.pages;
        self.losing += other.losing;
        for (name, counts) in &other.manners {
            let own = self.manners.entry(name.clone()).or_default();
            own.iter_mut().zip(counts).for_each(|(a, b)| *a += b);
        }
        self.lost.extend(other.lost.iter().cloned());
        self.leaks.extend(other.leaks.iter().cloned());
    }

    /// The counts as lines.
    pub fn table(&self, name: &str, by_kind: bool) -> String {
        let share = |(all, part): (usize, usize)| part as f64 / all.max(1) as f64;
        let sum = |of: &[(usize, usize)]| of.iter().fold((0, 0), |s, x| (s.0 + x.0, s.1 + x.1));
        let mut out = String::new();
        let _ = writeln!(
            out,
            "  {name}: leaked {:.3}, kept {:.4} (letters {:.4}), reason {:.3}; {} of {} pages lose",
            share(sum(&self.letters[1..])),
            share(self.texts[0]),
            share(self.letters[0]),
            share(sum(&self.texts[1..])),
            self.losing,
            self.pages
        );
        if by_kind {
            for k in 1..KINDS.len() {
                let kind = KINDS[k].map_or("article", |r| r.name());
                let _ = writeln!(
                    out,
                    "    {kind:18} {:5} leaked {:.3} reason {:.3}",
                    self.texts[k].0,
                    share(self.letters[k]),
                    share(self.texts[k])
                );
            }
            for (manner, [noise, leaked, own, kept]) in &self.manners {
                let _ = writeln!(
                    out,
                    "    {manner:24} leaked {:.3} kept {:.4}",
                    share((*noise, *leaked)),
                    share((*own, *kept))
                );
            }
            if std::env::args().any(|a| a == "show") {
                self.lost
                    .iter()
                    .for_each(|t| out.push_str(&format!("    LOST {t}\n")));
                self.leaks.iter().for_each(|(k, t)| {
                    let kind = KINDS[*k].map_or("article", |r| r.name());
                    out.push_str(&format!("    LEAK {kind}: {t}\n"));
                });
            }
        }
        out
    }
}
