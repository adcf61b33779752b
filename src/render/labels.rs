//! The words of a note around the article's own: one table for each output language.

use crate::article::{Language, Reason, WarningKind};
use crate::brief::{CritiqueKind, Role, Status};

/// The fixed words of a note.
pub struct Labels {
    pub untitled: &'static str,
    pub thesis: &'static str,
    pub no_thesis: &'static str,
    pub argument: &'static str,
    pub challenges: &'static str,
    pub no_room: &'static str,
    pub remedy: &'static str,
    pub critique: &'static str,
    pub removed: &'static str,
    pub nothing_removed: &'static str,
    pub made: &'static str,
    pub engine: &'static str,
    pub model: &'static str,
    pub lens: &'static str,
    pub coverage: &'static str,
    pub verification: &'static str,
    pub fallback: &'static str,
    pub unsupported: &'static str,
    pub source: &'static str,
    pub warning: &'static str,
    pub cited: &'static str,
    pub no_such_sentence: &'static str,
    language: Language,
}

static KO: Labels = Labels {
    untitled: "제목 없는 글",
    thesis: "핵심 주장",
    no_thesis: "핵심 주장을 찾지 못했다.",
    argument: "논증의 흐름",
    challenges: "과제별로 보기",
    no_room: "글이 짧아 문장을 옮기지 않고 자리만 밝힌다.",
    remedy: "해법",
    critique: "비판적으로 읽기",
    removed: "덜어 낸 것",
    nothing_removed: "덜어 낸 것이 없다.",
    made: "만든 방법",
    engine: "엔진",
    model: "모델",
    lens: "렌즈",
    coverage: "살펴본 문장",
    verification: "검증",
    fallback: "바꾼 글",
    unsupported: "인용한 문장에 없음",
    source: "원문",
    warning: "알림",
    cited: "인용한 문장",
    no_such_sentence: "(글에 없는 문장)",
    language: Language::Ko,
};

static EN: Labels = Labels {
    untitled: "Untitled article",
    thesis: "Thesis",
    no_thesis: "No thesis was found.",
    argument: "Line of argument",
    challenges: "Challenges",
    no_room: "The article is too short to quote here; see",
    remedy: "Remedy",
    critique: "Reading it critically",
    removed: "What was removed",
    nothing_removed: "Nothing was removed.",
    made: "How this note was made",
    engine: "Engine",
    model: "Model",
    lens: "Lens",
    coverage: "Sentences read",
    verification: "Verification",
    fallback: "Replaced",
    unsupported: "not in the cited sentences",
    source: "Source",
    warning: "Note",
    cited: "Sentences cited",
    no_such_sentence: "(no such sentence)",
    language: Language::En,
};

