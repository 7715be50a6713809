import { LightningElement, api } from 'lwc';

export default class Button extends LightningElement {
    @api label;
    @api title;
    @api name;
    @api value;
    /** `base`, `neutral`, `brand`, `destructive`, `success`. */
    @api variant = 'neutral';
    /** `utility:refresh`. */
    @api iconName;
    @api iconPosition = 'left';
    @api disabled = false;
    @api stretch = false;
    @api accessKey;

    get buttonClass() {
        const kind = this.variant === 'base' ? '' : ` slds-button_${this.variant}`;
        return `slds-button${kind}${this.stretch ? ' slds-button_stretch' : ''}`;
    }

    get hasIconLeft() {
        return Boolean(this.iconName) && this.iconPosition === 'left';
    }

    get hasIconRight() {
        return Boolean(this.iconName) && this.iconPosition === 'right';
    }

    @api focus() {
        this.template.querySelector('button').focus();
    }

    @api click() {
        this.template.querySelector('button').click();
    }
}
