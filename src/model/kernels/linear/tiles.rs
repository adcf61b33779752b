//! The product on x86, the same loops for every quantisation and every kind of vector.
//!
//! Few rows take the weights as they are packed, which are read from memory anyway; many rows unpack a span of them into the
//! first cache and pass over that. Whole numbers are exact in any order, and what is floating point is added block by
//! block as in the scalar reference: all ways give the same bits.

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::ops::Range;

use super::formats::{FORMATS, FormatRow, Levels, TABLE};
use super::pack::{GROUP, GROUP_BYTES, GROUPS, LAYOUTS, Layout, Matrix, PART};
use super::vectors::{Avx2, Avx512, AvxVnni, Vector};
use super::{Activations, Columns, TILE};
use crate::model::kernels::Level;

/// Rows that pass over weights together: the registers hold their sums beside the weights.
const ROWS: usize = 4;
/// So many rows take the weights as they are packed, [`ROWS`] at a time.
const FEW_ROWS: usize = 8;
/// Tiles beside each other that share the activations once they are in a register.
const TILES: usize = 2;
/// Inputs that are unpacked at a time.
const SPAN: usize = 256;

/// Needs the level's instructions, and a level above the scalar one.
pub(super) fn multiply(
    level: Level,
    activations: &Activations,
    rows: Range<usize>,
    matrix: &Matrix,
    tiles: Range<usize>,
    to: Columns,
) {
    let task = Task {
        activations,
        rows,
        matrix,
        tiles,
        to,
    };
    // SAFETY: the level that led here has these instructions.
    unsafe {
        match level {
            Level::Avx512Vnni => task.run::<Avx512Loops>(),
            Level::AvxVnni => task.run::<AvxVnniLoops>(),
            _ => task.run::<Avx2Loops>(),
        }
    }
}

/// Rows that pass over tiles.
struct Task<'a> {
    activations: &'a Activations,
    rows: Range<usize>,
    matrix: &'a Matrix,
    tiles: Range<usize>,
    to: Columns,
}

/// A span of a tile with a byte for each weight: (parts, 8 groups, 16 outputs, 4 inputs).
#[repr(align(64))]
struct Unpacked([u8; SPAN * TILE]);

/// Sums of a row, of the outputs of `C` tiles.
type Sums<const C: usize> = [[f32; TILE]; C];

/// Unpacks a span of a tile's blocks.
type Unpack = unsafe fn(&[u8], &mut Unpacked);

/// The loops, compiled for the instructions of one kind of vector. `ROW` is a row of [`FORMATS`], `R` a number of rows, `C` of tiles.
///
/// # Safety
///
/// Methods need those instructions.
trait Loops {
    /// `R` rows from `row` on, over a tile as it is packed.
    unsafe fn few<const ROW: usize, const R: usize>(task: &Task, tile: usize, row: usize);
    /// Unpacks blocks of a tile.
    unsafe fn unpack<const ROW: usize>(blocks: &[u8], to: &mut Unpacked);
    /// `R` rows from `row` on, over the blocks of a span that are unpacked, of formats that are summed as `ROW` is.
    unsafe fn pass<const ROW: usize, const R: usize, const C: usize>(
        task: &Task,
        span: &TileSpan<C>,
        row: usize,
        sums: &mut [Sums<C>],
    );
}

/// A span of `C` tiles.
struct TileSpan<'a, const C: usize> {
    unpacked: &'a [Unpacked; C],
    /// The same blocks as they are packed.
    packed: [&'a [u8]; C],
    /// Number of the first among those of a row.
    first: usize,
}

macro_rules! loops {
    ($name:ident, $vector:ty, $features:literal) => {
        struct $name;

        impl Loops for $name {
            #[target_feature(enable = $features)]
            unsafe fn few<const ROW: usize, const R: usize>(task: &Task, tile: usize, row: usize) {
                unsafe { few::<$vector, ROW, R>(task, tile, row) }
            }

            #[target_feature(enable = $features)]
            unsafe fn unpack<const ROW: usize>(blocks: &[u8], to: &mut Unpacked) {
                unsafe { unpack::<$vector, ROW>(blocks, to) }
            }

            #[target_feature(enable = $features)]
            unsafe fn pass<const ROW: usize, const R: usize, const C: usize>(
                task: &Task,
                span: &TileSpan<C>,
                row: usize,
                sums: &mut [Sums<C>],
            ) {
                unsafe { pass::<$vector, ROW, R, C>(task, span, row, sums) }
            }
        }
    };
}

