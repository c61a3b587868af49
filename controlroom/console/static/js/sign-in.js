// Leads back to the very place after signing in. What stands behind the # of an address reaches no server: the browser
// carries it along when the console's address is led here, and this puts it into the form and the links.

(() => {
  const place = location.hash;
  if (!place.startsWith("#/")) return;
  for (const field of document.querySelectorAll("input[name=next]")) {
    if (field instanceof HTMLInputElement && !field.value.includes("#")) field.value += place;
  }
  for (const link of document.querySelectorAll("main a[href]")) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const to = new URL(link.href);
    const next = to.searchParams.get("next");
    if (next !== null && !next.includes("#")) to.searchParams.set("next", next + place);
    link.href = to.href;
  }
})();
