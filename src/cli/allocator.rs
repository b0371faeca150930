//! How the C library's allocator is set.
//!
//! glibc gives nearly every thread a heap of its own and lets each of them keep what it once had. A pass reads on some
//! threads, writes on another and decides on a third: what one has given back the next cannot use. In a cold pass over a
//! thousand feeds that was 60 of 210 MB. How many heaps there are is read from the environment before the first line of
//! a program runs, and the call that sets it later is not to be had without `unsafe`. So a command that makes passes
//! starts itself once more, in the same process, with the environment that it wants.

/// Starts this program anew with few heaps, unless somebody has set the allocator already. Returns where there is nothing to
/// do, or where that cannot be done: then memory is all that suffers.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn use_few_heaps() {
    use std::os::unix::process::CommandExt;

    const SETTINGS: [(&str, &str); 2] = [
        // One for each of two threads that are busy at a time.
        ("MALLOC_ARENA_MAX", "2"),
        // A quarter of its default, and for good: documents and lists go back to the system at once, 123 MB in place of 143 in a
        // cold pass over a thousand feeds, at the same speed.
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
