//! Writing: the grammar of a text about some cited sentences.
//!
//! In:  the cited sentences, the article's other spellings of their figures, the output language, how long. Out: a regular expression.
//! No digit but those of the cited figures, no letter of another script but in names and words the cited sentences have, no end but
//! that of a sentence. What letters alone cannot tell (a wrong unit, number words) is left to `verify`.

use std::collections::BTreeSet;

use crate::article::{Article, Language, is_hangul};
use crate::model::Grammar;
use crate::verify::figures::{Figure, figures};
use crate::verify::{Unit, names};

/// Most spellings taken from the cited sentences, and the longest: more make the grammar's automaton large, and a text uses few.
const MOST_LITERALS: usize = 96;
const LONGEST_LITERAL_BYTES: usize = 40;
/// Longest free word: Korean syllables, English letters.
const HANGUL_WORD: usize = 12;
const LATIN_WORD: usize = 18;

/// What a text must look like.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The note's language.
    pub language: Language,
    /// Most sentences: one or two.
    pub sentences: usize,
    /// Most words in all.
    pub words: usize,
    /// Words of the article that the text names first, in quotation marks.
    pub quote: Option<&'a str>,
}

/// Fewest words of a sentence.
const FEWEST_WORDS: usize = 3;
/// A second sentence is offered where each may then have so many words.
const WORTH_TWO: usize = 7;

/// How many words `letters` letters are: 3 syllables and 5 letters to a word, as in the training articles.
pub fn words(letters: usize, language: Language) -> usize {
    match language {
        Language::Ko => (letters / 3).clamp(7, 24),
        Language::En => (letters / 5).clamp(10, 30),
    }
}

/// The grammar of a text about `cited`. A text begins with a blank, as words do in a vocabulary.
pub fn grammar(spellings: &Spellings, cited: &[&str], form: Form) -> Grammar {
    let literals = any_of(spellings.literals(cited, form.language));
    let words = Words {
        literals: &literals,
        language: form.language,
    };
    Grammar::Regex(match form.quote {
        Some(quote) => words.critique(quote, form.words),
        None => words.text(form.sentences, form.words),
    })
}

/// The pieces of the expression.
struct Words<'a> {
    literals: &'a str,
    language: Language,
}

impl Words<'_> {
    fn text(&self, sentences: usize, words: usize) -> String {
        let one = self.sentence(words);
        if sentences > 1 && words >= 2 * WORTH_TWO {
            let half = self.sentence(words / 2);
            return format!(" ({one}|{half} {half})");
        }
        format!(" {one}")
    }

    /// The claim in quotation marks, and a sentence on it that may ask.
    fn critique(&self, quote: &str, words: usize) -> String {
        let quote = regex::escape(quote);
        let (least, most) = (FEWEST_WORDS - 1, words.max(FEWEST_WORDS) - 1);
        let word = self.word();
        match self.language {
            Language::Ko => {
                let last = self.last();
                format!(
                    " “{quote}”[가-힣]{{0,6}}(,? {word}){{{least},{most}}},? ({last}|[가-힣]{{1,8}}[가까]\\?)"
                )
            }
            Language::En => format!(" “{quote}”(,? {word}){{{least},{most}}}[.?]"),
        }
    }

    /// A sentence of at most `most` words, its end included.
    fn sentence(&self, most: usize) -> String {
        let most = most.max(FEWEST_WORDS);
        let word = self.word();
        let least = FEWEST_WORDS - 2;
        match self.language {
            Language::Ko => {
                format!(
                    "{word}((,? |·){word}){{{least},{}}},? {}",
                    most - 2,
                    self.last()
                )
            }
            Language::En => format!(
                "{}(,? {word}){{{},{}}}\\.",
                self.first(),
                least + 1,
                most - 1
            ),
        }
    }

    /// Digits stand only in literals, and no literal follows another within a word: figures do not grow together.
    fn word(&self) -> String {
        let literal = self.literals;
        let free = match self.language {
            Language::Ko => format!("[가-힣]{{1,{HANGUL_WORD}}}"),
            Language::En => format!("[a-z]{{1,{LATIN_WORD}}}(-[a-z]{{1,12}})?"),
        };
        match (literal, self.language) {
            ("", _) => format!("({free})"),
            (_, Language::Ko) => format!("({literal}[가-힣]{{0,8}}|{free})"),
            (_, Language::En) => format!("({literal}(['’]s)?|{free})"),
        }
    }

    /// The first word of an English sentence, in capitals only at its start: names come from the cited sentences alone.
    fn first(&self) -> String {
        let free = format!("[A-Z][a-z]{{0,{}}}", LATIN_WORD - 1);
        match self.literals {
            "" => format!("({free})"),
            literal => format!("({literal}(['’]s)?|{free})"),
        }
    }

    /// The last word of a Korean sentence, a predicate.
    fn last(&self) -> String {
        match self.literals {
            "" => "[가-힣]{1,8}다\\.".to_string(),
            literal => format!("({literal}[가-힣]{{0,6}}|[가-힣]{{1,8}})다\\."),
        }
    }
}

