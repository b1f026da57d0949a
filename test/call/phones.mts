/** The ends of a call: the phone network (SIPp) and a PBX (baresip), on loopback alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, type Group, run, startGroup } from '../../demo/processes.mts';
import { eventually } from '../e2e/stand.mts';
import { first, only } from '../support/elements.mts';
import { type Form, readForm, rowsOf } from '../support/pbxFiles.mts';
import type { Edge } from './edge.mts';

const MODULES = '/usr/lib/baresip/modules';
const SCENARIOS = 'test/call/scenarios';

const folderFor = async (name: string) => await mkdtemp(join(tmpdir(), `${name}-`));

/** The phone network: answers every call. */
export interface Carrier {
	readonly host: string;
	readonly port: number;
	stop(): Promise<void>;
}

export async function startCarrier(): Promise<Carrier> {
	const port = await freePort();
	const group = startGroup('sipp', [
		...['-sf', join(SCENARIOS, 'answer.xml'), '-i', '127.0.0.1', '-mi', '127.0.0.1'],
		...['-p', String(port), '-mp', String(await freePort()), '-nostdin'],
	]);
	return { host: '127.0.0.1', port, stop: async () => await group.stop() };
}

/** Calls a number of the account from the phone network. @throws {Error} unless it is answered and ended */
export async function callIn(edge: Edge, called: string): Promise<void> {
	const folder = await folderFor('call-in');
	try {
		await sipp('callIn.xml', ['-s', called, '-m', '1', '-timeout', '15s'], edge);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** A login of an outbound trunk. */
export interface Login {
	domain: string;
	username: string;
	password: string;
}

/** Calls out once with each login. @throws {Error} unless each was challenged, authenticated, answered and ended */
export async function callOutWithEach(
	edge: Edge,
	callerId: string,
	logins: readonly Login[],
): Promise<void> {
	const folder = await folderFor('logins');
	const file = join(folder, 'logins.csv');
	const rows = logins.map(
		({ domain, username, password }) =>
			`${domain};[authentication username=${username} password=${password}]`,
	);
	try {
		await writeFile(file, `SEQUENTIAL\n${rows.join('\n')}\n`);
		const count = ['-m', String(logins.length), '-r', '15', '-timeout', '60s'];
		await sipp('digest.xml', ['-s', callerId, '-inf', file, ...count], edge);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const sipp = async (scenario: string, args: string[], edge: Edge) =>
	await run('sipp', [
		...['-sf', join(SCENARIOS, scenario), '-i', '127.0.0.1', '-mi', '127.0.0.1', '-nostdin'],
		...['-p', String(await freePort()), '-mp', String(await freePort()), '-timeout_error'],
		...args,
		`127.0.0.1:${edge.port}`,
	]);

/** What a PBX is set up with: rows of the table that the node answers for any PBX. */
export type PbxTable = Form;

export const tableOf = (content: string): PbxTable => readForm(content);

/** The account of a PBX that calls out, from nothing but the table, and where the stand-in of Plivo listens. */
function outgoingAccount(table: PbxTable, edge: Edge): string {
	const row = (name: string) => first(rowsOf(table, 'Outgoing calls', name));
	const transport = row('Transport');
	const port = transport === 'tls' ? edge.tlsPort : edge.port;
	// Where the trunk domain leads, which is not in DNS.
	const proxy = `sip:127.0.0.1:${port};transport=${transport}`;
	const uri = `sip:+${row('From user (caller ID, DOD)')}@${row('SIP domain')};transport=${transport}`;
	const login = `auth_user=${row('Authentication name')};auth_pass=${row('Password')}`;
	const srtp = row('SRTP') === 'off' ? '' : ';mediaenc=srtp-mand';
	const registration = row('Registration') === 'none' ? 'regint=0' : 'regint=60';
	return `<${uri}>;${login};outbound="${proxy}";${registration}${srtp}\n`;
}

/** The accounts of a PBX that takes calls: one for each spelling of a number. */
const incomingAccounts = (table: PbxTable, host: string) =>
	rowsOf(table, 'Incoming calls', 'Number that is called')
		.map(
			(number) =>
				`<sip:${number}@${host};transport=${incomingTransport(table)}>;regint=0;answermode=auto\n`,
		)
		.join('');

const incomingTransport = (table: PbxTable) => only(rowsOf(table, 'Incoming calls', 'Transport'));

async function configure(folder: string, accounts: string, port: number, edge: Edge) {
	const rtp = await freePort();
	const from = Math.min(rtp - (rtp % 2), 65_000);
	await writeFile(
		join(folder, 'config'),
		[
			`sip_listen 127.0.0.1:${port}`,
			`sip_certificate ${join(folder, 'phone.pem')}`,
			`sip_cafile ${edge.certificate}`,
			'net_interface 127.0.0.1',
			`rtp_ports ${from}-${from + 100}`,
			`module_path ${MODULES}`,
			'audio_source aubridge,nil',
			'audio_player aubridge,nil',
			'audio_alert none',
			'module g711.so',
			'module srtp.so',
			'module aubridge.so',
			'module_app account.so',
			'module_app menu.so',
			'',
		].join('\n'),
	);
	await writeFile(join(folder, 'accounts'), accounts);
	const key = join(folder, 'phone.key');
	const certificate = join(folder, 'phone.crt');
	await run('openssl', [
		...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
		...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
	]);
	await run('sh', ['-c', 'cat "$0" "$1" > "$2"', key, certificate, join(folder, 'phone.pem')]);
}

/**
 * A PBX dials a number, hangs up after three seconds, and ends.
 *
 * @returns what it wrote of the call
 */
export async function dial(table: PbxTable, edge: Edge, number: string): Promise<string> {
	const folder = await folderFor('pbx');
	try {
		await configure(folder, outgoingAccount(table, edge), await freePort(), edge);
		return await run('baresip', ['-f', folder, '-e', `/dial ${number}`, '-t', '3']);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** A PBX that takes calls. */
export interface Pbx {
	/** What it wrote: each call that came, and that it was answered. */
	output(): string;
	stop(): Promise<void>;
}

/** @param port of the origination URI; TLS is on the next one, as baresip has it */
export async function startPbx(table: PbxTable, edge: Edge, port: number): Promise<Pbx> {
	const folder = await folderFor('pbx');
	const isTls = incomingTransport(table) === 'tls';
	await configure(
		folder,
		incomingAccounts(table, `127.0.0.1:${port}`),
		isTls ? port - 1 : port,
		edge,
	);
	const group: Group = startGroup('baresip', ['-f', folder]);
	await eventually('baresip', () => (/ready/.test(group.output()) ? true : undefined), 15);
	return {
		output: () => group.output(),
		async stop() {
			await group.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
