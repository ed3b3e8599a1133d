// What the visitor wrote and the server has not kept yet. It outlives the page, and is posted under one id until it is.
const MOST_WAIT = 30_000;

class Outbox {
  constructor(session, shown) {
    this.session = session;
    this.shown = shown; // (message) => void, whenever the state of one changes
    this.waiting = (session.kept && session.kept.outbox) || [];
    this.tries = 0;
    addEventListener("online", () => this.flush());
  }

  add(text) {
    const message = { id: crypto.randomUUID(), text, at: new Date().toISOString(), state: "sending" };
    this.waiting.push(message);
    this._changed(message);
    return this.flush();
  }

  // A file does not outlive the page: it is posted now, or again by hand.
  addFile(file) {
    const message = { id: crypto.randomUUID(), text: `📎 ${file.name}`, at: new Date().toISOString(), state: "sending", file };
    this.waiting.push(message);
    this.shown(message);
    return this.flush();
  }

  again(message) {
    message.state = "sending";
    if (!this.waiting.includes(message)) this.waiting.push(message);
    this._changed(message);
    return this.flush();
  }

  // The stream has shown it: some earlier post arrived although its answer did not.
  arrived(id) {
    const message = this.waiting.find((each) => each.id === id);
    if (message) this._done(message, "sent");
  }

  // One after the other, so that order holds; one run at a time.
  async flush() {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    try {
      for (let message; (message = this.waiting.find((each) => each.state === "sending"));) {
        const wait = await this._post(message);
        if (wait !== null) {
          this.timer = setTimeout(() => this.flush(), wait);
          return;
        }
      }
    } finally {
      this.running = false;
    }
  }

  // null: settled; otherwise milliseconds until it is worth trying again.
  async _post(message) {
    let answer;
    try {
      const token = await this.session.token();
      answer = await fetch(this._url(message), {
        method: "POST", credentials: "omit",
        body: message.file || JSON.stringify({ client_message_id: message.id, text: message.text }),
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": message.file ? message.file.type || "application/octet-stream" : "application/json",
        },
      });
    } catch (error) {
      if (error instanceof Refused) return this._done(message, "failed");
      return this._later();
    }
    if (answer.ok) {
      this.tries = 0;
      message.seq = (await answer.json()).seq;
      return this._done(message, "sent");
    }
    if (answer.status === 401) this.session.expire();
    if ([401, 408, 429].includes(answer.status) || answer.status >= 500) {
      return Number(answer.headers.get("retry-after")) * 1000 || this._later();
    }
    return this._done(message, answer.status === 413 ? "large" : "failed");
  }

  _url(message) {
    if (!message.file) return `${this.session.url}/messages`;
    return `${this.session.url}/files?client_message_id=${message.id}&name=${encodeURIComponent(message.file.name)}`;
  }

  _later() {
    this.tries += 1;
    return Math.min(MOST_WAIT, 500 * 2 ** this.tries) * (0.5 + Math.random() / 2);
  }

  _done(message, state) {
    message.state = state;
    this.waiting = this.waiting.filter((each) => each !== message);
    this._changed(message);
    return null;
  }

  _changed(message) {
    this.session.keep({ outbox: this.waiting.filter((each) => !each.file) });
    this.shown(message);
  }
}
