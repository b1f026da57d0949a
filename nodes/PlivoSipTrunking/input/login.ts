import { badInput } from '../failure';
import { standInProblem, textOf } from './text';

const PASSWORD_REMEDY =
	'Plivo takes 5 to 20 letters, digits and ~!@#$%^&*()_+, with at least one of these special characters.';

/**
 * The user name of a SIP credential (plivo.com/docs/sip-trunking/api/credentials; live, plivo-cli 1.1.1;
 * underscores: Plivo's guide for LiveKit).
 *
 * @returns 5 to 20 letters, digits and underscores, without spaces around them
 * @throws PlivoFailure of kind `input`
 */
export function checkedUsername(label: string, value: unknown): string {
	const remedy = 'Choose one such as acme_pbx01.';
	const username = textOf(label, value, remedy);
	if (/^\w{5,20}$/.test(username)) return username;
	throw badInput(label, 'must be 5 to 20 letters, digits and underscores', remedy);
}

/** Passwords are never trimmed, and no message repeats any part of them. */
function passwordText(label: string, value: unknown, remedy: string): string {
	if (typeof value === 'number' || typeof value === 'bigint') {
		throw badInput(
			label,
			'is a number, which may have lost leading zeros or digits',
			'Pass the password as text: put it in quotes in the expression, or format its column as text.',
		);
	}
	if (value === undefined || value === null || value === '')
		throw badInput(label, 'is empty', remedy);
	if (typeof value !== 'string') throw badInput(label, 'is not text', remedy);
	const standIn = standInProblem(value);
	if (standIn) throw badInput(label, `is text that ${standIn.problem}`, standIn.remedy);
	return value;
}

/**
 * The password of a SIP credential (plivo.com/docs/sip-trunking/api/credentials; live, plivo-cli 1.1.1).
 *
 * @returns the password as it was given
 * @throws PlivoFailure of kind `input`, never with the password
 */
export function checkedPassword(label: string, value: unknown): string {
	const password = passwordText(label, value, PASSWORD_REMEDY);
	const length = [...password].length;
	if (length < 5 || length > 20) {
		throw badInput(label, 'must have 5 to 20 characters', PASSWORD_REMEDY);
	}
	if (!/^[\w~!@#$%^&*()+]*$/.test(password)) {
		throw badInput(label, 'has a character that Plivo does not take', PASSWORD_REMEDY);
	}
	if (/^[A-Za-z\d]*$/.test(password)) {
		throw badInput(label, 'has no special character', PASSWORD_REMEDY);
	}
	return password;
}

/**
 * The password that Plivo sends to an origination URI: whatever the SIP server there expects.
 *
 * @returns the password as it was given
 * @throws PlivoFailure of kind `input`, never with the password
 */
export const checkedUriPassword = (label: string, value: unknown): string =>
	passwordText(label, value, 'Enter the password that your SIP server expects.');
