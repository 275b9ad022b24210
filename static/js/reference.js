// The reference of the API, drawn by Swagger UI from the description that data-schema names, in the
// light or dark of the page. Left out is what this portal has no use for: the choice of a server, a
// lock and a copy button on each line, links inside of buttons, and OAuth: who tries takes a token.
const place = document.getElementById("reference");
const dark = matchMedia("(prefers-color-scheme: dark)");
const nothing = () => () => null;
const NAMES = {
  ".body-param__text": "Request body",
  ".examples-select-element": "Example",
  ".close-modal": "Close",
  ".modal-ux": "Token",
  ".content-type": "Media type",
  ".operation-filter-input": "Filter by tag",
};

const ours = () => ({
  wrapComponents: {
    ServersContainer: nothing,
    authorizeOperationBtn: nothing,
    CopyToClipboardBtn: nothing,
    DeepLink: (Link, { React }) => ({ text }) => React.createElement("span", null, text),
  },
  statePlugins: {
    auth: {
      wrapSelectors: {
        definitionsToAuthorize: (all) => (...state) => all(...state).filter((each) => each.has("token")),
      },
    },
  },
});

// What Swagger UI leaves without a name, or out of reach of the keyboard.
const complete = () => {
  for (const [which, name] of Object.entries(NAMES)) {
    for (const each of place.querySelectorAll(`${which}:not([aria-label])`)) each.setAttribute("aria-label", name);
  }
  for (const each of place.querySelectorAll("pre:not([tabindex])")) each.tabIndex = 0;
  for (const each of place.querySelectorAll(".modal-ux")) each.role = "dialog";
};
const shade = () => document.documentElement.classList.toggle("dark-mode", dark.matches);

place.addEventListener("keydown", (event) => {
  if (event.key === "Escape") place.querySelector(".close-modal")?.click();
});
new MutationObserver(complete).observe(place, { childList: true, subtree: true });
dark.addEventListener("change", shade);
shade();
SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  docExpansion: matchMedia("(min-width: 48rem)").matches ? "list" : "none",
  filter: true,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [ours],
  layout: "BaseLayout",
  syntaxHighlight: { activated: false },
  validatorUrl: null,
});
