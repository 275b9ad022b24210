// Setting up a business: proposes the browser’s time zone and an address made from the name.
// What was typed is never replaced.
const form = document.getElementById("setup_form");
const { name, slug, zone } = form.elements;

if ("new" in form.dataset) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === here)) zone.value = here;
}

const address = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 45);

let isProposed = slug.value === "";
slug.addEventListener("input", () => (isProposed = slug.value === ""));
name.addEventListener("input", () => {
  if (isProposed) slug.value = address(name.value);
});
