// What is said in the session, as it is said: server-sent events from the last number on, whatever connection dies.
class Stream {
  constructor(session, heard) {
    this.session = session;
    this.heard = heard; // ({ message } | { typing } | { state: "open" | "lost" | "refused" }) => void
    this.after = 0;
    this.tries = 0;
    addEventListener("online", () => this.connect());
  }

  async connect() {
    clearTimeout(this.timer);
    this.close();
    let token;
    try {
      token = await this.session.token();
    } catch (error) {
      if (error instanceof Refused) return this.heard({ state: "refused" });
      return this._later();
    }
    const source = new EventSource(`${this.session.url}/events?token=${token}&last_event_id=${this.after}`);
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.heard({ state: "open" });
    };
    source.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      this.after = Math.max(this.after, message.seq);
      this.heard({ message });
    });
    source.addEventListener("typing", () => this.heard({ typing: true }));
    source.addEventListener("end", (event) => {
      if (JSON.parse(event.data).reason === "expired") this.session.expire();
      this._later();
    });
    source.onerror = () => {
      // a browser tries again by itself, but for ever with the same token; we take a fresh one
      if (source.readyState === EventSource.CLOSED) this.session.expire();
      this._later();
    };
  }

  close() {
    if (this.source) this.source.close();
    this.source = null;
  }

  _later() {
    this.close();
    this.heard({ state: "lost" });
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), Math.min(MOST_WAIT, 250 * 2 ** this.tries) * (0.5 + Math.random() / 2));
  }
}
