//! `kariz why ID|URL`: why entries are one story, and why the nearest other one is not part of it.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failed, Globals, Outcome, load_config, output};
use crate::model::{Member, Stage, Story};
use crate::store::{Revision, Sought, Store};
use crate::stories::judge::Verdict;
use crate::stories::{self, address_key};
use crate::text;
use crate::tick::{StoreIndex, database_path, dedupe_options, source_infos};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The id of a story (urn:uuid:…), the guid of an entry, or the address of an article.
    #[arg(value_name = "ID|URL")]
    sought: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Of how many members the nearest other story is looked for.
const PROBED: usize = 5;

/// Everything that is told of a story.
struct Told {
    story: Story,
    merged: Vec<(Uuid, Timestamp)>,
    /// Of each member, what it said before.
    revisions: Vec<Vec<Revision>>,
    nearest: Option<Nearest>,
}

/// The story that comes nearest without being the same.
struct Nearest {
    /// The member that it comes near to.
    by: usize,
    story: Story,
    /// Its entry that comes near.
    entry: i64,
    verdict: Verdict,
}

pub(super) fn run(globals: &Globals, arguments: Arguments) -> Outcome {
    let config = load_config(globals)?;
    let path = database_path(&config.data_dir(globals.data_dir.as_deref()));
    if !path.exists() {
        return Err(Failed::job("nothing is stored yet; read the sources first: kariz fetch"));
    }
    let store = Store::read_only(&path)?;
    let infos = source_infos(&config, &store)?;
    let keys = find(&store, arguments.sought.trim())?;
    let mut told = Vec::new();
    for key in keys {
        let story = store.story(key, &infos)?;
        // Of a story whose sources are all taken out of feeds.toml nothing is published.
        if story.members.is_empty() {
            continue;
        }
        let mut revisions = Vec::with_capacity(story.members.len());
        for member in &story.members {
            revisions.push(store.revisions(member.entry.key)?);
        }
        let merged = match Uuid::parse_str(&story.id) {
            Ok(id) => store.merged_into(id)?,
            Err(_) => Vec::new(),
        };
        let nearest = nearest(&store, &story, &infos, &dedupe_options(&config.dedupe))?;
        told.push(Told { story, merged, revisions, nearest });
    }
    if told.is_empty() {
        let sought = &arguments.sought;
        return Err(Failed::job(format!(
            "no story has the id, guid or address \"{sought}\"; kariz search WORDS finds stories by their words"
        )));
    }
    if arguments.json {
        let stories: Vec<Value> = told.iter().map(json).collect();
        output::print(&format!("{:#}\n", json!({ "query": arguments.sought, "stories": stories })));
    } else {
        let pages: Vec<String> = told.iter().map(page).collect();
        output::print(&pages.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows of the stories that a person may mean: by id, else by guid, else by address.
fn find(store: &Store, sought: &str) -> Result<Vec<i64>, Failed> {
    if let Ok(id) = Uuid::parse_str(sought) {
        let found = store.stories_named(&Sought::Story(id))?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let found = store.stories_named(&Sought::Guid(sought))?;
    if !found.is_empty() {
        return Ok(found);
    }
    match address_key(sought) {
        Some(hash) => Ok(store.stories_named(&Sought::Link(hash.cast_signed()))?),
        None => Ok(Vec::new()),
    }
}

fn nearest(
    store: &Store,
    story: &Story,
    infos: &std::collections::HashMap<i64, std::sync::Arc<crate::model::SourceInfo>>,
    options: &stories::Options,
) -> Result<Option<Nearest>, Failed> {
    let mut index = StoreIndex::new(store);
    let mut best: Option<(usize, i64, Verdict)> = None;
    for (by, member) in story.members.iter().take(PROBED).enumerate() {
        if let Some((entry, verdict)) = stories::nearest(member.entry.key, &mut index, options)?
            && best.as_ref().is_none_or(|(_, _, b)| closeness(&verdict) > closeness(b))
        {
            best = Some((by, entry, verdict));
        }
    }
    let Some((by, entry, verdict)) = best else { return Ok(None) };
    let Some(key) = store.story_of(entry)? else { return Ok(None) };
    let story = store.story(key, infos)?;
    // What rests is not published: it is no neighbour to be told of.
    let shown = story.members.iter().any(|m| m.entry.key == entry);
    Ok(shown.then_some(Nearest { by, story, entry, verdict }))
}

fn closeness(verdict: &Verdict) -> f32 {
    verdict.containment.max(verdict.headlines)
}

/// The stage and the sentence that kept two entries apart.
fn kept_apart(verdict: &Verdict) -> (Option<Stage>, String) {
    match (verdict.refusal(), &verdict.matched) {
        // They would match one to one; what stands between them is a third entry of one of the stories.
        (_, Some(found)) => {
            let why = found.why();
            let reason = format!(
                "alone they would be one ({}), but another entry of the story contradicts",
                why.reason
            );
            (Some(why.stage), reason)
        }
        (Some((stage, refusal)), None) => (Some(*stage), refusal.to_string()),
        (None, None) => (None, "they have nothing in common that tells a story".to_owned()),
    }
}

/// A stage as `_kariz` and the JSON of this command name it.
pub(super) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Founder => "founder",
        Stage::Url => "url",
        Stage::Text => "text",
        Stage::Headline => "headline",
        Stage::NearText => "near_text",
    }
}

fn why_json(member: &Member) -> Value {
    match &member.why {
        Some(why) => json!({ "stage": stage_name(why.stage), "score": why.score, "reason": why.reason }),
        None => json!({ "stage": "founder", "score": 1.0, "reason": "the first to tell it" }),
    }
}

fn member_json(member: &Member, revisions: &[Revision]) -> Value {
    let entry = &member.entry;
    let plain = |r: &Revision| {
        let html = r.content_html.as_deref().or(r.summary_html.as_deref()).unwrap_or_default();
        json!({ "replaced": r.at, "title": r.title, "text": text::html::to_text(html) })
    };
    json!({
        "source": member.source.id,
        "source_title": member.source.title,
        "guid": entry.guid,
        "url": entry.article.link,
        "title": entry.article.title,
        "published": entry.published,
        "updated": entry.updated,
        "first_seen": entry.first_seen,
        "tags": entry.article.tags,
        "why": why_json(member),
        "revisions": revisions.iter().map(plain).collect::<Vec<_>>(),
    })
}

fn json(told: &Told) -> Value {
    let story = &told.story;
    let entries = story.members.iter().zip(&told.revisions).map(|(m, r)| member_json(m, r));
    let nearest = told.nearest.as_ref().map(|near| {
        let (stage, reason) = kept_apart(&near.verdict);
        let entry = near.story.members.iter().find(|m| m.entry.key == near.entry);
        json!({
            "id": near.story.id,
            "entry": entry.map(|m| member_json(m, &[])),
            "compared_with": { "source": story.members[near.by].source.id, "guid": story.members[near.by].entry.guid },
            "stage": stage.map(stage_name),
            "reason": reason,
            "containment": near.verdict.containment,
            "headlines": near.verdict.headlines,
            "tried": near.verdict.tried.iter()
                .map(|(stage, refusal)| json!({ "stage": stage_name(*stage), "reason": refusal.to_string() }))
                .collect::<Vec<_>>(),
        })
    });
    json!({
        "id": story.id,
        "title": story.lead().entry.article.title,
        "published": story.published,
        "updated": story.updated,
        "entries": entries.collect::<Vec<_>>(),
        "merged": told.merged.iter().map(|(id, at)| json!({ "id": id.urn().to_string(), "at": at })).collect::<Vec<_>>(),
        "nearest": nearest,
    })
}

fn page(told: &Told) -> String {
    let story = &told.story;
    let mut text = format!(
        "{}\n{}\npublished {:.0}, updated {:.0}, told by {}\n",
        story.lead().entry.article.title,
        story.id,
        story.published,
        story.updated,
        match story.members.len() {
            1 => "one entry".to_owned(),
            n => format!("{n} entries"),
        }
    );
    for (id, at) in &told.merged {
        text.push_str(&format!("the story {} became part of it on {at:.0}\n", id.urn()));
    }
    for (i, (member, revisions)) in story.members.iter().zip(&told.revisions).enumerate() {
        let entry = &member.entry;
        let lead = if i == 0 { " (speaks for the story)" } else { "" };
        text.push_str(&format!("\n  {}: {}{lead}\n", member.source.id, entry.article.title));
        if let Some(link) = &entry.article.link {
            text.push_str(&format!("    {link}\n"));
        }
        text.push_str(&format!("    guid {}, {:.0}\n", entry.guid, entry.published));
        match &member.why {
            Some(why) => {
                text.push_str(&format!("    {} {:.2}: {}\n", stage_name(why.stage), why.score, why.reason))
            }
            None => text.push_str("    founder: the first to tell it\n"),
        }
        if !entry.article.tags.is_empty() {
            text.push_str(&format!("    tags {}\n", entry.article.tags.join(", ")));
        }
        for revision in revisions {
            text.push_str(&format!("    until {:.0}: {}\n", revision.at, revision.title));
        }
    }
    match &told.nearest {
        Some(near) => {
            let (stage, reason) = kept_apart(&near.verdict);
            let member = near.story.members.iter().find(|m| m.entry.key == near.entry);
            let member = member.unwrap_or_else(|| near.story.lead());
            text.push_str(&format!(
                "\nNearest other story, not merged: {}\n  {}\n  {}: {}\n  {}: {reason}\n  {:.0} % of the shorter text stands in the longer, headlines {:.0} % alike\n",
                member.entry.article.title,
                near.story.id,
                member.source.id,
                member.entry.article.link.as_deref().unwrap_or(&member.entry.guid),
                stage.map_or("no stage", stage_name),
                near.verdict.containment * 100.0,
                near.verdict.headlines * 100.0,
            ));
        }
        None => text.push_str("\nNo other story comes near.\n"),
    }
    text
}
