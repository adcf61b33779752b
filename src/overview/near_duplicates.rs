//! Near-duplicates: articles that are the same text, told apart from articles about the same event.
//!
//! In:  sketches in plan order. Out: for each row the row that speaks for its group, itself where it stands alone. The
//! sketches, and the lists of who has which hash, stand in a scratch file: both together weigh more than all else that is kept.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use super::GramSketch;
use super::nearest::Met;

/// Share of the shorter text's grams that must stand in the longer. On reprinted news true pairs reach .75, others stay
/// below .56.
const CONTAINED: f32 = 0.75;
/// Ten rare grams of which each stands in two hundred other articles fit, and of a true twin's nearly all ten are shared.
const BUDGET: usize = 2_048;

/// A file, or what stands for one, that nobody else looks at.
pub trait Scratch: Read + Write + Seek {}

impl<T: Read + Write + Seek> Scratch for T {}

/// For each row the index of the first row of its group. The sketches stand in `scratch`, `count` of them.
///
/// An article joins the group of the first article it is contained in, or contains; so an article that reprints two
/// others whole joins the one it shares more with, and the other stays alone, unless it came before them.
pub fn groups(scratch: &mut dyn Scratch, count: usize) -> io::Result<Vec<u32>> {
    let mut sketches = Sketches::index(scratch, count)?;
    let mut met = Met::among(BUDGET, count);
    let mut groups: Vec<u32> = Vec::with_capacity(count);
    let mut lists: Vec<Vec<u32>> = Vec::new();
    for number in 0..count {
        let sketch = sketches.sketch(number)?;
        lists.resize_with(lists.len().max(sketch.hashes().len()), Vec::new);
        for (hash, list) in sketch.hashes().iter().zip(&mut lists) {
            list.clear();
            sketches.having(*hash, number as u32, list)?;
            list.retain(|&earlier| groups[earlier as usize] == earlier);
        }
        let met_by = lists[..sketch.hashes().len()].iter().map(Vec::as_slice);
        let mut twin = number as u32;
        for speaker in met.most(met_by.filter(|list| !list.is_empty()).collect()) {
            if same_text(&sketches.sketch(speaker)?, &sketch) {
                twin = speaker as u32;
                break;
            }
        }
        groups.push(twin);
    }
    Ok(groups)
}

/// Pairs of hash and row sorted in memory at a time, where a file of them is not so large that it would take forever.
const SORTED: usize = 1 << 15;
/// So often the sketches are gone through for that, at most.
const MOST_PASSES: usize = 64;
/// Pairs between two fences.
const FENCED: usize = 128;
/// Pairs read behind one fence: past this, hashes are so common that they tell nothing.
const MOST_READ: usize = 8_192;
/// Bytes of a pair: the hash, then the row.
const PAIR: usize = 8;

/// The sketches, and behind them who has which hash: pairs in ascending order.
struct Sketches<'a> {
    scratch: &'a mut dyn Scratch,
    /// Where the pairs begin.
    start: u64,
    /// Says how many pairs there are whose hash has leading bits below these; hashes are as random in front as behind.
    fences: Vec<u32>,
    /// Says how many bits of a hash are not leading ones.
    shift: u32,
    buffer: Vec<u8>,
}

