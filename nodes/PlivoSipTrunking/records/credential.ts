import { createHash, randomInt } from 'crypto';

import { checkedPassword, checkedUsername } from '../input/login';
import { checkedName } from '../input/name';
import { type AccountRecord, type Kind, plainKind, type Text, texts } from './kind';

/** Digest authentication of outbound trunks (plivo.com/docs/sip-trunking/api/credentials). */
export interface Credential extends AccountRecord {
	readonly credential_uuid: string;
	readonly username?: Text;
}

export const CREDENTIAL: Kind<Credential> = {
	...plainKind,
	path: '/Zentrunk/Credential/',
	idField: 'credential_uuid',
	idKind: 'credential',
	parse: texts('credential_uuid', 'name', 'username'),
	label: 'SIP credential',
	idLabel: 'SIP Credential',
	fields: {
		name: { label: 'Name', check: checkedName },
		username: { label: 'Username', check: checkedUsername },
		password: { label: 'Password', check: checkedPassword },
	},
	// Every update rewrites the password, and refuses one without its username (live; plivo-cli 1.1.1).
	restated: (changes, current) => ({
		username: current.username,
		...changes,
	}),
};

const GENERATED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A password that meets Plivo's rules, from a cryptographic source. Of the special characters only `_`,
 * the one that breaks neither a PBX's configuration file nor an address.
 *
 * @param length 5 to 20 characters
 */
export function generatePassword(length = 20): string {
	const characters = Array.from({ length }, () => GENERATED.charAt(randomInt(GENERATED.length)));
	characters[randomInt(length)] = '_';
	return characters.join('');
}

/**
 * A username from letters and digits of a name, and six digits that are the same for each run of a
 * customer and others in each account: Plivo takes 5 to 20 characters.
 */
export function generateUsername(name: string, accountUrl: string): string {
	const letters = name
		.normalize('NFKD')
		.replace(/[^A-Za-z0-9]/g, '')
		.toLowerCase()
		.slice(0, 14);
	const hash = createHash('sha256').update(`${accountUrl} ${name}`).digest();
	return letters + String(hash.readUInt32BE() % 1_000_000).padStart(6, '0');
}
