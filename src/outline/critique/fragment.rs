//! Fragments: the shortest part of a sentence that still says what is attacked.
//!
//! In:  a sentence and the place of the word or figure that gave it away. Out: a span of the sentence, cut between words.
//! Never rewords: what comes out stands in the sentence as it is.

use crate::article::{Language, is_letter};
use crate::language::hangul::{FINAL_N, FINAL_SS, final_of};

/// Longest fragment in characters of Korean and in words of English; read on the training articles, longer ones stop being a quotation.
const LONGEST_KO: usize = 40;
const LONGEST_EN: usize = 16;
/// What a fragment may be longer so that it does not break off within a phrase.
const GRACE_KO: usize = 8;
/// Shortest, below which a clause is joined with its neighbour.
const SHORTEST_KO: usize = 10;
const SHORTEST_EN: usize = 4;

/// A span of the sentence.
pub type Span = (usize, usize);

/// The clause around a place.
pub fn clause(text: &str, language: Language, at: Span) -> Span {
    let whole = speech_around(text, trim(text, (0, text.len())), at);
    let cuts = boundaries(text, language, whole);
    let (mut from, mut to) = (0, cuts.len() - 1);
    while from + 1 < to && cuts[from + 1] <= at.0 {
        from += 1;
    }
    while to > from + 1 && cuts[to - 1] >= at.1.max(at.0 + 1) {
        to -= 1;
    }
    let span = |from: usize, to: usize| tidy(text, language, trim(text, (cuts[from], cuts[to])));
    // The clause after the word completes it in Korean; before it, in English it often opens it.
    while size(text, language, span(from, to)) < shortest(language)
        && (to + 1 < cuts.len() || from > 0)
    {
        if to + 1 < cuts.len() && (language == Language::Ko || from == 0) {
            to += 1;
        } else {
            from -= 1;
        }
    }
    if to + 1 < cuts.len() && size(text, language, span(from, to + 1)) <= longest(language) {
        to += 1;
    }
    if from > 0 && size(text, language, span(from - 1, to)) <= longest(language) {
        from -= 1;
    }
    let span = shorten(text, language, span(from, to), at);
    if language == Language::En {
        drop_leaning(text, span, at)
    } else {
        drop_report(text, span, at)
    }
}

/// Without '고 말했다' at the end, which marks once kept apart from what was said.
fn drop_report(text: &str, span: Span, at: Span) -> Span {
    let part = &text[span.0..span.1];
    let report = [" 고 ", " 라고 ", " 며 ", " 라며 ", " 이라고 "]
        .iter()
        .filter_map(|r| part.rfind(r).map(|i| (i, r.len())))
        .max();
    match report {
        Some((i, len))
            if (span.0 + i >= at.1 || span.0 + i <= at.0)
                && AUXILIARIES.iter().any(|a| part[i + len..].starts_with(a))
                && part[..i].chars().count() >= SHORTEST_KO =>
        {
            (span.0, span.0 + i)
        }
        _ => span,
    }
}

/// Without English words at the end that lean on what was cut off.
fn drop_leaning(text: &str, span: Span, at: Span) -> Span {
    let words = words(text, span);
    let word = |i: usize| {
        text[words[i].0..words[i].1]
            .trim_matches(|c: char| !is_letter(c))
            .to_ascii_lowercase()
    };
    let whole = text[span.1..]
        .trim_matches(|c: char| !is_letter(c))
        .is_empty();
    let mut to = words.len();
    while !whole
        && to > SHORTEST_EN
        && words[to - 1].0 >= at.1
        && LEANING_EN.contains(&word(to - 1).as_str())
    {
        to -= 1;
    }
    let mut from = 0;
    while from + SHORTEST_EN < to
        && words[from].1 <= at.0
        && span.0 > 0
        && matches!(word(from).as_str(), "to" | "of" | "than")
    {
        from += 1;
    }
    if words.is_empty() {
        span
    } else {
        trim(text, (words[from].0, words[to - 1].1))
    }
}

/// The words around a figure that say what it counts.
pub fn amount(text: &str, language: Language, at: Span) -> Span {
    match language {
        Language::Ko => amount_ko(text, at),
        Language::En => clause(text, Language::En, at),
    }
}

