// Hides the differences that a reader does not ask for. Without it everything is there to read.
const form = document.querySelector("form.filters");
if (form) {
  const rows = [...document.querySelectorAll("#differences tbody tr")];
  const shown = document.querySelector("#shown");
  const look = () => {
    const text = form.elements.text.value.toLowerCase();
    let count = 0;
    for (const row of rows) {
      row.hidden =
        (form.elements.life.checked && !row.dataset.life) ||
        (form.elements.direct.checked && !row.dataset.direct) ||
        (text !== "" && !row.textContent.toLowerCase().includes(text));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  };
  form.hidden = false;
  form.addEventListener("input", look);
  form.addEventListener("submit", (event) => event.preventDefault());
  look();
}
