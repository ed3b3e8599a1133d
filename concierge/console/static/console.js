// What pages do beyond their forms and links: nothing here is needed to work, everything makes it pleasanter.
{  // a block: an answer that is written over a page runs this again

// Tables know their headings in every cell, so that a phone can show each row as a card.
const label = (root) => {
  for (const table of root.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("thead th")].map((each) => each.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, n) => cell.colSpan === 1 && (cell.dataset.label = heads[n] || ""));
    table.classList.add("cards");
  }
};

// A table that is wider than its page is scrolled by keyboard too.
const reach = () => {
  for (const each of document.querySelectorAll(".scroll"))
    each.scrollWidth > each.clientWidth ? each.setAttribute("tabindex", "0") : each.removeAttribute("tabindex");
};
addEventListener("resize", reach);

// Forms ask first where something cannot be undone; one that is refused says so beside its fields and keeps what was
// typed; one that is sent cannot be sent twice.
const clear = (form) => {
  document.querySelectorAll(".fault").forEach((each) => each.remove());
  form.querySelectorAll("[aria-invalid]").forEach((each) => ["aria-invalid", "aria-describedby"].forEach((name) => each.removeAttribute(name)));
};
const fieldAt = (form, pointer) => {
  const names = pointer.split("/").filter(Boolean).reverse();
  return names.map((name) => form.elements.namedItem(name)).find((each) => each instanceof Element && each.type !== "hidden");
};
const complain = (form, faults, reason) => {
  const rest = [];
  let first = null;
  for (const [pointer, wrong] of faults) {
    const field = fieldAt(form, pointer);
    if (!field) { rest.push(`${pointer.replace(/^\//, "") || "the form"}: ${wrong}`); continue; }
    const said = Object.assign(document.createElement("small"), { className: "fault bad", id: `fault-${field.name}`, textContent: wrong });
    field.after(said);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
    first = first || field;
  }
  if (!faults.length) rest.push(reason);
  if (rest.length) {
    const said = Object.assign(document.createElement("p"), { className: "fault bad", role: "alert", textContent: rest.join("; ") });
    const typed = form.querySelector("input:not([type=hidden]), textarea, select");
    if (!typed) said.append(". ", Object.assign(document.createElement("a"), { href: location.href, textContent: "See it as it is now" }));
    typed ? form.append(said) : document.querySelector("h1").after(said);
    said.scrollIntoView({ block: "nearest" });
  }
  if (first) { first.closest("details")?.setAttribute("open", ""); first.focus(); }
};

const place = () => location.pathname + location.search;

// What was typed when the session had ended waits in this tab until its page is shown again; secrets do not.
const signedOut = (form, address) => {
  const login = new URL(address), here = place();
  if (login.pathname !== "/console/login") return null;
  const typed = [...form.elements].filter((each) => each.matches("textarea, select, input:not([type=hidden], [type=password])"));
  if (form.autocomplete !== "off") {
    const fields = typed.filter((each) => each.name && each.type !== "checkbox" && each.type !== "radio").map((each) => [each.name, each.value]);
    sessionStorage.setItem("typed", JSON.stringify({ here, action: form.getAttribute("action"), fields }));
  }
  login.searchParams.set("next", here);
  return login.href;
};
const typeAgain = () => {
  const kept = JSON.parse(sessionStorage.getItem("typed") || "null");
  if (kept?.here !== place()) return;
  sessionStorage.removeItem("typed");
  const form = [...document.forms].find((each) => each.getAttribute("action") === kept.action);
  for (const [name, value] of form ? kept.fields : []) {
    const field = form.elements.namedItem(name);
    if (field instanceof Element) field.value = value;
  }
};
document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (event.defaultPrevented) return;
  if (form.dataset.sure && !window.confirm(form.dataset.sure)) return event.preventDefault();
  if (form.getAttribute("method") !== "post" || "plain" in form.dataset) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const answer = await fetch(button?.getAttribute("formaction") || form.getAttribute("action"), { method: "POST", body });
    const away = answer.redirected && (signedOut(form, answer.url) || (!answer.ok && answer.url));
    if (away) return location.assign(away);
    const html = await answer.text();
    if (answer.ok) {  // the page that follows has come with the answer: it is not asked for again, and begins at its top
      if (answer.redirected) history.pushState(null, "", answer.url);
      scrollTo(0, 0);
      document.open();
      document.write(html);
      return document.close();
    }
    const next = new DOMParser().parseFromString(html, "text/html");
    clear(form);
    const faults = [...next.querySelectorAll("[data-at]")].map((each) => [each.dataset.at, each.querySelector("span").textContent]);
    complain(form, faults, next.getElementById("reason")?.textContent || `The server answered ${answer.status}.`);
  } catch {
    clear(form);
    complain(form, [], "The server did not answer. Look whether it was done before you try again.");
  }
  form.ariaBusy = null;
});

// A page that was written over another one has no document to go back to: that of the address is loaded.
let shown = place();
addEventListener("popstate", () => { if (place() !== shown) location.reload(); });

// Live parts rest while nobody looks or somebody is using them, and are drawn anew only when something changed.
document.addEventListener("htmx:beforeRequest", (event) => {
  const live = event.target.closest("[data-live]");
  if (live && (document.visibilityState !== "visible" || live.contains(document.activeElement))) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target.closest("[data-live]");
  if (!part) return;
  const parts = [part.id, ...(part.getAttribute("hx-select-oob") || "").split(",").filter(Boolean).map((id) => id.slice(1))];
  const next = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
  label(next);
  event.detail.serverResponse = next.documentElement.outerHTML;
  const is = (id) => document.getElementById(id)?.innerHTML === next.getElementById(id)?.innerHTML;
  if (parts.every(is)) event.detail.shouldSwap = false;
});

// A conversation stays at its end, unless somebody has gone back to read.
let atEnd = true;
const toTheNewest = () => {
  const talk = document.getElementById("talk");
  if (!talk) return;
  if (atEnd) talk.scrollTop = talk.scrollHeight;
  talk.onscroll = () => { atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40; };
};
document.addEventListener("htmx:afterSettle", () => { toTheNewest(); reach(); });
document.addEventListener("DOMContentLoaded", () => {
  label(document);
  reach();
  typeAgain();
  toTheNewest();
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const url = new URL(location);
  if (url.searchParams.has("said")) {  // said once, not again with every reload
    url.searchParams.delete("said");
    history.replaceState(null, "", url);
    shown = place();
  }
  if (location.hash) document.querySelector(`details${location.hash}`)?.setAttribute("open", "");
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent).then(() => { button.textContent = "Copied"; });
  const link = event.target.closest('a[href^="#"]');
  if (link) document.querySelector(`details${link.hash}`)?.setAttribute("open", "");
});
}
