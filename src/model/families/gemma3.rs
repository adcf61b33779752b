//! Gemma 3, its text models.

use super::{Family, Gate, Window};

/// Gemma 3: five of six layers see a window of positions alone and have a rotary base of their own; an RMSNorm stands
/// before and behind attention and feed-forward layer, and on the queries and keys of each head. Its chat template
/// stands in the files of models that were taught to converse; base models have its tokens and no template.
pub(super) static GEMMA3: Family = Family {
    name: "gemma3",
    head_norms: true,
    norms_behind: true,
    gate: Gate::Gelu,
    scaled_embeddings: true,
    window: Some(Window {
        every: 6,
        rope_theta: 10_000.0,
    }),
    ..Family::PLAIN
};
