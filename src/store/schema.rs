//! The schema and its migrations, always forward.

use std::path::Path;

use rusqlite::Connection;

use super::{StoreError, backup};

/// What each version adds to the one before. Never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_websub.sql"),
    include_str!("schema_keep.sql"),
    include_str!("schema_pages.sql"),
    include_str!("schema_archives.sql"),
    include_str!("schema_tidy.sql"),
    include_str!("schema_bodies.sql"),
    include_str!("schema_recent.sql"),
];

/// Tells kariz' files from those of others (`PRAGMA application_id`): "krz1".
const APPLICATION_ID: i64 = 0x6b72_7a31;

/// Brings the database to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::Sqlite { path: path.to_owned(), error };
    refuse_newer(connection, path)?;
    if version(connection).map_err(failed)? == MIGRATIONS.len() as i64 {
        return Ok(());
    }
    back_up(connection, path)?;
    let tx =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
    // Read again under the lock: another process may just have migrated.
    let from = version(&tx).map_err(failed)?;
    for step in MIGRATIONS.iter().skip(from as usize) {
        tx.execute_batch(step).map_err(failed)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    tx.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(failed)?;
    tx.commit().map_err(failed)
}

/// Keeps the database as the older version left it, to go back to. Of several versions, the last copy stays.
fn back_up(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let from = version(connection).map_err(|error| StoreError::Sqlite { path: path.to_owned(), error })?;
    if from == 0 {
        return Ok(());
    }
    let keep = backup::beside(path, &format!("schema-{from}"));
    backup::copy(connection, path, &keep)?;
    tracing::warn!(
        "the database is brought from schema {from} to {}; as it was before, it is kept as {}",
        MIGRATIONS.len(),
        keep.display()
    );
    for older in (1..=MIGRATIONS.len() as i64).filter(|v| *v != from) {
        backup::remove_database(&backup::beside(path, &format!("schema-{older}")))?;
    }
    Ok(())
}

/// Whether a database is kariz' own, or still empty.
pub(super) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(id == APPLICATION_ID || tables == 0)
}

/// A newer schema may mean things that this version would damage.
pub(super) fn refuse_newer(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as i64;
    match version(connection) {
        Ok(found) if found > known => Err(StoreError::Newer { path: path.to_owned(), found, known }),
        Ok(_) => Ok(()),
        Err(error) => Err(StoreError::Sqlite { path: path.to_owned(), error }),
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
