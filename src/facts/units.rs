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
    /// How many times as much.
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
use Currency::*;
use Dimension::*;
use Unit::*;

/// A unit found after a number.
pub struct Found {
    /// Its class.
    pub unit: Unit,
    /// What one of it is in the base.
    pub factor: f64,
    /// Its spelling's length in bytes.
    pub len: usize,
}

/// The longest unit `rest` begins with. Latin spellings must end where a word ends.
pub fn unit_at(rest: &str) -> Option<Found> {
    static FIRST: LazyLock<CharFilter> =
        LazyLock::new(|| CharFilter::first_of(UNITS.iter().map(|(s, ..)| *s)));
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
    UNITS
        .iter()
        .filter(|(s, ..)| fits(s))
        .max_by_key(|(s, ..)| s.len())
        .map(|&(s, unit, factor)| Found {
            unit,
            factor,
            len: s.len(),
        })
}

/// Whether a number without a unit may be one with this: "12 and 15 megawatts" leaves the first without.
pub fn spares_unit(bare: f64, value: f64, unit: Unit) -> bool {
    let alike = UNITS.iter().filter(|(_, other, _)| *other == unit);
    let near = |factor: f64| (bare * factor - value).abs() <= 1e-6 * value.abs();
    near(1.0) || alike.into_iter().any(|(_, _, factor)| near(*factor))
}

/// The short Latin spellings of a measure's units: `kW`, `MW`, `GW` for any power.
#[cfg(feature = "model")]
pub fn symbols(unit: Unit) -> impl Iterator<Item = &'static str> {
    const LONGEST: usize = 3;
    let measure = matches!(unit, Unit::Measure(_));
    let alike = UNITS
        .iter()
        .filter(move |(_, other, _)| measure && *other == unit);
    let spelled = alike.map(|(spelling, ..)| *spelling);
    spelled.filter(|s| s.len() <= LONGEST && s.is_ascii())
}

/// Counters native Korean numerals stand before; longer words beginning so are no counters ('두 개발사').
pub fn is_counter(found: &Found, rest: &str) -> bool {
    let after = &rest[found.len..];
    let mut word = after
        .chars()
        .take_while(|c| is_hangul(*c))
        .collect::<String>();
    for particle in AFTER_COUNTER {
        if word == *particle {
            word.clear();
        }
    }
    word.is_empty()
}

/// What may follow a counter within its word.
#[rustfmt::skip]
const AFTER_COUNTER: &[&str] = &[
    "이", "가", "은", "는", "을", "를", "의", "에", "도", "만", "로", "으로", "과", "와", "나", "이나", "씩", "째", "뿐", "뿐이다", "뿐이었다", "뿐이고", "밖에", "에서", "에게", "까지",
    "부터", "마다", "보다", "쯤", "이다", "다", "였다", "이었다", "이고", "고", "이며", "며", "였고", "이었고", "인데", "꼴", "꼴로", "가량", "안에", "동안", "만에", "남짓", "이상", "뒤",
    "뿐이에요", "이에요", "예요", "이라", "라", "이라고", "라고", "입니다", "였습니다", "이었습니다", "뿐입니다", "뿐이었습니다", "인", "임", "씩을", "씩의", "당", "이라는", "라는", "간", "치",
];

