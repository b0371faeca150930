//! WebSub: our subscriptions at other hubs, and the subscribers of our own.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Result, Store, not_before, time};

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// The hub was asked, or is to be asked, and has not verified our intent yet.
    Asked,
    /// The hub pushes, until the lease ends.
    Live,
    /// The hub does not want us.
    Denied,
}

impl SubscriptionState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Live => "live",
            Self::Denied => "denied",
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "live" => Self::Live,
            "denied" => Self::Denied,
            _ => Self::Asked,
        }
    }
}

/// Our subscription to the topic of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The source's row.
    pub source: i64,
    /// Who pushes.
    pub hub: String,
    /// What, as the hub calls it.
    pub topic: String,
    /// The part of the callback's path that nobody can guess.
    pub token: String,
    /// What is pushed is signed with it.
    pub secret: String,
    /// Where it stands.
    pub state: SubscriptionState,
    /// The end of the lease.
    pub until: Option<Timestamp>,
    /// When the hub is to be asked (again).
    pub next_try: Timestamp,
    /// Requests in vain, in a row.
    pub failures: u32,
}

/// One who has subscribed to an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Row id.
    pub key: i64,
    /// The output's path.
    pub topic: String,
    /// Where the content goes.
    pub callback: String,
    /// What it is signed with.
    pub secret: Option<Vec<u8>>,
    /// Which version of the content is to be delivered.
    pub version: i64,
    /// Attempts in vain.
    pub attempts: u32,
}

const SUBSCRIPTION: &str =
    "SELECT source, hub, topic, token, secret, state, until, next_try, failures FROM subscription";

