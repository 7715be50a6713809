/** Where a command reads and writes: replaced in tests. */
export interface Terminal {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  env: Record<string, string | undefined>;
  /** The team that was named; left out: the first one. */
  team?: string | undefined;
}
