//! Text grammars: what a model may write about some cited sentences.
//!
//! In:  the cited sentences, the article's other spellings of their figures, the output language, how long. Out: a regular expression.
//! No digit but those of the cited figures, however an editor would write them; no letter of another script but in names, units and words
//! the cited sentences have; quotation marks and brackets in pairs; no end but that of a sentence. What letters alone cannot tell (a wrong
//! unit, number words, whether quoted words are the article's) is left to `verify`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::article::{Article, is_hangul};
use crate::facts::figures::{Figure, figures};
use crate::facts::{Currency, MONTHS, Unit, latin_names, names, symbols};
use crate::language::{Language, PerLanguage};

/// Most spellings taken from the cited sentences, and the longest: more make the grammar's automaton large, and a text uses few.
const MOST_LITERALS: usize = 128;
const LONGEST_LITERAL_BYTES: usize = 40;
/// Longest free word: Korean syllables, English letters.
const HANGUL_WORD: usize = 20;
const LATIN_WORD: usize = 18;
/// Most words between quotation marks or brackets.
const ENCLOSED_WORDS: usize = 12;

/// The form of a text.
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// The note's language.
    pub language: Language,
    /// Most sentences: one or two.
    pub sentences: usize,
    /// Words in all that a text should not exceed.
    pub words: usize,
    /// Words of the article that the text names first, in quotation marks.
    pub quote: Option<&'a str>,
}

/// Fewest words of a sentence.
const FEWEST_WORDS: usize = 3;
/// A second sentence is offered where each may then have so many words.
const WORTH_TWO: usize = 7;

/// How texts of a language are written.
struct Writing {
    /// Letters of an article in each language that a word of the text stands for: 3 syllables and 5 letters to a word, as in the
    /// training articles, and two and a half letters to a syllable.
    letters_a_word: PerLanguage<usize>,
    /// Words of a text. Good sentences have up to the least of these; together, texts are held to their length elsewhere.
    words: RangeInclusive<usize>,
    word: fn(&Words) -> String,
    /// A word, or some in quotation marks or brackets.
    item: fn(&Words) -> String,
    /// A sentence of at most so many words, its end included.
    sentence: fn(&Words, usize) -> String,
    /// The claim in quotation marks, and a sentence on it that may ask.
    critique: fn(&Words, &str, usize) -> String,
    /// A Latin word that the language does not write itself, or only as a name; told whether the article is in this language, too.
    is_foreign: fn(own: bool, word: &str) -> bool,
    /// The name of a country in Latin letters that the language writes.
    is_country: fn(name: &str) -> bool,
    /// Names of Hangul stand in a text as they are spelled.
    keeps_hangul: fn(text: &str, found: &mut BTreeSet<String>),
    money_sign: fn(Currency) -> Option<&'static str>,
    /// Other ways to write a figure that this language alone has.
    respelled: fn(&Figure, found: &mut BTreeSet<String>),
}

