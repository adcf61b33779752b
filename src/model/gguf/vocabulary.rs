//! What a model's header says of its tokens.

/// The tokens of a model, as its file lists them; nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    /// The kind of tokenizer (`tokenizer.ggml.model`), such as `gpt2`.
    pub model: String,
    /// How text is cut into words first (`tokenizer.ggml.pre`), such as `qwen2`.
    pub pre: String,
    /// The tokens by id.
    pub tokens: Vec<String>,
    /// The type of each token.
    pub types: Vec<TokenType>,
    /// The merges, best first: two tokens with a blank between them.
    pub merges: Vec<String>,
    /// The token a text begins with.
    pub bos: Option<u32>,
    /// The token that ends a text.
    pub eos: Option<u32>,
    /// The token that ends a turn.
    pub eot: Option<u32>,
    /// Whether the model wants `bos` before every text.
    pub add_bos: bool,
    /// The chat template, in Jinja.
    pub chat_template: Option<String>,
}

/// What a token is for, in the order of the ids 1 to 6 of a GGUF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// A piece of text.
    Normal,
    /// Stands for what the vocabulary cannot say.
    Unknown,
    /// Structure: begins, ends, names a role.
    Control,
    /// Added by whoever made the model, such as `<think>`.
    UserDefined,
    /// A filler.
    Unused,
    /// A single byte, in vocabularies that are not byte-level.
    Byte,
}