fn any_of(literals: BTreeSet<String>) -> String {
    if literals.is_empty() {
        return String::new();
    }
    let escaped: Vec<String> = literals.iter().map(|l| regex::escape(l)).collect();
    format!("({})", escaped.join("|"))
}

/// How an article spells its figures, read once for all texts.
pub struct Spellings<'a> {
    language: Language,
    figures: Vec<(Figure, &'a str)>,
}

impl<'a> Spellings<'a> {
    /// Reads an article.
    pub fn of(article: &'a Article) -> Spellings<'a> {
        let of_sentence = |text: &'a str| {
            figures(text)
                .into_iter()
                .map(move |figure| (figure, &text[figure.start..figure.end]))
        };
        Spellings {
            language: article.language,
            figures: article
                .sentences
                .iter()
                .flat_map(|s| of_sentence(&s.text))
                .collect(),
        }
    }

    /// What a text about `cited` may hold beside plain words.
    fn literals(&self, cited: &[&str], output: Language) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for text in cited {
            runs(text, &mut found);
            self.foreign_words(text, output, &mut found);
            for figure in figures(text) {
                let same = self.figures.iter().filter(|(other, _)| figure.same(other));
                same.for_each(|(_, spelled)| runs(spelled, &mut found));
                respelled(figure.value, figure.unit == Unit::Share, &mut found);
            }
        }
        found.retain(|literal| literal.len() <= LONGEST_LITERAL_BYTES);
        while found.len() > MOST_LITERALS {
            found.pop_last();
        }
        found
    }

    /// Words the output language would not write with its own letters, or only as a name.
    fn foreign_words(&self, text: &str, output: Language, found: &mut BTreeSet<String>) {
        let own = self.language == output;
        let mut take = |word: &str| {
            found.insert(word.to_string());
        };
        for word in split(text, |c| {
            c.is_alphanumeric() && !is_hangul(c) || "&-.'’".contains(c)
        }) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let word = ["'s", "’s"]
                .iter()
                .find_map(|s| word.strip_suffix(s))
                .unwrap_or(word);
            let telling = match output {
                Language::Ko => own || is_name(word),
                Language::En => !own || is_name(word) || !word.is_ascii(),
            };
            if telling && word.chars().any(char::is_alphabetic) {
                take(word);
            }
        }
        if output == Language::En {
            names::all(text)
                .into_iter()
                .filter(|name| name.chars().any(is_hangul))
                .for_each(take);
        }
    }
}

