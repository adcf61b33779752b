//! Surface of discourse: the kinds of words that say what a sentence does, whatever it speaks of.
//!
//! In:  a folded sentence. Out: one flag per kind. Tables only; ordinals are not among them.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::text::Surface;
use crate::article::Language;

/// How many kinds there are.
pub const CUE_KINDS: usize = 26;

/// The kinds that other files ask for by name, as indices into the flags.
pub mod kind {
    /// It asks.
    pub const QUESTION: usize = 0;
    /// It quotes or reports speech.
    pub const QUOTE: usize = 1;
    /// It says what should be done.
    pub const DEMAND: usize = 2;
    /// "not A but B".
    pub const NOT_BUT: usize = 3;
    /// It turns against what stood before.
    pub const CONTRAST: usize = 4;
    /// It draws a conclusion.
    pub const THEREFORE: usize = 5;
}

struct Kind {
    /// Substrings of the folded form; a blank at either end asks for a word's end there.
    ko: &'static [&'static str],
    en: &'static [&'static str],
}

const KINDS: [Kind; CUE_KINDS - 2] = [
    // Demands.
    Kind {
        ko: &[
            "해야 ",
            "어야 ",
            "아야 ",
            "여야 ",
            "야 한다",
            "야 합니다",
            "야 해요",
            "야 할",
            "야 하",
            "야 된다",
            "필요하",
            "필요가 있",
            "하자 ",
            "두자 ",
            "내자 ",
            "자고 ",
            "꾸자 ",
            "주자 ",
            "들자 ",
            "면 된다",
            "면 됩니다",
            "면 돼요",
            "면 좋겠",
            "면 어떨까",
            "만하다",
            "할 만",
            "길이 있",
            "길도 있",
            "편이 낫",
            "바란다",
            "바랍니다",
            "제안",
            "합시다",
            "십시오",
            "해 달라",
            "해달라",
            "수 있게",
            "도록 ",
            "하길",
            "했으면",
            "권한다",
            "검토하",
            "마련하",
        ],
        en: &[
            " should ",
            " must ",
            " ought ",
            " need to ",
            " needs to ",
            " let ",
            " have to ",
            " has to ",
            " would help",
            " would do ",
            " could be ",
            " propose",
            " recommend",
            " urge",
            " ask for ",
            " what is needed",
            " better to ",
            " ought to",
            " could ",
            " would ",
            " needs a ",
            " deserve",
            " remedy",
            " cure ",
            " fix ",
            " solution",
            " worth ",
        ],
    },
    Kind {
        ko: &[
            "아니라",
            "아닌 ",
            "라기보다",
            "보다는",
            "가 아니다",
            "이 아니다",
            "게 아니",
            "것이 아니",
            "지 않고 ",
            "이지 ",
            "대신 ",
        ],
        en: &[
            " not ",
            " rather than ",
            " instead of ",
            " but by ",
            " less ",
            " so much as ",
            " never ",
            " nor ",
        ],
    },
    Kind {
        ko: &[
            " 그러나 ",
            " 하지만 ",
            " 그런데 ",
            " 그래도 ",
            " 다만 ",
            " 반면",
            " 오히려 ",
            " 정작 ",
            " 그렇지만 ",
            " 그럼에도",
            "는데도",
            " 문제는 ",
            "지만 ",
        ],
        en: &[
            " but ",
            " yet ",
            " however ",
            " though ",
            " although ",
            " still ",
            " nevertheless ",
            " whereas ",
            " the trouble ",
            " the problem ",
        ],
    },
    Kind {
        ko: &[
            " 결국 ",
            " 그래서 ",
            " 그러니 ",
            " 따라서 ",
            " 그러므로 ",
            " 요컨대 ",
            " 그렇다면 ",
            " 이제 ",
            " 즉 ",
            " 한마디로",
            " 결론",
            " 정리하",
            " 말하자면",
            " 요약하",
        ],
        en: &[
            " so ",
            " therefore ",
            " thus ",
            " in short ",
            " in the end ",
            " hence ",
            " in sum ",
            " conclusion",
            " which is why ",
            " that is why ",
            " what this ",
            " adds up",
            " my point",
            " the point",
            " argument",
            " the lesson",
            " verdict",
            " bottom line",
        ],
    },
    // Reasons.
    Kind {
        ko: &[
            "때문",
            "덕분",
            "탓에",
            "탓이",
            "까닭",
            "이유",
            "어서다",
            "니까 ",
            "거든",
        ],
        en: &[
            " because ",
            " since ",
            " for the reason",
            " due to ",
            " owing to ",
            " reason ",
        ],
    },
    // Something more of the same.
    Kind {
        ko: &[
            " 또 ",
            " 또한 ",
            " 게다가 ",
            " 더구나 ",
            " 더욱이 ",
            " 여기에 ",
            " 심지어 ",
            " 뿐만 ",
            " 그리고 ",
            "도 마찬가지",
            "사정도",
            "사정은",
        ],
        en: &[
            " also ",
            " and ",
            " moreover ",
            " besides ",
            " even ",
            " another ",
            " too ",
            " likewise ",
            " as well ",
        ],
    },
    // A turn to something else.
    Kind {
        ko: &[
            " 이번에는 ",
            " 이번엔 ",
            " 다음은 ",
            " 다음으로 ",
            " 먼저 ",
            " 우선 ",
            " 끝으로 ",
            " 한편 ",
            " 또 하나",
            " 그다음 ",
            " 이제 ",
            "부터 ",
            "쪽은 ",
            "쪽도 ",
            "보자 ",
            "볼까",
            "이야기",
            "물음",
            "질문",
        ],
        en: &[
            " now ",
            " then ",
            " next ",
            " turn to ",
            " as for ",
            " take ",
            " consider ",
            " meanwhile ",
            " there is ",
            " then there ",
            " and then ",
            " look at ",
            " begin with ",
            " start with ",
            " question",
            " on to ",
        ],
    },
    // An aside.
    Kind {
        ko: &[
            " 여담",
            " 참고로 ",
            " 그나저나 ",
            " 딴 얘기",
            " 잠깐",
            " 옆길",
            " 말이 나온",
            " 사족",
            " 농담",
            "본론",
            "얘기를 하나",
        ],
        en: &[
            " by the way",
            " incidentally",
            " an aside",
            " aside ",
            " as it happens",
            " for what it is worth",
            " readers ",
            " i digress",
            " back to ",
        ],
    },
    // The writer.
    Kind {
        ko: &[
            " 나는 ",
            " 저는 ",
            " 내가 ",
            " 제가 ",
            " 나의 ",
            " 저의 ",
            " 내 ",
            " 제 ",
            " 필자",
            " 나도 ",
            " 저도 ",
            "생각한다",
            "생각합니다",
            "생각해요",
            "봅니다 ",
            "본다 ",
        ],
        en: &[
            " i ",
            " my ",
            " me ",
            " id ",
            " ive ",
            " im ",
            " think ",
            " believe ",
            " suspect ",
            " hold that ",
        ],
    },
    // Everyone.
    Kind {
        ko: &[" 우리", "여러분", " 독자"],
        en: &[" we ", " our ", " us ", " you ", " your ", " dear "],
    },
    // Greetings and thanks.
    Kind {
        ko: &[
            "안녕하",
            "고맙습니다",
            "감사합니다",
            "반갑습니다",
            "다음 주",
            "다음 호",
            "편지",
            "뵙겠",
            "찾아오겠",
            "찾아올게",
            "드림",
            "올림",
        ],
        en: &[
            " thank",
            " welcome ",
            " good morning",
            " good evening",
            " next week",
            " until then ",
            " yours ",
            " hello ",
            " applause",
            " goodbye ",
        ],
    },
    // The scene.
    Kind {
        ko: &[
            " 지난주",
            " 지난달",
            " 며칠 전",
            " 아침",
            " 저녁",
            " 오후",
            " 오전",
            " 그날",
            " 어느 날",
            " 창밖",
            " 점심",
            "앉아 ",
            "서 있",
            "돌아오는 길",
            "다녀왔",
            "찾아갔",
            "만난 ",
            "만났",
        ],
        en: &[
            " last week ",
            " last month ",
            " morning",
            " afternoon ",
            " evening",
            " lunch ",
            " dinner ",
            " coffee ",
            " tea ",
            " sat ",
            " stood ",
            " walked ",
            " drove ",
            " drive home",
            " visited ",
            " on my way",
            " the other day",
            " watched ",
            " monday ",
            " tuesday ",
            " wednesday ",
            " thursday ",
            " friday ",
            " saturday ",
            " sunday ",
        ],
    },
    // Measures of growth and share.
    Kind {
        ko: &[
            "%",
            "퍼센트",
            "절반",
            "가운데 0",
            " 배 ",
            "0배",
            "비율",
            "평균",
            "분의 ",
        ],
        en: &[
            "%",
            " per cent",
            " percent",
            " half ",
            " average ",
            " times ",
            " third of",
            " quarter of",
            " out of ",
            " of the 0",
            " rose ",
            " fell ",
            " doubled",
        ],
    },
    // Money.
    Kind {
        ko: &[
            "0원", "0억", "0만원", "0조", "만 원", "억 원", "달러", "유로",
        ],
        en: &[
            " million", " billion", " dollars", " euros", " cents", " pence", " pounds", " 0m ",
        ],
    },
    // Years and months.
    Kind {
        ko: &["0년", "0월", "0개월", "지난해", "작년", "올해"],
        en: &[
            " years",
            " months",
            " weeks",
            " last year",
            " in 0 ",
            " since 0",
            " by 0 ",
            " until 0",
        ],
    },
    // Absence.
    Kind {
        ko: &[
            "없다",
            "없었",
            "없어",
            "없는",
            "없이",
            "못 ",
            "못하",
            "못한",
            "모자",
            "부족",
            "않는다",
            "않았",
        ],
        en: &[
            " no ",
            " none ",
            " nobody ",
            " nothing ",
            " without ",
            " never ",
            " cannot ",
            " lack",
            " short of ",
            " missing ",
            " too few ",
            " hardly ",
        ],
    },
    // Only.
    Kind {
        ko: &[
            "뿐이",
            "뿐인",
            "뿐 ",
            "밖에 ",
            " 오직 ",
            " 단 ",
            "만이 ",
            "하나다",
            "유일",
        ],
        en: &[
            " only ", " just ", " merely ", " alone ", " single ", " sole ",
        ],
    },
    // Elsewhere.
    Kind {
        ko: &[
            " 중국",
            " 미국",
            " 일본",
            " 독일",
            " 유럽",
            " 덴마크",
            " 네덜란드",
            " 대만",
            " 영국",
            " 캐나다",
            " 해외",
            " 핀란드",
            " 프랑스",
            " 스위스",
            " 노르웨이",
        ],
        en: &[
            " china",
            " germany",
            " japan",
            " denmark",
            " dutch ",
            " netherlands ",
            " abroad ",
            " france",
            " korea",
            " norway",
            " sweden",
            " finland",
            " canada ",
            " elsewhere ",
            " neighbour",
            " neighbor",
        ],
    },
    // Superlatives and sums.
    Kind {
        ko: &[
            " 가장 ",
            " 제일 ",
            "승부",
            "핵심",
            "관건",
            "열쇠",
            "본질",
            "진짜",
            "달렸",
            "달려 있",
            "나뉜다",
            "갈린다",
            "정한다",
            "결정된",
            "값어치",
            "의미",
        ],
        en: &[
            " most ",
            " real ",
            " really ",
            " matters ",
            " decide",
            " hinge",
            " depends on ",
            " the key ",
            " what counts ",
            " worth ",
            " essential",
            " is about ",
            " in truth",
            " true ",
            " bargain",
            " promise",
        ],
    },
    // Comparisons and images.
    Kind {
        ko: &[
            "처럼 ",
            "같은 ",
            "같다",
            "셈이",
            "꼴이",
            "격이",
            "듯 ",
            "마찬가지",
        ],
        en: &[
            " like ",
            " as if ",
            " as though ",
            " a kind of ",
            " amounts to ",
            " as a ",
        ],
    },
    // If.
    Kind {
        ko: &["다면 ", "라면 ", "면 ", "려면 ", "어도 ", "더라도 "],
        en: &[
            " if ",
            " unless ",
            " until ",
            " when ",
            " once ",
            " whether ",
        ],
    },
    // All of it.
    Kind {
        ko: &[
            " 모두 ",
            " 모든 ",
            " 늘 ",
            " 언제나 ",
            " 아무 ",
            " 누구",
            " 아무리 ",
            " 다 ",
        ],
        en: &[
            " all ",
            " every ",
            " always ",
            " everyone ",
            " everybody ",
            " any ",
            " anyone ",
        ],
    },
    // It is said.
    Kind {
        ko: &["따르면", "조사", "통계", "집계", "보고서", "설문", "연구 "],
        en: &[
            " according to ",
            " survey",
            " report",
            " study ",
            " figures ",
            " data show",
            " found that",
            " counted ",
            " reckon",
            " estimate",
        ],
    },
    // What is to come.
    Kind {
        ko: &[
            "것이다",
            "겁니다",
            "거예요",
            "될 것",
            "할 것",
            "겠다",
            "겠습니다",
            "ㄹ지",
            "을지",
            "일지",
            "전망",
        ],
        en: &[
            " will ",
            " wont ",
            " going to ",
            " shall ",
            " tomorrow ",
            " future ",
            " next ",
        ],
    },
];

