//! Reading: any encoding Korean and English articles come in, damaged or not, gives the same text.

use encoding_rs::EUC_KR;
use sukje::article::WarningKind;
use sukje::input::{BAD_BYTES_LISTED, DecodeError, Decoded, decode, encoding_named};

const KO: &str = "솔빛시는 새 다리를 놓기로 했다.\n“내년 봄에 첫 삽을 뜬다”고 시장이 말했다.\n다리는 길이 320m, 너비 18m로 뚝방길과 만난다.\n";
const EN: &str = "The town will build a new bridge.\n“Work begins next spring,” the mayor said.\nIt is 320 m long and 18 m wide – a café will stand at its foot.\n";

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn cp949(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = EUC_KR.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

fn read(bytes: &[u8]) -> Decoded {
    decode(bytes.to_vec(), None).expect("a text")
}

#[test]
fn five_forms_of_a_text_read_the_same() {
    for text in [KO.to_string(), EN.replace('é', "e").replace('–', "-")] {
        let forms: [(Vec<u8>, &str); 5] = [
            (text.clone().into_bytes(), "utf-8"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "utf-8"),
            (cp949(&text), "euc-kr"),
            (
                [&b"\xff\xfe"[..], &utf16(&text, u16::to_le_bytes)].concat(),
                "utf-16le",
            ),
            (
                [&b"\xfe\xff"[..], &utf16(&text, u16::to_be_bytes)].concat(),
                "utf-16be",
            ),
        ];
        for (bytes, encoding) in forms {
            let decoded = decode(bytes, (encoding == "euc-kr").then_some(EUC_KR)).expect("a text");
            assert_eq!(
                decoded,
                Decoded {
                    text: text.clone(),
                    encoding: encoding.into(),
                    warnings: vec![]
                }
            );
        }
    }
}

#[test]
fn cp949_and_unmarked_utf16_are_found() {
    assert_eq!(read(&cp949(KO)).text, KO);
    assert_eq!(
        read(&cp949("똠방각하가 펲시를 마셨다고 뷁은 전했다")).encoding,
        "euc-kr"
    );
    for text in [KO, EN] {
        let decoded = read(&utf16(text, u16::to_le_bytes));
        assert_eq!(
            (decoded.text.as_str(), decoded.encoding.as_str()),
            (text, "utf-16le")
        );
        assert_eq!(decoded.warnings[0].kind, WarningKind::GuessedEncoding);
        assert_eq!(read(&utf16(text, u16::to_be_bytes)).encoding, "utf-16be");
    }
    let utf32: Vec<u8> = "\u{feff}강변 소식"
        .chars()
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    assert_eq!(read(&utf32).text, "강변 소식");
}

#[test]
fn other_encodings_are_a_guess_that_is_told() {
    let latin = encoding_rs::WINDOWS_1252.encode(EN).0.repeat(3);
    let decoded = read(&latin);
    assert_eq!(
        (decoded.text, decoded.encoding.as_str()),
        (EN.repeat(3), "windows-1252")
    );
    assert_eq!(decoded.warnings[0].kind, WarningKind::GuessedEncoding);
    let japanese = encoding_rs::EUC_JP
        .encode("市は新しい橋を造ると発表した。工事は来年の春に始まる。")
        .0
        .into_owned();
    assert_ne!(read(&japanese).encoding, "euc-kr");
}

/// Characters of `text` that are not in `damaged`, looked for in order.
fn lost(text: &str, damaged: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (text.chars().collect(), damaged.chars().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..]
        .iter()
        .rev()
        .zip(b[start..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    a.len() - start - end
}

#[test]
fn one_bad_byte_anywhere_keeps_the_encoding_and_all_but_two_characters() {
    let forms = [
        (KO.as_bytes().to_vec(), KO, "utf-8"),
        (EN.as_bytes().to_vec(), EN, "utf-8"),
        (cp949(KO), KO, "euc-kr"),
    ];
    for (bytes, text, encoding) in forms {
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] = 0xff;
            let mut added = bytes.clone();
            added.insert(at, 0xff);
            for damaged in [changed, added] {
                let decoded = read(&damaged);
                assert_eq!(decoded.encoding, encoding, "at {at}");
                assert!(lost(text, &decoded.text) <= 2, "at {at}: {}", decoded.text);
                for warning in &decoded.warnings {
                    let (start, end) = (
                        warning.start.expect("a place"),
                        warning.end.expect("a place"),
                    );
                    assert_eq!(
                        (warning.kind, &decoded.text[start..end]),
                        (WarningKind::BadBytes, "\u{fffd}")
                    );
                }
                assert!(!decoded.warnings.is_empty());
            }
        }
    }
}

#[test]
fn places_of_bad_bytes_hold_after_line_ends_are_unified() {
    let damaged = [
        b"one\r\ntwo\r\xfftwo\r\n\xffthree\r\n",
        EN.as_bytes(),
        EN.as_bytes(),
    ]
    .concat();
    let decoded = read(&damaged);
    assert_eq!(
        decoded.text,
        format!("one\ntwo\n\u{fffd}two\n\u{fffd}three\n{EN}{EN}")
    );
    let places: Vec<_> = decoded
        .warnings
        .iter()
        .map(|w| w.start.expect("a place"))
        .collect();
    assert_eq!(places, [8, 15]);
}

#[test]
fn the_list_of_bad_bytes_is_capped_and_the_rest_counted() {
    let text = [KO.as_bytes(), b"\xff "]
        .concat()
        .repeat(BAD_BYTES_LISTED + 30);
    let warnings = read(&text).warnings;
    assert_eq!(warnings.len(), BAD_BYTES_LISTED + 1);
    assert!(
        warnings[BAD_BYTES_LISTED]
            .text
            .starts_with("30 more places"),
        "{}",
        warnings[BAD_BYTES_LISTED].text
    );
}

#[test]
fn what_is_no_text_is_refused_by_its_own_name() {
    let check = |bytes: &[u8], cause: &str| {
        assert_eq!(
            decode(bytes.to_vec(), None)
                .expect_err("a refusal")
                .to_string(),
            cause
        );
    };
    check(b"", "empty");
    check(b"\xef\xbb\xbf", "holds only a byte-order mark");
    check(b"\xff\xfe", "holds only a byte-order mark");
    check(" \n\u{3000}\t".as_bytes(), "holds only white space");
    check(
        "\u{200b}\u{feff}\n".as_bytes(),
        "holds only invisible characters",
    );
    check(b"2031-05-02 12:30", "holds no letters");
    check(b"%PDF-1.4\n1 0 obj", "looks like a PDF file, not text");
    check(
        b"\x89PNG\r\n\x1a\n\0\0",
        "looks like a PNG picture, not text",
    );
    check(
        b"PK\x03\x04\x14\0",
        "looks like a zip archive or an office document, not text",
    );
    check(
        b"\x1b$)C\x0e8>@e\x0f",
        "looks like ISO-2022 text, an encoding that is not read",
    );
    check(
        &[KO.as_bytes().to_vec(), cp949(KO)].concat(),
        "mixes UTF-8 with another encoding",
    );
    check(&[0xed; 4096], "not text in any encoding that is known");
    let noise: Vec<u8> = (0..8192u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert!(matches!(
        decode(noise, None),
        Err(DecodeError::UnknownEncoding)
    ));
}

#[test]
fn a_text_with_stray_controls_or_tags_stays_a_text() {
    for text in [KO, EN] {
        let with = format!("{text}\0\u{1b}[31m<b>{text}</b><br>");
        assert_eq!(read(with.as_bytes()).text, with);
    }
}

#[test]
fn an_encoding_that_is_named_is_used() {
    for name in ["cp949", "CP949", "euc-kr", "ms949", "uhc", "ks_c_5601-1987"] {
        assert_eq!(encoding_named(name), Some(EUC_KR), "{name}");
    }
    assert_eq!(encoding_named("klingon"), None);
    assert_eq!(encoding_named("replacement"), None);
    let decoded = decode(cp949(KO), encoding_named("uhc")).expect("a text");
    assert_eq!((decoded.text.as_str(), decoded.warnings.len()), (KO, 0));
    assert!(decode(cp949(KO), encoding_named("utf-8")).is_err());
}
