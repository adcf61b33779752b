//! Mail: headers, what was written around a forwarded message, and quoting by `>`.
//!
//! In:  a text. Out: edits. A text is taken for mail by its headers, or by lines that are quoted one after another; one that only speaks
//! of mail is left alone.

use super::{Edit, line_spans};
use crate::language::data::{self, List};

/// Names of header fields.
static FIELDS: List = List::of(&data::READING, "mail_fields");
/// Fields whose value is the headline.
static SUBJECTS: List = List::of(&data::READING, "mail_subjects");
/// What stands before a subject that was answered or sent on.
static SENT_ON: List = List::of(&data::READING, "mail_sent_on");
/// Words of the line above a forwarded message.
static FORWARD_MARKS: List = List::of(&data::READING, "mail_forward_marks");

/// Fewest fields of a block of headers.
const FEWEST_FIELDS: usize = 3;
/// Fewest fields below a line that says a message was forwarded.
const FEWEST_FORWARDED: usize = 2;

/// Headers are taken off but for the subject; of a message that was forwarded, what stands before and behind it too.
pub(super) fn messages(text: &str) -> Vec<Edit> {
    let lines = line_spans(text);
    let blocks = headers(text, &lines);
    let Some(last) = blocks.last() else {
        return Vec::new();
    };
    let (mut at, end) = (0, lines[last.end - 1].1);
    let mut edits = Vec::new();
    // The message's own subject, or that of the one it came in.
    if let Some(subject) = blocks.iter().rev().find_map(|block| block.subject) {
        edits.push(Edit::take((at, subject.0), RULE));
        at = subject.1;
    }
    edits.push(Edit::read((at, end), "\n", RULE));
    edits.extend(behind(text, &lines[last.end..]));
    edits.retain(|edit| edit.start < edit.end);
    edits
}

const RULE: &str = "format.mail";

/// A block of headers: where it ends, and where the value of its subject stands.
struct Headers {
    /// The line behind its last.
    end: usize,
    subject: Option<(usize, usize)>,
}

/// The blocks of headers: at the head of the text, or below a line that says a message was forwarded.
fn headers(text: &str, lines: &[(usize, usize)]) -> Vec<Headers> {
    let mut blocks: Vec<Headers> = Vec::new();
    let blank = |line: &(usize, usize)| text[line.0..line.1].trim().is_empty();
    let head = lines.iter().position(|line| !blank(line));
    let mut at = 0;
    while at < lines.len() {
        let marked = is_forward_mark(bare(text, lines[at]).1);
        let opens = head == Some(at) && field(text, lines[at]).is_some();
        if !marked && !opens {
            at += 1;
            continue;
        }
        let mut end = at + usize::from(marked);
        while end < lines.len() && marked && bare(text, lines[end]).1.is_empty() {
            end += 1;
        }
        let (mut fields, mut subject) = (0, None);
        while end < lines.len() {
            match field(text, lines[end]) {
                Some(value) => {
                    fields += 1;
                    subject = subject.or(value);
                }
                // A field goes on in lines that begin with a blank.
                None if fields > 0 && text[lines[end].0..lines[end].1].starts_with([' ', '\t']) => {
                }
                None => break,
            }
            end += 1;
        }
        let enough = if marked {
            FEWEST_FORWARDED
        } else {
            FEWEST_FIELDS
        };
        if fields >= enough {
            blocks.push(Headers { end, subject });
        }
        at = end.max(at + 1);
    }
    blocks
}

/// The quoting marks of a line, and what they stand before.
fn bare(text: &str, (start, end): (usize, usize)) -> (usize, &str) {
    let raw = &text[start..end];
    let inner = raw.trim_start_matches(['>', ' ', '\t']);
    (end - inner.len(), inner.trim_end())
}

fn is_forward_mark(line: &str) -> bool {
    let words = line.trim_matches(['-', ' ', '_', '=', ':']);
    let ruled = line.starts_with("--") || line.ends_with(':');
    ruled
        && FORWARD_MARKS
            .iter()
            .any(|mark| words.eq_ignore_ascii_case(mark))
}

