/** One part of a multipart body. */
export interface BodyPart {
  name: string;
  content: Uint8Array;
}

/** The parts of a `multipart/form-data` body; none when it is no such body. */
export function readMultipart(contentType: string | undefined, body: Uint8Array | undefined): BodyPart[] {
  const boundary = /^multipart\/form-data;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  const marker = boundary?.[1] ?? boundary?.[2];
  if (marker === undefined || body === undefined) return [];
  // One character per byte, so that places in the text are places in the body.
  const text = Buffer.from(body).toString('latin1');
  const parts: BodyPart[] = [];
  let from = text.indexOf(`--${marker}`);
  while (from >= 0) {
    const headersStart = from + marker.length + 2;
    const next = text.indexOf(`\r\n--${marker}`, headersStart);
    const headersEnd = text.indexOf('\r\n\r\n', headersStart);
    if (next < 0 || headersEnd < 0 || headersEnd > next) break;
    const name = /name="([^"]*)"/i.exec(text.slice(headersStart, headersEnd))?.[1];
    if (name !== undefined) parts.push({ name, content: body.subarray(headersEnd + 4, next) });
    from = next + 2;
  }
  return parts;
}
