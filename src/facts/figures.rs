//! Figures: every number a text states, as a value and a class of unit, whatever its spelling.
//!
//! In:  a text, Korean or English. Out: `Figure`s with their places: "1.2만명", "12,000 people" and "1만2000명" are the same figure.
//! The text is walked once, from left to right. Doubtful readings are kept as soft: they support, and need no support.

use super::numerals::*;
use super::units::{Currency, Unit, is_counter, spares_unit, unit_at};
use crate::language::script::is_letter;

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last, unit included.
    pub end: usize,
    /// The value in the base of its unit.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// A reading too common or too doubtful to ask support for ("one of them", "first").
    pub soft: bool,
}

/// Values closer than this are the same; far below what any spelling rounds.
const TOLERANCE: f64 = 1e-6;

impl Figure {
    /// Tells whether `other` says the same.
    pub fn same(&self, other: &Figure) -> bool {
        let apart = (self.value - other.value).abs();
        compatible(self.unit, other.unit)
            && (apart <= TOLERANCE * self.value.abs().max(1e-12)
                || self.rounds(other)
                || self.without_unit(other))
    }

    /// One of the two has a unit that the other leaves out: "310 kilometres here and 3,900 there".
    fn without_unit(&self, other: &Figure) -> bool {
        match (self.unit, other.unit) {
            (Unit::Bare, Unit::Bare) => false,
            (Unit::Bare, unit) => spares_unit(self.value, other.value, unit),
            (unit, Unit::Bare) => spares_unit(other.value, self.value, unit),
            _ => false,
        }
    }

    /// "33 %" and "33.3 %" for a third: a share without an end in decimals, rounded as anybody would.
    fn rounds(&self, other: &Figure) -> bool {
        let endless = (other.value * 1e3).fract() > TOLERANCE;
        let is = |places: f64| (other.value * places).round() / places == self.value;
        (self.unit, other.unit) == (Unit::Share, Unit::Share) && endless && (is(1.0) || is(10.0))
    }
}

/// Bare numbers compare with all: "12 and 15 percent" leaves the first without its unit.
fn compatible(a: Unit, b: Unit) -> bool {
    use Unit::*;
    let pair = |x, y| a == x && b == y || a == y && b == x;
    a == b
        || a == Bare
        || b == Bare
        || pair(Ordinal, Count)
        || pair(Day, Days)
        || pair(Month, Ordinal)
}

/// The figures of `text` that `sources` do not state.
pub fn unsupported<'a>(text: &'a str, sources: &[&str]) -> (usize, Vec<&'a str>) {
    let asked: Vec<Figure> = figures(text).into_iter().filter(|f| !f.soft).collect();
    // A text that is one of its sources, as most are, states nothing they do not.
    if asked.is_empty() || sources.contains(&text) {
        return (asked.len(), Vec::new());
    }
    let have: Vec<Figure> = sources.iter().flat_map(|s| figures(s)).collect();
    let missing = asked
        .iter()
        .filter(|f| !have.iter().any(|h| f.same(h) && unit_stands(f, h, &have)))
        .map(|f| &text[f.start..f.end])
        .collect();
    (asked.len(), missing)
}

/// Tells whether a source that leaves the unit of `other` out has it elsewhere: "7 months instead of 20" says nothing of 20 weeks. Things are
/// counted by any word, and years and days stand alone.
fn unit_stands(figure: &Figure, other: &Figure, have: &[Figure]) -> bool {
    use Unit::*;
    let alone = matches!(
        figure.unit,
        Bare | Count | Ordinal | Year | Month | Day | Clock
    );
    alone || other.unit != Bare || have.iter().any(|h| h.unit == figure.unit)
}

