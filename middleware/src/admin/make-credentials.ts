import { readConnectionDetails, type Credentials } from '../connection/connection.store';
import { makeKeyAndCertificate } from '../connection/certificate';
import { openCredentials, sealCredentials } from '../connection/credentials';
import type { Org } from '../sync/org.store';
import { callbackUrlOf, type AdminDeps } from './deps';
import { checkConnection, type TypedConnection } from './new-connection';
import { InvalidArgsError, type FieldFault } from './refused';

/**
 * Makes what an org is signed in to with out of what an admin typed in, sealed; a key and its certificate where the flow
 * takes one and none was given.
 *
 * @param before the org as it is, when it is changed: a key that stays keeps its certificate.
 * @param faults what is wrong besides.
 * @throws InvalidArgsError with every fault.
 */
export async function makeCredentials(
  deps: AdminDeps,
  id: string,
  typed: TypedConnection,
  before: Org | null,
  faults: FieldFault[],
): Promise<Credentials & { isKeyNew: boolean }> {
  const { flow, clientId, clientSecret, username } = typed;
  const checked = checkConnection(typed, { allowLoopback: deps.allowLoopback, callbackUrl: callbackUrlOf(deps) });
  if (faults.length + checked.faults.length > 0) throw new InvalidArgsError([...faults, ...checked.faults]);
  const isJwt = flow === 'jwtBearer';
  const made =
    isJwt && typed.privateKey === null ? await makeKeyAndCertificate(`Booking Connector ${id}`, deps.now()) : null;
  const isKept = before !== null && isJwt && openCredentials(deps.secrets, before).privateKey === typed.privateKey;
  const kept = isKept ? ((await readConnectionDetails(deps.store)).get(id)?.certificate ?? null) : null;
  const privateKey = isJwt ? (made?.privateKey ?? typed.privateKey) : null;
  return {
    isKeyNew: made !== null,
    loginUrl: checked.loginUrl,
    flow,
    clientId,
    username: isJwt ? username : null,
    certificate: made?.certificate ?? kept,
    ...sealCredentials(deps.secrets, id, { clientSecret: isJwt ? null : clientSecret, privateKey }),
  };
}
