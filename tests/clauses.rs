//! Clauses, on sentences cut by hand: `tests/clauses/LANGUAGE.txt`.

use sukje::language::Language;
use sukje::language::clauses::cuts;

/// The sentences of a file, each with where it is cut.
fn gold(language: Language) -> Vec<(String, Vec<usize>)> {
    let path = format!("tests/clauses/{}.txt", language.code());
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('~'));
    lines
        .map(|line| {
            let (mut sentence, mut cuts) = (String::new(), Vec::new());
            for (n, clause) in line.split("⟨|⟩").enumerate() {
                if n > 0 {
                    cuts.push(sentence.len());
                }
                sentence.push_str(clause);
            }
            (sentence, cuts)
        })
        .collect()
}

fn marked(sentence: &str, cuts: &[usize]) -> String {
    let mut out = String::new();
    for (at, c) in sentence.char_indices() {
        if cuts.contains(&at) {
            out.push('|');
        }
        out.push(c);
    }
    out
}

/// Precision and recall of the cuts. With `SUKJE_SHOW` set, what differs is printed.
fn score(language: Language) -> (f64, f64) {
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    for (sentence, gold) in gold(language) {
        let ours = cuts(&sentence, language);
        let both = ours.iter().filter(|c| gold.contains(c)).count();
        right += both;
        found += ours.len();
        wanted += gold.len();
        if std::env::var_os("SUKJE_SHOW").is_some() && (both < ours.len() || both < gold.len()) {
            println!(
                "  {}\n  {}\n",
                marked(&sentence, &gold),
                marked(&sentence, &ours)
            );
        }
    }
    (right as f64 / found as f64, right as f64 / wanted as f64)
}

#[test]
fn clauses_are_cut_where_people_cut_them() {
    for (language, least_precision, least_recall) in
        [(Language::Ko, 0.94, 0.68), (Language::En, 0.91, 0.5)]
    {
        let (precision, recall) = score(language);
        println!("{language:?}: precision {precision:.3}, recall {recall:.3}");
        assert!(
            precision >= least_precision && recall >= least_recall,
            "{language:?}: {precision:.3} {recall:.3}"
        );
    }
}
