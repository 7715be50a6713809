const Navigate = Symbol('Navigate');
const GenerateUrl = Symbol('GenerateUrl');

/** Gives a component `this[NavigationMixin.Navigate](pageReference)` and `GenerateUrl`. */
export const NavigationMixin = Object.assign(
    (Base) =>
        class extends Base {
            [Navigate](reference, replaces = false) {
                const url = addressOf(reference);
                if (reference.type === 'standard__webPage') window.open(url, '_blank', 'noopener');
                else if (replaces) location.replace(url);
                else location.assign(url);
            }

            async [GenerateUrl](reference) {
                return addressOf(reference);
            }
        },
    { Navigate, GenerateUrl }
);

function addressOf({ type, attributes = {}, state = {} }) {
    const { url, recordId, objectApiName, actionName, apiName, pageName } = attributes;
    switch (type) {
        case 'standard__webPage':
            return url;
        case 'standard__recordPage':
            return `/lightning/r/${objectApiName ? `${objectApiName}/` : ''}${recordId}/${actionName ?? 'view'}`;
        case 'standard__objectPage':
            return `/lightning/o/${objectApiName}/${actionName ?? 'list'}?${new URLSearchParams(state)}`;
        case 'standard__navItemPage':
            return `/lightning/n/${apiName}`;
        case 'standard__namedPage':
            return `/lightning/page/${pageName}`;
        default:
            throw new Error(`This emulator has no page of the type ${type}`);
    }
}
