/** A kind of record of Plivo's SIP Trunking API. */
export interface Kind {
	/** Under the account, ends in `/`. Case-sensitive (live; plivo-cli 1.1.0). */
	readonly path: string;
	/** The field that holds a record's id. */
	readonly idField: string;
	/** What a person calls it. */
	readonly label: string;
	/** The parameter that picks one, as the editor shows it. */
	readonly idLabel: string;
}

/** plivo.com/docs/sip-trunking/api/{trunks,origination-uris,credentials,ip-access-control-lists,calls} */
export const TRUNK: Kind = {
	path: '/Zentrunk/Trunk/',
	idField: 'trunk_id',
	label: 'trunk',
	idLabel: 'Trunk',
};

export const ORIGINATION_URI: Kind = {
	path: '/Zentrunk/URI/',
	idField: 'uri_uuid',
	label: 'origination URI',
	idLabel: 'Origination URI',
};

export const CREDENTIAL: Kind = {
	path: '/Zentrunk/Credential/',
	idField: 'credential_uuid',
	label: 'credential',
	idLabel: 'SIP Credential',
};

export const IP_ACL: Kind = {
	path: '/Zentrunk/IPAccessControlList/',
	idField: 'ipacl_uuid',
	label: 'IP access control list',
	idLabel: 'IP Access Control List',
};

export const CALL: Kind = {
	path: '/Zentrunk/Call/',
	idField: 'call_uuid',
	label: 'call',
	idLabel: 'Call ID',
};

/** plivo.com/docs/numbers/api/account-phone-number */
export const PHONE_NUMBER: Kind = {
	path: '/Number/',
	idField: 'number',
	label: 'phone number',
	idLabel: 'Phone Number',
};

/** The fields of a trunk that refer to other records, and the kind of each. */
export const TRUNK_REFERENCES: ReadonlyArray<{ field: string; kind: Kind }> = [
	{ field: 'credential_uuid', kind: CREDENTIAL },
	{ field: 'ipacl_uuid', kind: IP_ACL },
	{ field: 'primary_uri_uuid', kind: ORIGINATION_URI },
	{ field: 'fallback_uri_uuid', kind: ORIGINATION_URI },
];
