// On a phone the ways of the desk are wider than the screen: show the one that is open.
const ways = document.querySelector(".desk-ways"), here = ways?.querySelector("[aria-current]");
if (here) {
  const [strip, place] = [ways, here].map((element) => element.getBoundingClientRect());
  ways.scrollLeft += place.left + place.width / 2 - (strip.left + strip.width / 2);
}
