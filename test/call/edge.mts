/**
 * Plivo's edge, played by Kamailio: it knows what the simulator's account has, asks callers for their password, sends
 * calls on to the phone network or to origination URIs, and each call's end becomes a call record of the account.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, type Group, run, startGroup } from '../../demo/processes.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { eventually } from '../e2e/stand.mts';

export interface Edge {
	/** For UDP and TCP. */
	readonly port: number;
	readonly tlsPort: number;
	/** The edge's certificate, and so that of its only authority. */
	readonly certificate: string;
	/** Takes over what the account has now. */
	sync(): Promise<void>;
	output(): string;
	stop(): Promise<void>;
}

const text = (value: unknown) => String(value ?? '');

/** Digest of a login, as RFC 2617 defines HA1: a `$` in a password can't be read as a variable. */
const ha1 = (username: string, realm: string, password: string) =>
	createHash('md5').update(`${username}:${realm}:${password}`).digest('hex');

/** What Kamailio's tables hold of an account: one `$sht(table=>key)` for each value. */
function tablesOf({ state }: Simulator): string[] {
	const rows: string[] = [];
	const set = (table: string, key: string, value: string) =>
		rows.push(`\t$sht(${table}=>${key}) = "${value}";`);
	for (const trunk of state.trunks.values()) {
		const domain = text(trunk.trunk_domain);
		const enabled = trunk.trunk_status === 'enabled';
		if (trunk.trunk_direction === 'outbound' && enabled) {
			set('trunks', domain, trunk.secure === true ? 'secure' : 'plain');
			const credential = state.credentials.get(text(trunk.credential_uuid));
			if (credential) {
				const username = text(credential.username);
				set('logins', domain, username);
				set('ha1', domain, ha1(username, domain, text(credential.password)));
			}
			const list = state.ipacls.get(text(trunk.ipacl_uuid));
			if (list) set('lists', domain, (list.ip_addresses as string[]).join(','));
		}
	}
	for (const { number, application } of state.numbers.values()) {
		set('owned', text(number), 'yes');
		const [, id] = /Trunk\/(\d+)\/$/.exec(text(application)) ?? [];
		const trunk = state.trunks.get(text(id));
		if (!trunk || trunk.trunk_direction !== 'inbound' || trunk.trunk_status !== 'enabled') continue;
		const uriOf = (uuid: unknown) => text(state.uris.get(text(uuid))?.uri).replace(/^sip:/, '');
		set('domains', text(number), text(trunk.trunk_domain));
		set('primary', text(number), uriOf(trunk.primary_uri_uuid));
		if (trunk.fallback_uri_uuid) set('fallback', text(number), uriOf(trunk.fallback_uri_uuid));
	}
	return rows;
}

interface Places {
	folder: string;
	port: number;
	tlsPort: number;
	/** The phone network. */
	carrier: { host: string; port: number };
}

const TABLES = ['trunks', 'logins', 'ha1', 'lists', 'owned', 'domains', 'primary', 'fallback'];

/**
 * Kamailio's configuration. Every refusal names the hangup code of
 * plivo.com/docs/sip-trunking/troubleshooting/zentrunk-hangup-codes; Plivo publishes no table of SIP statuses for them.
 */
