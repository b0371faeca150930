//! Services whose feeds have known addresses.

use url::Url;

use super::is_of;

/// What the service behind an address is known for.
pub(super) fn conventions(address: &Url) -> Vec<Url> {
    let host = address.host_str().unwrap_or_default().trim_start_matches("www.");
    let parts: Vec<&str> =
        address.path_segments().map(|s| s.filter(|p| !p.is_empty()).collect()).unwrap_or_default();
    let query = |name: &str| address.query_pairs().find(|(k, _)| k == name).map(|(_, v)| v.into_owned());
    let origin = format!(
        "{}://{}{}",
        address.scheme(),
        address.host_str().unwrap_or_default(),
        address.port().map(|p| format!(":{p}")).unwrap_or_default()
    );
    let mut out: Vec<String> = Vec::new();
    match host {
        h if is_of(h, "youtube.com") => {
            const VIDEOS: &str = "https://www.youtube.com/feeds/videos.xml";
            if let Some(list) = query("list") {
                out.push(format!("{VIDEOS}?playlist_id={list}"));
            }
            match parts[..] {
                ["channel", id, ..] => out.push(format!("{VIDEOS}?channel_id={id}")),
                ["user", name, ..] => out.push(format!("{VIDEOS}?user={name}")),
                // A handle's or a custom name's channel is known only from its page: `discover` reads it there.
                _ => {}
            }
        }
        "github.com" => match parts[..] {
            [owner, repository, "commits", branch, ..] => {
                out.push(format!("https://github.com/{owner}/{repository}/commits/{branch}.atom"))
            }
            [owner, repository, "tree", branch, ..] => {
                out.push(format!("https://github.com/{owner}/{repository}/commits/{branch}.atom"))
            }
            // The part of the repository that was looked at.
            [owner, repository, part @ ("tags" | "releases" | "commits" | "wiki"), ..] => {
                out.push(format!("https://github.com/{owner}/{repository}/{part}.atom"))
            }
            [owner, repository, "discussions", ..] => {
                out.push(format!("https://github.com/{owner}/{repository}/discussions.atom"))
            }
            [owner, repository, ..] => {
                for what in ["releases", "tags", "commits"] {
                    out.push(format!("https://github.com/{owner}/{repository}/{what}.atom"));
                }
            }
            [owner] => out.push(format!("https://github.com/{owner}.atom")),
            _ => {}
        },
        h if is_of(h, "reddit.com") => {
            if !parts.is_empty() {
                out.push(format!("https://www.reddit.com/{}/.rss", parts.join("/")));
            } else {
                out.push("https://www.reddit.com/.rss".to_owned());
            }
        }
        "medium.com" => match parts[..] {
            ["tag", tag, ..] => out.push(format!("https://medium.com/feed/tag/{tag}")),
            [name, ..] => out.push(format!("https://medium.com/feed/{name}")),
            _ => {}
        },
        "substack.com" => {
            if let Some(name) = parts.first().and_then(|p| p.strip_prefix('@')) {
                out.push(format!("https://{name}.substack.com/feed"));
            }
        }
        h if is_of(h, "medium.com") || is_of(h, "substack.com") => out.push(format!("{origin}/feed")),
        h if is_of(h, "tumblr.com") => match parts[..] {
            ["blog", "view", name, ..] | ["blog", name, ..] | [name, ..] if h == "tumblr.com" => {
                out.push(format!("https://{}.tumblr.com/rss", name.trim_start_matches('@')))
            }
            ["tagged", tag, ..] => out.push(format!("{origin}/tagged/{tag}/rss")),
            _ => out.push(format!("{origin}/rss")),
        },
        h if h.contains(".blogspot.") => {
            if let ["search", "label", label, ..] = parts[..] {
                out.push(format!("{origin}/feeds/posts/default/-/{label}"));
            }
            out.push(format!("{origin}/feeds/posts/default"));
            out.push(format!("{origin}/feeds/posts/default?alt=rss"));
        }
        h if is_of(h, "wordpress.com") => out.push(format!("{origin}/feed/")),
        "bsky.app" => {
            if let ["profile", name, ..] = parts[..] {
                out.push(format!("https://bsky.app/profile/{name}/rss"));
            }
        }
        "vimeo.com" => {
            if let [name, ..] = parts[..] {
                out.push(format!("https://vimeo.com/{name}/videos/rss"));
            }
        }
        "soundcloud.com" | "t.me" | "x.com" | "twitter.com" | "instagram.com" => {}
        "dev.to" => {
            if let [name, ..] = parts[..] {
                out.push(format!("https://dev.to/feed/{name}"));
            }
        }
        "news.ycombinator.com" => out.push("https://news.ycombinator.com/rss".to_owned()),
        "lobste.rs" => out.push(match parts[..] {
            ["t", tag, ..] => format!("https://lobste.rs/t/{tag}.rss"),
            _ => "https://lobste.rs/rss".to_owned(),
        }),
        "crates.io" => {
            if let ["crates", name, ..] = parts[..] {
                out.push(format!("https://static.crates.io/rss/crates/{name}.xml"));
            }
        }
        "pypi.org" => {
            if let ["project", name, ..] = parts[..] {
                out.push(format!("https://pypi.org/rss/project/{name}/releases.xml"));
            }
        }
        h if is_of(h, "stackexchange.com") || is_of(h, "stackoverflow.com") => {
            if let ["questions", "tagged", tag, ..] = parts[..] {
                out.push(format!("{origin}/feeds/tag/{tag}"));
            } else {
                out.push(format!("{origin}/feeds"));
            }
        }
        "podcasts.apple.com" => {}
        h if is_of(h, "gitlab.com") || h.starts_with("gitlab.") => gitlab(&origin, &parts, &mut out),
        h if h == "codeberg.org" || h.starts_with("gitea.") || h.starts_with("forgejo.") => match parts[..] {
            [owner, repository, ..] => {
                out.push(format!("{origin}/{owner}/{repository}/releases.rss"));
                out.push(format!("{origin}/{owner}/{repository}.rss"));
            }
            [owner] => out.push(format!("{origin}/{owner}.rss")),
            _ => {}
        },
        _ => match parts[..] {
            // Mastodon and its kin; a name from elsewhere has its feed there. Lemmy: c and u.
            ["web", handle, ..] if handle.starts_with('@') && handle.len() > 1 => {
                out.push(format!("{origin}/{handle}.rss"))
            }
            [handle, ..] if elsewhere(handle).is_some() => {
                out.extend(elsewhere(handle).map(|(name, host)| format!("https://{host}/@{name}.rss")))
            }
            [handle, ..] if handle.starts_with('@') && handle.len() > 1 => {
                out.push(format!("{origin}/{handle}.rss"))
            }
            ["users", name, ..] => out.push(format!("{origin}/users/{name}.rss")),
            ["tags", tag, ..] => out.push(format!("{origin}/tags/{tag}.rss")),
            ["c", community] => out.push(format!("{origin}/feeds/c/{community}.xml")),
            ["u", user] => out.push(format!("{origin}/feeds/u/{user}.xml")),
            _ => {}
        },
    }
    out.iter().filter_map(|u| Url::parse(u).ok()).collect()
}

/// `@name@host`: an account of another server.
fn elsewhere(handle: &str) -> Option<(&str, &str)> {
    let (name, host) = handle.strip_prefix('@')?.split_once('@')?;
    (!name.is_empty() && host.contains('.')).then_some((name, host))
}

fn gitlab(origin: &str, parts: &[&str], out: &mut Vec<String>) {
    let project = match parts.iter().position(|p| *p == "-") {
        Some(at) => &parts[..at],
        None => parts,
    };
    if project.len() >= 2 {
        let project = project.join("/");
        out.push(format!("{origin}/{project}/-/releases.atom"));
        out.push(format!("{origin}/{project}/-/tags?format=atom"));
        out.push(format!("{origin}/{project}.atom"));
    } else if let [group] = project {
        out.push(format!("{origin}/{group}.atom"));
    }
}