loops!(Avx2Loops, Avx2, "avx2,fma,f16c");
loops!(AvxVnniLoops, AvxVnni, "avx2,fma,f16c,avxvnni");
loops!(
    Avx512Loops,
    Avx512,
    "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"
);

/// Calls a function for the row of a format.
macro_rules! by_row {
    ($format:expr, $row:ident => $call:expr) => {
        by_row!($format, $row => $call, 0 1 2 3 4 5 6 7 8 9 10)
    };
    ($format:expr, $row:ident => $call:expr, $($index:literal)*) => {
        match $format as usize {
            $($index => { const $row: usize = $index; $call })*
            _ => { const $row: usize = FORMATS.len() - 1; $call }
        }
    };
}

/// Calls a function for the first row that is summed alike: as many scales, and for AVX2 as many results in 16 bits.
macro_rules! by_sums {
    ($format:expr, $row:ident => $call:expr) => {{
        by_row!($format, GIVEN => { const $row: usize = summed_as(GIVEN); $call })
    }};
}

/// Returns the first row that is summed as a row is.
const fn summed_as(row: usize) -> usize {
    let mut first = 0;
    while FORMATS[first].subs != FORMATS[row].subs
        || FORMATS[first].results != FORMATS[row].results
        || FORMATS[first].signed() != FORMATS[row].signed()
    {
        first += 1;
    }
    first
}

impl Task<'_> {
    /// # Safety
    ///
    /// As for [`Loops`].
    unsafe fn run<L: Loops>(&self) {
        let format = self.matrix.format;
        if self.rows.len() <= FEW_ROWS {
            for tile in self.tiles.clone() {
                let mut row = self.rows.start;
                while row < self.rows.end {
                    // SAFETY: as the caller says.
                    row += by_row!(format, ROW => unsafe { self.few::<L, ROW>(tile, row) });
                }
            }
            return;
        }
        let pairs = self.tiles.len() / TILES * TILES;
        let (paired, rest) = (
            self.tiles.start..self.tiles.start + pairs,
            self.tiles.start + pairs..self.tiles.end,
        );
        let unpack: Unpack = by_row!(format, ROW => L::unpack::<ROW>);
        // SAFETY: as the caller says.
        by_sums!(format, ROW => unsafe {
            self.many::<L, ROW, TILES>(paired, unpack);
            self.many::<L, ROW, 1>(rest, unpack);
        });
    }

    /// Returns the number of rows done.
    unsafe fn few<L: Loops, const ROW: usize>(&self, tile: usize, row: usize) -> usize {
        // SAFETY: as the caller says.
        unsafe {
            match self.rows.end - row {
                1 => {
                    L::few::<ROW, 1>(self, tile, row);
                    1
                }
                2 | 3 => {
                    L::few::<ROW, 2>(self, tile, row);
                    2
                }
                _ => {
                    L::few::<ROW, ROWS>(self, tile, row);
                    ROWS
                }
            }
        }
    }

    /// Any number of rows over tiles, `C` at a time.
    unsafe fn many<L: Loops, const ROW: usize, const C: usize>(
        &self,
        tiles: Range<usize>,
        unpack: Unpack,
    ) {
        let mut sums = vec![[[0.0; TILE]; C]; self.rows.len()];
        let mut unpacked = [const { Unpacked([0; SPAN * TILE]) }; C];
        let span_blocks = SPAN / self.matrix.format.block();
        let blocks = self.matrix.blocks();
        for tile in tiles.step_by(C) {
            sums.fill([[0.0; TILE]; C]);
            for first in (0..blocks).step_by(span_blocks) {
                let count = span_blocks.min(blocks - first);
                let mut packed: [&[u8]; C] = [&[]; C];
                for c in 0..C {
                    packed[c] = self.blocks(tile + c, first, count);
                    // SAFETY: as the caller says.
                    unsafe { unpack(packed[c], &mut unpacked[c]) };
                }
                self.prefetch(tile..tile + C, first + count, span_blocks);
                let span = TileSpan {
                    unpacked: &unpacked,
                    packed,
                    first,
                };
                // SAFETY: as the caller says.
                unsafe { self.rows_over::<L, ROW, C>(&span, &mut sums) };
            }
            for (row, sums) in self.rows.clone().zip(&sums) {
                for (c, sums) in sums.iter().enumerate() {
                    self.to.write(row, tile + c, sums);
                }
            }
        }
    }

    /// All rows over a span.
    unsafe fn rows_over<L: Loops, const ROW: usize, const C: usize>(
        &self,
        span: &TileSpan<C>,
        sums: &mut [Sums<C>],
    ) {
        let mut done = 0;
        while done < sums.len() {
            let (row, sums) = (self.rows.start + done, &mut sums[done..]);
            // SAFETY: as the caller says.
            unsafe {
                done += match sums.len() {
                    1 => {
                        L::pass::<ROW, 1, C>(self, span, row, sums);
                        1
                    }
                    2 | 3 => {
                        L::pass::<ROW, 2, C>(self, span, row, sums);
                        2
                    }
                    _ => {
                        L::pass::<ROW, ROWS, C>(self, span, row, sums);
                        ROWS
                    }
                }
            }
        }
    }

    fn blocks(&self, tile: usize, first: usize, count: usize) -> &[u8] {
        let bytes = self.matrix.format.layout().tile;
        &self.matrix.tile(tile)[first * bytes..][..count * bytes]
    }

    /// Asks for what is unpacked next while this is multiplied: otherwise the two take turns.
    fn prefetch(&self, tiles: Range<usize>, first: usize, count: usize) {
        let (tiles, first) = match first < self.matrix.blocks() {
            true => (tiles, first),
            false => (tiles.end..tiles.end + tiles.len(), 0),
        };
        let count = count.min(self.matrix.blocks() - first);
        for tile in tiles.start..tiles.end.min(self.tiles.end) {
            for line in self.blocks(tile, first, count).chunks(64) {
                // SAFETY: every x86 of 64 bits has this; an address is not read.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
            }
        }
    }

    /// Returns the rows' activations from that input on.
    #[inline(always)]
    fn values<const R: usize>(&self, row: usize, start: usize) -> [*const i8; R] {
        let mut values = [std::ptr::null(); R];
        for (r, values) in values.iter_mut().enumerate() {
            *values = self.activations.values(row + r)[start..].as_ptr();
        }
        values
    }
}

