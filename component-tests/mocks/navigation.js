/** What components asked the platform to open, newest last. */
export const navigate = jest.fn();

const Navigate = Symbol('Navigate');

/** In place of the stub of Salesforce's tools, which does not tell where a component navigated to. */
export const NavigationMixin = Object.assign(
  (Base) =>
    class extends Base {
      [Navigate](reference) {
        navigate(reference);
      }
    },
  { Navigate },
);
