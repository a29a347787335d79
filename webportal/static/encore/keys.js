// Single keys, for users who have not switched them off. A letter, or "/", moves the focus to the target named in
// data-shortcut, or follows it when it is a link. No single key sends a form: "o" and "x" only arm a control, and the next
// key confirms it or lets go of it. A key soon after another one is text that missed its field: it is no shortcut, and
// Space and Enter press nothing meanwhile. That holds across pages: words go on while a page that a key opened is on
// its way. Without scripts, Tab does it all.
(() => {
  const PAUSE_MS = 1000; // a key that comes sooner after another belongs to a word
  const TYPED_INTO = /^(text|search|email|password|number|date|datetime-local|url|tel)$/;
  const isTyping = (element) =>
    element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
    (element.tagName === "INPUT" && TYPED_INTO.test(element.type));
  const isPress = (key) => key === "Enter" || key === " ";
  const LEFT_IN_TEXT = "encore-left-in-text"; // in the tab's storage: the page before was left within a word
  let typedAt = -Infinity; // when the last key outside a field was pressed, ms
  let inText = false; // that key belonged to a word, and was no shortcut
  let armed = null; // the control that a shortcut has just focused
  let marked = null; // the outcome that Enter would record
  let isSwallowed = false; // Firefox presses a button when the blank is let go, not when it is pressed

  // Keys that no page heard may lie between the last one there and the first one here.
  if (sessionStorage.getItem(LEFT_IN_TEXT)) typedAt = performance.now();
  sessionStorage.removeItem(LEFT_IN_TEXT);
  window.addEventListener("pagehide", () => {
    if (inText && performance.now() - typedAt < PAUSE_MS) sessionStorage.setItem(LEFT_IN_TEXT, "1");
  });

  for (const target of document.querySelectorAll("[data-shortcut]")) {
    const named = target.querySelector("summary") ?? target;
    named.setAttribute("aria-keyshortcuts", target.dataset.shortcut); // said only where this script listens
  }

  function mark(button) {
    marked?.classList.remove("is-marked");
    marked = button;
    marked?.classList.add("is-marked");
    const hint = armed?.querySelector("[data-hint]");
    if (hint) hint.textContent = marked ? hint.dataset.marked.replace("{}", marked.dataset.label) : hint.dataset.armed;
  }

  function swallow(event) {
    event.preventDefault();
    isSwallowed = event.key === " ";
  }

  function arm(target) {
    armed = target;
    mark(null);
  }

  function disarm() {
    const hint = armed?.querySelector("[data-hint]");
    mark(null);
    if (hint) hint.textContent = "";
    armed = null;
  }

  // Uses a key on the armed control; tells whether that was its last word.
  function confirm(event) {
    const group = armed.matches("[data-digits]");
    const button = group && /^[1-9]$/.test(event.key) ? armed.querySelectorAll("button[name]")[Number(event.key) - 1] : null;
    if (button) {
      event.preventDefault();
      mark(button);
      return true;
    }
    if (event.key === "Enter" && !event.repeat && (!group || marked)) {
      if (group) {
        event.preventDefault();
        marked.click();
      }
      return true; // a button is pressed by the browser
    }
    const left = armed;
    disarm();
    left.blur();
    if (isPress(event.key) || event.key === "Escape") {
      swallow(event);
      return true;
    }
    return false;
  }

  function follow(target) {
    if (target.tagName === "A") return target.click();
    const hides = target.closest("details");
    hides?.setAttribute("open", "");
    const goal = target === hides ? target.querySelector("textarea, input[type=text]") : target;
    goal.focus();
    if (goal.tagName === "INPUT") goal.select();
    if (target.matches("button, [data-digits]")) arm(target);
    goal.scrollIntoView({ block: armed ? "center" : "nearest", behavior: "instant" }); // what is armed is seen
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") typedAt = -Infinity; // the focus is chosen on purpose
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (armed && event.key !== "Tab" && event.key !== "Shift" && confirm(event)) return;
    const isText = performance.now() - typedAt < PAUSE_MS;
    if (event.key.length === 1 && (isText || event.key !== " ")) [typedAt, inText] = [performance.now(), isText];
    if (isText && isPress(event.key)) swallow(event);
    const target = !isText && /^[a-z/]$/.test(event.key) && document.querySelector(`[data-shortcut="${event.key}"]`);
    if (!target) return;
    event.preventDefault();
    follow(target);
  });
  document.addEventListener("keyup", (event) => {
    if (isSwallowed && event.key === " ") event.preventDefault();
    isSwallowed = false;
  });
  document.addEventListener("focusout", (event) => { if (event.target === armed) disarm(); });
  document.addEventListener("pointerdown", () => { typedAt = -Infinity; });
})();
