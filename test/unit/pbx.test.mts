import { parseStringPromise } from 'xml2js';

import {
	PBXS,
	pbxConfiguration,
	type PbxType,
} from '../../nodes/PlivoSipTrunking/knowledge/pbx/index.ts';
import { iniValue, slugOf, xmlValue } from '../../nodes/PlivoSipTrunking/knowledge/pbx/escape.ts';
import { type PbxTrunk, PLACEHOLDERS } from '../../nodes/PlivoSipTrunking/knowledge/pbx/trunk.ts';
import { PLIVO_ADDRESSES } from '../../nodes/PlivoSipTrunking/knowledge/plivoAddresses.ts';
import { first, nth, only, there } from '../support/elements.mts';
import fc from '../support/fastCheck.mts';
import { readAsterisk, readForm, rowsOf, sectionOf } from '../support/pbxFiles.mts';

const TYPES = Object.keys(PBXS) as PbxType[];
const ALL_SPECIALS = 'aB3~!@#$%^&*()_+zZ9';

const OUTBOUND = {
	domain: '21784100000000001.zt.plivo.com',
	transport: 'udp',
	secure: false,
	username: 'acmedental',
	password: ALL_SPECIALS,
	callerId: '14155550101',
} as const;
const SECURE = { ...OUTBOUND, transport: 'tls', secure: true } as const;
const TCP = { ...OUTBOUND, transport: 'tcp' } as const;
const INBOUND = { port: 5080, transport: 'udp' } as const;
const TRUNK: PbxTrunk = {
	slug: 'acme',
	numbers: ['14155550101', '14155550102'],
	outbound: OUTBOUND,
	inbound: INBOUND,
};

/** The content of one of the files for a PBX. */
function fileOf(type: PbxType, trunk: PbxTrunk, name: string): string {
	const { files } = pbxConfiguration(type, trunk);
	return there(files.find(({ file }) => file === name)?.content, `the file ${name}`);
}

const password = fc
	.array(fc.constantFrom(...'abcXYZ0189~!@#$%^&*()_+'), { minLength: 5, maxLength: 20 })
	.map((characters) => characters.join(''));

interface Xml {
	'#name': string;
	$?: Record<string, string>;
	/** The elements in it. */
	$$?: Xml[];
}
const xmlOf = async (text: string): Promise<Xml> =>
	only(Object.values((await parseStringPromise(text, ELEMENTS_IN_ORDER)) as Record<string, Xml>));
const ELEMENTS_IN_ORDER = { explicitChildren: true, preserveChildrenOrder: true };
const all = ({ $$: elements = [] }: Xml, tag: string) =>
	elements.filter((element) => element['#name'] === tag);
const attributes = ({ $ = {} }: Xml) => $;

async function gatewayOf(trunk: PbxTrunk) {
	const xml = await xmlOf(fileOf('freeswitch', trunk, 'gateway-acme.xml'));
	const gateway = only(all(xml, 'gateway'));
	const params = all(gateway, 'param').map(attributes);
	return {
		name: attributes(gateway).name,
		params: Object.fromEntries(params.map(({ name, value }) => [name, value])),
		variables: all(only(all(gateway, 'variables')), 'variable').map(attributes),
	};
}

/** What a dialplan's one extension looks at, and what it does. */
async function conditionOf(trunk: PbxTrunk, file: string) {
	const extension = only(all(await xmlOf(fileOf('freeswitch', trunk, file)), 'extension'));
	const condition = only(all(extension, 'condition'));
	return {
		pattern: new RegExp(there(attributes(condition).expression)),
		actions: all(condition, 'action').map(attributes),
	};
}

const pjsipOf = (trunk: PbxTrunk) => readAsterisk(fileOf('asterisk', trunk, 'pjsip-acme.conf'));

const formOf = (type: PbxType, trunk: PbxTrunk, file: string) =>
	readForm(fileOf(type, trunk, file));