/// Spelling, class, and what one is worth in the class's base.
#[rustfmt::skip]
const UNITS: &[(&str, Unit, f64)] = &[
    // Shares and differences.
    ("%p", Point, 1.0), ("%P", Point, 1.0), ("%포인트", Point, 1.0), ("%", Share, 1.0), ("％", Share, 1.0), ("퍼센트포인트", Point, 1.0), ("퍼센트", Share, 1.0),
    ("프로", Share, 1.0), ("포인트", Point, 1.0), ("percentage points", Point, 1.0), ("percentage point", Point, 1.0), ("points", Point, 1.0),
    ("point", Point, 1.0), ("percent", Share, 1.0), ("per cent", Share, 1.0), ("pct", Share, 1.0), ("bp", Point, 0.01), ("할", Share, 10.0),
    ("배", Times, 1.0), ("곱절", Times, 1.0), ("갑절", Times, 1.0), ("times", Times, 1.0), ("x", Times, 1.0), ("fold", Times, 1.0),
    // Money.
    ("원", Money(Won), 1.0), ("won", Money(Won), 1.0), ("KRW", Money(Won), 1.0), ("달러", Money(Dollar), 1.0), ("불", Money(Dollar), 1.0),
    ("dollars", Money(Dollar), 1.0), ("dollar", Money(Dollar), 1.0), ("USD", Money(Dollar), 1.0), ("센트", Money(Dollar), 0.01),
    ("cents", Money(Dollar), 0.01), ("cent", Money(Dollar), 0.01), ("유로", Money(Euro), 1.0), ("euros", Money(Euro), 1.0), ("euro", Money(Euro), 1.0),
    ("엔", Money(Yen), 1.0), ("yen", Money(Yen), 1.0), ("위안", Money(Yuan), 1.0), ("yuan", Money(Yuan), 1.0), ("파운드", Money(Pound), 1.0),
    ("pounds", Money(Pound), 1.0),
    // Time.
    ("년", Months, 12.0), ("개년", Months, 12.0), ("해", Months, 12.0), ("years", Months, 12.0), ("year", Months, 12.0), ("yrs", Months, 12.0),
    ("decades", Months, 120.0), ("decade", Months, 120.0), ("세", Months, 12.0), ("살", Months, 12.0), ("개월", Months, 1.0), ("달", Months, 1.0),
    ("months", Months, 1.0), ("month", Months, 1.0), ("월", Month, 1.0), ("주일", Days, 7.0), ("주", Days, 7.0), ("weeks", Days, 7.0),
    ("week", Days, 7.0), ("일", Day, 1.0), ("날", Days, 1.0), ("밤", Days, 1.0), ("days", Days, 1.0), ("day", Days, 1.0), ("시간", Seconds, 3600.0),
    ("hours", Seconds, 3600.0), ("hour", Seconds, 3600.0), ("hrs", Seconds, 3600.0), ("시", Clock, 60.0), ("분", Seconds, 60.0),
    ("minutes", Seconds, 60.0), ("minute", Seconds, 60.0), ("초", Seconds, 1.0), ("seconds", Seconds, 1.0), ("밀리초", Seconds, 0.001),
    ("ms", Seconds, 0.001),
    // Measures.
    ("㎾h", Measure(Energy), 1e3), ("kWh", Measure(Energy), 1e3), ("KWh", Measure(Energy), 1e3), ("MWh", Measure(Energy), 1e6),
    ("GWh", Measure(Energy), 1e9), ("TWh", Measure(Energy), 1e12), ("킬로와트시", Measure(Energy), 1e3), ("메가와트시", Measure(Energy), 1e6),
    ("기가와트시", Measure(Energy), 1e9), ("테라와트시", Measure(Energy), 1e12), ("kilowatt-hours", Measure(Energy), 1e3),
    ("kilowatt hours", Measure(Energy), 1e3), ("kilowatt-hour", Measure(Energy), 1e3), ("megawatt-hours", Measure(Energy), 1e6),
    ("gigawatt-hours", Measure(Energy), 1e9), ("terawatt-hours", Measure(Energy), 1e12), ("W", Measure(Power), 1.0), ("와트", Measure(Power), 1.0),
    ("watts", Measure(Power), 1.0), ("㎾", Measure(Power), 1e3), ("kW", Measure(Power), 1e3), ("KW", Measure(Power), 1e3),
    ("킬로와트", Measure(Power), 1e3), ("kilowatts", Measure(Power), 1e3), ("kilowatt", Measure(Power), 1e3), ("㎿", Measure(Power), 1e6),
    ("MW", Measure(Power), 1e6), ("메가와트", Measure(Power), 1e6), ("megawatts", Measure(Power), 1e6), ("megawatt", Measure(Power), 1e6),
    ("GW", Measure(Power), 1e9), ("기가와트", Measure(Power), 1e9), ("gigawatts", Measure(Power), 1e9), ("gigawatt", Measure(Power), 1e9),
    ("TW", Measure(Power), 1e12), ("테라와트", Measure(Power), 1e12), ("V", Measure(Voltage), 1.0), ("볼트", Measure(Voltage), 1.0),
    ("volts", Measure(Voltage), 1.0), ("volt", Measure(Voltage), 1.0), ("㎸", Measure(Voltage), 1e3), ("kV", Measure(Voltage), 1e3),
    ("킬로볼트", Measure(Voltage), 1e3), ("kilovolts", Measure(Voltage), 1e3), ("kilovolt", Measure(Voltage), 1e3), ("terawatts", Measure(Power), 1e12),
    ("terawatt", Measure(Power), 1e12), ("nanometres", Measure(Length), 1e-9), ("nanometers", Measure(Length), 1e-9), ("millimetres", Measure(Length), 1e-3),
    ("millimeters", Measure(Length), 1e-3), ("centimetres", Measure(Length), 1e-2), ("centimeters", Measure(Length), 1e-2),
    ("megabytes", Measure(Data), 1e6), ("gigabytes", Measure(Data), 1e9), ("terabytes", Measure(Data), 1e12), ("petabytes", Measure(Data), 1e15),
    ("gigahertz", Measure(Frequency), 1e9), ("megahertz", Measure(Frequency), 1e6), ("테라헤르츠", Measure(Frequency), 1e12), ("㎚", Measure(Length), 1e-9), ("nm", Measure(Length), 1e-9), ("나노미터", Measure(Length), 1e-9),
    ("나노", Measure(Length), 1e-9), ("㎜", Measure(Length), 1e-3), ("mm", Measure(Length), 1e-3), ("밀리미터", Measure(Length), 1e-3),
    ("㎝", Measure(Length), 1e-2), ("cm", Measure(Length), 1e-2), ("센티미터", Measure(Length), 1e-2), ("센티", Measure(Length), 1e-2),
    ("m", Measure(Length), 1.0), ("미터", Measure(Length), 1.0), ("metres", Measure(Length), 1.0), ("metre", Measure(Length), 1.0),
    ("meters", Measure(Length), 1.0), ("meter", Measure(Length), 1.0), ("㎞", Measure(Length), 1e3), ("km", Measure(Length), 1e3),
    ("킬로미터", Measure(Length), 1e3), ("킬로", Measure(Length), 1e3), ("kilometres", Measure(Length), 1e3), ("kilometers", Measure(Length), 1e3),
    ("kilometre", Measure(Length), 1e3), ("kilometer", Measure(Length), 1e3), ("miles", Measure(Length), 1609.344),
    ("mile", Measure(Length), 1609.344), ("마일", Measure(Length), 1609.344), ("feet", Measure(Length), 0.3048), ("foot", Measure(Length), 0.3048),
    ("ft", Measure(Length), 0.3048), ("inches", Measure(Length), 0.0254), ("inch", Measure(Length), 0.0254), ("인치", Measure(Length), 0.0254),
    ("㎡", Measure(Area), 1.0), ("제곱미터", Measure(Area), 1.0), ("평", Measure(Area), 3.305785), ("㏊", Measure(Area), 1e4), ("헥타르", Measure(Area), 1e4),
    ("hectares", Measure(Area), 1e4), ("acres", Measure(Area), 4046.856), ("L", Measure(Volume), 1.0), ("리터", Measure(Volume), 1.0),
    ("litres", Measure(Volume), 1.0), ("liters", Measure(Volume), 1.0), ("㎎", Measure(Mass), 1e-3), ("mg", Measure(Mass), 1e-3),
    ("g", Measure(Mass), 1.0), ("그램", Measure(Mass), 1.0), ("grams", Measure(Mass), 1.0), ("㎏", Measure(Mass), 1e3), ("kg", Measure(Mass), 1e3),
    ("킬로그램", Measure(Mass), 1e3), ("kilograms", Measure(Mass), 1e3), ("kilogram", Measure(Mass), 1e3), ("kilos", Measure(Mass), 1e3),
    ("t", Measure(Mass), 1e6), ("톤", Measure(Mass), 1e6), ("tonnes", Measure(Mass), 1e6), ("tonne", Measure(Mass), 1e6),
    ("tons", Measure(Mass), 1e6), ("ton", Measure(Mass), 1e6), ("KB", Measure(Data), 1e3), ("MB", Measure(Data), 1e6), ("메가바이트", Measure(Data), 1e6),
    ("GB", Measure(Data), 1e9), ("기가바이트", Measure(Data), 1e9), ("TB", Measure(Data), 1e12), ("테라바이트", Measure(Data), 1e12),
    ("PB", Measure(Data), 1e15), ("Hz", Measure(Frequency), 1.0), ("㎑", Measure(Frequency), 1e3), ("kHz", Measure(Frequency), 1e3),
    ("MHz", Measure(Frequency), 1e6), ("㎒", Measure(Frequency), 1e6), ("GHz", Measure(Frequency), 1e9), ("㎓", Measure(Frequency), 1e9),
    ("℃", Measure(Temperature), 1.0), ("°C", Measure(Temperature), 1.0), ("도", Measure(Temperature), 1.0), ("degrees", Measure(Temperature), 1.0),
    // Places in an order.
    ("위", Ordinal, 1.0), ("번째", Ordinal, 1.0), ("차", Ordinal, 1.0), ("호", Ordinal, 1.0), ("분기", Ordinal, 1.0), ("세대", Ordinal, 1.0),
    ("단계", Ordinal, 1.0), ("st", Ordinal, 1.0), ("nd", Ordinal, 1.0), ("rd", Ordinal, 1.0), ("th", Ordinal, 1.0),
    // Things and people.
    ("명", Count, 1.0), ("인", Count, 1.0), ("사람", Count, 1.0), ("가구", Count, 1.0), ("세대주", Count, 1.0), ("개", Count, 1.0), ("곳", Count, 1.0),
    ("군데", Count, 1.0), ("대", Count, 1.0), ("장", Count, 1.0), ("건", Count, 1.0), ("번", Count, 1.0), ("회", Count, 1.0), ("차례", Count, 1.0),
    ("가지", Count, 1.0), ("종", Count, 1.0), ("편", Count, 1.0), ("권", Count, 1.0), ("쪽", Count, 1.0), ("척", Count, 1.0), ("채", Count, 1.0),
    ("마리", Count, 1.0), ("그루", Count, 1.0), ("송이", Count, 1.0), ("켤레", Count, 1.0), ("잔", Count, 1.0), ("병", Count, 1.0), ("벌", Count, 1.0),
    ("자루", Count, 1.0), ("줄", Count, 1.0), ("칸", Count, 1.0), ("층", Count, 1.0), ("동", Count, 1.0), ("기", Count, 1.0), ("개사", Count, 1.0),
    ("개국", Count, 1.0), ("개소", Count, 1.0), ("개교", Count, 1.0), ("개 사", Count, 1.0), ("조각", Count, 1.0), ("점", Count, 1.0), ("통", Count, 1.0),
    ("갑", Count, 1.0), ("상자", Count, 1.0), ("배럴", Count, 1.0), ("조항", Count, 1.0), ("석", Count, 1.0), ("학점", Count, 1.0), ("매", Count, 1.0),
    ("표", Count, 1.0), ("부", Count, 1.0), ("필지", Count, 1.0), ("알", Count, 1.0), ("판", Count, 1.0), ("홉", Count, 1.0), ("타", Count, 1.0),
    ("기압", Count, 1.0), ("교대", Count, 1.0), ("큐비트", Count, 1.0), ("토큰", Count, 1.0), ("걸음", Count, 1.0), ("끼", Count, 1.0), ("모금", Count, 1.0),
    ("people", Count, 1.0), ("persons", Count, 1.0), ("units", Count, 1.0), ("items", Count, 1.0),
];
