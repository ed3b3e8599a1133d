// What the visitor sees. Everything is made of elements and text, never of markup: what people write stays text.
function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// The text with its web addresses as links.
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/).map((part, n) =>
    n % 2 ? made("a", { href: part, target: "_blank", rel: "noopener noreferrer nofollow" }, part) : part);
}

class View {
  constructor(options, { words, language, direction }, acts) {
    this.words = words;
    this.language = language;
    this.acts = acts; // { said(text), attached(file), again(message), opened() }
    this.bubbles = new Map();
    this.host = made("div", { lang: language });
    const root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    if (options.color && CSS.supports("color", options.color)) sheet.insertRule(`:host { --accent: ${options.color} }`, sheet.cssRules.length);
    root.adoptedStyleSheets = [sheet]; // allowed under every Content-Security-Policy, unlike a style element

    this.badge = made("span", { class: "badge", hidden: true });
    this.launcher = made("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-controls": "panel",
      "aria-label": words.open, onclick: () => (this.isOpen ? this.close() : this.open()) }, made("span", { class: "icon", "aria-hidden": "true" }), this.badge);
    this.log = made("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: "0" });
    this.notice = made("p", { class: "notice", role: "status", hidden: true });
    this.typing = made("p", { class: "typing", hidden: true }, made("span", { "aria-hidden": "true" }), options.title ? `${options.title} ${words.typing}` : words.we);
    this.input = made("textarea", { rows: "1", maxlength: "4000", "aria-label": words.write, placeholder: words.write, dir: "auto",
      onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this._submit(event); } });
    const file = made("input", { type: "file", hidden: true, tabindex: "-1", "aria-hidden": "true",
      onchange: () => { for (const each of file.files) acts.attached(each); file.value = ""; } });
    this.panel = made("section", { id: "panel", class: "panel", role: "dialog", "aria-label": options.title || words.title, hidden: true,
      onkeydown: (event) => { if (event.key === "Escape") this.close(); } },
      made("header", {}, made("h2", {}, options.title || words.title),
        made("button", { class: "close", type: "button", "aria-label": words.close, onclick: () => this.close() }, "×")),
      this.log, this.typing, this.notice,
      made("form", { onsubmit: (event) => this._submit(event) },
        made("button", { class: "attach", type: "button", "aria-label": words.attach, onclick: () => file.click() }, "+"), file,
        this.input, made("button", { class: "send", type: "submit", "aria-label": words.send }, "➤")));
    root.append(made("div", { class: `root ${options.position} ${options.theme}`, dir: options.dir || direction }, this.panel, this.launcher));
    this.log.append(this._bubble({ direction: "out", text: options.greeting || words.greeting }).item);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  open() {
    this.panel.hidden = false;
    this.launcher.setAttribute("aria-expanded", "true");
    this.launcher.setAttribute("aria-label", this.words.close);
    this._toEnd();
    this.input.focus();
    this.acts.opened();
  }

  close() {
    this.panel.hidden = true;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.setAttribute("aria-label", this.words.open);
    this.launcher.focus();
  }

  // A message, new or changed; `key` is the visitor's id of it, or its number.
  show(key, message) {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40;
    let bubble = this.bubbles.get(key);
    if (!bubble) {
      bubble = this._bubble(message);
      this.bubbles.set(key, bubble);
      this.log.append(bubble.item);
    }
    if (message.seq) this._place(bubble, message.seq);
    if (message.state) this._mark(bubble, message);
    if (message.direction === "out") this.typing.hidden = true;
    if (atEnd || message.direction === "in") this._toEnd();
  }

  write(on) {
    this.typing.hidden = !on;
    if (on) this._toEnd();
  }

  tell(text) {
    this.notice.hidden = !text;
    this.notice.textContent = text || "";
  }

  count(unread) {
    this.badge.hidden = unread === 0;
    this.badge.textContent = unread > 99 ? "99+" : String(unread);
    if (!this.isOpen) this.launcher.setAttribute("aria-label", unread ? `${this.words.open}, ${this.words.unread}: ${unread}` : this.words.open);
  }

  _submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.acts.said(text);
  }

  _bubble({ direction, text, at }) {
    const mark = made("span", { class: "mark" });
    const time = at ? made("time", { datetime: at }, new Date(at).toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" })) : "";
    const item = made("div", { class: `bubble ${direction}` }, made("p", { dir: "auto" }, ...linked(text)), made("small", {}, time, mark));
    return { item, mark };
  }

  // The server's order is the order, whatever came first.
  _place(bubble, seq) {
    if (bubble.seq === seq) return;
    bubble.seq = seq;
    bubble.item.dataset.seq = seq;
    const others = [...this.log.children].filter((each) => each.dataset.seq && each !== bubble.item);
    const later = others.find((each) => Number(each.dataset.seq) > seq), last = others.at(-1);
    if (later) later.before(bubble.item);
    else if (last && bubble.item.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) last.after(bubble.item);
  }

  _mark(bubble, message) {
    const { words } = this;
    bubble.item.dataset.state = message.state;
    if (message.state === "sent") bubble.mark.replaceChildren(made("span", { "aria-label": words.sent, role: "img" }, " ✓"));
    else if (message.state === "sending") bubble.mark.replaceChildren(made("span", { "aria-label": words.sending, role: "img" }, " 🕓"));
    else bubble.mark.replaceChildren(` ${message.state === "large" ? words.large : words.failed} `,
      made("button", { type: "button", onclick: () => this.acts.again(message) }, words.again));
  }

  _toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }
}
