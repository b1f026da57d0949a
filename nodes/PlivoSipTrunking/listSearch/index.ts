import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { credentialChannel } from '../run/channel';
import { errorFor } from '../run/errors';
import { CREDENTIAL } from '../records/credential';
import { IP_ACL } from '../records/ipAccessControlList';
import type { Kind } from '../records/kind';
import { ORIGINATION_URI } from '../records/originationUri';
import { PHONE_NUMBER } from '../records/phoneNumber';
import { TRUNK } from '../records/trunk';
import { listRecords } from '../records/list';

/** So many entries at a time in the editor's list; scrolling asks for the next. */
const SHOWN_AT_A_TIME = 100;

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/**
 * A resource locator's search: by name and id over all records, in Plivo's order.
 *
 * @param label what an entry shows
 * @param filters of Plivo's, for lists of only what fits
 */
const searchFor = (
	kind: Kind,
	label: (record: IDataObject) => string,
	filters: IDataObject = {},
): Search =>
	async function (this, filter = '', paginationToken = '0') {
		try {
			const channel = await credentialChannel(this, { maxRetries: 2, timeout: 15 });
			const records = await listRecords(channel, kind, { filters });
			const words = filter.trim().toLowerCase().replace(/^\+/, '');
			const entries = records
				.map(
					(record): INodeListSearchItems => ({
						name: label(record),
						value: String(record[kind.idField]),
					}),
				)
				.filter(({ name, value }) => `${name} ${String(value)}`.toLowerCase().includes(words));
			const from = Number(paginationToken);
			const to = from + SHOWN_AT_A_TIME;
			return {
				results: entries.slice(from, to),
				...(entries.length > to && { paginationToken: String(to) }),
			};
		} catch (failure) {
			throw errorFor(this, failure, 0);
		}
	};

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : 'unnamed');

const trunkLabel = (trunk: IDataObject) =>
	`${text(trunk.name)} (${text(trunk.trunk_direction)}, ${text(trunk.trunk_status)})`;

export const searchTrunks = searchFor(TRUNK, trunkLabel);

export const searchInboundTrunks = searchFor(TRUNK, trunkLabel, { trunk_direction: 'inbound' });

export const searchOutboundTrunks = searchFor(TRUNK, trunkLabel, { trunk_direction: 'outbound' });

export const searchOriginationUris = searchFor(
	ORIGINATION_URI,
	(uri) => `${text(uri.name)} (${text(uri.uri)})`,
);

export const searchCredentials = searchFor(
	CREDENTIAL,
	(credential) => `${text(credential.name)} (${text(credential.username)})`,
);

export const searchIpAcls = searchFor(IP_ACL, (list) => {
	const addresses = Array.isArray(list.ip_addresses) ? list.ip_addresses.length : 0;
	return `${text(list.name)} (${addresses} ${addresses === 1 ? 'address' : 'addresses'})`;
});

export const searchPhoneNumbers = searchFor(PHONE_NUMBER, (number) => {
	const alias = typeof number.alias === 'string' && number.alias ? ` ${number.alias}` : '';
	return `+${String(number.number)}${alias} (${number.application ? 'routed' : 'not routed'})`;
});
