//! What a model keeps of the tokens it has seen: keys and values per layer.
//!
//! A sequence is a chain of runs shared with its forks, which never change again, and a tail of its own. Forking moves
//! the tail into the chain, so that nothing is copied; truncating into the chain only shortens the view of a run.

use std::sync::Arc;

use candle_core::Tensor;
use half::f16;

use super::kernels::{CacheCell, LANES};

/// How the CPU keeps keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CacheType {
    /// Half precision: what is used.
    #[default]
    F16,
    /// Single precision: twice the memory; the reference.
    F32,
}

/// The tokens of one sequence, as the decoder keeps them.
#[derive(Debug, Clone)]
pub struct Sequence {
    shared: Vec<Shared>,
    tail: CacheRun,
}

/// The first `length` positions of a run that others may hold too.
#[derive(Debug, Clone)]
struct Shared {
    run: Arc<CacheRun>,
    length: usize,
}

impl Sequence {
    /// Returns an empty sequence whose runs are as `tail`, which is empty.
    pub(super) fn new(tail: CacheRun) -> Sequence {
        Sequence {
            shared: Vec::new(),
            tail,
        }
    }

    /// Tokens held.
    pub(super) fn len(&self) -> usize {
        self.shared_len() + self.tail.len()
    }

    fn shared_len(&self) -> usize {
        self.shared.iter().map(|shared| shared.length).sum()
    }

    /// Returns a second sequence with the same tokens.
    pub(super) fn fork(&mut self) -> Sequence {
        let length = self.tail.len();
        if length > 0 {
            let empty = self.tail.empty();
            let run = Arc::new(std::mem::replace(&mut self.tail, empty));
            self.shared.push(Shared { run, length });
        }
        self.clone()
    }

    /// Forgets all but the first `length` tokens.
    pub(super) fn truncate(&mut self, length: usize) {
        let mut before = self.shared_len();
        self.tail.truncate(length.saturating_sub(before));
        while before > length {
            let last = self.shared.pop().expect("what is shared has a length");
            before -= last.length;
            if before < length {
                let length = length - before;
                self.shared.push(Shared { length, ..last });
                break;
            }
        }
    }

    /// Returns the tail, to append to.
    pub(super) fn tail_mut(&mut self) -> &mut CacheRun {
        &mut self.tail
    }

    /// Returns the runs in order, each with the number of its positions that count.
    pub(super) fn runs(&self) -> impl Iterator<Item = (&CacheRun, usize)> {
        let shared = self
            .shared
            .iter()
            .map(|shared| (&*shared.run, shared.length));
        shared.chain([(&self.tail, self.tail.len())])
    }
}

/// Keys and values of consecutive positions, where the model runs.
#[derive(Debug, Clone)]
pub(super) enum CacheRun {
    Half(Host<f16>),
    Full(Host<f32>),
    Device(OnDevice),
}

impl CacheRun {
    fn len(&self) -> usize {
        match self {
            CacheRun::Half(host) => host.len(),
            CacheRun::Full(host) => host.len(),
            CacheRun::Device(device) => device.len(),
        }
    }

    fn empty(&self) -> CacheRun {
        match self {
            CacheRun::Half(host) => {
                CacheRun::Half(Host::new(host.layers.len(), host.kv_heads, host.dim))
            }
            CacheRun::Full(host) => {
                CacheRun::Full(Host::new(host.layers.len(), host.kv_heads, host.dim))
            }
            CacheRun::Device(device) => CacheRun::Device(OnDevice::new(device.layers.len())),
        }
    }

    /// Layers may have come to different lengths when a step failed; a layer shorter than `length` stays as it is.
    fn truncate(&mut self, length: usize) {
        match self {
            CacheRun::Half(host) => host.truncate(length),
            CacheRun::Full(host) => host.truncate(length),
            CacheRun::Device(device) => device.truncate(length),
        }
    }
}

/// Positions by which a layer's memory grows at least: a head of a brief has some hundred of its own, and there are dozens.
const GROWTH: usize = 32;