#[inline(always)]
unsafe fn few<V: Vector, const ROW: usize, const R: usize>(task: &Task, tile: usize, row: usize) {
    let (format, layout) = const { (&FORMATS[ROW], &LAYOUTS[ROW]) };
    unsafe {
        let mut sums = [V::splat_float(0.0); R];
        let blocks = task.matrix.tile(tile).chunks_exact(layout.tile);
        for (index, block) in blocks.enumerate() {
            let values = task.values::<R>(row, index * format.block);
            let scales = [block.as_ptr().add(layout.scales)];
            let whole = products::<V, Packed<ROW>, R, 1>([block.as_ptr()], scales, &values);
            for r in 0..R {
                let part = finish::<V>(format, layout, block, whole[r][0], task, row + r, index);
                let scale = V::splat_float(task.activations.scales(row + r)[index]);
                sums[r] = V::multiply_add(scale, part, sums[r]);
            }
        }
        for (r, sums) in sums.into_iter().enumerate() {
            let mut values = [0.0; TILE];
            V::store_floats(sums, values.as_mut_ptr());
            task.to.write(row + r, tile, &values);
        }
    }
}

#[inline(always)]
unsafe fn unpack<V: Vector, const ROW: usize>(blocks: &[u8], to: &mut Unpacked) {
    let (format, layout) = const { (&FORMATS[ROW], &LAYOUTS[ROW]) };
    let parts = format.block / PART;
    for (index, block) in blocks.chunks_exact(layout.tile).enumerate() {
        for part in 0..parts {
            let to = &mut to.0[(index * parts + part) * PART * TILE..][..PART * TILE];
            let from = &block[part * layout.part..][..layout.part];
            // SAFETY: a part has eight groups, packed and unpacked.
            unsafe {
                unpack_group::<V, ROW, 0>(from, to);
                unpack_group::<V, ROW, 1>(from, to);
                unpack_group::<V, ROW, 2>(from, to);
                unpack_group::<V, ROW, 3>(from, to);
                unpack_group::<V, ROW, 4>(from, to);
                unpack_group::<V, ROW, 5>(from, to);
                unpack_group::<V, ROW, 6>(from, to);
                unpack_group::<V, ROW, 7>(from, to);
            }
        }
    }
}

