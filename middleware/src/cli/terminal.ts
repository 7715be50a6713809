/** Where a command reads and writes: replaced in tests. */
export interface Terminal {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  env: Record<string, string | undefined>;
}
