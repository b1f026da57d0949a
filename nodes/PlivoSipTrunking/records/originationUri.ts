import { checkedBoolean } from '../input/boolean';
import { checkedName } from '../input/name';
import { checkedUriPassword } from '../input/login';
import { checkedText } from '../input/text';
import { checkedUri, warningsAboutUri } from '../input/sipAddress';
import { badInput } from '../failure';
import {
	type AccountRecord,
	checkedFields,
	type Kind,
	plainKind,
	type Text,
	texts,
	type Values,
	without,
} from './kind';

/** Where inbound calls go (plivo.com/docs/sip-trunking/api/origination-uris). */
export interface OriginationUri extends AccountRecord {
	readonly uri_uuid: string;
	readonly uri?: Text;
	readonly username?: Text;
}

export const ORIGINATION_URI: Kind<OriginationUri> = {
	...plainKind,
	path: '/Zentrunk/URI/',
	idField: 'uri_uuid',
	idKind: 'originationUri',
	parse: texts('uri_uuid', 'name', 'uri', 'username'),
	label: 'origination URI',
	idLabel: 'Origination URI',
	fields: {
		name: { label: 'Name', check: checkedName },
		uri: { label: 'URI', check: checkedUri },
		authentication_needed: { label: 'Authentication Needed', check: checkedBoolean },
		username: { label: 'Username', check: checkedText },
		password: { label: 'Password', check: checkedUriPassword },
	},
	defaults: { authentication_needed: false },
	restated,
	warningsAbout: ({ uri }) => (typeof uri === 'string' ? warningsAboutUri(uri) : []),
};

/**
 * Plivo wants `authentication_needed` and `username` with every password (live; plivo-cli 1.1.2), and
 * both with authentication switched on.
 */
function restated(changes: Values, current: Values): Values {
	const touchesLogin = ['authentication_needed', 'username', 'password'].some(
		(field) => field in changes,
	);
	if (!touchesLogin) return changes;
	const needed =
		changes.authentication_needed ?? ('password' in changes || current.authentication_needed);
	if (!needed) return { ...changes, authentication_needed: false };
	const username = changes.username ?? current.username;
	if (!username) {
		throw badInput(
			'Username',
			'is missing',
			'Add it: authentication needs a username and a password.',
		);
	}
	if (!('password' in changes)) {
		const unchanged = current.authentication_needed === true && username === current.username;
		if (unchanged) return without(changes, 'authentication_needed', 'username');
		throw badInput(
			'Password',
			'is missing',
			'Add it: Plivo takes a changed login only with its password, which it never shows.',
		);
	}
	return { ...changes, authentication_needed: true, username };
}

/**
 * The fields of a new origination URI, checked.
 *
 * @throws PlivoFailure of kind `input`
 */
export function newOriginationUri(fields: Values): Values {
	const checked = checkedFields(ORIGINATION_URI, without(fields, 'username', 'password'));
	if (checked.authentication_needed !== true) return checked;
	const { username, password } = fields;
	return { ...checked, ...checkedFields(ORIGINATION_URI, { username, password }) };
}
