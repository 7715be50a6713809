import { LightningElement, api } from 'lwc';

export default class ButtonIcon extends LightningElement {
    @api alternativeText;
    @api title;
    @api name;
    @api iconName;
    /** `bare`, `border`, `border-filled`, `container`. */
    @api variant = 'border';
    @api size = 'medium';
    @api disabled = false;

    get buttonClass() {
        const size = this.size === 'medium' ? '' : ` slds-button_icon-${this.size}`;
        return `slds-button slds-button_icon slds-button_icon-${this.variant}${size}`;
    }

    @api focus() {
        this.template.querySelector('button').focus();
    }

    @api click() {
        this.template.querySelector('button').click();
    }
}
