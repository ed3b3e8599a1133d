// The widget of one page: <script src="https://…/webchat/widget.js" data-widget="web" async></script>
function start(script) {
  const { dataset } = script;
  const options = {
    api: dataset.api || new URL(script.src).origin, widget: dataset.widget || "web",
    userId: dataset.userId, userHash: dataset.userHash, name: dataset.name,
    title: dataset.title, greeting: dataset.greeting, color: dataset.color, dir: dataset.dir,
    position: dataset.position === "left" ? "left" : "right",
    theme: ["light", "dark"].includes(dataset.theme) ? dataset.theme : "auto",
  };
  const said = speak(dataset.language);
  const session = new Session(options);
  let unread = 0, newest = 0, acknowledged = 0, typing;

  const view = new View(options, said, {
    said: (text) => outbox.add(text),
    attached: (file) => outbox.addFile(file),
    again: (message) => outbox.again(message),
    opened: () => { begin(); read(); },
  });
  const outbox = new Outbox(session, (message) => {
    view.show(message.id, { direction: "in", ...message });
    announce();
  });
  const stream = new Stream(session, ({ message, state, typing: writes }) => {
    if (state) view.tell(state === "open" ? "" : state === "refused" ? said.words.refused : navigator.onLine ? said.words.lost : said.words.offline);
    if (writes) {
      view.write(true);
      clearTimeout(typing);
      typing = setTimeout(() => view.write(false), 10_000);
    }
    if (message) hear(message);
    if (state === "open") announce();
  });

  function hear(message) {
    const mine = message.direction === "in" && message.client_message_id;
    if (mine) outbox.arrived(mine);
    view.show(mine || message.seq, mine ? { ...message, state: "sent" } : message);
    newest = Math.max(newest, message.seq);
    if (message.direction === "out" && message.seq > (session.kept.read_seq || 0)) {
      if (view.isOpen && document.visibilityState === "visible") read();
      else { unread += 1; view.count(unread); acknowledge(false); }
    }
  }

  // The visitor sees everything up to now.
  function read() {
    unread = 0;
    view.count(0);
    if (session.kept && newest > (session.kept.read_seq || 0)) { session.keep({ read_seq: newest }); acknowledge(true); }
  }

  async function acknowledge(seen) {
    const seq = newest, mark = seq * 2 + Number(seen);
    if (!seq || mark <= acknowledged) return;
    acknowledged = mark;
    try {
      const token = await session.token();
      await fetch(`${session.url}/ack`, { method: "POST", credentials: "omit", keepalive: true,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: JSON.stringify({ seq, read: seen }) });
    } catch {
      acknowledged = 0; // the next message says it again
    }
  }

  // For the page: who is here, so that it can show more about the conversation.
  function announce() {
    if (session.kept && session.kept.token) document.dispatchEvent(new CustomEvent("concierge:session", { detail: { url: session.url, token: session.kept.token } }));
  }

  let begun = false;
  function begin() {
    if (begun) return;
    begun = true;
    stream.connect();
    outbox.flush();
  }

  addEventListener("offline", () => view.tell(said.words.offline));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && view.isOpen) read(); });
  for (const message of outbox.waiting) view.show(message.id, { direction: "in", ...message });
  document.body.append(view.host);
  if (session.kept && session.kept.session) begin(); // somebody who was here before: there may be news
  if ("open" in dataset) view.open();
  window.Concierge = { open: () => view.open(), close: () => view.close(), say: (text) => outbox.add(text) };
}

const SCRIPT = document.currentScript;
if (document.body) start(SCRIPT);
else addEventListener("DOMContentLoaded", () => start(SCRIPT));
