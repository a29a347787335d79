// What Dash says wrongly, or not at all, to who does not see the chart: the language of its page, and that each choice
// is a group of radio buttons with a name. It draws a list box of options around them, and marks the chosen one anew.
(() => {
  document.documentElement.lang = "en";
  const mend = () => ["listening-group", "listening-measure"].forEach(mendChoice);
  const mendChoice = (id) => {
    const choice = document.getElementById(id);
    if (!choice) return;
    if (choice.getAttribute("role") !== "radiogroup") choice.setAttribute("role", "radiogroup");
    if (!choice.hasAttribute("aria-labelledby")) choice.setAttribute("aria-labelledby", `${id}-label`);
    for (const label of choice.querySelectorAll("label[role], label[aria-selected]")) {
      label.removeAttribute("role");
      label.removeAttribute("aria-selected");
    }
  };
  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["role", "aria-selected"] };
  new MutationObserver(mend).observe(document.documentElement, watched);
})();