const configOf = ({ folder, port, tlsPort, carrier }: Places, rows: string[]) => `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
enable_tls=yes
tcp_connection_lifetime=60
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
listen=tls:127.0.0.1:${tlsPort}

${[
	'tm',
	'sl',
	'rr',
	'maxfwd',
	'pv',
	'textops',
	'siputils',
	'xlog',
	'auth',
	'htable',
	'ipops',
	'tls',
]
	.map((name) => `loadmodule "${name}.so"`)
	.join('\n')}

modparam("tm", "fr_timer", 2000)
modparam("tm", "fr_inv_timer", 10000)
modparam("auth", "nonce_expire", 60)
modparam("tls", "config", "${join(folder, 'tls.cfg')}")
modparam("rr", "append_fromtag", 1)
${TABLES.map((name) => `modparam("htable", "htable", "${name}=>size=10;")`).join('\n')}
modparam("htable", "htable", "calls=>size=8;autoexpire=300;")

event_route[htable:mod-init] {
${rows.join('\n')}
	$sht(calls=>none) = "";
}

request_route {
	if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
	if (has_totag()) {
		if (!loose_route()) {
			if (is_method("ACK") && t_check_trans()) { t_relay(); }
			exit;
		}
		if (is_method("BYE")) {
			# Of calls out the PBX is the caller, of calls in the phone network.
			$var(code) = "3010";
			if ($sht(calls=>$ci) =~ "^inbound") {
				if (is_direction("downstream")) { $var(code) = "3000"; }
			} else {
				if (is_direction("upstream")) { $var(code) = "3000"; }
			}
			xlog("L_WARN", "CDR|$var(code)|$ci|$sht(calls=>$ci)|end\\n");
		}
		t_relay();
		exit;
	}
	if (is_method("CANCEL")) { if (t_check_trans()) { t_relay(); } exit; }
	if (is_method("ACK")) { exit; }
	if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
	# No REGISTER, INFO, MESSAGE, ...: technical-specifications.
	if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
	t_check_trans();
	if ($hdr(X-Carrier) == "yes") { route(INBOUND); } else { route(OUTBOUND); }
}

route[REFUSE] {
	xlog("L_WARN", "CDR|$var(code)|$ci|$var(call)|refused\\n");
	sl_send_reply("403", "Forbidden");
	exit;
}

route[OUTBOUND] {
	$var(call) = "outbound|" + $fU + "|" + $rU + "|" + $rd + "|" + $proto;
	$var(domain) = $rd;
	if ($sht(trunks=>$rd) == $null) { $var(code) = "4070"; route(REFUSE); }
	if ($sht(trunks=>$rd) == "plain" && ($proto == "tls" || search_body("RTP/SAVP"))) { $var(code) = "4110"; route(REFUSE); }
	if ($sht(lists=>$rd) != $null) {
		$var(list) = $sht(lists=>$rd);
		if (!is_in_subnet("$si", "$var(list)")) { $var(code) = "4180"; route(REFUSE); }
	}
	if ($sht(ha1=>$rd) != $null) {
		if (!has_credentials("$rd")) { proxy_challenge("$rd", "0"); exit; }
		if ($au != $sht(logins=>$rd)) { $var(code) = "4060"; route(REFUSE); }
		$var(ha1) = $sht(ha1=>$rd);
		$var(result) = pv_proxy_authenticate("$rd", "$var(ha1)", "1");
		if ($var(result) == -4) { proxy_challenge("$rd", "0"); exit; }
		if ($var(result) < 0) { $var(code) = "4060"; route(REFUSE); }
		consume_credentials();
	}
	$var(from) = $(fU{re.subst,/^\\+//});
	if ($sht(owned=>$var(from)) == $null) { $var(code) = "4190"; route(REFUSE); }
	if ($rU =~ "^\\+[1-9][0-9]+$") {
		$sht(calls=>$ci) = $var(call);
		xlog("L_WARN", "ACCEPTED|$ci|$au\\n");
		record_route();
		$du = "sip:${carrier.host}:${carrier.port}";
		t_relay();
		exit;
	}
	$var(code) = "4120";
	route(REFUSE);
}

route[INBOUND] {
	$var(number) = $(rU{re.subst,/^\\+//});
	if ($sht(primary=>$var(number)) == $null) {
		$var(call) = "inbound|" + $fU + "|" + $rU + "||" + $proto;
		$var(code) = "4080";
		route(REFUSE);
	}
	$avp(number) = $var(number);
	$avp(called) = $rU;
	$sht(calls=>$ci) = "inbound|" + $fU + "|" + $rU + "|" + $sht(domains=>$var(number)) + "|" + $proto;
	record_route();
	remove_hf("X-Carrier");
	$ru = "sip:" + $avp(called) + "@" + $sht(primary=>$avp(number));
	xlog("L_WARN", "BRANCH|primary|$ru\\n");
	t_on_failure("FALLBACK");
	t_relay();
	exit;
}

failure_route[FALLBACK] {
	if (t_is_canceled()) { exit; }
	if (t_check_status("408|5[0-9][0-9]") && $sht(fallback=>$avp(number)) != $null) {
		$ru = "sip:" + $avp(called) + "@" + $sht(fallback=>$avp(number));
		$du = $null;
		xlog("L_WARN", "BRANCH|fallback|$ru\\n");
		t_on_failure("GONE");
		t_relay();
		exit;
	}
	route(UNANSWERED);
}

failure_route[GONE] {
	if (t_is_canceled()) { exit; }
	route(UNANSWERED);
}

route[UNANSWERED] {
	$var(code) = "5340";
	if (t_check_status("404")) { $var(code) = "4090"; }
	if (t_check_status("408")) { $var(code) = "4170"; }
	xlog("L_WARN", "CDR|$var(code)|$ci|$sht(calls=>$ci)|refused\\n");
}
`;

