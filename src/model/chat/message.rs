//! Messages, the pieces of a prompt, and what can be wrong with a template.

use thiserror::Error;

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Whoever set the model its task.
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
}

impl Speaker {
    /// Returns the role as templates call it.
    pub fn name(self) -> &'static str {
        match self {
            Speaker::System => "system",
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'m> {
    /// Who says it.
    pub role: Speaker,
    /// What is said, word for word; nothing in it is markup.
    pub text: &'m str,
}

/// A template that cannot be used, and why.
#[derive(Debug, Error)]
pub enum ChatError {
    /// A control token a built-in template needs.
    #[error("the model's chat template needs {0}, which its vocabulary lacks")]
    Lacks(&'static str),
    /// The file's template does not parse, or failed.
    #[error("the model's chat template {problem}: {cause}")]
    Template {
        /// What happened to it.
        problem: &'static str,
        /// Why.
        cause: String,
    },
    /// The file's template left a message out, or used one twice.
    #[error("the model's chat template does not take every message once and in order")]
    Rearranges,
    /// A message would have brought a control token along.
    #[error("the prompt holds control tokens that are not the chat template's")]
    ForeignControl,
}

/// A piece of a prompt: what the template writes, or what is said.
#[derive(Debug, PartialEq)]
pub(super) enum PromptPiece<'m> {
    Template(String),
    Text(&'m str),
}
