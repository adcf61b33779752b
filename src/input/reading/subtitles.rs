//! Subtitles and transcripts: WebVTT, SubRip, and lines that carry the time they were said at.
//!
//! In:  a text. Out: edits that leave the spoken words, once and running on. A text is one of these by two cue times or four stamps
//! that only rise; a programme or a live blog whose times are hours apart is none.

use std::sync::LazyLock;

use regex::Regex;

use super::{Edit, line_spans};
use crate::language::data::{self, List};

/// What a transcript says of sounds, in brackets.
static SOUNDS: List = List::of(&data::READING, "caption_sounds");

/// The time of a cue.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}[.,][0-9]{1,3}";
    pattern(&format!(r"^\s*{time}\s*-->\s*{time}"))
});

/// A time at the head or the end of a line, alone or behind a speaker.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[\[(](?P<b>(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})(?:\.[0-9]{1,3})?[\])]|(?P<a>(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})(?:\.[0-9]{1,3})?\s*$|[^:\n]{1,40}?[ \t]{1,8}[\[(]?(?P<c>(?:[0-9]{1,2}:)?[0-9]{1,2}:[0-9]{2})[\])]?\s*$)",
    )
});

/// A tag inside a cue: a class, a voice, a time, a place on the screen.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"</?(?:[cvbiu]|lang|ruby|rt)(?:[ .][^<>\n]{0,80})?>|<[0-9:.]{5,14}>|\{\\[^{}\n]{1,40}\}",
    )
});

/// Who speaks in a cue.
static VOICE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<v(?:\.[^<> ]*)? ([^<>\n]*)>"));

/// A remark in brackets, notes of music.
static REMARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\[(♪][^\[\]()♪\n]{0,60}[\])♪]|♪"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// Fewest stamps of a transcript.
const FEWEST_STAMPS: usize = 4;
/// Most seconds between two stamps, for half of them: what is further apart is a programme or a live blog.
const MOST_BETWEEN: u32 = 60;
/// So many of the last spoken lines are compared with a line: rolling captions say each two or three times.
const ROLLING: usize = 3;

/// Takes off all but the words; `sure` where the text is known for subtitles.
pub(super) fn edits(text: &str, sure: bool) -> Vec<Edit> {
    let lines = line_spans(text);
    let line = |i: usize| &text[lines[i].0..lines[i].1];
    let cues = (0..lines.len()).filter(|&i| line(i).contains("-->") && CUE.is_match(line(i)));
    let cues = cues.take(2).count();
    let opens = text.trim_start().starts_with("WEBVTT");
    if cues >= 2 || (opens || sure) && cues > 0 {
        return of_cues(text, &lines);
    }
    let times = |i: usize| stamp(line(i)).map(|(seconds, _)| (i, seconds));
    let stamps: Vec<(usize, u32)> = (0..lines.len()).filter_map(times).collect();
    if is_transcript(&stamps) {
        return of_stamps(text, &lines);
    }
    Vec::new()
}

/// The seconds of a line's stamp, and the span of the line that is no speech.
fn stamp(line: &str) -> Option<(u32, (usize, usize))> {
    if !line.contains(':') {
        return None;
    }
    let found = STAMP.captures(line)?;
    let time = found.name("a").or(found.name("b")).or(found.name("c"))?;
    let parts = time.as_str().split(':');
    let seconds = parts.fold(0, |sum, part| sum * 60 + part.parse::<u32>().unwrap_or(0));
    Some((seconds, (0, found.get(0)?.end())))
}

fn is_transcript(stamps: &[(usize, u32)]) -> bool {
    let mut between: Vec<u32> = Vec::new();
    for pair in stamps.windows(2) {
        let Some(seconds) = pair[1].1.checked_sub(pair[0].1) else {
            return false;
        };
        between.push(seconds);
    }
    between.sort_unstable();
    stamps.len() >= FEWEST_STAMPS && between[between.len() / 2] <= MOST_BETWEEN
}

fn of_cues(text: &str, lines: &[(usize, usize)]) -> Vec<Edit> {
    let line = |i: usize| &text[lines[i].0..lines[i].1];
    let is_cue = |i: usize| line(i).contains("-->") && CUE.is_match(line(i));
    let mut speech = Speech::new(text);
    let first = (0..lines.len()).find(|&i| is_cue(i)).unwrap_or(0);
    // A title may stand above a file that was pasted; the header of WebVTT, its notes and styles may not.
    let header = (0..first).find(|&i| line(i).trim_start().starts_with("WEBVTT"));
    let (mut i, mut noted) = (0, false);
    while i < lines.len() {
        let number = i + 1 < lines.len() && is_cue(i + 1) && !line(i).trim().is_empty();
        let block = ["NOTE", "STYLE", "REGION"]
            .iter()
            .any(|word| line(i).split(' ').next() == Some(word));
        noted = (noted || block) && !line(i).trim().is_empty();
        let head = header.is_some_and(|header| (header..first).contains(&i));
        if is_cue(i) || number || head || noted {
            speech.take(lines[i]);
        } else if i < first {
            speech.keep(lines[i]);
        } else {
            speech.say(lines[i], 0);
        }
        i += 1;
    }
    speech.edits
}

