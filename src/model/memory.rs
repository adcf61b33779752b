//! Memory: what a model will need, what this process may still take, and what it took.

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
