//! Korean rules.

use super::{Heading, Rule, Scope::*};
use crate::article::Reason::*;

/// Words that make a unit inside running text worth a look.
pub const TRIGGERS: &[&str] = &["기자", "특파원", "구독", "뉴스레터", "제보", "무단", "저작권", "재배포", "캡션", "제공", "광고", "이웃추가", "공감", "채널", "다운로드", "앱", "후원", "할인", "무료", "상담", "특가", "가입하", "바로잡", "정정", "댓글", "게시물", "조회", "입력", "제작", "협찬", "글쓴이", "관련", " : ", "ⓒ", "**", " | ", "익명", "삭제", "후원", "오디오", "설문", "└"];

/// Entries in the order they are tried.
pub const RULES: &[Rule] = &[
    // 입력 2024-03-02 09:10 | 수정 …
    Rule { name: "ko.date.label", reason: Metadata, scope: Line, longest: 120, pattern: r"^\W*(?:기사\s*)?(?:입력|등록|수정|최종\s*수정|업데이트|승인|게재|게시|발행|작성|송고|입력시간|작성일|등록일|발행일|출고|기고)(?:일|일시|시간|시각)?\s*[:：|]?\s*\(?(?:19|20)?\d{2}\s*[.\-/년]" },
    // 2025. 11. 6. 8:30 / 2025년 9월 4일 목요일
    Rule { name: "ko.date", reason: Metadata, scope: Line, longest: 60, pattern: r"^\W*(?:19|20)?\d{2}\s*[.\-/년]\s*\d{1,2}\s*[.\-/월]\s*\d{1,2}\s*[.일]?\s*(?:\(?[월화수목금토일](?:요일)?\)?)?\s*(?:(?:오전|오후|AM|PM|am|pm)?\s*\d{1,2}[:시]\s*\d{0,2}분?(?::\d{2})?)?\W*(?:[|·/].{0,30})?$" },
    // 조회 231 댓글 4 / 추천 5 반대 0
    Rule { name: "ko.counts", reason: Metadata, scope: Head, longest: 120, pattern: r"(?:^|[\s|·])(?:조회수?|댓글|추천|반대|비추천|공감|스크랩|좋아요|읽음|공유|글번호|작성자|글쓴이|등급|구독자|받는 사람|누적 열람)\s*:?\s*[(\[]?[\d,]+" },
    Rule { name: "ko.counts.line", reason: Metadata, scope: Line, longest: 40, pattern: r"^(?:\W*(?:조회수?|추천수?|반대|비추천|스크랩|읽음|조회|댓글)\s*:?\s*[\d,]+(?:\.\d+)?\s*(?:만|천|회|명)?)+\W*$" },
    Rule { name: "ko.author.label", reason: Metadata, scope: Head, longest: 60, pattern: r"^(?:작성자|글쓴이|닉네임|작가|올린이)\s*[:：]?\s*\S" },
    Rule { name: "ko.blog.buttons", reason: Metadata, scope: Line, longest: 60, pattern: r"^(?:URL\s*복사|주소\s*복사|이웃추가|본문\s*기타\s*기능|공유하기|신고하기|\s)+$" },
    // 지난 호의 … 잘못이라 바로잡습니다
    Rule { name: "ko.correction", reason: Metadata, scope: Line, longest: 160, pattern: r"(?:바로잡(?:습니다|아요|음|는다)|정정합니다|오기이?기에|[은는] 잘못이(?:라|어서|기에))" },
    Rule { name: "ko.issue", reason: Metadata, scope: Head, longest: 80, pattern: r"^(?:제?\s*\d{1,4}\s*호|통권|Vol\.?\s*\d+)|읽는 데 (?:약 )?\d+\s*분|\d+분 읽기" },
    Rule { name: "ko.reactions", reason: Metadata, scope: Line, longest: 90, pattern: r"좋았어요\s*\d+.*그저|(?:😍|😐|😀|👍|👎).*\d+.*(?:😍|😐|😀|👍|👎)" },
    // ▲ 공장 앞에 선 직원들. 사진=나루일보
    Rule { name: "ko.caption.mark", reason: Caption, scope: Line, longest: 160, pattern: r"^\s*(?:\[사진|\(사진|사진\s*[=:|]|<사진|〈사진|【사진|자료\s*[=:]|그래픽\s*[=:|]|\[그래픽|\[자료)" },
    Rule { name: "ko.caption.arrow", reason: Caption, scope: Line, longest: 160, pattern: r"^\s*[▲△▼◀◁]" },
    Rule { name: "ko.caption.credit", reason: Caption, scope: Unit, longest: 110, pattern: r"(?:사진|그래픽|자료|이미지|일러스트)\s*[=:/|]\s*[가-힣A-Za-z0-9_ ·.]{1,24}\W*$|(?:독자|필자|본인|업체|회사|주최\s*측|연구원|각\s*사|구단)\s*제공\W*$|[가-힣A-Za-z]{2,10}(?:DB|뉴스1|게티이미지\S*)\W*$|(?:제공|촬영|사진)\s*(?:사진|이미지|컷)\W*$" },
    Rule { name: "ko.caption.file", reason: Caption, scope: Line, longest: 120, pattern: r"(?i)^\S+\.(?:jpe?g|png|gif|webp)(?-u:\b)" },
    // 배다온 기자 daon@news.example / [나루=배다온 기자]
    Rule { name: "ko.byline.mail", reason: Byline, scope: Unit, longest: 70, pattern: r"^[^.!?]{0,50}[\w.+-]+@[\w-]+(?:\.[\w-]+)+\W*$" },
    Rule { name: "ko.byline.role", reason: Byline, scope: Unit, longest: 46, pattern: r"^\W*(?:글[·ㆍ/, ]*사진\s*[:=|]?\s*)?(?:\S{1,12}[\s=/·|]+){0,3}[가-힣]{2,4}\s*(?:[가-힣A-Za-z]{0,10}\s?(?:기자|특파원|논설위원|칼럼니스트|수습기자|선임기자|전문기자|객원기자|편집위원|통신원|앵커|아나운서|에디터|리포터|PD))(?:[·,\s]+[가-힣]{2,4}\s*기자)*\W*$" },
    Rule { name: "ko.byline.dateline", reason: Byline, scope: Unit, longest: 40, pattern: r"^\W*[(\[【][가-힣·,\s]{1,14}\s*=\s*[가-힣\w\s·]{1,20}[)\]】]\W*(?:[가-힣]{2,4}\s*(?:[가-힣]{0,6}\s?)(?:기자|특파원)\W*=?\W*)?$" },
    Rule { name: "ko.byline.person", reason: Byline, scope: Line, longest: 46, pattern: r"^\W*(?:글|글쓴이|필자|정리|취재|기고|칼럼)?\s*[:=|]?\s*[가-힣]{2,4}\s*[|/·(,]?\s*[가-힣A-Za-z0-9·\s]{0,24}(?:연구위원|수석연구위원|연구원|교수|대표|소장|평론가|작가|변호사|기록자|위원|국장|팀장|편집장|센터장|박사|시인|저널리스트|컨설턴트|애널리스트|회장|이사|원장|명예교수)\)?\W*$" },
    Rule { name: "ko.byline.written", reason: Byline, scope: Line, longest: 40, pattern: r"^\W*(?:글|글·사진|글ㆍ사진|사진·글|취재|정리|취재·정리|구성|번역)\s*[:=|]?\s+[가-힣]{2,4}(?:\W+\S{0,12}){0,3}$" },
    Rule { name: "ko.byline.series", reason: Byline, scope: Unit, longest: 40, pattern: r"^[\[【<〈《](?:[^\]】>〉》]{0,20}(?:연재|기고|칼럼|시론|시평|기자의|특파원|논설|오피니언|기명)[^\]】>〉》]{0,20}|[가-힣]{2,4}의 [^\]】>〉》]{2,16})[\]】>〉》]\W*(?:[가-힣]{2,4}\s*\S{0,8}\s*(?:\S+@\S+)?)?$" },
    Rule { name: "ko.copyright", reason: Copyright, scope: Unit, longest: 130, pattern: r"저작권(?:자는|은|이)\s.{0,40}에\s*(?:있|속|귀속)|저작권자\s*(?:\(c\)|[-:=|])|(?:글|게시물|기사|콘텐츠)의\s*(?:권리|저작권)(?:는|은|이)" },
    // 구독하기, 이웃추가 부탁드려요, 앱을 설치하면 … : asks the reader to do something
    Rule { name: "ko.promotion", reason: Promotion, scope: Unit, longest: 110, pattern: r"구독\s*(?:하기|신청|부탁|해\s*주세요|하시면|하세요|하고|♥|버튼|하러)|구독[·,과]\s*좋아요|뉴스레터\s*(?:무료|구독|신청|받)|이웃\s*추가|서로이웃|채널\s*(?:추가|구독)|친구\s*추가|알림\s*(?:설정|신청)|앱(?:을|에서)?\s*(?:설치|다운|내려받)\S*\s?(?:면|세요|기|\S*받)|멤버십\s*(?:가입|회원)|후원\s*(?:하기|해\s*주세요|독자\s*(?:모집|신청))|서포터즈?\s*모집|밴드에\s*가입하|텔레그램\S*에\s*오시|오픈채팅\S*\s*(?:참여|입장|오)|카카오톡\s*(?:제보|채널)|기사\s*제보|제보\s*[:：]|유튜브\s*(?:구독|채널\s*(?:구독|바로가기))|오디오로\s*듣는|설문\s*참여" },
    Rule { name: "ko.nav.buttons", reason: Navigation, scope: Line, longest: 120, pattern: r"^(?:\W*(?:홈|전체\s*메뉴|메뉴|검색|로그인|로그아웃|회원가입|마이페이지|고객센터|본문\s*바로가기|바로가기|맨\s*위로|목록(?:보기|으로)?|이전\s*글|다음\s*글|윗글|아랫글|이전|다음|인쇄(?:하기)?|공유(?:하기)?|스크랩|공감|댓글|추천|프린트|글자\s*(?:크기|확대|축소)(?:\s*(?:변경하기|조절))?|가|요약봇|음성으로\s*듣기|번역\s*설정|SNS\s*보내기|기사\s*듣기|멈춤|다시\s*듣기|속도\s*조절|구독\s*정보\s*변경|지난\s*호\s*(?:모음|보기)|웹에서\s*보기|메일이\s*깨져\s*보이면|더보기|닫기|신고|수정|삭제|답글|URL\s*복사|카카오톡|페이스북|트위터|네이버|밴드|수신거부|전체|기사원문)\W*(?:\d[\d,.]*배?)?)+\W*$" },
    Rule { name: "ko.nav.neighbours", reason: Navigation, scope: Line, longest: 80, pattern: r"^\W*(?:이전\s*글|다음\s*글|이전\s*기사|다음\s*기사|이전\s*호|다음\s*호|윗글|아랫글)\s*\S" },
    Rule { name: "ko.nav.policy", reason: Comment, scope: Tail, longest: 80, pattern: r"(?:게시물|댓글)[은는이가을를]?.{0,20}(?:삭제(?:합니다|될|됩)|제한)|비밀\s*댓글|삭제된\s*댓글" },
    // 익명1 … / nick : … / leej**** …
    Rule { name: "ko.comment.nick", reason: Comment, scope: Tail, longest: 200, pattern: r"^\W*(?:익명\s*\d*\s|[\w가-힣]{1,12}\*{2,}\s|[\w가-힣()]{2,16}\s*[:：]\s+\S|[\w가-힣]{2,14}\s*\|\s*(?:\d{4}|[\d:.\s]+)|[\w가-힣]{2,14}\s+\d{4}[-.]\d{2}[-.]\d{2}|ㄴ\s|└|↳|RE:)" },
    Rule { name: "ko.ad.deal", reason: Advertisement, scope: Line, longest: 70, pattern: r"^[^.?!]*(?:\d[\d,]*\s*(?:만\s*)?원(?:부터|대)?|\d+\s*%\s*(?:할인|세일|OFF|off)|1\s*\+\s*1|무이자|특가|특판|공동구매|할인\s*코드|무료\s*(?:상담|견적|체험|배송))[^.?!]*(?:상담|예약|신청|문의|받기|보기|하기|할인|이벤트|오픈|분양|모집|증정|배송|출발|특판|특가|렌탈|대출|구매|판매|세일|★|\d)\W*$" },
    Rule { name: "ko.ad.sponsor", reason: Advertisement, scope: Unit, longest: 120, pattern: r"(?:의\s*)?(?:후원|협찬|제작\s*지원)(?:으로|을\s*받아)\s*(?:발행|제작|만들|보내)" },
];

