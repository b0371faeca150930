//! What is said between subscribers and hubs: forms and query strings (WebSub §5).

use url::Url;
use url::form_urlencoded::{self, Serializer};

/// No honest callback or topic is longer, in bytes.
const LONGEST_URL: usize = 2048;

/// WebSub §5.1: "MUST be less than 200 bytes in length".
const LONGEST_SECRET: usize = 200;

/// What somebody wants of our hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubRequest {
    /// To subscribe; else to unsubscribe.
    pub subscribes: bool,
    /// To what.
    pub topic: Url,
    /// Where it is to be sent.
    pub callback: Url,
    /// For how long, in seconds.
    pub lease_seconds: Option<u64>,
    /// What it is to be signed with.
    pub secret: Option<Vec<u8>>,
}

impl HubRequest {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence for the one who sent it.
    pub fn read(form: &[u8]) -> Result<Self, &'static str> {
        let (mut subscribes, mut topic, mut callback, mut lease_seconds, mut secret) =
            (None, None, None, None, None);
        for (name, value) in form_urlencoded::parse(form) {
            match &*name {
                "hub.mode" => {
                    subscribes = Some(match &*value {
                        "subscribe" => true,
                        "unsubscribe" => false,
                        "publish" => {
                            return Err("this hub publishes what kariz publishes, and needs no ping");
                        }
                        _ => return Err("hub.mode must be subscribe or unsubscribe"),
                    });
                }
                "hub.topic" => topic = Some(address(&value).ok_or("hub.topic must be an http(s) address")?),
                "hub.callback" => {
                    callback = Some(
                        address(&value)
                            .ok_or("hub.callback must be an http(s) address without credentials")?,
                    );
                }
                "hub.lease_seconds" if !value.is_empty() => {
                    lease_seconds = Some(value.parse().map_err(|_| "hub.lease_seconds must be a number")?);
                }
                "hub.secret" if value.len() >= LONGEST_SECRET => {
                    return Err("hub.secret must be shorter than 200 bytes");
                }
                "hub.secret" if !value.is_empty() => secret = Some(value.into_owned().into_bytes()),
                _ => {}
            }
        }
        Ok(Self {
            subscribes: subscribes.ok_or("hub.mode is missing")?,
            topic: topic.ok_or("hub.topic is missing")?,
            callback: callback.ok_or("hub.callback is missing")?,
            lease_seconds,
            secret,
        })
    }

    /// The address that verifies the intent of the subscriber (WebSub §5.3): its callback, with what is asked in the
    /// query beside its own.
    pub fn verification(&self, challenge: &str, lease_seconds: u64) -> Url {
        let mut url = self.callback.clone();
        url.set_fragment(None);
        let mut query = url.query_pairs_mut();
        query
            .append_pair("hub.mode", if self.subscribes { "subscribe" } else { "unsubscribe" })
            .append_pair("hub.topic", self.topic.as_str())
            .append_pair("hub.challenge", challenge);
        if self.subscribes {
            query.append_pair("hub.lease_seconds", &lease_seconds.to_string());
        }
        drop(query);
        url
    }
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST_URL)?;
    let plain = url.username().is_empty() && url.password().is_none();
    (plain && matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// What a hub says to our callback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// `subscribe`, `unsubscribe` or `denied`.
    pub mode: String,
    /// To what.
    pub topic: String,
    /// To be sent back.
    pub challenge: Option<String>,
    /// For how long, in seconds.
    pub lease_seconds: Option<u64>,
    /// Why we are denied.
    pub reason: Option<String>,
}

impl Verification {
    /// Reads the query string.
    pub fn read(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "hub.mode" => read.mode = value.into_owned(),
                "hub.topic" => read.topic = value.into_owned(),
                "hub.challenge" => read.challenge = Some(value.into_owned()),
                "hub.lease_seconds" => read.lease_seconds = value.parse().ok(),
                "hub.reason" => read.reason = Some(value.into_owned()),
                _ => {}
            }
        }
        read
    }
}

/// The form with which we ask a hub to push `topic` to `callback`.
pub fn subscription(topic: &str, callback: &Url, secret: &str, lease_seconds: u64) -> String {
    Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", topic)
        .append_pair("hub.callback", callback.as_str())
        .append_pair("hub.secret", secret)
        .append_pair("hub.lease_seconds", &lease_seconds.to_string())
        .finish()
}

/// The form with which we ask a hub to push no more.
pub fn unsubscription(topic: &str, callback: &Url) -> String {
    Serializer::new(String::new())
        .append_pair("hub.mode", "unsubscribe")
        .append_pair("hub.topic", topic)
        .append_pair("hub.callback", callback.as_str())
        .finish()
}

/// The form that tells a hub of news. WebSub leaves it to hubs; `hub.url` is what those of PubSubHubbub 0.4 want,
/// `hub.topic` what later ones do.
pub fn ping(topic: &Url) -> String {
    Serializer::new(String::new())
        .append_pair("hub.mode", "publish")
        .append_pair("hub.url", topic.as_str())
        .append_pair("hub.topic", topic.as_str())
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_whole_or_refused_with_a_reason() {
        let form = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Fatom.xml&hub.callback=https%3A%2F%2Fb.example%2Fx%3Fy%3D1%26z\
            &hub.lease_seconds=60&hub.secret=s%26t&hub.extra=1";
        let read = HubRequest::read(form.as_bytes()).unwrap();
        assert_eq!(
            (read.subscribes, read.lease_seconds, read.secret.as_deref()),
            (true, Some(60), Some(&b"s&t"[..]))
        );
        assert_eq!(
            read.verification("c h", 3600).as_str(),
            "https://b.example/x?y=1&z&hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Fatom.xml&hub.challenge=c+h\
             &hub.lease_seconds=3600"
        );
        for (from, to, part) in [
            ("hub.mode=subscribe", "hub.mode=buy", "hub.mode"),
            ("hub.mode=subscribe", "", "hub.mode"),
            ("hub.topic=https", "hub.topic=file", "hub.topic"),
            ("hub.callback=https%3A%2F%2F", "hub.callback=https%3A%2F%2Fme%3Apw%40", "hub.callback"),
            ("hub.callback=https", "hub.callback=gopher", "hub.callback"),
            ("hub.callback=", "hub.callbacks=", "hub.callback"),
            ("seconds=60", "seconds=-60", "hub.lease_seconds"),
        ] {
            let why = HubRequest::read(form.replace(from, to).as_bytes()).unwrap_err();
            assert!(why.contains(part), "{to}: {why}");
        }
        assert!(
            HubRequest::read(
                format!("{form}{}", "&hub.secret=").replace("s%26t", &"s".repeat(200)).as_bytes()
            )
            .is_err()
        );
        assert!(HubRequest::read(b"").is_err());
    }

    #[test]
    fn what_a_hub_says_is_read() {
        let said = Verification::read(
            "id=1&hub.mode=subscribe&hub.topic=http%3A%2F%2Fa%2F&hub.challenge=%3Cb%3E&hub.lease_seconds=5",
        );
        assert_eq!((said.mode.as_str(), said.topic.as_str()), ("subscribe", "http://a/"));
        assert_eq!((said.challenge.as_deref(), said.lease_seconds), (Some("<b>"), Some(5)));
        assert_eq!(Verification::read(""), Verification::default());
    }
}
