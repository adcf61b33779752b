//! Korean rules.

use super::{Heading, Rule, Scope::*};
use crate::article::Reason::*;

/// Words that make a unit inside running text worth a look.
#[rustfmt::skip]
pub const TRIGGERS: &[&str] = &["기자", "특파원", "구독", "뉴스레터", "제보", "무단", "저작권", "재배포", "캡션", "제공", "광고", "이웃추가", "공감", "채널", "다운로드", "앱", "후원", "할인", "무료", "상담", "특가", "가입하", "바로잡", "정정", "댓글", "게시물", "조회", "입력", "제작", "협찬", "글쓴이", "관련", " : ", "ⓒ", "**", " | ", "익명", "삭제", "텔레그램", "카톡", "밴드", "이웃", "유튜브", "알림", "오픈채팅", "서포터", "멤버십", "설문", "투표", "후원", "오디오", "└"];

/// Entries in the order they are tried.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // 입력 2024-03-02 09:10 | 수정 …
    Rule { name: "ko.date.label", reason: Metadata, scope: Line, longest: 120, pattern: r"^[^0-9A-Za-z가-힣]*(?:기사 *)?(?:입력|등록|수정|최종 *수정|업데이트|승인|게재|게시|발행|작성|송고|입력시간|작성일|등록일|발행일|출고|기고)(?:일|일시|시간|시각)? *[:：|]? *\(?(?:19|20)?[0-9]{2} *[.\-/년]" },
    // 2024. 3. 2. 9:10 / 2024년 3월 2일 토요일
    Rule { name: "ko.date", reason: Metadata, scope: Line, longest: 60, pattern: r"^[^0-9A-Za-z가-힣]*(?:19|20)?[0-9]{2} *[.\-/년] *[0-9]{1,2} *[.\-/월] *[0-9]{1,2} *[.일]? *(?:\(?[월화수목금토일](?:요일)?\)?)? *(?:(?:오전|오후|AM|PM|am|pm)? *[0-9]{1,2}[:시] *[0-9]{0,2}분?(?::[0-9]{2})?)?[^0-9A-Za-z가-힣]*(?:[|·/].*)?$" },
    // 조회 231 댓글 4 / 추천 5 반대 0
    Rule { name: "ko.counts", reason: Metadata, scope: Head, longest: 120, pattern: r"(?:^|[ |·])(?:조회수?|댓글|추천|반대|비추천|공감|스크랩|좋아요|읽음|공유|글번호|작성자|글쓴이|등급|구독자|받는 사람|누적 열람) *:? *[(\[]?[0-9,]+" },
    Rule { name: "ko.counts.line", reason: Metadata, scope: Line, longest: 40, pattern: r"^(?:[^0-9A-Za-z가-힣]*(?:조회수?|추천수?|반대|비추천|스크랩|읽음|조회|댓글) *:? *[0-9,]+(?:\.[0-9]+)? *(?:만|천|회|명)?)+[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.author.label", reason: Metadata, scope: Head, longest: 60, pattern: r"^(?:작성자|글쓴이|닉네임|작가|올린이) *[:：]? *[^ ]" },
    Rule { name: "ko.blog.buttons", reason: Metadata, scope: Line, longest: 60, pattern: r"^(?:URL *복사|주소 *복사|이웃추가|본문 *기타 *기능|공유하기|신고하기| )+$" },
    // 지난 호의 … 잘못이라 바로잡습니다
    Rule { name: "ko.correction", reason: Metadata, scope: Line, longest: 160, pattern: r"(?:바로잡(?:습니다|아요|음|는다)|정정합니다|오기이?기에|[은는] 잘못이(?:라|어서|기에))" },
    Rule { name: "ko.issue", reason: Metadata, scope: Head, longest: 80, pattern: r"^(?:제? *[0-9]{1,4} *호|통권|Vol\.? *[0-9]+)|읽는 데 (?:약 )?[0-9]+ *분|[0-9]+분 읽기" },
    Rule { name: "ko.reactions", reason: Metadata, scope: Line, longest: 90, pattern: r"(?:😍|😐|😀|👍|👎).*[0-9]+.*(?:😍|😐|😀|👍|👎)" },
    // ▲ 공장 앞에 선 직원들. 사진=나루일보
    Rule { name: "ko.caption.mark", reason: Caption, scope: Line, longest: 160, pattern: r"^ *(?:\[사진|\(사진|사진 *[=:|]|<사진|〈사진|【사진|자료 *[=:]|그래픽 *[=:|]|\[그래픽|\[자료)" },
    Rule { name: "ko.caption.arrow", reason: Caption, scope: Line, longest: 160, pattern: r"^ *(?:[▲△▼]|[◀◁].*(?:사진|모습|제공))" },
    Rule { name: "ko.caption.credit", reason: Caption, scope: Unit, longest: 110, pattern: r"(?:사진|그래픽|자료|이미지|일러스트) *[=:/|] *[가-힣A-Za-z0-9_ ·.]+[^0-9A-Za-z가-힣]*$|(?:독자|필자|본인|업체|회사|주최 *측|연구원|각 *사|구단) *제공[^0-9A-Za-z가-힣]*$|[가-힣A-Za-z]+(?:DB|뉴스1|게티이미지[^ ]*)[^0-9A-Za-z가-힣]*$|(?:제공|촬영|사진) *(?:사진|이미지|컷)[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.caption.file", reason: Caption, scope: Line, longest: 120, pattern: r"(?i)^[^ ]+\.(?:jpe?g|png|gif|webp)(?-u:\b)" },
    // 배다온 기자 daon@news.example / [나루=배다온 기자]
    Rule { name: "ko.byline.mail", reason: Byline, scope: Unit, longest: 70, pattern: r"^[^.!?]*[0-9A-Za-z_가-힣.+-]+@[0-9A-Za-z_가-힣-]+(?:\.[0-9A-Za-z_가-힣-]+)+[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.byline.role", reason: Byline, scope: Unit, longest: 46, pattern: r"^[^0-9A-Za-z가-힣]*(?:글[·ㆍ/, ]*사진 *[:=|]? *)?(?:[^ ]+[ =/·|]+){0,3}[가-힣]{2,4} *(?:[가-힣A-Za-z]* ?(?:기자|특파원|논설위원|칼럼니스트|수습기자|선임기자|전문기자|객원기자|편집위원|통신원|앵커|아나운서|에디터|리포터|PD))(?:[·, ]+[가-힣]{2,4} *기자)*[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.byline.dateline", reason: Byline, scope: Unit, longest: 40, pattern: r"^[^0-9A-Za-z가-힣]*[(\[【][가-힣·, ]+ *= *[가-힣0-9A-Za-z_가-힣 ·]+[)\]】][^0-9A-Za-z가-힣]*(?:[가-힣]{2,4} *(?:[가-힣]* ?)(?:기자|특파원)[^0-9A-Za-z가-힣]*=?[^0-9A-Za-z가-힣]*)?$" },
    Rule { name: "ko.byline.person", reason: Byline, scope: Line, longest: 46, pattern: r"^[^0-9A-Za-z가-힣]*(?:글|글쓴이|필자|정리|취재|기고|칼럼)? *[:=|]? *[가-힣]{2,4} *[|/·(,]? *[가-힣A-Za-z0-9· ]*(?:연구위원|수석연구위원|연구원|교수|대표|소장|평론가|작가|변호사|기록자|위원|국장|팀장|편집장|센터장|박사|시인|저널리스트|컨설턴트|애널리스트|회장|이사|원장|명예교수)\)?[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.byline.written", reason: Byline, scope: Line, longest: 40, pattern: r"^[^0-9A-Za-z가-힣]*(?:글|글·사진|글ㆍ사진|사진·글|취재|정리|취재·정리|구성|번역) *[:=|]? +[가-힣]{2,4}(?:[^0-9A-Za-z가-힣]+[^ ]*){0,3}$" },
    Rule { name: "ko.byline.series", reason: Byline, scope: Unit, longest: 40, pattern: r"^[\[【<〈《](?:[^\]】>〉》]*(?:연재|기고|칼럼|시론|시평|기자의|특파원|논설|오피니언|기명)[^\]】>〉》]*|[가-힣]{2,4}의 [^\]】>〉》]+)[\]】>〉》][^0-9A-Za-z가-힣]*(?:[가-힣]{2,4} *[^ ]* *(?:[^ ]+@[^ ]+)?)?$" },
    Rule { name: "ko.copyright", reason: Copyright, scope: Unit, longest: 130, pattern: r"저작권(?:자는|은|이) .*에 *(?:있|속|귀속)|저작권자 *(?:\(c\)|[-:=|])|(?:글|게시물|기사|콘텐츠)의 *(?:권리|저작권)(?:는|은|이)" },
    // 구독하기, 이웃추가 부탁드려요, 앱을 설치하면 … : asks the reader to do something
    Rule { name: "ko.promotion", reason: Promotion, scope: Unit, longest: 110, pattern: r"구독 *(?:하기|신청|부탁|해 *주세요|하시면|하세요|하고|♥|버튼|하러)|구독[·,과] *좋아요|뉴스레터 *(?:무료|구독|신청|받)|이웃 *추가|서로이웃|채널 *(?:추가|구독)|친구 *추가|알림 *(?:설정|신청)|앱(?:을|에서)? *(?:설치|다운|내려받)[^ ]* ?(?:면|세요|기|[^ ]*받)|멤버십 *(?:가입|회원)|후원 *(?:하기|해 *주세요|독자 *(?:모집|신청))|서포터즈? *모집|밴드에 *가입하|텔레그램[^ ]*에 *오시|오픈채팅[^ ]* *(?:참여|입장|오)|카카오톡 *(?:제보|채널)|기사 *제보|제보 *[:：]|유튜브 *(?:구독|채널 *(?:구독|바로가기))|오디오로 *듣는|설문 *참여" },
    Rule { name: "ko.nav.buttons", reason: Navigation, scope: Line, longest: 120, pattern: r"^(?:[^0-9A-Za-z가-힣]*(?:홈|전체 *메뉴|메뉴|검색|로그인|로그아웃|회원가입|마이페이지|고객센터|본문 *바로가기|바로가기|맨 *위로|목록(?:보기|으로)?|이전 *글|다음 *글|윗글|아랫글|이전|다음|인쇄(?:하기)?|공유(?:하기)?|스크랩|공감|댓글|추천|프린트|글자 *(?:크기|확대|축소)(?: *(?:변경하기|조절))?|가|요약봇|음성으로 *듣기|번역 *설정|SNS *보내기|기사 *듣기|멈춤|다시 *듣기|속도 *조절|구독 *정보 *변경|지난 *호 *(?:모음|보기)|웹에서 *보기|메일이 *깨져 *보이면|더보기|닫기|신고|수정|삭제|답글|URL *복사|카카오톡|페이스북|트위터|네이버|밴드|수신거부|전체|기사원문)[^0-9A-Za-z가-힣]*(?:[0-9][0-9,.]*배?)?)+[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.nav.neighbours", reason: Navigation, scope: Line, longest: 80, pattern: r"^[^0-9A-Za-z가-힣]*(?:이전 *글|다음 *글|이전 *기사|다음 *기사|이전 *호|다음 *호|윗글|아랫글) *[^ ]" },
    Rule { name: "ko.nav.policy", reason: Comment, scope: Tail, longest: 80, pattern: r"(?:게시물|댓글)[은는이가을를]?.*(?:삭제(?:합니다|될|됩)|제한)|비밀 *댓글|삭제된 *댓글" },
    // 익명1 … / nick : … / leej**** …
    Rule { name: "ko.comment.nick", reason: Comment, scope: Tail, longest: 200, pattern: r"^[^0-9A-Za-z가-힣]*(?:익명 *[0-9]* |[0-9A-Za-z_가-힣가-힣]+\*{2,} |[0-9A-Za-z_가-힣가-힣()]+ *[:：] +[^ ]|[0-9A-Za-z_가-힣가-힣]+ *\| *(?:[0-9]{4}|[0-9:. ]+)|[0-9A-Za-z_가-힣가-힣]+ +[0-9]{4}[-.][0-9]{2}[-.][0-9]{2}|ㄴ |└|↳|RE:)" },
    Rule { name: "ko.ad.deal", reason: Advertisement, scope: Line, longest: 70, pattern: r"^[^.?!]*(?:[0-9][0-9,]* *(?:만 *)?원(?:부터|대)?|[0-9]+ *% *(?:할인|세일|OFF|off)|1 *\+ *1|무이자|특가|특판|공동구매|할인 *코드|무료 *(?:상담|견적|체험|배송))[^.?!]*(?:상담|예약|신청|문의|받기|보기|하기|할인|이벤트|오픈|분양|모집|증정|배송|출발|특판|특가|렌탈|대출|구매|판매|세일|★|[0-9])[^0-9A-Za-z가-힣]*$" },
    Rule { name: "ko.ad.sponsor", reason: Advertisement, scope: Unit, longest: 120, pattern: r"(?:의 *)?(?:후원|협찬|제작 *지원)(?:으로|을 *받아) *(?:발행|제작|만들|보내)" },
];

