// Comforts only: every page works without this script.

// Shows times in the browser's own zone until the visitor chooses one.
const times = document.querySelector('[data-time-zone]');
const address = new URL(location.href);
const ownTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isFirstLook = address.pathname.startsWith('/book/') && !address.searchParams.has('timeZone');
if (times && ownTimeZone && isFirstLook && times.dataset.timeZone !== ownTimeZone) {
  address.searchParams.set('timeZone', ownTimeZone);
  location.replace(address);
}

for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'true';
    form.querySelector('button[type="submit"]').setAttribute('aria-busy', 'true');
  });
}

// Coming back with the browser's "back" brings a sent form to life again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelector('button[type="submit"]').removeAttribute('aria-busy');
  }
});

document.querySelector('[data-focus]')?.focus();