static WRITING: PerLanguage<Writing> = PerLanguage {
    ko: Writing {
        letters_a_word: PerLanguage { ko: 3, en: 3 },
        words: 16..=28,
        word: |words| {
            let free = format!("[가-힣]{{1,{HANGUL_WORD}}}");
            words.or_literal("[가-힣]{0,8}", &free)
        },
        // Particles stand right behind what they belong to.
        item: |words| {
            let (word, [brackets, double, single]) = (words.word(), words.all_enclosed());
            format!("({word}( ?{brackets}[가-힣]{{0,6}})?|({double}|{single})[가-힣]{{0,6}})")
        },
        sentence: |words, most| {
            let (item, last) = (words.item(), words.last());
            let (least, most) = (FEWEST_WORDS - 2, most - 2);
            format!("{item}(({BETWEEN}|·){item}){{{least},{most}}},? {last}")
        },
        critique: |words, quote, most| {
            let (item, last) = (words.item(), words.last());
            let least = FEWEST_WORDS - 2;
            format!(
                " “{quote}”[가-힣]{{0,6}}({BETWEEN}{item}){{{least},{most}}},? ({last}|[가-힣]{{1,8}}[가까]\\?)"
            )
        },
        is_foreign: |own, word| own || is_name(word),
        is_country: |name| name.chars().all(char::is_uppercase),
        keeps_hangul: |_, _| (),
        money_sign: |_| None,
        respelled: respelled_in_korean,
    },
    en: Writing {
        letters_a_word: PerLanguage { ko: 2, en: 5 },
        words: 24..=34,
        word: |words| {
            let free = format!("[a-z]{{1,{LATIN_WORD}}}{LATIN_ENDS}");
            words.or_literal(LATIN_ENDS, &free)
        },
        item: |words| {
            let (word, [brackets, double, single]) = (words.word(), words.all_enclosed());
            format!("({word}|{double}|{single}|{brackets})")
        },
        sentence: |words, most| {
            let (first, quoted) = (words.first(), words.enclosed("“", "”"));
            let (item, least, most) = (words.item(), FEWEST_WORDS - 1, most - 1);
            format!("({first}|{quoted})({BETWEEN}{item}){{{least},{most}}}\\.")
        },
        critique: |words, quote, most| {
            let (item, least) = (words.item(), FEWEST_WORDS - 1);
            format!(" “{quote}”({BETWEEN}{item}){{{least},{most}}}[.?]")
        },
        is_foreign: |own, word| !own || is_name(word) || !word.is_ascii(),
        is_country: |_| true,
        keeps_hangul: |text, found| {
            let named = names::all(text).into_iter().chain(names::places(text));
            let hangul = named.filter(|name| name.chars().any(is_hangul));
            found.extend(hangul.map(str::to_string));
        },
        money_sign: sign,
        respelled: |figure, found| {
            if figure.unit == Unit::Month {
                found.extend(month_name(figure.value).map(str::to_string));
            }
        },
    },
};

/// Returns how many words `letters` of the article's letters are.
pub fn words(letters: usize, article: Language, note: Language) -> usize {
    let writing = &WRITING[note];
    let words = letters / writing.letters_a_word[article];
    words.clamp(*writing.words.start(), *writing.words.end())
}

/// Returns the grammar of a text about `cited`. A text begins with a blank, as words do in a vocabulary.
pub fn grammar(spellings: &Spellings, cited: &[&str], form: Form) -> String {
    let literals = any_of(&spellings.literals(cited, form.language));
    let units = any_of(&units(cited));
    let words = Words {
        literals: &literals,
        units: &units,
        writing: &WRITING[form.language],
    };
    match form.quote {
        Some(quote) => words.critique(quote, form.words),
        None => words.text(form.sentences, form.words),
    }
}

/// The pieces of the expression.
struct Words<'a> {
    literals: &'a str,
    units: &'a str,
    writing: &'a Writing,
}

/// What may stand between two words.
const BETWEEN: &str = "([,;:]? | [—–] )";

impl Words<'_> {
    fn text(&self, sentences: usize, words: usize) -> String {
        let one = self.sentence(words);
        if sentences > 1 && words >= 2 * WORTH_TWO {
            let half = self.sentence(words / 2);
            return format!(" ({one}|{half} {half})");
        }
        format!(" {one}")
    }

    fn critique(&self, quote: &str, words: usize) -> String {
        let most = words.max(FEWEST_WORDS) - 1;
        (self.writing.critique)(self, &regex::escape(quote), most)
    }

    fn sentence(&self, most: usize) -> String {
        (self.writing.sentence)(self, most.max(FEWEST_WORDS))
    }

    fn item(&self) -> String {
        (self.writing.item)(self)
    }

    /// Words in brackets, in double and in single quotation marks.
    fn all_enclosed(&self) -> [String; 3] {
        [("\\(", "\\)"), ("“", "”"), ("‘", "’")].map(|(open, close)| self.enclosed(open, close))
    }

    fn enclosed(&self, open: &str, close: &str) -> String {
        let (word, more) = (self.word(), ENCLOSED_WORDS - 1);
        format!("{open}{word}(,? {word}){{0,{more}}},?{close}")
    }

    /// Digits stand only in literals, and no literal follows another within a word: figures do not grow together.
    fn word(&self) -> String {
        (self.writing.word)(self)
    }

    /// The first word of an English sentence, in capitals only at its start: names come from the cited sentences alone.
    fn first(&self) -> String {
        let free = format!("[A-Z][a-z]{{0,{}}}{LATIN_ENDS}", LATIN_WORD - 1);
        self.or_literal(LATIN_ENDS, &free)
    }

    /// The last word of a Korean sentence, a predicate; its source may follow in brackets. Or words in quotation marks.
    fn last(&self) -> String {
        let brackets = self.enclosed("\\(", "\\)");
        let predicate = self.or_literal("[가-힣]{0,6}", "[가-힣]{1,12}");
        let quoted = self.enclosed("“", "”");
        format!("({predicate}[다자요함임음됨]|{quoted})( ?{brackets})?\\.")
    }

    /// A literal with its unit and what may follow it, or a word of free letters.
    fn or_literal(&self, behind: &str, free: &str) -> String {
        match (self.literals, self.units) {
            ("", _) => format!("({free})"),
            (literal, "") => format!("({literal}{behind}|{free})"),
            (literal, unit) => format!("({literal}( ?{unit})?{behind}|{free})"),
        }
    }
}

