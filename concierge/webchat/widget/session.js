// Who the visitor is: a session and its token, kept in the page's storage; no cookie is set or read.
class Refused extends Error {}

class Session {
  constructor(options) {
    this.options = options;
    this.place = `concierge:${options.api}:${options.widget}:${options.userId || ""}`;
    this.kept = this._read();
  }

  // A token that is good for another minute; asked for once, whoever wants it meanwhile.
  token() {
    if (this.kept && Date.parse(this.kept.expires_at) - Date.now() > 60_000) return Promise.resolve(this.kept.token);
    this._opening ||= this._open().finally(() => { this._opening = null; });
    return this._opening;
  }

  // The token was refused: the next one is a new one.
  expire() {
    if (this.kept) this.keep({ expires_at: new Date(0).toISOString() });
  }

  keep(facts) {
    this.kept = { ...this.kept, ...facts };
    try { localStorage.setItem(this.place, JSON.stringify(this.kept)); } catch { /* private mode: for this page only */ }
  }

  get url() {
    return `${this.options.api}/webchat/sessions/${this.kept.session}`;
  }

  async _open() {
    const { widget, userId, userHash, name } = this.options;
    const wish = { widget, name };
    if (userId) Object.assign(wish, { user_id: userId, user_hash: userHash });
    else if (this.kept && Date.parse(this.kept.renewable_until) > Date.now()) wish.token = this.kept.token;
    let answer = await this._ask(wish);
    if (answer.status === 401 && wish.token) {
      delete wish.token; // the session is gone, or was never this server's
      answer = await this._ask(wish);
    }
    if ([401, 403, 404].includes(answer.status)) throw new Refused(answer.status);
    if (!answer.ok) throw new Error(answer.status);
    const opened = await answer.json();
    if (this.kept && this.kept.session !== opened.session) this.kept = { outbox: this.kept.outbox };
    this.keep(opened);
    return opened.token;
  }

  _ask(wish) {
    return fetch(`${this.options.api}/webchat/sessions`, {
      method: "POST", credentials: "omit", body: JSON.stringify(wish), headers: { "content-type": "application/json" },
    });
  }

  _read() {
    try { return JSON.parse(localStorage.getItem(this.place)); } catch { return null; }
  }
}
