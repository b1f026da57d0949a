import type { IDataObject } from 'n8n-workflow';

import { normalizedName } from '../../input/name';
import { checkedText } from '../../input/text';
import type { Listing } from '../../records/list';
import { TRUNK, trunkFilters } from '../../records/trunk';
import type { Operation } from '../../run/operation';
import {
	collection,
	credentialId,
	ipAclId,
	listOptions,
	optional,
	originationUriId,
	query,
	returnAllOrLimit,
} from '../fields';
import { operation } from '../operation';
import { getMany } from '../read';
import { secure, trunkDirection, trunkStatus, trunkView } from './fields';

/** Plivo can't filter by a part of the name. */
function listing({ qs }: Operation): Listing {
	const filters = trunkFilters(qs);
	if (qs.name === undefined) return { filters };
	const part = normalizedName(checkedText('Name Contains', qs.name)).toLowerCase();
	const accept = ({ name }: IDataObject) =>
		normalizedName(String(name ?? ''))
			.toLowerCase()
			.includes(part);
	return { filters, accept };
}

export const getAll = operation({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many trunks',
	description: 'Retrieve a list of trunks, optionally filtered',
	fields: [
		...returnAllOrLimit,
		...trunkView,
		collection('Filters', 'filters', 'Add Filter', [
			{ ...optional(trunkDirection), routing: query('trunk_direction') },
			{
				...optional(originationUriId),
				displayName: 'Fallback URI',
				name: 'fallbackUriId',
				routing: query('fallback_uri_uuid'),
			},
			{ ...optional(ipAclId), routing: query('ipacl_uuid') },
			{
				displayName: 'Name Contains',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Acme',
				description: 'Part of the name, not case-sensitive',
				routing: query('name'),
			},
			{
				...optional(originationUriId),
				displayName: 'Primary URI',
				name: 'primaryUriId',
				routing: query('primary_uri_uuid'),
			},
			{ ...secure, description: 'Whether calls are encrypted', routing: query('secure') },
			{ ...optional(credentialId), routing: query('credential_uuid') },
			{ ...trunkStatus, routing: query('trunk_status') },
		]),
		listOptions,
	],
	run: getMany(TRUNK, listing),
});