/// Headings whose lines below are no part of the article.
pub const HEADINGS: &[Heading] = &[
    Heading { name: "ko.related", reason: RelatedLinks, pattern: r"^\W*(?:관련\s*(?:기사|뉴스|글|콘텐츠|보도)|함께\s*(?:보면|읽으면|볼|읽을)|많이\s*(?:본|읽은)|인기\s*(?:기사|글|뉴스)|추천\s*(?:기사|뉴스|글)|더\s*읽(?:을|어)|같은\s*(?:게시판|호|연재|작가|필자|코너)|지난\s*호에서|이전\s*연재|연재\s*목록|주요\s*(?:기사|뉴스)|실시간\s*(?:인기|뉴스)|오늘의\s*(?:추천|주요)|이\s*기사와|다른\s*기사|베스트\s*글|인기글|이어\s*보기|핫\s*이슈|다른\s*글)[^.?!]{0,14}$" },
    Heading { name: "ko.stories", reason: UnrelatedArticle, pattern: r"^\W*(?:이\s*시각\s*(?:주요\s*)?뉴스|속보|한줄\s*뉴스|단신|간추린\s*뉴스)\W*$" },
    Heading { name: "ko.comments", reason: Comment, pattern: r"^\W*(?:댓글|의견|한마디|독자\s*의견|한\s*줄\s*평|반응)\s*(?:달기|쓰기|[(\[]?\d[\d,]*\s*개?[)\]]?|남기기)?(?:\s*(?:최신순|공감순|추천순|답글순|등록순|\|))*\W*$" },
];
