/** Slack, Microsoft Teams and Discord, as far as a message goes: n8n's own nodes talk to them by their real names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

/** Nobody trusts this pair: it is for these tests alone. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt2uKXlwqRKJMIGW4
OA5cJ4AI1a0OZ/RXDPaUKXl2jIChRANCAAR25lpbvOJghfpWSDyikWyrOLqkltdm
BTt46tKh+lOEEnbo3oMazpTJYWNhIVwXRBrxoNmQ+aHI/GC9XhY3FnXk
-----END PRIVATE KEY-----`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBhzCCAS6gAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJjaGF0cyBv
ZiB0aGUgdGVzdHMwIBcNMjQwMTAxMDAwMDAwWhgPMjEyNDAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmNoYXRzIG9mIHRoZSB0ZXN0czBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABHbmWlu84mCF+lZIPKKRbKs4uqSW12YFO3jq0qH6U4QSdujegxrOlMlh
Y2EhXBdEGvGg2ZD5ocj8YL1eFjcWdeSjXTBbMA8GA1UdEwEB/wQFMAMBAf8wKQYD
VR0RBCIwIIIJc2xhY2suY29tghNncmFwaC5taWNyb3NvZnQuY29tMB0GA1UdDgQW
BBSfBhDnCYWiTUR47/3wa7XuYp2mODAKBggqhkjOPQQDAgNHADBEAiAApFPWAQZn
Ed9bL+IjyZg7dkQPQH8S4rjdUDrFNQNnNwIgIuPu1T6mT10qClR3dV6++F4j47qC
s0nm0NFbN9Z3Pf4=
-----END CERTIFICATE-----`;

/** A message as it arrived. */
export interface ChatMessage {
	host: string;
	path: string;
	authorization?: string;
	body: IDataObject;
}

export interface Chats {
	/** What came, the oldest first. */
	readonly messages: ChatMessage[];
	/** An address that takes messages as Discord's webhooks do. */
	readonly discordUrl: string;
	/** For n8n's environment: what goes to Slack and Microsoft comes here. */
	readonly env: NodeJS.ProcessEnv;
	close(): Promise<void>;
}

const listening = async (server: Server) => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
};

/** Starts the chats, and a proxy that leads to them. */
export async function startChats(): Promise<Chats> {
	const messages: ChatMessage[] = [];
	const take = (request: IncomingMessage, response: ServerResponse) => {
		let text = '';
		request.on('data', (part) => (text += part));
		request.on('end', () => {
			const { host = '', authorization } = request.headers;
			const body = JSON.parse(text || '{}') as IDataObject;
			messages.push({ host, path: request.url ?? '', authorization, body });
			response.setHeader('Content-Type', 'application/json').end('{"ok": true, "id": "1"}');
		});
	};
	const behindTls = createTlsServer({ key: KEY, cert: CERT }, take);
	const tlsPort = await listening(behindTls);
	const plain = createServer(take);
	// A proxy is asked for a tunnel to slack.com:443; here the tunnel ends at the server above.
	plain.on('connect', (_request, client) => {
		const upstream = connect(tlsPort, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			client.pipe(upstream).pipe(client);
		});
		for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
	});
	const url = `http://127.0.0.1:${await listening(plain)}`;
	const folder = await mkdtemp(join(tmpdir(), 'chats-'));
	const certificate = join(folder, 'cert.pem');
	await writeFile(certificate, CERT);
	return {
		messages,
		discordUrl: `${url}/api/webhooks/1/token`,
		env: { HTTPS_PROXY: url, NO_PROXY: '127.0.0.1,localhost', NODE_EXTRA_CA_CERTS: certificate },
		async close() {
			for (const server of [behindTls, plain]) {
				server.closeAllConnections();
				server.close();
			}
			await rm(folder, { recursive: true, force: true });
		},
	};
}
