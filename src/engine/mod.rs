//! Engines: what outlines articles.

#[cfg(feature = "model")]
pub mod local;
#[cfg(feature = "model")]
mod note;
#[cfg(feature = "remote")]
pub mod server;
