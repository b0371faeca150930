//! How the C library's allocator is set.
//!
//! glibc gives nearly every thread a heap of its own, up to eight for each core, and lets each of them keep what it once had. A pass
//! reads on some threads, writes on another, decides on a third and publishes on others: what one has given back the next
//! cannot use. How much they keep, and how many heaps there are, is read from the environment before the first line of
//! a program runs, and the call that sets it later is not to be had without `unsafe`. So a command that makes passes
//! starts itself once more, in the same process, with the environment that it wants.

/// Starts this program anew with few heaps, unless somebody has set the allocator already. Returns where there is nothing to
/// do, or where that cannot be done: then memory is all that suffers.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn use_few_heaps() {
    use std::os::unix::process::CommandExt;

    const SETTINGS: [(&str, &str); 4] = [
        // One for each thread that is busy at a time on two cores. Where two share one they wait for each other: with two heaps in
        // all, a cold pass took a tenth longer; with eight, no less than with four, and 10 MB more.
        ("MALLOC_ARENA_MAX", "4"),
        // Half of their defaults: what lies free at the end of a heap goes back.
        ("MALLOC_TRIM_THRESHOLD_", "65536"),
        ("MALLOC_TOP_PAD_", "65536"),
        // A quarter of its default, and for good: documents and lists go back to the system at once.
        ("MALLOC_MMAP_THRESHOLD_", "32768"),
    ];
    let is_set = |name: &str| std::env::var_os(name).is_some();
    if SETTINGS.iter().any(|(name, _)| is_set(name)) || is_set("GLIBC_TUNABLES") {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut arguments = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // Comes back only with an error.
    let error = again.args(arguments).envs(SETTINGS).exec();
    tracing::debug!("the allocator stays as it is: {error}");
}

/// Other C libraries have one heap.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn use_few_heaps() {}
