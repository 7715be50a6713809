import { LightningElement, api } from 'lwc';

export default class Spinner extends LightningElement {
    @api alternativeText;
    @api size = 'medium';
    @api variant = 'base';

    get spinnerClass() {
        return `slds-spinner slds-spinner_${this.size}${this.variant === 'brand' ? ' slds-spinner_brand' : ''}`;
    }
}