/// Endings and openings that ask, where the question mark was lost.
const ASKS_KO: [&str; 12] = [
    "까 ",
    "까요 ",
    "는가 ",
    "은가 ",
    "인가 ",
    "나요 ",
    "은가요 ",
    "는가요 ",
    "인가요 ",
    "습니까 ",
    "입니까 ",
    "을까 ",
];
const ASKS_EN: [&str; 14] = [
    " who ", " what ", " why ", " how ", " when ", " where ", " which ", " whose ", " is ",
    " are ", " can ", " does ", " do ", " will ",
];

/// Reported speech, where the quotation marks were lost.
const SAYS_KO: [&str; 16] = [
    "라고 ",
    "다고 말",
    "다고 했",
    "라며 ",
    "다며 ",
    "말했",
    "말한다",
    "말합니다",
    "말씀",
    "털어놓",
    "전했",
    "설명했",
    "물었",
    "했다고",
    "답했",
    "래요 ",
];
const SAYS_EN: [&str; 10] = [
    " said ",
    " says ",
    " told ",
    " asked ",
    " replied ",
    " he calls ",
    " she calls ",
    " wrote ",
    " admits ",
    " puts it",
];

/// The tables of both languages as one automaton each: looking every cue up alone takes ten times as long.
fn automaton(language: Language) -> &'static (AhoCorasick, Vec<usize>) {
    static BOTH: [OnceLock<(AhoCorasick, Vec<usize>)>; 2] = [OnceLock::new(), OnceLock::new()];
    BOTH[language as usize].get_or_init(|| {
        let rows = KINDS.iter().enumerate().map(|(k, kind)| match language {
            Language::Ko => (k + 2, kind.ko),
            Language::En => (k + 2, kind.en),
        });
        let says = match language {
            Language::Ko => &SAYS_KO[..],
            Language::En => &SAYS_EN[..],
        };
        let rows = rows.chain([(kind::QUOTE, says)]);
        let (kinds, cues): (Vec<usize>, Vec<&str>) = rows
            .flat_map(|(k, cues)| cues.iter().map(move |cue| (k, *cue)))
            .unzip();
        (
            // The kind that is built quickest: most processes read one article.
            AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::NoncontiguousNFA))
                .build(cues)
                .expect("the tables are short"),
            kinds,
        )
    })
}