describe('a password comes out whole', () => {
	const withPassword = (text: string): PbxTrunk => ({
		...TRUNK,
		outbound: { ...OUTBOUND, password: text },
	});

	it('in pjsip.conf', () => {
		fc.assert(
			fc.property(fc.oneof(password, fc.constant(ALL_SPECIALS)), (text) => {
				const auth = sectionOf(pjsipOf(withPassword(text)), 'acme-auth', 'auth');
				expect(auth.password).toEqual([text]);
			}),
		);
	});

	it('in the XML of FreeSWITCH', async () => {
		await fc.assert(
			fc.asyncProperty(fc.oneof(password, fc.constant(ALL_SPECIALS)), async (text) => {
				expect((await gatewayOf(withPassword(text))).params.password).toBe(text);
			}),
		);
	});

	it.each<[PbxType, string, string, string]>([
		['freepbx', 'freepbx-acme.txt', 'pjsip Settings, General', 'Secret'],
		['fusionpbx', 'fusionpbx-gateway-acme.txt', 'Accounts, Gateways, Add', 'Password'],
		['3cx', '3cx-acme.txt', 'General', 'Authentication Password'],
		['other', 'sip-trunk-acme.txt', 'Outgoing calls', 'Password'],
	])('in the form of %s', (type, file, tab, field) => {
		fc.assert(
			fc.property(fc.oneof(password, fc.constant(ALL_SPECIALS)), (text) => {
				expect(rowsOf(formOf(type, withPassword(text), file), tab, field)).toEqual([text]);
			}),
		);
	});
});

describe('escaping', () => {
	it('takes any text through a configuration file of Asterisk', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				// What a value can't have there: edges, line ends, and a backslash of its own before `;`.
				const value = text
					.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
					.replace(/\\+(?=;)/g, '')
					.trim();
				const section = only(readAsterisk(`[a]\nkey = ${iniValue(value)}`));
				expect(section.values.key).toEqual([value]);
			}),
		);
	});

	it('lets no value begin a line of its own', () => {
		expect(iniValue('x\n[evil]\ntype=endpoint')).toBe('x [evil] type=endpoint');
		expect(xmlValue('"/><param name="x\r\n')).toBe('&quot;/&gt;&lt;param name=&quot;x ');
	});

	it('takes any text through XML', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'ab <>&"\'$;') }), async (text) => {
				const xml = await xmlOf(`<a b="${xmlValue(text)}"/>`);
				expect(attributes(xml)).toEqual({ b: text });
			}),
		);
	});

	it.each([
		['Acme Dental', 'Acme-Dental'],
		['Café Zoë & Söhne', 'Cafe-Zoe-Sohne-000001'],
		['x\n[general]\ntype=evil', 'x-general-type-evil-000001'],
		['"/><gateway name="y', 'gateway-name-y-000001'],
		['../../etc/passwd', 'etc-passwd-000001'],
		['東京', 'plivo-000001'],
		['  ', 'plivo-000001'],
		['Acme-Dental', 'Acme-Dental-000001'],
		['a'.repeat(80), `${'a'.repeat(33)}-000001`],
	])('%j becomes a name that no format takes amiss', (name, slug) => {
		expect(slugOf(name, '21784100000000001')).toBe(slug);
	});

	it('of any name is letters, digits, _ and -', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (name) => {
				expect(slugOf(name, '21784100000000001')).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,39}$/);
			}),
		);
	});
});

