// Suggests places while somebody types one into the filter.
(() => {
  const WAIT_MS = 150;
  const list = document.getElementById("places");
  const box = document.querySelector("[list=places]");
  let waiting = 0;

  async function ask() {
    const text = box.value;
    const response = await fetch(`${list.dataset.places}?q=${encodeURIComponent(text)}`);
    const answer = await response.json();
    if (text !== box.value) return; // an older answer
    list.replaceChildren(
      ...answer.places.map((place) => Object.assign(document.createElement("option"), { value: place })),
    );
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => list.replaceChildren()), WAIT_MS);
  });
})();