/**
 * Starts an edge for an account. Nothing but 127.0.0.1 is listened on or called.
 *
 * @throws {Error} with Kamailio's words when it doesn't start
 */
export async function startEdge(
	account: Simulator,
	carrier: { host: string; port: number },
): Promise<Edge> {
	const folder = await mkdtemp(join(tmpdir(), 'edge-'));
	const certificate = join(folder, 'edge.crt');
	const key = join(folder, 'edge.key');
	await run('openssl', [
		...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
		...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
	]);
	await writeFile(
		join(folder, 'tls.cfg'),
		`[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nprivate_key = ${key}\ncertificate = ${certificate}\n[client:default]\nmethod = TLSv1.2+\nverify_certificate = no\n`,
	);
	const port = await freePort();
	const tlsPort = await freePort();
	const config = join(folder, 'kamailio.cfg');
	let before = '';
	let group: Group | undefined;
	let waiting = '';
	const booked = new Set<string>();

	const hear = (output: string) => {
		const lines = (waiting + output).split('\n');
		waiting = lines.pop() ?? '';
		for (const line of lines) {
			const [, code, id, direction, from, to, domain, protocol, how] = (
				/(CDR\|.*)$/.exec(line)?.[1] ?? ''
			).split('|');
			if (!id || !from || !to || how === undefined || booked.has(id)) continue;
			booked.add(id);
			account.addCall({
				call_direction: direction,
				from_number: from.startsWith('+') ? from : `+${from}`,
				to_number: to.startsWith('+') ? to : `+${to}`,
				trunk_domain: domain,
				transport_protocol: protocol,
				hangup_cause_code: Number(code),
				hangup_cause_name: how === 'end' ? 'normal_hangup' : 'forbidden',
				hangup_source: how === 'end' ? (code === '3000' ? 'carrier' : 'customer') : 'zentrunk',
				call_duration: how === 'end' ? 1 : 0,
				bill_duration: how === 'end' ? 1 : 0,
			});
		}
	};

	async function start() {
		await writeFile(config, configOf({ folder, port, tlsPort, carrier }, tablesOf(account)));
		const started = startGroup(
			'kamailio',
			['-DD', '-E', '-f', config, '-m', '64', '-M', '8', '-Y', folder, '-w', folder],
			{},
			hear,
		);
		group = started;
		let ended = false;
		void started.exited.then(() => (ended = true));
		await eventually('Kamailio', async () => {
			if (ended) throw new Error(`Kamailio did not start:\n${started.output()}`);
			return await answersTcp(port);
		});
	}

	async function stopKamailio() {
		before += group?.output() ?? '';
		await group?.stop();
		group = undefined;
	}

	await start();
	return {
		port,
		tlsPort,
		certificate,
		async sync() {
			await stopKamailio();
			await start();
		},
		output: () => before + (group?.output() ?? ''),
		async stop() {
			await stopKamailio();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function answersTcp(port: number): Promise<true | undefined> {
	const { connect } = await import('node:net');
	return await new Promise((fulfil) => {
		const socket = connect(port, '127.0.0.1')
			.on('connect', () => fulfil((socket.destroy(), true)))
			.on('error', () => fulfil(undefined));
	});
}