fn longest(language: Language) -> usize {
    if language == Language::Ko {
        LONGEST_KO
    } else {
        LONGEST_EN
    }
}

fn shortest(language: Language) -> usize {
    if language == Language::Ko {
        SHORTEST_KO
    } else {
        SHORTEST_EN
    }
}

fn size(text: &str, language: Language, span: Span) -> usize {
    let part = &text[span.0..span.1];
    if language == Language::Ko {
        part.chars().count()
    } else {
        part.split_whitespace().count()
    }
}

/// Words of a span, as spans.
fn words(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = span.0;
    for word in text[span.0..span.1].split(' ') {
        if !word.is_empty() {
            found.push((at, at + word.len()));
        }
        at += word.len() + 1;
    }
    found
}

/// Without white space and marks at either end; closing marks that belong to a figure stay.
fn trim(text: &str, (start, end): Span) -> Span {
    let part = &text[start..end];
    let front = part.len()
        - part
            .trim_start_matches(|c: char| {
                !(is_letter(c) || matches!(c, '$' | '€' | '£' | '¥' | '₩' | '‘' | '\''))
            })
            .len();
    let part = part.trim_end_matches(|c: char| {
        !(is_letter(c)
            || matches!(c, '%' | '’' | '℃' | '°' | '$')
            || ('\u{3380}'..='\u{33ff}').contains(&c))
    });
    let (mut start, mut end) = (start + front, (start + part.len()).max(start + front));
    // A quotation mark whose partner is elsewhere would stand alone.
    let inside = &text[start..end];
    if inside.matches('‘').count() != inside.matches('’').count() {
        if inside.starts_with('‘') {
            start += '‘'.len_utf8();
        } else if inside.ends_with('’')
            && inside.contains(|c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c))
        {
            end -= '’'.len_utf8();
        }
    }
    (start, end)
}

/// The part of the sentence that holds the place and has no double quotation mark and no sentence end inside.
fn speech_around(text: &str, whole: Span, at: Span) -> Span {
    let ends = |i: usize, c: char| {
        matches!(c, '“' | '”' | '"')
            || matches!(c, '.' | '?' | '!')
                && text[i + 1..].starts_with(' ')
                && !abbreviated(&text[..i])
                && i + 2 < whole.1
    };
    let marks: Vec<usize> = text
        .char_indices()
        .filter(|&(i, c)| ends(i, c))
        .map(|(i, _)| i)
        .collect();
    let start = marks
        .iter()
        .rev()
        .find(|&&m| m < at.0)
        .map_or(whole.0, |&m| {
            m + text[m..].chars().next().map_or(1, char::len_utf8)
        });
    let end = marks
        .iter()
        .find(|&&m| m >= at.1.max(at.0 + 1))
        .map_or(whole.1, |&m| m);
    if start >= end {
        whole
    } else {
        trim(text, (start, end))
    }
}

/// "Mr." and "U.S." end no sentence.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or("");
    word.len() <= 4 && word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Where clauses end: after commas and connective endings, before conjunctions. The first is the span's start, the last its end.
fn boundaries(text: &str, language: Language, span: Span) -> Vec<usize> {
    let words = words(text, span);
    let mut cuts = vec![span.0];
    for (i, &(start, end)) in words.iter().enumerate().skip(1) {
        let before = &text[words[i - 1].0..words[i - 1].1];
        let word = &text[start..end];
        let marked = before.ends_with([',', ';', ':', '…', '—', '–', ')', '”'])
            || word.starts_with(['(', '—', '–']);
        let cut = match language {
            Language::Ko => marked || connective(before, word),
            // 'Andøya and Esrange' are one name.
            Language::En => {
                let large = |i: usize| {
                    words
                        .get(i)
                        .is_some_and(|w| text[w.0..w.1].starts_with(char::is_uppercase))
                };
                marked || conjunction(word, i, words.len()) && !(large(i - 1) && large(i + 1))
            }
        };
        if cut {
            cuts.push(start);
        }
    }
    cuts.push(span.1);
    cuts
}

