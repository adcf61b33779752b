//! Cues: the words a critique rule starts from, by language, each with the sort of attack it invites.
//!
//! Data only. Korean cues match from the start of a word whatever follows, with a leading `*` anywhere; English cues are
//! whole words in lower case, with a trailing `*` the beginning of one.

use crate::article::Language;

/// A table of cues, each with the variant of the rule it belongs to.
pub type Cues = &'static [(&'static str, &'static [&'static str])];

/// Picks the language's table.
pub fn of(language: Language, ko: Cues, en: Cues) -> Cues {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

/// Claims stronger than what usually carries them.
#[rustfmt::skip]
pub const STRONG_KO: Cues = &[
    (
        "universal",
        &["모든 ", "모두가", "누구나", "누구도", "아무도", "언제나", "항상", "절대 ", "절대로", "전혀 ", "반드시", "어디에도", "예외 없이", "하나같이", "늘 ", "단 한 번도", "한결같이", "아무것도"],
    ),
    (
        "exclusive",
        &["유일", "오직", "오로지", "*밖에 없", "*뿐이다", "*뿐입니다", "*뿐이에요", "*수밖에 없", "하나뿐", "한 곳뿐", "*만이 ", "*말고는"],
    ),
    (
        "contrast",
        &["*가 아니라", "*이 아니라", "*은 아니다. ", "*는 게 아니라", "*보다 먼저", "*라기보다"],
    ),
    (
        "forecast",
        &["*것이다", "*것입니다", "*겁니다", "*거예요", "결국", "머지않아", "*게 된다", "*게 될", "조만간", "언젠가"],
    ),
    (
        "causal",
        &["*때문이다", "*때문입니다", "*때문이에요", "*탓이다", "*탓에", "*때문에", "*셈이다", "*덕분", "*에서 났다", "*에서 나온다", "원인은", "이유는", "까닭은"],
    ),
    (
        "superlative",
        &["세계 최대", "세계 최초", "최초", "최대", "최악", "최고의", "가장 ", "제일 ", "으뜸", "둘도 없"],
    ),
];

/// Claims stronger than what usually carries them.
#[rustfmt::skip]
pub const STRONG_EN: Cues = &[
    (
        "universal",
        &[
            "always", "never", "nobody", "no one", "everybody", "everyone", "every", "all of", "none of", "nothing", "all the", "in no",
            "not a single", "without exception", "anyone",
        ],
    ),
    (
        "exclusive",
        &["only", "sole", "solely", "nothing but", "no other", "no choice", "the one thing", "no alternative"],
    ),
    (
        "contrast",
        &[
            "rather than", "not because", "so much as", "instead of", "is not the", "are not the", "was never", "not a shortage", "does not lack",
            "do not lack", "less a", "not in the",
        ],
    ),
    (
        "forecast",
        &["will", "is bound to", "inevitably", "sooner or later", "in the end", "is going to", "are going to", "cannot last", "is certain to"],
    ),
    (
        "causal",
        &["because", "the reason", "that is why", "which is why", "thanks to", "the cause", "is what", "explains"],
    ),
    (
        "superlative",
        &[
            "the most", "the largest", "the biggest", "the worst", "the cheapest", "the fastest", "the slowest", "the greatest", "the scarcest",
            "the hardest", "the weakest", "the oldest",
        ],
    ),
];

/// Amounts and changes told without a number.
#[rustfmt::skip]
pub const AMOUNT_KO: Cues = &[
    (
        "quantifier",
        &["대부분", "많은 ", "상당수", "상당한", "수많은", "적지 않", "다수", "대다수", "숱한", "대개", "몇몇", "곳곳", "흔하", "흔한", "대체로", "수십", "수백", "수천"],
    ),
    (
        "trend",
        &[
            "급증", "급감", "갈수록", "점점", "늘었", "늘어나", "늘어났", "늘고 ", "줄었", "줄어들", "줄고 ", "커졌", "커지고", "치솟", "떨어졌", "무너지", "빨라졌", "느려졌", "사라졌", "사라지",
            "줄어듦", "늘어남", "증가", "감소", "심해",
        ],
    ),
    (
        "scarcity",
        &["부족", "모자라", "모자란", "희귀", "태부족", "드물", "턱없이", "달린다", "귀하", "씨가 말", "구하기 어렵", "찾기 어렵"],
    ),
    (
        "compare",
        &["훨씬", "비싸", "싸다", "더디", "느리", "빠르", "크게 ", "못 미친", "뒤처", "더 오래", "더 많", "더 적", "높다", "낮다"],
    ),
];

/// Amounts and changes told without a number.
#[rustfmt::skip]
pub const AMOUNT_EN: Cues = &[
    (
        "quantifier",
        &[
            "most", "mostly", "many", "few", "several", "plenty", "lots of", "a lot of", "much of", "nearly every", "almost every", "almost all",
            "almost nobody", "hardly any", "often", "rarely", "seldom", "usually", "a handful", "dozens", "hundreds", "thousands", "countless",
            "scores of", "widely", "generally",
        ],
    ),
    (
        "trend",
        &[
            "rising", "growing", "grew", "shrinking", "surge", "surged", "surging", "soar*", "declin*", "increasingly", "more and more",
            "fewer and fewer", "dwindl*", "doubled", "collapsed", "vanish*", "disappear*",
        ],
    ),
    (
        "scarcity",
        &["short of", "shortage*", "lack*", "scarce", "too few", "not enough", "run out", "running out", "starved", "thin on"],
    ),
    (
        "compare",
        &[
            "more expensive", "cheaper", "faster", "slower", "far more", "far less", "much more", "costlier", "longer than", "bigger than",
            "higher than", "lower than", "too slow",
        ],
    ),
];

/// Voices nobody can ask again.
#[rustfmt::skip]
pub const VOICE_KO: Cues = &[
    (
        "anonymous",
        &[
            "한 관계자", "한 대표", "한 공무원", "한 임원", "한 교수", "한 연구원", "한 기술자", "한 직원", "한 업체", "한 사장", "한 참석자", "한 농민", "한 주민", "한 의사", "한 교사", "한 개발자",
            "한 엔지니어", "한 책임자", "한 담당자", "한 간부", "한 종사자", "한 환자", "한 업주", "익명", "어느 관계자", "어느 대표", "관계자는", "담당자는", "담당 공무원", "한 협력업체", "한 출판사",
            "한 회사 대표", "한 기업인", "한 이사", "한 과장", "한 국장", "한 상인", "한 기사",
        ],
    ),
    (
        "collective",
        &[
            "업계에서", "업계는", "업계 안팎", "업계의", "일각에서", "일각의", "전문가들", "관계자들", "현장에서는", "시장에서는", "학계에서", "사람들은", "비판하는", "반대하는 사람", "주변에서", "참석자들",
            "정비사들", "연구자들", "언론은", "많은 이들", "누군가는", "대부분의 사람",
        ],
    ),
    (
        "hearsay",
        &[
            "*고 전해졌", "*고 알려졌", "*로 알려", "*래요", "*대요", "*답니다", "*다더군", "*다더라", "*는 소문", "*는 이야기가", "*는 말이 돌", "*다고들", "*다는 후문", "*는 얘기", "*다고 합니다",
            "*다고 한다", "*라고 한다", "*라고 합니다", "*다고 해요",
        ],
    ),
    (
        "study",
        &["한 조사", "한 연구", "어느 조사", "어느 연구", "한 설문", "한 통계", "한 보고서", "연구에 따르면", "조사에 따르면", "어떤 조사", "한 추산", "추산"],
    ),
];

/// Voices nobody can ask again.
#[rustfmt::skip]
pub const VOICE_EN: Cues = &[
    (
        "anonymous",
        &[
            "one official", "an official", "one engineer", "an engineer", "one executive", "an executive", "one manager", "a manager",
            "one supplier", "a supplier", "one owner", "an owner", "one buyer", "one worker", "a worker", "one inspector", "an inspector",
            "one analyst", "an analyst", "a source", "one source", "one resident", "one developer", "a developer", "a spokesman", "a spokeswoman",
            "a spokesperson", "one director", "one veteran", "one founder", "a founder", "one farmer", "one doctor", "a lawyer", "an insider",
            "one insider", "a colleague", "a friend", "one student", "one teacher", "one nurse", "a technician", "one technician",
        ],
    ),
    (
        "collective",
        &[
            "critics", "experts", "insiders", "skeptics", "sceptics", "sources", "officials say", "officials said", "analysts", "observers",
            "people say", "some say", "they say", "industry sources", "those in the business", "the industry says", "engineers say", "veterans say",
            "supporters", "opponents", "everyone i asked", "the engineers i spoke to", "people i spoke to", "the people i meet", "the trade says",
        ],
    ),
    (
        "hearsay",
        &[
            "reportedly", "allegedly", "is said to", "are said to", "i am told", "i was told", "rumor*", "rumour*", "word is", "supposedly",
            "it is said", "so the story", "i hear", "i heard",
        ],
    ),
    (
        "study",
        &[
            "a study", "one study", "a survey", "one survey", "studies show", "one estimate", "an estimate", "one count", "by some estimates",
            "a report", "research shows", "one poll", "a poll", "surveys show",
        ],
    ),
];

/// Speakers whose trade the claim touches.
#[rustfmt::skip]
pub const INTERESTED: (&[&str], &[&str]) = (
    &["대표는", "대표가", "사장은", "사장이", "회장은", "대표이사는", "조합장은", "창업자는", "점주는", "협회장은", "최고경영자는", "이사는", "부사장은", "원장은", "협회는", "조합은"],
    &[
        "chief executive", "the founder", "its founder", "who makes", "who sells", "who runs", "who owns", "lobbyist", "lobby", "the owner", "ceo",
        "managing director", "its president", "trade association", "industry group", "who builds", "who directs",
    ],
);

/// Verbs and marks of somebody's words.
#[rustfmt::skip]
pub const SPEECH: (&[&str], &[&str]) = (
    &[
        "*고 말했", "*라고 했", "*다고 했", "*고 털어놓", "*고 밝혔", "*고 설명", "*고 전했", "*고 주장", "*고 답했", "*고 말한", "*고 말하", "*고 지적", "*고 강조", "*고 요청", "*고 하소연",
        "*고 했습니다", "*고 말함", "*고 밝힘", "*고 적", "*고 물었", "*고 되물", "*라 했", "*고 발언", "*고 호소", "*고 덧붙", "*고 꼬집", "*고 평", "“",
    ],
    &["said", "says", "told", "replied", "explained", "argues", "argued", "warned", "complained", "admitted", "insists", "insisted", "“"],
);

/// What names where a figure comes from.
#[rustfmt::skip]
pub const SOURCED: (&[&str], &[&str]) = (
    &[
        "따르면", "조사", "통계", "집계", "추산", "자료", "보고서", "보고함", "발표", "*밝혔", "*밝힌", "*말했", "*설명했", "*전했", "*라고 했", "*다고 했", "*고 말", "분석", "설문", "감사",
        "백서", "공시", "응답", "기록", "명세서", "장부", "영수증", "고지서", "연구진", "설문을", "*답했", "*적혀", "계산", "*세어", "*세 보", "*재 보", "확인했", "*봤더니", "*보니", "*고 했",
    ],
    &[
        "according to", "said", "says", "told", "report*", "survey*", "study", "studies", "data", "record*", "census", "by the count", "estimate*",
        "reckon*", "publish*", "found", "counted", "poll*", "audit*", "filing*", "statistic*", "bureau", "ministry", "research*", "measured",
        "calculat*", "invoice*", "receipt*", "by my", "i count*", "ledger*", "showed", "shows", "index", "listed", "logged", "announced",
        "office of",
    ],
);

/// What dates a figure.
#[rustfmt::skip]
pub const DATED: (&[&str], &[&str]) = (
    &[
        "지난해", "작년", "올해", "재작년", "지난달", "이달", "지난주", "올봄", "올여름", "올가을", "지난봄", "지난여름", "지난가을", "지난겨울", "내년", "이번 달", "상반기", "하반기", "분기", "어제",
        "오늘", "지난 ", "그해", "이듬해", "*년 전", "*달 전", "*개월 전", "*년 새", "*년 사이", "*년간", "당시", "첫해", "매년", "해마다", "요즘", "*년 동안", "재작년", "*년째", "금년", "전년",
    ],
    &[
        "last year", "this year", "last month", "this month", "last week", "last spring", "last summer", "last fall", "last autumn", "last winter",
        "this spring", "this summer", "this fall", "this winter", "years ago", "months ago", "year ago", "next year", "today", "quarter", "a year",
        "per year", "yesterday", "last quarter", "since", "now", "by then", "that year", "every year", "each year", "this week", "in the past",
        "the following year", "so far", "annual*",
    ],
);

/// Marks of another view being heard.
#[rustfmt::skip]
pub const COUNTERVIEW: (&[&str], &[&str]) = (
    &["반면", "물론", "반론", "반박", "다른 시각", "그렇다고", "비판", "오해", "맞서", "이견", "한편에서는", "회의적", "신중론", "반대쪽", "반대편", "항변", "해명"],
    &[
        "critics", "to be fair", "of course", "skeptic*", "sceptic*", "on the other hand", "opponents", "objection*", "counter*", "disagree*",
        "defend*", "admittedly", "granted", "some argue", "replied that", "reply that", "in fairness", "they may be right",
    ],
);

/// Parties that can be blamed and can answer.
#[rustfmt::skip]
pub const ACTORS: (&[&str], &[&str]) = (
    &[
        "정부", "당국", "대기업", "은행", "보험사", "국회", "지자체", "공무원", "교육청", "병원", "대학", "협회", "노조", "본사", "플랫폼", "원청", "통신사", "발주처", "제조사", "완성차", "도매상",
        "시청", "군청", "구청", "심의위", "위원회", "한전", "의원", "장관", "거대 기업", "외국 회사", "유통사", "공사", "운영사", "관청", "금융사", "투자자", "빅테크", "조합",
    ],
    &[
        "the government", "regulators", "regulator", "insurers", "insurer", "banks", "city hall", "the agency", "the ministry", "lawmakers",
        "vendors", "utilities", "the utility", "congress", "washington", "brussels", "the commission", "the council", "incumbents", "the platforms",
        "the platform", "investors", "landlords", "the department", "manufacturers", "the operators", "the operator", "contractors",
        "the big contractors", "the state", "ministers", "parliament", "suppliers", "retailers", "the county", "inspectors", "the company",
        "the airlines", "wholesalers", "developers", "the grid operator", "the union", "hospitals", "universities",
    ],
);

/// What makes a sentence about a party a charge against it.
#[rustfmt::skip]
pub const CHARGE: (&[&str], &[&str]) = (
    &[
        "않", "못", "없", "막", "미루", "늦", "떼", "쥐고", "쥔", "독점", "거절", "거부", "외면", "떠넘", "*만 ", "팔지", "끊", "가로", "탓", "뒷짐", "모른다", "모르", "올렸", "올리",
        "나 몰라라", "차지", "깎",
    ],
    &[
        "refuse*", "deny", "denies", "denied", "delay*", "block*", "slow*", "fail*", "cannot", "won't", "don't", "doesn't", "do not", "does not",
        "will not", "has no", "have no", "ignore*", "forbid*", "demand*", "charge*", "sat", "neither", "never", "late", "sell them only", "only to",
        "none",
    ],
);

/// What a figure does that was set and not counted.
#[rustfmt::skip]
pub const RULES: (&[&str], &[&str]) = (
    &["의무", "기준", "*이어야", "*어야 ", "*아야 ", "*해야", "한도", "상한", "하한", "규정", "벌금", "과태료"],
    &["must", "require*", "cap", "limit", "ceiling", "threshold", "at least", "allowed", "may exempt", "target*", "goal", "fine of"],
);

/// What a remedy may do that costs money.
#[rustfmt::skip]
pub const SPENDING: (&[&str], &[&str]) = (
    &[
        "짓", "지어", "세우", "두자", "두고", "설치", "지원", "보태", "사 ", "사서", "깔", "늘리", "늘려", "마련", "돌려줄", "돌려주", "나눠", "키우", "뽑", "대 주", "만들", "놓", "기금",
        "펀드", "센터", "공동",
    ],
    &[
        "build", "building", "fund", "pay", "hire", "hired", "subsid*", "install", "buy", "train", "scholarship*", "set up", "replace", "lend",
        "expand", "equip",
    ],
);

/// What a remedy may do that needs a rule changed.
#[rustfmt::skip]
pub const RULING: (&[&str], &[&str]) = (
    &[
        "허용", "못 박", "의무", "법", "규정", "기준", "규격", "인정", "통합", "바꾸", "고치",
        "고쳐", "없애", "줄이", "묶", "정하", "지정", "풀", "공개", "면제", "심사", "신고", "허가",
        "보험", "책임",
    ],
    &[
        "allow*", "require*", "rule*", "law*", "licen*", "standard*", "permit*", "let", "mandat*", "recogni*", "harmoni*", "register*", "oblige*",
        "ban*", "publish*", "form", "inspection*", "name", "share*", "open*", "count", "statut*", "clause*", "deadline*", "adopt*", "agree*",
    ],
);

/// Words that give a time to act by.
#[rustfmt::skip]
pub const DEADLINE: (&[&str], &[&str]) = (
    &["까지", "안에", "내년", "올해", "당장", "*년 내", "기한", "상반기", "하반기", "*개월", "*일 안", "*주 안", "매년", "해마다", "*부터", "먼저"],
    &[
        "by", "within", "before", "this year", "next year", "deadline", "at once", "now", "months", "years", "days", "weeks", "until", "quarter",
        "season", "annual*", "every year",
    ],
);

/// Who could act.
#[rustfmt::skip]
pub const DOERS: (&[&str], &[&str]) = (
    &[
        "정부", "국회", "지자체", "대기업", "회사가", "기업이", "업체가", "대학", "학교", "시가", "군이", "도가", "나라가", "국가가", "조합", "협회", "은행", "공사", "부처", "당국", "시청", "군청",
        "진흥원", "기관이", "교육청", "본사가", "원청", "우리가", "저희", "제가", "나는", "우리는",
    ],
    &[
        "government", "ministry", "congress", "parliament", "council", "state", "county", "city", "agency", "companies", "firms", "utilities",
        "universities", "schools", "vendors", "commission", "regulator*", "eu", "we", "i", "operators", "industry", "insurers", "banks", "buyers",
        "hospitals", "esa", "gavi", "washington", "brussels", "owners", "you", "makers", "treasury", "port", "district", "governor", "mayor",
        "legislature", "department", "union*",
    ],
);

/// What a remedy or a conclusion asks for that a challenge left out would hold up: key, Korean cues, English cues.
#[rustfmt::skip]
pub const BOTTLENECKS: &[(&str, &[&str], &[&str])] = &[
    ("power", &["공장", "데이터센터", "충전", "로봇", "서버", "냉동", "시험 라인", "설비", "전기차", "생산 라인", "터미널", "급속", "냉각", "가동"], &["factory", "factories", "data cent*", "charger*", "charging", "server*", "robot*", "freezer*", "kiln*", "furnace*", "cooling", "heat pump*", "compute*"]),
    ("talent", &["센터", "과정", "상담", "시험", "검사", "심사", "개발", "연구", "정비", "설계", "운영", "교육", "양성", "팀", "기관", "점검"], &["office*", "centre*", "center*", "lab*", "inspector*", "inspection*", "team*", "program*", "review*", "training", "repair*", "maintain*", "maintenance", "audit*", "design*", "clinic*"]),
    ("regulation", &["개방", "공유", "데이터", "시험", "도로", "비행", "안전", "의료", "표준", "규격", "공동", "기록", "개인", "인증", "보험", "실증", "공개"], &["share*", "open*", "data", "road*", "test*", "standard*", "safety", "patient*", "insur*", "record*", "joint", "common", "pool*", "merge*", "certif*", "publish*", "drone*"]),
    ("speed", &["짓", "세우", "만들", "키우", "바꾸", "늘리", "마련", "양성", "국산화", "통일", "묶", "갖추", "고치"], &["build*", "train*", "develop*", "agree*", "settle*", "harmoni*", "replace*", "expand*", "set up", "standardi*", "create*", "reform*", "rewrite"]),
    ("ecosystem", &["장비", "부품", "기계", "국산", "설비", "구매", "발주", "시장", "판로", "소재", "제품", "회사", "기업"], &["equipment", "part*", "machine*", "buy*", "supplier*", "order*", "vendor*", "tool*", "hardware", "product*", "market*", "material*", "firm*", "compan*"]),
];

/// Words that ask, where the question mark was lost.
#[rustfmt::skip]
pub const ASKING: (&[&str], &[&str]) = (
    &["까", "까요", "는가", "은가", "인가", "느냐", "나요", "가요", "을까", "냐", "는지요", "건가요", "까"],
    &[
        "what", "why", "who", "how", "where", "which", "whose", "when", "is", "are", "do", "does",
        "can", "could", "should", "will", "would",
    ],
);

/// Cases told as one: a place, a firm, a person that stands for all.
#[rustfmt::skip]
pub const ANECDOTE: (&[&str], &[&str]) = (
    &[
        "한 회사", "한 업체", "한 사람", "한 기술자", "한 대학", "한 병원", "한 마을", "한 공장", "한 학교", "한 농가", "한 중소기업", "한 협력사", "한 스타트업", "한 선배", "한 후배", "한 동료", "친구",
        "후배", "선배", "동기", "이웃집",
    ],
    &[
        "one firm", "one company", "one plant", "one workshop", "one town", "one school", "one hospital", "one farm", "a friend", "a neighbor",
        "a neighbour", "a colleague", "one man", "one woman", "my cousin", "my brother", "my sister", "one shop", "one village", "one team",
    ],
);
