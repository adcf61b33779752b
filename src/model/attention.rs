//! Attention of a step's rows to their sequences, on the CPU or on a GPU.
//!
//! In:  queries, keys and values of the new tokens, rotated; the sequences. Out: what each query gathered. The keys and
//! values are appended first, so that a row sees the rows before it like any older token.

use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;

use super::kernels::{self, CacheCell, LANES, Level};
use super::kv_cache::{CacheRun, Host, Sequence};

/// The widths attention needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeadCounts {
    pub query: usize,
    pub kv: usize,
    pub dim: usize,
    /// Positions a row sees at most, its own the last.
    pub window: Option<usize>,
}

/// Rows of a group at most: their scores at 2,048 positions then fit the second cache.
const GROUP_ROWS: usize = 16;

/// One row of a step: where its query stands and which positions it may see, from the first to before the last.
#[derive(Debug, Clone, Copy)]
struct QueryRow {
    segment: usize,
    index: usize,
    first: usize,
    sees: usize,
}

/// On the CPU. `queries` is (rows, heads, dim), `keys` and `values` (rows, kv_heads, dim); `counts` are each sequence's
/// rows. Returns (rows, heads, dim).
pub(super) fn on_host(
    layer: usize,
    heads: HeadCounts,
    (queries, keys, values): (&[f32], &[f32], &[f32]),
    sequences: &mut [&mut Sequence],
    counts: &[usize],
) -> Vec<f32> {
    let width = heads.kv * heads.dim;
    let mut start = 0;
    for (sequence, count) in sequences.iter_mut().zip(counts) {
        let rows = start * width..(start + count) * width;
        match sequence.tail_mut() {
            CacheRun::Half(host) => host.append(layer, &keys[rows.clone()], &values[rows]),
            CacheRun::Full(host) => host.append(layer, &keys[rows.clone()], &values[rows]),
            CacheRun::Device(_) => unreachable!("a decoder makes sequences of one kind"),
        }
        start += count;
    }
    match sequences.first().map(|sequence| sequence.runs().next()) {
        Some(Some((CacheRun::Full(_), _))) => {
            gather(layer, heads, queries, sequences, counts, |run| match run {
                CacheRun::Full(host) => host,
                _ => unreachable!("a decoder makes sequences of one kind"),
            })
        }
        _ => gather(layer, heads, queries, sequences, counts, |run| match run {
            CacheRun::Half(host) => host,
            _ => unreachable!("a decoder makes sequences of one kind"),
        }),
    }
}

/// A run's host and how many of its positions count.
type View<'a, C> = (&'a Host<C>, usize);

fn gather<C: CacheCell>(
    layer: usize,
    heads: HeadCounts,
    queries: &[f32],
    sequences: &[&mut Sequence],
    counts: &[usize],
    host: impl Fn(&CacheRun) -> &Host<C>,
) -> Vec<f32> {
    let views: Vec<Vec<View<C>>> = sequences
        .iter()
        .map(|sequence| views(layer, sequence, &host))
        .collect();
    let groups = groups(&views, counts, heads.window);
    let tasks: Vec<(usize, &[QueryRow])> = groups
        .iter()
        .flat_map(|group| (0..heads.kv).map(move |head| (head, &group[..])))
        .collect();
    let parts: Vec<Vec<f32>> = tasks
        .par_iter()
        .map_init(Vec::new, |scratch, (head, rows)| {
            gather_group(layer, heads, queries, &views, *head, rows, scratch)
        })
        .collect();

    let mut gathered = vec![0.0; queries.len()];
    let share = heads.query / heads.kv * heads.dim;
    for ((head, rows), part) in tasks.iter().zip(parts) {
        for (row, part) in rows.iter().zip(part.chunks_exact(share)) {
            let at = row.index * heads.query * heads.dim + head * share;
            gathered[at..at + share].copy_from_slice(part);
        }
    }
    gathered
}

fn views<'a, C: CacheCell>(
    layer: usize,
    sequence: &'a Sequence,
    host: &impl Fn(&CacheRun) -> &Host<C>,
) -> Vec<View<'a, C>> {
    // The tail's own length is its first layer's; what counts here is how far this layer has come.
    let mut views: Vec<View<C>> = sequence
        .runs()
        .map(|(run, length)| (host(run), length))
        .collect();
    if let Some((tail, length)) = views.last_mut() {
        *length = tail.layer_len(layer);
    }
    views
}