/// A Korean word that ends a clause: '…지만', '…는데', '…으며', '…했고'.
fn connective(word: &str, next: &str) -> bool {
    let bare = word.trim_end_matches(|c: char| !is_letter(c));
    let chars: Vec<char> = bare.chars().rev().take(3).collect();
    let [last, before, ..] = chars[..] else {
        return false;
    };
    if AUXILIARIES.iter().any(|a| next.starts_with(a))
        || matches!(bare, "가운데" | "그런데" | "한데")
    {
        return false;
    }
    let past = final_of(before) == FINAL_SS;
    match last {
        '만' => before == '지' && bare.chars().count() > 2,
        '데' => final_of(before) == FINAL_N && before != '운',
        '며' => true,
        '고' => {
            past || matches!(
                before,
                '하' | '되'
                    | '이'
                    | '없'
                    | '지'
                    | '있'
                    | '내'
                    | '리'
                    | '으'
                    | '나'
                    | '쓰'
                    | '치'
                    | '쥐'
                    | '같'
                    | '많'
                    | '않'
                    | '라'
                    | '다'
            )
        }
        '서' => {
            matches!(before, '어' | '아' | '해' | '면' | '려' | '져' | '워')
                && bare.chars().count() > 2
        }
        '니' => past || before == '으' || before == '보',
        '까' => before == '니',
        '나' => past || before == '으' && bare.chars().count() > 2,
        '도' => matches!(before, '해' | '어' | '아' | '려') && bare.chars().count() > 2,
        '자' => matches!(before, '하' | '되' | '오' | '끄' | '닫' | '리') || past,
        _ => false,
    }
}

#[rustfmt::skip]
const AUXILIARIES: &[&str] = &[
    "있", "싶", "말았", "나서", "나니", "보니", "한다", "했", "합니다", "하는", "하던", "말하", "말했", "밝혔", "전했", "설명", "적", "털어", "본다", "보았", "주장", "불", "답", "생각", "느",
    "볼", "할", "해", "함", "호소", "한 ", "하기", "하며", "하소연", "믿", "물", "되물", "요구", "지적",
];

fn conjunction(word: &str, at: usize, count: usize) -> bool {
    let word = word.to_ascii_lowercase();
    let opens = matches!(
        word.as_str(),
        "but"
            | "because"
            | "which"
            | "while"
            | "although"
            | "though"
            | "whereas"
            | "unless"
            | "until"
            | "since"
    );
    let joins = matches!(
        word.as_str(),
        "and" | "so" | "who" | "when" | "if" | "where" | "or"
    );
    opens && at >= 2 || joins && at >= 4 && count - at >= 4
}

/// Leaves out what only ties the clause to the one before it.
fn tidy(text: &str, language: Language, span: Span) -> Span {
    let mut start = span.0;
    loop {
        let rest = &text[start..span.1];
        let word = rest.split(' ').next().unwrap_or("");
        let bare = word.trim_end_matches(|c: char| !is_letter(c));
        let ties = match language {
            Language::Ko => TIES_KO.contains(&bare),
            Language::En => TIES_EN.contains(&bare.to_ascii_lowercase().as_str()),
        };
        if !ties || word.len() + 1 >= rest.len() {
            return trim(text, (start, span.1));
        }
        start += word.len() + 1;
    }
}

#[rustfmt::skip]
const TIES_KO: &[&str] = &[
    "하지만", "그러나", "그런데", "그래서", "그래도", "그리고", "그러니", "그러면", "따라서", "또", "또한", "게다가", "다만", "즉", "첫째", "둘째", "셋째", "넷째", "다섯째", "첫째는", "둘째는", "셋째는",
    "첫째로", "둘째로", "셋째로", "넷째로", "특히", "심지어", "물론", "가.", "나.", "다.", "라.", "마.", "그럼에도", "요컨대", "그러므로", "마지막으로", "더구나", "먼저", "그렇지만", "이처럼", "이렇게",
    "가", "나", "다", "라", "마", "◦", "○", "-", "그럼", "한편",
];
#[rustfmt::skip]
const TIES_EN: &[&str] = &[
    "but", "and", "so", "yet", "or", "first", "second", "third", "fourth", "fifth", "then", "still", "also", "moreover", "however", "meanwhile",
    "therefore", "thus", "hence", "finally", "because", "which", "although", "though", "whereas", "while", "since", "nor", "that",
];