/// Whether a Latin word is written like a name: with a capital or a digit.
fn is_name(word: &str) -> bool {
    word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Runs with a digit, with the signs that belong to them: `3.5GW`, `GPT-4o`, `2026-11-02`, `15%`; and the bare number of each.
fn runs(text: &str, found: &mut BTreeSet<String>) {
    let signs = |c: char| {
        c.is_ascii_alphanumeric()
            || ".,-/:~%+".contains(c)
            || "㎿㎾㎸㎞㎏㎚㎜㎝㎡㏊℃°％$€£¥₩∼〜–".contains(c)
    };
    let edge = |c: char| ".,-/:~+∼〜–".contains(c);
    for run in split(text, signs) {
        let run = run.trim_matches(edge);
        if !run.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        found.insert(run.to_string());
        for number in split(run, |c| c.is_ascii_digit() || ".,".contains(c)) {
            let number = number.trim_matches(edge);
            // The digits of a model's name alone are no figure of the article.
            let named = run.starts_with(|c: char| c.is_ascii_alphabetic());
            if !number.is_empty() && !named {
                found.insert(number.to_string());
            }
        }
    }
}

/// Other ways to write a value: in digits, with thousands marks, in 만, 억, 조, thousands, millions or billions.
fn respelled(value: f64, share: bool, found: &mut BTreeSet<String>) {
    for scale in [1.0, 1e3, 1e4, 1e6, 1e8, 1e9, 1e12] {
        let scaled = value / scale;
        // At most two decimals, and no more digits than anybody writes out.
        let hundredths = (scaled * 100.0).round();
        let exact = (hundredths - scaled * 100.0).abs() <= 1e-6 * scaled.abs().max(1.0);
        if !exact || !(0.0..1e9).contains(&scaled) || scale > 1.0 && scaled < 1.0 {
            continue;
        }
        let plain = format!("{}", hundredths / 100.0);
        if plain.len() > 3 && !plain.contains('.') {
            found.insert(grouped(&plain));
        }
        if share {
            found.insert(format!("{plain}%"));
        }
        found.insert(plain);
    }
}

/// `12,000`.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// The longest pieces whose characters all pass.
fn split(text: &str, passes: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !passes(c))
        .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Case, Punctuation};
    use crate::model::script::vocabulary;
    use crate::model::{Constraint, GrammarFactory};

    fn article(lang: &str, sentences: &[&str]) -> Article {
        let sentences: Vec<_> = sentences
            .iter()
            .map(|s| serde_json::json!({"text": s, "role": "context"}))
            .collect();
        let case = serde_json::json!({"id": "x", "lang": lang, "sentences": sentences});
        let case: Case = serde_json::from_value(case).expect("a case");
        case.article(Punctuation::Keep)
    }

    /// A constraint for texts about the first sentence of an article.
    fn start(lang: &str, sentences: &[&str], output: Language, quote: Option<&str>) -> Constraint {
        let article = article(lang, sentences);
        let form = Form {
            language: output,
            sentences: 2,
            words: 20,
            quote,
        };
        let grammar = grammar(&Spellings::of(&article), &sentences[..1], form);
        let factory = GrammarFactory::new(vocabulary(&[])).unwrap();
        factory.start(&grammar).unwrap()
    }

    fn takes(constraint: &Constraint, text: &str) -> bool {
        let mut constraint = constraint.clone();
        let whole = text
            .bytes()
            .all(|byte| constraint.accept(byte.into()).is_ok());
        whole && constraint.is_accepting()
    }

    const KO: [&str; 3] = [
        "라온전자는 26만 명이 쓰는 HBM4 설비에 3.5GW의 전력을 댄다고 밝혔다.",
        "이용자 260,000명 가운데 12명이 떠났다.",
        "美 NASA도 3.5기가와트가 필요하다.",
    ];
    const EN: [&str; 2] = [
        "The Harlow Institute tested GPT-4o on 12,000 users in March, and 15% of them left.",
        "Varnholt counted 12 thousand users and 7 shops.",
    ];

    #[test]
    fn korean_texts_keep_to_the_figures_and_letters_cited() {
        let start = start("ko", &KO, Language::Ko, None);
        let check = |text: &str| assert!(takes(&start, text), "{text}");
        let refused = |text: &str| assert!(!takes(&start, text), "{text}");
        check(" 라온전자는 26만 명에게 전력을 댄다.");
        check(" 라온전자는 260,000명에게 HBM4를 쓰게 한다.");
        check(" 설비 하나에 3.5GW의 전력이 든다. 이용자는 26만 명이다.");
        check(" 전력은 3.5기가와트, 이용자는 260000명이다.");
        refused(" 라온전자는 27만 명에게 전력을 댄다.");
        refused(" 라온전자는 2626만 명에게 전력을 댄다.");
        refused(" 라온전자는 HBM5를 쓰게 한다.");
        refused(" 라온전자는 4만 명에게 전력을 댄다.");
        refused(" 라온전자는 美國에 전력을 댄다.");
        refused(" 라온전자는 テレビ를 만들기로 했다.");
        refused(" 라온전자는 OpenAI와 전력을 댄다.");
        refused(" 라온전자는 전력을 댄다");
        refused("      ");
        refused(" 라온전자는  전력을 댄다.");
        refused(" 댄다.");
        refused(" 설비에 전력이 든다. 설비에 전력이 든다. 설비에 전력이 든다.");
    }

    #[test]
    fn english_texts_take_names_from_the_sentences_alone() {
        let start = start("en", &EN, Language::En, None);
        let check = |text: &str| assert!(takes(&start, text), "{text}");
        let refused = |text: &str| assert!(!takes(&start, text), "{text}");
        check(" A test by the Harlow Institute lost 15% of its users.");
        check(" Of 12,000 users of GPT-4o, 15% left in March.");
        check(" The Institute's test covered 12 thousand users.");
        refused(" A test by the Marlow Institute lost its users.");
        refused(" A test of GPT-5 lost its users.");
        refused(" A test lost 16% of its users.");
        refused(" A test lost 전력 of its users.");
        refused(" A test lost its users");
    }

    #[test]
    fn names_keep_their_spelling_in_the_other_language() {
        let start = start("ko", &KO, Language::En, None);
        assert!(takes(
            &start,
            " 라온전자 says 260,000 people use its HBM4 plant."
        ));
        assert!(!takes(&start, " The plant takes 전력을 from people."));
        assert!(!takes(&start, " Raon says 270,000 people use its plant."));
        let start = self::start("en", &EN, Language::Ko, None);
        assert!(takes(
            &start,
            " Harlow 연구소는 1.2만 명에게 GPT-4o를 시험했다."
        ));
        assert!(!takes(&start, " Harlow 연구소는 users에게 시험했다."));
    }

    #[test]
    fn a_critique_names_the_claim_first() {
        let start = start("ko", &KO, Language::Ko, Some("3.5GW의 전력을 댄다"));
        assert!(takes(
            &start,
            " “3.5GW의 전력을 댄다”는 말에는 근거가 없다."
        ));
        assert!(takes(
            &start,
            " “3.5GW의 전력을 댄다”는데 누가 세어 보았는가?"
        ));
        assert!(!takes(&start, " 근거가 하나도 없다."));
        let start = self::start("en", &EN, Language::En, Some("15% of them left"));
        assert!(takes(
            &start,
            " “15% of them left” is said without a source."
        ));
    }

    #[test]
    fn any_walk_is_a_text_of_the_output_language() {
        for (lang, sentences, output) in [
            ("ko", &KO[..], Language::Ko),
            ("en", &EN[..], Language::En),
            ("ko", &KO[..], Language::En),
            ("en", &EN[..], Language::Ko),
        ] {
            let start = start(lang, sentences, output, None);
            for seed in 0..20 {
                let text = walk(start.clone(), seed);
                assert!(text.trim().ends_with('.') && text.len() > 8, "{text}");
                let own = text.chars().filter(|c| c.is_alphabetic());
                let foreign = own.filter(|c| match output {
                    Language::Ko => !is_hangul(*c),
                    Language::En => !c.is_ascii(),
                });
                let foreign: String = foreign.collect();
                let allowed = foreign.chars().all(|c| sentences[0].contains(c));
                assert!(allowed, "{foreign} in {text}");
                let cited = figures(sentences[0]);
                // Digits come from the cited figures, whatever unit was written behind them.
                for digits in split(&text, |c| c.is_ascii_digit()) {
                    let value: f64 = digits.parse().unwrap();
                    let known = sentences[0].contains(digits)
                        || sentences[1].contains(digits)
                        || cited
                            .iter()
                            .any(|f| f.value.to_string().contains(&value.to_string()));
                    assert!(known, "{digits} in {text}");
                }
            }
        }
    }

    /// `cargo test --release --lib masks_take -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement"]
    fn masks_take_so_long() {
        use std::time::Instant;

        // As many tokens as the large vocabularies have, a fifth of them Hangul, most with a blank before.
        let mut seed = 1u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        let words: Vec<String> = (0..151_000)
            .map(|at| {
                let syllable = |n: u64| char::from_u32(0xAC00 + n as u32).unwrap();
                let letter = |n: u64| char::from(b'a' + n as u8);
                let length = 1 + random(if at % 5 == 0 { 3 } else { 9 });
                let mut word: String = (0..length)
                    .map(|_| match at % 5 {
                        0 => syllable(random(11_172)),
                        _ => letter(random(26)),
                    })
                    .collect();
                if random(3) > 0 {
                    word.insert(0, ' ');
                }
                word
            })
            .collect();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        let environment = vocabulary(&words);
        let factory = GrammarFactory::new(environment.clone()).unwrap();
        let of = [("ko", &KO[..], Language::Ko), ("en", &EN[..], Language::En)];
        for (lang, sentences, output) in of {
            let article = article(lang, sentences);
            let form = Form {
                language: output,
                sentences: 2,
                words: 24,
                quote: None,
            };
            let began = Instant::now();
            let grammar = grammar(&Spellings::of(&article), sentences, form);
            let mut constraint = factory.start(&grammar).unwrap();
            let started = began.elapsed();
            let text = match output {
                Language::Ko => {
                    " 라온전자는 26만 명이 쓰는 설비에 전력을 댄다고 밝혔으나 이용자 가운데 열두 명이 떠났다."
                }
                Language::En => {
                    " The Harlow Institute tested its model on many users and found that fifteen of them had left."
                }
            };
            let tokens = environment.tokenize(text);
            let (mut all, mut worst) = (0.0, 0f64);
            for &token in &tokens {
                let began = Instant::now();
                constraint.mask().unwrap();
                let took = began.elapsed().as_secs_f64() * 1e3;
                (all, worst) = (all + took, worst.max(took));
                constraint.accept(token).unwrap();
            }
            let mean = all / tokens.len() as f64;
            println!(
                "{lang}: start {started:?}, mask {mean:.3} ms, worst {worst:.3} ms, {} tokens",
                tokens.len()
            );
        }
    }

    /// A random text that ends where it may.
    fn walk(mut constraint: Constraint, mut seed: u64) -> String {
        let mut text = Vec::new();
        while !constraint.is_finished() && (text.len() < 20 || !constraint.is_accepting()) {
            let mask = constraint.mask().unwrap();
            let allowed: Vec<u32> = (0..256).filter(|&t| mask.allows(t)).collect();
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let token = allowed[(seed >> 33) as usize % allowed.len()];
            constraint.accept(token).unwrap();
            text.push(token as u8);
        }
        String::from_utf8(text).unwrap()
    }
}
