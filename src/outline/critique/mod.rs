//! The critique outline: what a careful reader would object to or ask, by rules over the outline.
//!
//! In:  `Article` and `Outline` without critique. Out: the same outline with its critique points filled in.
//! Rules look for what is weak (`objections`), the best few of different kinds are kept (`choose`) and put into words (`wordings`).
//! A point quotes the article word for word and cites the sentence; it never says what is true, only what is missing.

mod annotate;
mod choose;
mod cues;
mod english;
mod fragment;
mod korean;
mod objection;
mod objections;
mod rules;
mod wordings;

use self::english::English;
use self::korean::Korean;
use self::objection::Part;
use self::rules::LanguageRules;
use crate::article::Article;
use crate::brief::Outline;
use crate::language::{Language, PerLanguage};

static RULES: PerLanguage<&dyn LanguageRules> = PerLanguage {
    ko: &Korean,
    en: &English,
};

/// Returns what differs by language.
fn rules_of(language: Language) -> &'static dyn LanguageRules {
    RULES[language]
}

/// Fills in the critique of the whole and of each challenge.
pub fn criticise(article: &Article, outline: &mut Outline) {
    for challenge in &mut outline.challenges {
        challenge.critique.clear();
    }
    outline.critique.clear();
    let rules = rules_of(article.language);
    let lines = annotate::annotate(article, rules);
    let objections = objections::find(article, &lines, outline, rules);
    for objection in choose::choose(objections, outline) {
        let part = objection.part;
        let inside = |label: &str| rules_of(outline.output_language).label_inside(label);
        let point = wordings::point(objection, article.language, outline, inside);
        match (part, point) {
            (Part::Whole, Some(point)) => outline.critique.push(point),
            (Part::Challenge(at), Some(point)) => outline.challenges[at].critique.push(point),
            (_, None) => {}
        }
    }
}

/// Returns the words of a sentence by which a point of critique names it: its main clause.
#[cfg(feature = "model")]
pub(crate) fn quotation(text: &str, language: Language) -> &str {
    let rules = rules_of(language);
    let at = rules.main_word(text);
    if at.0 >= at.1 {
        return "";
    }
    let (start, end) = fragment::clause(text, rules, at);
    &text[start..end]
}
