// Forms that ask first; live parts that rest while nobody looks or somebody is using them, and are drawn anew only when
// something changed.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.sure;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const live = event.target.closest("[data-live]");
  if (live && (document.visibilityState !== "visible" || live.contains(document.activeElement))) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target.closest("[data-live]");
  if (!part) return;
  const parts = [part.id, ...(part.getAttribute("hx-select-oob") || "").split(",").filter(Boolean).map((id) => id.slice(1))];
  const next = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
  const is = (id) => document.getElementById(id)?.innerHTML === next.getElementById(id)?.innerHTML;
  if (parts.every(is)) event.detail.shouldSwap = false;
});
const toTheNewest = () => {
  const talk = document.getElementById("talk");
  if (talk) talk.scrollTop = talk.scrollHeight;
};
document.addEventListener("DOMContentLoaded", toTheNewest);
document.addEventListener("htmx:afterSettle", toTheNewest);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
});