/// The marks of a sentence.
pub fn read(folded: &str, surface: &Surface, language: Language) -> [bool; CUE_KINDS] {
    let mut out = [false; CUE_KINDS];
    let (automaton, kinds) = automaton(language);
    for found in automaton.find_overlapping_iter(folded) {
        out[kinds[found.pattern().as_usize()]] = true;
    }
    out[kind::QUOTE] |= surface.quote;
    out[kind::QUESTION] = surface.question
        || match language {
            Language::Ko => ASKS_KO.iter().any(|cue| folded.ends_with(cue)),
            Language::En => ASKS_EN.iter().any(|cue| folded.starts_with(cue)),
        };
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::extractive::text::fold;

    fn check(language: Language, sentence: &str, flag: usize) {
        let (folded, surface) = fold(sentence);
        assert!(find(&folded, &surface, language)[flag], "{sentence}");
    }

    #[test]
    fn marks_are_found_with_and_without_punctuation() {
        check(Language::Ko, "창구를 하나로 줄여야 한다", kind::DEMAND);
        check(Language::En, "The town should buy the pump.", kind::DEMAND);
        check(
            Language::Ko,
            "모자란 것은 돈이 아니라 시간이다",
            kind::NOT_BUT,
        );
        check(
            Language::En,
            "It is not the money but the time.",
            kind::NOT_BUT,
        );
        check(Language::Ko, "누가 고칠까", kind::QUESTION);
        check(Language::En, "Who will mend it", kind::QUESTION);
        check(
            Language::Ko,
            "그는 고개를 저으며 어렵다고 말했다",
            kind::QUOTE,
        );
        check(Language::En, "It is hard he said", kind::QUOTE);
    }
}