/// A run in the computer's memory.
#[derive(Debug, Clone)]
pub(super) struct Host<C> {
    layers: Vec<CachedLayer<C>>,
    kv_heads: usize,
    dim: usize,
}

#[derive(Debug, Clone)]
struct CachedLayer<C> {
    length: usize,
    heads: Vec<CachedHead<C>>,
}

/// Keys in tiles of [`LANES`] positions, each (dim, LANES); values (positions, dim).
#[derive(Debug, Clone, Default)]
struct CachedHead<C> {
    keys: Vec<C>,
    values: Vec<C>,
}

impl<C: CacheCell> Host<C> {
    pub(super) fn new(layers: usize, kv_heads: usize, dim: usize) -> Host<C> {
        let head = CachedHead {
            keys: Vec::new(),
            values: Vec::new(),
        };
        let layer = CachedLayer {
            length: 0,
            heads: vec![head; kv_heads],
        };
        Host {
            layers: vec![layer; layers],
            kv_heads,
            dim,
        }
    }

    fn len(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.length)
    }

    fn truncate(&mut self, length: usize) {
        for layer in &mut self.layers {
            layer.length = layer.length.min(length);
            for head in &mut layer.heads {
                head.keys
                    .truncate(layer.length.next_multiple_of(LANES) * self.dim);
                head.values.truncate(layer.length * self.dim);
            }
        }
    }

    /// Appends positions to a layer; `keys` and `values` are (positions, kv_heads, dim).
    pub(super) fn append(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let (dim, kv_heads) = (self.dim, self.kv_heads);
        let layer = &mut self.layers[layer];
        let positions = keys.len() / (kv_heads * dim);
        let end = layer.length + positions;
        let mut cells = vec![C::default(); dim];
        for (h, head) in layer.heads.iter_mut().enumerate() {
            grow(
                &mut head.keys,
                end.next_multiple_of(LANES) * dim,
                GROWTH * dim,
            );
            for p in 0..positions {
                let at = layer.length + p;
                let tile = &mut head.keys[at / LANES * LANES * dim..];
                let key = &keys[(p * kv_heads + h) * dim..][..dim];
                C::convert(key, &mut cells);
                for (i, cell) in cells.iter().enumerate() {
                    tile[i * LANES + at % LANES] = *cell;
                }
            }
            let start = head.values.len();
            grow(&mut head.values, end * dim, GROWTH * dim);
            for (p, to) in head.values[start..].chunks_exact_mut(dim).enumerate() {
                let value = &values[(p * kv_heads + h) * dim..][..dim];
                C::convert(value, to);
            }
        }
        layer.length = end;
    }

    /// Keys, in whole tiles, and values of the first `length` positions of a head.
    pub(super) fn head(&self, layer: usize, head: usize, length: usize) -> (&[C], &[C]) {
        let head = &self.layers[layer].heads[head];
        let keys = &head.keys[..length.next_multiple_of(LANES) * self.dim];
        (keys, &head.values[..length * self.dim])
    }

    /// Positions of a layer, which during a step may be ahead of the next layer's.
    pub(super) fn layer_len(&self, layer: usize) -> usize {
        self.layers[layer].length
    }
}

/// Lengthens `cells` to `length`, its memory by at least `step` cells and an eighth of what it has: doubling would
/// leave up to half of a long prompt's cache unused.
fn grow<C: CacheCell>(cells: &mut Vec<C>, length: usize, step: usize) {
    if length > cells.capacity() {
        let room = length
            .next_multiple_of(step)
            .max(cells.len() + cells.len() / 8);
        cells.reserve_exact(room - cells.len());
    }
    cells.resize(length, C::default());
}

/// A run on a GPU.
#[derive(Debug, Clone)]
pub(super) struct OnDevice {
    layers: Vec<Option<(Tensor, Tensor)>>, // (kv_heads, positions, dim), F16
}

impl OnDevice {
    pub(super) fn new(layers: usize) -> OnDevice {
        OnDevice {
            layers: vec![None; layers],
        }
    }

    fn len(&self) -> usize {
        match self.layers.first() {
            Some(Some((keys, _))) => keys.dims()[1],
            _ => 0,
        }
    }

