/**
 * What runs inside a sandbox's realm before JSONata is loaded, as text: it shares nothing with us but JSON. `load` reads
 * the expressions, `respond` answers a request. Messages name codes and positions, never values, which
 * may be personal.
 */
export const SANDBOX_SCRIPT = String.raw`
'use strict';
var load, respond;
{
  const settle = settleLater();

  let compiled = [];
  let errors = [];
  let maxItems = 1;

  // Functions that would make another thing of the same delivery each time, or code of a body's text.
  const REFUSED = {
    now: 'use $receivedAt: what is made of a delivery may not depend on when it is looked at',
    millis: 'use $toMillis($receivedAt): what is made of a delivery may not depend on when it is looked at',
    random: 'what is made of a delivery may not depend on chance',
    shuffle: 'what is made of a delivery may not depend on chance',
    eval: 'use $parseJson(text) for JSON inside a text',
  };

  const HINTS = {
    D1011: 'it recurses too deep',
    D1012: 'it takes too long',
    D2015: 'it makes a list that is too long',
    T1006: 'it calls something that is no function',
    D3110: 'a time is not ISO 8601; give $toMillis a picture, or use $zonedTime',
    D3030: 'a text is no number',
    D3137: '$error was called',
    D3141: '$assert did not hold',
  };

  const OWN = {
    parseJson: (text) => {
      try {
        return typeof text === 'string' ? JSON.parse(text) : undefined;
      } catch {
        return undefined;
      }
    },
    zonedTime,
  };

  load = (text) => {
    const program = JSON.parse(text);
    maxItems = program.maxItems;
    for (const { path, source } of program.expressions) {
      const field = path.join('.');
      try {
        const expression = jsonata(source, program.limits);
        const found = findRefused(expression.ast());
        if (found === null) {
          for (const name of Object.keys(OWN)) expression.registerFunction(name, OWN[name]);
          compiled.push({ path, field, expression });
        } else {
          const [name, position] = found;
          errors.push({ field, error: '$' + name + ' cannot be used here' + at(position) + ': ' + REFUSED[name] });
        }
      } catch (error) {
        const why = typeof error?.message === 'string' ? error.message.slice(0, 300) : 'it nests too deep';
        errors.push({ field, error: 'is not a JSONata expression' + at(error?.position) + ': ' + why });
      }
    }
  };

  respond = (text) => {
    const request = JSON.parse(text);
    if (errors.length > 0 || request.kind === 'check') return JSON.stringify({ errors });
    try {
      return JSON.stringify(request.kind === 'key' ? keyOf(request) : itemsOf(request), replaceFunctions);
    } catch {
      return JSON.stringify({ errors: [{ field: 'mapping', error: 'makes values of a body that cannot be kept' }] });
    }
  };

  function keyOf(request) {
    const own = compiled.find(({ field }) => field === 'deliveryKey');
    return { key: own === undefined ? null : run(own, request.body, request) };
  }

  function itemsOf(request) {
    const each = compiled.find(({ field }) => field === 'each');
    const found = [];
    let bodies = [request.body];
    if (each !== undefined) {
      const { value, fault } = attempt(each, request.body, request);
      if (fault !== undefined) return { errors: [fault] };
      bodies = value === undefined || value === null ? [] : [].concat(value);
      if (bodies.length > maxItems) {
        return { errors: [{ field: 'each', error: 'gives more than ' + maxItems + ' bookings' }] };
      }
    }
    const faults = [];
    const items = [];
    for (let index = 0; index < bodies.length; index += 1) {
      const item = itemOf(bodies[index], request, faults, each === undefined ? '' : '[' + index + '].');
      items.push(item);
    }
    return faults.length > 0 ? { errors: faults } : { items };
  }

  function itemOf(body, request, faults, prefix) {
    const fields = Object.create(null);
    const when = compiled.find(({ field }) => field === 'when');
    if (when !== undefined) {
      const { value, fault } = attempt(when, body, request);
      if (fault !== undefined) faults.push({ ...fault, field: prefix + fault.field });
      if (value !== true) return { skipped: true };
    }
    for (const one of compiled) {
      if (one.path.length === 1 && ['each', 'when', 'deliveryKey'].includes(one.field)) continue;
      const { value, fault } = attempt(one, body, request);
      if (fault !== undefined) faults.push({ ...fault, field: prefix + fault.field });
      else if (value !== undefined) {
        const [outer, inner] = one.path;
        if (inner === undefined) fields[outer] = value;
        else (fields[outer] ??= Object.create(null))[inner] = value;
      }
    }
    return { fields };
  }

  function attempt(one, body, request) {
    try {
      return { value: run(one, body, request) };
    } catch (error) {
      const code = typeof error?.code === 'string' && /^[A-Z]\d{4}$/.test(error.code) ? error.code : '';
      const hint = HINTS[code] ?? (code === '' ? 'it asks for more than there is' : 'a value is not of the type that it needs');
      const named = code === '' ? '' : ' (JSONata ' + code + ')';
      return { fault: { field: one.field, error: 'could not be evaluated' + at(error?.position) + ': ' + hint + named } };
    }
  }

  function run({ expression }, body, { headers, receivedAt, digest, body: whole }) {
    const bindings = { headers, digest, body: whole, receivedAt: receivedAt ?? undefined };
    for (const name of Object.keys(REFUSED)) bindings[name] = undefined;
    return settle(expression.evaluate(body, bindings));
  }

  function at(position) {
    return typeof position === 'number' ? ' at position ' + position : '';
  }

  /** The first variable that may not be used; every node of the tree is looked at. */
  function findRefused(ast) {
    const seen = new Set();
    const open = [ast];
    while (open.length > 0) {
      const node = open.pop();
      if (node === null || typeof node !== 'object' || seen.has(node)) continue;
      seen.add(node);
      if (node.type === 'variable' && Object.hasOwn(REFUSED, node.value)) return [node.value, node.position];
      open.push(...Object.values(node));
    }
    return null;
  }

  function replaceFunctions(_key, value) {
    const isFunction = typeof value === 'function' || value?._jsonata_lambda === true || value?._jsonata_function === true;
    return isFunction ? undefined : value;
  }

  /**
   * The instant at which clocks of a zone show a local time ('2027-03-02T09:00', seconds if any); undefined for
   * anything else. Of an hour that comes twice the first; an hour that is skipped is read as the one after it.
   */
  function zonedTime(local, zone) {
    const written = typeof local === 'string' ? /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*$/.exec(local) : null;
    if (written === null || typeof zone !== 'string') return undefined;
    const shown = Date.parse(written[1] + 'T' + (written[2].length === 5 ? written[2] + ':00' : written[2]) + 'Z');
    let clock;
    try {
      clock = new Intl.DateTimeFormat('en-US', {
        timeZone: zone.trim(),
        calendar: 'iso8601',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      return undefined;
    }
    const offsetAt = (instant) => {
      const parts = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
      return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - instant;
    };
    if (!(shown > 0 && shown < 64060588800000)) return undefined;
    const day = 86400000;
    const offsets = [offsetAt(shown - day), offsetAt(shown + day)];
    const fitting = offsets.map((offset) => shown - offset).filter((instant) => offsetAt(instant) === shown - instant);
    return new Date(fitting.length > 0 ? Math.min(...fitting) : shown - offsets[0]).toISOString();
  }

  /**
   * Puts a promise of our own in the place of the realm's, whose jobs run when they are asked for. Returns what asks:
   * it gives what a promise becomes, or throws why it does not.
   */
  function settleLater() {
    let jobs = [];

    class Later {
      state = 'open';
      value = undefined;
      waiting = [];

      constructor(start) {
        let isDecided = false;
        const decide = (act) => (value) => {
          if (isDecided) return;
          isDecided = true;
          act(value);
        };
        const reject = decide((error) => this.close('failed', error));
        const resolve = decide((value) => {
          if (value instanceof Later) value.then((inner) => this.close('done', inner), (error) => this.close('failed', error));
          else this.close('done', value);
        });
        try {
          start(resolve, reject);
        } catch (error) {
          reject(error);
        }
      }

      close(state, value) {
        Object.assign(this, { state, value });
        jobs.push(...this.waiting);
        this.waiting = [];
      }

      then(onDone, onFailed) {
        return new Later((resolve, reject) => {
          const job = () => {
            const handle = this.state === 'done' ? onDone : onFailed;
            if (typeof handle !== 'function') return (this.state === 'done' ? resolve : reject)(this.value);
            try {
              resolve(handle(this.value));
            } catch (error) {
              reject(error);
            }
          };
          if (this.state === 'open') this.waiting.push(job);
          else jobs.push(job);
        });
      }

      catch(onFailed) {
        return this.then(undefined, onFailed);
      }

      static resolve(value) {
        return value instanceof Later ? value : new Later((resolve) => resolve(value));
      }

      static reject(error) {
        return new Later((_resolve, reject) => reject(error));
      }

      static all(list) {
        return new Later((resolve, reject) => {
          const values = [];
          let open = list.length;
          if (open === 0) resolve(values);
          list.forEach((one, index) => {
            Later.resolve(one).then((value) => {
              values[index] = value;
              open -= 1;
              if (open === 0) resolve(values);
            }, reject);
          });
        });
      }
    }
    globalThis.Promise = Later;

    return (later) => {
      for (let next = 0; later.state === 'open' && next < jobs.length; next += 1) {
        jobs[next]();
        if (next === 1000) {
          jobs = jobs.slice(next + 1);
          next = -1;
        }
      }
      jobs = [];
      if (later.state === 'done') return later.value;
      throw later.value;
    };
  }

  // JSONata looks for these two where a browser has them.
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  globalThis.window = {
    btoa: (text) => {
      let encoded = '';
      for (let index = 0; index < text.length; index += 3) {
        const bytes = [0, 1, 2].map((offset) => text.charCodeAt(index + offset) & 255);
        const bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
        const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63]);
        if (index + 1 >= text.length) letters[2] = '=';
        if (index + 2 >= text.length) letters[3] = '=';
        encoded += letters.join('');
      }
      return encoded;
    },
    atob: (text) => {
      let decoded = '';
      let bits = 0;
      let count = 0;
      for (const letter of text.replace(/[\s=]/g, '').replaceAll('-', '+').replaceAll('_', '/')) {
        bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 16383;
        count += 6;
        if (count >= 8) {
          count -= 8;
          decoded += String.fromCharCode((bits >> count) & 255);
        }
      }
      return decoded;
    },
  };
}
`;
