//! The families of decoders that are run, one file each.
//!
//! In:  the name in a file's `general.architecture`. Out: a [`Family`], the one value that says in what its models differ from the
//! others': rotary positions, biases, norms, pre-tokenisers, chat formats. A new family is a file and a line in [`ALL`];
//! what none of the fields can say yet is a new field and the code in the decoder that reads it. Knows no file and no tensor.

mod gemma3;
mod llama;
mod qwen2;
mod qwen3;

/// Every family, in the order messages name them in.
pub static ALL: [&Family; 4] = [&gemma3::GEMMA3, &llama::LLAMA, &qwen2::QWEN2, &qwen3::QWEN3];

/// A family of dense decoders: RMSNorm, grouped-query attention, rotary positions, gated feed-forward layers.
#[derive(Debug)]
pub struct Family {
    /// The name in `general.architecture` and in models files; it also begins the keys of a file's hyper-parameters.
    pub name: &'static str,
    /// Which values of a head are turned together.
    pub rotary_pairs: RotaryPairs,
    /// Whether a file may hold factors that divide the rotary frequencies (`rope_freqs.weight`).
    pub rotary_factors: bool,
    /// Whether queries, keys and values have biases.
    pub attention_biases: bool,
    /// Whether the queries and keys of each head go through an RMSNorm of their own.
    pub head_norms: bool,
    /// Whether attention and feed-forward layers have an RMSNorm behind them, too.
    pub norms_behind: bool,
    /// What gates the feed-forward layers.
    pub gate: Gate,
    /// Whether embeddings are multiplied by the root of their width.
    pub scaled_embeddings: bool,
    /// Which layers see a window of positions alone, where some do.
    pub window: Option<Window>,
    /// How text is cut into pieces before merging, for each pre-tokeniser that files of the family name.
    pub pre_tokenizers: &'static [PreTokenizer],
    /// How conversations are written.
    pub chat_formats: &'static [ChatFormat],
}

impl Family {
    /// What most families are; each says in what it differs.
    const PLAIN: Family = Family {
        name: "",
        rotary_pairs: RotaryPairs::Halves,
        rotary_factors: false,
        attention_biases: false,
        head_norms: false,
        norms_behind: false,
        gate: Gate::Silu,
        scaled_embeddings: false,
        window: None,
        pre_tokenizers: &[],
        chat_formats: &[],
    };
}

/// The function that gates a feed-forward layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// `x / (1 + e^-x)`
    Silu,
    /// `x Φ(x)`, by its approximation with a hyperbolic tangent.
    Gelu,
}

/// Layers that see only the last positions, as many as the file says (`attention.sliding_window`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Every so many layers, the last one sees all.
    pub every: usize,
    /// The base of their rotary frequencies, which are never stretched.
    pub rope_theta: f32,
}

/// Which values of a head are turned together by rotary positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotaryPairs {
    /// The i-th of the first half with the i-th of the second.
    Halves,
    /// Neighbours: llama files store the rows of queries and keys in that order.
    Neighbours,
}

/// A way of cutting text into the pieces that merges act in.
#[derive(Debug)]
pub struct PreTokenizer {
    /// The values of `tokenizer.ggml.pre` that ask for it.
    pub names: &'static [&'static str],
    /// The published pattern without the alternatives for blanks at its end, which all of them share.
    pub pattern: &'static str,
    /// Whether a run of blanks gives its last one to the piece behind it even where that one ends a line.
    pub gives_line_ends_back: bool,
    /// Whether text is composed (NFC) first.
    pub composes: bool,
    /// Whether a piece that is a token is that token, whatever the merges say.
    pub takes_whole_pieces: bool,
    /// Whether digits are cut off before all else, so that blanks before one stay together.
    pub digits_apart: bool,
    /// Whether texts begin with the `bos` token where a file does not say, as llama.cpp has it.
    pub begins_with_bos: bool,
}

/// A way of writing a conversation in control tokens.
#[derive(Debug)]
pub struct ChatFormat {
    /// What it is called in listings.
    pub name: &'static str,
    /// Stands before the first message.
    pub opening: &'static str,
    /// Stand before and behind the name of the role that begins a message.
    pub header: (&'static str, &'static str),
    /// Ends a message.
    pub footer: &'static str,
    /// Stands between the header of the model's answer and the answer.
    pub answer_prefix: &'static str,
    /// The control tokens all of it is made of.
    pub control_tokens: &'static [&'static str],
    /// The control token by which a vocabulary without a template is known to use it.
    pub marker: Option<&'static str>,
    /// SHA-256 of the templates in files that are known to equal it.
    pub template_sha256: &'static [&'static str],
}

impl PartialEq for Family {
    fn eq(&self, other: &Family) -> bool {
        self.name == other.name
    }
}

impl Eq for Family {}

/// Returns the family of that name.
pub fn named(name: &str) -> Option<&'static Family> {
    ALL.into_iter().find(|family| family.name == name)
}

/// Returns the names of all families as a message lists them: "gemma3, llama, qwen2 or qwen3".
pub fn names() -> String {
    listed(ALL.map(|family| family.name), " or ")
}

/// Returns the pre-tokeniser a file names.
pub fn pre_tokenizer(name: &str) -> Option<&'static PreTokenizer> {
    pre_tokenizers().find(|pre| pre.names.contains(&name))
}

/// Returns every pre-tokeniser.
pub fn pre_tokenizers() -> impl Iterator<Item = &'static PreTokenizer> {
    ALL.into_iter()
        .rev()
        .flat_map(|family| family.pre_tokenizers)
}

/// Returns the names of all pre-tokenisers as a message lists them.
pub fn pre_tokenizer_names() -> String {
    listed(pre_tokenizers().flat_map(|pre| pre.names).copied(), " and ")
}

/// Returns every chat format. Qwen's come first: models made from those of Llama keep the control tokens of Llama 3 in their vocabulary when
/// they are taught another format.
pub fn chat_formats() -> impl Iterator<Item = &'static ChatFormat> {
    ALL.into_iter().rev().flat_map(|family| family.chat_formats)
}

/// `a, b or c`
fn listed(names: impl IntoIterator<Item = &'static str>, last: &str) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match &names[..] {
        [first @ .., end] if !first.is_empty() => format!("{}{last}{end}", first.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_list_what_the_table_holds() {
        assert_eq!(names(), "gemma3, llama, qwen2 or qwen3");
        assert_eq!(
            pre_tokenizer_names(),
            "qwen2, llama-bpe, llama3, llama-v3, midm-2.0, smaug-bpe, gpt-2 and smollm"
        );
    }

    #[test]
    fn no_name_stands_twice() {
        let check = |mut names: Vec<&str>| {
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        };
        check(ALL.map(|family| family.name).into());
        check(
            pre_tokenizers()
                .flat_map(|pre| pre.names)
                .copied()
                .collect(),
        );
        check(chat_formats().map(|format| format.name).collect());
    }
}
