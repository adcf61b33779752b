//! Phrases: how each sort of attack is worded, in either language.
//!
//! Data only. `{q}` is what is attacked, in the article's own words and in quotation marks; `{w}` the word that gave it away,
//! `{a}` a party, `{l}` the challenge's label, `{k}` a number of sentences. `{q:라는}` adds the particle that fits.
//! A phrase says what is missing in this article; one that would fit every article does not belong here.

use crate::brief::CritiqueKind;

/// A sort of attack and its wordings.
pub struct Phrase {
    /// The kind the output names.
    pub kind: CritiqueKind,
    /// The sort within the kind.
    pub variant: &'static str,
    /// Korean wordings.
    pub ko: &'static [&'static str],
    /// English wordings.
    pub en: &'static [&'static str],
}

/// The wordings of a sort of attack.
pub fn wordings(kind: CritiqueKind, variant: &str) -> Option<&'static Phrase> {
    PHRASES
        .iter()
        .find(|p| p.kind == kind && p.variant == variant)
}

use CritiqueKind::*;

const PHRASES: &[Phrase] = &[
    Phrase {
        kind: UnsupportedClaim,
        variant: "universal",
        ko: &[
            "{q:라는} 단정에는 예외를 찾아본 흔적이 없다. 반례가 하나라도 나오면 {w:라는} 말부터 거둬야 한다.",
            "{w:라고} 말하려면 두루 살펴봤어야 하는데, {q} 앞뒤에는 그렇게 살핀 내용이 없다.",
            "{q:라는} 문장에서 {w:을} 빼도 뜻이 통하는지 따져 볼 만하다. 그만큼 센 말을 받칠 사례도 집계도 곁에 없다.",
        ],
        en: &[
            "“{q}” falls with a single counter-example, and there is no sign that anyone looked for one.",
            "Is “{w}” meant literally in “{q}”? The sentences around it count no cases.",
            "“{q}” would still make its point without “{w}”; nothing nearby has earned so strong a word.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "exclusive",
        ko: &[
            "{q:라며} 다른 가능성을 닫아 버리지만, 무엇을 검토하고 제쳐 두었는지는 말하지 않는다.",
            "{q:라는} 데까지 가려면 나머지 길이 왜 막혔는지부터 보여야 하는데 그 과정이 비어 있다.",
            "{w:라는} 한정이 맞는지 확인할 길이 없다. {q:라는} 말과 다른 경우를 하나도 비교하지 않았다.",
        ],
        en: &[
            "“{q}” shuts out every alternative without saying which ones were considered.",
            "To say “{q}”, the article would have to show why the other ways fail, and that step is missing.",
            "The “{w}” in “{q}” is doing all the work, yet no rival case is examined.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "contrast",
        ko: &[
            "{q:라고} 맞세웠지만, 밀려난 쪽이 왜 원인이 아닌지는 밝히지 않는다. 둘 다 맞을 수도 있다.",
            "{q:라는} 대비는 선명하다. 그러나 앞의 것이 정말 문제가 아닌지 확인할 자료가 없다.",
            "{q:라고} 갈라 말하려면 두 쪽을 같은 잣대로 재 봤어야 한다. 글에는 한쪽의 사정만 있다.",
            "둘 중 하나를 고르는 {q:라는} 구도 자체를 의심해 볼 만하다. 앞의 것을 버려도 되는 까닭이 적혀 있지 않다.",
        ],
        en: &[
            "“{q}” sets one explanation against another without ruling the first one out; both could be true.",
            "The contrast in “{q}” is neat, but what it pushes aside is dismissed rather than tested.",
            "Why must it be one or the other? “{q}” gives no reason to drop the first of the two.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "forecast",
        ko: &[
            "{q:라고} 내다보면서 어떤 조건이 갖춰져야 그렇게 되는지는 적지 않았다.",
            "{q:라는} 전망은 지금 흐름이 그대로 이어진다는 가정 위에 있는데, 그 가정을 받쳐 줄 수치가 없다.",
            "{q:라는} 결말까지 가는 중간 단계가 빠져 있다. 무엇이 달라지면 전망도 달라지는지 물어야 한다.",
        ],
        en: &[
            "“{q}” is a forecast without conditions: what would have to happen first is not spelled out.",
            "“{q}” assumes that things go on as they are, and nothing in the article backs that assumption.",
            "Between today and “{q}” several steps are left out, and any one of them could fail.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "causal",
        ko: &[
            "{q:라고} 원인을 짚었지만, 다른 원인을 빼고도 설명이 되는지 견주어 보지는 않았다.",
            "{q:라는} 인과는 순서만 보여 줄 뿐, 그 일이 없었다면 결과가 달라졌을지는 다루지 않는다.",
        ],
        en: &[
            "“{q}” names one cause, and no other candidate is weighed against it.",
            "“{q}” shows what came with what; whether things would have gone otherwise without it stays open.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "superlative",
        ko: &[
            "{q:라고} 하려면 견줄 상대가 있어야 하는데, {w:라는} 말의 비교 대상이 나오지 않는다.",
            "{w:라는} 순위를 누가 어떻게 매겼는지 알 수 없다. {q} 곁에는 다른 후보가 보이지 않는다.",
        ],
        en: &[
            "“{q}” ranks something without naming the field: “{w}” compared with what?",
            "Who did the ranking behind “{q}”? No other candidate is measured.",
        ],
    },
    Phrase {
        kind: UnsupportedClaim,
        variant: "bare",
        ko: &[
            "{q:라는} 주장 뒤에 수치도, 사례도, 출처도 따라오지 않는다.",
            "{q:라고} 잘라 말하지만 그렇게 본 근거는 독자가 짐작해야 한다.",
            "{q:라는} 데 동의하지 않는 독자를 설득할 재료가 이어지는 문장에 없다.",
        ],
        en: &[
            "“{q}” is asserted and left there: no figure, case or source follows it.",
            "A reader who doubts that “{q}” is given nothing to check.",
            "What would change the author's mind about “{q}”? The sentences after it do not say.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "quantifier",
        ko: &[
            "{w:이} 얼마를 가리키는지 알 수 없다. {q:라는} 말은 규모를 적어야 힘이 생긴다.",
            "{q:라고} 적었을 뿐 {w:을} 헤아릴 숫자는 주지 않는다.",
            "{q:라고} 했는데, {w:이} 절반인지 열에 아홉인지에 따라 결론의 무게가 달라진다.",
        ],
        en: &[
            "How large is “{w}”? “{q}” needs a count before it can carry the argument.",
            "“{q}” gestures at a number and does not give it.",
            "“{w}” could be a bare majority or nearly all, and “{q}” reads very differently in each case.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "trend",
        ko: &[
            "{q:라고} 하지만 언제의 얼마에서 지금의 얼마가 되었는지가 빠져 있다.",
            "{q:라는} 변화에는 출발점도 폭도 없어, 큰 흐름인지 잠깐의 출렁임인지 가릴 수 없다.",
        ],
        en: &[
            "“{q}” reports a change without a starting point or a size.",
            "From what to what? “{q}” could be a lasting trend or one bad season.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "scarcity",
        ko: &[
            "{q:라고} 하려면 필요한 양과 지금 있는 양을 나란히 놓아야 하는데 둘 다 나오지 않는다.",
            "얼마나 모자라는지 모르면 {q:라는} 말에 맞는 대책의 크기도 정할 수 없다.",
        ],
        en: &[
            "“{q}” speaks of a gap without saying how much is needed and how much there is.",
            "How short is short? Without the size of the gap, “{q}” cannot tell a nuisance from a crisis.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "compare",
        ko: &[
            "{q:라고} 견주려면 두 값이 있어야 한다. 차이가 얼마인지는 독자가 짐작할 수밖에 없다.",
            "{q:라는} 비교에 숫자가 없어, 차이가 결정적인지 사소한지 가릴 수 없다.",
        ],
        en: &[
            "“{q}” compares without giving either of the two values.",
            "By how much? “{q}” leaves open whether the difference is decisive or slight.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "nonumber",
        ko: &[
            "{l:을} 말하는 {k}문장에 규모를 알려 주는 수치가 하나도 없어, {q:라는} 문제가 얼마나 큰지 가늠할 수 없다.",
            "{q:라는} 진단은 있어도 정도를 재는 숫자가 없다. {l:이} 다른 과제보다 급한지 판단하기 어렵다.",
        ],
        en: &[
            "Not one of the {k} sentences in the {l} part carries a figure, so the size of “{q}” is anyone's guess.",
            "“{q}” is a diagnosis without a measurement; whether the {l} problem is more urgent than the rest cannot be told.",
        ],
    },
    Phrase {
        kind: MissingEvidence,
        variant: "anecdote",
        ko: &[
            "{q:라는} 사례는 생생하지만 하나뿐이다. 다른 곳도 그런지는 확인하지 않았다.",
            "{q:라는} 이야기 하나에서 {l} 전반의 문제를 끌어내는데, 이런 일이 얼마나 흔한지는 말하지 않는다.",
        ],
        en: &[
            "“{q}” is one vivid case; whether others fare the same was not checked.",
            "The {l} part leans on “{q}”, and how common such cases are is not said.",
        ],
    },
    Phrase {
        kind: OneSided,
        variant: "actor",
        ko: &[
            "{q:라는} 비판을 받는 쪽은 {a:인}데, {a} 쪽 설명은 한 줄도 실리지 않았다.",
            "{a:이} 왜 그렇게 하는지는 들려주지 않는다. {q:라는} 말은 상대편의 설명과 함께 읽어야 공정하다.",
            "{q:라고} {a:을} 겨냥했지만, 그쪽에 물어봤다는 말이 없다.",
        ],
        en: &[
            "“{q}” is a charge against {a}, whose answer appears nowhere in the article.",
            "Why {a} would act that way is never asked; “{q}” is one side of a dispute.",
            "“{q}” puts the blame on {a} without a word from that side.",
        ],
    },
    Phrase {
        kind: OneSided,
        variant: "burden",
        ko: &[
            "{q:라는} 제안에서 부담을 질 쪽은 {a:인}데, 받아들일 수 있는지 그쪽에 물어보지 않았다.",
            "{q:라고} {a} 쪽에 짐을 지우면서도 {a}의 비용과 반대 논리는 다루지 않는다.",
        ],
        en: &[
            "“{q}” hands the burden to {a}, who are not asked whether they can carry it.",
            "What “{q}” would cost {a}, and why they might resist, is left out.",
        ],
    },
    Phrase {
        kind: OneSided,
        variant: "witness",
        ko: &[
            "{l:을} 두고 목소리를 내는 것은 {q:라고} 말한 쪽뿐이다. 이해가 엇갈리는 사람은 등장하지 않는다.",
            "{q:라는} 증언 하나로 {l:을} 판단하게 한다. 같은 일을 달리 겪은 사람의 말이 더 필요하다.",
        ],
        en: &[
            "In the {l} part the one voice heard is the one behind “{q}”; nobody with a different stake speaks.",
            "“{q}” is the sole testimony on the {l} side, with no one to confirm or dispute it.",
        ],
    },
    Phrase {
        kind: OneSided,
        variant: "thesis",
        ko: &[
            "{q:라는} 주장에 맞설 반론을 글 안에서 한 번도 세워 보지 않았다.",
            "{q:라는} 데 고개를 저을 사람이 무엇을 근거로 들지 생각해 본 대목이 없다.",
            "{q:라고} 보지 않는 사람도 있을 텐데 그쪽 목소리는 들리지 않는다.",
        ],
        en: &[
            "Nothing in the article argues against “{q}”, not even to refute it.",
            "The strongest objection to “{q}” is never put into words.",
            "Someone will disagree that “{q}”, and that someone is not heard here.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "named",
        ko: &[
            "{q:라고} 하면서 {l:을} 입에 올렸지만, 정작 그 문제를 파고든 대목은 없다.",
            "{q:라는} 말에 {l:이} 스쳐 지나갈 뿐 본문은 이를 과제로 다루지 않는다.",
        ],
        en: &[
            "“{q}” brings up the matter of {l}, yet the body of the article never takes it up.",
            "{l} is touched on in “{q}” and then dropped.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "power",
        ko: &[
            "{q:라고} 하면서 거기에 들어갈 전기를 어디서 끌어올지는 따지지 않았다.",
            "{q:라고} 하려면 전기부터 닿아야 하는데, 전력은 이 글에 없는 과제다.",
        ],
        en: &[
            "“{q}” will draw electricity, and where that comes from is not considered.",
            "Before “{q}” can happen something has to be plugged in; power is missing from the list.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "talent",
        ko: &[
            "{q:라고} 하는데 그 일을 누가 맡을지, 그런 사람이 있기는 한지 묻지 않는다.",
            "{q:라고} 하지만 그 일을 할 줄 아는 사람을 구하는 문제는 통째로 빠져 있다.",
        ],
        en: &[
            "Who would staff “{q}”, and whether such people exist, is not asked.",
            "“{q}” needs trained hands, and finding them is left out of the account.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "regulation",
        ko: &[
            "{q:라고} 하지만 지금 있는 법과 허가 절차 안에서 되는 일인지는 살피지 않았다.",
            "{q:라고} 하려면 손봐야 할 규정이 있을 텐데, 규제 이야기는 나오지 않는다.",
        ],
        en: &[
            "Whether “{q}” is possible under the present rules is not examined.",
            "“{q}” would need permission from somebody; regulation does not come up.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "speed",
        ko: &[
            "{q:라고} 하는데 언제까지 이루어져야 늦지 않는지, 속도를 따진 대목이 없다.",
            "{q:라고} 하는 데 걸리는 시간과 남은 시간을 견주어 보지 않았다.",
        ],
        en: &[
            "How soon would “{q}” have to happen to make a difference? The pace is not discussed.",
            "“{q}” takes time, and how much of it there is the article does not ask.",
        ],
    },
    Phrase {
        kind: MissingChallenge,
        variant: "ecosystem",
        ko: &[
            "{q:라고} 하는데, 거기에 필요한 물건을 누가 만들고 누가 사 줄지는 빠져 있다.",
            "{q:라고} 해도 그것을 대 줄 회사들이 버틸 수 있는지는 따져 보지 않았다.",
        ],
        en: &[
            "Who would supply what “{q}” calls for, and who would buy it, is not discussed.",
            "“{q}” presumes firms able to deliver it; the state of that supply side is left out.",
        ],
    },
    Phrase {
        kind: MissingRemedy,
        variant: "figure",
        ko: &[
            "{q:라는} 데까지 세어 놓고, {l:을} 어떻게 풀자는 말은 없이 넘어간다.",
            "{q:라는} 숫자가 나왔으면 얼마로 바꾸자는 목표도 있어야 하는데, {l} 쪽에는 제안이 없다.",
        ],
        en: &[
            "“{q}” is measured with care, and then nothing is proposed for it.",
            "Having established “{q}”, the article sets no target and names no way to reach one.",
        ],
    },
    Phrase {
        kind: MissingRemedy,
        variant: "others",
        ko: &[
            "다른 과제에는 처방을 내면서, {q:라고} 한 {l} 문제에는 아무 제안도 붙이지 않았다.",
            "{q:라는} 문제만 해법 없이 남았다. {l:은} 저절로 풀린다고 보는지 알 수 없다.",
        ],
        en: &[
            "Other problems get a remedy; “{q}” is left as it is.",
            "Remedies are offered elsewhere, but on the {l} side, where “{q}”, the reader waits in vain.",
        ],
    },
    Phrase {
        kind: MissingRemedy,
        variant: "plain",
        ko: &[
            "{l:은} {q:라는} 진단에서 멈춘다. 누가 무엇을 하면 나아지는지 나오지 않는다.",
            "{q:라고} 해 놓고 그다음이 없다. {l:을} 바꿀 방법을 묻는 독자에게 답하지 않는다.",
        ],
        en: &[
            "The {l} part stops at “{q}” and does not say who should do what.",
            "“{q}” is a complaint without a proposal.",
        ],
    },
    Phrase {
        kind: WeakSource,
        variant: "anonymous",
        ko: &[
            "{q:라는} 말의 주인은 {w:라고}만 적혀 있어, 누구인지도 이해관계가 있는지도 확인할 길이 없다.",
            "{q:라는} 대목을 받치는 것은 이름 없는 {w}의 한마디다.",
        ],
        en: &[
            "The speaker behind “{q}” is only “{w}”, so neither name nor interest can be checked.",
            "“{q}” rests on the word of “{w}”, whom no reader could call.",
        ],
    },
    Phrase {
        kind: WeakSource,
        variant: "collective",
        ko: &[
            "{w:라고} 뭉뚱그려 몇 사람의 생각인지 알 수 없다. {q:라는} 말을 실제로 한 사람을 밝혀야 한다.",
            "{q:라는} 평가의 주어가 {w:이다}. 그 안에서도 의견이 갈리는지 궁금하다.",
        ],
        en: &[
            "“{w}” is a crowd without a face: who exactly holds that “{q}”?",
            "“{q}” is put into the mouth of “{w}”, not one of whom is named.",
        ],
    },
    Phrase {
        kind: WeakSource,
        variant: "hearsay",
        ko: &[
            "{q:라는} 내용은 전해 들은 말로 적혀 있다. 누구에게서 나온 이야기인지 밝혀야 한다.",
            "직접 확인한 것이 아니라 들은 이야기다. {q:라는} 대목은 한 번 더 물어봐야 한다.",
        ],
        en: &[
            "“{q}” is passed on at second hand; where it comes from is not said.",
            "“{q}” was heard rather than checked.",
        ],
    },
    Phrase {
        kind: WeakSource,
        variant: "study",
        ko: &[
            "{w:이} 누구의 것인지 밝히지 않아 {q:라는} 결과를 다시 확인할 수 없다.",
            "{q:라는} 결과를 낸 {w}, 누가 언제 몇 명을 놓고 했는지 적혀 있지 않다.",
        ],
        en: &[
            "Which one is “{w}”? Without its author, “{q}” cannot be looked up.",
            "“{q}” comes from “{w}” with no author, date or sample.",
        ],
    },
    Phrase {
        kind: WeakSource,
        variant: "interested",
        ko: &[
            "{q:라는} 말은 그 결과에 이해가 걸린 사람에게서 나왔다. 제삼자의 확인이 따라붙지 않는다.",
            "{q:라고} 말한 쪽은 그렇게 믿어야 이로운 처지다. 다른 자료로 맞춰 본 흔적이 없다.",
        ],
        en: &[
            "“{q}” comes from someone with a stake in the answer, and nobody independent confirms it.",
            "The one who says “{q}” gains if it is believed; no outside check is given.",
        ],
    },
    Phrase {
        kind: UndatedFigure,
        variant: "share",
        ko: &[
            "{q:라는} 비율이 어느 해의 것인지 없다. 해마다 달라지는 값이라면 지금도 그런지 물어야 한다.",
            "{q:라고} 하는데, 언제를 기준으로 낸 몫인지 적혀 있지 않다.",
            "지금도 {q:라고} 할 수 있는지 확인해야 한다. 글에는 이 비율의 시점이 없다.",
        ],
        en: &[
            "Of what year is “{q}”? Shares move, and this one carries no date.",
            "“{q}” may have been true once; nothing says when.",
        ],
    },
    Phrase {
        kind: UndatedFigure,
        variant: "money",
        ko: &[
            "{q:라고} 하지만 언제의 값인지 나오지 않는다. 오르내리는 금액이라 날짜가 없으면 견줄 수 없다.",
            "{q:라는} 금액이 언제 매겨진 것인지 밝히지 않았다.",
        ],
        en: &[
            "When was “{q}” true? A price without a date cannot be compared.",
            "“{q}” carries no date, and amounts like it do not stand still.",
        ],
    },
    Phrase {
        kind: UndatedFigure,
        variant: "count",
        ko: &[
            "{q:라고} 하지만 언제 세었는지 알 수 없다. 그 뒤로 늘었는지 줄었는지도 빠져 있다.",
            "{q:라는} 수가 어느 시점의 것인지 적지 않아 요즘 사정이라고 믿기 어렵다.",
        ],
        en: &[
            "“{q}” was counted at some time the article does not give.",
            "As of when? “{q}” may have grown or shrunk since it was counted.",
        ],
    },
    Phrase {
        kind: UndatedFigure,
        variant: "measure",
        ko: &[
            "{q:라는} 값이 언제 잰 것인지 없다. 설비가 바뀌었다면 숫자도 달라졌을 것이다.",
            "{q:라고} 하는데, 언제 기준의 수치인지 밝혀야 한다.",
        ],
        en: &[
            "When was “{q}” measured? Equipment changes, and so do such values.",
            "“{q}” comes without the date it was taken.",
        ],
    },
    Phrase {
        kind: UnsourcedFigure,
        variant: "share",
        ko: &[
            "{q:라는} 수치를 누가 냈는지, 무엇을 100으로 놓고 셌는지 나와 있지 않다.",
            "{q:라고} 하는데, 분모가 무엇이고 누구의 계산인지 알 수 없다.",
            "{q:라는} 대목의 비율은 출처 없이 나온다. 어떤 표본을 썼는지에 따라 뜻이 달라진다.",
        ],
        en: &[
            "Whose figure is “{q}”, and what does it count as the whole?",
            "“{q}” appears without a source; the answer depends on who was counted.",
            "No one is named behind “{q}”, so the denominator has to be taken on trust.",
        ],
    },
    Phrase {
        kind: UnsourcedFigure,
        variant: "money",
        ko: &[
            "{q:라는} 금액이 어디서 나온 것인지, 무엇까지 포함했는지 적혀 있지 않다.",
            "{q:라고} 하는데, 누가 계산한 액수인지 몰라 부풀려졌는지 따질 수 없다.",
            "{q:라는} 셈의 근거 자료가 없다. 누구의 장부에 적힌 돈인가.",
        ],
        en: &[
            "Who worked out “{q}”, and what does it include?",
            "“{q}” is an amount without a ledger: no source is given for it.",
        ],
    },
    Phrase {
        kind: UnsourcedFigure,
        variant: "count",
        ko: &[
            "{q:라고} 적으면서 누가 세었는지는 밝히지 않는다.",
            "{q:라는} 수를 어느 통계에서 가져왔는지 알아야 다시 확인할 수 있다.",
            "{q:라고} 꼭 집어 말할 만큼 정확한 수라면 출처도 있을 텐데 보이지 않는다.",
        ],
        en: &[
            "Who counted “{q}”? No register or survey is named.",
            "“{q}” is exact enough to have a source, but none is given.",
        ],
    },
    Phrase {
        kind: UnsourcedFigure,
        variant: "times",
        ko: &[
            "{q:라는} 배수는 무엇과 견주느냐에 달렸는데, 계산한 사람도 방법도 나오지 않는다.",
            "{q:라고} 하지만 누가 어떤 조건에서 비교한 결과인지 밝히지 않았다.",
        ],
        en: &[
            "“{q}” depends on what is compared with what, and nobody is named who did the comparing.",
            "Where does “{q}” come from? A multiple means little without its two values.",
        ],
    },
    Phrase {
        kind: UnsourcedFigure,
        variant: "measure",
        ko: &[
            "{q:라는} 값을 누가 쟀는지, 어떤 조건에서 쟀는지 적혀 있지 않다.",
            "{q:라고} 하는데, 만든 쪽의 발표인지 실제로 잰 값인지 알 수 없다.",
        ],
        en: &[
            "Who measured “{q}”, and under what conditions?",
            "“{q}” could be a brochure's value or a measured one; the text does not say.",
        ],
    },
    Phrase {
        kind: SuspectFigure,
        variant: "range",
        ko: &[
            "{q:라는} 숫자는 의심스럽다. 부호가 빠진 글이라 {n:이} 붙어 버렸을 수 있으니 원문을 확인해야 한다.",
            "{q:라고} 읽히지만, 물결표가 지워진 {n:을} 잘못 옮긴 것은 아닌지 봐야 한다.",
        ],
        en: &[
            "“{q}” looks damaged: with the marks gone from this text, it may have been ‘{n}’.",
            "Check “{q}” against the original, since a lost dash would turn ‘{n}’ into just this.",
        ],
    },
    Phrase {
        kind: SuspectFigure,
        variant: "thousands",
        ko: &[
            "{q:라는} 숫자는 쉼표가 지워진 {n:인} 듯하다. 인용하기 전에 원문과 맞춰 봐야 한다.",
            "{q:라고} 읽히는데, 한 숫자 {n:인}지 두 숫자가 나란히 선 것인지 이 글만으로는 확실하지 않다.",
        ],
        en: &[
            "“{q}” has lost a comma somewhere: probably {n}, but the original should be checked.",
            "Is it {n} or two numbers side by side? The text as it stands, “{q}”, does not settle it.",
        ],
    },
    Phrase {
        kind: SuspectFigure,
        variant: "whole",
        ko: &["{q:라는} 몫은 전체보다 크다. 숫자가 깨졌거나 다른 것과 견준 값일 것이다."],
        en: &["“{q}” is more than the whole; the figure is damaged or compares something else."],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "asked",
        ko: &[
            "{q:라고} 묻고는 답을 내놓지 않는다. 독자는 글쓴이가 어느 쪽으로 기우는지 알 수 없다.",
            "{q:라는} 물음이 던져진 채 남는다. 무엇을 보면 답을 알 수 있는지라도 적었어야 한다.",
        ],
        en: &[
            "“{q}” is asked and not answered.",
            "The article raises “{q}” and moves on; what would settle it is not said.",
        ],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "who",
        ko: &[
            "{q:라는} 제안에 나설 사람이 없다. 누가 책임지고 시작해야 하는가.",
            "{q:라고} 하지만 누구에게 하는 말인지 분명하지 않다.",
        ],
        en: &[
            "“{q}”, but by whom? The proposal has no one to carry it out.",
            "Who is to begin with “{q}”? No one is named.",
        ],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "cost",
        ko: &[
            "{q:라는} 제안에는 돈이 든다. 얼마가 필요하고 어느 주머니에서 나오는가.",
            "{q:라고} 하면서 비용은 셈하지 않았다. 감당할 수 있는 일인지 물어야 한다.",
        ],
        en: &[
            "“{q}” will cost money: how much, and whose?",
            "What does “{q}” cost, and who has agreed to pay?",
        ],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "when",
        ko: &[
            "{q:라는} 처방에 시한이 없다. 언제까지 되지 않으면 실패로 볼 것인가.",
            "{q:라고} 하는데, 효과가 언제부터 나타날지 적혀 있지 않다.",
        ],
        en: &[
            "“{q}” has no date on it: by when should it have worked?",
            "How long would “{q}” take to show results?",
        ],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "rule",
        ko: &[
            "{q:라고} 규칙을 바꿨을 때 피해를 볼 사람은 없는가. 부작용을 따진 대목이 없다.",
            "{q:라는} 제안이 지금까지 왜 받아들여지지 않았는지 궁금하다.",
        ],
        en: &[
            "If “{q}” is so simple, why has it not been done? The obstacle is not named.",
            "What could go wrong with “{q}”? Side effects are not considered.",
        ],
    },
    Phrase {
        kind: OpenQuestion,
        variant: "enough",
        ko: &[
            "{q:라는} 처방 하나로 앞에서 말한 문제가 풀리는가. 얼마나 나아질지는 셈하지 않았다.",
            "{q:라고} 했을 때 무엇이 얼마나 달라지는지, 해 본 곳의 결과라도 있었으면 한다.",
        ],
        en: &[
            "Would “{q}” be enough? How much it would change is not estimated.",
            "Has “{q}” been tried anywhere? No result is given.",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_names_what_it_attacks() {
        for phrase in PHRASES {
            for wording in phrase.ko.iter().chain(phrase.en) {
                assert!(wording.contains("{q"), "{wording}");
            }
            assert!(!phrase.ko.is_empty() && !phrase.en.is_empty());
        }
    }
}
