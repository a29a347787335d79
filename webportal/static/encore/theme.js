// Sets light or dark before anything is drawn, on pages and inside the chart's frame alike.
(() => {
  const KEY = "encore-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const wanted = () => localStorage.getItem(KEY) ?? (system.matches ? "dark" : "light");
  const apply = () => { document.documentElement.dataset.bsTheme = wanted(); };

  apply();
  system.addEventListener("change", apply);
  // Told to every other document of this site, the chart's frame among them.
  window.addEventListener("storage", (event) => { if (event.key === KEY) apply(); });
  window.encoreTheme = {
    toggle() {
      localStorage.setItem(KEY, wanted() === "dark" ? "light" : "dark");
      apply();
    },
  };
})();
