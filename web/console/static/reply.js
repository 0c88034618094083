// The reply box: the check while one writes, and the draft of the model as it
// comes. Without this file its buttons load pages that do the same.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-reply]")) {
    const path = form.dataset.reply;
    const text = form.querySelector("[data-reply-text]");
    const verdict = form.querySelector("[data-verdict]");
    const drafted = form.querySelector("[data-drafted]");
    const fields = () => new URLSearchParams(new FormData(form));

    let timer = 0;
    let asked = 0;
    const check = async () => {
      const turn = ++asked;
      if (text.value.trim() === "") {
        verdict.replaceChildren();
        return;
      }
      const body = fields();
      body.set("part", "1");
      try {
        const answer = await fetch(`${path}/check`, { method: "POST", body });
        if (!answer.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (turn === asked) verdict.replaceChildren(...page.body.childNodes);
      } catch {
        // The connection is gone: the check at sending has the last word.
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(check, 500);
    };
    form.addEventListener("input", soon);

    // The draft of the model appears sentence by sentence; the last event has
    // the text that counts. What somebody wrote is not overwritten unasked.
    const button = form.querySelector("[data-draft]");
    if (button && window.EventSource) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const before = text.value;
        const chosen = fields();
        const query = new URLSearchParams({ solution: chosen.get("solution") || "", amount: chosen.get("amount") || "" });
        const stream = new EventSource(`${path}/draft?${query}`);
        const end = (words) => {
          stream.close();
          button.disabled = false;
          text.readOnly = false;
          drafted.textContent = words;
        };
        button.disabled = true;
        text.readOnly = true;
        text.value = "";
        drafted.textContent = form.dataset.writing;
        stream.addEventListener("sentence", (event) => { text.value += JSON.parse(event.data); });
        stream.addEventListener("done", (event) => {
          const draft = JSON.parse(event.data);
          text.value = draft.text;
          end(draft.drafted);
          soon();
        });
        const fail = () => {
          text.value = before;
          end(form.dataset.failed);
        };
        stream.addEventListener("failed", fail);
        stream.addEventListener("error", fail);
      });
    }

    if (text.value.trim() !== "" && verdict.childElementCount === 0) soon();
  }
})();