#[inline(always)]
unsafe fn unpack_group<V: Vector, const ROW: usize, const G: usize>(from: &[u8], to: &mut [u8]) {
    unsafe {
        weights::<V, ROW, G>(from.as_ptr()).store(to.as_mut_ptr().add(G * GROUP_BYTES));
    }
}

#[inline(always)]
unsafe fn pass<V: Vector, const ROW: usize, const R: usize, const C: usize>(
    task: &Task,
    span: &TileSpan<C>,
    row: usize,
    sums: &mut [Sums<C>],
) {
    let (format, layout) = (task.matrix.format.row(), task.matrix.format.layout());
    unsafe {
        let mut added = [[V::splat_float(0.0); C]; R];
        for r in 0..R {
            for c in 0..C {
                added[r][c] = V::load_floats(sums[r][c].as_ptr());
            }
        }
        for index in 0..span.packed[0].len() / layout.tile {
            let values = task.values::<R>(row, (span.first + index) * format.block);
            let mut weights = [std::ptr::null(); C];
            let mut scales = [std::ptr::null(); C];
            for c in 0..C {
                weights[c] = span.unpacked[c].0[index * format.block * TILE..].as_ptr();
                scales[c] = span.packed[c][index * layout.tile + layout.scales..].as_ptr();
            }
            let whole = products::<V, Bytes<ROW>, R, C>(weights, scales, &values);
            for r in 0..R {
                let scale = task.activations.scales(row + r)[span.first + index];
                let scale = V::splat_float(scale);
                for c in 0..C {
                    let block = &span.packed[c][index * layout.tile..][..layout.tile];
                    let (row, index) = (row + r, span.first + index);
                    let part = finish::<V>(format, layout, block, whole[r][c], task, row, index);
                    added[r][c] = V::multiply_add(scale, part, added[r][c]);
                }
            }
        }
        for r in 0..R {
            for c in 0..C {
                V::store_floats(added[r][c], sums[r][c].as_mut_ptr());
            }
        }
    }
}

/// Where weights come from, and how their products are summed.
///
/// # Safety
///
/// `weights` wants a part of the source.
trait TileSource {
    const FORMAT: FormatRow;
    /// Bytes of a part.
    const PART_BYTES: usize;

    /// Returns the weights of a group.
    unsafe fn weights<V: Vector, const G: usize>(part: *const u8) -> V;
}

/// Weights as they are packed.
struct Packed<const ROW: usize>;
/// A byte for each weight, of formats that are summed as that row.
struct Bytes<const ROW: usize>;

impl<const ROW: usize> TileSource for Packed<ROW> {
    const FORMAT: FormatRow = FORMATS[ROW];
    const PART_BYTES: usize = LAYOUTS[ROW].part;

    #[inline(always)]
    unsafe fn weights<V: Vector, const G: usize>(part: *const u8) -> V {
        unsafe { weights::<V, ROW, G>(part) }
    }
}

impl<const ROW: usize> TileSource for Bytes<ROW> {
    const FORMAT: FormatRow = FORMATS[ROW];
    const PART_BYTES: usize = PART * TILE;

    #[inline(always)]
    unsafe fn weights<V: Vector, const G: usize>(part: *const u8) -> V {
        unsafe { V::load(part.add(G * GROUP_BYTES)) }
    }
}

