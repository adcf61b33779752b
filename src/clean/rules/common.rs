//! Rules that hold in both languages: marks, addresses, labels.

use super::{DIGITS, Needs::*, Rule, Scope::*};
use crate::article::Reason::*;

/// Without one of these (or of the language's own), a unit inside running text is not looked at.
#[rustfmt::skip]
pub const TRIGGERS: &[&str] = &["ⓒ", "©", "@", "http", "www.", "[", "【", "(ad", "#", "▶", "☞", "★", "☆", "▲", "△", "📌", "copyright", "사진", "photo"];

/// Entries in the order they are tried.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // ⓒ 나루일보 / © 2024 Harbour Post
    Rule { name: "copyright.mark", reason: Copyright, scope: Unit, longest: 160, needs: Leading(&["ⓒ", "Ⓒ", "©", "copyright", "저작권자"]), pattern: r"(?i)^¤*(?:ⓒ|©|copyright(?-u:\b)|저작권자)" },
    // Copyright ⓒ …, also glued behind a name: 나루일보 ⓒ
    Rule { name: "copyright.rights", reason: Copyright, scope: Unit, longest: 200, needs: Anywhere(&["all rights reserved", "무단", "재배포", "registered in england"]), pattern: r"(?i)all rights reserved|무단 *(?:전재|복제|배포|펌|도용|사용|게재)|재배포 *(?:를 *)?금|(?-u:\b)registered in england(?-u:\b)" },
    // [AD] … / (광고) … / Advertisement
    Rule { name: "ad.label", reason: Advertisement, scope: Unit, longest: 200, needs: Leading(&["ad", "광고", "협찬", "제휴", "pr", "sponsored", "promoted"]), pattern: r"(?i)^¤*(?:\[|\(|【|<) *(?:ad|광고|협찬|제휴|pr|sponsored|promoted|adv) *(?:\]|\)|】|>)" },
    Rule { name: "ad.word", reason: Advertisement, scope: Line, longest: 40, needs: Leading(&["ad", "sponsored", "광고", "스폰서", "paid post"]), pattern: r"(?i)^¤*(?:advertisement|sponsored(?: content)?|광고|스폰서|paid post|ad)¤*$" },
    // #태그 #tag
    Rule { name: "tags", reason: Navigation, scope: Line, longest: 200, needs: Leading(&["태그", "tag", "#"]), pattern: r"^(?:태그 *:? *|Tags?:? *)?(?:#[0-9A-Za-z_가-힣가-힣·&-]+[ ,]*){2,}$|^#[0-9A-Za-z_가-힣가-힣]+$" },
    // 첫 화면 > 산업 > 조선
    Rule { name: "breadcrumb", reason: Navigation, scope: Line, longest: 90, needs: Anywhere(&[">", "›", "»"]), pattern: r"^[^.!?]+(?: *[>›»] *[^.!?>›»]+){1,5}$" },
    // 정치 | 경제 | 날씨 | 운세
    Rule { name: "menu.bars", reason: Navigation, scope: Line, longest: 160, needs: Anywhere(&["|", "ㅣ", "·"]), pattern: r"^[^|.!?0-9]+(?: *[|ㅣ·] *[^|.!?0-9]+){3,}$" },
    // https://… alone
    Rule { name: "address", reason: Metadata, scope: Line, longest: 300, needs: Leading(&["http", "www."]), pattern: r"^(?:https?://|www\.)[^ ]+$" },
    // 7 / 2,035 / 03.14 09:26 : figures, dates and marks only
    Rule { name: "figures", reason: Metadata, scope: Line, longest: 60, needs: Leading(DIGITS), pattern: r"^[0-9 .,:/|·()\[\]~-]*[0-9][0-9 .,:/|·()\[\]~-]*$" },
];
