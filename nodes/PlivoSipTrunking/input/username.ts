import { badInput } from '../failure';
import { textOf } from './text';

const REMEDY = 'Plivo takes 5 to 20 letters, digits and underscores, such as acme_pbx01.';

/**
 * The user name of a SIP credential (plivo.com/docs/sip-trunking/api/credentials; live, plivo-cli 1.1.1;
 * underscores: Plivo's guide for LiveKit).
 *
 * @returns 5 to 20 letters, digits and underscores, without spaces around them
 * @throws PlivoFailure of kind `input`
 */
export function checkedUsername(label: string, value: unknown): string {
	const username = textOf(label, value, REMEDY);
	if (/^\w{5,20}$/.test(username)) return username;
	throw badInput(
		label,
		username.length < 5 || username.length > 20
			? 'must have 5 to 20 characters'
			: 'may have only letters, digits and underscores',
		REMEDY,
	);
}
