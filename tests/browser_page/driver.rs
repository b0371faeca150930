//! The browser: how it is started, told what to look like, and photographed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

/// The WebDriver's process; ends with the test.
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// `None` where there is no browser and none is demanded.
    pub fn start() -> Option<Self> {
        let demanded = std::env::var("KARIZ_BROWSER").is_ok_and(|v| v == "1");
        let started =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let has_browser = ["chromium", "google-chrome"]
            .iter()
            .any(|name| Command::new(name).arg("--version").stderr(Stdio::null()).output().is_ok());
        let mut process = match started {
            Ok(process) if has_browser => process,
            Ok(mut process) => {
                let _ = process.kill();
                let _ = process.wait();
                return Self::skip(demanded);
            }
            Err(_) => return Self::skip(demanded),
        };
        let out = process.stdout.take().unwrap();
        let mut lines = BufReader::new(out).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split("successfully on port ").nth(1).map(|p| p.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        // Whoever writes into a full pipe stops.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, url: format!("http://127.0.0.1:{port}") })
    }

    fn skip(demanded: bool) -> Option<Self> {
        assert!(!demanded, "KARIZ_BROWSER=1, but chromium or chromedriver is not installed");
        eprintln!(
            "SKIPPED: chromium and chromedriver are not installed; the page was not looked at in a browser"
        );
        None
    }

    pub async fn open(&self) -> WebDriver {
        let mut wishes = DesiredCapabilities::chrome();
        for argument in
            ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en"]
        {
            wishes.add_arg(argument).unwrap();
        }
        if Command::new("google-chrome").arg("--version").stderr(Stdio::null()).output().is_err() {
            wishes.set_binary("/usr/bin/chromium").unwrap();
        }
        wishes.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        wishes.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
        WebDriver::new(&self.url, wishes).await.unwrap()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub async fn cdp(browser: &WebDriver, method: &str, parameters: Value) -> Value {
    browser.cdp().send_raw(method, parameters).await.unwrap()
}

pub async fn size(browser: &WebDriver, width: u32) {
    let parameters = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600});
    cdp(browser, "Emulation.setDeviceMetricsOverride", parameters).await;
}

pub async fn scheme(browser: &WebDriver, scheme: &str) {
    let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    cdp(browser, "Emulation.setEmulatedMedia", json!({"features": features})).await;
}

pub async fn run(browser: &WebDriver, script: &str) -> Value {
    browser.execute(script, vec![]).await.unwrap().json().clone()
}

fn screenshots() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let dir = target.join("screenshots");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// All of the page, however long.
pub async fn picture(browser: &WebDriver, name: &str) {
    // Pictures load when they are near: go down once, so that none is missing.
    run(browser, "for (const i of document.images) i.loading = 'eager'").await;
    let script = "return (async () => { await Promise.all([...document.images].map(i => i.decode().catch(() => 0))); \
                  return [document.documentElement.clientWidth, document.documentElement.scrollHeight]; })()";
    let area = run(browser, script).await;
    let clip = json!({"x": 0, "y": 0, "width": area[0], "height": area[1], "scale": 1});
    let shot =
        cdp(browser, "Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip})).await;
    let png = base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    std::fs::write(screenshots().join(format!("{name}.png")), png).unwrap();
}