/// What follows within an English word: "four-year", "isn't", "Wren's", "makers’".
const LATIN_ENDS: &str = "([-'’][a-z]{1,12}){0,3}['’]?";

fn any_of(literals: &BTreeSet<String>) -> String {
    if literals.is_empty() {
        return String::new();
    }
    let escaped: Vec<String> = literals.iter().map(|l| regex::escape(l)).collect();
    format!("({})", escaped.join("|"))
}

/// Returns the symbols of the units that the cited measures may be given in.
fn units(cited: &[&str]) -> BTreeSet<String> {
    let units = cited.iter().flat_map(|text| figures(text));
    let symbols = units.flat_map(|figure| symbols(figure.unit));
    symbols.map(str::to_string).collect()
}

/// The figures of an article as it spells them, read once for all texts.
pub struct Spellings<'a> {
    language: Language,
    figures: Vec<(Figure, &'a str)>,
}

impl<'a> Spellings<'a> {
    /// Reads the figures of an article.
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

    /// Returns what a text about `cited` may hold beside plain words: its figures and names, then other spellings of them, as far as there is room.
    fn literals(&self, cited: &[&str], output: Language) -> BTreeSet<String> {
        let (mut own, mut other) = (BTreeSet::new(), BTreeSet::new());
        for text in cited {
            runs(text, &mut own);
            mixed(text, &mut own);
            self.foreign_words(text, output, &mut own);
            for figure in figures(text) {
                let same = self.figures.iter().filter(|(other, _)| figure.same(other));
                same.for_each(|(_, spelled)| runs(spelled, &mut own));
                respelled(&figure, output, &mut other);
            }
        }
        countries(&cited.join("\n"), output, &mut own);
        own.retain(|literal| literal.len() <= LONGEST_LITERAL_BYTES);
        while own.len() > MOST_LITERALS {
            own.pop_last();
        }
        for literal in other {
            if own.len() < MOST_LITERALS {
                own.insert(literal);
            }
        }
        own
    }

    /// Adds words that the output language would not write with its own letters, or only as a name.
    fn foreign_words(&self, text: &str, output: Language, found: &mut BTreeSet<String>) {
        let (writing, own) = (&WRITING[output], self.language == output);
        let mut take = |word: &str| {
            found.insert(word.to_string());
        };
        for word in split(text, |c| {
            c.is_alphanumeric() && !is_hangul(c) || "&-.'’".contains(c)
        }) {
            // "Dr. Aldous": a full stop that ends no sentence.
            if TITLES.contains(&word) {
                take(word);
            }
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let word = ["'s", "’s"]
                .iter()
                .find_map(|s| word.strip_suffix(s))
                .unwrap_or(word);
            let telling = (writing.is_foreign)(own, word);
            if telling && word.chars().any(char::is_alphabetic) {
                take(word);
            }
        }
        (writing.keeps_hangul)(text, found);
    }
}

const TITLES: [&str; 7] = ["Dr.", "Mr.", "Mrs.", "Ms.", "Prof.", "St.", "No."];

