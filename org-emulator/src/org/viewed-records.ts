/** How many records each user's list keeps. */
const MAX_KEPT = 200;

/** Which records each user viewed last. */
export class ViewedRecords {
  private readonly byUser = new Map<string, string[]>();

  /** Puts records at the head of a user's list, the first one foremost. */
  add(userId: string, ids: string[]): void {
    const added = new Set(ids);
    const rest = this.of(userId).filter((id) => !added.has(id));
    this.byUser.set(userId, [...added, ...rest].slice(0, MAX_KEPT));
  }

  /** The ids that a user viewed, the latest first. */
  of(userId: string): string[] {
    return this.byUser.get(userId) ?? [];
  }

  /** Forgets everything. */
  clear(): void {
    this.byUser.clear();
  }
}