/// Every figure of a text, in order.
pub fn figures(text: &str) -> Vec<Figure> {
    let mut scan = Scan {
        text,
        at: 0,
        out: Vec::new(),
        pending: None,
    };
    while scan.at < text.len() {
        let c = scan.char();
        if c.is_ascii_digit() {
            scan.number();
        } else if c.is_ascii_alphabetic() {
            scan.latin_word();
        } else if is_hangul(c) {
            scan.hangul_word();
        } else {
            scan.at += c.len_utf8();
        }
    }
    scan.out
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    out: Vec<Figure>,
    /// A figure whose unit follows its range's other end: "2~3년".
    pending: Option<(usize, f64)>,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn char(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    fn before(&self, at: usize) -> &'a str {
        &self.text[..at]
    }

    fn push(&mut self, start: usize, value: f64, unit: Unit, soft: bool) {
        self.out.push(Figure {
            start,
            end: self.at,
            value,
            unit,
            soft,
        });
    }

    /// A number in digits, with date, scale, unit and range.
    fn number(&mut self) {
        let start = self.at;
        let ranged = self.pending.take();
        if self.date(start) || self.clock(start) || self.fraction(start) {
            return;
        }
        self.joined_groups(start);
        let Some((value, own_scale)) = self.scaled() else {
            self.at += 1;
            return;
        };
        let (value, start, currency) = self.currency(start, value);
        if self.model_number() {
            return;
        }
        let index = self.out.len();
        self.unit(start, value, currency);
        if let (Some((at, raw)), Some(&this)) = (ranged, self.out.get(index)) {
            self.spread(at, raw, this, value, own_scale);
        }
        self.range_opens(value);
    }

    /// "2026-11-02", "2026.11.02", "11.02": parts of a date. The last could be a decimal, so that both readings stand, soft.
    fn date(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let groups: Vec<&str> = rest.split(|c: char| !c.is_ascii_digit()).take(3).collect();
        let mark = |i: usize| {
            rest[groups[..=i].iter().map(|g| g.len()).sum::<usize>() + i..]
                .chars()
                .next()
        };
        let number = |g: &str| g.parse::<f64>().unwrap_or(-1.0);
        let fits =
            |month: f64, day: f64| (1.0..=12.0).contains(&month) && (1.0..=31.0).contains(&day);
        if groups.len() == 3
            && groups[0].len() == 4
            && matches!(mark(0), Some('-' | '.' | '/'))
            && mark(0) == mark(1)
            && fits(number(groups[1]), number(groups[2]))
        {
            self.at += groups.iter().map(|g| g.len()).sum::<usize>() + 2;
            self.push(start, number(groups[0]), Unit::Year, false);
            self.push(start, number(groups[1]), Unit::Month, false);
            self.push(start, number(groups[2]), Unit::Day, false);
            return true;
        }
        if groups.len() >= 2
            && groups[0].len() <= 2
            && groups[1].len() == 2
            && matches!(mark(0), Some('.' | '/'))
            && fits(number(groups[0]), number(groups[1]))
        {
            let end = start + groups[0].len() + 3;
            let parts = [Unit::Month, Unit::Day].into_iter().zip(groups);
            self.out.extend(parts.map(|(unit, digits)| Figure {
                start,
                end,
                value: number(digits),
                unit,
                soft: true,
            }));
        }
        false
    }

    fn clock(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let hours = digits(rest);
        if hours == 0
            || hours > 2
            || !rest[hours..].starts_with(':')
            || digits(&rest[hours + 1..]) != 2
        {
            return false;
        }
        let value = rest[..hours].parse::<f64>().unwrap_or(0.0) * 60.0
            + rest[hours + 1..hours + 3].parse::<f64>().unwrap_or(0.0);
        self.at += hours + 3;
        self.push(start, value, Unit::Clock, false);
        true
    }

    /// "3분의 1" and "1/3".
    fn fraction(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let first = digits(rest);
        let after = &rest[first..];
        let (skip, slash) = match after {
            a if a.starts_with("분의") => (
                "분의".len() + usize::from(a["분의".len()..].starts_with(' ')),
                false,
            ),
            a if a.starts_with('/') => (1, true),
            _ => return false,
        };
        let second = digits(&after[skip..]);
        if second == 0 || after[skip + second..].starts_with('/') {
            return false;
        }
        let (a, b) = (
            rest[..first].parse().unwrap_or(0.0),
            after[skip..skip + second].parse().unwrap_or(0.0),
        );
        let (part, whole): (f64, f64) = if slash { (a, b) } else { (b, a) };
        if whole == 0.0 || part > whole {
            return false;
        }
        self.at += first + skip + second;
        self.push(start, 100.0 * part / whole, Unit::Share, slash);
        true
    }

    /// "1 312": thousands whose mark was lost; the number also stands as its parts.
    fn joined_groups(&mut self, start: usize) {
        let rest = self.rest();
        let first = digits(rest);
        let mut end = first;
        while rest[end..].starts_with(' ') && digits(&rest[end + 1..]) == 3 {
            end += 4;
        }
        if first > 3 || end == first {
            return;
        }
        let value: f64 = rest[..end].replace(' ', "").parse().unwrap_or(0.0);
        let (factor, scaled) = scale_at(&rest[end..]).unwrap_or((1.0, 0));
        let unit = unit_at(rest[end + scaled..].trim_start_matches(' '));
        let (unit, worth) = unit.map_or((Unit::Bare, 1.0), |u| (u.unit, u.factor));
        self.out.push(Figure {
            start,
            end: start + end,
            value: value * factor * worth,
            unit,
            soft: true,
        });
    }

    /// A number with thousands marks, decimals and scales ("1조2000억", "3.5 billion"); whether it has a scale of its own.
    fn scaled(&mut self) -> Option<(f64, bool)> {
        let (mut total, mut section, mut scaled) = (0.0, 0.0, false);
        let mut limit = f64::INFINITY;
        loop {
            let (value, len) = decimal(self.rest())?;
            self.at += len;
            let mut value = value;
            while let Some((factor, len)) = small_scale_at(self.rest()) {
                value *= factor;
                scaled = true;
                self.at += len;
            }
            section += value;
            if let Some((factor, len)) = scale_at(self.rest()).filter(|(f, _)| *f < limit) {
                total += section * factor;
                section = 0.0;
                (limit, scaled) = (factor, true);
                self.at += len;
            }
            let gap = usize::from(scaled && self.rest().starts_with(' ') && section == 0.0);
            let next = &self.rest()[gap..];
            let goes_on = scaled
                && decimal(next).is_some_and(|(v, _)| {
                    v < if section == 0.0 {
                        limit
                    } else {
                        section.min(1000.0)
                    }
                });
            if !goes_on || limit.is_infinite() && section == 0.0 {
                break;
            }
            self.at += gap;
        }
        let mut vague = self.rest();
        if let Some(after) = vague.strip_prefix('여') {
            vague = after;
            if unit_at(vague.trim_start()).is_some() {
                self.at += '여'.len_utf8();
            }
        }
        Some((total + section, scaled))
    }

    /// "$52.7" and "US$3m": the sign stands first, and a lone letter after it is a scale.
    fn currency(&mut self, start: usize, value: f64) -> (f64, usize, Option<Currency>) {
        let sign = self.before(start).chars().next_back();
        let currency = match sign {
            Some('$') => Currency::Dollar,
            Some('€') => Currency::Euro,
            Some('£') => Currency::Pound,
            Some('¥') => Currency::Yen,
            Some('₩') => Currency::Won,
            _ => return (value, start, None),
        };
        let start = start - sign.map_or(0, char::len_utf8);
        let mut next = self.rest().chars();
        let letter = next
            .next()
            .filter(|_| !next.next().is_some_and(|c| c.is_ascii_alphanumeric()));
        let factor = match letter {
            Some('m' | 'M') => 1e6,
            Some('b' | 'B') => 1e9,
            Some('t' | 'T') => 1e12,
            _ => return (value, start, Some(currency)),
        };
        self.at += 1;
        (value * factor, start, Some(currency))
    }

    /// "5G", "4o", "3D": digits that go on in letters which are no unit are a name.
    fn model_number(&mut self) -> bool {
        if !self.char().is_ascii_alphabetic()
            || unit_at(self.rest()).is_some()
            || self.rest().starts_with("s ")
        {
            return false;
        }
        self.at += self
            .rest()
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(self.rest().len());
        true
    }

    fn unit(&mut self, start: usize, value: f64, currency: Option<Currency>) {
        if let Some(currency) = currency {
            return self.push(start, value, Unit::Money(currency), false);
        }
        let gap = usize::from(self.rest().starts_with([' ', '-']));
        let Some(found) = unit_at(&self.rest()[gap..]) else {
            let month = month_at(self.rest().trim_start()).is_some() && value <= 31.0;
            let ordinal = self.before(start).ends_with('제');
            let unit = match (month, ordinal) {
                (true, _) => Unit::Day,
                (false, true) => Unit::Ordinal,
                (false, false) => Unit::Bare,
            };
            self.push(start, value, unit, false);
            return self.share_of(start, value);
        };
        // "3 m" and "2 V" apart from their number are more often letters of a list.
        if gap == 1 && found.len == 1 && self.rest().as_bytes()[1].is_ascii_alphabetic() {
            return self.push(start, value, Unit::Bare, false);
        }
        self.at += gap + found.len;
        let year = found.unit == Unit::Months
            && value.fract() == 0.0
            && (1000.0..=2100.0).contains(&value)
            && self.before(self.at).ends_with('년');
        let (unit, factor) = match year {
            true => (Unit::Year, 1.0),
            false => (found.unit, found.factor),
        };
        let half = self.half(unit) * factor;
        self.push(start, value * factor + half, unit, false);
        self.more(start, value * factor + half, unit);
    }

    /// "1년 2개월" and "2 years and 3 months" are one length of time; its first part alone supports, and needs no support.
    fn more(&mut self, start: usize, first: f64, unit: Unit) {
        let spoken = self.before(self.at);
        let mut years = ["년", "year", "years"].iter();
        let years = years.any(|year| spoken.ends_with(year));
        if unit != Unit::Months || !years {
            return;
        }
        let rest = self.rest();
        let gap = ["", " ", " and "].into_iter().rev().find(|gap| {
            let after = rest.strip_prefix(gap).unwrap_or("");
            after.starts_with(|c: char| c.is_ascii_digit())
        });
        let Some(gap) = gap else { return };
        let len = digits(&rest[gap.len()..]);
        let number = &rest[gap.len()..gap.len() + len];
        let behind = &rest[gap.len() + len..];
        let mut months = ["개월", " months", " month"].iter();
        let month = months.find(|month| behind.starts_with(**month));
        let (Some(month), Ok(months)) = (month, number.parse::<f64>()) else {
            return;
        };
        if let Some(part) = self.out.last_mut() {
            part.soft = true;
        }
        self.at += gap.len() + len + month.len();
        self.push(start, first + months, unit, false);
    }

    /// "2년 반".
    fn half(&mut self, unit: Unit) -> f64 {
        let rest = self.rest();
        let timed = matches!(unit, Unit::Months | Unit::Days | Unit::Seconds);
        let Some(after) = rest.strip_prefix(" 반").filter(|_| timed) else {
            return 0.0;
        };
        if after.starts_with(is_hangul)
            && !["을", "이", "은", "도", "의", "만", "에", "째", "동", "으"]
                .iter()
                .any(|p| after.starts_with(p))
        {
            return 0.0;
        }
        self.at += rest.len() - after.len();
        0.5
    }

    /// "1 in 4" is a share as well as its two numbers.
    fn share_of(&mut self, start: usize, part: f64) {
        let rest = self.rest();
        let Some(after) = ["in ", "out of ", "of every "]
            .iter()
            .find_map(|m| rest.trim_start().strip_prefix(m))
        else {
            return;
        };
        let Some((whole, len)) = decimal(after).or_else(|| english_small(after)) else {
            return;
        };
        let round = (2.0..=10.0).contains(&whole) && whole.fract() == 0.0
            || [20.0, 50.0, 100.0, 1000.0].contains(&whole);
        let counted =
            unit_at(after[len..].trim_start()).is_some_and(|u| !matches!(u.unit, Unit::Count));
        if !round || part >= whole || counted {
            return;
        }
        self.at += rest.len() - after.len() + len;
        if let Some(last) = self.out.last_mut() {
            last.soft = true;
        }
        self.push(start, whole, Unit::Bare, true);
        self.push(start, 100.0 * part / whole, Unit::Share, false);
    }

    /// Gives a range's first end the unit, and where it has none the scale, of the second.
    fn spread(&mut self, at: usize, raw: f64, this: Figure, value: f64, own_scale: bool) {
        let worth = match value == 0.0 {
            true => 1.0,
            false => this.value / value,
        };
        let Some(first) = self.out.get_mut(at).filter(|f| f.unit == Unit::Bare) else {
            return;
        };
        first.unit = this.unit;
        first.value *= worth;
        let scale = [1e12, 1e8, 1e4, 1e3]
            .into_iter()
            .find(|s| value >= *s && value / s > raw);
        if let (true, Some(scale)) = (own_scale && raw < 100.0, scale) {
            let unscaled = Figure {
                soft: true,
                ..*first
            };
            first.value *= scale;
            self.out.push(unscaled);
        }
    }

    fn range_opens(&mut self, value: f64) {
        let rest = self.rest();
        let Some(mark) = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '~' | '∼' | '〜' | '–' | '-'))
        else {
            return;
        };
        let bare = self.out.last().is_some_and(|f| f.unit == Unit::Bare);
        if bare && rest[mark.len_utf8()..].starts_with(|c: char| c.is_ascii_digit()) {
            self.at += mark.len_utf8();
            self.pending = Some((self.out.len() - 1, value));
        }
    }

    /// English number words, months, and names with digits in them, which are no figures.
    fn latin_word(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let fresh = !self.before(start).ends_with(is_letter);
        let word = &rest[..rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len())];
        let after = &rest[word.len()..];
        let name = after.starts_with(|c: char| c.is_ascii_digit())
            || after.starts_with('-')
                && after[1..].starts_with(|c: char| c.is_ascii_digit())
                && word.starts_with(|c: char| c.is_ascii_uppercase());
        if name && month_at(word).is_none() {
            self.at += rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
                .unwrap_or(rest.len());
            return;
        }
        if fresh && let Some((month, len)) = month_at(rest) {
            return self.month(start, month, len);
        }
        if !(fresh && self.number_words(start)) {
            self.at = start + word.len();
        }
    }

    /// "Nov. 2, 2026"; a month alone is a date only where its word is nothing else.
    fn month(&mut self, start: usize, month: f64, len: usize) {
        self.at += len;
        let spoken = &self.text[start..self.at];
        let rest = self.rest();
        let day = rest.trim_start_matches(['.', ' ']);
        let day_len = digits(day);
        let dated = day_len > 0
            && day_len <= 2
            && !day[day_len..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '%');
        let doubtful = matches!(spoken, "May" | "March")
            && day_len == 0
            && !self
                .before(start)
                .ends_with(|c: char| c.is_ascii_digit() || c == ' ');
        self.push(
            start,
            month,
            Unit::Month,
            doubtful || matches!(spoken, "May" | "March"),
        );
        if dated {
            self.at += rest.len() - day.len() + day_len;
            self.push(
                start,
                day[..day_len].parse().unwrap_or(0.0),
                Unit::Day,
                false,
            );
        }
    }

    fn number_words(&mut self, start: usize) -> bool {
        let rest = self.rest();
        if !opens_english(rest) {
            return false;
        }
        if self.and_a_half(start) {
            return true;
        }
        for &(word, value, unit, soft) in ENGLISH_FIGURES.iter() {
            if starts_word(rest, word) {
                self.at += word.len();
                self.push(start, value, unit, soft);
                return true;
            }
        }
        let Some((value, len)) = english_number(rest) else {
            return false;
        };
        self.at += len;
        let gap = usize::from(self.rest().starts_with([' ', '-']));
        if let Some((part, len)) = english_part(&self.rest()[gap..]) {
            self.at += gap + len;
            self.push(start, 100.0 * value / part, Unit::Share, false);
            return true;
        }
        let index = self.out.len();
        self.unit(start, value, None);
        if value == 1.0
            && let Some(f) = self.out.get_mut(index)
        {
            f.soft = true;
        }
        true
    }

    /// "a year and a half" and "two and a half years".
    fn and_a_half(&mut self, start: usize) -> bool {
        const HALF: &str = " and a half";
        let rest = self.rest();
        for &(word, worth, unit, _) in TIMED.iter() {
            if starts_word(rest, word) && starts_word(&rest[word.len()..], HALF) {
                self.at += word.len() + HALF.len();
                self.push(start, 1.5 * worth, unit, false);
                return true;
            }
        }
        let Some((value, len)) =
            english_small(rest).filter(|(_, len)| starts_word(&rest[*len..], HALF))
        else {
            return false;
        };
        self.at += len + HALF.len();
        self.unit(start, value + 0.5, None);
        true
    }

    /// Korean numerals: "두 개", "스물두 해", "천만 원", "절반", "둘째".
    fn hangul_word(&mut self) {
        let start = self.at;
        let fresh = !self.before(start).ends_with(is_letter);
        let opens = fresh && opens_korean(self.char());
        if !opens || !(self.korean_set(start) || self.native(start) || self.sino(start)) {
            self.at = start + self.char().len_utf8();
            if fresh {
                // '제3' opens a figure, the inside of other words does not.
                self.at = start + self.rest_of_hangul(start);
            }
        }
    }

    fn rest_of_hangul(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        rest.find(|c: char| !is_hangul(c)).unwrap_or(rest.len())
    }

    fn korean_set(&mut self, start: usize) -> bool {
        for &(word, value, unit, soft) in KOREAN_FIGURES.iter() {
            if self.rest().starts_with(word) {
                self.at += word.len();
                self.push(start, value, unit, soft);
                return true;
            }
        }
        false
    }

    fn native(&mut self, start: usize) -> bool {
        let Some((values, len)) = native_numeral(self.rest()) else {
            return false;
        };
        let rest = &self.rest()[len..];
        let gap = usize::from(rest.starts_with(' '));
        // '열차', '두부': one syllable fused to another is more often a word than a count.
        let fused = |u: &super::units::UnitMatch| {
            gap == 1 || len > 3 || u.len > 3 || FUSED.has(&rest[..u.len])
        };
        let counted = unit_at(&rest[gap..])
            .filter(|u| native_counts(u.unit) && is_counter(u, &rest[gap..]) && fused(u));
        let value = values[0];
        match counted {
            Some(found) => {
                let spelled = &rest[gap..gap + found.len];
                self.at += len + gap + found.len;
                let half = self.half(found.unit);
                for v in values {
                    // '한 사람', '한 분', '한 해' are an article more than a count.
                    let article =
                        v + half == 1.0 && !matches!(spelled, "달" | "주" | "시간" | "배");
                    self.push(start, (v + half) * found.factor, found.unit, article);
                }
            }
            // '두 회사': the noun is its own counter.
            None if gap == 1
                && rest[1..].starts_with(is_hangul)
                && DETERMINERS.has(&self.rest()[..len]) =>
            {
                self.at += len;
                self.push(
                    start,
                    value,
                    Unit::Count,
                    value == 1.0 || value == 4.0 && len == 3,
                );
            }
            None if !rest.starts_with(is_hangul)
                && value > 1.0
                && value < 11.0
                && NOUN_FORMS.has(&self.rest()[..len]) =>
            {
                self.at += len;
                self.push(start, value, Unit::Count, true);
            }
            None => return false,
        }
        true
    }

    /// "천만 원", "만 칠천 원", "십년": Chinese numerals in Hangul, only where a unit follows, or where they are long
    /// enough to be nothing else ("삼백이십만").
    fn sino(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let mut len = sino_len(rest);
        let mut spelled = rest[..len].to_string();
        while rest[..len].ends_with(['만', '억', '조']) && rest[len..].starts_with(' ') {
            let more = sino_len(&rest[len + 1..]);
            if more == 0 {
                break;
            }
            spelled.push_str(&rest[len + 1..len + 1 + more]);
            len += 1 + more;
        }
        let has_scale = spelled.contains(['십', '백', '천', '만', '억', '조']);
        if !has_scale || LOOKALIKES.iter().any(|w| rest.starts_with(w)) {
            return false;
        }
        let gap = usize::from(rest[len..].starts_with(' '));
        let Some(found) = unit_at(&rest[len + gap..]).filter(|u| is_counter(u, &rest[len + gap..]))
        else {
            let plain = is_no_word(&spelled);
            if plain {
                self.at += len;
                self.push(start, sino_value(&spelled), Unit::Bare, false);
            }
            return plain;
        };
        self.at += len + gap + found.len;
        self.push(
            start,
            sino_value(&spelled) * found.factor,
            found.unit,
            gap == 0 && spelled.chars().count() == 1,
        );
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (asked, missing) = unsupported(a, &[b]);
        asked > 0 && missing.is_empty()
    }

    #[test]
    fn spellings_of_one_value_are_the_same_figure() {
        for (a, b) in [
            ("1.2만명", "12,000명"),
            ("1만2000명", "1.2만 명"),
            ("1만2천명", "12 000명"),
            ("1조2000억원", "1.2조원"),
            ("1조 2000억 원", "1조2천억원"),
            ("5만4000명", "54,000 people"),
            ("26만장", "260,000 chips"),
            ("$52.7 billion", "527억 달러"),
            ("$3.6bn", "36억달러"),
            ("€1.9 billion", "19억 유로"),
            ("3.5GW", "3,500MW"),
            ("3.5 gigawatts", "3500 MW"),
            ("83%", "83퍼센트"),
            ("60 percent", "60%"),
            ("a third of", "3분의 1"),
            ("one in four", "25%"),
            ("1 in 4", "4분의 1"),
            ("two-thirds", "3분의 2"),
            ("절반", "50%"),
            ("half", "절반"),
            ("두 배", "twice"),
            ("세 배", "3배"),
            ("2.3배", "2.3 times"),
            ("2년 반", "30개월"),
            ("2~3년", "2년에서 3년"),
            ("10~20만명", "10만명에서 20만명"),
            ("2025년 9월", "September 2025"),
            ("11월 2일", "11.02"),
            ("Nov. 2", "11월 2일"),
            ("2026-11-02", "2026년 11월 2일"),
            ("스물두 해", "22년"),
            ("열두 대", "12대"),
            ("예순한 명", "61명"),
            ("두 회사", "2개 회사"),
            ("two firms", "두 회사"),
            ("천만 원", "1000만원"),
            ("만 칠천 원", "1만7000원"),
            ("삼백이십만", "3,200,000"),
            ("thirty-one projects", "31"),
            ("three hundred and twelve", "312"),
            ("21st", "21번째"),
            ("3위", "3rd"),
            ("이틀", "2일"),
            ("다섯 달", "5 months"),
            ("28-metre", "28m"),
            ("1,312 slips", "1 312 slips"),
            ("5만여명", "5만명"),
            ("1년 2개월", "14개월"),
            ("5년8개월", "68 months"),
            ("2 years and 3 months", "27개월"),
            ("a year and a half", "18개월"),
            ("two and a half years", "30개월"),
            ("33%", "3분의 1"),
            ("66.7%", "two thirds of"),
            ("the seventh", "7번째"),
            ("3,900km", "310 km here and 3,900 there"),
            ("over fifty", "쉰 살"),
            ("20 months", "7 months instead of 20"),
        ] {
            assert!(same(a, b), "{a} = {b}: {:?} {:?}", figures(a), figures(b));
        }
    }

    #[test]
    fn other_values_and_units_are_not() {
        for (a, b) in [
            ("12%", "12명"),
            ("12%", "12%포인트"),
            ("1.2만명", "1.2억명"),
            ("300억원", "300억달러"),
            ("3년", "3개월"),
            ("2025년", "2026년"),
            ("11월 3일", "11.02"),
            ("두 배", "세 배"),
            ("one in five", "one in four"),
            ("$3 million", "$3 billion"),
            ("21 percent", "12 percent"),
            ("34%", "3분의 1"),
            ("33.4%", "a third of"),
            ("24%", "one in four"),
            ("1년 3개월", "14개월"),
            ("the fourth", "the third"),
            ("세 번째", "네 번째"),
            ("20 weeks", "7 months instead of 20"),
        ] {
            assert!(!same(a, b), "{a} /= {b}: {:?} {:?}", figures(a), figures(b));
        }
    }

    #[test]
    fn names_and_common_words_are_no_figures() {
        for text in [
            "HBM4와 GPT-4o",
            "the 5G network",
            "만일 조건이 맞으면",
            "세상은 두렵다",
            "한 관계자는",
            "이번 조사",
            "열심히 한다",
            "one of them",
            "네트워크",
            "둘러싼",
            "COVID-19",
            "수천명",
            "조사 대상",
            "천만에요",
            "백만장자",
            "구사일생",
            "팔만대장경",
        ] {
            let hard: Vec<Figure> = figures(text).into_iter().filter(|f| !f.soft).collect();
            assert!(hard.is_empty(), "{text}: {hard:?}");
        }
    }

    #[test]
    fn any_text_is_walked_to_its_end() {
        for text in [
            "",
            "1",
            "1,",
            "1.",
            "$",
            "$1",
            "3분의",
            "1/0",
            "2~",
            "12:3",
            "99999999999999999999999조",
            "반",
            "１２",
            "1-",
            "제",
            "twenty-",
            "a thousand and",
            "2026-13-40",
            "½",
            "0.0.0.0",
            "1조억만",
        ] {
            let _ = figures(text);
        }
    }
}