/// Headings whose lines below are no part of the article.
#[rustfmt::skip]
pub const HEADINGS: &[Heading] = &[
    Heading { name: "ko.related", reason: RelatedLinks, pattern: r"^[^0-9A-Za-z가-힣]*(?:관련 *(?:기사|뉴스|글|콘텐츠|보도)|함께 *(?:보면|읽으면|볼|읽을)|많이 *(?:본|읽은)|인기 *(?:기사|글|뉴스)|추천 *(?:기사|뉴스|글)|더 *읽(?:을|어)|같은 *(?:게시판|호|연재|작가|필자|코너)|지난 *호에서|이전 *연재|연재 *목록|주요 *(?:기사|뉴스)|실시간 *(?:인기|뉴스)|오늘의 *(?:추천|주요)|이 *기사와|다른 *기사|베스트 *글|인기글|이어 *보기|핫 *이슈|다른 *글)[^.?!]*$" },
    Heading { name: "ko.stories", reason: UnrelatedArticle, pattern: r"^[^0-9A-Za-z가-힣]*(?:이 *시각 *(?:주요 *)?뉴스|속보|한줄 *뉴스|단신|간추린 *뉴스)[^0-9A-Za-z가-힣]*$" },
    Heading { name: "ko.comments", reason: Comment, pattern: r"^[^0-9A-Za-z가-힣]*(?:댓글|의견|한마디|독자 *의견|한 *줄 *평|반응) *(?:달기|쓰기|[(\[]?[0-9][0-9,]* *개?[)\]]?|남기기)?(?: *(?:최신순|공감순|추천순|답글순|등록순|\|))*[^0-9A-Za-z가-힣]*$" },
];
