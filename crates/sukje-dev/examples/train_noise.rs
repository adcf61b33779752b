//! Trains the cleaner's models on the sites, articles and noise lines under `training/`.
//!
//! `cargo run --release -p sukje-dev --example train_noise [-- --folds 5]` writes `training/weights/shape.*.bin`; with folds it
//! only prints how well held-out articles are told apart. `-- context` learns the reader of context and writes
//! `training/weights/context*.bin`; `-- cv` prints how it does on sites of writers it has not seen, in ten folds.

#[path = "train_noise/chain.rs"]
mod chain;
#[path = "train_noise/context.rs"]
mod context;
#[path = "train_noise/learn.rs"]
mod learn;
#[path = "train_noise/pages.rs"]
mod pages;
#[path = "train_noise/score.rs"]
mod score;
#[path = "train_noise/sites.rs"]
mod sites;

use std::path::Path;

use learn::{Example, Trainer};
use serde_json::Value;
use sukje::article::Reason;
use sukje::classifier::Choice;
use sukje::clean::line_class::{BUCKET_BITS, KINDS, features};

fn main() {
    let folds: usize = std::env::args()
        .skip_while(|a| a != "--folds")
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let asked = |name: &str| std::env::args().any(|a| a == name);
    if asked("cv") || asked("context") {
        context::run(asked("cv"));
        return;
    }
    for language in ["ko", "en"] {
        if std::env::args().any(|a| a == "--glued") {
            if language == "ko" {
                glued(folds);
            }
            continue;
        }
        if std::env::args().any(|a| a == "--gaps") {
            gaps(language, folds);
            continue;
        }
        if std::env::args().any(|a| a == "--stories") {
            stories(language, folds);
            continue;
        }
        let samples = samples(language);
        println!("{language}: {} samples", samples.len());
        if folds > 1 {
            validate(&samples, folds);
        } else {
            let model = train(samples.iter().map(|(_, e)| e.clone()).collect());
            std::fs::write(
                format!("training/weights/shape.{language}.bin"),
                model.to_bytes(),
            )
            .expect("the weights folder is writable");
        }
    }
}

fn train(examples: Vec<Example>) -> Trainer {
    let mut model = Trainer::new(KINDS.len(), BUCKET_BITS);
    for pass in 0..12 {
        model.pass(&examples, pass, 0.25 / (1.0 + pass as f32 * 0.15), 1e-6);
    }
    model
}

fn validate(samples: &[(usize, Example)], folds: usize) {
    let mut table = vec![vec![0usize; KINDS.len()]; KINDS.len()];
    for fold in 0..folds {
        let model = train(
            samples
                .iter()
                .filter(|(g, _)| g % folds != fold)
                .map(|(_, e)| e.clone())
                .collect(),
        );
        for (_, example) in samples.iter().filter(|(g, _)| g % folds == fold) {
            let scores = model.scores(&example.features);
            let best = (0..scores.len())
                .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
                .expect("there are classes");
            table[example.class][best] += 1;
        }
    }
    for (class, row) in table.iter().enumerate() {
        let all: usize = row.iter().sum();
        let name = KINDS[class].map_or("article", Reason::name);
        println!(
            "  {name:18} {:5} right {:.3}  as {:?}",
            all,
            row[class] as f64 / all.max(1) as f64,
            row
        );
    }
}

