//! Choosing: the one place that decides which engine there is.

use super::batching::BatchingEngine;
use super::error::OpenError;
use super::extractive::Extractive;
use super::interface::Engine;
#[cfg(feature = "model")]
use super::local;
use super::options::{EngineChoice, EngineOptions};
#[cfg(feature = "remote")]
use super::server;

/// Opens the engine that is wanted, its model loaded. Nothing is downloaded.
pub fn open(options: &EngineOptions) -> Result<Box<dyn Engine>, OpenError> {
    match &options.engine {
        EngineChoice::Extractive if options.model.is_some() => Err(OpenError::ModelGiven),
        EngineChoice::Extractive => Ok(Box::<Extractive>::default()),
        EngineChoice::Server(address) => open_server(address, options),
        EngineChoice::Auto | EngineChoice::Llm => open_local(options),
    }
}

/// Opens an engine that outlines articles from many threads. A model outlines those together that come at the same time, as many as
/// take up `memory_mb`, or half of the memory that is free.
pub fn open_for_many(
    options: &EngineOptions,
    memory_mb: Option<u32>,
) -> Result<Box<dyn Engine>, OpenError> {
    let engine = open(options)?;
    match engine.info().model {
        None => Ok(engine),
        Some(_) => {
            let engine = BatchingEngine::new(engine, memory_mb).map_err(OpenError::Thread)?;
            Ok(Box::new(engine))
        }
    }
}

#[cfg(feature = "remote")]
fn open_server(address: &str, options: &EngineOptions) -> Result<Box<dyn Engine>, OpenError> {
    Ok(Box::new(server::ServerEngine::open(address, options)?))
}

#[cfg(not(feature = "remote"))]
fn open_server(_: &str, _: &EngineOptions) -> Result<Box<dyn Engine>, OpenError> {
    Err(OpenError::NoServers)
}

#[cfg(feature = "model")]
fn open_local(options: &EngineOptions) -> Result<Box<dyn Engine>, OpenError> {
    match local::open(options)? {
        Some(engine) => Ok(Box::new(engine)),
        None => Ok(Box::<Extractive>::default()),
    }
}

#[cfg(not(feature = "model"))]
fn open_local(options: &EngineOptions) -> Result<Box<dyn Engine>, OpenError> {
    match options.engine {
        EngineChoice::Auto if options.model.is_none() => Ok(Box::<Extractive>::default()),
        _ => Err(OpenError::NoModels),
    }
}

/// Sets the number of threads that models run on, once, before anything runs on them.
#[cfg(feature = "model")]
pub fn set_threads(threads: usize) -> Result<(), OpenError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().map_err(|error| OpenError::Threads {
        cause: error.into(),
    })
}

/// Sets the number of threads that models run on; this build has none.
#[cfg(not(feature = "model"))]
pub fn set_threads(_: usize) -> Result<(), OpenError> {
    Ok(())
}
