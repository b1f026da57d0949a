import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';

export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** What a simulator answers at its port, by address. */
export interface Site {
	/** `/v1/Account/:authId/*` */
	account: Handler;
	/** `/platforms/:platform/*` */
	platforms: Handler;
	/** `/_simulator/:what` */
	control: Handler;
	/** `GET /` */
	page: Handler;
	/** Everything else. */
	unknown: Handler;
}

/** Where each request has come in. */
const sites = new WeakMap<IncomingMessage, Site>();

/** One for all simulators of a process: fastify takes milliseconds to set up, and tests start thousands of them. */
const app = fastify({ exposeHeadRoutes: false });

const at =
	(address: keyof Site): Handler =>
	(request, reply) =>
		sites.get(request.raw)?.[address](request, reply);

// Bodies are parsed by the account: what isn't JSON is Plivo's to refuse, not the framework's.
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, parsed) =>
	parsed(null, text),
);
app.all('/v1/Account/:authId/*', at('account'));
app.all('/platforms/:platform/*', at('platforms'));
app.all('/_simulator/:what', at('control'));
app.get('/', at('page'));
app.setNotFoundHandler(at('unknown'));

/**
 * Serves a site on 127.0.0.1.
 *
 * @param port 0: a free one
 * @throws an error with code `EADDRINUSE` when the port is taken
 */
export async function serve(site: Site, port: number) {
	await app.ready();
	const server = createServer((request, response) => {
		sites.set(request, site);
		app.routing(request, response);
	});
	// As fastify's own servers: a client that keeps its connections doesn't meet a closed one.
	server.keepAliveTimeout = 72_000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(port, '127.0.0.1', resolve);
	});
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		/** Ends what is under way, too. */
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}