/// Trains the model that tells an offer glued to a sentence from the sentence's own first words.
fn glued(folds: usize) {
    let mut samples: Vec<(usize, Choice)> = Vec::new();
    let mut push = |group: usize, text: &str, offer: bool| {
        let mut item = Vec::new();
        features(text, |f, v| item.push((f, v)));
        samples.push((
            group,
            Choice {
                items: vec![(item, 0.0)],
                shared: Vec::new(),
                right: offer.then_some(0),
            },
        ));
    };
    let beginnings = |text: &str| -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=7.min(words.len().saturating_sub(1)))
            .map(|k| words[..k].join(" "))
            .collect()
    };
    for (group, case) in cases("ko").iter().enumerate() {
        for sentence in case["sentences"].as_array().expect("a list") {
            let text = sentence["text"].as_str().expect("a text");
            beginnings(text)
                .iter()
                .chain(&beginnings(&bare(text)))
                .for_each(|b| push(group, b, false));
        }
        for noise in case["noise"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|n| n["kind"] == "ad" || n["kind"] == "promotion")
        {
            let texts: Vec<&str> = noise["text"].as_str().map_or_else(
                || {
                    noise["text"]
                        .as_array()
                        .expect("a list")
                        .iter()
                        .filter_map(Value::as_str)
                        .collect()
                },
                |t| vec![t],
            );
            texts.iter().for_each(|t| {
                [t.to_string(), bare(t)]
                    .iter()
                    .for_each(|t| push(group, t, true))
            });
        }
    }
    for file in ["stories", "news"] {
        for (i, line) in std::fs::read_to_string(format!("training/{file}/ko.jsonl"))
            .expect("readable")
            .lines()
            .enumerate()
        {
            for text in &serde_json::from_str::<Vec<String>>(line).expect("a list of texts")[1..] {
                beginnings(&bare(text))
                    .iter()
                    .for_each(|b| push(i, b, false));
            }
        }
    }
    for (i, line) in std::fs::read_to_string("training/noise/ko.tsv")
        .expect("readable")
        .lines()
        .enumerate()
    {
        let Some((kind, text)) = line.split_once('\t') else {
            continue;
        };
        match kind {
            "advertisement" | "promotion" => [text.to_string(), bare(text)]
                .iter()
                .for_each(|t| push(i / 20, t, true)),
            "article" => beginnings(text).iter().for_each(|b| push(i / 20, b, false)),
            _ => {}
        }
    }
    let train = |test: &dyn Fn(usize) -> bool| {
        let lists: Vec<_> = samples.iter().filter(|s| test(s.0)).map(|s| &s.1).collect();
        let mut model = Trainer::new(1, sukje::clean::GLUED_BITS);
        for pass in 0..8 {
            model.pass_lists(&lists, pass, 0.1 / (1.0 + pass as f32 * 0.3), 1e-5);
        }
        model
    };
    println!("ko: {} beginnings and offers", samples.len());
    if folds < 2 {
        std::fs::write("training/weights/glued.ko.bin", train(&|_| true).to_bytes())
            .expect("the weights folder is writable");
        return;
    }
    let mut table = [[0usize; 3]; 9];
    for fold in 0..folds {
        let model = train(&|group| group % folds != fold);
        for (_, list) in samples.iter().filter(|s| s.0 % folds == fold) {
            let score = model.list_scores(list)[0];
            for (k, row) in table.iter_mut().enumerate() {
                let taken = score >= k as f32 - 4.0;
                row[0] += usize::from(taken && list.right.is_some());
                row[1] += usize::from(taken && list.right.is_none());
                row[2] += usize::from(!taken && list.right.is_some());
            }
        }
    }
    for (k, [hit, wrong, missed]) in table.iter().enumerate() {
        println!(
            "  score from {}: found {hit}, missed {missed}, wrong {wrong}",
            k as i32 - 4
        );
    }
}

