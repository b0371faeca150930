// Two comforts; without this file the page says and does the same, in more words.
"use strict";

// "3 hours ago" beside the exact time: a file that lies still cannot know how long ago it was written.
(() => {
  if (!("RelativeTimeFormat" in Intl)) return;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
  const tell = () => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const minutes = (Date.parse(time.dateTime) - Date.now()) / 60000;
      let ago = time.querySelector(".ago");
      if (Math.abs(minutes) > 24 * 60) {
        if (ago) ago.remove();
        continue;
      }
      if (!ago) {
        ago = document.createElement("span");
        ago.className = "ago";
        time.append(" ", ago);
      }
      ago.textContent = Math.abs(minutes) < 60
        ? words.format(Math.round(minutes), "minute")
        : words.format(Math.round(minutes / 60), "hour");
    }
  };
  tell();
  setInterval(tell, 60000);
})();

// A button that copies a feed's address.
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const link = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(link.href);
      const before = button.textContent;
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = before; }, 1500);
    });
  }
})();