/// Cuts a clause that is too long to a window around the place, at words.
fn shorten(text: &str, language: Language, span: Span, at: Span) -> Span {
    if size(text, language, span) <= longest(language) {
        return span;
    }
    let words = words(text, span);
    let first = words.iter().position(|w| w.1 > at.0).unwrap_or(0);
    let last = words
        .iter()
        .rposition(|w| w.0 < at.1)
        .unwrap_or(first)
        .max(first);
    let (from, to) = if language == Language::Ko {
        window_ko(text, &words, first, last)
    } else {
        window_en(text, &words, first, last)
    };
    trim(text, (words[from].0, words[to - 1].1))
}

/// Korean says what it means at the end: forward to the predicate where it is near, then back.
fn window_ko(text: &str, words: &[Span], first: usize, last: usize) -> (usize, usize) {
    let length = |from: usize, to: usize| text[words[from].0..words[to - 1].1].chars().count();
    let (mut from, mut to) = (first, last + 1);
    if length(from, words.len()) <= LONGEST_KO + GRACE_KO {
        to = words.len();
    }
    while to < words.len() && length(from, to + 1) <= LONGEST_KO {
        to += 1;
    }
    while from > 0 && length(from - 1, to) <= LONGEST_KO {
        from -= 1;
    }
    (
        open_ko(text, words, from, first, |from| {
            length(from, to) <= LONGEST_KO + GRACE_KO
        }),
        to,
    )
}

/// Moves the first word of a Korean window so that it does not stand without the word it hangs on.
fn open_ko(
    text: &str,
    words: &[Span],
    from: usize,
    hit: usize,
    fits: impl Fn(usize) -> bool,
) -> usize {
    let bound = |i: usize| {
        i > 0 && binds(&text[words[i - 1].0..words[i - 1].1])
            || BOUND_KO.iter().any(|b| text[words[i].0..].starts_with(b))
    };
    let mut back = from;
    while back > 0 && bound(back) {
        back -= 1;
    }
    if fits(back) {
        return back;
    }
    let mut on = from;
    while on < hit && bound(on) {
        on += 1;
    }
    on
}

/// Whether a Korean word hangs on the next: determiners, genitives, verbs before a noun.
fn binds(word: &str) -> bool {
    if word.ends_with(|c: char| !is_letter(c)) {
        return false;
    }
    if matches!(
        word,
        "몇" | "한"
            | "두"
            | "세"
            | "네"
            | "이"
            | "그"
            | "저"
            | "각"
            | "매"
            | "전"
            | "새"
            | "첫"
            | "여러"
            | "모든"
            | "어느"
            | "다른"
            | "안"
            | "못"
            | "더"
            | "덜"
            | "가장"
            | "제일"
            | "꼭"
            | "단"
    ) {
        return true;
    }
    if word.ends_with(|c: char| c.is_ascii_digit()) || NUMERALS.contains(&word) {
        return true;
    }
    let mut back = word.chars().rev();
    let (last, before) = (back.next(), back.next());
    match (last, before) {
        (Some('의'), Some(_)) => true,
        (Some('는'), Some(b)) => "하되있없않쓰가오나지리치드르먹남받맡잡짓모키보주두".contains(b),
        (Some('은'), Some(b)) => "많적높낮작같얻받남맡늦찾놓젊깊넓좁".contains(b),
        (Some('을' | '를'), _) => false,
        (Some(c), Some(_)) => "한된인큰온쓴준던친린킨튼싼센찬픈쁜른긴든먼할될갈올".contains(c),
        _ => false,
    }
}

#[rustfmt::skip]
const NUMERALS: &[&str] = &[
    "다섯", "여섯", "일곱", "여덟", "아홉", "열", "스무", "서른", "마흔", "쉰", "석", "넉", "열두",
    "열네", "몇몇",
];

