//! The memory of packed weights: one aligned piece on large pages.
//!
//! The one place outside the kernels that is not safe code: it gives the system advice about pages it owns.

#![allow(unsafe_code)]

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