impl<'a> Sketches<'a> {
    /// Sorts the hashes of all sketches, one range of hashes after the other.
    fn index(scratch: &'a mut dyn Scratch, count: usize) -> io::Result<Sketches<'a>> {
        let mut pairs = 0;
        each(scratch, count, |_, sketch| pairs += sketch.hashes().len())?;
        let passes = (pairs / SORTED + 1).min(MOST_PASSES) as u64;
        let bits = (pairs / FENCED + 1).ilog2().max(1);
        let start = (count * GramSketch::BYTES) as u64;
        let shift = u32::BITS - bits;
        let mut fences = vec![0; (1 << bits) + 1];
        let mut end = start;
        let mut sorted: Vec<(u32, u32)> = Vec::new();
        for pass in 0..passes {
            sorted.clear();
            each(scratch, count, |number, sketch| {
                let mine = |hash: &&u32| (u64::from(**hash) * passes) >> u32::BITS == pass;
                let hashes = sketch.hashes().iter().filter(mine);
                sorted.extend(hashes.map(|hash| (*hash, number)));
            })?;
            sorted.sort_unstable();
            scratch.seek(SeekFrom::Start(end))?;
            let mut out = BufWriter::new(&mut *scratch);
            for (hash, number) in &sorted {
                fences[(hash >> shift) as usize + 1] += 1;
                out.write_all(&hash.to_le_bytes())?;
                out.write_all(&number.to_le_bytes())?;
            }
            out.flush()?;
            end += (sorted.len() * PAIR) as u64;
        }
        for at in 1..fences.len() {
            fences[at] += fences[at - 1];
        }
        Ok(Sketches {
            scratch,
            start,
            fences,
            shift,
            buffer: Vec::new(),
        })
    }

    /// Returns the sketch of a row.
    fn sketch(&mut self, number: usize) -> io::Result<GramSketch> {
        let mut bytes = [0; GramSketch::BYTES];
        let at = (number * GramSketch::BYTES) as u64;
        self.scratch.seek(SeekFrom::Start(at))?;
        self.scratch.read_exact(&mut bytes)?;
        Ok(GramSketch::read(&bytes))
    }

    /// Returns the rows before `number` that have a hash, ascending.
    fn having(&mut self, hash: u32, number: u32, rows: &mut Vec<u32>) -> io::Result<()> {
        let fence = (hash >> self.shift) as usize;
        let (from, to) = (self.fences[fence] as usize, self.fences[fence + 1] as usize);
        self.buffer.resize((to - from).min(MOST_READ) * PAIR, 0);
        let at = self.start + (from * PAIR) as u64;
        self.scratch.seek(SeekFrom::Start(at))?;
        self.scratch.read_exact(&mut self.buffer)?;
        let (numbers, _) = self.buffer.as_chunks::<4>();
        let (pairs, _) = numbers.as_chunks::<2>();
        let wanted = hash.to_le_bytes();
        let first = pairs.partition_point(|pair| u32::from_le_bytes(pair[0]) < hash);
        let pairs = pairs[first..].iter().take_while(|pair| pair[0] == wanted);
        let having = pairs.map(|pair| u32::from_le_bytes(pair[1]));
        rows.extend(having.take_while(|row| *row < number));
        Ok(())
    }
}

/// Goes through the sketches in their order.
fn each(
    scratch: &mut dyn Scratch,
    count: usize,
    mut take: impl FnMut(u32, &GramSketch),
) -> io::Result<()> {
    scratch.seek(SeekFrom::Start(0))?;
    let mut sketches = BufReader::with_capacity(64 << 10, scratch);
    let mut bytes = [0; GramSketch::BYTES];
    for number in 0..count {
        sketches.read_exact(&mut bytes)?;
        take(number as u32, &GramSketch::read(&bytes));
    }
    Ok(())
}

fn same_text(a: &GramSketch, b: &GramSketch) -> bool {
    a.containment(b).is_some_and(|share| share >= CONTAINED)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn groups(texts: &[String]) -> Vec<u32> {
        let mut scratch = Cursor::new(Vec::new());
        for text in texts {
            let sketch = GramSketch::of([text.as_str()]);
            sketch.write(&mut scratch).expect("memory");
        }
        super::groups(&mut scratch, texts.len()).expect("memory")
    }

    /// An article of sentences `from..to` of an endless text.
    fn text(from: usize, to: usize) -> String {
        let word = |n: usize| format!("{:x} ", n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24);
        (10 * from..10 * to).map(word).collect()
    }

    fn check(texts: &[String], expected: &[u32]) {
        assert_eq!(groups(texts), expected);
    }

    #[test]
    fn a_reprint_cut_short_or_carried_on_is_a_twin() {
        check(
            &[
                text(0, 20),
                text(50, 70),
                text(0, 10),
                text(48, 75),
                text(100, 120),
            ],
            &[0, 1, 0, 1, 4],
        );
    }

    #[test]
    fn articles_that_share_a_third_are_not() {
        check(&[text(0, 30), text(20, 50), text(40, 70)], &[0, 1, 2]);
    }

    #[test]
    fn twins_are_found_among_thousands_built_of_the_same_sentences() {
        // Articles of five out of a hundred paragraphs: every gram stands in a twentieth of them.
        let mut texts: Vec<String> = (0..3_000)
            .map(|n: usize| {
                let place = |k: usize| (n * 31 + k * k * (n / 100 + 7)) % 100;
                (0..5)
                    .map(|k| text(3 * place(k), 3 * place(k) + 3))
                    .collect()
            })
            .collect();
        texts.truncate(2_000);
        let alone: Vec<String> = (0..50)
            .map(|n| text(1_000 + 20 * n, 1_010 + 20 * n))
            .collect();
        texts.extend(alone.clone());
        texts.extend(alone);
        let expected: Vec<u32> = (2_000..2_050).collect();
        assert_eq!(groups(&texts)[2_050..], expected);
    }

    /// One after the other and without an index.
    fn slowly(texts: &[String]) -> Vec<u32> {
        let sketches: Vec<GramSketch> = texts
            .iter()
            .map(|text| GramSketch::of([text.as_str()]))
            .collect();
        let mut groups: Vec<u32> = Vec::new();
        for (number, sketch) in sketches.iter().enumerate() {
            let mut speakers = (0..number).filter(|&n| groups[n] as usize == n);
            let twin = speakers.find(|&n| same_text(&sketches[n], sketch));
            groups.push(twin.unwrap_or(number) as u32);
        }
        groups
    }

    #[test]
    fn the_index_finds_what_a_look_at_all_pairs_finds() {
        // Prefixes, halves and whole copies of three hundred texts, enough hashes for several passes.
        let texts: Vec<String> = (0..1_200)
            .map(|n| {
                let (of, way) = (n * 7 % 300, n / 300);
                let from = 100 * of;
                match way {
                    0 => text(from, from + 20),
                    1 => text(from, from + 10),
                    2 => text(from + 5, from + 40),
                    _ => text(from, from + 18) + &text(100_000 + 10 * n, 100_004 + 10 * n),
                }
            })
            .collect();
        assert_eq!(groups(&texts), slowly(&texts));
    }

    #[test]
    fn nothing_groups_what_has_no_text() {
        check(&[String::new(), String::new(), "a b".into()], &[0, 1, 2]);
    }
}