    fn truncate(&mut self, length: usize) {
        for layer in &mut self.layers {
            *layer = layer.take().and_then(|(keys, values)| {
                let length = length.min(keys.dims()[1]);
                // A view of what was there; the memory is given back with the next append, which copies.
                let cut =
                    |tensor: Tensor| tensor.narrow(1, 0, length).expect("not longer than it is");
                (length > 0).then(|| (cut(keys), cut(values)))
            });
        }
    }

    /// Appends positions to a layer; both are (kv_heads, positions, dim), F16.
    pub(super) fn append(
        &mut self,
        layer: usize,
        keys: Tensor,
        values: Tensor,
    ) -> candle_core::Result<()> {
        let joined = match &self.layers[layer] {
            Some((k, v)) => (Tensor::cat(&[k, &keys], 1)?, Tensor::cat(&[v, &values], 1)?),
            None => (keys, values),
        };
        self.layers[layer] = Some(joined);
        Ok(())
    }

    /// Keys and values of the first `length` positions of a layer, or all where `length` is more.
    pub(super) fn layer(
        &self,
        layer: usize,
        length: usize,
    ) -> candle_core::Result<Option<(Tensor, Tensor)>> {
        let Some((keys, values)) = &self.layers[layer] else {
            return Ok(None);
        };
        let length = length.min(keys.dim(1)?);
        Ok(Some((
            keys.narrow(1, 0, length)?,
            values.narrow(1, 0, length)?,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(positions: usize) -> Sequence {
        let mut sequence = Sequence::new(CacheRun::Half(Host::new(1, 1, LANES)));
        append(&mut sequence, positions);
        sequence
    }

    fn append(sequence: &mut Sequence, positions: usize) {
        let start = sequence.len();
        let cells: Vec<f32> = (start..start + positions)
            .flat_map(|p| [p as f32; LANES])
            .collect();
        match sequence.tail_mut() {
            CacheRun::Half(host) => host.append(0, &cells, &cells),
            _ => unreachable!("made so"),
        }
    }

    /// Returns which positions a sequence holds, from its values and from its keys.
    fn positions(sequence: &Sequence) -> Vec<usize> {
        let mut found = Vec::new();
        for (run, length) in sequence.runs() {
            let CacheRun::Half(host) = run else {
                unreachable!("made so")
            };
            let (keys, values) = host.head(0, 0, length);
            for p in 0..length {
                let key = keys[p / LANES * LANES * LANES + p % LANES];
                assert_eq!(key, values[p * LANES]);
                found.push(key.to_f32() as usize);
            }
        }
        found
    }

    fn up_to(length: usize) -> Vec<usize> {
        (0..length).collect()
    }

    #[test]
    fn positions_come_back_in_order() {
        let mut sequence = sequence(20);
        append(&mut sequence, 1);
        append(&mut sequence, 300);
        assert_eq!(positions(&sequence), up_to(321));
    }

    #[test]
    fn forks_share_what_they_had_and_grow_apart() {
        let mut first = sequence(5);
        let mut second = first.fork();
        append(&mut first, 3);
        append(&mut second, 40);
        let mut third = second.fork();
        append(&mut third, 2);
        assert_eq!(positions(&first), up_to(8));
        assert_eq!(positions(&second), up_to(45));
        assert_eq!(positions(&third), up_to(47));
    }

    #[test]
    fn truncating_reaches_into_what_is_shared_and_leaves_the_forks_alone() {
        let mut first = sequence(30);
        let mut second = first.fork();
        append(&mut second, 10);
        let mut third = second.fork();
        for length in [45, 40, 35, 30, 17, 0] {
            third.truncate(length);
            assert_eq!(positions(&third), up_to(length.min(40)));
        }
        append(&mut third, 33);
        assert_eq!(positions(&third), up_to(33));
        assert_eq!(positions(&second), up_to(40));
        second.truncate(29);
        append(&mut second, 4);
        assert_eq!(positions(&second), up_to(33));
        assert_eq!(positions(&first), up_to(30));
    }
}
