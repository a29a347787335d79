// Single keys, for who has not switched them off. A letter, or "/", moves the focus to what names it in data-shortcut, or
// follows it when it is a link; it never sends a form. A digit presses that button of the group in which the focus is.
// Without scripts, Tab does it all.
(() => {
  const TYPED_INTO = /^(text|search|email|password|number|date|datetime-local|url|tel)$/;
  const isTyping = (element) =>
    element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && TYPED_INTO.test(element.type));

  for (const target of document.querySelectorAll("[data-shortcut]")) {
    target.setAttribute("aria-keyshortcuts", target.dataset.shortcut); // said only where this script listens
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const group = event.target.closest("[data-digits]");
    if (group && /^[1-9]$/.test(event.key)) {
      group.querySelectorAll("button")[Number(event.key) - 1]?.click();
      return;
    }
    const target = /^[a-z/]$/.test(event.key) && document.querySelector(`[data-shortcut="${event.key}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.tagName === "A") { target.click(); return; }
    target.closest("details")?.setAttribute("open", "");
    target.focus();
    if (target.tagName === "INPUT") target.select();
    target.scrollIntoView({ block: "nearest" });
  });
})();