/// Returns the weights of a group of a packed part.
#[inline(always)]
unsafe fn weights<V: Vector, const ROW: usize, const G: usize>(part: *const u8) -> V {
    let format = const { &FORMATS[ROW] };
    let (low, high) = format.bits;
    unsafe {
        let first = plane::<V, G, 0>(part, low);
        let weights = match high {
            0 => first,
            _ => {
                let second = part.add(const { LAYOUTS[ROW].high });
                match low {
                    2 => first.or(plane::<V, G, 2>(second, high)),
                    _ => first.or(plane::<V, G, 4>(second, high)),
                }
            }
        };
        match format.levels {
            Levels::From(_) => weights,
            Levels::Signed => weights.signed(),
            Levels::Table => weights.look_up(&TABLE).signed(),
        }
    }
}

/// Returns the bits of a group in a plane, at bit `AT` of the bytes.
#[inline(always)]
unsafe fn plane<V: Vector, const G: usize, const AT: i32>(plane: *const u8, bits: usize) -> V {
    unsafe {
        match bits {
            8 => V::load(plane.add(G * GROUP_BYTES)),
            4 => {
                let held = V::load(plane.add(G / 2 * GROUP_BYTES));
                match G % 2 {
                    0 => held.and(15),
                    _ => held.shift::<-4>().and(15),
                }
            }
            2 => {
                let held = V::load(plane.add(G / 4 * GROUP_BYTES));
                let at = match AT - 2 * (G % 4) as i32 {
                    4 => held.shift::<4>(),
                    2 => held.shift::<2>(),
                    0 => held,
                    -2 => held.shift::<-2>(),
                    -4 => held.shift::<-4>(),
                    _ => held.shift::<-6>(),
                };
                at.and(3 << AT)
            }
            _ => {
                let held = V::load(plane);
                let at = match AT - G as i32 {
                    4 => held.shift::<4>(),
                    3 => held.shift::<3>(),
                    2 => held.shift::<2>(),
                    1 => held.shift::<1>(),
                    0 => held,
                    -1 => held.shift::<-1>(),
                    -2 => held.shift::<-2>(),
                    -3 => held.shift::<-3>(),
                    -4 => held.shift::<-4>(),
                    _ => held.shift::<-5>(),
                };
                at.and(1 << AT)
            }
        }
    }
}

/// Sums of a block's weights times the activations times the integer scales, of `R` rows and `C` tiles.
#[inline(always)]
unsafe fn products<V: Vector, S: TileSource, const R: usize, const C: usize>(
    weights: [*const u8; C],
    scales: [*const u8; C],
    values: &[*const i8; R],
) -> [[V; C]; R] {
    unsafe {
        let mut whole = [[V::zero(); C]; R];
        if const { S::FORMAT.subs == 0 } {
            part::<V, S, R, C>(weights, 0, values, [None; C], &mut whole);
            return whole;
        }
        let parts = const { S::FORMAT.block / PART };
        let mut pairs = [V::zero(); C];
        for index in 0..parts {
            let mut scaled = [None; C];
            for c in 0..C {
                if const { S::FORMAT.subs == 16 } {
                    pairs[c] = V::pairs(scales[c].add(index * 2 * TILE));
                    scaled[c] = Some([pairs[c].even(), pairs[c].odd()]);
                } else if index % 2 == 0 {
                    pairs[c] = V::pairs(scales[c].add(index * TILE));
                    scaled[c] = Some([pairs[c].even(); 2]);
                } else {
                    scaled[c] = Some([pairs[c].odd(); 2]);
                }
            }
            part::<V, S, R, C>(weights, index, values, scaled, &mut whole);
        }
        whole
    }
}

/// Adds what a part gives; `scales` are those of its two halves.
#[inline(always)]
unsafe fn part<V: Vector, S: TileSource, const R: usize, const C: usize>(
    weights: [*const u8; C],
    index: usize,
    values: &[*const i8; R],
    scales: [Option<[V; 2]>; C],
    whole: &mut [[V; C]; R],
) {
    unsafe {
        let mut sums = [[V::zero(); C]; R];
        let mut step = TileStep::<V, S, R, C> {
            weights,
            index,
            values,
            scales,
            source: std::marker::PhantomData,
        };
        step.group::<0>(&mut sums, whole);
        step.group::<1>(&mut sums, whole);
        step.group::<2>(&mut sums, whole);
        step.group::<3>(&mut sums, whole);
        step.group::<4>(&mut sums, whole);
        step.group::<5>(&mut sums, whole);
        step.group::<6>(&mut sums, whole);
        step.group::<7>(&mut sums, whole);
    }
}