impl Labels {
    /// The labels of an output language.
    pub fn of(language: Language) -> &'static Labels {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    fn pick(&self, ko: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Ko => ko,
            Language::En => en,
        }
    }

    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Context => self.pick("배경", "Context"),
            Role::Claim => self.pick("주장", "Claim"),
            Role::Evidence => self.pick("근거", "Evidence"),
            Role::Remedy => self.pick("해법", "Remedy"),
            Role::Conclusion => self.pick("결론", "Conclusion"),
        }
    }

    pub fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Discussed => self.pick("다룸", "discussed"),
            Status::NotDiscussed => self.pick("다루지 않음", "not discussed"),
        }
    }

    pub fn critique_kind(&self, kind: CritiqueKind) -> &'static str {
        match kind {
            CritiqueKind::UnsupportedClaim => self.pick("근거 없는 주장", "Unsupported claim"),
            CritiqueKind::MissingEvidence => self.pick("모자란 근거", "Missing evidence"),
            CritiqueKind::OneSided => self.pick("한쪽의 이야기", "One-sided"),
            CritiqueKind::MissingChallenge => self.pick("빠진 과제", "Missing challenge"),
            CritiqueKind::MissingRemedy => self.pick("빠진 해법", "Missing remedy"),
            CritiqueKind::WeakSource => self.pick("약한 출처", "Weak source"),
            CritiqueKind::UndatedFigure => self.pick("때를 알 수 없는 수치", "Undated figure"),
            CritiqueKind::UnsourcedFigure => self.pick("출처 없는 수치", "Unsourced figure"),
            CritiqueKind::SuspectFigure => self.pick("깨졌을 수 있는 수치", "Suspect figure"),
            CritiqueKind::OpenQuestion => self.pick("남는 물음", "Open question"),
        }
    }

    pub fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::Duplicate => self.pick("되풀이", "Duplicates"),
            Reason::UnrelatedArticle => self.pick("다른 기사", "Unrelated article"),
            Reason::Advertisement => self.pick("광고", "Advertising"),
            Reason::Byline => self.pick("글쓴이 표시", "Bylines"),
            Reason::Metadata => self.pick("날짜·조회 수 따위", "Dates, counts and other metadata"),
            Reason::Caption => self.pick("사진 설명", "Captions"),
            Reason::Copyright => self.pick("저작권 표시", "Copyright notices"),
            Reason::RelatedLinks => self.pick("관련 기사 목록", "Related links"),
            Reason::Promotion => self.pick("구독·후원 권유", "Promotion"),
            Reason::Navigation => self.pick("메뉴와 단추", "Navigation"),
            Reason::Comment => self.pick("댓글", "Comments"),
            Reason::Hidden => self.pick("숨은 글", "Hidden text"),
            Reason::Other => self.pick("그 밖", "Other"),
        }
    }

    /// "bytes that could not be read (3)".
    pub fn warned(&self, kind: WarningKind, count: usize) -> String {
        let what = match kind {
            WarningKind::BadBytes => {
                self.pick("읽을 수 없는 바이트", "bytes that could not be read")
            }
            WarningKind::HiddenCharacters => self.pick("보이지 않는 문자", "invisible characters"),
            WarningKind::GuessedEncoding => self.pick("인코딩을 짐작함", "the encoding is a guess"),
            WarningKind::KeptMore => {
                self.pick("규칙보다 많이 남김", "more was kept than the rules say")
            }
            WarningKind::UnknownLanguage => {
                self.pick("한국어도 영어도 아닌 글", "neither Korean nor English")
            }
            WarningKind::InstructionLike => self.pick(
                "지시문처럼 보이는 글",
                "text that reads as instructions to a model",
            ),
            WarningKind::Coverage => {
                self.pick("살펴보지 못한 문장이 있음", "not all sentences were read")
            }
        };
        if count > 1 {
            format!("{what} ({count})")
        } else {
            what.to_string()
        }
    }

    /// "3 places, 120 letters".
    pub fn removed_count(&self, places: usize, letters: usize) -> String {
        match self.language {
            Language::Ko => format!("{places}곳, {letters}자"),
            Language::En => format!("{}, {}", plural(places, "place"), plural(letters, "letter")),
        }
    }

    /// "51 of 51, in 1 piece".
    pub fn covered(&self, seen: usize, sentences: usize, chunks: usize) -> String {
        match self.language {
            Language::Ko => format!("{sentences}문장 가운데 {seen}문장, {chunks}조각"),
            Language::En => format!("{seen} of {sentences}, in {}", plural(chunks, "piece")),
        }
    }

    /// "9 figures and 4 names were looked up in the cited sentences; 0 were not there".
    pub fn verified(&self, numbers: usize, names: usize, unsupported: usize) -> String {
        match self.language {
            Language::Ko => format!(
                "수치 {numbers}개와 이름 {names}개를 인용한 문장에서 확인함, 없는 것 {unsupported}개"
            ),
            Language::En => format!(
                "{} and {} looked up in the cited sentences, {unsupported} not found there",
                plural(numbers, "figure"),
                plural(names, "name")
            ),
        }
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