/// English says what it means at the start: from the clause's start where the place is near, to where a phrase ends.
fn window_en(text: &str, words: &[Span], first: usize, last: usize) -> (usize, usize) {
    let word = |i: usize| {
        text[words[i].0..words[i].1]
            .trim_matches(|c: char| !is_letter(c))
            .to_ascii_lowercase()
    };
    let opens = |i: usize| {
        i == words.len()
            || OPENERS_EN.contains(&word(i).as_str()) && !LEANING_EN.contains(&word(i - 1).as_str())
    };
    let mut from = 0;
    if last >= LONGEST_EN {
        let least = last + 2 - LONGEST_EN.min(last + 2);
        let behind = |i: usize| {
            i > 0
                && OPENERS_EN.contains(&word(i - 1).as_str())
                && !LEANING_EN.contains(&word(i).as_str())
        };
        let opener = (least..=first).find(|&i| behind(i) || OPENERS_EN.contains(&word(i).as_str()));
        from = opener.unwrap_or(first);
    }
    let furthest = (from + LONGEST_EN + 2).min(words.len());
    // One word more than the place: a figure's noun follows it.
    let least = (last + 2).min(words.len());
    let to = (least..=furthest)
        .rev()
        .find(|&i| i > from + 2 && opens(i))
        .unwrap_or_else(|| (from + LONGEST_EN).max(last + 1).min(words.len()));
    let mut to = to;
    while to > least && to < words.len() && LEANING_EN.contains(&word(to - 1).as_str()) {
        to -= 1;
    }
    (from, to)
}

/// English words that open a phrase: a fragment may end before them, or start behind them.
#[rustfmt::skip]
const OPENERS_EN: &[&str] = &[
    "in", "at", "for", "with", "by", "from", "on", "after", "before", "into", "over", "until",
    "that", "who", "which", "and", "or", "but", "because", "when", "where", "as", "than", "while",
    "if", "so", "since", "through", "without", "under", "to",
];

/// English words that lean on the next.
#[rustfmt::skip]
const LEANING_EN: &[&str] = &[
    "of", "the", "a", "an", "and", "to", "in", "for", "with", "at", "by", "from", "or", "that",
    "is", "was", "are", "were", "its", "their", "his", "her", "our", "my", "as", "on", "than",
    "which", "who", "but", "be", "been", "has", "have", "had", "not", "no", "so", "because", "if",
    "when", "into", "over", "about", "it", "this", "these", "those", "every", "each", "some",
    "any", "between", "under", "would", "could", "should", "will", "can", "may", "must", "very",
    "more", "most",
];

/// Korean nouns that cannot open a phrase.
const BOUND_KO: &[&str] = &[
    "밖",
    "수 ",
    "것",
    "때",
    "등",
    "뒤",
    "채",
    "줄",
    "뿐",
    "만큼",
    "데",
    "지 ",
    "중",
    "가운데",
    "있",
    "없",
];

/// The figure's clause where it is short, else up to four words before the figure, within its clause: '두 회사가 세계 공급량의 83%'.
fn amount_ko(text: &str, at: Span) -> Span {
    const BACK: usize = 4;
    const SHORT_CLAUSE: usize = 34;
    const LONGEST: usize = 26;
    let clause = clause(text, Language::Ko, at);
    if clause.0 <= at.0
        && at.1 <= clause.1
        && text[clause.0..clause.1].chars().count() <= SHORT_CLAUSE
        && !connective(last_word(&text[clause.0..clause.1]), "")
    {
        return clause;
    }
    let words = words(text, speech_around(text, (0, text.len()), at));
    let Some(hit) = words.iter().position(|w| w.1 > at.0) else {
        return trim(text, at);
    };
    let last = words.iter().rposition(|w| w.0 < at.1).unwrap_or(hit);
    let end = figure_end(text, words[last].1, at.1);
    let length = |from: usize| text[words[from].0..end.max(words[from].0)].chars().count();
    let mut from = hit;
    while from > 0 && hit - from < BACK && length(from - 1) <= LONGEST {
        let before = &text[words[from - 1].0..words[from - 1].1];
        let adverbial = before.ends_with(['면', '라', '어', '아', '게'])
            || before.ends_with("바람에")
            || before.ends_with("도록");
        if adverbial
            || before.ends_with([',', ';', ':', ')', '”', '.'])
            || connective(before, "")
            || TIES_KO.contains(&before.trim_end_matches(','))
        {
            break;
        }
        from -= 1;
    }
    let from = open_ko(text, &words, from, hit, |from| {
        length(from) <= LONGEST + GRACE_KO
    });
    // A bare figure says too little: what is done with it follows.
    if length(from) < SHORTEST_KO
        && clause.1 > end
        && text[words[from].0..clause.1].chars().count() <= LONGEST_KO
    {
        return trim(text, (words[from].0, clause.1));
    }
    trim(text, (words[from].0, end.max(words[from].0)))
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}

