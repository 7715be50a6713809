// What the components import of the platform, as far as they use it.

declare module '@salesforce/label/*' {
  const text: string;
  export default text;
}

declare module '@salesforce/schema/*' {
  const field: { objectApiName: string; fieldApiName: string };
  export default field;
}

declare module 'lightning/graphql' {
  export function gql(strings: TemplateStringsArray, ...values: unknown[]): string;
  export const graphql: import('lwc').WireAdapterConstructor<{
    query: string | undefined;
    variables?: Record<string, unknown>;
    operationName?: string;
  }>;
}

declare module 'lightning/uiRecordApi' {
  export const getRecord: import('lwc').WireAdapterConstructor<{
    recordId: string;
    fields?: unknown[];
    optionalFields?: unknown[];
  }>;
}

declare module 'lightning/platformShowToastEvent' {
  export class ShowToastEvent extends CustomEvent<unknown> {
    constructor(toast: { title: string; message: string; variant?: 'info' | 'success' | 'warning' | 'error' });
  }
}

declare module 'lightning/navigation' {
  const Navigate: unique symbol;
  type Constructor<T> = new (...parameters: any[]) => T;
  interface Navigating {
    [Navigate](reference: { type: string; attributes: Record<string, unknown> }): void;
  }
  export const NavigationMixin: {
    <T extends Constructor<import('lwc').LightningElement>>(Base: T): T & Constructor<Navigating>;
    readonly Navigate: typeof Navigate;
  };
}
