import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { readSourceFolder } from '../src/metadata/read-source';
import { writeComponents } from '../src/metadata/write-components';
import type { DeployMessage } from '../src/metadata/deploy-result';
import { parseXml } from '../src/xml/parse-xml';
import { child, text, type XmlElement } from '../src/xml/xml-element';
import { API, type TestOrg } from './support';

/** An SFDX folder with a component of every type that the emulator understands. */
export const EVERY_TYPE = join(__dirname, 'fixtures', 'every-type');

/** The files of a deployment by their path in the zip. */
export type Files = Map<string, string>;

/** What a deployment answered. */
export interface Deployed {
  status: string;
  success: boolean;
  numberComponentsDeployed: number;
  numberComponentErrors: number;
  details: { componentSuccesses: DeployMessage[]; componentFailures: DeployMessage[] };
}

/** A manifest that lists all of some types, and the members of others. */
export function manifest(types: Record<string, string[]>, version = '67.0'): string {
  const lists = Object.entries(types).map(
    ([type, members]) =>
      `<types>${members.map((name) => `<members>${name}</members>`).join('')}<name>${type}</name></types>`,
  );
  return `<Package xmlns="http://soap.sforce.com/2006/04/metadata">${lists.join('')}<version>${version}</version></Package>`;
}

/** The files of the fixture in the form of the Metadata API, with a manifest that names every component. */
export function everyType(): Files {
  const { components } = readSourceFolder(EVERY_TYPE);
  const files = new Map(
    [...writeComponents(components)].map(([path, bytes]): [string, string] => [path, strFromU8(bytes)]),
  );
  const members: Record<string, string[]> = {};
  for (const { type, fullName } of components) {
    const listed = type === 'ReportFolder' ? 'Report' : type === 'DashboardFolder' ? 'Dashboard' : type;
    (members[listed] ??= []).push(fullName);
  }
  files.set('package.xml', manifest(members));
  return files;
}

/** A zip of some files. */
export function zip(files: Files): Uint8Array {
  return zipSync(Object.fromEntries([...files].map(([path, content]) => [path, strToU8(content)])));
}

/** Deploys by REST and waits for the end. */
export async function deployByRest(
  org: TestOrg,
  files: Files,
  options: Record<string, unknown> = { rollbackOnError: true, singlePackage: true },
): Promise<Deployed> {
  const form = new FormData();
  form.set('file', new Blob([zip(files)], { type: 'application/zip' }), 'package.xml');
  form.set('entity_content', new Blob([JSON.stringify({ deployOptions: options })], { type: 'application/json' }));
  const request = new Request(`${org.emulator.url}${API}/metadata/deployRequest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${org.accessToken}` },
    body: form,
  });
  const response = await fetch(request);
  const { id } = (await response.json()) as { id: string };
  expect(response.status).toBe(201);
  return resultOf(org, id);
}

/** The result of a deployment once it is done. */
export async function resultOf(org: TestOrg, id: string): Promise<Deployed> {
  for (;;) {
    const { body } = await org.api('GET', `/metadata/deployRequest/${id}?includeDetails=true`);
    if (body.deployResult.done) return body.deployResult as Deployed;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Calls the Metadata API by SOAP and returns the body of the answer: a response or a fault. */
export async function soap(
  org: TestOrg,
  operation: string,
  content: string,
  token = org.accessToken,
): Promise<XmlElement> {
  const envelope = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header xmlns="http://soap.sforce.com/2006/04/metadata"><SessionHeader><sessionId>${token}</sessionId></SessionHeader></soapenv:Header><soapenv:Body xmlns="http://soap.sforce.com/2006/04/metadata"><${operation}>${content}</${operation}></soapenv:Body></soapenv:Envelope>`;
  const response = await fetch(`${org.emulator.url}//services/Soap/m/67.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: '""' },
    body: envelope,
  });
  const body = child(parseXml(await response.text()), 'Body')?.children[0];
  if (!body) throw new Error('The answer has no body');
  return body;
}

/** Deploys by SOAP and waits for the result element. */
export async function deployBySoap(org: TestOrg, files: Files, options = ''): Promise<XmlElement> {
  const content = `<ZipFile>${Buffer.from(zip(files)).toString('base64')}</ZipFile><DeployOptions>${options}<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage></DeployOptions>`;
  const id = text(child(await soap(org, 'deploy', content), 'result'), 'id') ?? '';
  for (;;) {
    const status = `<asyncProcessId>${id}</asyncProcessId><includeDetails>true</includeDetails>`;
    const result = child(await soap(org, 'checkDeployStatus', status), 'result');
    if (result && text(result, 'done') === 'true') return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The files of a retrieved zip. */
export function unzip(base64: string): Files {
  const entries = Object.entries(unzipSync(Buffer.from(base64, 'base64')));
  return new Map(entries.map(([path, bytes]): [string, string] => [path, strFromU8(bytes)]));
}