describe('Asterisk', () => {
	it('calls out with the login for the digest alone, and never registers', () => {
		const sections = pjsipOf(TRUNK);
		expect(sectionOf(sections, 'acme-auth', 'auth')).toEqual({
			type: ['auth'],
			auth_type: ['userpass'],
			username: ['acmedental'],
			password: [ALL_SPECIALS],
		});
		expect(sectionOf(sections, 'acme-out', 'aor')).toEqual({
			type: ['aor'],
			contact: ['sip:21784100000000001.zt.plivo.com:5060'],
			qualify_frequency: ['60'],
		});
		expect(sectionOf(sections, 'acme-out', 'endpoint')).toEqual({
			type: ['endpoint'],
			aors: ['acme-out'],
			outbound_auth: ['acme-auth'],
			context: ['acme-none'],
			from_domain: ['21784100000000001.zt.plivo.com'],
			disallow: ['all'],
			allow: ['ulaw,alaw'],
			dtmf_mode: ['rfc4733'],
			direct_media: ['no'],
			rtp_symmetric: ['yes'],
			'100rel': ['no'],
		});
		expect(sections.map(({ values }) => values.type?.[0])).not.toContain('registration');
	});

	it('knows Plivo’s calls by all fourteen ranges', () => {
		const sections = pjsipOf(TRUNK);
		const { endpoint, match } = sectionOf(sections, 'acme-in', 'identify');
		expect(endpoint).toEqual(['acme-in']);
		expect(match).toEqual(PLIVO_ADDRESSES);
		expect(match).toHaveLength(14);
		expect(sectionOf(sections, 'acme-in', 'endpoint')).not.toHaveProperty('media_encryption');
	});

	it.each([
		[TCP, 'sip:21784100000000001.zt.plivo.com:5060;transport=tcp', undefined],
		[SECURE, 'sip:21784100000000001.zt.plivo.com:5061;transport=tls', ['sdes']],
	])('over TCP and TLS: %o', (outbound, contact, encryption) => {
		const sections = pjsipOf({ ...TRUNK, outbound });
		expect(sectionOf(sections, 'acme-out', 'aor').contact).toEqual([contact]);
		const endpoint = sectionOf(sections, 'acme-out', 'endpoint');
		expect(endpoint.media_encryption).toEqual(encryption);
		expect(endpoint).not.toHaveProperty('media_encryption_optimistic');
	});

	it('takes calls over TLS with and without SRTP', () => {
		const sections = pjsipOf({ ...TRUNK, inbound: { port: 5061, transport: 'tls' } });
		expect(sectionOf(sections, 'acme-in', 'endpoint')).toMatchObject({
			media_encryption: ['sdes'],
			media_encryption_optimistic: ['yes'],
		});
		expect(sectionOf(sections, 'acme-out', 'endpoint')).not.toHaveProperty('media_encryption');
	});

	it('has a dialplan that takes both spellings and lets no caller dial out', () => {
		const sections = readAsterisk(fileOf('asterisk', TRUNK, 'extensions-acme.conf'));
		const contextOf = (name: string) =>
			only(sections.filter((section) => section.name === name)).values;
		const [incoming, outgoing] = [contextOf('from-plivo'), contextOf('acme-outbound')];
		expect(incoming.exten).toEqual([
			'_+X.,1,Goto(${EXTEN:1},1)',
			'14155550101,1,Dial(PJSIP/YOUR_PHONE,30)',
			'14155550102,1,Dial(PJSIP/YOUR_PHONE,30)',
			'_X.,1,Dial(PJSIP/YOUR_PHONE,30)',
		]);
		expect(JSON.stringify(incoming)).not.toContain('acme-out');
		expect(outgoing.exten?.[0]).toBe('_+X.,1,Set(CALLERID(num)=14155550101)');
		expect(outgoing.same).toContain('n,Dial(PJSIP/${EXTEN}@acme-out,60)');
	});
});

