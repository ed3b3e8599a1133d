// The timeline beside the chat: asked for every second, about the conversation of the widget on this page.
let visitor = null;
let shown = 0;
document.addEventListener("concierge:session", (event) => { visitor = event.detail; });
for (const button of document.querySelectorAll(".tries button")) {
  button.addEventListener("click", () => {
    window.Concierge.open();
    window.Concierge.say(button.textContent);
  });
}

async function look() {
  if (!visitor || document.visibilityState !== "visible") return;
  const answer = await fetch(`${visitor.url}/timeline`, { headers: { authorization: `Bearer ${visitor.token}` } });
  if (!answer.ok) return;
  const { data } = await answer.json();
  const timeline = document.getElementById("timeline"), last = timeline.lastElementChild;
  const atEnd = !last || last.getBoundingClientRect().top < innerHeight; // nobody has scrolled back to read
  document.getElementById("nothing").hidden = data.length > 0;
  for (const { at, what, detail } of data.slice(shown)) {
    const line = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = new Date(at).toLocaleTimeString();
    const name = document.createElement("strong");
    name.textContent = what;
    const text = document.createElement("span");
    text.textContent = detail || "";
    line.append(time, name, text);
    timeline.append(line);
  }
  shown = data.length;
  if (atEnd && timeline.lastElementChild !== last) timeline.lastElementChild.scrollIntoView({ block: "nearest" });
}

setInterval(() => look().catch(() => {}), 1000);