/// Returns whether a Latin word is written like a name: with a capital or a digit.
fn is_name(word: &str) -> bool {
    word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// Adds the names of the countries that are cited; in Korean the short ones, which it writes in Latin letters.
fn countries(cited: &str, output: Language, found: &mut BTreeSet<String>) {
    let written = WRITING[output].is_country;
    let names = latin_names(cited).filter(|name| written(name));
    found.extend(names.map(str::to_string));
}

/// Adds runs with a digit, with the signs that belong to them: `3.5GW`, `GPT-4o`, `2026-11-02`, `15%`; and the bare number of each.
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

/// Adds names of Hangul and Latin letters or digits: `가람새-2호`.
fn mixed(text: &str, found: &mut BTreeSet<String>) {
    for piece in split(text, |c| c.is_alphanumeric() || c == '-') {
        let hyphened = piece.trim_matches('-').contains('-');
        if hyphened && piece.starts_with(is_hangul) {
            found.insert(piece.trim_matches('-').to_string());
        }
    }
}

/// Adds other ways to write a figure: in digits, with thousands marks, in scales and units of either language, as a fraction or a sum.
fn respelled(figure: &Figure, output: Language, found: &mut BTreeSet<String>) {
    let value = figure.value;
    match figure.unit {
        Unit::Measure(_) => [1.0, 1e3, 1e6, 1e9, 1e12]
            .into_iter()
            .filter_map(|scale| format_number(value / scale).filter(|_| value / scale >= 0.01))
            .for_each(|number| insert(number, found)),
        unit => {
            let sign = match unit {
                Unit::Money(currency) => (WRITING[output].money_sign)(currency),
                _ => None,
            };
            for (scale, short) in [
                (1.0, ""),
                (1e3, ""),
                (1e4, ""),
                (1e6, "m"),
                (1e8, ""),
                (1e9, "bn"),
                (1e12, "tn"),
            ] {
                let Some(number) =
                    format_number(value / scale).filter(|_| scale == 1.0 || value >= scale)
                else {
                    continue;
                };
                if let Some(sign) = sign {
                    found.insert(format!("{sign}{number}"));
                    found.insert(format!("{sign}{number}{short}"));
                }
                insert(number, found);
            }
        }
    }
    // The value is in months, days or seconds; the text may count in longer ones.
    let longer: &[f64] = match figure.unit {
        Unit::Months => &[12.0],
        Unit::Days => &[7.0],
        Unit::Seconds => &[60.0, 3600.0],
        _ => &[],
    };
    let whole = longer
        .iter()
        .map(|one| value / one)
        .filter(|n| n.fract() == 0.0);
    whole
        .filter_map(format_number)
        .for_each(|number| insert(number, found));
    if figure.unit == Unit::Share {
        shares(value, found);
    }
    (WRITING[output].respelled)(figure, found);
}

/// `3년 6개월`, `4분의 1`, `1조 2000`.
fn respelled_in_korean(figure: &Figure, found: &mut BTreeSet<String>) {
    let value = figure.value;
    let (years, months) = ((value / 12.0).floor(), value % 12.0);
    match figure.unit {
        Unit::Months if value > 12.0 && months != 0.0 => {
            found.insert(format!("{years}년 {months}개월"));
        }
        Unit::Share => found.extend(fraction(value)),
        _ => {}
    }
    sums(value, found);
}

fn month_name(month: f64) -> Option<&'static str> {
    MONTHS.get((month as usize).wrapping_sub(1)).copied()
}

/// Writes a number with at most two decimals and nine digits, or none where it takes more.
fn format_number(value: f64) -> Option<String> {
    let hundredths = (value * 100.0).round();
    let exact = (hundredths - value * 100.0).abs() <= 1e-6 * value.abs().max(1.0);
    let written = exact && (0.0..1e9).contains(&value);
    written.then(|| format!("{}", hundredths / 100.0))
}

fn insert(number: String, found: &mut BTreeSet<String>) {
    if number.len() > 3 && !number.contains('.') {
        found.insert(grouped(&number));
    }
    found.insert(number);
}