describe('FreeSWITCH', () => {
	it('has a gateway that never registers and shows the caller ID', async () => {
		const { name, params, variables } = await gatewayOf(TRUNK);
		expect(name).toBe('acme');
		expect(params).toEqual({
			username: 'acmedental',
			password: ALL_SPECIALS,
			proxy: '21784100000000001.zt.plivo.com',
			'from-domain': '21784100000000001.zt.plivo.com',
			register: 'false',
			'register-transport': 'udp',
			'caller-id-in-from': 'true',
			ping: '60',
			context: 'public',
		});
		expect(variables).toEqual([
			{ name: 'absolute_codec_string', value: 'PCMU,PCMA', direction: 'outbound' },
		]);
	});

	it('insists on SRTP over TLS', async () => {
		const { params, variables } = await gatewayOf({ ...TRUNK, outbound: SECURE });
		expect(params).toMatchObject({
			proxy: '21784100000000001.zt.plivo.com:5061',
			'register-transport': 'tls',
		});
		expect(variables).toContainEqual({
			name: 'rtp_secure_media',
			value: 'mandatory:AES_CM_128_HMAC_SHA1_80',
			direction: 'outbound',
		});
	});

	it('lets in all fourteen ranges, and takes the numbers in both spellings', async () => {
		const list = await xmlOf(fileOf('freeswitch', TRUNK, 'acl-acme.xml'));
		expect(attributes(list)).toEqual({ name: 'plivo', default: 'deny' });
		expect(all(list, 'node').map((node) => attributes(node).cidr)).toEqual(PLIVO_ADDRESSES);
		const { pattern, actions } = await conditionOf(TRUNK, 'dialplan-in-acme.xml');
		for (const number of ['14155550101', '+14155550101', '+14155550102'])
			expect(pattern.test(number)).toBe(true);
		expect(pattern.test('14155550103')).toBe(false);
		expect(actions.map(({ application }) => application)).toEqual(['transfer']);
	});

	it('dials out with plus sign and country code, and shows a number without', async () => {
		const { pattern, actions } = await conditionOf(TRUNK, 'dialplan-out-acme.xml');
		expect(
			['+442079460100', '00442079460100', '011442079460100'].map((dialed) =>
				dialed.replace(pattern, '+$1'),
			),
		).toEqual(['+442079460100', '+442079460100', '+442079460100']);
		expect(pattern.test('1000')).toBe(false);
		expect(actions.map(({ data }) => data)).toEqual([
			'effective_caller_id_number=14155550101',
			'sofia/gateway/acme/+$1',
		]);
	});

	it.each<[PbxTrunk['inbound'], string[]]>([
		[{ port: 5080, transport: 'udp' }, []],
		[{ port: 5081, transport: 'tls' }, []],
		[{ port: 5060, transport: 'udp' }, [expect.stringContaining('port 5080')]],
		[{ port: 5061, transport: 'tls' }, [expect.stringContaining('port 5081')]],
		[undefined, []],
	])('and FusionPBX take calls on the port of profile external: %o', (inbound, warnings) => {
		const trunk = { ...TRUNK, inbound, outbound: { ...OUTBOUND, password: 'Secret_123' } };
		expect(pbxConfiguration('freeswitch', trunk).warnings).toEqual(warnings);
		expect(pbxConfiguration('fusionpbx', trunk).warnings).toEqual(warnings);
	});
});

describe('forms', () => {
	it('FreePBX: one trunk for both directions without encryption', () => {
		expect(pbxConfiguration('freepbx', TRUNK).files.map(({ file }) => file)).toEqual([
			'freepbx-acme.txt',
			'freepbx-routes-acme.txt',
			'firewall-acme.txt',
		]);
		const form = formOf('freepbx', TRUNK, 'freepbx-acme.txt');
		expect(form['pjsip Settings, General']).toMatchObject({
			Authentication: ['Outbound'],
			Registration: ['None'],
			'SIP Server Port': ['5060'],
		});
		expect(form['pjsip Settings, Advanced']).toMatchObject({
			'DTMF Mode': ['RFC 4733'],
			'Qualify Frequency': ['60'],
			'From User': [''],
			'Match (Permit)': [PLIVO_ADDRESSES.join(',')],
			'Media Encryption': ['None'],
		});
		expect(form['pjsip Settings, Advanced']).not.toHaveProperty('AOR Contact');
		for (const spelling of ['+14155550101', '14155550101'])
			expect(fileOf('freepbx', TRUNK, 'freepbx-routes-acme.txt')).toContain(
				`DID Number: ${spelling}\n`,
			);
	});

	it.each<[string, PbxTrunk, string]>([
		['secure out, plain in', { ...TRUNK, outbound: SECURE }, 'None'],
		[
			'plain out, TLS in',
			{ ...TRUNK, inbound: { port: 5061, transport: 'tls' } },
			'SRTP via in-SDP',
		],
	])('FreePBX: two trunks for %s', (_name, trunk, encryption) => {
		const [advanced, general] = ['pjsip Settings, Advanced', 'pjsip Settings, General'] as const;
		const out = formOf('freepbx', trunk, 'freepbx-acme.txt');
		const taking = formOf('freepbx', trunk, 'freepbx-acme-in.txt');
		expect(rowsOf(out, advanced, 'Match (Permit)')).toEqual(['127.0.0.1']);
		expect(rowsOf(taking, general, 'Authentication')).toEqual(['None']);
		expect(taking[advanced]).toMatchObject({
			'Match (Permit)': [PLIVO_ADDRESSES.join(',')],
			'Media Encryption': [encryption],
		});
	});

	it('FreePBX: the contact names TCP and TLS, with the backslash of the file', () => {
		const form = formOf('freepbx', { ...TRUNK, outbound: TCP }, 'freepbx-acme.txt');
		expect(rowsOf(form, 'pjsip Settings, Advanced', 'AOR Contact')).toEqual([
			'sip:21784100000000001.zt.plivo.com:5060\\;transport=tcp',
		]);
	});

	it('FusionPBX: no registration, the caller ID in From, and a warning of $ and &', () => {
		const { files, warnings } = pbxConfiguration('fusionpbx', TRUNK);
		const form = readForm(first(files).content);
		expect(form['Accounts, Gateways, Add']).toMatchObject({
			Register: ['False'],
			'From User': [''],
		});
		expect(form.Advanced).toMatchObject({ 'Caller ID In From': ['True'], Ping: ['60'] });
		expect(warnings).toEqual([
			expect.stringContaining('has a $'),
			expect.stringContaining('has an &'),
		]);
		for (const range of PLIVO_ADDRESSES)
			expect(nth(files, 1).content).toContain(`CIDR: ${range}\n`);
	});

	it('3CX: IP based, the caller ID as From user, each number twice', () => {
		const form = formOf('3cx', TRUNK, '3cx-acme.txt');
		expect(rowsOf(form, 'General', 'Type of Authentication')).toEqual([
			'Do not require – IP Based',
		]);
		expect(form['Outbound Parameters']).toEqual({
			'From, User Part': ['OutboundCallerId'],
			'Caller ID': ['14155550101'],
		});
		expect(rowsOf(form, 'DIDs', 'DID')).toEqual([
			'+14155550101',
			'14155550101',
			'+14155550102',
			'14155550102',
		]);
	});
});

