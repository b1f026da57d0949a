/** A mail server for the demo and the tests: takes every mail, sends none on, and shows them on a page. */
import { createServer as createWebServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Mail {
	to: string;
	subject: string;
	/** The text as it came: HTML where the mail has it. */
	html: string;
	/** Text files, by their names. */
	attachments: Record<string, string>;
}

export interface Mailbox {
	/** What came, the oldest first. */
	readonly mails: Mail[];
	/** For n8n's SMTP credential. */
	readonly smtp: { host: string; port: number; secure: boolean; disableStartTls: boolean };
	/** A page with the mails, the newest first. */
	readonly url: string;
	close(): Promise<void>;
}

/** The mailbox keeps so many mails at most. */
const KEPT = 1_000;

/** Starts an empty mailbox on 127.0.0.1. */
export async function startMailbox(): Promise<Mailbox> {
	const mails: Mail[] = [];
	const sockets = new Set<Socket>();
	const smtp = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
		receive(socket, (mail) => {
			mails.push(mail);
			if (mails.length > KEPT) mails.shift();
		});
	});
	const web = createWebServer((request, response) => {
		const mail = mails[Number(/^\/mail\/(\d+)$/.exec(request.url ?? '')?.[1] ?? NaN)];
		response.setHeader('content-type', 'text/html; charset=utf-8');
		response.end(mail ? mail.html : listOf(mails));
	});
	for (const server of [smtp, web]) {
		await new Promise<void>((fulfil) => server.listen(0, '127.0.0.1', fulfil));
	}
	const portOf = (server: typeof smtp | typeof web) => (server.address() as AddressInfo).port;
	return {
		mails,
		smtp: { host: '127.0.0.1', port: portOf(smtp), secure: false, disableStartTls: true },
		url: `http://127.0.0.1:${portOf(web)}`,
		async close() {
			for (const socket of sockets) socket.destroy();
			web.closeAllConnections();
			for (const server of [smtp, web]) {
				await new Promise((fulfil) => server.close(fulfil));
			}
		},
	};
}

/** RFC 5321, as much of it as a client needs that sends one mail after the other. */
function receive(socket: Socket, arrived: (mail: Mail) => void): void {
	let waiting = '';
	let message: string[] | undefined;
	const say = (line: string) => socket.write(`${line}\r\n`);
	say('220 mailbox');
	socket.setEncoding('utf8').on('data', (text: string) => {
		const lines = (waiting + text).split('\r\n');
		waiting = lines.pop() ?? '';
		for (const line of lines) {
			if (!message) {
				const command = line.slice(0, 4).toUpperCase();
				if (command === 'DATA') message = [];
				if (command === 'QUIT') socket.end('221 bye\r\n');
				else say(command === 'DATA' ? '354 go on' : '250 ok');
			} else if (line === '.') {
				arrived(parsed(message));
				message = undefined;
				say('250 kept');
			} else message.push(line.replace(/^\./, ''));
		}
	});
}

/** A mail as n8n's Send Email makes it: one part, or a text and files after it (RFC 2046). */
function parsed(lines: string[]): Mail {
	const { header, body } = partOf(lines);
	const boundary = /boundary="?([^";]+)/i.exec(header('Content-Type'))?.[1];
	const [text, ...files] = boundary
		? lines
				.join('\r\n')
				.split(`\r\n--${boundary}`)
				.slice(1, -1)
				.map((part) => partOf(part.split('\r\n').slice(1)))
		: [{ header, body }];
	const nameOf = (part: Part) =>
		decodedWords(/filename="?([^";]+)/i.exec(part.header('Content-Disposition'))?.[1] ?? '');
	return {
		to: header('To'),
		subject: decodedWords(header('Subject')),
		html: text?.body() ?? '',
		attachments: Object.fromEntries(files.map((file) => [nameOf(file), file.body()])),
	};
}

interface Part {
	header(name: string): string;
	body(): string;
}

function partOf(lines: string[]): Part {
	const end = lines.indexOf('');
	const headers = lines.slice(0, end).join('\n').replace(/\n\s+/g, ' ');
	const header = (name: string) =>
		new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';
	const text = lines.slice(end + 1).join('\r\n');
	return {
		header,
		body: () => decoded(text, header('Content-Transfer-Encoding').toLowerCase()),
	};
}

function decoded(text: string, encoding: string): string {
	if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
	if (encoding !== 'quoted-printable') return text;
	const bytes = text
		.replace(/=\r\n/g, '')
		.replace(/=([0-9A-F]{2})/gi, (_match, code: string) =>
			String.fromCharCode(Number.parseInt(code, 16)),
		);
	return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047: `=?UTF-8?Q?…?=`; neighbours belong together. */
const decodedWords = (text: string) =>
	text
		.replace(/\?=\s+=\?/g, '?==?')
		.replace(/=\?utf-8\?([BQ])\?(.*?)\?=/gi, (_match, how: string, word: string) =>
			how.toUpperCase() === 'B'
				? decoded(word, 'base64')
				: decoded(word.replaceAll('_', ' '), 'quoted-printable'),
		);

const escaped = (text: string) =>
	text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function listOf(mails: Mail[]): string {
	const rows = mails.map(
		({ to, subject }, index) =>
			`<li><a href="/mail/${index}">${escaped(subject)}</a> to ${escaped(to)}</li>`,
	);
	return `<title>Mails</title><h1>Mails</h1><p>No mail of the demo leaves this computer.</p>
<ul>${rows.reverse().join('\n') || '<li>none yet; reload the page</li>'}</ul>`;
}
