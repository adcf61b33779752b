//! Units of figures: how they are spelled and what one of them is worth in its base.
//!
//! In:  the text right after a number. Out: the unit, its factor and its length in bytes. Data and one look-up; no judgement.

/// What a figure counts. Figures compare only within a class; [`Unit::Bare`] compares with all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number without a unit.
    Bare,
    /// Things or people, whatever the classifier.
    Count,
    /// Parts of a hundred.
    Share,
    /// Differences between shares, or of an index.
    Point,
    /// A multiple: so many times as much.
    Times,
    /// Money.
    Money(Currency),
    /// A year of the calendar.
    Year,
    /// A month of the calendar.
    Month,
    /// A day of the calendar.
    Day,
    /// A time of day, in minutes.
    Clock,
    /// Length of time in months.
    Months,
    /// Length of time in days.
    Days,
    /// Length of time in seconds.
    Seconds,
    /// A physical measure in its base unit.
    Measure(Dimension),
    /// A place in an order.
    Ordinal,
}

/// A currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Currency {
    Won,
    Dollar,
    Euro,
    Yen,
    Yuan,
    Pound,
}

/// What a measure measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Dimension {
    Power,
    Energy,
    Voltage,
    Length,
    Area,
    Volume,
    Mass,
    Data,
    Frequency,
    Temperature,
}

use crate::language::hangul::is_hangul;
use std::sync::LazyLock;

use super::char_filter::CharFilter;
use crate::language::PerLanguage;
use crate::language::data::{File, List, UNITS, pair};
use Currency::*;
use Dimension::*;
use Unit::*;

/// A unit found after a number.
pub struct UnitMatch {
    /// Its class.
    pub unit: Unit,
    /// What one of it is in the base.
    pub factor: f64,
    /// Its spelling's length in bytes.
    pub len: usize,
}

/// A spelling, its class, and what one is worth in the class's base.
type Spelling = (&'static str, Unit, f64);

/// The spellings of all languages: a Korean text has units in Latin letters, and an English one won and pyeong.
static SPELLINGS: LazyLock<Vec<Spelling>> = LazyLock::new(|| {
    let files: &'static PerLanguage<File> = &UNITS;
    let sections = files.values().flat_map(|file| file.sections());
    let spelled = sections.filter_map(|section| Some((Unit::named(section.name)?, section)));
    let spelled = spelled.flat_map(|(unit, section)| {
        let pairs = section.entries.iter().copied().filter_map(pair);
        pairs.map(move |(spelling, worth)| (spelling, unit, worth.parse().unwrap_or(1.0)))
    });
    spelled.collect()
});

impl Unit {
    /// Returns the unit by the name that data files use.
    pub(super) fn named(name: &str) -> Option<Unit> {
        Some(match name {
            "bare" => Bare,
            "count" => Count,
            "share" => Share,
            "point" => Point,
            "times" => Times,
            "money.won" => Money(Won),
            "money.dollar" => Money(Dollar),
            "money.euro" => Money(Euro),
            "money.yen" => Money(Yen),
            "money.yuan" => Money(Yuan),
            "money.pound" => Money(Pound),
            "month" => Month,
            "day" => Day,
            "clock" => Clock,
            "months" => Months,
            "days" => Days,
            "seconds" => Seconds,
            "measure.power" => Measure(Power),
            "measure.energy" => Measure(Energy),
            "measure.voltage" => Measure(Voltage),
            "measure.length" => Measure(Length),
            "measure.area" => Measure(Area),
            "measure.volume" => Measure(Volume),
            "measure.mass" => Measure(Mass),
            "measure.data" => Measure(Data),
            "measure.frequency" => Measure(Frequency),
            "measure.temperature" => Measure(Temperature),
            "ordinal" => Ordinal,
            _ => return None,
        })
    }
}

/// The longest unit `rest` begins with. Latin spellings must end where a word ends.
pub fn unit_at(rest: &str) -> Option<UnitMatch> {
    static FIRST: LazyLock<CharFilter> =
        LazyLock::new(|| CharFilter::first_of(SPELLINGS.iter().map(|(s, ..)| *s)));
    let first = rest.chars().next()?;
    if !FIRST.may_hold(first.to_ascii_lowercase()) && !FIRST.may_hold(first) {
        return None;
    }
    // Of hundreds of spellings hardly any begins so: the first byte tells without a call.
    let begins = rest.as_bytes()[0].to_ascii_lowercase();
    let spelled = |s: &str| {
        s.as_bytes()[0].to_ascii_lowercase() == begins
            && rest
                .get(..s.len())
                .is_some_and(|head| head == s || s.len() > 3 && head.eq_ignore_ascii_case(s))
    };
    let fits = |s: &str| {
        let latin = s.as_bytes()[s.len() - 1].is_ascii_alphabetic();
        spelled(s) && !(latin && rest[s.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    SPELLINGS
        .iter()
        .filter(|(s, ..)| fits(s))
        .max_by_key(|(s, ..)| s.len())
        .map(|&(s, unit, factor)| UnitMatch {
            unit,
            factor,
            len: s.len(),
        })
}

/// Tells whether a number without a unit may be one with this: "12 and 15 megawatts" leaves the first without.
pub fn spares_unit(bare: f64, value: f64, unit: Unit) -> bool {
    let alike = SPELLINGS.iter().filter(|(_, other, _)| *other == unit);
    let near = |factor: f64| (bare * factor - value).abs() <= 1e-6 * value.abs();
    near(1.0) || alike.into_iter().any(|(_, _, factor)| near(*factor))
}

/// The short Latin spellings of a measure's units: `kW`, `MW`, `GW` for any power.
#[cfg(feature = "model")]
pub fn symbols(unit: Unit) -> impl Iterator<Item = &'static str> {
    const LONGEST: usize = 3;
    let measure = matches!(unit, Unit::Measure(_));
    let alike = SPELLINGS
        .iter()
        .filter(move |(_, other, _)| measure && *other == unit);
    let spelled = alike.map(|(spelling, ..)| *spelling);
    spelled.filter(|s| s.len() <= LONGEST && s.is_ascii())
}

/// Counters native Korean numerals stand before; longer words beginning so are no counters ('두 개발사').
pub fn is_counter(found: &UnitMatch, rest: &str) -> bool {
    static AFTER: List = List::of(&UNITS.ko, "after-counter");
    let after = &rest[found.len..];
    let word = &after[..after.find(|c| !is_hangul(c)).unwrap_or(after.len())];
    word.is_empty() || AFTER.has(word)
}
