//! Stories → documents → files.