fn sign(currency: Currency) -> Option<&'static str> {
    match currency {
        Currency::Dollar => Some("$"),
        Currency::Euro => Some("€"),
        Currency::Pound => Some("£"),
        Currency::Yen => Some("¥"),
        Currency::Won | Currency::Yuan => None,
    }
}

/// A share in hundredths, rounded where it has no end.
fn shares(value: f64, found: &mut BTreeSet<String>) {
    let rounded = [value, value.round(), (value * 10.0).round() / 10.0];
    let numbers = rounded.into_iter().filter_map(format_number);
    found.extend(numbers.map(|number| format!("{number}%")));
}

/// A share as a fraction: `4분의 1`.
fn fraction(value: f64) -> Option<String> {
    const LARGEST: u32 = 10;
    (2..=LARGEST).find_map(|whole| {
        let part = value * f64::from(whole) / 100.0;
        let exact = (part - part.round()).abs() < 1e-6 && part >= 0.5;
        exact.then(|| format!("{whole}분의 {}", part.round()))
    })
}

/// Adds a number as the sum of its scales: `7만2000`, `1조 2000`.
fn sums(value: f64, found: &mut BTreeSet<String>) {
    for (scale, next, name) in [(1e12, 1e8, "조"), (1e8, 1e4, "억"), (1e4, 1.0, "만")] {
        let (most, rest) = ((value / scale).floor(), value % scale / next);
        if (1.0..1e4).contains(&most) && rest >= 1.0 && rest.fract() == 0.0 {
            for blank in ["", " "] {
                found.insert(format!("{most}{name}{blank}{rest}"));
            }
        }
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

/// Returns the longest pieces whose characters all pass.
fn split(text: &str, passes: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !passes(c))
        .filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Constraint, GrammarFactory};
    use sukje_dev::script::vocabulary;

    fn article(lang: &str, sentences: &[&str]) -> Article {
        let sentences: Vec<_> = (1..)
            .zip(sentences)
            .map(|(id, text)| serde_json::json!({"id": id, "text": text, "start": 0, "end": 0}))
            .collect();
        let article = serde_json::json!({
            "schema": "sukje.clean/1",
            "source": {"name": "x", "bytes": 0, "encoding": "utf-8", "sha256": ""},
            "language": lang, "title": null, "metadata": {},
            "sentences": sentences, "removed": [], "warnings": [],
        });
        serde_json::from_value(article).expect("an article")
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
        check(" 라온전자는 3,500MW가 필요하다고 밝혔다.");
        check(" 라온전자(HBM4 업체)는 “3.5GW의 전력을 댄다”고 밝혔다(26만 명 이용).");
        check(" 설비에 3500 MW를 대자.");
        refused(" 라온전자는 “전력을 댄다고 밝혔다.");
        refused(" 라온전자는 전력(3.6GW)을 댄다.");
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
        check(
            " In March the testers’ work (at the Harlow Institute) hadn't ended: “15% of them left”, say well-known users.",
        );
        refused(" In April the test lost its users.");
        refused(" A test (of many users lost them.");
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
    fn figures_may_be_spelled_as_an_editor_would() {
        let korean = [
            "미국은 1조2000억원을 들여 14개월 만에 3분의 1을 마쳤다.",
            "끝.",
        ];
        let start = start("ko", &korean, Language::Ko, None);
        for text in [
            " 미국(US)은 1.2조 원을 들였다.",
            " 공사는 1년 2개월이 걸렸고 33%가 끝났다.",
            " 공사는 33.3%가 끝났다고 한다.",
        ] {
            assert!(takes(&start, text), "{text}");
        }
        let start = self::start("ko", &korean, Language::En, None);
        assert!(takes(
            &start,
            " A third of it took the United States 14 months."
        ));
        assert!(!takes(&start, " A third of it took the Chinese 14 months."));
        let english = ["It costs $22 million and half of it is spent.", "End."];
        let start = self::start("en", &english, Language::En, None);
        assert!(takes(&start, " Its cost is $22m, and 50% is spent."));
        assert!(!takes(&start, " Its cost is €22m, and 50% is spent."));
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
                let symbols = "kKMGTW";
                let allowed = |c: char| sentences[0].contains(c) || symbols.contains(c);
                let allowed = foreign.chars().all(allowed);
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