/// Returns whether a line is a field of a header, and where the headline stands if it is the subject.
fn field(text: &str, line: (usize, usize)) -> Option<Option<(usize, usize)>> {
    let (inner_start, inner) = bare(text, line);
    let colon = inner.find([':', '：'])?;
    let name = inner[..colon].trim();
    let is = |list: &List| list.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is(&SUBJECTS) {
        let mark = inner[colon..].chars().next().map_or(1, char::len_utf8);
        let mut value = &inner[colon + mark..];
        loop {
            value = value.trim_start();
            let sent_on = SENT_ON.iter().find_map(|sent| {
                let head = value.get(..sent.len())?;
                head.eq_ignore_ascii_case(sent)
                    .then(|| &value[sent.len()..])
            });
            match sent_on {
                Some(rest) => value = rest,
                None => break,
            }
        }
        let from = inner_start + inner.len() - value.len();
        return Some((!value.is_empty()).then_some((from, inner_start + inner.len())));
    }
    let header = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let technical =
        header && name.contains('-') && name.starts_with(|c: char| c.is_ascii_uppercase());
    (is(&FIELDS) || technical).then_some(None)
}

/// Where a message is quoted, what stands behind its quotation is the sender's: signature, notices.
fn behind(text: &str, body: &[(usize, usize)]) -> Option<Edit> {
    let quoted = |line: &(usize, usize)| text[line.0..line.1].starts_with('>');
    let first = body
        .iter()
        .position(|line| !text[line.0..line.1].trim().is_empty())?;
    if !quoted(&body[first]) {
        return None;
    }
    let last = body.iter().rposition(quoted)?;
    let (start, end) = (body[last].1, text.len());
    (!text[start..end].trim().is_empty()).then(|| Edit::take((start, end), RULE))
}

/// Fewest lines one after another that begin with `>`.
const FEWEST_QUOTED: usize = 2;

/// Marks of quoting are taken off lines that are quoted one after another.
pub(super) fn quoting(text: &str) -> Vec<Edit> {
    if !text.starts_with('>') && memchr::memmem::find(text.as_bytes(), b"\n>").is_none() {
        return Vec::new();
    }
    let lines = line_spans(text);
    let quoted = |line: &(usize, usize)| text[line.0..line.1].starts_with('>');
    let mut edits = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let run = lines[at..].iter().take_while(|line| quoted(line)).count();
        if run >= FEWEST_QUOTED {
            edits.extend(lines[at..at + run].iter().map(|line| {
                let (words, _) = bare(text, *line);
                Edit::take((line.0, words.min(line.1)), "format.quoting")
            }));
        }
        at += run.max(1);
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_lines;
    use super::super::{TextForm, read};

    #[test]
    fn a_forwarded_message_is_read_alone() {
        check_lines(
            TextForm::Auto,
            "From: A <a@b.example>\nTo: c@d.example\nSubject: Fwd: The dock closes\n\nSee below.\n\n---------- Forwarded message ----------\nFrom: E\nSubject: The dock closes\n\n> The dock closes\n> in March.\n\nThis mail is confidential.",
            "The dock closes|The dock closes|in March.",
        );
        check_lines(
            TextForm::Auto,
            "보낸 사람: 강나루\n받는 사람: 편집부\n제목: FW: 부두 닫는다\n\n검토 부탁드려요.\n\n-----원본 메시지-----\n보낸 사람: 군청\n제목: 부두 닫는다\n\n부두가 내년에 닫힌다.",
            "부두 닫는다|부두가 내년에 닫힌다.",
        );
    }

    #[test]
    fn a_text_about_mail_is_left_alone() {
        let text = "From: a friend, it said. Nobody answered.\n> 더 보기\n그는 메일을 지웠다.";
        assert!(read(text, TextForm::Auto).is_verbatim());
    }
}
