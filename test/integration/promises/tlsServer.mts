import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';

import type { Simulator } from '../../../simulator/simulator.mts';

/** Nobody trusts this pair: it is for 127.0.0.1 and these tests alone. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDpCS1F+7xd4SDgoe
RwPveuUoXbQOZT+PuG+jeFJrDx6hRANCAATHF9t5h7c3VlsBSuA3sDeeMgym7Bw1
URxN/zQseCf2HhbQHlouDVvweGuEPIh4zxk40Z/+/4JC98olaq13a3BX
-----END PRIVATE KEY-----`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUdIMAWRRr5eFqc7Dh7npDwfCCPxcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNTA0MDQxOVoYDzIxMjYxMTAx
MDQwNDE5WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATHF9t5h7c3VlsBSuA3sDeeMgym7Bw1URxN/zQseCf2HhbQHlouDVvw
eGuEPIh4zxk40Z/+/4JC98olaq13a3BXo2QwYjAdBgNVHQ4EFgQUbNOeM1dy0zMI
PxhFOzE1Ik8cMVswHwYDVR0jBBgwFoAUbNOeM1dy0zMIPxhFOzE1Ik8cMVswDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQDg0L4Yer3Uq7tVEy0ZcZVRR+RR151wMN8Dta/XkGRAcgIgf+pnPRCre99bvE2y
EccNJSYv88Ph9NEHqbt47cxDcTQ=
-----END CERTIFICATE-----`;

/** A server behind TLS whose connection can break as TLS breaks: with bytes that are no record of it. */
export interface TlsServer {
	/** For the credential's Base URL. */
	readonly url: string;
	/** The answer to the next request of this method is lost so, after the request was carried out. */
	breakAfter(method: string): void;
	close(): void;
}

const listening = async (server: ReturnType<typeof createTcpServer>) => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
};

/** Passes what comes in behind TLS on to a simulator. */
export async function startTlsServer({ url }: Simulator): Promise<TlsServer> {
	let broken: string | undefined;
	const breaks = new Map<number, () => void>();
	const { port: target } = new URL(url);
	const tls = createServer({ key: KEY, cert: CERT }, (request, response) => {
		const { method, headers, url: path, socket } = request;
		const passed = httpRequest({ port: target, host: '127.0.0.1', method, path, headers });
		request.pipe(passed);
		passed.on('response', (answer) => {
			if (method === broken) {
				broken = undefined;
				answer.resume();
				return breaks.get(socket.remotePort ?? 0)?.();
			}
			response.writeHead(answer.statusCode ?? 0, answer.headers);
			answer.pipe(response);
		});
	});
	const inner = await listening(tls);
	// Between the client and TLS: here its bytes can be spoilt.
	const relay = createTcpServer((client) => {
		const upstream = connect(inner, '127.0.0.1');
		upstream.on('connect', () => {
			breaks.set(upstream.localPort ?? 0, () => client.end('this is no TLS record at all'));
		});
		client.pipe(upstream).pipe(client);
		for (const socket of [client, upstream]) socket.on('error', () => client.destroy());
	});
	const port = await listening(relay);
	return {
		url: `https://127.0.0.1:${port}${new URL(url).pathname}`,
		breakAfter: (method) => void (broken = method),
		close() {
			relay.close();
			tls.closeAllConnections();
			tls.close();
		},
	};
}
