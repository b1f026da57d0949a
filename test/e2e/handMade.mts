/** An account as people make it by hand over the years: odd names, shared parts, numbers here and there. */
import type { Simulator } from '../../simulator/simulator.mts';
import { routeTo } from '../../simulator/records.mts';
import { nth } from '../support/elements.mts';

/** Names that no provisioning would give. */
const ODD_NAMES = [
	'acme',
	'ACME',
	'Acme inbound',
	'Acme outbound',
	'Hooli  Clinic ',
	'\u00a0Straße 7',
	'Cafe\u0301 Ole\u0301',
	'東京オフィス',
	'مكتب الرياض',
	"O'Brien & Söhne <test>",
	'007',
	'trunk-5 (old, do not delete!)',
	'Zero\u200bwidth',
	'a=b;c?d#e/f%20',
	'😀 Support',
	'Line\tone',
	'inbound',
	' outbound calls',
	'{ $json.name }',
	'=1+1',
	'x'.repeat(80),
	'Dr. "Quote"',
	'back\\slash',
	'12/03/2024',
];

const URIS = [
	(n: number) => `pbx${n}.customer.example`,
	(n: number) => `pbx${n}.customer.example:5060`,
	(n: number) => `PBX${n}.Customer.Example:5061;transport=tls`,
	(n: number) => `sip:pbx${n}.customer.example;transport=TCP`,
	(n: number) => `203.0.113.${n % 250}:5080;transport=udp`,
	(n: number) => `line${n}@pbx.customer.example`,
];

/**
 * Adds trunks, two thirds of them inbound, with addresses, logins and IP lists of which some are shared, and numbers.
 * @param count how many trunks
 */
export function makeByHand(simulator: Simulator, count: number): void {
	const { addTrunk, addUri, addCredential, addIpAcl, addNumber, authId } = simulator;
	const shared = {
		uri: addUri({ name: 'Main PBX', uri: 'main.customer.example:5060' }),
		credential: addCredential({ name: 'All offices', username: 'alloffices' }),
		ipAcl: addIpAcl({ name: 'Offices', ip_addresses: ['203.0.113.10/32', '198.51.100.0/24'] }),
	};
	for (let n = 0; n < count; n++) {
		const name = ODD_NAMES[n] ?? `Customer ${n}${n % 7 === 0 ? ' trunk' : ''}`;
		if (n % 3 === 2) {
			const own = addCredential({ name: `login ${n}`, username: `login${n}` });
			addTrunk({
				name,
				trunk_direction: 'outbound',
				secure: n % 2 === 0,
				trunk_status: n % 10 === 8 ? 'disabled' : 'enabled',
				...(n % 4 === 0 && { ipacl_uuid: shared.ipAcl.ipacl_uuid }),
				...(n % 4 !== 0 && {
					credential_uuid: (n % 4 === 1 ? shared.credential : own).credential_uuid,
				}),
				...(n % 12 === 11 && { ipacl_uuid: shared.ipAcl.ipacl_uuid }),
			});
			continue;
		}
		const own = addUri({ name: `uri ${n}`, uri: nth(URIS, n % URIS.length)(n) });
		const trunk = addTrunk({
			name,
			trunk_direction: 'inbound',
			primary_uri_uuid: (n % 5 === 0 ? shared.uri : own).uri_uuid,
			...(n % 9 === 1 && { fallback_uri_uuid: shared.uri.uri_uuid }),
		});
		for (let line = 0; line < n % 4; line++) {
			addNumber({
				number: String(14155600000 + n * 10 + line),
				application: routeTo(authId, 'trunks', String(trunk.trunk_id)),
			});
		}
	}
	// Numbers that no trunk has, as every account.
	for (let n = 0; n < 5; n++) addNumber({ number: String(14155700000 + n) });
}
