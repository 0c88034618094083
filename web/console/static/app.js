// Comforts for people with scripts; every page works without them.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);

  // Light or dark without a reload; the cookie tells the server.
  for (const link of all("[data-theme-switch]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
      root.dataset.theme = theme;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `qianyi_theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    });
  }

  // Filters apply when they change; empty ones stay out of the address.
  for (const form of all("form[data-auto]")) {
    form.classList.add("auto");
    form.addEventListener("change", () => form.requestSubmit());
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.name && field.value === "") field.disabled = true;
      }
    });
  }
  addEventListener("pageshow", () => {
    for (const field of all("form[data-auto] :disabled")) field.disabled = false;
  });

  // Dangerous buttons ask first.
  const ask = one("#confirm-dialog");
  for (const button of all("button[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (button.dataset.sure === "yes" || !ask || !ask.showModal || !button.form.checkValidity()) return;
      event.preventDefault();
      ask.querySelector("[data-confirm-text]").textContent = button.dataset.confirm;
      ask.returnValue = "";
      ask.onclose = () => {
        if (ask.returnValue !== "yes") return;
        button.dataset.sure = "yes";
        button.form.requestSubmit(button);
      };
      ask.showModal();
    });
  }

  // A form that was sent is not sent again by a nervous second click.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      form.classList.add("sent");
    });
  }
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      form.classList.remove("sent");
    }
  });

  // "Use this" fills the form in place.
  const resolution = one("[data-resolution]");
  for (const link of all("[data-use]")) {
    link.addEventListener("click", (event) => {
      if (!resolution) return;
      event.preventDefault();
      resolution.value = link.closest(".suggestion").querySelector("p").textContent.trim();
      resolution.closest(".card").scrollIntoView({ block: "center" });
      resolution.focus();
    });
  }

  // One box ticks all rows.
  for (const box of all("[data-check-all]")) {
    box.addEventListener("change", () => {
      for (const row of box.closest("table").querySelectorAll("tbody input[type=checkbox]")) row.checked = box.checked;
    });
  }

  // The length of a text message as it is written; the server has the last word.
  for (const text of all("[data-sms]")) {
    const out = text.form.querySelector("[data-sms-count]");
    if (!out) continue;
    const say = () => {
      const n = Array.from(text.value).length;
      const parts = n <= 70 ? Math.min(n, 1) : Math.ceil(n / 67);
      out.textContent = out.dataset.smsWords.replace("{n}", n).replace("{s}", parts);
    };
    text.addEventListener("input", say);
    say();
    for (const variable of text.form.querySelectorAll("[data-insert]")) {
      variable.addEventListener("click", () => {
        text.setRangeText(variable.textContent, text.selectionStart, text.selectionEnd, "end");
        text.focus();
        say();
      });
    }
  }

  const toast = one(".toast");
  if (toast) {
    toast.addEventListener("click", () => toast.remove());
    setTimeout(() => toast.classList.add("gone"), 4000);
  }

  // Rows: a click anywhere opens the case, j and k move, Enter opens.
  const rows = all("[data-rows] [data-href]");
  let at = -1;
  const choose = (index) => {
    if (rows.length === 0) return;
    if (rows[at]) rows[at].removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, index));
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
  };
  for (const row of rows) {
    row.addEventListener("click", (event) => {
      if (event.target.closest("a, button, input, label, .c-check") || String(getSelection())) return;
      if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener");
      else location.assign(row.dataset.href);
    });
  }

  const keys = one("#keys-dialog");
  const showKeys = () => {
    if (keys && keys.showModal && !keys.open) keys.showModal();
    else location.assign("/keys");
  };
  for (const link of all("[data-open-keys]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      showKeys();
    });
  }

  const actions = {
    j: () => choose(at + 1),
    k: () => choose(at - 1),
    Enter: () => rows[at] && location.assign(rows[at].dataset.href),
    "/": () => one("[data-search]").select(),
    "?": showKeys,
    n: () => location.assign("/new"),
    q: () => location.assign("/"),
    a: () => one('.menu a[href="/clusters"]') && location.assign("/clusters"),
  };
  for (const button of all("button[data-key]")) {
    actions[button.dataset.key] = () => button.click();
  }
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing.form) {
      event.preventDefault();
      const button = typing.form.querySelector("button.primary") || typing.form.querySelector("button");
      if (button) button.click();
      return;
    }
    if (event.key === "Escape" && typing) typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key > "0" && event.key < "4") return;
    if (one("dialog[open]") || !one("body.with-menu")) return;
    if (event.key === "Enter" && event.target.closest("a, button")) return;
    const act = actions[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