/// Rows that are worked on together: neighbours of one sequence, or of sequences with a common beginning, so that what
/// they share is read once.
fn groups<C>(
    views: &[Vec<View<C>>],
    counts: &[usize],
    window: Option<usize>,
) -> Vec<Vec<QueryRow>> {
    let mut groups: Vec<Vec<QueryRow>> = Vec::new();
    let mut index = 0;
    for (segment, (&count, runs)) in counts.iter().zip(views).enumerate() {
        let length: usize = runs.iter().map(|(_, length)| length).sum();
        for row in 0..count {
            let sees = length - count + row + 1;
            let row = QueryRow {
                segment,
                index,
                first: window.map_or(0, |window| sees.saturating_sub(window)),
                sees,
            };
            index += 1;
            match groups.last_mut() {
                Some(group) if group.len() < GROUP_ROWS && kin(&views[group[0].segment], runs) => {
                    group.push(row);
                }
                _ => groups.push(vec![row]),
            }
        }
    }
    groups
}

fn kin<C>(a: &[View<C>], b: &[View<C>]) -> bool {
    same_run(&a[0], &b[0])
}

fn same_run<C>(a: &View<C>, b: &View<C>) -> bool {
    std::ptr::eq(a.0, b.0) && a.1 == b.1
}

/// Returns what the rows' queries of one kv head gather: (rows, heads / kv_heads, dim).
fn gather_group<C: CacheCell>(
    layer: usize,
    heads: HeadCounts,
    queries: &[f32],
    views: &[Vec<View<C>>],
    head: usize,
    rows: &[QueryRow],
    weights: &mut Vec<f32>,
) -> Vec<f32> {
    let level = Level::of_this_machine();
    let dim = heads.dim;
    let per_row = heads.query / heads.kv;
    let scale = 1.0 / (dim as f32).sqrt();
    let scaled: Vec<f32> = rows
        .iter()
        .flat_map(|row| {
            &queries[(row.index * heads.query + head * per_row) * dim..][..per_row * dim]
        })
        .map(|value| value * scale)
        .collect();

    // Scores are written in whole tiles, which may reach past the last position seen.
    let longest = rows.iter().map(|row| row.sees).max().unwrap_or(0);
    let stride = longest.next_multiple_of(LANES) + LANES;
    weights.clear();
    weights.resize(rows.len() * per_row * stride, 0.0);

    for (span, offset, skipped, (host, length)) in common_runs(views, rows) {
        let (keys, _) = host.head(layer, head, length);
        let queries = &scaled[span.start * per_row * dim..span.end * per_row * dim];
        let weights = &mut weights[span.start * per_row * stride..];
        let (keys, offset) = (&keys[skipped * dim..], offset + skipped);
        kernels::scores(level, dim, queries, keys, weights, stride, offset);
    }
    for (row, weights) in rows.iter().zip(weights.chunks_exact_mut(per_row * stride)) {
        for weights in weights.chunks_exact_mut(stride) {
            kernels::softmax(level, &mut weights[row.first..row.sees]);
            weights[..row.first].fill(0.0);
            weights[row.sees..].fill(0.0);
        }
    }
    let mut sums = vec![0.0; rows.len() * per_row * dim];
    for (span, offset, skipped, (host, length)) in common_runs(views, rows) {
        let (_, values) = host.head(layer, head, length);
        let weights = &weights[span.start * per_row * stride..];
        let sums = &mut sums[span.start * per_row * dim..span.end * per_row * dim];
        let (values, offset) = (&values[skipped * dim..], offset + skipped);
        kernels::add_weighted(level, dim, weights, stride, offset, values, sums);
    }
    sums
}

/// A run that rows see: the span of rows, the position of the run's first token, how many of its positions no row of the
/// span sees any more (whole tiles), the run as far as the span sees it.
type SeenRun<'v, C> = (std::ops::Range<usize>, usize, usize, View<'v, C>);

