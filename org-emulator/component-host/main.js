import { createElement } from 'lwc';

const TOAST_MS = 4_800;

/** Puts the components into the places that the page has for them, and does what the platform does around them. */
export function show(loaders) {
    for (const place of document.querySelectorAll('[data-component]')) void fill(place, loaders);
    for (const button of document.querySelectorAll('[data-action]')) {
        button.addEventListener('click', () => void run(button, loaders));
        button.disabled = false;
    }
    document.addEventListener('lightning__showtoast', ({ detail }) => showToast(detail));
}

/** Runs a quick action that shows nothing: it is made when it is pressed, and told its record once it is on the page. */
async function run(button, loaders) {
    const { action, recordId } = button.dataset;
    try {
        const element = await make(action, loaders);
        document.body.append(element);
        // Such actions are told no objectApiName before they run, and no recordId while they are being connected.
        element.recordId = recordId;
        element.invoke();
    } catch (error) {
        showToast({ title: button.textContent.trim(), message: String(error.message ?? error), variant: 'error' });
        console.error(error);
    }
}

async function make(component, loaders) {
    const { default: Component } = await loaders[component]();
    const tag = `c-${component.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return createElement(tag, { is: Component });
}

async function fill(place, loaders) {
    const { component, recordId, objectApiName } = place.dataset;
    try {
        const element = await make(component, loaders);
        if (recordId) Object.assign(element, { recordId, objectApiName });
        place.replaceChildren(element);
    } catch (error) {
        place.textContent = `The component ${component} failed: ${error.message ?? error}`;
        console.error(error);
    }
}

/** A message at the top of the page, which goes by itself unless it is an error. */
function showToast({ title = '', message = '', variant = 'info' }) {
    let container = document.querySelector('.component-toasts');
    if (!container) {
        container = document.createElement('div');
        container.className = 'component-toasts slds-scope';
        document.body.append(container);
    }
    const toast = document.createElement('div');
    toast.className = `slds-notify slds-notify_toast slds-theme_${variant}`;
    toast.setAttribute('role', variant === 'error' ? 'alert' : 'status');
    const heading = document.createElement('h2');
    heading.className = 'slds-text-heading_small';
    heading.textContent = title;
    const text = document.createElement('p');
    text.textContent = message;
    const content = document.createElement('div');
    content.className = 'slds-notify__content';
    content.append(heading, text);
    toast.append(content);
    container.append(toast);
    setTimeout(() => toast.remove(), variant === 'error' ? 2 * TOAST_MS : TOAST_MS);
}
