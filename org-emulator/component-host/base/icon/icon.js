import { LightningElement, api } from 'lwc';

export default class Icon extends LightningElement {
    /** `utility:refresh`, `standard:event`. */
    @api iconName;
    @api alternativeText;
    @api title;
    /** `xx-small` to `large`. */
    @api size = 'medium';
    @api variant;

    get category() {
        return (this.iconName ?? '').split(':')[0];
    }

    get name() {
        return (this.iconName ?? '').split(':')[1] ?? '';
    }

    get href() {
        return `/lightning/assets/icons/${this.category}/${this.name}.svg#icon`;
    }

    get containerClass() {
        return this.category === 'utility'
            ? 'slds-icon_container'
            : `slds-icon_container slds-icon-${this.category}-${this.name.replace(/_/g, '-')}`;
    }

    get iconClass() {
        const size = this.size === 'medium' ? '' : ` slds-icon_${this.size}`;
        const tone = this.category === 'utility' ? ` slds-icon-text-${this.variant ?? 'default'}` : '';
        return `slds-icon${size}${tone}`;
    }
}
