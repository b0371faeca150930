//! It runs for years: what happens when the power fails, the disk is full, a file is damaged, the clock jumps; what is kept
//! and what leaves; how it is seen from outside.

#[path = "../support/binary.rs"]
mod binary;
#[path = "../support/origin.rs"]
mod origin;

mod archives;
mod backups;
mod daemon;
mod damage;
mod disk;
mod growth;
mod kill;
mod migrations;
mod retention;
mod sleep;
mod world;
