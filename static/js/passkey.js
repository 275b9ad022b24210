// A passkey that was not used, for whatever reason, is said so in words.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("[data-passkey-trouble]").hidden = false;
});