/// Trains the model that finds sentence ends where marks were lost.
fn gaps(language: &str, folds: usize) {
    let lang = if language == "ko" {
        sukje::article::Language::Ko
    } else {
        sukje::article::Language::En
    };
    let mut samples: Vec<(usize, Example)> = Vec::new();
    for (group, case) in cases(language).iter().enumerate() {
        let mut texts: Vec<String> = Vec::new();
        let noise = case["noise"].as_array().expect("a list");
        let sentences = case["sentences"].as_array().expect("a list");
        for i in -1..sentences.len() as i64 {
            if let Ok(i) = usize::try_from(i) {
                texts.push(bare(sentences[i]["text"].as_str().expect("a text")));
            }
            for noise in noise.iter().filter(|n| {
                n["after"].as_i64() == Some(i)
                    && (n["mode"] == "inline" || n["kind"] == "unrelated_article")
            }) {
                match &noise["text"] {
                    Value::String(text) => texts.push(bare(text)),
                    list => texts.extend(
                        list.as_array()
                            .expect("a list")
                            .iter()
                            .filter_map(Value::as_str)
                            .map(bare),
                    ),
                }
            }
        }
        let texts: Vec<&str> = texts
            .iter()
            .map(String::as_str)
            .filter(|t| !t.is_empty())
            .collect();
        for (features, end) in sukje::clean::gap_samples(&texts, lang) {
            let features = features.into_iter().map(|f| (f, 1.0)).collect();
            samples.push((
                group,
                Example {
                    features,
                    class: usize::from(end),
                    weight: 1.0,
                },
            ));
        }
    }
    println!(
        "{language}: {} gaps, {} ends",
        samples.len(),
        samples.iter().filter(|s| s.1.class == 1).count()
    );
    let train = |test: &dyn Fn(usize) -> bool| {
        let lists: Vec<_> = samples
            .iter()
            .filter(|s| test(s.0))
            .map(|s| Choice {
                items: vec![(s.1.features.clone(), 0.0)],
                shared: Vec::new(),
                right: (s.1.class == 1).then_some(0),
            })
            .collect();
        let lists: Vec<_> = lists.iter().collect();
        let mut model = Trainer::new(1, sukje::clean::GAP_BITS);
        for pass in 0..6 {
            model.pass_lists(&lists, pass, 0.1 / (1.0 + pass as f32 * 0.3), 1e-5);
        }
        model
    };
    if folds < 2 {
        std::fs::write(
            format!("training/weights/gaps.{language}.bin"),
            train(&|_| true).to_bytes(),
        )
        .expect("the weights folder is writable");
        return;
    }
    let mut table = [[0usize; 3]; 9];
    for fold in 0..folds {
        let model = train(&|group| group % folds != fold);
        for (_, example) in samples.iter().filter(|s| s.0 % folds == fold) {
            let score = model.scores(&example.features)[0];
            for (k, row) in table.iter_mut().enumerate() {
                let cut = score >= k as f32 - 4.0;
                row[0] += usize::from(cut && example.class == 1);
                row[1] += usize::from(cut && example.class == 0);
                row[2] += usize::from(!cut && example.class == 1);
            }
        }
    }
    for (k, [hit, wrong, missed]) in table.iter().enumerate() {
        println!(
            "  score from {}: found {hit}, missed {missed}, wrong {wrong}",
            k as i32 - 4
        );
    }
}

/// Trains the model that tells other stories apart on the articles as scrapers would leave them.
fn stories(language: &str, folds: usize) {
    let cases = cases(language);
    let stories: Vec<Vec<String>> = cases
        .iter()
        .map(|case| {
            let noise = case["noise"].as_array().expect("a list");
            noise
                .iter()
                .filter(|n| n["kind"] == "unrelated_article")
                .find_map(|n| n["text"].as_array())
                .map_or(Vec::new(), |list| {
                    list.iter()
                        .filter_map(Value::as_str)
                        .map(str::to_string)
                        .collect()
                })
        })
        .collect();
    let mut stories = stories;
    if let Ok(lines) = std::fs::read_to_string(format!("training/stories/{language}.jsonl")) {
        stories.extend(
            lines
                .lines()
                .map(|line| serde_json::from_str::<Vec<String>>(line).expect("a list of texts")),
        );
    }
    let mut cases = cases;
    if let Ok(lines) = std::fs::read_to_string(format!("training/news/{language}.jsonl")) {
        cases.extend(lines.lines().map(|line| {
            news(&serde_json::from_str::<Vec<String>>(line).expect("a list of texts"))
        }));
    }
    let mut docs = Vec::new();
    let mut random = Random(7);
    for (group, case) in cases.iter().enumerate() {
        for turn in 0..18 {
            let punctuation = if turn % 2 == 0 { "keep" } else { "strip" };
            let wrap = ["line", "paragraph", "ragged", "single"][random.below(4)];
            // Two texts in six have no story; the others one of an article of the same fold.
            // Plain news has no story in two texts of three: it reads like one throughout.
            let with_story = if case["news"] == true {
                turn % 3 == 0
            } else {
                turn % 6 > 1
            };
            let story = with_story.then(|| {
                let same: Vec<usize> = (0..stories.len())
                    .filter(|i| i % folds.max(1) == group % folds.max(1) && !stories[*i].is_empty())
                    .collect();
                let story = &stories[same[random.below(same.len())]];
                let from = usize::from(random.below(4) == 0);
                let at =
                    [-1, random.below(40) as i64, random.below(40) as i64, 1000][random.below(4)];
                Story {
                    texts: story[from..].to_vec(),
                    after: at,
                    inline: random.below(2) == 0,
                }
            });
            let (text, stories) = render(case, punctuation, wrap, story.as_ref());
            let known: Vec<String> = stories.iter().map(|s| letters(s)).collect();
            let is_story = |raw: &str| {
                let raw = letters(raw);
                raw.len() > 3
                    && known.iter().any(|k| {
                        k.contains(&raw) || raw.contains(k.as_str()) && k.len() * 2 > raw.len()
                    })
            };
            let Some(sukje::clean::StorySamples { list, runs, truth }) =
                sukje::clean::story_samples(&text, &is_story)
            else {
                continue;
            };
            // A story that is there but is no run cannot be learned from.
            if list.right.is_some() || stories.is_empty() {
                docs.push((group, list, runs, truth));
            }
        }
    }
    let train = |test: &dyn Fn(usize) -> bool| {
        let lists: Vec<_> = docs.iter().filter(|d| test(d.0)).map(|d| &d.1).collect();
        let mut model = Trainer::new(1, sukje::clean::STORY_BITS);
        for pass in 0..12 {
            model.pass_lists(&lists, pass, 0.05 / (1.0 + pass as f32 * 0.3), 1e-4);
        }
        model
    };
    println!("{language}: {} texts", docs.len());
    if folds < 2 {
        std::fs::write(
            format!("training/weights/stories.{language}.bin"),
            train(&|_| true).to_bytes(),
        )
        .expect("the weights folder is writable");
        return;
    }
    let mut table = vec![[0usize; 8]; 6];
    for fold in 0..folds {
        let model = train(&|group| group % folds != fold);
        for (_, list, spans, truth) in docs.iter().filter(|d| d.0 % folds == fold) {
            let mut scores = model.list_scores(list);
            let right = &list.right;
            let items = &list.items;
            scores.push(0.0);
            sukje::classifier::softmax(&mut scores);
            let none = scores.pop().expect("just pushed");
            let best = (0..items.len())
                .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
                .expect("there are runs");
            for (row, least) in table.iter_mut().zip([0.05f32, 0.1, 0.2, 0.3, 0.5, 0.7]) {
                let taken = 1.0 - none >= least;
                for (i, story) in truth.iter().enumerate() {
                    let gone = taken && (spans[best].0..spans[best].1).contains(&i);
                    row[5] += usize::from(*story);
                    row[6] += usize::from(*story && !gone);
                    row[7] += usize::from(!*story && gone);
                }
                row[match (taken, right) {
                    (true, Some(r)) if *r == best => 0,
                    (true, Some(_)) => 1,
                    (false, Some(_)) => 2,
                    (true, None) => 3,
                    (false, None) => 4,
                }] += 1;
            }
        }
    }
    for (row, least) in table.iter().zip([0.05f32, 0.1, 0.2, 0.3, 0.5, 0.7]) {
        println!(
            "  from {least}: exact {}, other run {}, missed {}, taken where there is none {}, rightly none {}; of {} sentences {} leaked, {} of the article lost",
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]
        );
    }
}

fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// An article's text as a scraper would leave it, and the texts of its unrelated stories.
fn render(
    case: &Value,
    punctuation: &str,
    wrap: &str,
    story: Option<&Story>,
) -> (String, Vec<String>) {
    let degrade = |text: &str| -> String {
        if punctuation == "keep" {
            text.to_string()
        } else {
            bare(text)
        }
    };
    let mut lines: Vec<String> = vec![case["title"].as_str().unwrap_or_default().to_string()];
    let mut line: Vec<String> = Vec::new();
    let mut stories = Vec::new();
    let sizes = [2, 3, 4, 2, 3];
    let mut turn = 0;
    let sentences = case["sentences"].as_array().expect("a list");
    for i in -1..sentences.len() as i64 {
        if let Ok(i) = usize::try_from(i) {
            line.push(degrade(sentences[i]["text"].as_str().expect("a text")));
            let full = match wrap {
                "line" => true,
                "single" => false,
                _ => line.len() >= sizes[turn % sizes.len()],
            };
            if full {
                lines.push(line.join(" "));
                line.clear();
                turn += 1;
                if wrap == "paragraph" {
                    lines.push(String::new());
                }
            }
        }
        if let Some(story) = story.filter(|s| s.after == i) {
            stories = story.texts.iter().map(|t| degrade(t)).collect();
            place(
                &stories,
                story.inline && wrap != "line",
                &mut line,
                &mut lines,
            );
        }
        for noise in case["noise"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|n| n["after"].as_i64() == Some(i))
        {
            if noise["kind"] == "unrelated_article" {
                continue;
            }
            let texts: Vec<String> = match &noise["text"] {
                Value::String(text) => vec![degrade(text)],
                list => list
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(Value::as_str)
                    .map(degrade)
                    .collect(),
            };
            place(
                &texts,
                noise["mode"] == "inline" && wrap != "line",
                &mut line,
                &mut lines,
            );
        }
    }
    lines.push(line.join(" "));
    if let Some(story) = story.filter(|s| s.after >= sentences.len() as i64) {
        stories = story.texts.iter().map(|t| degrade(t)).collect();
        lines.extend(stories.clone());
    }
    (lines.join("\n"), stories)
}

