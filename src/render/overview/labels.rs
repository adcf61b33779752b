//! The words around the articles' own: one table for each output language.

use serde::Serialize;

use crate::article::Language;
use crate::overview::Opposition;

/// The fixed words of an overview.
#[derive(Serialize)]
pub struct OverviewLabels {
    pub language: &'static str,
    pub index: &'static str,
    pub agree: &'static str,
    pub main_point: &'static str,
    pub nothing_agreed: &'static str,
    pub nothing_alike: &'static str,
    pub evidence: &'static str,
    pub one_voice: &'static str,
    pub remedy: &'static str,
    pub otherwise: &'static str,
    pub nothing_opposed: &'static str,
    pub objection: &'static str,
    pub nobody: &'static str,
    pub everything: &'static str,
    pub also: &'static str,
    pub briefing: &'static str,
    pub matrix: &'static str,
    pub matrix_help: &'static str,
    pub table: &'static str,
    pub challenge: &'static str,
    pub articles: &'static str,
    pub voices: &'static str,
    pub alike: &'static str,
    pub opposed: &'static str,
    pub article: &'static str,
    pub untitled: &'static str,
    pub not_discussed: &'static str,
    pub strength: &'static str,
    pub discussed_at_all: &'static str,
    pub any: &'static str,
    pub search: &'static str,
    pub filter: &'static str,
    pub shown: &'static str,
    pub of: &'static str,
    pub open_all: &'static str,
    pub close_all: &'static str,
    pub same_text: &'static str,
    pub warnings: &'static str,
    pub fallbacks: &'static str,
    pub failures: &'static str,
    pub skip: &'static str,
    #[serde(skip)]
    korean: bool,
}

static KO: OverviewLabels = OverviewLabels {
    language: "ko",
    index: "기사 모아 보기",
    agree: "여러 기사가 같이 말하는 것",
    main_point: "핵심 주장",
    nothing_agreed: "같은 말을 하는 두 기사는 찾지 못했다.",
    nothing_alike: "두 기사가 같은 말을 하는지 가릴 수 없는 과제",
    evidence: "과제별로 가장 센 근거",
    one_voice: "한 기사만 다룬다. 아래는 그 기사만의 이야기다.",
    remedy: "해법",
    otherwise: "다르게 말하는 쪽",
    nothing_opposed: "서로 맞서는 두 기사는 찾지 못했다.",
    objection: "한 기사 안의 반론",
    nobody: "아무도 다루지 않는 것",
    everything: "모든 과제를 적어도 한 기사가 다룬다.",
    also: "그 밖에",
    briefing: "브리핑",
    matrix: "과제 표",
    matrix_help: "점은 그 과제를 받치는 문장 수다. ● 한 문장, ●● 둘에서 넷, ●●● 다섯 이상. 칸을 열면 가장 나은 문장이 나온다.",
    table: "표 파일",
    challenge: "과제",
    articles: "기사",
    voices: "겹침 빼고",
    alike: "같은 말",
    opposed: "맞서는 말",
    article: "기사",
    untitled: "제목 없는 글",
    not_discussed: "다루지 않음",
    strength: "세기",
    discussed_at_all: "다룬 기사만",
    any: "전체",
    search: "찾기",
    filter: "과제로 거르기",
    shown: "보이는 기사",
    of: "/",
    open_all: "문장 모두 열기",
    close_all: "문장 모두 닫기",
    same_text: "같은 글",
    warnings: "알림",
    fallbacks: "바꾼 글",
    failures: "노트가 없는 입력",
    skip: "표로 건너뛰기",
    korean: true,
};

static EN: OverviewLabels = OverviewLabels {
    language: "en",
    index: "Articles at a glance",
    agree: "What the articles agree on",
    main_point: "Main point",
    nothing_agreed: "No two articles were found that say the same.",
    nothing_alike: "Whether two articles say the same could not be told for",
    evidence: "The strongest evidence, by challenge",
    one_voice: "Only one article speaks of it: this is its own theme.",
    remedy: "Remedy",
    otherwise: "Who says otherwise",
    nothing_opposed: "No two articles were found that oppose each other.",
    objection: "objection within one article",
    nobody: "What nobody discusses",
    everything: "Every challenge is discussed by at least one article.",
    also: "also",
    briefing: "Briefing",
    matrix: "Challenge matrix",
    matrix_help: "Dots tell how many sentences carry the challenge: ● one, ●● two to four, ●●● five or more. Open a cell for its best sentence.",
    table: "Table",
    challenge: "Challenge",
    articles: "Articles",
    voices: "Distinct",
    alike: "Alike",
    opposed: "Opposed",
    article: "Article",
    untitled: "Untitled article",
    not_discussed: "not discussed",
    strength: "strength",
    discussed_at_all: "discussed",
    any: "all",
    search: "Search",
    filter: "Filter by challenge",
    shown: "Articles shown",
    of: "of",
    open_all: "Open all sentences",
    close_all: "Close all sentences",
    same_text: "same text as",
    warnings: "warnings",
    fallbacks: "replaced texts",
    failures: "Inputs without a note",
    skip: "Skip to the table",
    korean: false,
};

impl OverviewLabels {
    /// Returns the labels of an output language.
    pub fn of(language: Language) -> &'static OverviewLabels {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    /// Writes "Briefing over 12 articles".
    pub fn title(&self, articles: usize) -> String {
        match self.korean {
            true => format!("기사 {articles}편 브리핑"),
            false => format!("Briefing over {}", counted(articles, "article")),
        }
    }

    /// Writes "12 articles, 11 counting near-duplicates once. Without a note: 1 input."
    pub fn counts(&self, articles: usize, voices: usize, failures: usize) -> String {
        let mut out = match self.korean {
            true => format!("기사 {articles}편, 거의 같은 글을 하나로 세면 {voices}편."),
            false => format!(
                "{}, {voices} counting near-duplicates once.",
                counted(articles, "article")
            ),
        };
        if failures > 0 {
            out.push_str(&match self.korean {
                true => format!(" 노트가 없는 입력 {failures}개."),
                false => format!(" Without a note: {}.", counted(failures, "input")),
            });
        }
        out
    }

    /// Writes "7 of 12 articles".
    pub fn spoken_of(&self, some: usize, all: usize) -> String {
        match self.korean {
            true => format!("{all}편 가운데 {some}편"),
            false => format!("{some} of {}", counted(all, "article")),
        }
    }

    /// Writes "3 articles".
    pub fn said_by(&self, voices: usize) -> String {
        match self.korean {
            true => format!("{voices}편"),
            false => counted(voices, "article"),
        }
    }

    /// Says on what two sentences oppose each other.
    pub fn opposition(&self, on: Opposition) -> &'static str {
        match (on, self.korean) {
            (Opposition::Direction, true) => "방향이 반대",
            (Opposition::Direction, false) => "opposite directions",
            (Opposition::Figures, true) => "수치가 다름",
            (Opposition::Figures, false) => "different figures",
            (Opposition::Denial, true) => "한쪽이 부정",
            (Opposition::Denial, false) => "one denies it",
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