/// A part's operands.
struct TileStep<'a, V, S, const R: usize, const C: usize> {
    weights: [*const u8; C],
    index: usize,
    values: &'a [*const i8; R],
    scales: [Option<[V; 2]>; C],
    source: std::marker::PhantomData<S>,
}

impl<V: Vector, S: TileSource, const R: usize, const C: usize> TileStep<'_, V, S, R, C> {
    /// Adds a group's products to `sums`, and these to `whole` where a scale ends or 16 bits would overflow.
    #[inline(always)]
    unsafe fn group<const G: usize>(&mut self, sums: &mut [[V; C]; R], whole: &mut [[V; C]; R]) {
        unsafe {
            let mut weights = [V::zero(); C];
            for (weights, part) in weights.iter_mut().zip(self.weights) {
                *weights = S::weights::<V, G>(part.add(self.index * S::PART_BYTES));
            }
            for (sums, values) in sums.iter_mut().zip(self.values) {
                let four = V::four(values.add(self.index * PART + G * GROUP));
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = match const { S::FORMAT.signed() } {
                        true => sum.dot::<true>(weights, four),
                        false => sum.dot::<false>(weights, four),
                    };
                }
            }
            if !ends::<V, S>(G) {
                return;
            }
            for c in 0..C {
                for r in 0..R {
                    let widened = match &self.scales[c] {
                        Some(scales) => sums[r][c].scaled(scales[G / (GROUPS / 2)]),
                        None => sums[r][c].widened(),
                    };
                    whole[r][c] = whole[r][c].add(widened);
                    sums[r][c] = V::zero();
                }
            }
        }
    }
}

/// Returns whether sums go no further than a group.
#[inline(always)]
fn ends<V: Vector, S: TileSource>(group: usize) -> bool {
    let format = const { S::FORMAT };
    match V::WIDE {
        true => group + 1 == GROUPS || (format.subs == 16 && group + 1 == GROUPS / 2),
        false => (group + 1).is_multiple_of(format.results),
    }
}

/// Returns a block's sum times its factor, less what offsets and minimums add.
#[inline(always)]
unsafe fn finish<V: Vector>(
    format: &FormatRow,
    layout: &Layout,
    block: &[u8],
    mut whole: V,
    task: &Task,
    row: usize,
    index: usize,
) -> V::Floats {
    debug_assert!(block.len() == layout.tile);
    // `signed` has moved the weights by 128 where products are of unsigned bytes.
    let offset = match format.signed() && V::WIDE {
        true => 128,
        false => format.offset(),
    };
    let count = format.block / format.sub();
    let sums = match format.subs {
        16 => task.activations.sums(row),
        _ => task.activations.pair_sums(row),
    };
    let sums = &sums[index * count..][..count];
    unsafe {
        let block = block.as_ptr();
        if format.subs == 0 {
            let sum = i32::from(sums[0]);
            if offset != 0 {
                whole = whole.less(V::splat(sum), offset);
            }
            let scaled = V::multiply(V::halves(block.add(layout.d)), whole.floats());
            if !format.mins {
                return scaled;
            }
            let mins = V::splat_float(sum as f32);
            return V::less_product(V::halves(block.add(layout.dmin)), mins, scaled);
        }
        if offset != 0 {
            whole = whole.less(pair_sums::<V>(block.add(layout.scales), sums), offset);
        }
        let scaled = V::multiply(V::halves(block.add(layout.d)), whole.floats());
        if !format.mins {
            return scaled;
        }
        let mins = pair_sums::<V>(block.add(layout.mins), sums).floats();
        V::less_product(V::halves(block.add(layout.dmin)), mins, scaled)
    }
}

/// Sums of the integers of a block's subs times the sums of their activations.
#[inline(always)]
unsafe fn pair_sums<V: Vector>(integers: *const u8, sums: &[i16]) -> V {
    unsafe {
        let mut total = V::zero();
        for pair in 0..sums.len() / 2 {
            let integers = V::pairs(integers.add(pair * 2 * TILE));
            total = total.add(integers.pair_products(sums.as_ptr().add(2 * pair)));
        }
        total
    }
}
