//! Mail as it is sent: MIME parts, base64, quoted-printable and encoded headers become a text with plain headers.
//!
//! In:  the bytes of a message. Out: its headers and its text, or nothing where the bytes are no such message. What is attached is left
//! out; a message that is broken half-way gives what there is.

use mail_parser::{Address, Message, MessageParser, PartType};

/// Most bytes of the headers that are looked at.
const MOST_HEADERS: usize = 64 << 10;

/// Returns the headers and the text of a message; of a saved page, its markup.
pub(super) fn message(bytes: &[u8]) -> Option<String> {
    if !is_message(&bytes[..bytes.len().min(MOST_HEADERS)]) {
        return None;
    }
    let message = MessageParser::default().parse(bytes)?;
    if let Some(markup) = saved_page(&message) {
        return Some(markup);
    }
    let body = message.body_text(0)?;
    Some(format!("{}\n{body}", headers(&message)))
}

/// The markup of a page that a browser saved (MHTML): a message to nobody whose first text is markup.
fn saved_page(message: &Message) -> Option<String> {
    let to_nobody = message.to().is_none() && message.header("Received").is_none();
    let first = *message.html_body.first()?;
    // A mail says the same in plain text before.
    let to_nobody = to_nobody && message.text_body.first() == Some(&first);
    let first = message.parts.get(first as usize)?;
    match &first.body {
        PartType::Html(markup) if to_nobody => Some(markup.to_string()),
        _ => None,
    }
}

/// Returns whether bytes begin with headers that say how the text behind them is encoded.
fn is_message(bytes: &[u8]) -> bool {
    let (mut encoded, mut sent) = (false, false);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            return false;
        };
        let name = line[..colon].to_ascii_lowercase();
        if !name.iter().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        encoded |= matches!(
            &name[..],
            b"mime-version" | b"content-type" | b"content-transfer-encoding"
        );
        sent |= matches!(&name[..], b"from" | b"subject" | b"date" | b"received");
    }
    encoded && sent
}

fn headers(message: &Message) -> String {
    let people = |address: Option<&Address>| {
        let address = address?.first()?;
        let name = address.name().or(address.address())?;
        Some(name.to_string())
    };
    let fields = [
        ("From", people(message.from())),
        ("To", people(message.to())),
        ("Date", message.date().map(|date| date.to_rfc822())),
        ("Subject", message.subject().map(str::to_string)),
    ];
    let mut headers = String::new();
    for (name, value) in fields {
        let Some(value) = value else { continue };
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        headers.push_str(&format!("{name}: {value}\n"));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_headers_are_decoded() {
        let mail = "From: =?utf-8?B?6rWw7LKt?= <a@b.example>\r\nDate: Mon, 3 Mar 2025 09:12:00 +0000\r\nSubject: =?utf-8?Q?Dock_closes?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n67aA65GQ6rCAIOuLq+2ejOuLpC4=\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--x--\r\n";
        let text = message(mail.as_bytes()).expect("a message");
        assert!(text.starts_with("From: 군청\n"), "{text}");
        assert!(
            text.contains("Subject: Dock closes\n") && text.contains("부두가 닫힌다."),
            "{text}"
        );
    }

    #[test]
    fn a_saved_page_is_its_markup() {
        let saved = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/1\r\nSubject: =?utf-8?B?6rWw7LKt?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><p class=3D\"a\">=EB=B6=80=EB=91=90</p></html>\r\n--x\r\nContent-Type: text/css\r\n\r\np {}\r\n--x--\r\n";
        let markup = message(saved.as_bytes()).expect("a message");
        assert!(
            markup.starts_with("<html><p class=\"a\">부두</p>"),
            "{markup}"
        );
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "부두가 닫힌다.",
            "From: a\nSubject: b\n\nc",
            "Content-Type: x\n\nbody",
            "",
        ] {
            assert_eq!(message(text.as_bytes()), None, "{text}");
        }
    }
}