describe.each(TYPES)('each PBX: %s', (type) => {
	const texts = (trunk: PbxTrunk) =>
		pbxConfiguration(type, trunk).files.map(({ content }) => content);

	it('says where its facts are from and when they were checked', () => {
		expect(PBXS[type].sources.length).toBeGreaterThan(0);
		expect(PBXS[type].checked).toMatch(/^20\d\d-\d\d$/);
	});

	it('names its files by the trunk, none twice', () => {
		const names = pbxConfiguration(type, TRUNK).files.map(({ file }) => file);
		expect(new Set(names).size).toBe(names.length);
		for (const name of names) expect(name).toMatch(/^[\w.-]*acme[\w-]*\.\w+$/);
	});

	it('has the firewall’s list', () => {
		const firewall = texts(TRUNK).at(-1);
		for (const range of PLIVO_ADDRESSES) expect(firewall).toContain(`\n${range}\n`);
		expect(firewall).toContain('UDP port 5080 of the PBX');
		expect(firewall).toContain('UDP ports 10000 to 30000');
		// Calls out go to the domain, whose address need not be in a range.
		expect(firewall).toContain(`Let out, to ${OUTBOUND.domain}`);
		expect(texts({ ...TRUNK, outbound: undefined }).at(-1)).not.toContain('zt.plivo.com');
	});

	it('of calls in alone has no login, of calls out alone no way in', () => {
		const inbound = texts({ slug: 'acme', numbers: TRUNK.numbers, inbound: INBOUND }).join('\n');
		expect(inbound).not.toContain(OUTBOUND.username);
		expect(inbound).not.toContain('zt.plivo.com');
		const outbound = texts({ slug: 'acme', numbers: [], outbound: OUTBOUND }).join('\n');
		expect(outbound).toContain(OUTBOUND.domain);
		expect(outbound).not.toContain('5080');
	});

	it.each([
		{ ...TRUNK, outbound: SECURE, inbound: { port: 5061, transport: 'tls' } },
		{ slug: 'acme', numbers: [], inbound: { port: 5061, transport: 'tls' } },
		{ slug: 'acme', numbers: [], outbound: TCP },
	] as PbxTrunk[])('has every value: %#', (trunk) => {
		for (const content of texts(trunk)) expect(content).not.toMatch(/undefined|null|\[object|NaN/);
	});

	it('names what nobody knows, and says so', () => {
		const { files, warnings } = pbxConfiguration(type, {
			...TRUNK,
			numbers: [],
			outbound: {
				...OUTBOUND,
				password: PLACEHOLDERS.password,
				callerId: PLACEHOLDERS.callerId,
			},
		});
		const all = files.map(({ content }) => content).join('\n');
		for (const placeholder of [PLACEHOLDERS.password, PLACEHOLDERS.callerId]) {
			expect(all).toContain(placeholder);
			expect(warnings.join('\n')).toContain(placeholder);
		}
	});
});
