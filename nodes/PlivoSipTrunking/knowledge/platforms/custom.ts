import { type Platform, plivoGuide } from './platform';

export const custom: Platform = {
	label: 'your PBX',
	choice: 'Other PBX or Platform',
	note: 'Asterisk, FreeSWITCH, 3CX and the like. Needs its host and transport.',
	guide: plivoGuide('other-platforms'),
	ownHost: {
		shape: /^/,
		remedy: 'Enter the SIP host of your PBX, such as pbx.example.com:5060 or 203.0.113.10.',
	},
	transports: [],
	isPbx: true,
	outbound: 'credential',
	india: {
		advice:
			'Calls of Indian numbers must be handled in India: your PBX has to be there, signaling and media.',
	},
	steps: {
		inbound: [
			'In the firewall, let Plivo’s addresses ({{ranges}}) reach the SIP port and the RTP ports of the PBX, and let the PBX reach their ports 5060 and 5061 and UDP ports 10000 to 30000.',
			'Let the PBX take calls from Plivo without asking for a password, and route {{numbers}} to a phone, queue or agent.',
		],
		outbound: [
			'In the firewall, let the PBX reach {{domain}} at port {{port}}: allow it by host name, not by address.',
			'On the PBX, set up a trunk to {{domain}} with transport {{transport}}, username {{username}} and password {{password}}, without registration.',
			'On the PBX, use {{numbers}} as the caller ID of outgoing calls.',
		],
	},
};
