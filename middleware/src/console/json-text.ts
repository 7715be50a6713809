/** What stands in a text field. What is no JSON goes on as the text it is, which is then refused as a document. */
export function readJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