/// A plain report in the form of an article without noise.
fn news(texts: &[String]) -> Value {
    let sentences: Vec<Value> = texts[1..]
        .iter()
        .map(|t| serde_json::json!({ "text": t }))
        .collect();
    serde_json::json!({ "title": texts[0], "sentences": sentences, "noise": [], "news": true })
}

/// Puts noise into the current line or on lines of its own.
fn place(texts: &[String], inline: bool, line: &mut Vec<String>, lines: &mut Vec<String>) {
    if inline {
        line.extend(texts.iter().cloned());
        return;
    }
    if !line.is_empty() {
        lines.push(line.join(" "));
        line.clear();
    }
    lines.extend(texts.iter().cloned());
}

/// A story put into an article it does not belong to.
struct Story {
    texts: Vec<String>,
    /// The sentence it follows; -1 for none, beyond the last for the end.
    after: i64,
    inline: bool,
}

/// A small generator, so that every run makes the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// The articles of one language.
fn cases(language: &str) -> Vec<Value> {
    let mut paths: Vec<_> = std::fs::read_dir("training/articles")
        .expect("training/articles is there")
        .map(|e| e.expect("readable").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            serde_json::from_str::<Value>(&std::fs::read_to_string(path).expect("readable"))
                .expect("valid JSON")
        })
        .filter(|case| case["lang"] == language)
        .collect()
}

/// Every text with its kind, and the group (article, or block of noise lines) it comes from.
fn samples(language: &str) -> Vec<(usize, Example)> {
    let mut samples = Vec::new();
    for (group, case) in cases(language).iter().enumerate() {
        for sentence in case["sentences"].as_array().expect("a list") {
            push_both(
                &mut samples,
                group,
                sentence["text"].as_str().expect("a text"),
                0,
            );
        }
        for noise in case["noise"].as_array().expect("a list") {
            let texts: Vec<&str> = match &noise["text"] {
                Value::String(text) => vec![text],
                list => list
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter_map(Value::as_str)
                    .collect(),
            };
            let kind = noise["kind"].as_str().expect("a kind");
            for (i, text) in texts.iter().enumerate() {
                let class = match kind {
                    // A story's headline looks like a link to one; its sentences look like an article's.
                    "unrelated_article" if i == 0 && !text.ends_with(['.', '다']) => {
                        class_of("related_links")
                    }
                    "unrelated_article" => 0,
                    _ => class_of(kind),
                };
                push_both(&mut samples, group, text, class);
            }
        }
    }
    if let Ok(lines) =
        std::fs::read_to_string(Path::new("training/noise").join(format!("{language}.tsv")))
    {
        for (i, line) in lines.lines().enumerate() {
            let Some((kind, text)) = line.split_once('\t') else {
                continue;
            };
            let kind = if kind == "headline" {
                "related_links"
            } else {
                kind
            };
            push_both(&mut samples, i / 20, text, class_of(kind));
        }
    }
    samples
}

fn class_of(kind: &str) -> usize {
    let kind = if kind == "ad" { "advertisement" } else { kind };
    KINDS
        .iter()
        .position(|k| k.map_or("article", Reason::name) == kind)
        .unwrap_or_else(|| panic!("unknown kind {kind}"))
}

/// The text as it is, and as it looks once its marks are lost.
fn push_both(samples: &mut Vec<(usize, Example)>, group: usize, text: &str, class: usize) {
    for text in [text, &bare(text)] {
        let mut list = Vec::new();
        features(text, |f, v| list.push((f, v)));
        samples.push((
            group,
            Example {
                features: list,
                class,
                weight: 1.0,
            },
        ));
    }
}

/// A text without its marks.
fn bare(text: &str) -> String {
    let bare: String = text
        .chars()
        .map(|c| {
            if "\"'“”‘’「」『』《》〈〉·…,!?()[]".contains(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    bare.split_whitespace()
        .map(|w| w.strip_suffix('.').unwrap_or(w))
        .collect::<Vec<_>>()
        .join(" ")
}
