import type { DeployedComponent } from './component';

/**
 * The metadata components of an org, by type and name. It holds everything that was deployed, also what no data depends
 * on: layouts, pages, labels, buttons, reports. Names are compared without case, as an org does.
 */
export class MetadataStore {
  private readonly byType = new Map<string, Map<string, DeployedComponent>>();

  /** The component of a type and name, or undefined. */
  get(type: string, fullName: string): DeployedComponent | undefined {
    return this.byType.get(type)?.get(fullName.toLowerCase());
  }

  /** Whether there is a component of this type and name. */
  has(type: string, fullName: string): boolean {
    return this.get(type, fullName) !== undefined;
  }

  /** The components of a type, by name. */
  list(type: string): DeployedComponent[] {
    const found = [...(this.byType.get(type)?.values() ?? [])];
    return found.sort((a, b) => a.fullName.localeCompare(b.fullName, 'en'));
  }

  /** Every component, by type and name. */
  get all(): DeployedComponent[] {
    return [...this.byType.keys()].sort().flatMap((type) => this.list(type));
  }

  /** Adds a component, or replaces the one of its name. */
  put(component: DeployedComponent): void {
    let components = this.byType.get(component.type);
    if (!components) {
      components = new Map<string, DeployedComponent>();
      this.byType.set(component.type, components);
    }
    components.set(component.fullName.toLowerCase(), component);
  }

  /** Removes a component; does nothing when there is none. */
  delete(type: string, fullName: string): void {
    this.byType.get(type)?.delete(fullName.toLowerCase());
  }
}
