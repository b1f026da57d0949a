import { checkedAddresses, addressWarnings } from '../input/ipAddress';
import { checkedName } from '../input/name';
import { type AccountRecord, type Kind, plainKind, texts } from './kind';

/** plivo.com/docs/sip-trunking/api/ip-access-control-lists */
export interface IpAccessControlList extends AccountRecord {
	readonly ipacl_uuid: string;
}

export const IP_ACL: Kind<IpAccessControlList> = {
	...plainKind,
	path: '/Zentrunk/IPAccessControlList/',
	idField: 'ipacl_uuid',
	idKind: 'ipAccessControlList',
	parse: texts('ipacl_uuid', 'name'),
	label: 'IP access control list',
	idLabel: 'IP Access Control List',
	fields: {
		name: { label: 'Name', check: checkedName },
		ip_addresses: { label: 'IP Addresses', check: checkedAddresses },
	},
	warningsAbout: ({ ip_addresses: addresses }) =>
		Array.isArray(addresses) ? addressWarnings(addresses.map(String)) : [],
};
