import { LightningElement, api } from 'lwc';

export default class Card extends LightningElement {
    /** The heading. */
    @api title;
    /** `standard:event`. */
    @api iconName;
    /** `base` or `narrow`. */
    @api variant;
}