impl Store {
    /// The sources that name a hub, with hub and topic: those that are read.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sources_with_hub(&self) -> Result<Vec<(i64, String, String)>> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT key, hub, topic FROM source
                 WHERE active = 1 AND gone = 0 AND hub IS NOT NULL AND topic IS NOT NULL ORDER BY key",
            )
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect());
        self.check(found)
    }

    /// The name of a source.
    ///
    /// # Errors
    /// When the database fails.
    pub fn source_name(&self, source: i64) -> Result<Option<String>> {
        let found = self
            .connection
            .query_row("SELECT id FROM source WHERE key = ?1", [source], |row| row.get(0))
            .optional();
        self.check(found)
    }

    /// All our subscriptions.
    ///
    /// # Errors
    /// When the database fails.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>> {
        let found = self
            .connection
            .prepare_cached(&format!("{SUBSCRIPTION} ORDER BY source"))
            .and_then(|mut s| s.query_map([], subscription)?.collect());
        self.check(found)
    }

    /// The subscription that a callback belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn subscription_by_token(&self, token: &str) -> Result<Option<Subscription>> {
        let found = self
            .connection
            .prepare_cached(&format!("{SUBSCRIPTION} WHERE token = ?1"))
            .and_then(|mut s| s.query_row([token], subscription).optional());
        self.check(found)
    }

    /// The sources (rows) whose news are pushed to us at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pushed_sources(&self, now: Timestamp) -> Result<HashSet<i64>> {
        let found = self
            .connection
            .prepare_cached("SELECT source FROM subscription WHERE state = 'live' AND until > ?1")
            .and_then(|mut s| s.query_map([now.as_second()], |row| row.get(0))?.collect());
        self.check(found)
    }

    /// Records where a subscription stands; in the place of the source's old one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_subscription(&self, s: &Subscription) -> Result<()> {
        let done = self
            .connection
            .prepare_cached(
                "INSERT OR REPLACE INTO subscription (source, hub, topic, token, secret, state, until, next_try, failures)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    s.source,
                    s.hub,
                    s.topic,
                    s.token,
                    s.secret,
                    s.state.as_str(),
                    s.until.map(Timestamp::as_second),
                    not_before(s.next_try),
                    s.failures,
                ])
            });
        self.check(done).map(drop)
    }

    /// Forgets a subscription.
    ///
    /// # Errors
    /// When the database fails.
    pub fn forget_subscription(&self, source: i64) -> Result<()> {
        let done = self.connection.execute("DELETE FROM subscription WHERE source = ?1", [source]);
        self.check(done).map(drop)
    }

    /// Has a source polled soon that was left to its hub: `min_interval` (in seconds) after the last visit, later where
    /// its server asked for that.
    ///
    /// # Errors
    /// When the database fails.
    pub fn poll_again(&self, source: i64, min_interval: i64, now: Timestamp) -> Result<()> {
        let done = self.connection.execute(
            "UPDATE source SET next_due = min(next_due,
                 max(?3, coalesce(last_visit, 0) + ?2, coalesce(fresh_until, 0), coalesce(retry_at, 0)))
             WHERE key = ?1 AND failures = 0",
            params![source, min_interval, now.as_second()],
        );
        self.check(done).map(drop)
    }

    /// Takes in a subscriber, or renews its lease, unless there are `most` already. Gives whether there was room.
    ///
    /// # Errors
    /// When the database fails.
    pub fn subscribe(
        &self,
        topic: &str,
        callback: &str,
        secret: Option<&[u8]>,
        until: Timestamp,
        most: u32,
    ) -> Result<bool> {
        let done = self.connection.execute(
            "INSERT INTO subscriber (topic, callback, secret, until)
             SELECT ?1, ?2, ?3, ?4
             WHERE (SELECT count(*) FROM subscriber) < ?5
                OR EXISTS (SELECT 1 FROM subscriber WHERE topic = ?1 AND callback = ?2)
             ON CONFLICT (topic, callback) DO UPDATE SET secret = excluded.secret, until = excluded.until",
            params![topic, callback, secret, until.as_second(), most],
        );
        Ok(self.check(done)? > 0)
    }

    /// Lets a subscriber go.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unsubscribe(&self, topic: &str, callback: &str) -> Result<()> {
        let done = self
            .connection
            .execute("DELETE FROM subscriber WHERE topic = ?1 AND callback = ?2", params![topic, callback]);
        self.check(done).map(drop)
    }

    /// How many subscribers there are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn subscribers(&self) -> Result<u32> {
        self.check(self.connection.query_row("SELECT count(*) FROM subscriber", [], |row| row.get(0)))
    }

    /// Notes that an output has changed: its subscribers are to have it from `now` on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn distribute(&self, topic: &str, now: Timestamp) -> Result<()> {
        let done = self.connection.execute(
            "UPDATE subscriber SET due = ?2, version = version + 1, attempts = 0 WHERE topic = ?1 AND until > ?2",
            params![topic, now.as_second()],
        );
        self.check(done).map(drop)
    }

    /// The subscribers who are to be served at `now`, those who wait longest first. Lets those go whose lease is over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn due_subscribers(&self, now: Timestamp, most: u32) -> Result<Vec<Subscriber>> {
        let found = (|| {
            self.connection.execute("DELETE FROM subscriber WHERE until <= ?1", [now.as_second()])?;
            self.connection
                .prepare_cached(
                    "SELECT key, topic, callback, secret, version, attempts FROM subscriber
                     WHERE due <= ?1 ORDER BY due, key LIMIT ?2",
                )?
                .query_map(params![now.as_second(), most], |row| {
                    Ok(Subscriber {
                        key: row.get(0)?,
                        topic: row.get(1)?,
                        callback: row.get(2)?,
                        secret: row.get(3)?,
                        version: row.get(4)?,
                        attempts: row.get(5)?,
                    })
                })?
                .collect()
        })();
        self.check(found)
    }

    /// When the next subscriber is to be served.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_delivery(&self) -> Result<Option<Timestamp>> {
        let found =
            self.connection.query_row("SELECT min(due) FROM subscriber WHERE due IS NOT NULL", [], |row| {
                row.get::<_, Option<i64>>(0)
            });
        Ok(self.check(found)?.map(time))
    }

    /// Notes what came of a delivery: `again` is when to try once more; `None` ends it. Says nothing of a version
    /// that came after.
    ///
    /// # Errors
    /// When the database fails.
    pub fn delivered(&self, subscriber: &Subscriber, again: Option<Timestamp>) -> Result<()> {
        let done = self.connection.execute(
            "UPDATE subscriber SET due = ?3, attempts = attempts + 1 WHERE key = ?1 AND version = ?2",
            params![subscriber.key, subscriber.version, again.map(not_before)],
        );
        self.check(done).map(drop)
    }
}

fn subscription(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let state: String = row.get(5)?;
    Ok(Subscription {
        source: row.get(0)?,
        hub: row.get(1)?,
        topic: row.get(2)?,
        token: row.get(3)?,
        secret: row.get(4)?,
        state: SubscriptionState::of(&state),
        until: row.get::<_, Option<i64>>(6)?.map(time),
        next_try: time(row.get(7)?),
        failures: row.get(8)?,
    })
}
