# The daily commands. `just --list` shows them.

# What continuous integration runs.
ci:
    .ci/run

# Format everything.
fmt:
    cargo fmt

# Formatting and lints, warnings denied.
lint:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# All tests, or those whose name contains FILTER.
test FILTER="":
    cargo test --locked {{FILTER}}

# The product in a minute, without a network.
demo:
    cargo run --release -- demo

# The daemon on this folder's feeds.toml.
run:
    cargo run --release -- run

# The documentation of the crate.
doc:
    cargo doc --no-deps --open
