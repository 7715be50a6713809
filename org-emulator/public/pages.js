// The pages work without this script; with it they keep themselves up to date.

const TIME_ZONE_COOKIE = 'emulator-time-zone';
const PAUSE_MS = 120;
const LATE_MS = 20_000;

tellTimeZone();
const viewer = document.getElementById('viewer');
viewer?.addEventListener('change', () => viewer.form.submit());
const regions = [...document.querySelectorAll('[data-live]')];
const waiting = document.querySelector('[data-wait-for]');
if (regions.length > 0 || waiting) followChanges();

/** Tells the server once in which zone this browser is, and reads the page again in it. */
function tellTimeZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const cookie = `${TIME_ZONE_COOKIE}=${encodeURIComponent(zone)}`;
  const isTold = () => document.cookie.split('; ').includes(cookie);
  if (!zone || document.documentElement.dataset.timeZone === zone || isTold()) return;
  document.cookie = `${cookie}; path=/; max-age=31536000; samesite=lax`;
  if (isTold()) location.reload();
}

/** Looks again whenever the org says that a record has changed. */
function followChanges() {
  const look = waiting ? goOn : refreshAll;
  const soon = debounced(look);
  const changes = new EventSource('/__emulator__/changes');
  changes.onopen = () => {
    showState(true);
    soon(); // what changed before the connection stood
  };
  changes.onmessage = soon;
  changes.onerror = () => showState(false);
  if (waiting) setTimeout(() => (waiting.querySelector('.late').hidden = false), LATE_MS);
}

/** Runs work shortly after the last call, and never twice at a time. */
function debounced(work) {
  let timer = null;
  let running = false;
  const run = async () => {
    timer = null;
    if (running) return schedule();
    running = true;
    try {
      await work();
    } catch {
      // The org is gone for a moment; the stream connects again and asks once more.
    }
    running = false;
  };
  const schedule = () => {
    timer ??= setTimeout(run, PAUSE_MS);
  };
  return schedule;
}

function showState(isLive) {
  const state = document.querySelector('[data-live-state]');
  state.hidden = false;
  state.classList.toggle('off', !isLive);
  state.querySelector('[data-live-text]').textContent = isLive ? 'Live' : 'Connection lost';
}

async function goOn() {
  const response = await fetch(waiting.dataset.waitFor);
  const { url } = await response.json();
  if (url) location.replace(url);
}

async function refreshAll() {
  const news = [];
  for (const region of regions) news.push(...(await refresh(region)));
  const names = [...new Set(news)];
  if (names.length > 0) {
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    document.getElementById('announcer').textContent = names.slice(0, 3).join('. ') + more;
  }
}

/** Replaces a region by what it is now, marks what differs and returns what to say about it. */
async function refresh(region) {
  const response = await fetch(region.dataset.live);
  if (!response.ok) {
    location.reload(); // deleted: the page itself says so
    return [];
  }
  const template = document.createElement('template');
  template.innerHTML = await response.text();
  const before = textsByKey(region);
  const openIds = new Map([...region.querySelectorAll('details[id]')].map(({ id, open }) => [id, open]));
  const focused = region.contains(document.activeElement) ? placeOf(document.activeElement, region) : null;

  for (const details of template.content.querySelectorAll('details[id]')) {
    details.open = openIds.get(details.id) ?? details.open;
  }
  const news = [];
  for (const element of template.content.querySelectorAll('[data-key]')) {
    const was = before.get(element.dataset.key);
    if (was === textOf(element)) continue;
    element.classList.add('changed');
    const { name } = element.dataset;
    if (name) news.push(`${was === undefined ? 'New' : 'Changed'}: ${name}`);
  }
  region.replaceChildren(template.content);
  if (focused) elementAt(focused, region)?.focus({ preventScroll: true });
  return news;
}

function textsByKey(region) {
  return new Map([...region.querySelectorAll('[data-key]')].map((element) => [element.dataset.key, textOf(element)]));
}

function textOf(element) {
  return element.textContent.replace(/\s+/g, ' ').trim();
}

/** Where an element is: under which key, and which of the things there that take the focus. */
function placeOf(element, region) {
  const holder = element.closest('[data-key]') ?? region;
  return { key: holder.dataset.key, index: focusables(holder).indexOf(element) };
}

function elementAt({ key, index }, region) {
  const holder = key === undefined ? region : region.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return holder ? focusables(holder)[index] : null;
}

function focusables(holder) {
  return [...holder.querySelectorAll('a, summary, [tabindex]')];
}