/// Each run that the rows see, once for all neighbours that share it, in order of position.
fn common_runs<'a, 'v, C>(
    views: &'a [Vec<View<'v, C>>],
    rows: &'a [QueryRow],
) -> Vec<SeenRun<'v, C>> {
    let mut found: Vec<SeenRun<C>> = Vec::new();
    let deepest = rows.iter().map(|row| views[row.segment].len()).max();
    for depth in 0..deepest.unwrap_or(0) {
        let first_of_depth = found.len();
        for (index, row) in rows.iter().enumerate() {
            let runs = &views[row.segment];
            let Some(&run) = runs.get(depth) else {
                continue;
            };
            match found[first_of_depth..].last_mut() {
                Some((span, .., last)) if span.end == index && same_run(last, &run) => {
                    span.end += 1
                }
                _ => {
                    let offset = runs[..depth].iter().map(|(_, length)| length).sum();
                    found.push((index..index + 1, offset, 0, run));
                }
            }
        }
    }
    for (span, offset, skipped, (_, length)) in &mut found {
        let rows = &rows[span.clone()];
        let sees = rows.iter().map(|row| row.sees).max();
        *length = (*length).min(sees.unwrap_or(0).saturating_sub(*offset));
        let first = rows.iter().map(|row| row.first).min().unwrap_or(0);
        let unseen = first.saturating_sub(*offset).min(*length);
        *skipped = unseen / LANES * LANES;
    }
    found
}

/// On a GPU, a sequence at a time. Shapes as for [`on_host`], as tensors.
pub(super) fn on_device(
    layer: usize,
    heads: HeadCounts,
    (queries, keys, values): (&Tensor, &Tensor, &Tensor),
    sequences: &mut [&mut Sequence],
    counts: &[usize],
) -> candle_core::Result<Tensor> {
    let mut gathered = Vec::with_capacity(sequences.len());
    let mut start = 0;
    for (sequence, &count) in sequences.iter_mut().zip(counts) {
        if count == 0 {
            continue;
        }
        let rows = |tensor: &Tensor| {
            tensor
                .narrow(0, start, count)?
                .transpose(0, 1)?
                .contiguous()
        };
        let (keys, values) = (
            rows(keys)?.to_dtype(DType::F16)?,
            rows(values)?.to_dtype(DType::F16)?,
        );
        let CacheRun::Device(tail) = sequence.tail_mut() else {
            unreachable!("a decoder makes sequences of one kind")
        };
        tail.append(layer, keys, values)?;
        let (keys, values) = whole(layer, sequence)?; // (kv_heads, positions, dim)
        let positions = keys.dim(1)?;

        // The query heads of a kv head are its rows: (kv_heads, heads / kv_heads * count, dim).
        let per_kv = heads.query / heads.kv;
        let queries = (rows(queries)? * (1.0 / (heads.dim as f64).sqrt()))?;
        let queries = queries.reshape((heads.kv, per_kv * count, heads.dim))?;
        let scores = queries.matmul(&keys.transpose(1, 2)?)?;
        let scores = scores.reshape((heads.query, count, positions))?;
        let scores = match (count, heads.window) {
            (1, None) => scores,
            (_, window) => {
                scores.broadcast_add(&mask(count, positions, window, queries.device())?)?
            }
        };
        let weights = candle_nn::ops::softmax_last_dim(&scores)?;
        let sums = weights
            .reshape((heads.kv, per_kv * count, positions))?
            .matmul(&values)?
            .reshape((heads.query, count, heads.dim))?;
        gathered.push(sums.transpose(0, 1)?.contiguous()?);
        start += count;
    }
    Tensor::cat(&gathered, 0)
}

/// Returns a sequence's keys and values in one piece, F32.
fn whole(layer: usize, sequence: &Sequence) -> candle_core::Result<(Tensor, Tensor)> {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    let last = sequence.runs().count() - 1;
    for (index, (run, length)) in sequence.runs().enumerate() {
        let CacheRun::Device(run) = run else {
            unreachable!("a decoder makes sequences of one kind")
        };
        let length = if index == last { usize::MAX } else { length };
        if let Some((k, v)) = run.layer(layer, length)? {
            keys.push(k);
            values.push(v);
        }
    }
    let join = |parts: Vec<Tensor>| Tensor::cat(&parts, 1)?.to_dtype(DType::F32)?.contiguous();
    Ok((join(keys)?, join(values)?))
}

/// (count, positions): 0 where a row may look, minus infinity at what comes after it and what its window has left behind.
fn mask(
    count: usize,
    positions: usize,
    window: Option<usize>,
    device: &Device,
) -> candle_core::Result<Tensor> {
    let before = positions - count;
    let window = window.unwrap_or(positions);
    let cells: Vec<f32> = (0..count)
        .flat_map(|row| {
            (0..positions).map(move |p| {
                if p > before + row || p + window <= before + row {
                    f32::NEG_INFINITY
                } else {
                    0.0
                }
            })
        })
        .collect();
    Tensor::from_vec(cells, (count, positions), device)
}