fn of_stamps(text: &str, lines: &[(usize, usize)]) -> Vec<Edit> {
    let mut speech = Speech::new(text);
    let mut begun = false;
    for &(start, end) in lines {
        let line = &text[start..end];
        let Some((_, (_, words))) = stamp(line) else {
            if begun {
                speech.say((start, end), 0);
            } else {
                speech.keep((start, end));
            }
            continue;
        };
        begun = true;
        match line[words..].trim().is_empty() {
            true => speech.turn((start, end)),
            false => speech.say((start, end), words),
        }
    }
    speech.edits
}

/// The spoken lines so far, and the edits that leave them.
struct Speech<'a> {
    text: &'a str,
    edits: Vec<Edit>,
    last: Vec<String>,
    /// Where the last spoken words ended, if the next ones may run on behind them.
    behind: Option<usize>,
    /// Who spoke last, where the cues say it.
    voice: Option<String>,
}

impl<'a> Speech<'a> {
    fn new(text: &'a str) -> Speech<'a> {
        Speech {
            text,
            edits: Vec::new(),
            last: Vec::new(),
            behind: None,
            voice: None,
        }
    }

    fn take(&mut self, (start, end): (usize, usize)) {
        if start < end {
            self.edits.push(Edit::take((start, end), "format.cue"));
        }
    }

    /// A line above the speech stays as it is.
    fn keep(&mut self, (_, end): (usize, usize)) {
        self.behind = None;
        self.last.clear();
        debug_assert!(end <= self.text.len());
    }

    /// A stamp with a speaker: what follows is another's words.
    fn turn(&mut self, line: (usize, usize)) {
        let speaks = self.text[line.0..line.1].chars().any(char::is_alphabetic);
        self.take(line);
        if speaks {
            self.behind = None;
        }
    }

    /// A line of speech whose first `skip` bytes are none. Said again, it goes; else it runs on from the one before.
    fn say(&mut self, (start, end): (usize, usize), skip: usize) {
        let from = start + skip;
        let raw = &self.text[from..end];
        let mut pieces: Vec<Edit> = TAG
            .find_iter(raw)
            .map(|tag| Edit::take((from + tag.start(), from + tag.end()), "format.cue"))
            .collect();
        let remarks = REMARK
            .find_iter(raw)
            .filter(|remark| is_remark(remark.as_str()));
        pieces.extend(remarks.map(|remark| {
            Edit::take((from + remark.start(), from + remark.end()), "format.sound")
        }));
        pieces.sort_by_key(|edit| edit.start);
        pieces.dedup_by(|next, edit| next.start < edit.end);
        let mut words = String::new();
        let mut at = from;
        for piece in &pieces {
            words.push_str(&self.text[at..piece.start]);
            at = piece.end;
        }
        words.push_str(&self.text[at..end]);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() || self.last.contains(&words) {
            return self.take((start, end));
        }
        let voice = VOICE.captures(raw).map(|voice| voice[1].to_string());
        let speaker = words.starts_with(['-', '–', '>']) || voice.is_some() && voice != self.voice;
        self.voice = voice.or(self.voice.take());
        if let Some(behind) = self.behind.filter(|_| !speaker) {
            self.join(behind, start);
        }
        if skip > 0 {
            self.edits.push(Edit::take((start, from), "format.cue"));
        }
        self.edits.extend(pieces);
        self.behind = Some(end);
        self.last.push(words);
        if self.last.len() > ROLLING {
            self.last.remove(0);
        }
    }

    /// Words run on over what was taken off between them: one blank is read for all of it.
    fn join(&mut self, from: usize, to: usize) {
        while self.edits.last().is_some_and(|edit| edit.start >= from) {
            self.edits.pop();
        }
        self.edits.push(Edit::read((from, to), " ", "format.cue"));
    }
}

fn is_remark(remark: &str) -> bool {
    let inner = remark
        .trim_matches(['[', ']', '(', ')', '♪', ' '])
        .to_lowercase();
    let known = |word: &str| SOUNDS.has(word);
    remark.starts_with(['♪', '[']) || known(&inner) || inner.split_whitespace().any(known)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_lines;
    use super::super::{TextForm, read};

    #[test]
    fn cues_leave_their_words_once() {
        check_lines(
            TextForm::Auto,
            "WEBVTT\nKind: captions\n\n00:00:00.469 --> 00:00:03.169 align:start\n \nthe dock\n\n00:00:03.179 --> 00:00:06.240\nthe dock\nwill<00:00:04.1><c> close</c>\n\n00:00:07.000 --> 00:00:08.000\n[Music]\n",
            "the dock will close",
        );
        check_lines(
            TextForm::Auto,
            "1\n00:00:01,000 --> 00:00:03,500\n부두를\n\n2\n00:00:03,500 --> 00:00:06,000\n닫습니다.\n\n3\n00:00:06,000 --> 00:00:07,000\n- 언제요?\n",
            "부두를 닫습니다.|- 언제요?",
        );
    }

    #[test]
    fn stamps_of_a_transcript_go() {
        check_lines(
            TextForm::Auto,
            "제목\n\n0:00\n안녕하세요 오늘은\n0:04\n[음악]\n0:07\n가마를 봅니다\n0:11\n뜨겁습니다\n",
            "제목|안녕하세요 오늘은 가마를 봅니다 뜨겁습니다",
        );
    }

    #[test]
    fn a_programme_keeps_its_times() {
        let text = "행사 순서\n10:00\n개회\n11:30\n강연\n13:00\n점심\n14:10\n토론\n";
        assert!(read(text, TextForm::Auto).is_verbatim());
    }
}
