// News while a page is open: new complaints on the workbench, who else is in a
// case. Streams close with the tab out of sight: a browser has few connections.
"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  const listen = (address, events) => {
    let stream = null;
    const open = () => {
      if (stream || document.hidden) return;
      stream = new EventSource(address);
      for (const [name, act] of Object.entries(events)) {
        stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
      }
    };
    const close = () => {
      if (stream) stream.close();
      stream = null;
    };
    document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    open();
  };

  const arrived = one("[data-live]");
  if (arrived && window.EventSource) {
    const title = document.title;
    listen(arrived.dataset.live, {
      arrived: ({ count }) => {
        arrived.querySelector("span").textContent = arrived.dataset.words.replace("{n}", count > 98 ? "99+" : count);
        arrived.hidden = count === 0;
        document.title = count === 0 ? title : `(${count}) ${title}`;
      },
    });
  }

  const watch = one("[data-watch]");
  if (watch && window.EventSource) {
    const present = watch.querySelector("[data-present]");
    const changed = watch.querySelector("[data-changed]");
    listen(watch.dataset.watch, {
      present: (people) => {
        present.replaceChildren(...people.map(({ name, busy }) => {
          const who = document.createElement("span");
          who.className = busy ? "busy" : "";
          who.textContent = (busy ? watch.dataset.busy : watch.dataset.here).replace("{who}", name);
          return who;
        }));
        present.hidden = people.length === 0;
      },
      changed: () => { changed.hidden = false; },
    });
    let beaten = 0;
    document.addEventListener("input", (event) => {
      if (!event.target.closest("form[method=post]") || Date.now() - beaten < 30000) return;
      beaten = Date.now();
      fetch(watch.dataset.beat, { method: "POST", keepalive: true }).catch(() => {});
    });
  }

  // A menu closes when something else is clicked; what is used opens its form.
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu-button[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest("[data-use]")) {
      const form = one("[data-resolution]");
      const box = form && form.closest("details");
      if (box) box.open = true;
    }
  }, true);
})();
