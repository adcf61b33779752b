//! sukje turns a noisy scraped article into a briefing note in which every line has its receipt.
//!
//! The whole flow is five calls, each a room of its own:
//!
//! ```no_run
//! use sukje::{clean, input, outline, render, verify};
//!
//! let document = input::read_file("article.txt".as_ref(), None)?;          // the world comes in here
//! let article = clean::clean(&document, &clean::CleanOptions::default());  // pure
//! let options = outline::OutlineOptions { lens: outline::Lens::builtin("five-challenges").unwrap(), output_language: None };
//! let outline = outline::outline(&article, &options);                      // pure: the extractive engine
//! let brief = verify::verify(&article, outline);                           // pure
//! render::render(&brief, render::Format::Markdown, &mut std::io::stdout())?; // the world goes out here
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A model on this computer writes the outline instead, with the feature `model`; nothing else changes:
//!
//! ```no_run
//! # use sukje::{article, outline, verify};
//! # fn brief(article: article::Article, options: outline::OutlineOptions) -> Result<(), Box<dyn std::error::Error>> {
//! use sukje::engine::{self, EngineOptions};
//!
//! let how = EngineOptions { model: Some("qwen3-1.7b".into()), ..EngineOptions::default() };
//! let engine = engine::open(&how)?;                       // loads the model
//! let outline = engine.outline(&article, &options)?;      // reads the article, cites, writes
//! let brief = verify::verify(&article, outline);
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod article;
pub mod batch;
pub mod brief;
pub mod classifier;
pub mod clean;
pub mod engine;
pub mod escape;
pub mod eval;
pub mod facts;
mod hash;
pub mod input;
pub mod language;
#[cfg(feature = "model")]
pub mod model;
pub mod outline;
pub mod overview;
pub mod render;
pub mod verify;

/// Compiles the READMEs' samples of the library.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.ko.md")]
pub struct Readmes;
