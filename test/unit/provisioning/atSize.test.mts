import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import {
	provisionInbound,
	provisionOutbound,
} from '../../../nodes/PlivoSipTrunking/provisioning/index.ts';
import type { Composite } from '../../../nodes/PlivoSipTrunking/provisioning/outbound.ts';
import { createPlivo } from '../../../simulator/plivo.mts';
import { routeTo } from '../../../simulator/records.mts';
import { channelTo } from './memory.mts';

const CUSTOMERS = 1_000;

it('plans for 1,000 customers make one listing of each kind', async () => {
	const plivo = createPlivo({});
	const names = Array.from({ length: CUSTOMERS }, (_, n) => `Customer ${n}`);
	const numbers = names.map((_, n) => String(14150000000 + n));
	names.forEach((name, n) => {
		const { uri_uuid } = plivo.add('uris', { name, uri: `pbx${n}.example:5060` });
		const { credential_uuid } = plivo.add('credentials', { name, username: `customer${n}` });
		const { trunk_id } = plivo.add('trunks', {
			name: `${name} inbound`,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri_uuid,
		});
		plivo.add('trunks', { name: `${name} outbound`, trunk_direction: 'outbound', credential_uuid });
		const application = routeTo(plivo.authId, 'trunks', String(trunk_id));
		plivo.add('numbers', { number: numbers[n], application });
	});

	const requests: Record<string, number> = {};
	const base = channelTo(plivo);
	const send = async (options: IHttpRequestOptions) => {
		const key = `${options.method ?? 'GET'} ${options.url.slice(base.accountUrl.length)}`;
		requests[key] = (requests[key] ?? 0) + 1;
		return await base.send(options);
	};
	const planned = async (composites: Composite[]): Promise<IDataObject[]> => {
		const channel = { ...base, send, owner: {} };
		return await Promise.all(composites.map(async (composite) => await composite(channel)));
	};
	const options = { planOnly: true };
	const plans = [
		...(await planned(
			names.map((name, n) =>
				provisionInbound({
					name,
					primaryUri: `pbx${n}.example:5060`,
					fallbackUri: '',
					phoneNumbers: numbers[n],
					options,
				}),
			),
		)),
		...(await planned(
			names.map((name) =>
				provisionOutbound({
					name,
					sipAuthentication: 'newCredential',
					username: '',
					password: '',
					credentialId: '',
					ipAddresses: '',
					ipAclId: '',
					options,
				}),
			),
		)),
	];
	expect(plans.filter(({ up_to_date: upToDate }) => !upToDate)).toEqual([]);

	// Pages of 20 overlap by one record; some more tell whether a list stayed the same.
	const pages = (records: number) => Math.ceil(records / 19) + 10;
	const lists = {
		'/Zentrunk/Trunk/': 2 * CUSTOMERS,
		'/Zentrunk/URI/': CUSTOMERS,
		'/Zentrunk/Credential/': CUSTOMERS,
		'/Number/': CUSTOMERS,
	};
	expect(Object.keys(requests).sort()).toEqual(
		Object.keys(lists)
			.map((path) => `GET ${path}`)
			.sort(),
	);
	for (const [path, records] of Object.entries(lists))
		expect(requests[`GET ${path}`]).toBeLessThanOrEqual(pages(records));
});
