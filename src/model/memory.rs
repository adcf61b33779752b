//! Memory: what a model will need, what this process may still take, what it took; and the weights' own.

#![allow(unsafe_code)]

use super::gguf::{Gguf, Hyperparameters};
use super::kv_cache::CacheType;

/// A model's weights, packed or as they are, and the largest tensor once more while it is packed.
const WEIGHTS_FACTOR: f64 = 1.5;
/// Activations of a step and the program itself.
const ROOM_BYTES: u64 = 150 << 20;

/// Returns bytes of keys and values of so many tokens.
pub fn cache_bytes(shape: &Hyperparameters, cache: CacheType, tokens: usize) -> u64 {
    let cell = match cache {
        CacheType::F16 => 2,
        CacheType::F32 => 4,
    };
    let token_bytes = 2 * shape.layers * shape.kv_heads * shape.head_dim * cell;
    (token_bytes as u64).saturating_mul(tokens as u64)
}

/// Returns bytes a model takes on the CPU with so many tokens, at most.
pub fn needed_bytes(file: &Gguf, cache: CacheType, tokens: usize) -> u64 {
    let weights = (file.size_bytes() as f64 * WEIGHTS_FACTOR) as u64;
    let cache = cache_bytes(file.hyperparameters(), cache, tokens);
    (weights + ROOM_BYTES).saturating_add(cache)
}

/// Returns bytes this process may still take, where the system says so: the least of the memory that is free or can be freed,
/// the process's own limit and its group's.
pub fn available_bytes() -> Option<u64> {
    [system_bytes(), limit_bytes(), group_bytes()]
        .into_iter()
        .flatten()
        .min()
}

/// Returns the most memory this process has held so far, where the system says so.
pub fn peak_bytes() -> Option<u64> {
    status_bytes("VmHWM:")
}

fn status_bytes(name: &str) -> Option<u64> {
    line_bytes(&std::fs::read_to_string("/proc/self/status").ok()?, name)
}

fn system_bytes() -> Option<u64> {
    line_bytes(
        &std::fs::read_to_string("/proc/meminfo").ok()?,
        "MemAvailable:",
    )
}

/// `NAME   123 kB`
fn line_bytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(unix)]
fn limit_bytes() -> Option<u64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current?;
    Some(limit.saturating_sub(status_bytes("VmSize:")?))
}

#[cfg(not(unix))]
fn limit_bytes() -> Option<u64> {
    None
}

/// Returns the limit of the control group this process is in, as containers set it.
fn group_bytes() -> Option<u64> {
    let read = |name: &str| -> Option<u64> {
        let text = std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?;
        text.trim().parse().ok()
    };
    Some(read("memory.max")?.saturating_sub(read("memory.current")?))
}

/// Memory for all packed weights in one piece, on large pages where the system has them: streaming through weights in
/// pages of 4 KiB, a processor waits for the page table more than for the weights.
#[derive(Debug)]
pub(super) struct Arena {
    bytes: Vec<u8>,
    start: usize,
}

impl Arena {
    /// What its start and everything in it that begins at a multiple of this many bytes is aligned to.
    pub const ALIGNMENT: usize = 64;

    /// Returns so many zero bytes.
    pub fn new(length: usize) -> Arena {
        let mut bytes = vec![0; length + Self::ALIGNMENT];
        prefer_large_pages(&mut bytes);
        let start = bytes.as_ptr().align_offset(Self::ALIGNMENT);
        bytes.truncate(start + length);
        Arena { bytes, start }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..]
    }
}

/// Asks for large pages; a system that does not grant them changes nothing but the speed.
#[cfg(target_os = "linux")]
fn prefer_large_pages(bytes: &mut [u8]) {
    use rustix::mm::{Advice, madvise};

    let page = rustix::param::page_size();
    let start = bytes.as_mut_ptr();
    let skipped = start.align_offset(page).min(bytes.len());
    let length = (bytes.len() - skipped) / page * page;
    // SAFETY: whole pages inside the slice; this advice changes no byte of them.
    let _ = unsafe { madvise(start.add(skipped).cast(), length, Advice::LinuxHugepage) };
}

#[cfg(not(target_os = "linux"))]
fn prefer_large_pages(_: &mut [u8]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_kilobytes_is_read() {
        let text = "MemTotal:  10 kB\nMemAvailable:    3 kB\n";
        assert_eq!(line_bytes(text, "MemAvailable:"), Some(3072));
        assert_eq!(line_bytes(text, "Swap:"), None);
    }
}