/// The figure's end within its word: before a particle, after what else belongs to the word.
fn figure_end(text: &str, word_end: usize, figure_end: usize) -> usize {
    if figure_end >= word_end {
        return figure_end;
    }
    let rest = text[figure_end..word_end].trim_end_matches(|c: char| !is_letter(c));
    let particle = PARTICLES.contains(&rest);
    if rest.is_empty() || particle {
        return figure_end;
    }
    let stem = PARTICLES
        .iter()
        .filter(|p| rest.ends_with(*p) && rest.len() > p.len())
        .map(|p| rest.len() - p.len())
        .min()
        .unwrap_or(rest.len());
    figure_end + stem
}

#[rustfmt::skip]
const PARTICLES: &[&str] = &[
    "이", "가", "은", "는", "을", "를", "의", "에", "에서", "로", "으로", "과", "와", "도", "만", "까지", "부터", "이다", "다", "였다", "이었다", "이고", "고", "이며", "며", "인데",
    "ㄴ데", "라는", "이라는", "였고", "이었고", "이나", "나", "였는데", "이었는데", "입니다", "였습니다", "이었습니다", "예요", "이에요", "이라고", "라고", "에는", "에도", "에게", "뿐이다", "뿐이었다",
    "밖에", "에서는", "으로는", "보다", "씩", "인", "이지만", "지만", "였지만", "임", "에서만", "짜리", "쯤", "가량", "여서", "이어서", "이라", "라", "뿐입니다", "뿐이었습니다", "밖에는", "에나", "조차",
    "마다", "로는", "였으며", "이었으며", "으로도", "이었지만", "에만", "뿐이고", "인데도", "이던", "던", "였던", "이었던",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, hit: &str, language: Language, expected: &str) {
        let at = text.find(hit).expect("the sentence has the word");
        let (start, end) = clause(text, language, (at, at + hit.len()));
        assert_eq!(&text[start..end], expected);
    }

    fn check_amount(text: &str, hit: &str, language: Language, expected: &str) {
        let at = text.find(hit).expect("the sentence has the figure");
        let (start, end) = amount(text, language, (at, at + hit.len()));
        assert_eq!(&text[start..end], expected);
    }

    #[test]
    fn a_clause_is_cut_between_words() {
        check(
            "그러나 지난여름에 판 우물은 세 곳이 한꺼번에 말랐고, 남은 우물은 모두 마을 회관이 열쇠를 쥐고 있다.",
            "모두",
            Language::Ko,
            "남은 우물은 모두 마을 회관이 열쇠를 쥐고 있다",
        );
        check(
            "The ferry to the mainland stopped in March after the second storm, and nobody on the island was told why it had.",
            "nobody",
            Language::En,
            "nobody on the island was told why it had",
        );
    }

    #[test]
    fn an_amount_says_what_it_counts() {
        check_amount(
            "빵집이 쓰는 밀가루는 섬 밖의 제분소 한 곳이 전체 물량의 71%를 대고 있다.",
            "71%",
            Language::Ko,
            "한 곳이 전체 물량의 71%",
        );
        check_amount(
            "By the following spring the last mill in Torsby, which had once fed the valley, had cut 40% of its shifts.",
            "40%",
            Language::En,
            "had once fed the valley, had cut 40% of its shifts",
        );
    }
}
