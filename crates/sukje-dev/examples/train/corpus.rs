//! The training articles as features with their answers.

use std::path::Path;

use sukje::article::Article;
use sukje::brief::Role;
use sukje::eval::Gold;
use sukje::outline::Lens;
use sukje::outline::extractive::crf::{self, BODY, NONE, OPENING, REMEDY};
use sukje::outline::extractive::features::{self, ArticleFeatures};
use sukje::outline::extractive::lexicon::Lexicon;
use sukje_dev::case::{Case, Punctuation};

/// The ways marks are lost, each of which every article is seen in.
pub const PUNCTUATION: [Punctuation; 3] = [
    Punctuation::Keep,
    Punctuation::Strip,
    Punctuation::FinalOnly,
];

/// One article with its answers.
pub struct Example {
    pub case: Case,
    pub gold: Gold,
    /// Per punctuation.
    pub variants: Vec<Variant>,
    /// The state of every sentence.
    pub states: Vec<usize>,
}

/// One article as it stands with some of its marks lost.
pub struct Variant {
    pub article: Article,
    pub features: ArticleFeatures,
}

/// Reads every article of a folder, in the order of their names.
pub fn load(folder: &str) -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    paths.sort_by_key(|p| p.file_name());
    let lens = Lens::builtin("five-challenges")?;
    paths.iter().map(|p| example(&p.path(), &lens)).collect()
}

fn example(path: &Path, lens: &Lens) -> Result<Example, Box<dyn std::error::Error>> {
    let case: Case = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let variants = PUNCTUATION
        .iter()
        .map(|&p| variant(&case, lens, p))
        .collect();
    Ok(Example {
        gold: case.gold(),
        states: gold_states(&case, lens),
        variants,
        case,
    })
}

fn variant(case: &Case, lens: &Lens, punctuation: Punctuation) -> Variant {
    let article = case.article(punctuation);
    let lexicon = Lexicon::new(lens, article.language);
    Variant {
        features: features::read(&article, &lexicon),
        article,
    }
}

/// The state of every sentence: a claim or a first sentence opens, a remedy cures, the rest is body.
fn gold_states(case: &Case, lens: &Lens) -> Vec<usize> {
    let mut seen = vec![false; lens.challenges.len()];
    let mut before = None;
    let mut states = Vec::new();
    for sentence in &case.sentences {
        let key = sentence.challenge.as_deref();
        let own = key.and_then(|key| lens.challenges.iter().position(|c| c.key == key));
        states.push(match own {
            None => NONE,
            Some(c) => {
                let starts = before != Some(c) && (!seen[c] || sentence.role == Role::Claim);
                let part = match sentence.role {
                    Role::Remedy => REMEDY,
                    _ if starts => OPENING,
                    _ => BODY,
                };
                seen[c] = true;
                crf::state(c, part)
            }
        });
        before = own;
    }
    states
}
